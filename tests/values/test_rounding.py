"""Roundings: a kind that rounds another way than its name says is a rejected filing.

The decimal module is the other opinion: each kind is one or two of its modes.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings, strategies as st

from socialins.testing import strategies as sis
from socialins.values import Money, Rate, Rounding

EXACT = decimal.Context(prec=60)


def to(step: str, mode: str) -> Callable[[Decimal], Decimal]:
    """Yuan to a multiple of a step, in one of decimal's modes."""

    def rounded(yuan: Decimal) -> Decimal:
        count = EXACT.divide(yuan, Decimal(step)).quantize(Decimal(1), mode, EXACT)
        return EXACT.multiply(count, Decimal(step))

    return rounded


# The names tell what to do; how decimal does it is written down here a second time, by hand.
ORACLES: dict[Rounding, Callable[[Decimal], Decimal]] = {
    Rounding.SEE_FEN_UP_JIAO: lambda yuan: to("0.1", decimal.ROUND_UP)(
        to("0.01", decimal.ROUND_DOWN)(yuan)
    ),
    Rounding.SEE_JIAO_UP_YUAN: lambda yuan: to("1", decimal.ROUND_UP)(
        to("0.1", decimal.ROUND_DOWN)(yuan)
    ),
    Rounding.UP_YUAN: to("1", decimal.ROUND_UP),
    Rounding.UP_EVEN_YUAN: to("2", decimal.ROUND_UP),
    Rounding.DROP_JIAO: to("1", decimal.ROUND_DOWN),
    Rounding.DROP_FEN: to("0.1", decimal.ROUND_DOWN),
    Rounding.DROP_LI: to("0.01", decimal.ROUND_DOWN),
    Rounding.HALF_UP_FEN: to("0.01", decimal.ROUND_HALF_UP),
    Rounding.HALF_UP_JIAO: to("0.1", decimal.ROUND_HALF_UP),
    Rounding.HALF_UP_YUAN: to("1", decimal.ROUND_HALF_UP),
    Rounding.HALF_EVEN_FEN: to("0.01", decimal.ROUND_HALF_EVEN),
}

# Amounts with up to five decimals below the yuan, often exactly between two steps.
decimals = st.one_of(
    st.decimals(-(10**9), 10**9, places=5, allow_nan=False, allow_infinity=False),
    st.integers(-(10**7), 10**7).map(lambda halves: Decimal(halves * 5).scaleb(-3)),
    st.integers(-(10**6), 10**6).map(lambda halves: Decimal(halves * 5).scaleb(-1)),
)
fractions = st.fractions(-(10**12), 10**12, max_denominator=10**6)
kinds = st.sampled_from(Rounding)


def test_every_kind_has_a_second_opinion() -> None:
    assert set(ORACLES) == set(Rounding)
    assert len(Rounding) == 11


@settings(max_examples=500)
@given(kinds, decimals)
@example(Rounding.HALF_UP_FEN, Decimal("1048.905"))
@example(Rounding.HALF_EVEN_FEN, Decimal("1048.905"))
@example(Rounding.HALF_UP_YUAN, Decimal("2235.6"))
@example(Rounding.HALF_UP_FEN, Decimal("-0.005"))
def test_each_kind_rounds_as_decimal_does(kind: Rounding, yuan: Decimal) -> None:
    fen = Fraction(yuan) * 100
    assert kind(fen).to_decimal() == ORACLES[kind](yuan)


@given(kinds, fractions)
def test_a_rounded_amount_is_a_whole_number_of_steps_near_the_exact_one(
    kind: Rounding, fen: Fraction
) -> None:
    rounded = kind(fen)
    step = kind.spec.step
    assert rounded.fen % step == 0
    assert abs(rounded.fen - fen) < step
    if kind.spec.direction.startswith("half"):
        assert abs(rounded.fen - fen) <= Fraction(step, 2)


@given(kinds, fractions)
def test_rounding_twice_changes_nothing(kind: Rounding, fen: Fraction) -> None:
    once = kind(fen)
    assert kind(once) == once
    assert kind(Fraction(once.fen)) == once


@given(kinds, fractions)
def test_taking_back_is_the_mirror_of_paying(kind: Rounding, fen: Fraction) -> None:
    assert kind(-fen) == -kind(fen)


@given(kinds, fractions, fractions)
def test_the_greater_amount_never_rounds_to_the_lesser(
    kind: Rounding, one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    assert kind(low) <= kind(high)


@given(kinds, st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_whole_numbers_and_fractions_round_alike(kind: Rounding, top: int, bottom: int) -> None:
    assert kind.whole(top, bottom) == kind(Fraction(top, bottom)).fen


@given(fractions)
def test_up_and_down_kinds_hold_the_exact_amount_between_them(fen: Fraction) -> None:
    size = abs(fen)
    assert Rounding.DROP_LI(size).fen == math.floor(size)
    assert Rounding.UP_YUAN(size).fen == math.ceil(size / 100) * 100
    assert Rounding.DROP_JIAO(size) <= Rounding.DROP_FEN(size) <= Rounding.DROP_LI(size)
    assert Rounding.UP_EVEN_YUAN(size).fen % 200 == 0


@given(kinds, sis.money())
def test_money_and_its_fen_round_alike(kind: Rounding, amount: Money) -> None:
    assert kind(amount) == kind(amount.fen) == kind(Fraction(amount.fen))


@pytest.mark.parametrize(
    ("rate", "base", "printed"),
    [("6.5%", "16137", "1048.91"), ("6.5%", "8233", "535.15"), ("0.5%", "743", "3.72")],
)
def test_half_a_fen_goes_up_as_the_published_amounts_show(
    rate: str, base: str, printed: str
) -> None:
    # Exact halves that official or published tables print; half-even and truncation miss them.
    exact = Rate(rate).of(Money.yuan(base))
    assert exact.denominator == 2
    assert Rounding.HALF_UP_FEN(exact) == Money.yuan(printed)
    assert Rounding.DROP_LI(exact) != Money.yuan(printed)


@pytest.mark.parametrize("kind", Rounding)
def test_every_kind_is_named_in_both_languages(kind: Rounding) -> None:
    assert kind.title()
    assert kind.title("en").isascii()
    assert not kind.title().isascii()
    assert Rounding(kind.value) is kind


@pytest.mark.parametrize("value", [True, "1", None, Decimal(1), 1.5])
def test_only_exact_numbers_are_rounded(value: object) -> None:
    with pytest.raises(TypeError, match="can't be rounded exactly"):
        Rounding.HALF_UP_FEN(value)  # type: ignore[arg-type]
