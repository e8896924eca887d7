"""The caller's decimal context: an application that sets it low still gets every fen.

`decimal.getcontext()` belongs to the application; arithmetic on `Decimal` rounds as it says.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from socialins.testing import strategies as sis
from socialins.values import Money, Rate


@pytest.fixture(autouse=True, scope="module")
def _application_that_rounds_to_three_digits() -> Iterator[None]:
    with decimal.localcontext(prec=3):
        yield


@given(sis.money() | st.integers(-(10**40), 10**40).map(Money))
def test_an_amount_keeps_its_fen_as_a_decimal(amount: Money) -> None:
    assert Fraction(amount.to_decimal()) * 100 == amount.fen
    assert Money.yuan(amount.to_decimal()) == amount


@given(sis.rates() | st.integers(-(10**36), 10**36).map(lambda n: Rate(Fraction(n, 10**36))))
def test_a_rate_keeps_its_digits_as_text(rate: Rate) -> None:
    assert Rate(rate.decimal()) == rate
    assert Rate(str(rate)) == rate
    assert eval(repr(rate), {"Rate": Rate}) == rate


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-0.5%", "-0.005"),
        ("105%", "1.05"),
        ("-300%", "-3"),
        ("0.00001%", "0.0000001"),
        ("1/3%", "1/300"),
        ("0.12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678"),
    ],
)
def test_a_rate_is_written_plainly_however_long_it_is(text: str, shown: str) -> None:
    assert Rate(text).decimal() == shown
    if "/" not in shown:
        assert str(Rate(text)).endswith("%")
