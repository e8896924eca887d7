"""Capitals: an amount in words that differs from the digits makes a payment notice void.

cn2an, another author's library, is the second opinion; a reader of our own is the third.
"""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import example, given, settings, strategies as st

from socialins.testing import strategies as sis
from socialins.values import Money, in_capitals

with warnings.catch_warnings():
    # Its dependencies warn on import; what they say is no concern of ours.
    warnings.simplefilter("ignore")
    import cn2an

# Zeros are where readings go wrong, so half of the amounts are made of few other digits.
with_zeros = st.text("0012579", min_size=1, max_size=17).map(lambda digits: Money(int(digits)))
amounts = st.one_of(sis.money(min_value="0", max_value="99999999999999.99"), with_zeros)


def without_optional_zero(text: str) -> str:
    """The text without a 零 before a full thousand, which may be written or left out."""
    return re.sub("(?<=[万亿])零(?=[壹贰叁肆伍陆柒捌玖]仟)", "", text)


@settings(max_examples=300)
@given(amounts)
@example(Money.yuan("107000.53"))
@example(Money.yuan("16409.02"))
@example(Money.yuan("100000000.00"))
@example(Money.yuan("83029.00") * 100_000_000)
def test_capitals_agree_with_another_library(amount: Money) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = cn2an.an2cn(str(amount), "rmb")
    assert without_optional_zero(in_capitals(amount)) == without_optional_zero(other)


DIGITS = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
SMALL = {"拾": 10, "佰": 100, "仟": 1000}
LARGE = {"万": 10**4, "亿": 10**8}


def read_whole(text: str) -> int:
    """Read a whole number in capitals: what stands before 亿 or 万 counts that many times."""
    for name, size in (("亿", LARGE["亿"]), ("万", LARGE["万"])):
        before, found, behind = text.rpartition(name)
        if found:
            return read_whole(before) * size + read_whole(behind)
    total = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += digit * SMALL[char]
            digit = 0
    return total + digit


def read(text: str) -> Money:
    """Read an amount in capitals."""
    sign = -1 if text.startswith("负") else 1
    found = re.fullmatch(r"负?(?:(.+?)元)?整?零?(?:(.)角)?(?:(.)分)?整?", text)
    assert found, text
    yuan, jiao, fen = found.groups()
    whole = read_whole(yuan) if yuan else 0
    return Money(sign * (whole * 100 + DIGITS[jiao or "零"] * 10 + DIGITS[fen or "零"]))


@settings(max_examples=300)
@given(amounts, st.booleans())
@example(Money(0), False)
@example(Money(1), True)
@example(Money(10), False)
@example(Money.yuan("9999999999999999.99"), True)
def test_capitals_read_back_as_the_same_amount(amount: Money, taken_back: bool) -> None:
    amount = -amount if taken_back else amount
    assert read(in_capitals(amount)) == amount


@given(amounts)
def test_no_gap_is_said_twice(amount: Money) -> None:
    text = in_capitals(amount)
    assert "零零" not in text
    assert not re.search(
        "零[元万亿拾佰仟角分]", text.replace("零元", "", 1) if not amount.fen // 100 else text
    )
    assert text.endswith("整") is (amount.fen % 100 == 0)


def test_an_amount_too_large_for_the_words_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        in_capitals(Money.yuan("10000000000000000"))


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("10001", "壹万零壹元整"),
        ("10010", "壹万零壹拾元整"),
        ("10999", "壹万零玖佰玖拾玖元整"),
        ("11000", "壹万壹仟元整"),
        ("100010000", "壹亿零壹万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("100000001", "壹亿零壹元整"),
    ],
)
def test_a_gap_behind_ten_thousands_is_said_once_and_a_full_thousand_is_none(
    yuan: str, words: str
) -> None:
    assert in_capitals(Money.yuan(yuan)) == words
