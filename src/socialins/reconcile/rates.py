"""Rates of an export: 16%, 0.16 or 16, told apart by what the row's base and amount give.

Nothing that was seen says how the client writes a rate. A number without a percent sign is read as
what makes base × rate the amount of its own row; rows that don't tell follow those that do, if
these agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from socialins.faults import Fault
from socialins.forms.plaintext import excerpt, half_width, trim
from socialins.forms.sheets import CellValue, Percent
from socialins.reconcile.detail import DetailRow
from socialins.values import Rate

__all__ = ["RateUnit", "read_detail_rate", "settle_rates"]

RateUnit: TypeAlias = Literal["fraction", "percent"]
_DIVISORS: dict[RateUnit, int] = {"fraction": 1, "percent": 100}
# Amounts are rounded to two yuan at most.
_ROUNDED = 200


def read_detail_rate(value: CellValue) -> tuple[Rate, bool] | Fault:
    """Read a rate, and whether it stands there without a percent sign.

    >>> read_detail_rate("16%"), read_detail_rate(Percent(0.16))
    ((Rate('16%'), False), (Rate('16%'), False))
    >>> read_detail_rate("0.16")
    (Rate('16%'), True)
    >>> read_detail_rate("some").code
    'form.rate.unreadable'
    """
    fault = Fault("form.rate.unreadable", {"value": excerpt(value)})
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return fault
    bare = not isinstance(value, Percent)
    try:
        if isinstance(value, str):
            text = half_width(trim(value)).replace(" ", "")
            bare = text[-1:] not in ("%", "‰")
            found = Rate(text)
        elif isinstance(value, float):
            if not math.isfinite(value):
                return fault
            # The shortest text that gives the same float is what was typed.
            found = Rate(repr(float(value)))
        else:
            found = Rate(value)
    except (ValueError, ArithmeticError):
        return fault
    if not 0 <= found.fraction <= 100:
        return Fault("form.rate.range", {"value": excerpt(value)})
    return found, bare


def settle_rates(
    rows: Sequence[DetailRow], unit: RateUnit | None
) -> tuple[list[DetailRow], int | None]:
    """Give bare rates their meaning.

    Arguments:
        rows: the rows of one table.
        unit: how bare rates are meant; told by the amounts if left out.

    Returns:
        The rows; and the number of the first whose rate could not be told, which has none now.
    """
    told = {index: unit or _told(row) for index, row in enumerate(rows) if row.bare}
    ways = {way for way in told.values() if way is not None}
    common = next(iter(ways)) if len(ways) == 1 else None
    settled = list(rows)
    unknown = None
    for index, way in told.items():
        row, meant = rows[index], way or common
        if row.rate is None:
            continue
        rate: Rate | None = row.rate
        if row.rate and meant is None:
            rate = None
            unknown = row.row if unknown is None else unknown
        elif row.rate and meant == "percent":
            rate = Rate(row.rate.fraction / 100)
        settled[index] = attrs.evolve(row, rate=rate, bare=False)
    return settled, unknown


def _told(row: DetailRow) -> RateUnit | None:
    """The one meaning that makes base × rate the amount."""
    if row.base is None or not row.rate:
        return None
    top, bottom, full = row.rate.numerator, row.rate.denominator, row.full.fen
    fits: list[RateUnit] = [
        unit
        for unit, divisor in _DIVISORS.items()
        if abs(top * row.base.fen - full * bottom * divisor) < _ROUNDED * bottom * divisor
    ]
    return fits[0] if len(fits) == 1 else None
