"""Refusals: who passes a wrong value reads what it was taken for, and what to pass instead.

The text is all that a caller has to go by: one that names nothing costs an hour in a debugger.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from socialins.values import Money, Month, Rate, Rounding, in_capitals

# What a type checker would refuse before it runs; not everybody has one.
WRONG: Any = 2.5
LISTED: Any = [1]

FLOATS: dict[str, tuple[Callable[[], object], str]] = {
    "money + float": (lambda: Money(1) + WRONG, "an amount"),
    "float + money": (lambda: WRONG + Money(1), "an amount"),
    "money - float": (lambda: Money(1) - WRONG, "an amount"),
    "money * float": (lambda: Money(1) * WRONG, "a count of amounts"),
    "rate + float": (lambda: Rate("8%") + WRONG, "a rate"),
    "float + rate": (lambda: WRONG + Rate("8%"), "a rate"),
    "rate * float": (lambda: Rate("8%") * WRONG, "a rate"),
    "rate.of()": (lambda: Rate("8%").of(WRONG), "a base"),
    "in_capitals()": (lambda: in_capitals(WRONG), "an amount"),
}


@pytest.mark.parametrize(("use", "taken_for"), FLOATS.values(), ids=FLOATS)
def test_a_float_is_named_with_what_it_was_taken_for(
    use: Callable[[], object], taken_for: str
) -> None:
    with pytest.raises(TypeError) as refused:
        use()
    said = str(refused.value)
    assert said.startswith(f"float 2.5 can't be {taken_for}: it is not exact; pass "), said


AMOUNT = "pass Money.yuan('12.34') for yuan, Money(1234) for fen"
RATE = "pass Rate('9.8%') or Rate('0.098')"
COUNT = "pass an int, or Rate.of(money) with a Rounding"
EXACT = "pass Rate.of(money), Money or a Fraction of fen"
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "fen that are no number": (
        lambda: Money(LISTED),
        TypeError,
        f"list can't be an amount of fen; {AMOUNT}",
    ),
    "yuan that are no number": (
        lambda: Money.yuan(LISTED),
        TypeError,
        f"list can't be an amount; {AMOUNT}",
    ),
    "endless text": (
        lambda: Money.yuan("9" * 41),
        ValueError,
        f"text of 41 characters can't be an amount; {AMOUNT}",
    ),
    "an absurd amount": (
        lambda: Money.yuan(Decimal("1e41")),
        ValueError,
        f"1E+41 can't be an amount: it is out of all range; {AMOUNT}",
    ),
    "half a fen": (
        lambda: Money.yuan(Decimal("0.005")),
        ValueError,
        "0.005 has a part smaller than a fen; round it with a Rounding first",
    ),
    "an amount times a float": (
        lambda: Money(1) * WRONG,
        TypeError,
        f"float 2.5 can't be a count of amounts: it is not exact; {COUNT}",
    ),
    "an amount divided": (
        lambda: Money(1) / 2,
        TypeError,
        "an amount can't be divided without a rule; use split() or share()",
    ),
    "a float before a rate": (
        lambda: WRONG + Rate(0),
        TypeError,
        f"float 2.5 can't be a rate: it is not exact; {RATE}",
    ),
    "no rate": (lambda: Rate(LISTED), TypeError, f"list can't be a rate; {RATE}"),
    "no percentage": (lambda: Rate("x%"), ValueError, f"'x' can't be a rate; {RATE}"),
    "no numerator": (lambda: Rate("y/2"), ValueError, f"'y' can't be a rate; {RATE}"),
    "no denominator": (lambda: Rate("1/z"), ValueError, f"'z' can't be a rate; {RATE}"),
    "no month": (
        lambda: Month.of(WRONG),
        TypeError,
        "float can't be a month; pass '2026-11' or a Month",
    ),
    "an unknown form of a month": (
        lambda: format(Month(2026, 11), "d"),
        ValueError,
        "unknown format 'd' for a month; use '' or 'zh'",
    ),
    "a float to be rounded": (
        lambda: Rounding.HALF_UP_FEN(WRONG),
        TypeError,
        f"float 2.5 can't be rounded exactly; {EXACT}",
    ),
}


@pytest.mark.parametrize(("use", "kind", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_what_was_passed_and_what_to_pass(
    use: Callable[[], object], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind) as refused:
        use()
    assert str(refused.value) == said


@pytest.mark.parametrize("number", [1, -1, 100])
@pytest.mark.parametrize("value", [Money(5), Rate("5%")], ids=repr)
def test_a_number_before_the_plus_sign_is_not_swallowed(value: Any, number: int) -> None:
    # sum() begins with 0, so 0 may be added; anything else would be lost without a word.
    assert 0 + value == value
    with pytest.raises(TypeError, match="unsupported operand"):
        number + value


def test_the_longest_figures_that_are_read_are_read_to_the_last_digit() -> None:
    longest = "9" * 40
    assert Money.yuan(longest) == Money(int(longest) * 100)
    assert Money.yuan(Decimal("1e40")) == Money(10**42)
