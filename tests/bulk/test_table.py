"""Tables: a vendor gets for a million rows what a clerk gets for one, or is told why not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

pytest.importorskip("pyarrow", reason="the extra bulk is not installed")

import pyarrow as pa

import socialins as si
from socialins.bulk.computing import Target
from socialins.bulk.limits import MAX_WAGE_FEN, Refused
from socialins.bulk.table import settle_table
from socialins.bulk.terms import TableError
from socialins.settlement import OperandMissing
from socialins.testing.middle import middle

ByRoster = Callable[..., list[dict[str, int | None]]]
MONTH = "2026-11"
TARGETS: tuple[Target, ...] = ("auto", "array", "function", "reference")
KNOWN = {"injury_rate": ["0.2%"]}


def account(**changes: Any) -> si.UnitAccount:
    terms = si.InjuryTerms(si.MonthSpan("2010-01"), rate=si.Rate("0.4%"))
    return si.UnitAccount(**{"unit": si.Unit("某公司"), "injury": (terms,), **changes})


def settle(columns: dict[str, Any] | pa.Table, month: str = MONTH, **options: Any) -> pa.Table:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    settled = middle().settle_table(table, month, **options)
    settled.validate(full=True)
    return settled


def figures(settled: pa.Table) -> list[dict[str, int]]:
    return [
        {name: fen for name, fen in row.items() if name.endswith("_fen")}
        for row in settled.to_pylist()
    ]


people = st.fixed_dictionaries(
    {"wage_fen": st.integers(0, 4_000_000)},
    optional={
        "household": st.none() | st.sampled_from([one.value for one in si.Household]),
        "employment": st.none() | st.sampled_from([one.value for one in si.Employment]),
        "insurances": st.none()
        | st.lists(
            st.sampled_from(["pension", "medical", "unemployment", "injury", "long-term-care"]),
            min_size=1,
            unique=True,
        ).map(",".join),
        "injury_rate": st.none() | st.sampled_from(["0.2%", "1.9%", "0.0017"]),
    },
)


@settings(max_examples=60)
@given(
    rows=st.lists(people, min_size=1, max_size=8),
    month=st.sampled_from(["2024-08", "2025-03", "2025-11", "2026-01", "2026-11", "2028-07"]),
    options=st.fixed_dictionaries(
        {
            "strict": st.booleans(),
            "account": st.sampled_from(
                [account(), account(insurances=frozenset({"pension", "injury"}))]
            ),
        }
    ),
    target=st.sampled_from(TARGETS),
)
def test_a_table_has_what_a_roster_of_the_same_rows_comes_to(
    rows: list[dict[str, Any]],
    month: str,
    options: dict[str, Any],
    target: Target,
    by_roster: ByRoster,
) -> None:
    columns = {
        name: [row.get(name) for row in rows] for name in {key for row in rows for key in row}
    }
    types = {"wage_fen": pa.int64()}
    table = pa.table(
        {name: pa.array(one, types.get(name, pa.string())) for name, one in columns.items()}
    )
    try:
        by_roster(middle(), rows, month, names=[], **options)
    except si.RuleUnknown as error:
        unknown = {fault.words("en")["insurance_id"] for fault in error.all}
        with pytest.raises(si.RuleUnknown) as stopped:
            settle(table, month, target=target, **options)
        assert stopped.value.insurance in unknown
        return
    settled = settle(table, month, target=target, **options)
    names = [name for name in settled.column_names if name.endswith("_fen")]
    expected = by_roster(middle(), rows, month, names=names, **options)
    assert figures(settled) == expected
    for row, line in zip(settled.to_pylist(), expected, strict=True):
        assert (row["fault"] == "rules.unknown") is (None in line.values())


ROWS = {
    "unit_id": ["A", "A", "B", "B", "B"],
    "note": [1.5, None, 2.5, 3.5, 4.5],
    "wage_fen": [800_040, 300_000, 9_000_000, 0, 1_234_567],
    "household": ["urban-local", "外埠农村", None, "foreign", "rural-local"],
    "employment": ["full-time", "part-time", None, "全日制", "full-time"],
    "injury_rate": ["0.2%", "0.002", "1.9%", "0.7%", "1/3"],
}


def test_all_targets_give_the_same_table_in_every_size() -> None:
    for copies in (1, 40):
        columns = {name: values * copies for name, values in ROWS.items()}
        tables = [settle(columns, target=target) for target in TARGETS]
        assert all(table.equals(tables[0], check_metadata=True) for table in tables)
        narrow = settle(columns, fen="int32")
        assert narrow.schema.field("pension_base_fen").type == pa.int32()
        assert narrow.to_pylist() == tables[0].to_pylist()


def test_keys_come_back_as_they_were_and_what_was_read_does_not() -> None:
    settled = settle(ROWS)
    assert settled.column_names[:3] == ["unit_id", "note", "pension_base_fen"]
    assert settled["unit_id"].to_pylist() == ROWS["unit_id"]
    assert settled["note"].to_pylist() == ROWS["note"]
    assert settled.column_names[-3:] == ["unit_total_fen", "person_total_fen", "fault"]
    assert "wage_fen" not in settled.column_names
    assert settled.schema.metadata[b"socialins.division"] == b"990100"
    assert settled.schema.metadata[b"socialins.month"] == b"2026-11"


def test_the_columns_hang_on_the_month_and_not_on_who_is_in_the_table() -> None:
    part_timer = {"wage_fen": [500_000], "employment": ["part-time"], **KNOWN}
    full_timer = {"wage_fen": [500_000], "employment": ["full-time"], **KNOWN}
    one, other = settle(part_timer), settle(full_timer)
    assert one.schema == other.schema
    assert one["pension_base_fen"].to_pylist() == [0], "not owed is zero, and known"
    assert one["injury_unit_fen"].to_pylist() == [1000]


FAULTY: list[tuple[str, dict[str, Any], str]] = [
    ("wage_fen", {}, "bulk.wage-missing"),
    ("wage_fen", {"wage_fen": -1}, "bulk.wage-negative"),
    ("wage_fen", {"wage_fen": MAX_WAGE_FEN + 1}, "bulk.wage-too-large"),
    ("wage_fen", {"wage_fen": 2**63 - 1}, "bulk.wage-too-large"),
    ("wage_fen", {"wage_fen": 5, "household": "火星"}, "bulk.household-unreadable"),
    ("wage_fen", {"wage_fen": 5, "employment": "x"}, "bulk.employment-unreadable"),
    ("wage_fen", {"wage_fen": 5, "account_type": "x"}, "bulk.account-type-unreadable"),
    ("wage_fen", {"wage_fen": 5, "unit_size": "x"}, "bulk.unit-size-unreadable"),
    ("wage_fen", {"wage_fen": 5, "trade": "no-such-trade"}, "settle.trade-unheard"),
    ("wage_fen", {"wage_fen": 5, "insurances": "pension,年金"}, "settle.insurance-unheard"),
    ("wage_fen", {"wage_fen": 5, "injury_rate": "two"}, "bulk.injury-rate-unreadable"),
    ("wage_fen", {"wage_fen": 5, "injury_rate": "101%"}, "bulk.injury-rate-unreadable"),
    ("wage_fen", {"wage_fen": 5, "injury_rate": "-1%"}, "bulk.injury-rate-unreadable"),
    ("wage_fen", {"wage_fen": 5, "injury_rate": "1/0"}, "bulk.injury-rate-unreadable"),
    ("wage", {}, "bulk.wage-missing"),
    ("wage", {"wage": Decimal("-0.01")}, "bulk.wage-negative"),
    ("wage", {"wage": Decimal("0.005")}, "bulk.wage-part-of-fen"),
    ("wage", {"wage": Decimal("100000000.01")}, "bulk.wage-too-large"),
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("wage", "bad", "code"), FAULTY)
def test_a_bad_value_is_its_row_s_fault_and_harms_no_other(
    wage: str, bad: dict[str, Any], code: str, target: Target
) -> None:
    good = {"wage_fen": 800_000, "wage": Decimal("8000.000"), "injury_rate": "0.2%"}
    names = list(dict.fromkeys([wage, "injury_rate", *bad]))
    rows = [
        {name: row.get(name) for name in names}
        for row in (good, {"injury_rate": "0.2%", **bad}, good)
    ]
    kind = {"wage_fen": pa.int64(), "wage": pa.decimal128(20, 3)}
    table = pa.table(
        {name: pa.array([row[name] for row in rows], kind.get(name, pa.string())) for name in names}
    )
    settled = settle(table, target=target, account=account())
    first, faulty, last = settled.to_pylist()
    assert faulty.pop("fault") == code
    assert {fen for name, fen in faulty.items() if name.endswith("_fen")} == {None}
    assert first == last
    assert first["fault"] is None
    assert first["pension_unit_fen"] == 128_000
    assert si.Fault(code).remedies("zh")


def test_a_row_has_all_its_faults() -> None:
    bad = {"wage_fen": [-5], "household": ["x"], "injury_rate": ["?"]}
    (row,) = settle(bad).to_pylist()
    assert row["fault"] == (
        "bulk.wage-negative;bulk.household-unreadable;bulk.injury-rate-unreadable"
    )


def test_a_bad_row_s_class_needs_no_rule() -> None:
    # Medical of residents is not known in 2025, but of those from elsewhere it is.
    both = {
        "wage_fen": [800_000, None],
        "household": ["urban-outside", "urban-local"],
        "injury_rate": ["0.2%", "0.2%"],
    }
    assert settle(both, "2025-11")["fault"].to_pylist() == [None, "bulk.wage-missing"]


yuan = st.integers(-(10**13), 10**13) | st.integers(-300, 10**9) | st.just(MAX_WAGE_FEN)


@given(st.lists(st.none() | yuan, max_size=8), st.integers(0, 12))
def test_yuan_of_any_scale_are_read_exactly(fen: list[int | None], scale: int) -> None:
    exact = [None if one is None else Decimal(one).scaleb(-2) for one in fen]
    texts = [
        None if one is None else one.quantize(Decimal(1).scaleb(-scale)) if scale >= 2 else one
        for one in exact
    ]
    kept = [one for one in texts if one is None or one == one.quantize(Decimal(1).scaleb(-scale))]
    column = pa.array(kept, pa.decimal128(38, scale))
    settled = settle({"wage": column, "injury_rate": ["0.2%"] * len(kept)})
    as_fen = [None if one is None else int(one * 100) for one in kept]
    whole = settle({"wage_fen": pa.array(as_fen, pa.int64()), "injury_rate": ["0.2%"] * len(kept)})
    assert settled.equals(whole)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([Decimal("5000.01"), None, Decimal("1E+3")], pa.decimal128(10, 2)),
        pa.array([Decimal("5000.01"), None, Decimal("1E+3")], pa.decimal256(60, 20)),
        pa.array([Decimal("5000.01"), None, Decimal("1E+3")], pa.decimal128(38, 15)),
        pa.chunked_array([[Decimal("7.00"), Decimal("5000.01"), None, Decimal("1000.00")]]).slice(
            1
        ),
    ],
)
def test_decimals_of_any_width_and_offset_are_read(column: pa.Array) -> None:
    settled = settle({"wage": column}, account=account())
    whole = settle({"wage_fen": [500_001, None, 100_000]}, account=account())
    assert settled.equals(whole)


def test_narrow_integers_dictionaries_nulls_and_slices_are_read() -> None:
    plain = settle(ROWS)
    table = pa.table(ROWS)
    coded = pa.table(
        {
            "unit_id": table["unit_id"],
            "note": table["note"],
            "wage_fen": table["wage_fen"].cast(pa.int32()),
            "household": table["household"].dictionary_encode(),
            "employment": table["employment"].cast(pa.large_string()),
            "injury_rate": pa.DictionaryArray.from_arrays(
                pa.array([1, 2, 3, 4, 5], pa.int8()),
                pa.array(["not read", "0.2%", "0.002", "1.9%", "0.7%", "1/3"]),
            ),
        }
    )
    assert settle(coded).equals(plain), "a word of the dictionary that no row has is no fault"
    twice = pa.concat_tables([table, table])
    assert settle(twice.slice(2, 5)).to_pylist() == [
        *plain.slice(2).to_pylist(),
        *plain.slice(0, 2).to_pylist(),
    ]
    nothing = pa.table({**ROWS, "household": pa.nulls(5)})
    assert settle(nothing).num_rows == 5


def test_an_empty_table_has_all_columns_and_no_rows() -> None:
    empty = pa.table(ROWS).slice(0, 0)
    settled = settle(empty)
    assert settled.num_rows == 0
    assert settled.schema == settle(ROWS).schema
    (batch,) = [
        middle().settle_table(
            empty.to_batches()[0]
            if empty.to_batches()
            else pa.RecordBatch.from_pylist([], empty.schema),
            MONTH,
        )
    ]
    assert batch.schema == settled.schema


def test_each_kind_of_source_comes_back_as_its_kind() -> None:
    table, expected = pa.table(ROWS), settle(ROWS)
    batch = middle().settle_table(table.to_batches()[0], MONTH)
    assert isinstance(batch, pa.RecordBatch)
    assert pa.Table.from_batches([batch]).equals(expected)
    reader = middle().settle_table(table.to_reader(max_chunksize=2), MONTH)
    assert isinstance(reader, pa.RecordBatchReader)
    assert reader.schema == expected.schema
    assert reader.read_all().equals(expected)

    class Exporter:
        """What other libraries' frames are: something that exports an Arrow stream."""

        def __arrow_c_stream__(self, requested: object = None) -> object:
            return table.__arrow_c_stream__(requested)

    assert middle().settle_table(Exporter(), MONTH).read_all().equals(expected)


def test_a_stream_is_settled_as_it_is_read_and_not_before() -> None:
    asked = []

    def rows() -> Any:
        for number in range(3):
            asked.append(number)
            yield pa.table({**ROWS}).to_batches()[0]

    source = pa.RecordBatchReader.from_batches(pa.table(ROWS).schema, rows())
    reader = middle().settle_table(source, MONTH)
    assert asked == []
    assert reader.read_next_batch().num_rows == 5
    assert len(asked) < 3
    assert reader.read_all().num_rows == 10


def test_progress_counts_rows() -> None:
    counted: list[int] = []
    settle(
        {name: values * 10 for name, values in ROWS.items()}, progress=counted.append, batch_rows=20
    )
    assert counted == [20, 40, 50]


def test_strict_settling_stops_at_what_is_not_known() -> None:
    everybody = {"wage_fen": [800_000], **KNOWN}
    with pytest.raises(si.RuleUnknown) as stopped:
        settle(everybody, "2025-11")
    assert stopped.value.insurance == "medical"
    assert len(stopped.value.all) == 2, "every gap once"
    carried = settle(everybody, "2025-11", strict=False).to_pylist()[0]
    assert (carried["fault"], carried["medical_base_fen"]) == (None, 800_000)
    lenient = settle(everybody, "2028-07", strict=False).to_pylist()[0]
    assert lenient["fault"] == "rules.unknown"
    assert [lenient[f"pension_{part}_fen"] for part in ("base", "unit", "person")] == [None] * 3
    assert lenient["medical_unit_fen"] == 64_000
    assert lenient["unit_total_fen"] == 64_000 + 1_200
    assert lenient["person_total_fen"] == 16_000 + 2_100


def test_what_was_announced_later_is_not_used_when_asked_not_to() -> None:
    low = {"wage_fen": [100_000], **KNOWN}
    before = settle(low, known_on=date(2026, 8, 1))["pension_base_fen"].to_pylist()
    assert before == [430_000]
    assert settle(low)["pension_base_fen"].to_pylist() == [431_000]


def test_a_rate_that_nobody_gives_stops_and_one_that_a_row_lacks_is_its_fault() -> None:
    with pytest.raises(OperandMissing):
        settle({"wage_fen": [800_000]})
    given = {"wage_fen": [800_000, 800_000], "injury_rate": ["0.2%", None]}
    settled = settle(given)
    assert settled["fault"].to_pylist() == [None, "settle.injury-rate-missing"]
    assert settled["unit_total_fen"].to_pylist()[1] is None
    lenient = settle(given, strict=False).to_pylist()[1]
    assert lenient["fault"] == "settle.injury-rate-missing"
    assert lenient["injury_unit_fen"] is None
    assert lenient["pension_unit_fen"] == 128_000
    assert settle(given, account=account())["injury_unit_fen"].to_pylist() == [1_600, 3_200]
    nobody = {"wage_fen": [800_000, 900_000], "injury_rate": pa.nulls(2, pa.string())}
    assert settle(nobody)["fault"].to_pylist() == ["settle.injury-rate-missing"] * 2


def test_an_account_s_class_makes_the_rate_of_rows_that_state_none() -> None:
    classed = account(injury=(si.InjuryTerms(si.MonthSpan("2010-01"), risk_class=2, band="150%"),))
    rows = {"wage_fen": [1_000_000, 1_000_000], "injury_rate": [None, "1%"]}
    assert settle(rows, account=classed)["injury_unit_fen"].to_pylist() == [6_000, 10_000]


def test_an_account_that_speaks_of_what_the_region_has_not_is_refused() -> None:
    with pytest.raises(TableError, match="no insurance 'annuity'"):
        settle({"wage_fen": [5]}, account=account(insurances=frozenset({"annuity"})))
    with pytest.raises(TableError, match="no trade 'catring'"):
        settle({"wage_fen": [5]}, account=account(unit=si.Unit("某公司", trade="catring")))


def test_rates_without_a_common_denominator_are_exact_all_the_same() -> None:
    # Eight primes: their product with a base is beyond 64 bits, each by itself is not.
    primes = (9973, 9967, 9949, 9941, 9931, 9929, 9923, 9907)
    rates = [f"1/{prime}" for prime in primes]
    rows = {"wage_fen": [1_000_000 + row for row in range(800)], "injury_rate": rates * 100}
    assert settle(rows, target="array").equals(settle(rows, target="reference"))
    fine = {"wage_fen": [1_000_000] * 200, "injury_rate": ["0." + "0" * 19 + "1", "0.2%"] * 100}
    assert settle(fine).equals(settle(fine, target="reference"))
    with pytest.raises(Refused):
        settle(fine, target="array")


@pytest.mark.parametrize("rows", [1, 5_000])
@pytest.mark.parametrize("target", TARGETS)
def test_whether_int32_holds_everything_hangs_on_the_rules_and_not_on_the_rows(
    rows: int, target: Target
) -> None:
    overlay = {
        "sources": {"own": {"title": "测算", "seen": "made up for tests"}},
        "fixed": [
            {
                "insurance": "pension",
                "payer": "unit",
                "values": [
                    {"from": "2010-01", "amount": "30000000", "sources": ["own"], "mark": "C"}
                ],
            }
        ],
    }
    people = {"wage_fen": [800_000] * rows, "injury_rate": ["0.2%"] * rows}
    with pytest.raises(Refused, match="pension"):
        settle(people, overlay=overlay, target=target, fen="int32")
    wide = settle(people, overlay=overlay, target=target)
    assert wide["pension_unit_fen"][0].as_py() == 3_000_128_000


def test_threads_settle_tables_of_one_kind_side_by_side() -> None:
    tables = [
        pa.table({"wage_fen": [fen] * 40_000, "injury_rate": ["0.2%", "1.9%"] * 20_000})
        for fen in (500_000, 800_000, 1_200_000, 1_500_000)
    ]
    alone = [settle(table) for table in tables]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            assert all(map(pa.Table.equals, threads.map(settle, tables), alone))


def test_a_column_that_can_t_be_read_is_refused_by_name() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"salary": [5]}, "salary"),
        ({"wage_fen": [5], "wage": [Decimal("5.00")]}, "wage_fen, wage"),
        ({"wage_fen": [5.0]}, "double"),
        ({"wage": [5.0]}, "decimal128"),
        ({"wage": [5]}, "decimal128"),
        ({"wage_fen": pa.array([5], pa.uint64())}, "uint64"),
        ({"wage_fen": [5], "household": [1]}, "household"),
        ({"wage_fen": [5], "injury_rate": [0.002]}, "injury_rate"),
        ({"wage_fen": [5], "fault": ["x"]}, "already has a column fault"),
        ({"wage_fen": [5], "pension_base_fen": [1]}, "pension_base_fen"),
    ]
    for columns, named in cases:
        with pytest.raises(TableError, match=named):
            settle(columns)
    with pytest.raises(TableError, match=r"builtins\.list can't be read as a table"):
        settle_table(middle().cascade, [1, 2], MONTH)


def test_part_of_an_insurance_that_is_not_known_leaves_the_rest_of_it() -> None:
    overlay = {
        "sources": {"own": {"title": "测算", "seen": "made up for tests"}},
        "rates": [
            {
                "insurance": "medical",
                "payer": "unit",
                "values": [{"from": "2027-01", "rate": "7%", "sources": ["own"], "mark": "C"}],
            }
        ],
    }
    row = settle({"wage_fen": [800_000], **KNOWN}, overlay=overlay, strict=False).to_pylist()[0]
    assert row["medical_unit_fen"] is None
    assert (row["medical_base_fen"], row["medical_person_fen"]) == (800_000, 18_200)
    assert row["fault"] == "rules.unknown"
