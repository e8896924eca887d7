"""SQL: an engine that divides, rounds or overflows otherwise than we do would be off by a fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import attrs
import pytest
from hypothesis import example, given, reject, settings, strategies as st

from socialins.bulk.columns import column_plan, shape_of
from socialins.bulk.limits import MAX_WAGE_FEN, Refused
from socialins.bulk.program import (
    CLASS,
    NUMERATOR,
    WAGE,
    Part,
    Rates,
    expressions,
    program,
    wage_in_fen,
)
from socialins.bulk.sql import Dialect, case
from socialins.facade import regions
from socialins.faults import Text
from socialins.model import Payer
from socialins.rules import Operand, RuleClass
from socialins.settlement import Line, Schedule, compile_schedule, derive
from socialins.testing import strategies as sis
from socialins.testing.golden import regime_months
from socialins.values import Money, Month, Rate, Rounding

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")

DUCKDB = Dialect.DUCKDB
DATABASE = duckdb.connect()
TITLE = Text("养老保险", "pension")
INSURANCES = ("pension", "medical", "serious-illness")
kinds = st.sampled_from(Rounding)
fen = st.integers(0, 10**9)
rates = sis.rates() | st.fractions(0, 1, max_denominator=9999).map(Rate)


@st.composite
def lines(draw: st.DrawFn, insurance: str, item: str, payer: Payer) -> Line:
    """Any line that rules can make, with bounds in order."""
    low, high = sorted((draw(fen), draw(fen)))
    by_operand = draw(st.booleans())
    return Line(
        insurance=insurance,
        item=item,
        payer=payer,
        title=TITLE,
        item_title=TITLE,
        floor=draw(st.sampled_from([None, low])),
        cap=draw(st.sampled_from([None, high])),
        base_rounding=draw(kinds),
        rate=None if by_operand else draw(rates),
        operand=Operand.INJURY_RATE if by_operand else None,
        relief=draw(st.none() | rates),
        fixed=draw(st.just(0) | st.integers(0, 50_000)),
        amount_rounding=draw(kinds),
    )


@st.composite
def classes(draw: st.DrawFn) -> tuple[Line, ...]:
    """The lines of a class: some of the insurances, with a second item now and then."""
    keys = [
        (insurance, item, payer)
        for insurance in INSURANCES
        for item in ("basic", "extra")
        for payer in Payer
    ]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=6))
    return tuple(draw(lines(*key)) for key in sorted(chosen, key=keys.index))


def wages_near(listed: Sequence[Line]) -> st.SearchStrategy[list[int]]:
    """Wages anywhere, and where the lines' bounds lie."""
    edges = [bound for line in listed for bound in (line.floor, line.cap) if bound is not None]
    amounts = sis.wages(around=map(Money, edges), max_value="100000000")
    return st.lists(amounts.map(lambda wage: wage.fen), min_size=1, max_size=40)


def expected(listed: Sequence[Line], wage: int, operand: Rate, shape: object) -> list[int]:
    """The settled columns of a wage, by the reference."""
    found = [derive(line, Money(wage), operand) for line in listed]
    return [
        found[column.lines[0]].base.fen
        if column.lines and column.kind in ("base", "unit_base")
        else sum(found[index].amount.fen for index in column.lines)
        for column in column_plan(listed, shape)  # type: ignore[arg-type]
    ]


@contextmanager
def unless_refused() -> Iterator[None]:
    """Rates and reliefs of ten digits don't fit 64 bits; that is said, which another test sees."""
    try:
        yield
    except Refused:
        reject()


def values(rows: Sequence[tuple[object, ...]], *names: str) -> str:
    told = ", ".join(
        f"({', '.join('NULL' if one is None else str(one) for one in row)})" for row in rows
    )
    return f"(VALUES {told}) AS given({', '.join(names)})"


@settings(max_examples=150)
@given(data=st.data(), listed=classes(), operand=rates)
def test_duckdb_and_the_reference_agree_to_the_fen(
    data: st.DataObject, listed: tuple[Line, ...], operand: Rate
) -> None:
    wages = data.draw(wages_near(listed))
    with unless_refused():
        made = program([Part(listed)], DUCKDB, rates=operand)
    source = values([(place, wage) for place, wage in enumerate(wages)], "place", "wage_fen")
    query = made.select(source, {WAGE: wage_in_fen("wage_fen")}, ["place"])
    rows = sorted(DATABASE.execute(query).fetchall())
    shape = shape_of([listed])
    assert made.columns == shape.names()
    assert rows == [
        (place, *expected(listed, wage, operand, shape)) for place, wage in enumerate(wages)
    ]


@settings(max_examples=60)
@given(data=st.data(), listed=st.lists(classes(), min_size=1, max_size=5))
def test_each_row_is_settled_by_its_own_class_and_its_own_rate(
    data: st.DataObject, listed: list[tuple[Line, ...]]
) -> None:
    bottom = data.draw(st.sampled_from([1000, 10_000, 3_000_000]))
    tops = data.draw(st.lists(st.integers(0, bottom), min_size=1, max_size=5))
    drawn = st.tuples(
        st.integers(0, len(listed) - 1), st.sampled_from(tops), wages_near(sum(listed, ()))
    )
    rows = [
        (number, top, wage)
        for number, top, wages in data.draw(st.lists(drawn, min_size=1, max_size=6))
        for wage in wages
    ]
    with unless_refused():
        made = program([Part(one) for one in listed], DUCKDB, rates=Rates(max(tops), bottom))
    source = values(
        [(place, *row) for place, row in enumerate(rows)], "place", "class", "top", "wage_fen"
    )
    first = {WAGE: wage_in_fen("wage_fen"), CLASS: "class", NUMERATOR: "CAST(top AS BIGINT)"}
    found = sorted(DATABASE.execute(made.select(source, first, ["place"])).fetchall())
    shape = shape_of(listed)
    assert found == [
        (place, *expected(listed[number], wage, Rate(f"{top}/{bottom}"), shape))
        for place, (number, top, wage) in enumerate(rows)
    ]


@given(
    base=kinds,
    amount=kinds,
    rate=st.integers(0, 1000).map(lambda count: Rate(f"{count}/1000")),
    halves=st.integers(0, 10**6),
)
@example(Rounding.HALF_UP_FEN, Rounding.HALF_UP_FEN, Rate("6.5%"), 1613700 // 50)
@example(Rounding.HALF_UP_FEN, Rounding.HALF_EVEN_FEN, Rate("0.5%"), 74300 // 50)
@example(Rounding.HALF_UP_FEN, Rounding.HALF_EVEN_FEN, Rate("0.5%"), 74500 // 50)
def test_exact_halves_are_rounded_alike(
    base: Rounding, amount: Rounding, rate: Rate, halves: int
) -> None:
    line = plain(base_rounding=base, amount_rounding=amount, rate=rate)
    schedule = schedule_of(line)
    found = expressions(schedule, "duckdb", wage="w")
    told = ", ".join(found.values())
    row = DATABASE.execute(f"SELECT {told} FROM (SELECT {halves * 50} AS w)").fetchone()
    steps = derive(line, Money(halves * 50))
    assert row == (steps.base.fen, steps.amount.fen, 0, steps.amount.fen, 0)


@pytest.mark.parametrize("region", regions(), ids=lambda region: region.slug)
def test_every_regime_of_a_region_is_settled_to_the_fen(region: object) -> None:
    operand = Rate("0.2%")
    for month in regime_months(region)[-12:]:  # type: ignore[arg-type]
        schedule = compile_schedule(region.cascade, month, RuleClass(), lenient=True)  # type: ignore[attr-defined]
        bounds = {one for line in schedule.lines for one in (line.floor, line.cap) if one}
        wages = sorted({0, 1, 1234567, *(b + d for b in bounds for d in (-50, -49, 0, 51))})
        made = program([Part(schedule.lines)], DUCKDB, rates=operand)
        source = values([(wage,) for wage in wages], "wage_fen")
        query = made.select(source, {WAGE: wage_in_fen("wage_fen")}, ["wage_fen"])
        shape = shape_of([schedule.lines])
        assert sorted(DATABASE.execute(query).fetchall()) == [
            (wage, *expected(schedule.lines, wage, operand, shape)) for wage in wages
        ], month


def test_a_wage_that_is_none_has_no_amounts_and_not_zero() -> None:
    fixed = plain(insurance="medical", rate=Rate(0), fixed=300, floor=100, cap=100)
    made = program([Part((plain(), fixed)), Part((fixed,))], DUCKDB)
    bad = [None, -1, MAX_WAGE_FEN + 1]
    rows = [(wage, number) for wage in bad for number in (0, 1)]
    first = {WAGE: wage_in_fen("wage_fen"), CLASS: "class"}
    query = made.select(values(rows, "wage_fen", "class"), first, [])
    for sql in (query, _standing_alone(schedule_of(plain(), fixed), rows)):
        found = DATABASE.execute(sql).fetchall()
    assert len(found) == len(rows)
    assert {value for row in found for value in row} == {None}


def _standing_alone(schedule: Schedule, rows: Sequence[tuple[object, ...]]) -> str:
    told = ", ".join(expressions(schedule, "duckdb").values())
    return f"SELECT {told} FROM {values(rows, 'wage_fen', 'class')}"


def test_what_is_not_known_is_null_and_what_is_not_owed_is_zero() -> None:
    parts = [
        Part((plain(),), frozenset({"medical_base_fen", "medical_unit_fen"})),
        Part((plain(), plain(insurance="medical-large"))),
        Part((plain(), plain(insurance="medical"))),
        # Of the unit's two items one is not known: the column is null, the total has what is known.
        Part((plain(),), frozenset({"pension_unit_fen"})),
    ]
    source = values([(number, 1000) for number in range(4)], "class", "wage_fen")
    first = {WAGE: "CAST(wage_fen AS BIGINT)", CLASS: "class"}
    made = program(parts, DUCKDB)
    rows = DATABASE.execute(made.select(source, first, ["class"])).fetchall()
    found = {row[0]: dict(zip(made.columns, row[1:], strict=True)) for row in rows}
    assert (found[0]["medical_base_fen"], found[0]["medical_unit_fen"]) == (None, None)
    assert (found[0]["medical_person_fen"], found[0]["medical_large_unit_fen"]) == (0, 0)
    assert (found[0]["pension_unit_fen"], found[0]["unit_total_fen"]) == (100, 100)
    assert (found[1]["medical_unit_fen"], found[1]["unit_total_fen"]) == (0, 200)
    assert (found[2]["medical_unit_fen"], found[2]["unit_total_fen"]) == (100, 200)
    assert (found[3]["pension_unit_fen"], found[3]["unit_total_fen"]) == (None, 100)


@pytest.mark.parametrize(
    "column", ['wage"; DROP TABLE roster; --', "工资 (分)", "select", "a.b", "`"]
)
def test_a_column_may_have_any_name(column: str) -> None:
    found = expressions(schedule_of(plain()), "duckdb", wage=column)
    DATABASE.execute(f"CREATE OR REPLACE TABLE roster ({DUCKDB.quoted(column)} BIGINT)")
    DATABASE.execute("INSERT INTO roster VALUES (1000)")
    query = f"SELECT {found['pension_unit_fen']} FROM roster"
    assert DATABASE.execute(query).fetchall() == [(100,)]


@pytest.mark.parametrize("column", ["", "a\nb", "a\0b"])
def test_what_can_be_no_column_is_refused(column: str) -> None:
    with pytest.raises(ValueError, match="name of a column"):
        expressions(schedule_of(plain()), "spark", wage=column)


def test_a_rule_beyond_64_bits_is_refused_by_name_and_not_approximated() -> None:
    fine = Rate("0.12345678901234567")
    with pytest.raises(Refused, match="pension"):
        expressions(schedule_of(plain(rate=fine)), "duckdb")


def test_a_line_that_takes_the_accounts_rate_is_not_free_without_one() -> None:
    injury = plain(rate=None, operand=Operand.INJURY_RATE)
    with pytest.raises(ValueError, match="account's rate"):
        expressions(schedule_of(injury), "duckdb")


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=9))
def test_classes_that_compute_alike_share_a_branch(by_class: list[str]) -> None:
    sql = case("k", by_class)
    assert sql.count("THEN") == len(set(by_class)) - 1
    named = ", ".join(f"'{one}' AS {one}" for one in "abc")
    source = values([(number,) for number in range(len(by_class))], "k")
    query = f"SELECT k, {sql} FROM (SELECT *, {named} FROM {source})"
    assert dict(DATABASE.execute(query).fetchall()) == dict(enumerate(by_class))


@pytest.mark.parametrize("dialect", list(Dialect))
def test_no_fraction_and_no_text_of_a_rule_gets_into_the_sql(dialect: Dialect) -> None:
    line = attrs.evolve(plain(rate=Rate("6.55%")), item_title=Text("'); --", "'); --"))
    for sql in expressions(schedule_of(line), dialect).values():
        assert "." not in sql
        assert "/ " not in sql.replace("// ", "")
        assert "--" not in sql


def plain(**changes: object) -> Line:
    line = Line(
        insurance="pension",
        item="basic",
        payer=Payer.UNIT,
        title=TITLE,
        item_title=TITLE,
        floor=None,
        cap=None,
        base_rounding=Rounding.HALF_UP_FEN,
        rate=Rate("10%"),
        amount_rounding=Rounding.HALF_UP_FEN,
    )
    return attrs.evolve(line, **changes)


def schedule_of(*listed: Line) -> Schedule:
    return Schedule(division="990100", month=Month(2026, 11), rule_class=RuleClass(), lines=listed)
