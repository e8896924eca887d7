"""Rates: 9.8 % that is not exactly 98/1000 is a wrong contribution for everybody."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from socialins.testing import strategies as sis
from socialins.values import Money, Rate

fractions = st.fractions(0, 1, max_denominator=10**6)


@given(sis.rates())
def test_a_rate_that_was_written_reads_back_equal(rate: Rate) -> None:
    assert Rate(str(rate)) == Rate(rate.decimal()) == Rate(rate) == rate
    assert Rate(Decimal(rate.decimal())) == rate
    assert eval(repr(rate), {"Rate": Rate}) == rate
    assert pickle.loads(pickle.dumps(rate)) == rate


@given(fractions)
def test_a_rate_without_a_finite_decimal_form_stays_exact(fraction: Fraction) -> None:
    rate = Rate(fraction)
    assert rate.fraction == fraction
    assert Rate(str(rate)) == Rate(rate.decimal()) == rate


@given(st.integers(0, 10**5))
def test_percent_per_mille_and_decimal_text_mean_the_same(count: int) -> None:
    shown = Decimal(count).scaleb(-3)
    by_percent = Rate(f"{shown}%")
    assert by_percent == Rate(f"{shown * 10}‰") == Rate(str(shown.scaleb(-2)))
    assert by_percent == Rate(f" {shown} ％ ") == Rate(f"{count}/100000")
    assert by_percent.fraction == Fraction(count, 100_000)


@given(sis.rates(), sis.money())
def test_a_rate_of_a_base_is_the_exact_product(rate: Rate, base: Money) -> None:
    assert rate.of(base) == rate.fraction * base.fen
    assert Decimal(rate.decimal()) * base.fen == Decimal(rate.of(base).numerator) / Decimal(
        rate.of(base).denominator
    )


@given(st.lists(sis.rates(), min_size=1))
def test_rates_add_and_multiply_exactly(rates: list[Rate]) -> None:
    assert sum(rates, Rate(0)).fraction == sum(rate.fraction for rate in rates)
    assert sum(rates) == sum(rates, Rate(0))
    assert (rates[0] * rates[-1]).fraction == rates[0].fraction * rates[-1].fraction
    assert sorted(rates) == sorted(rates, key=lambda rate: rate.fraction)
    assert bool(rates[0]) is (rates[0].fraction != 0)


@pytest.mark.parametrize(
    "text", ["", "%", "8%%", "8 per cent", "1/0", "1/2/3", "nan", "inf%", "1_0%", "九", "1e99999"]
)
def test_text_that_is_no_rate_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"Rate\('9.8%'\)|'9.8%'"):
        Rate(text)


def test_numerator_and_denominator_are_in_lowest_terms() -> None:
    assert (Rate("9.8%").numerator, Rate("9.8%").denominator) == (49, 500)


@given(sis.rates(min_value="0.05%", max_value="3%", places=4))
def test_drawn_rates_keep_to_the_bounds_asked_for(rate: Rate) -> None:
    assert Rate("0.05%") <= rate <= Rate("3%")
    assert 10**4 % rate.denominator == 0
