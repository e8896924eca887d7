"""The fast function: one fen apart from the reference, and explanation and bill disagree."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import example, given, settings, strategies as st

from socialins.faults import Text
from socialins.model import Payer
from socialins.rules import Operand
from socialins.settlement import Line, derive, fast_function
from socialins.testing import strategies as sis
from socialins.values import Money, Rate, Rounding

TITLE = Text("养老保险", "pension")
kinds = st.sampled_from(Rounding)
fen = st.integers(0, 10**9)
all_rates = sis.rates() | st.fractions(0, 1, max_denominator=9999).map(Rate)


def near(listed: list[Line]) -> st.SearchStrategy[int]:
    """Wages anywhere, and where the lines' bounds lie."""
    edges = [bound for line in listed for bound in (line.floor, line.cap) if bound is not None]
    amounts = sis.wages(around=map(Money, edges), max_value="10000000")
    return amounts.map(lambda wage: wage.fen)


@settings(max_examples=300)
@given(data=st.data(), listed=st.lists(sis.lines(), max_size=6), operand=all_rates)
def test_the_fast_function_and_the_reference_agree_to_the_fen(
    data: st.DataObject, listed: list[Line], operand: Rate
) -> None:
    wage = data.draw(near(listed))
    figures = fast_function(tuple(listed))(wage, operand.numerator, operand.denominator)
    assert all(type(figure) is int for figure in figures)
    expected = [derive(line, Money(wage), operand) for line in listed]
    assert list(figures[::2]) == [one.base.fen for one in expected]
    assert list(figures[1::2]) == [one.amount.fen for one in expected]


@given(
    base=kinds,
    amount=kinds,
    rate=st.integers(0, 1000).map(lambda count: Rate(f"{count}/1000")),
    halves=st.integers(0, 10**6),
)
@example(Rounding.HALF_UP_FEN, Rounding.HALF_UP_FEN, Rate("6.5%"), 1613700 // 50)
@example(Rounding.HALF_UP_FEN, Rounding.HALF_EVEN_FEN, Rate("0.5%"), 74300 // 50)
def test_exact_halves_are_rounded_alike(
    base: Rounding, amount: Rounding, rate: Rate, halves: int
) -> None:
    # Wages in half yuan and rates in tenths of a percent meet exact halves all the time.
    line = Line(
        insurance="medical",
        item="basic",
        payer=Payer.UNIT,
        title=TITLE,
        item_title=TITLE,
        floor=None,
        cap=None,
        base_rounding=base,
        rate=rate,
        amount_rounding=amount,
    )
    wage = halves * 50
    expected = derive(line, Money(wage))
    assert fast_function((line,))(wage, 0, 1) == (expected.base.fen, expected.amount.fen)


@given(sis.lines(), fen, fen, all_rates)
def test_an_amount_is_on_its_rounding_within_its_bounds_and_grows_with_the_wage(
    line: Line, one: int, other: int, operand: Rate
) -> None:
    less, more = (derive(line, Money(wage), operand) for wage in sorted((one, other)))
    for steps in (less, more):
        assert line.floor is None or steps.base.fen >= line.floor
        assert line.cap is None or steps.base.fen <= line.cap
        assert steps.product.fen % line.amount_rounding.spec.step == 0
        assert steps.rounded.fen % line.base_rounding.spec.step == 0
        assert abs(steps.product.fen - steps.exact) < line.amount_rounding.spec.step
        assert steps.amount == steps.product + Money(line.fixed)
        assert steps.amount >= Money(0)
        assert steps.exact == steps.rate.fraction * steps.base.fen
    assert less.base <= more.base
    assert less.amount <= more.amount


@given(sis.lines(), st.integers(0, 10**6), all_rates)
def test_outside_the_bounds_nothing_changes(line: Line, beyond: int, operand: Rate) -> None:
    # The widest rounding moves a wage by less than two yuan; beyond that, a bound decides.
    if line.cap is not None:
        cap = Money(line.cap + 200)
        at, above = derive(line, cap, operand), derive(line, cap + Money(beyond), operand)
        assert (at.base, at.amount) == (above.base, above.amount)
        assert at.base.fen == line.cap
    if line.floor is not None and line.floor >= 200 + beyond:
        floor = Money(line.floor - 200)
        at, below = derive(line, floor, operand), derive(line, floor - Money(beyond), operand)
        assert (at.base, at.amount) == (below.base, below.amount)
        assert at.base.fen == line.floor


def test_a_line_without_any_rate_is_an_error_and_not_free_of_charge() -> None:
    line = Line(
        insurance="injury",
        item="basic",
        payer=Payer.UNIT,
        title=TITLE,
        item_title=TITLE,
        floor=None,
        cap=None,
        base_rounding=Rounding.HALF_UP_FEN,
        rate=None,
        amount_rounding=Rounding.HALF_UP_FEN,
    )
    with pytest.raises(ValueError, match="neither rate nor operand"):
        fast_function((line,))
    taken = attrs.evolve(line, operand=Operand.INJURY_RATE)
    with pytest.raises(ValueError, match="needs the account's rate; pass it as operand"):
        derive(taken, Money(100))


def test_no_lines_give_no_figures() -> None:
    assert fast_function(())(500_000, 0, 1) == ()
