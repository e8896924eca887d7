"""Figures: a sum in the wrong month, or a source without its number, misleads whoever checks it."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from socialins.model import Employment, Household
from socialins.rules import (
    Bounds,
    FixedSum,
    InjuryClasses,
    Mark,
    Operand,
    RateFigure,
    RoundingFigure,
    RuleClass,
    Source,
    UnitBase,
    UnitBasis,
    Who,
)
from socialins.testing import strategies as sis
from socialins.values import Money, Month, Rate, Rounding

PLAIN: dict[str, Any] = {"start": Month(2020, 1), "sources": ("s",), "mark": Mark.A}
amounts = st.lists(sis.money(min_value="0", max_value="500"), min_size=12, max_size=12)
months = sis.months(min_value="2020-01")


@given(amounts, months)
def test_a_sum_by_calendar_month_is_that_months(by_month: list[Money], month: Month) -> None:
    figure = FixedSum(by_month=tuple(by_month), **PLAIN)
    assert figure.due_in(month) == by_month[month.month - 1]


@given(amounts)
def test_a_year_collects_all_twelve_sums_once(by_month: list[Money]) -> None:
    figure = FixedSum(by_month=tuple(by_month), **PLAIN)
    year = [figure.due_in(month) for month in Month(2026, 7).to(Month(2027, 6))]
    assert Money.sum(year) == Money.sum(by_month)


@given(sis.money(min_value="0", max_value="500"), st.sets(st.integers(1, 12)), months)
def test_a_yearly_sum_is_due_in_its_months_only(amount: Money, due: set[int], month: Month) -> None:
    figure = FixedSum(amount=amount, months=tuple(due), **PLAIN)
    expected = amount if not due or month.month in due else Money(0)
    assert figure.due_in(month) == expected


FIGURES = {
    "bounds": Bounds(floor=Money(1), cap=Money(200), **PLAIN),
    "open bounds": Bounds(floor="none", cap="none", **PLAIN),
    "rate": RateFigure(rate=Rate("9.8%"), **PLAIN),
    "operand": RateFigure(operand=Operand.INJURY_RATE, **PLAIN),
    "no rate": RateFigure(none=True, **PLAIN),
    "monthly sum": FixedSum(amount=Money(300), **PLAIN),
    "yearly sum": FixedSum(amount=Money(300), months=(1, 7), **PLAIN),
    "table of sums": FixedSum(by_month=(Money(2200),) * 12, **PLAIN),
    "rounding": RoundingFigure(rounding=Rounding.HALF_UP_FEN, **PLAIN),
    "classes": InjuryClasses(rates={"1": Rate("0.2%")}, **PLAIN),
    "basis": UnitBase(basis=UnitBasis.LARGER, **PLAIN),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_told_in_both_languages(name: str) -> None:
    figure = FIGURES[name]
    assert figure.describe("zh")
    assert figure.describe("en").isascii()


@given(st.sampled_from(Mark), st.none() | st.sampled_from(Mark))
def test_a_figure_is_as_weak_as_its_weaker_mark(mark: Mark, dates: Mark | None) -> None:
    figure = FixedSum(**{**PLAIN, "mark": mark}, dates_mark=dates, amount=Money(1))
    assert figure.weakest_mark == max(mark, dates or mark)
    assert mark.title("zh")
    assert mark.title("en")


def test_a_figure_counts_as_known_from_its_announcement_or_its_first_month() -> None:
    assert FixedSum(amount=Money(1), **PLAIN).known_from == date(2020, 1, 1)
    told = FixedSum(amount=Money(1), announced=date(2019, 12, 3), **PLAIN)
    assert told.known_from == date(2019, 12, 3)


def test_a_source_is_told_with_number_issuer_and_day() -> None:
    source = Source(
        title="关于基数的通知",
        number="中人社发〔2026〕1号",
        issuer="中州市人社局",
        issued=date(2026, 6, 30),
        seen="-",
    )
    assert (
        source.describe() == "《关于基数的通知》（中人社发〔2026〕1号，中州市人社局，2026-06-30）"
    )
    expected = "关于基数的通知 (中人社发〔2026〕1号, 中州市人社局, 2026-06-30)"
    assert source.describe("en") == expected
    assert Source(title="某表", seen="-").describe("en") == "某表"


groups = st.frozensets(st.sampled_from(Household), max_size=3)
employed = st.frozensets(st.sampled_from(Employment), max_size=1)
whos = st.builds(Who, household=groups, employment=employed)
CLASSES = [RuleClass(*parts) for parts in product(Household, Employment)]


@settings(max_examples=300)
@given(whos, whos)
def test_selectors_agree_on_who_meets_whom(one: Who, other: Who) -> None:
    mine = {rule_class for rule_class in CLASSES if one.matches(rule_class)}
    theirs = {rule_class for rule_class in CLASSES if other.matches(rule_class)}
    assert one.may_meet(other) is bool(mine & theirs)
    assert one.includes(other) is (theirs <= mine)
    assert Who().includes(one)


def test_a_selector_is_told_in_words() -> None:
    who = Who(
        household=frozenset({Household.FOREIGN}), employment=frozenset({Employment.PART_TIME})
    )
    assert who.describe() == "外籍，非全日制"
    assert who.describe("en") == "foreign, part-time"
    assert (Who().describe(), Who().specificity, who.specificity) == ("", 0, 2)
