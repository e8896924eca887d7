"""Month (月份) and spans of months: the clock of social insurance.

Contributions, rules and enrolments run in whole months. A month is a type of its own so that
2024-01-07 can't be mistaken for the first of July, and a month 31 can't exist.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, overload

import attrs

__all__ = ["Month", "MonthSpan", "as_month"]

_FORMS = (
    re.compile(r"(\d{4})-(\d{1,2})\Z"),
    re.compile(r"(\d{4})[/.](\d{1,2})\Z"),
    re.compile(r"(\d{4})(\d{2})\Z"),
    re.compile(r"(\d{4})年(\d{1,2})月?\Z"),
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _year(_instance: object, _attribute: object, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} can't be a year; pass Month(2026, 11) or Month.of('2026-11')")
    if not _FIRST_YEAR <= value <= _LAST_YEAR:
        raise ValueError(f"year {value} is outside {_FIRST_YEAR}–{_LAST_YEAR}")


def _number(_instance: object, _attribute: object, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} can't be a month; pass Month(2026, 11) or Month.of('2026-11')")
    if not 1 <= value <= 12:
        raise ValueError(f"month {value} does not exist; months run from 1 to 12")


@attrs.frozen(order=False, repr=False, cache_hash=True)
class Month:
    """A calendar month.

    Arguments:
        year: 1900 to 2200.
        month: 1 to 12.

    >>> Month(2026, 11) + 2
    Month(2027, 1)
    >>> Month(2027, 1) - Month(2026, 11)
    2
    >>> str(Month(2026, 11)), f"{Month(2026, 11):zh}"
    ('2026-11', '2026年11月')
    >>> Month(2026, 31)
    Traceback (most recent call last):
        ...
    ValueError: month 31 does not exist; months run from 1 to 12
    """

    year: int = attrs.field(validator=_year)
    month: int = attrs.field(validator=_number)

    @classmethod
    def of(cls, value: Month | str | date) -> Month:
        """Read a month: text as ``"2026-11"``, ``"2026/11"``, ``"202611"`` or ``"2026年11月"``, a
        date (the month it lies in), or a `Month`.

        Raises:
            TypeError: for another type.
            ValueError: for text that is no month.

        >>> Month.of("2026年11月") == Month.of("202611") == Month(2026, 11)
        True
        """
        if isinstance(value, Month):
            return value
        if isinstance(value, date):
            return cls(value.year, value.month)
        if not isinstance(value, str):
            raise TypeError(f"{type(value).__name__} can't be a month; pass '2026-11' or a Month")
        return _read(value)

    @classmethod
    def from_index(cls, index: int) -> Month:
        """The month with this `index`.

        >>> Month.from_index(Month(2026, 11).index)
        Month(2026, 11)
        """
        year, month = divmod(index, 12)
        return cls(year, month + 1)

    @property
    def index(self) -> int:
        """Months since year 0: consecutive months have consecutive numbers."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month.

        >>> Month(2024, 2).last_day
        datetime.date(2024, 2, 29)
        """
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def to(self, last: Month) -> MonthSpan:
        """The span from this month through ``last``.

        >>> Month(2026, 7).to(Month(2027, 6)).count()
        12
        """
        return MonthSpan(self, last)

    # Written out, since rules compare months more than they do anything else.
    def __lt__(self, other: object) -> bool:
        return self.index < other.index if isinstance(other, Month) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.index <= other.index if isinstance(other, Month) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.index > other.index if isinstance(other, Month) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.index >= other.index if isinstance(other, Month) else NotImplemented

    def __add__(self, months: int) -> Month:
        if isinstance(months, bool) or not isinstance(months, int):
            return NotImplemented
        return Month.from_index(self.index + months)

    @overload
    def __sub__(self, other: Month) -> int: ...
    @overload
    def __sub__(self, other: int) -> Month: ...
    def __sub__(self, other: Month | int) -> Month | int:
        if isinstance(other, Month):
            return self.index - other.index
        if isinstance(other, bool) or not isinstance(other, int):
            return NotImplemented
        return Month.from_index(self.index - other)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def __repr__(self) -> str:
        return f"Month({self.year}, {self.month})"

    def __format__(self, spec: str) -> str:
        if spec == "":
            return str(self)
        if spec == "zh":
            return f"{self.year}年{self.month}月"
        raise ValueError(f"unknown format {spec!r} for a month; use '' or 'zh'")


@lru_cache(maxsize=4096)
def _read(text: str) -> Month:
    """Read a month; the same few are read over and over, row by row and call by call."""
    for form in _FORMS:
        if match := form.match(text.strip()):
            return Month(int(match[1]), int(match[2]))
    raise ValueError(f"{text!r} is no month; write it as '2026-11'")


def as_month(value: Month | str | date) -> Month:
    """`Month.of` as a function, for converters."""
    return Month.of(value)


def _ordered(span: MonthSpan, _attribute: object, last: Month | None) -> None:
    if last is not None and last < span.first:
        raise ValueError(f"a span can't end in {last}, before it begins in {span.first}")


@attrs.frozen(repr=False)
class MonthSpan:
    """A run of whole months, both ends included; without a last month it is open.

    Arguments:
        first: the first month, or text that `Month.of` reads.
        last: the last month, or None for an open span.

    >>> span = MonthSpan("2026-07", "2027-06")
    >>> Month(2026, 11) in span, span.count(), str(span)
    (True, 12, '2026-07..2027-06')
    >>> [str(month) for month in MonthSpan("2026-11", "2027-01")]
    ['2026-11', '2026-12', '2027-01']
    """

    first: Month = attrs.field(converter=as_month)
    last: Month | None = attrs.field(
        default=None, converter=attrs.converters.optional(as_month), validator=_ordered
    )

    @classmethod
    def parse(cls, text: str) -> MonthSpan:
        """Read ``"2026-07..2027-06"``, ``"2026-07.."`` or a single month.

        >>> MonthSpan.parse("2026-07..").last is None
        True
        """
        first, dots, last = text.partition("..")
        if not dots:
            return cls(first, first)
        return cls(first, last.strip() or None)

    def __contains__(self, month: Month) -> bool:
        return self.first <= month and (self.last is None or month <= self.last)

    def __iter__(self) -> Iterator[Month]:
        if self.last is None:
            raise ValueError(f"span {self} is open; cut it with overlap() before walking it")
        return (Month.from_index(index) for index in range(self.first.index, self.last.index + 1))

    def __lt__(self, other: MonthSpan) -> bool:
        return self.first < other.first

    def count(self) -> int:
        """How many months; an open span can't be counted."""
        if self.last is None:
            raise ValueError(f"span {self} is open; cut it with overlap() before counting it")
        return self.last.index - self.first.index + 1

    def overlap(self, other: MonthSpan) -> MonthSpan | None:
        """The months that lie in both, or None.

        >>> MonthSpan("2026-01", "2026-08").overlap(MonthSpan("2026-07"))
        MonthSpan('2026-07..2026-08')
        """
        first = max(self.first, other.first)
        ends = [span.last for span in (self, other) if span.last is not None]
        last = min(ends) if ends else None
        if last is not None and last < first:
            return None
        return MonthSpan(first, last)

    def __str__(self) -> str:
        return f"{self.first}..{self.last or ''}"

    def __repr__(self) -> str:
        return f"MonthSpan('{self}')"
