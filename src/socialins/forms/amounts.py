"""Amounts and rates from cells: exactly what the cell says, or a fault.

A spreadsheet holds numbers in binary. One that is written with two decimals reads back with two;
one with more is not an amount that anybody declared, and is not rounded here.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from socialins.faults import Fault
from socialins.forms.plaintext import excerpt, half_width, trim
from socialins.forms.sheets import CellValue, Percent
from socialins.values import Money, Rate

__all__ = ["LARGEST", "plain_amount", "read_amount", "read_band", "read_rate"]

LARGEST = Money.yuan(10**9)
"""Amounts from here on are slips of the hand."""

# From here on a bare number may be a percentage without its sign: 0.2 for 0.2 %.
_BARE = Decimal("0.03")
# A band beyond this is a percentage that lost its sign: 120 for 120 %.
_HIGHEST_BAND = 10
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_IN_TENS = re.compile(r"[\d.,]+\s*[百千万亿wWkK]元?", re.ASCII)
_CURRENCY = re.compile(r"^(?:¥|RMB|CNY)\s*|\s*(?:元|圆|RMB|CNY)$", re.IGNORECASE)
_LONGEST = 40
_MOST = 10**9
_PLAIN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?", re.ASCII)


def read_amount(value: CellValue) -> Money | Fault:
    """Read an amount in yuan.

    Arguments:
        value: a number, or text with or without ¥, 元 and thousands.

    Returns:
        The amount, of any sign; or why there is none.

    >>> read_amount(5000.55), read_amount("￥１２，３４５．６元")
    (Money.yuan('5000.55'), Money.yuan('12345.60'))
    >>> read_amount("1.2万").message("en")
    "'1.2万' is not written out in yuan"
    >>> read_amount(5000.005).code
    'form.amount.fen'
    """
    shown = {"value": excerpt(value)}
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return Fault("form.amount.unreadable", shown)
    number = _number(value)
    if number is None:
        in_tens = isinstance(value, str) and _IN_TENS.fullmatch(half_width(trim(value)))
        return Fault("form.amount.unit" if in_tens else "form.amount.unreadable", shown)
    # Not abs(): that rounds as the context says, and a number too large for it is an error.
    if number.copy_abs() >= LARGEST.to_decimal():
        return Fault("form.amount.too-large", shown)
    try:
        return Money.yuan(number)
    except ValueError:
        return Fault("form.amount.fen", shown)


def plain_amount(value: CellValue) -> Money | None:
    """An amount of a plain number, in a tenth of the time; None for all else `read_amount` reads.

    >>> plain_amount(5000.55), plain_amount("5000.5"), plain_amount(5000), plain_amount("5,000")
    (Money.yuan('5000.55'), Money.yuan('5000.50'), Money.yuan('5000.00'), None)
    >>> plain_amount(5000.005) is plain_amount(True) is None
    True
    """
    kind = type(value)
    if kind is float:
        number: Any = value
        if not 0 <= number < _MOST:
            return None
        # Below fifteen digits no two amounts share their nearest number.
        fen = round(number * 100)
        return Money(fen) if fen / 100 == number else None
    found = _PLAIN.fullmatch(str(value)) if kind in (str, int) else None
    if found is None:
        return None
    yuan, part = found.groups()
    return Money(int(yuan) * 100 + int((part or "").ljust(2, "0")))


def read_rate(value: CellValue) -> Rate | Fault:
    """Read a rate: ``"0.2%"``, ``"2‰"``, ``"1/500"``, 0.002, or a number shown with a percent sign.

    >>> read_rate("0.2%") == read_rate("０．２％") == read_rate(0.002) == read_rate(Percent(0.002))
    True
    >>> read_rate("0.2").message("en")
    "'0.2' may be 20% or 0.2%"
    """
    shown = {"value": excerpt(value)}
    found = _rate(value)
    if found is None:
        return Fault("form.rate.unreadable", shown)
    rate, bare = found
    if not 0 <= rate.fraction <= 1:
        return Fault("form.rate.range", shown)
    if bare and rate.fraction >= _BARE:
        values = shown | {"rate": str(rate), "percent": str(Rate(rate.fraction / 100))}
        return Fault("form.rate.ambiguous", values)
    return rate


def read_band(value: CellValue) -> Rate | Fault:
    """Read a floating band of an injury class (浮动档次): ``"120%"``, 1.2, or a cell that shows it.

    >>> read_band("120%") == read_band("１２０％") == read_band(1.2) == read_band(Percent(1.2))
    True
    >>> read_band(120).code
    'unit.injury-band'
    """
    found = _rate(value)
    if found is None or not 0 < found[0].fraction <= _HIGHEST_BAND:
        return Fault("unit.injury-band", {"value": excerpt(value)})
    return found[0]


def _rate(value: CellValue) -> tuple[Rate, bool] | None:
    """A rate, and whether it is a bare number; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        if isinstance(value, str):
            text = half_width(trim(value)).replace(" ", "")
            return Rate(text), text[-1:] not in ("%", "‰") and "/" not in text
        return Rate(_exact(value)), not isinstance(value, Percent)
    except (ValueError, ArithmeticError):
        return None


def _number(value: str | float | Decimal) -> Decimal | None:
    if not isinstance(value, str):
        exact = _exact(value)
        return exact if exact.is_finite() else None
    text = trim(half_width(value)).replace("\N{FULLWIDTH YEN SIGN}", "¥")
    text = _CURRENCY.sub("", _CURRENCY.sub("", text))
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))


def _exact(value: float | Decimal) -> Decimal:
    # The shortest text that gives the same float is what was typed, if no more than fifteen digits
    # were: a spreadsheet keeps no more.
    if isinstance(value, float):
        return Decimal(repr(float(value))) if math.isfinite(value) else Decimal("NaN")
    return Decimal(value)
