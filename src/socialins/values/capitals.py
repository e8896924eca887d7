"""Chinese capitals (大写金额): amounts written so that nobody can add a stroke.

Settlement sheets, payment notices and vouchers carry the total twice, in digits and in capitals.
"""

from __future__ import annotations

from socialins.values.exact import refuse_float
from socialins.values.money import Money

__all__ = ["in_capitals"]

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def in_capitals(amount: Money) -> str:
    """Write an amount in Chinese capitals.

    Arguments:
        amount: below 10^16 yuan; a negative amount begins with 负.

    Raises:
        ValueError: for a larger amount.

    >>> in_capitals(Money.yuan("1680.32"))
    '壹仟陆佰捌拾元叁角贰分'
    >>> in_capitals(Money.yuan("107000.53"))
    '壹拾万柒仟元伍角叁分'
    >>> in_capitals(Money.yuan("16409.02")), in_capitals(Money.yuan("325.04"))
    ('壹万陆仟肆佰零玖元零贰分', '叁佰贰拾伍元零肆分')
    >>> in_capitals(Money(0)), in_capitals(Money.yuan("-30"))
    ('零元整', '负叁拾元整')
    """
    refuse_float(amount, "an amount", "Money.yuan('12.34')")
    yuan, fen = divmod(abs(amount.fen), 100)
    if yuan >= 10**16:
        raise ValueError(f"{amount:¥,} is too large to be written in capitals")
    jiao, fen = divmod(fen, 10)
    text = "负" if amount.fen < 0 else ""
    if yuan:
        text += _whole(yuan) + "元"
    if not jiao and not fen:
        return (text if yuan else f"{text}零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return text + (_DIGITS[fen] + "分" if fen else "")


def _whole(number: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            # What does not fill the first place behind 亿 or 万 leaves a gap, said once, as 零.
            gap = "零" if 0 < low < size // 10 else ""
            return _whole(high) + name + gap + _whole(low)
    return _group(number)


def _group(group: int) -> str:
    text = ""
    gap = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
