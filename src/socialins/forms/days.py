"""Days and months from cells, in the usual spellings and in no others.

A day that can be read in two ways (3/4/1990, 90-3-4, a bare serial number) is asked about.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from socialins.faults import Fault
from socialins.forms.plaintext import excerpt, half_width, trim
from socialins.forms.sheets import CellValue
from socialins.values import Month

__all__ = ["read_day", "read_month"]

_DAYS = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_MIDNIGHT = re.compile(r"[T\s]+0?0:00(:00(\.0+)?)?$")


def read_day(value: CellValue) -> date | Fault:
    """Read a day: a date cell, ``1990-01-05``, ``1990/1/5``, ``1990.1.5``, ``1990年1月5日``,
    ``19900105``.

    >>> read_day("1990年1月5日") == read_day("1990/1/5 0:00:00") == read_day(19900105)
    True

    A year that no month can be in, as a slip of the pen makes it, is a fault too.

    >>> read_day("5/1/1990").code, read_day("3026-11-16").code
    ('form.date.unreadable', 'form.date.unreadable')
    """
    day = _day(value)
    if day is not None:
        try:
            Month.of(day)
        except ValueError:
            day = None
    return Fault("form.date.unreadable", {"value": excerpt(value)}) if day is None else day


def _day(value: CellValue) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    for form in _DAYS:
        if match := form.fullmatch(text):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                break
    return None


def read_month(value: CellValue) -> Month | Fault:
    """Read a month: ``2026-07``, ``2026/7``, ``2026年7月``, ``202607``, or a day in it.

    >>> read_month("2026年7月") == read_month(202607) == read_month(date(2026, 7, 1))
    True
    >>> read_month(2026.1).code
    'form.month.unreadable'
    """
    day = read_day(value)
    try:
        return Month.of(_text(value) if isinstance(day, Fault) else day)
    except ValueError:
        return Fault("form.month.unreadable", {"value": excerpt(value)})


def _text(value: CellValue) -> str:
    # 2026.1 as a number may have been typed 2026.10: numbers are read when whole, and not else.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _MIDNIGHT.sub("", half_width(trim(value))) if isinstance(value, str) else ""
