"""DuckDB over Parquet: another result than the table's would be wrong for somebody."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from socialins.facade import Region, regions
from socialins.model import Unit, UnitAccount
from socialins.model.unit import InjuryTerms
from socialins.rules import RuleUnknown
from socialins.settlement import OperandMissing
from socialins.testing.golden import regime_months
from socialins.testing.middle import middle
from socialins.values import Month, MonthSpan, Rate

pytest.importorskip("duckdb", reason="DuckDB is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from socialins.bulk.duck import settle_parquet
from socialins.bulk.table import settle_table
from socialins.bulk.terms import TableError

RATE = MonthSpan("1990-01")
ACCOUNT = UnitAccount(Unit("中州测试公司"), injury=(InjuryTerms(RATE, rate=Rate("0.2%")),))

texts: dict[str, st.SearchStrategy[str | None]] = {
    "household": st.sampled_from(
        ["urban-local", "外埠农村", " RURAL-LOCAL ", "hmt", "外星", "", None]
    ),
    "employment": st.sampled_from(["full-time", "小时工", "gig", None]),
    "account_type": st.sampled_from(["enterprise", "机关", None]),
    "unit_size": st.sampled_from(["micro", "大型", "huge", None]),
    "insurances": st.sampled_from(["pension", "pension,medical", "养老、失业", "dental", None]),
    "injury_rate": st.sampled_from(["0.2%", "0.0190", "1/3", "0%", "7/11 %", "-1%", "x", None]),
}
fine_wages = st.sampled_from([0, 1, 500_050, 1_234_567, 10**10]) | st.integers(0, 10**7)
wages = fine_wages | st.sampled_from([10**10 + 1, -1, None])


@st.composite
def tables(draw: st.DrawFn, fine: bool) -> pa.Table:
    """Any table; or one whose wages are fine.

    In strict settling SQL stops at what is not known for any combination that occurs, be it in a
    row with a faulty wage, which the table's own code would not get to.
    """
    rows = draw(st.integers(1 if fine else 0, 30))
    names = draw(st.lists(st.sampled_from(sorted(texts)), unique=True))

    def column(of: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(of, min_size=rows, max_size=rows))

    columns = {"place": pa.array(range(rows), pa.int32())}
    fen = column(fine_wages if fine else wages)
    if draw(st.booleans()):
        columns["wage_fen"] = pa.array(fen, pa.int64())
    else:
        scale = draw(st.sampled_from([2, 3, 6]))
        least = 0 if fine else draw(st.sampled_from([0, 0, 1]))
        yuan = [
            one if one is None else Decimal(one).scaleb(-2) + Decimal(least).scaleb(-scale)
            for one in fen
        ]
        columns["wage"] = pa.array(yuan, pa.decimal128(20, scale))
    for name in names:
        text = pa.array(column(texts[name]), pa.string())
        columns[name] = text.dictionary_encode() if draw(st.booleans()) else text
    return pa.table(columns)


def both(
    region: Region, people: pa.Table, month: Month, folder: Path, **options: Any
) -> tuple[Any, Any]:
    """What table and DuckDB make of it: rows, or the class and the text of the error."""
    source = folder / "people.parquet"
    pq.write_table(people, source)

    def attempt(settle: Any) -> Any:
        try:
            found = settle()
        except (RuleUnknown, OperandMissing, TableError) as error:
            return type(error), error.fault.code
        return found.sort_by("place").to_pylist()

    def by_duckdb() -> pa.Table:
        return pq.read_table(
            settle_parquet(region.cascade, source, folder / "settled.parquet", month, **options)
        )

    return (
        attempt(lambda: settle_table(region.cascade, people, month, target="reference", **options)),
        attempt(by_duckdb),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), strict=st.booleans())
def test_duckdb_settles_every_row_as_the_reference_does(
    data: st.DataObject, strict: bool, tmp_path: Path
) -> None:
    region = data.draw(st.sampled_from([middle(), *regions()]))
    month = data.draw(st.sampled_from(regime_months(region)))
    people = data.draw(tables(fine=strict))
    account = data.draw(st.sampled_from([None, ACCOUNT]))
    table, by_duckdb = both(region, people, month, tmp_path, strict=strict, account=account)
    assert by_duckdb == table


def test_a_folder_is_settled_into_one_file_with_what_it_was_settled_by(tmp_path: Path) -> None:
    for part in range(3):
        people = pa.table(
            {"person": [f"{part}-{row}" for row in range(4)], "wage_fen": [500_000] * 4}
        )
        pq.write_table(people, tmp_path / f"part-{part}.parquet")
    (tmp_path / "result").mkdir()
    path = settle_parquet(
        middle().cascade,
        tmp_path,
        tmp_path / "result" / "settled.parquet",
        "2026-11",
        account=ACCOUNT,
        keep_order=True,
    )
    settled = pq.read_table(path)
    assert settled["person"].to_pylist() == [
        f"{part}-{row}" for part in range(3) for row in range(4)
    ]
    assert settled["fault"].null_count == 12
    metadata = settled.schema.metadata
    assert (metadata[b"socialins.division"], metadata[b"socialins.month"]) == (
        b"990100",
        b"2026-11",
    )
    assert [one.name for one in path.parent.iterdir()] == ["settled.parquet"]


def test_more_rows_than_the_memory_limit_holds_are_settled(tmp_path: Path) -> None:
    rows = 1_000_000
    people = pa.table({"person": pa.array(range(rows)), "wage_fen": pa.array(range(rows))})
    source, into = tmp_path / "people.parquet", tmp_path / "settled.parquet"
    pq.write_table(people, source)
    settle_parquet(
        middle().cascade, source, into, "2026-11", account=ACCOUNT, memory_limit="150MB", threads=2
    )
    assert pq.read_metadata(into).num_rows == rows


def test_nothing_is_written_when_settling_stops(tmp_path: Path) -> None:
    source, into = tmp_path / "people.parquet", tmp_path / "settled.parquet"
    pq.write_table(pa.table({"wage_fen": [500_000]}), source)
    with pytest.raises(OperandMissing):
        settle_parquet(middle().cascade, source, into, "2026-11")
    assert [one.name for one in tmp_path.iterdir()] == ["people.parquet"]


def test_the_source_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "people.parquet"
    pq.write_table(pa.table({"wage_fen": [500_000]}), source)
    before = source.read_bytes()
    with pytest.raises(TableError, match="over its source"):
        settle_parquet(middle().cascade, source, source, "2026-11", account=ACCOUNT)
    assert source.read_bytes() == before


@pytest.mark.parametrize("name", ["nothing.parquet", "text.parquet", "folder"])
def test_what_is_no_parquet_is_said_to_be_none(name: str, tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("person,wage\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(TableError) as caught:
        settle_parquet(middle().cascade, tmp_path / name, tmp_path / "into.parquet", "2026-11")
    assert caught.value.fault.code == "bulk.source"


@pytest.mark.parametrize(
    "names", [("fault",), ("pension_unit_fen",), ("Fault",), ("id", "ID"), ("__socialins_class",)]
)
def test_a_column_that_a_result_would_hide_is_refused(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    source = tmp_path / "people.parquet"
    pq.write_table(pa.table({"wage_fen": [1], **{name: [1] for name in names}}), source)
    with pytest.raises(TableError) as caught:
        settle_parquet(middle().cascade, source, tmp_path / "x.parquet", "2026-11", account=ACCOUNT)
    assert caught.value.fault.code == "bulk.column-taken"
