"""Units: a total that loses a row, or a gap that nobody charges, is found by the auditor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

pytest.importorskip("pyarrow", reason="the extra bulk is not installed")

import pyarrow as pa

import socialins as si
from socialins.bulk.table import settle_table
from socialins.bulk.terms import TableError
from socialins.bulk.units import UnitTotals
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.testing.middle import middle

Make = Callable[..., Cascade]
MONTH = si.Month(2026, 11)
CITED = 'sources = ["s"], mark = "A"'


def rules(basis: str) -> str:
    """Medical insurance of which the unit's share rests on a basis, and injury by the account's."""
    return f"""
[[bounds]]
insurances = ["medical", "injury"]
values = [{{ from = "2020-01", floor = "4000", cap = "20000", {CITED} }}]
[[rates]]
insurance = "medical"
payer = "unit"
values = [{{ from = "2020-01", rate = "7.77%", {CITED} }}]
[[rates]]
insurance = "medical"
payer = "person"
who = {{ household = ["foreign"] }}
values = [{{ from = "2020-01", rate = "1%", {CITED} }}]
[[rates]]
insurance = "medical"
payer = "person"
values = [{{ from = "2020-01", rate = "2%", {CITED} }}]
[[fixed]]
insurance = "medical"
payer = "unit"
values = [{{ from = "2020-01", amount = "5", {CITED} }}]
[[rates]]
insurance = "injury"
payer = "unit"
values = [{{ from = "2020-01", operand = "injury-rate", {CITED} }}]
[[unit_base]]
insurances = ["medical", "injury"]
values = [{{ from = "2020-01", basis = "{basis}", {CITED} }}]
"""


rows = st.fixed_dictionaries(
    {
        "unit_id": st.sampled_from(["A", "B", "C", None]),
        "wage_fen": st.integers(0, 3_000_000),
        "household": st.sampled_from(["urban-local", "foreign"]),
        "injury_rate": st.sampled_from(["0.2%", "0.37%"]),
    }
)
SCHEMA = pa.schema(
    [
        ("unit_id", pa.string()),
        ("wage_fen", pa.int64()),
        ("household", pa.string()),
        ("injury_rate", pa.string()),
    ]
)


@pytest.mark.parametrize("basis", ["persons", "sum-of-bases", "total-wages", "larger"])
@settings(max_examples=25)
@given(
    listed=st.lists(rows, min_size=1, max_size=12),
    total=st.none() | st.integers(0, 9_000_000),
    batch_rows=st.sampled_from([1, 3, 100]),
)
def test_a_unit_s_totals_are_those_of_its_roster_wherever_its_rows_lie(
    cascade_of: Make,
    basis: str,
    listed: list[dict[str, Any]],
    total: int | None,
    batch_rows: int,
) -> None:
    cascade = cascade_of(rules(basis))
    given_totals = {} if total is None else dict.fromkeys(("A", "B", "C", None), total)
    units = UnitTotals(total_wages=given_totals)
    table = pa.Table.from_pylist(listed, SCHEMA)
    settle_table(cascade, table, MONTH, units=units, batch_rows=batch_rows)
    found = units.table().to_pylist()
    assert [one["unit_id"] for one in found] == list(dict.fromkeys(r["unit_id"] for r in listed))
    for one in found:
        mine = [row for row in listed if row["unit_id"] == one["unit_id"]]
        bill = settle_roster(cascade, roster(mine, total), strict=False)
        assert one["persons"] == len(mine)
        assert one["faulty_rows"] == 0
        assert one["unit_total_fen"] == bill.unit_total.fen
        assert one["person_total_fen"] == bill.person_total.fen
        gaps = [gap for gap in bill.contributions if gap.person is None]
        for insurance in ("medical", "injury"):
            owed = [gap.amount.fen for gap in gaps if gap.insurance == insurance]
            lost = [gap for gap in bill.unsettled if gap.insurance == insurance]
            expected = None if lost else sum(owed)
            assert one.get(f"{insurance}_gap_fen", 0) == expected
        assert set((one["fault"] or "").split(";")) - {""} == {
            gap.fault.code for gap in bill.unsettled
        }


def roster(mine: list[dict[str, Any]], total: int | None) -> si.Roster:
    entries = [
        si.RosterEntry(
            si.InsuredPerson("甲", si.IdDocument("passport", f"E{10_000_000 + number}")),
            si.DeclaredWage(si.Money(row["wage_fen"])),
            household=si.Household(row["household"]),
            injury_rate=row["injury_rate"],
        )
        for number, row in enumerate(mine)
    ]
    return si.Roster(MONTH, entries, total_wages=None if total is None else si.Money(total))


PEOPLE = {
    "unit_id": ["A", "B", "A", "B", "A"],
    "wage_fen": [800_000, 900_000, None, 1_000_000, -1],
    "injury_rate": ["0.2%"] * 5,
}


def test_sums_are_of_what_was_settled_and_faulty_rows_are_counted() -> None:
    units = UnitTotals()
    settled = middle().settle_table(pa.table(PEOPLE), "2026-11", units=units)
    first, second = units.table().to_pylist()
    assert (first["unit_id"], first["persons"], first["faulty_rows"]) == ("A", 1, 2)
    assert (second["unit_id"], second["persons"], second["faulty_rows"]) == ("B", 2, 0)
    assert second["pension_base_fen"] == 1_900_000
    for name in settled.column_names:
        if name.endswith("_fen"):
            whole = sum(fen or 0 for fen in settled[name].to_pylist())
            assert first[name] + second[name] == whole
    assert first["fault"] is None, "a row's fault is not the unit's"


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.int64()])
@pytest.mark.parametrize("fen", ["int64", "int32"])
def test_units_whose_rows_lie_together_come_to_what_they_do_when_scattered(
    kind: pa.DataType, fen: str
) -> None:
    names = [3, None, 1, 3, 2]
    lengths = [700, 400, 30_000, 11, 40_000]
    listed = [name for name, length in zip(names, lengths, strict=True) for _ in range(length)]
    # Rows that begin together and are scattered afterwards, as well as wholly the one or the other.
    ways = {
        "together": list(range(len(listed))),
        "apart": list(range(0, len(listed), 2)) + list(range(1, len(listed), 2)),
        "at first": [*range(2_000), *reversed(range(2_000, len(listed)))],
        "scattered": [number * 997 % len(listed) for number in range(len(listed))],
    }
    assert all(sorted(order) == list(range(len(listed))) for order in ways.values())
    wages = [300_000 + 7 * number for number in range(len(listed))]
    ids = pa.array(listed, pa.int64()).cast(kind)
    people = pa.table({"unit_id": ids, "wage_fen": wages, "injury_rate": ["0.2%"] * len(listed)})
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for way, order in ways.items():
        units = UnitTotals()
        mixed = people.take(pa.array(order))
        settled = middle().settle_table(mixed, "2026-11", units=units, fen=fen, batch_rows=50_000)
        rows = units.table().to_pylist()
        assert [row["unit_id"] for row in rows] == list(dict.fromkeys(mixed["unit_id"].to_pylist()))
        found[way] = {row["unit_id"]: row for row in rows}
        sums = settled.group_by("unit_id").aggregate([("unit_total_fen", "sum")]).to_pylist()
        assert {one["unit_id"]: one["unit_total_fen_sum"] for one in sums} == {
            unit: row["unit_total_fen"] for unit, row in found[way].items()
        }
    assert found["together"] == found["apart"] == found["at first"] == found["scattered"]


@pytest.mark.parametrize(
    "unit_ids",
    [
        pa.array([7, 8, 7, 8, 7]),
        pa.array(["A", "B", "A", "B", "A"]).dictionary_encode(),
        pa.array(["A", "B", "A", "B", "A"], pa.large_string()),
    ],
)
def test_units_may_be_numbers_or_dictionaries(unit_ids: pa.Array) -> None:
    units = UnitTotals("employer")
    middle().settle_table(
        pa.table({**PEOPLE, "employer": unit_ids}), "2026-11", units=units, fen="int32"
    )
    assert units.table()["employer"].to_pylist() == unit_ids.unique().to_pylist()
    assert units.table()["persons"].to_pylist() == [1, 2]


def test_a_table_without_units_is_one() -> None:
    units = UnitTotals()
    middle().settle_table(
        pa.table({"wage_fen": [1, 2], "injury_rate": ["0.2%"] * 2}), "2026-11", units=units
    )
    (one,) = units.table().to_pylist()
    assert (one["unit_id"], one["persons"]) == (None, 2)
    empty = UnitTotals()
    middle().settle_table(pa.table(PEOPLE).slice(0, 0), "2026-11", units=empty)
    assert empty.table().num_rows == 0
    assert "pension_unit_fen" in empty.table().column_names


def test_totals_of_different_tables_are_not_thrown_together() -> None:
    units = UnitTotals()
    middle().settle_table(pa.table(PEOPLE), "2026-11", units=units)
    with pytest.raises(TableError, match="different columns"):
        middle().settle_table(pa.table({**PEOPLE, "unit_id": [1] * 5}), "2026-11", units=units)
    with pytest.raises(TableError, match="unit_id is of type double"):
        middle().settle_table(
            pa.table({**PEOPLE, "unit_id": [1.5] * 5}), "2026-11", units=UnitTotals()
        )
