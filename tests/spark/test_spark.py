"""Spark: a cluster that settles otherwise than one machine would be wrong a million times."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from socialins.facade import Region, regions
from socialins.identity import DocumentType, IdDocument
from socialins.model import DeclaredWage, InsuredPerson, Payer, Roster, RosterEntry
from socialins.model.codes import Household
from socialins.rules import RuleClass, RuleUnknown
from socialins.settlement import Line, Schedule, Settlement, compile_schedule, derive
from socialins.testing.golden import regime_months
from socialins.values import Money, Month, Rate, Rounding

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark", reason="run by `make test-spark`: PySpark isn't installed")

from socialins.bulk.program import expressions  # noqa: E402
from socialins.bulk.spark import add_columns, settle_batches  # noqa: E402
from socialins.bulk.table import settle_table  # noqa: E402

HOUSEHOLDS = (Household.URBAN_LOCAL, Household.RURAL_LOCAL, Household.RURAL_OUTSIDE)
RATES = ("0.2%", "1.9%")
MONTHS = 4


def people(region: Region, month: Month) -> list[tuple[int, int, str, str]]:
    """(place, wage in fen, household, injury rate): wages in between, at and beside the bounds."""
    schedules = [
        compile_schedule(region.cascade, month, RuleClass(household), lenient=True)
        for household in HOUSEHOLDS
    ]
    lines = {line for schedule in schedules for line in schedule.lines}
    bounds = {bound for line in lines for bound in (line.floor, line.cap) if bound is not None}
    wages = {0, 1, 500_055, 1_234_567, *(one + more for one in bounds for more in (-51, 0, 50))}
    rows = [
        (wage, household.value, rate)
        for household in HOUSEHOLDS
        for wage, rate in zip(sorted(wages), RATES * len(wages), strict=False)
    ]
    return [(place, *row) for place, row in enumerate(rows)]


def settled_one_by_one(region: Region, month: Month, rows: list[Any]) -> list[dict[str, Any]]:
    """The same persons as a roster, settled without any table: amounts by column."""
    entries = [
        RosterEntry(
            person=InsuredPerson(f"测试{place}", IdDocument(DocumentType.PASSPORT, f"G{place:08}")),
            wage=DeclaredWage(Money(wage)),
            household=Household(household),
            injury_rate=Rate(rate),
            row=place,
        )
        for place, wage, household, rate in rows
    ]
    bill: Settlement = region.settle(Roster(month=month, entries=tuple(entries)), strict=False)
    found: list[defaultdict[str, int]] = [defaultdict(int) for _ in rows]
    unknown: list[set[str]] = [set() for _ in rows]
    for one in bill.contributions:
        if one.row is not None:
            found[one.row][f"{one.insurance.replace('-', '_')}_{one.payer.value}_fen"] += (
                one.amount.fen
            )
            found[one.row][f"{one.payer.value}_total_fen"] += one.amount.fen
    for one in bill.unsettled:
        if one.row is not None:
            unknown[one.row].add(f"{one.insurance.replace('-', '_')}_{one.payer.value}_fen")
    return [
        {"amounts": dict(amounts), "unknown": names}
        for amounts, names in zip(found, unknown, strict=True)
    ]


def insurance(column: str) -> str:
    return column.removesuffix("_unit_fen").removesuffix("_person_fen")


CASES = [
    pytest.param(region, month, id=f"{region.slug}-{month}")
    for region in regions()
    for month in regime_months(region)[-MONTHS:]
]


@pytest.mark.parametrize(("region", "month"), CASES)
def test_a_cluster_settles_every_person_as_a_roster_does(
    region: Region, month: Month, spark: Any
) -> None:
    rows = people(region, month)
    frame = spark.createDataFrame(
        rows, "place int, wage_fen long, household string, injury_rate string"
    ).repartition(2)
    settled = add_columns(frame, region.cascade, month, strict=False).collect()
    expected = settled_one_by_one(region, month, rows)
    assert len(settled) == len(rows)
    for row in settled:
        told = expected[row.place]
        amounts = {
            name: value
            for name, value in row.asDict().items()
            if name.endswith("_fen") and "base" not in name
        }
        nulls = {name for name, value in amounts.items() if value is None}
        # An insurance of which no line is known has no column that is known, be it not owed.
        assert told["unknown"] <= nulls
        assert {insurance(name) for name in nulls} == {insurance(name) for name in told["unknown"]}
        assert set(told["amounts"]) <= set(amounts)
        for name, value in amounts.items():
            assert value is None or value == told["amounts"].get(name, 0), (row.place, name)


@pytest.mark.parametrize("region", regions(), ids=lambda region: region.slug)
def test_executors_settle_batches_as_the_engine_does(region: Region, spark: Any) -> None:
    month = regime_months(region)[-1]
    rows = people(region, month)
    frame = spark.createDataFrame(
        rows, "place int, wage_fen long, household string, injury_rate string"
    ).repartition(2)
    by_engine, by_batches = (
        settle(frame, region.cascade, month, strict=False).orderBy("place").collect()
        for settle in (add_columns, settle_batches)
    )
    assert by_batches == by_engine


def test_the_cluster_has_executors_of_its_own(spark: Any) -> None:
    status = spark.sparkContext._jsc.sc().getExecutorMemoryStatus()
    assert status.size() == 3, "the driver and two executors"


def test_what_is_wrong_with_a_row_is_told_as_for_a_table(spark: Any) -> None:
    region = regions()[0]
    columns = {
        "place": pa.array(range(9), pa.int32()),
        "wage": pa.array(
            [Decimal(one) if one else None for one in
             ("5000.55", "", "-0.01", "5000.555", "100000000.001", "100000000", "0", "8000", "1")],
            pa.decimal128(20, 3),
        ),
        "household": pa.array(["外埠农村", None, "Mars", "hmt", None, None, "外籍", "Mars", None]),
        "injury_rate": pa.array(["0.2%", "1/3", "x", "0.2%", None, "0", "0.001", "1.9%", None]),
        "insurances": pa.array([None, None, None, "pension", None, None, None, "dental", None]),
    }  # fmt: skip
    table = pa.table(columns)
    frame = spark.createDataFrame(
        list(zip(*(column.to_pylist() for column in columns.values()), strict=True)),
        "place int, wage decimal(20,3), household string, injury_rate string, insurances string",
    )
    month = regime_months(region)[-1]
    expected = settle_table(region.cascade, table, month, strict=False, target="reference")
    for settle in (add_columns, settle_batches):
        settled = settle(frame, region.cascade, month, strict=False).orderBy("place").collect()
        assert [row.asDict() for row in settled] == expected.to_pylist()


def test_every_rounding_is_sparks_too(spark: Any) -> None:
    halves = [fen * 50 for fen in range(0, 400, 7)] + [74_300, 74_500, 104_890_50, 10**10]
    lines = [
        line(f"{which}-{number}", base, amount)
        for number, kind in enumerate(Rounding)
        for which, base, amount in (
            ("base", kind, Rounding.HALF_UP_FEN),
            ("amount", Rounding.HALF_UP_FEN, kind),
        )
    ]
    schedule = Schedule(
        division="990100", month=Month(2026, 11), rule_class=RuleClass(), lines=tuple(lines)
    )
    found = expressions(schedule, "spark")
    frame = spark.createDataFrame([(one,) for one in halves], "wage_fen long")
    rows = frame.selectExpr("wage_fen", *(f"{sql} AS {name}" for name, sql in found.items()))
    for row in rows.collect():
        for one in lines:
            steps = derive(one, Money(row.wage_fen))
            name = one.insurance.replace("-", "_")
            assert row[f"{name}_base_fen"] == steps.base.fen
            assert row[f"{name}_unit_fen"] == steps.amount.fen


def line(insurance: str, base: Rounding, amount: Rounding) -> Line:
    from socialins.faults import Text

    return Line(
        insurance=insurance,
        item="basic",
        payer=Payer.UNIT,
        title=Text(insurance, insurance),
        item_title=Text(insurance, insurance),
        floor=None,
        cap=None,
        base_rounding=base,
        rate=Rate("0.5%"),
        amount_rounding=amount,
    )


def test_a_combination_that_came_later_has_a_fault_and_no_amounts(spark: Any) -> None:
    region = regions()[0]
    month = regime_months(region)[-1]
    rows = [(500_000, "hmt", "0.2%"), (500_000, "hmt", "1.9%")]
    frame = spark.createDataFrame(rows, "wage_fen long, household string, injury_rate string")
    seen = frame.where("injury_rate = '0.2%'")
    settled = add_columns(frame, region.cascade, month, strict=False, combinations=seen).collect()
    unseen = [row for row in settled if row.fault == "bulk.combination-unseen"]
    assert len(unseen) == 1
    assert set(unseen[0][:-1]) == {None}
    assert {row.unit_total_fen is None for row in settled if row not in unseen} == {False}


def test_strict_settling_stops_before_any_row(spark: Any) -> None:
    region = regions()[0]
    frame = spark.createDataFrame([(500_000,)], "wage_fen long")
    with pytest.raises(RuleUnknown):
        add_columns(frame, region.cascade, "1990-01")


def test_the_engine_computes_without_python_and_without_moving_rows(spark: Any) -> None:
    region = regions()[0]
    frame = spark.range(10).selectExpr("id", "id * 100000 AS wage_fen", "'hmt' AS household")
    settled = add_columns(frame, region.cascade, regime_months(region)[-1], strict=False)
    plan = settled._jdf.queryExecution().executedPlan().toString()
    assert "Python" not in plan
    assert "Arrow" not in plan
    assert plan.replace("BroadcastExchange", "").count("Exchange") == 0
