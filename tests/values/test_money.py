"""Money: if any of this breaks, somebody is paid or charged a wrong fen."""

from __future__ import annotations

import operator
import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings, strategies as st

from socialins.testing import strategies as sis
from socialins.values import Money, Rate, Rounding, in_capitals

amounts = sis.money()
# Small weights meet ties, exact shares and nothing at all; large ones meet none of these.
counts = st.integers(0, 3) | st.integers(0, 10**6)
weights = st.lists(counts, min_size=1, max_size=12).filter(any)


@given(amounts, amounts)
def test_sums_and_differences_are_those_of_decimal_arithmetic(a: Money, b: Money) -> None:
    assert (a + b).to_decimal() == a.to_decimal() + b.to_decimal()
    assert (a - b).to_decimal() == a.to_decimal() - b.to_decimal()
    assert (-a).to_decimal() == -a.to_decimal()
    assert abs(a).to_decimal() == abs(a.to_decimal())
    assert +a == a


@given(amounts, st.integers(-1000, 1000))
def test_a_multiple_is_the_amount_added_up(a: Money, count: int) -> None:
    assert a * count == count * a == Money(a.fen * count)


@given(st.lists(amounts))
def test_both_ways_of_adding_up_a_list_agree(listed: list[Money]) -> None:
    total = Money(sum(one.fen for one in listed))
    assert Money.sum(listed) == total
    if listed:
        assert sum(listed) == total


@given(amounts, amounts)
def test_amounts_are_ordered_as_their_values(a: Money, b: Money) -> None:
    for compare in (operator.lt, operator.le, operator.eq, operator.gt, operator.ge):
        assert compare(a, b) is compare(a.to_decimal(), b.to_decimal())
    assert (hash(a) == hash(b)) >= (a == b)
    assert bool(a) is (a.fen != 0)


@given(amounts)
@example(Money(-5))
@example(Money(-123456789))
def test_an_amount_that_was_written_reads_back_equal(amount: Money) -> None:
    for spec in ("", ",", "¥", "¥,"):
        assert Money.yuan(format(amount, spec)) == amount
    assert Money.yuan(amount.format()) == Money.yuan(amount.format().replace("¥", "￥")) == amount
    assert Money.yuan(amount.to_decimal()) == Money.yuan(Fraction(amount.fen, 100)) == amount
    assert eval(repr(amount), {"Money": Money}) == amount
    assert pickle.loads(pickle.dumps(amount)) == amount


@given(amounts)
def test_every_written_amount_has_two_decimals(amount: Money) -> None:
    assert Decimal(str(amount)).as_tuple().exponent == -2
    assert str(amount.to_decimal()) == str(amount)


@given(amounts, weights)
def test_sharing_loses_nothing_and_is_fair_to_the_fen(amount: Money, weights: list[int]) -> None:
    parts = amount.share(weights)
    assert Money.sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount.fen * weight, sum(weights))
        assert abs(part.fen - exact) < 1
        assert weight or not part, "who has no weight gets nothing"


@settings(max_examples=200)
@given(sis.money(min_value="0", max_value="1"), weights)
def test_the_odd_fen_go_to_the_largest_remainders_and_earlier_parts_first(
    amount: Money, weights: list[int]
) -> None:
    shares = [divmod(amount.fen * weight, sum(weights)) for weight in weights]
    left = amount.fen - sum(whole for whole, _ in shares)
    by_remainder = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))
    expected = [whole + (place in by_remainder[:left]) for place, (whole, _) in enumerate(shares)]
    assert [part.fen for part in amount.share(weights)] == expected


@given(amounts, weights)
def test_sharing_a_refund_mirrors_sharing_the_payment(amount: Money, weights: list[int]) -> None:
    assert (-amount).share(weights) == tuple(-part for part in amount.share(weights))


@given(amounts, st.integers(1, 50))
def test_equal_parts_differ_by_one_fen_at_most_and_the_first_carry_it(
    amount: Money, count: int
) -> None:
    parts = amount.split(count)
    assert len(parts) == count
    assert Money.sum(parts) == amount
    assert max(parts) - min(parts) <= Money(1)
    assert sorted(map(abs, parts), reverse=True) == list(map(abs, parts))


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_nonsense_weights_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).share(weights)
    with pytest.raises(ValueError, match="0 parts"):
        Money(100).split(0)


floats = st.floats(allow_nan=True, allow_infinity=True)


USES: dict[str, tuple[Callable[[float], object], str]] = {
    "Money()": (Money, "Money.yuan('12.34') for yuan, Money(1234) for fen"),
    "Money.yuan()": (Money.yuan, "Money.yuan('12.34') for yuan, Money(1234) for fen"),
    "money + float": (lambda number: Money(1) + number, "pass Money.yuan('12.34')"),
    "float + money": (lambda number: number + Money(1), "pass Money.yuan('12.34')"),
    "money - float": (lambda number: Money(1) - number, "pass Money.yuan('12.34')"),
    "money * float": (lambda number: Money(1) * number, "Rate.of(money)"),
    "float * money": (lambda number: number * Money(1), "Rate.of(money)"),
    "money / float": (lambda number: Money(1) / number, "use split() or share()"),
    "Rate()": (Rate, "pass Rate('9.8%') or Rate('0.098')"),
    "rate * float": (lambda number: Rate("8%") * number, "pass Rate('9.8%')"),
    "rate + float": (lambda number: Rate("8%") + number, "pass Rate('9.8%')"),
    "rate.of()": (Rate("8%").of, "pass Money.yuan('5000')"),
    "rounding()": (Rounding.HALF_UP_FEN, "pass Rate.of(money)"),
    "in_capitals()": (in_capitals, "pass Money.yuan('12.34')"),
}


@pytest.mark.parametrize(("use", "instead"), USES.values(), ids=USES)
def test_a_float_is_refused_with_what_to_pass_instead(
    use: Callable[[float], object], instead: str
) -> None:
    for number in (0.1, 0.0, -2.5, 100.0, float("nan"), float("inf")):
        with pytest.raises(TypeError, match=re.escape(instead)):
            use(number)


@given(amounts, floats)
def test_an_amount_never_compares_with_a_float(amount: Money, number: float) -> None:
    assert amount != number
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            compare(amount, number)


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_no_amount(value: bool) -> None:
    with pytest.raises(TypeError, match="bool"):
        Money(value)
    with pytest.raises(TypeError, match="bool"):
        Money.yuan(value)


NO_AMOUNTS = "-|12,34|1,23|1,000,0|1 000|1_000|一百|12.3.4|¥|¥¥1|1e999|nan|inf|0x10|½|12元"


@pytest.mark.parametrize("text", ["", " ", *NO_AMOUNTS.split("|"), "9" * 60])
def test_text_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="can't be an amount"):
        Money.yuan(text)


@given(amounts, st.integers(1, 9), st.integers(1, 6))
def test_what_lies_below_a_fen_is_never_dropped_silently(
    amount: Money, digit: int, zeros: int
) -> None:
    with pytest.raises(ValueError, match="smaller than a fen; round it"):
        Money.yuan(f"{amount}{'0' * (zeros - 1)}{digit}")
    assert Money.yuan(f"{amount}{'0' * zeros}") == amount


@given(amounts, amounts)
def test_the_ratio_of_two_amounts_is_exact(a: Money, b: Money) -> None:
    assume(b)
    assert a / b * b.fen == a.fen


def test_other_spellings_of_an_amount_are_read() -> None:
    expected = Money(160000)
    for spelling in ("1600", " 1600.0 ", "1,600.00", "¥1,600", "￥1600.00", "+1600", "１６００"):
        assert Money.yuan(spelling) == expected
    assert Money.yuan(1600) == Money.yuan(expected) == expected
    assert Money.yuan("-¥16") == Money.yuan("¥-16") == Money(-1600)


def test_an_unknown_format_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown format '\.2f' for an amount; use '', ','"):
        format(Money(1), ".2f")
