"""Limits: a product that overflows is silently another amount, for everybody above some wage."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from hypothesis import example, given, strategies as st

from socialins.bulk.limits import (
    INT32_MAX,
    INT64_MAX,
    MAX_WAGE_FEN,
    Refused,
    prove,
    scaling,
)
from socialins.faults import Text
from socialins.model import Payer
from socialins.rules import Operand
from socialins.settlement import Line, derive
from socialins.testing import strategies as sis
from socialins.values import Money, Rate, Rounding

TITLE = Text("养老保险", "pension")
LINE = Line(
    insurance="pension",
    item="basic",
    payer=Payer.UNIT,
    title=TITLE,
    item_title=TITLE,
    floor=None,
    cap=None,
    base_rounding=Rounding.HALF_UP_FEN,
    rate=Rate("1/7"),
    amount_rounding=Rounding.HALF_UP_FEN,
)
kinds = st.sampled_from(Rounding)


@given(kinds, st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**12))
@example(Rounding.HALF_EVEN_FEN, 1, 2, 741)
@example(Rounding.HALF_EVEN_FEN, 1, 2, 743)
@example(Rounding.SEE_FEN_UP_JIAO, 1, 10, 12309)
@example(Rounding.SEE_JIAO_UP_YUAN, 10, 1, 121)
def test_the_whole_number_steps_round_as_the_rule_says(
    rounding: Rounding, numerator: int, denominator: int, x: int
) -> None:
    steps = scaling(rounding, numerator, denominator)
    assert steps(x) == rounding.whole(x * numerator, denominator)


@given(kinds, st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 10**6))
def test_every_step_grows_so_that_the_largest_wage_makes_the_largest_numbers(
    rounding: Rounding, numerator: int, denominator: int, x: int
) -> None:
    steps = scaling(rounding, numerator, denominator)
    less, more = steps.steps(x), steps.steps(x + 1)
    # The last but one comes down by less than the even step, which is why it is not among them.
    assert all(one <= other for one, other in zip(less, more, strict=True))
    assert min(less) >= 0


@given(sis.lines(), sis.rates(), st.data())
def test_no_wage_makes_more_than_was_proven(line: Line, operand: Rate, data: st.DataObject) -> None:
    (proven,) = prove([line], operand=operand).lines
    wages = st.integers(0, MAX_WAGE_FEN) | st.just(MAX_WAGE_FEN)
    found = derive(line, Money(data.draw(wages)), operand)
    assert found.base.fen <= proven.base_max
    assert found.amount.fen <= proven.amount_max
    assert proven.amount_max <= proven.product_max
    largest = derive(line, Money(MAX_WAGE_FEN), operand)
    assert largest.amount.fen == proven.amount_max, "a bound that is too wide costs speed"
    assert largest.base.fen == proven.base_max


@given(sis.lines(), sis.rates(), st.integers(0, 300))
def test_a_wage_beyond_what_is_cut_has_the_same_base(
    line: Line, operand: Rate, beyond: int
) -> None:
    (proven,) = prove([line], operand=operand).lines
    if proven.wage_max < MAX_WAGE_FEN:
        at, above = (
            derive(line, Money(fen), operand) for fen in (proven.wage_max, proven.wage_max + beyond)
        )
        assert at.base == above.base


@given(sis.lines(), sis.rates())
def test_a_base_is_whole_grains(line: Line, operand: Rate) -> None:
    (proven,) = prove([line], operand=operand).lines
    for wage in (0, 1, 49, 50, 12_345, 10**9):
        assert derive(line, Money(wage), operand).base.fen % proven.grain == 0


def test_the_border_of_32_bits_is_met_exactly() -> None:
    # base × 1 + 3 is the largest number: half of 7, rounded down, is added before the division.
    at = attrs.evolve(LINE, cap=INT32_MAX - 3)
    (proven,) = prove([at]).lines
    assert (proven.product_max, proven.base_max) == (INT32_MAX, INT32_MAX - 3)
    assert proven.bits == 32
    (above,) = prove([attrs.evolve(LINE, cap=INT32_MAX - 2)]).lines
    assert (above.product_max, above.bits) == (INT32_MAX + 1, 64)
    assert above.base_bits == 32, "the base still fits"


def test_a_line_without_a_cap_fits_32_bits_up_to_some_wage() -> None:
    for wage, bits in ((INT32_MAX - 3, 32), (INT32_MAX - 2, 64)):
        assert prove([LINE], max_wage=wage).lines[0].bits == bits


def test_what_does_not_fit_64_bits_is_refused_by_name() -> None:
    fits = Rate(Fraction(1, 2 * (INT64_MAX - MAX_WAGE_FEN) // 2 - 1))
    assert prove([attrs.evolve(LINE, rate=fits)]).lines[0].bits == 64
    too_fine = attrs.evolve(LINE, rate=Rate(Fraction(10**10 + 19, 10**19)))
    with pytest.raises(Refused) as refused:
        prove([too_fine], region=Text("中州", "Middle City"))
    fault = refused.value.fault
    assert fault.code == "bulk.refused"
    assert {"Middle City", "pension", "unit"} <= set(fault.words("en").values())
    for text in ("pension", "unit", "Middle City"):
        assert text in fault.message("en")


def test_totals_that_overflow_are_refused_though_each_line_fits() -> None:
    large = attrs.evolve(LINE, rate=Rate(9 * 10**8), item="a")
    prove([large])
    with pytest.raises(Refused):
        prove([large, attrs.evolve(large, item="b")])


@pytest.mark.parametrize("change", [{"rate": Rate("-1%")}, {"fixed": -1}, {"floor": -1}])
def test_negative_figures_are_refused_since_unsigned_numbers_can_t_hold_them(
    change: dict[str, object],
) -> None:
    with pytest.raises(Refused, match="negative"):
        prove([attrs.evolve(LINE, **change)])  # type: ignore[arg-type]


def test_a_rate_by_row_is_bounded_by_the_largest_numerator() -> None:
    by_row = attrs.evolve(LINE, rate=None, operand=Operand.INJURY_RATE, cap=2_000_000)
    (one,) = prove([by_row], operand=(190, 10_000)).lines
    assert one.by_row
    assert one.product_max == 2_000_000 * 190 + 5_000
    assert one.amount_max == 38_000
    with pytest.raises(ValueError, match="pass it as operand"):
        prove([by_row])


def test_no_lines_have_no_limits() -> None:
    assert prove([]).total_max == 0
    assert prove([]).int32
