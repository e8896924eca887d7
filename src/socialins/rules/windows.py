"""Windows (申报期) as rules: when something may be done for a month.

A window is stated relative to its month: from which day of that month, or of the one before, to
which day; whole days unless hours are given; moved to a workday where the rule says so. Settlement
days, deduction days and payment periods are windows of their own subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from enum import StrEnum
from typing import Literal

import attrs

from socialins.model.codes import Payer
from socialins.rules.business import is_business
from socialins.rules.figures import Figure
from socialins.rules.keys import key
from socialins.rules.series import Series

__all__ = ["DayRule", "Interval", "Shift", "WindowFigure", "WindowSeries"]

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\Z")


class Shift(StrEnum):
    """Where a day is moved that is no workday (遇节假日顺延 or 提前)."""

    NEXT = "next"
    PREVIOUS = "previous"

    def title(self, lang: str = "zh") -> str:
        """The shift in words."""
        return _SHIFTS[self][lang == "en"]


_SHIFTS = {
    Shift.NEXT: ("遇非工作日顺延", "moved to the next workday"),
    Shift.PREVIOUS: ("该日及以前最后一个工作日", "the last workday within it"),
}


def _day(_instance: object, _attribute: object, day: int | str) -> None:
    if isinstance(day, int) and not 1 <= day <= 31:
        raise ValueError(f"day {day} does not exist; days run from 1 to 31, or 'last'")


def _near(_instance: object, _attribute: object, month: int) -> None:
    if not -12 <= month <= 12:
        raise ValueError(f"{month} months away is too far; months run from -12 to 12")


@attrs.frozen(kw_only=True)
class DayRule:
    """A day relative to the window's month.

    Arguments:
        day: day of the month; a day that a short month lacks is its last one.
        month: months away from the window's month; -1 is the month before.
        plus: days added after that; negative for days before.
        workday: where the day moves if it is no workday.
    """

    day: int | Literal["last"] = key(doc="Day of the month, or 'last'", validator=_day)
    month: int = key(default=0, doc="Months away; -1 is the month before", validator=_near)
    plus: int = key(default=0, doc="Days added; negative for days before")
    workday: Shift | None = key(default=None, doc="Where it moves if it is no workday")

    def describe(self, lang: str = "zh") -> str:
        """The day in words."""
        months_zh = {-1: "上月", 0: "", 1: "次月"}.get(self.month, f"{self.month:+}个月")
        months_en = {-1: " of the month before", 0: "", 1: " of the next month"}.get(
            self.month, f" {self.month:+} months"
        )
        if lang == "en":
            day = "the last day" if self.day == "last" else f"the {_ordinal(self.day)}"
            text = day + months_en + (f" {self.plus:+} days" if self.plus else "")
        else:
            day = "月末" if self.day == "last" else f"{self.day}日"
            text = months_zh + day + (f"{self.plus:+}天" if self.plus else "")
        if self.workday is None:
            return text
        shift = self.workday.title(lang)
        return f"{text} ({shift})" if lang == "en" else f"{text}（{shift}）"


def _ordinal(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else suffix}"


def _clock(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if value and (not _CLOCK.match(value) or value > "24:00"):
        raise ValueError(f"{value!r} is no time of day; write it as '08:00', at most '24:00'")


def _clocks_in_order(interval: Interval, _attribute: object, _value: str) -> None:
    daily = bool(interval.daily_from), bool(interval.daily_to)
    if daily[0] != daily[1]:
        raise ValueError("give both 'daily_from' and 'daily_to', or neither")
    if all(daily) and interval.daily_from >= interval.daily_to:
        raise ValueError("'daily_to' must come after 'daily_from'")
    if not _begins_before_it_ends(interval):
        raise ValueError(
            f"the interval ends before it begins: {interval.first.describe('en')} to "
            f"{interval.last.describe('en')}"
        )


@attrs.frozen(kw_only=True)
class Interval:
    """A run of days in which something may be done.

    Arguments:
        first, last: the days, both included.
        opens_at: time of the first day from which it is open; its beginning if left out.
        closes_at: time of the last day until which it is open; its end if left out.
        daily_from, daily_to: hours of each day, where the service keeps hours.
    """

    first: DayRule = key(doc="First day")
    last: DayRule = key(doc="Last day, included")
    opens_at: str = key(default="", doc="Time of the first day, '08:00'", validator=_clock)
    closes_at: str = key(default="", doc="Time of the last day, '22:00'", validator=_clock)
    daily_from: str = key(default="", doc="Hour of each day it opens", validator=_clock)
    daily_to: str = key(
        default="", doc="Hour of each day it closes", validator=[_clock, _clocks_in_order]
    )

    def describe(self, lang: str = "zh") -> str:
        """The interval in words."""
        first = self.first.describe(lang) + (f" {self.opens_at}" if self.opens_at else "")
        last = self.last.describe(lang) + (f" {self.closes_at}" if self.closes_at else "")
        text = f"{first} to {last}" if lang == "en" else f"{first}至{last}"
        if self.daily_from:
            hours = f"{self.daily_from}–{self.daily_to}"
            text += f", {hours} each day" if lang == "en" else f"，每日 {hours}"
        return text


def _begins_before_it_ends(interval: Interval) -> bool:
    """Whether the days can be in order; a workday may move them by some, so near ones pass."""
    places = []
    for rule in (interval.first, interval.last):
        day = 31 if rule.day == "last" else rule.day
        places.append(rule.month * 31 + day + rule.plus)
    return places[0] <= places[1]


def clock(text: str) -> time | None:
    """A time of day; None for ``24:00``, which is the end of the day."""
    match = _CLOCK.match(text)
    if match is None or match[1] == "24":
        return None
    return time(int(match[1]), int(match[2]))


def _some(_instance: object, _attribute: object, intervals: tuple[Interval, ...]) -> None:
    if not intervals:
        raise ValueError("a window needs at least one interval")


@attrs.frozen(kw_only=True)
class WindowFigure(Figure):
    """申报期: the intervals in which something may be done for a month."""

    intervals: tuple[Interval, ...] = key(doc="Runs of days", validator=_some)

    def describe(self, lang: str = "zh") -> str:
        """The window in words."""
        parts = [interval.describe(lang) for interval in self.intervals]
        return (" and " if lang == "en" else "；").join(parts)


def _business(_instance: object, _attribute: object, businesses: tuple[str, ...]) -> None:
    for name in businesses:
        if not is_business(name):
            raise ValueError(f"{name!r} can't name a business; write it like 'staff.add'")
    if not businesses:
        raise ValueError("name at least one business")


@attrs.frozen(kw_only=True)
class WindowSeries(Series[WindowFigure]):
    """The windows of businesses through time.

    Arguments:
        businesses: ids of the businesses it is about.
        insurances: ids of the insurances it is for; all if left out.
        variant: a name, where sources disagree and this is not the reading taken by default; an
            overlay can choose it.
    """

    kind = "window"
    of_calendar = True

    values: tuple[WindowFigure, ...] = key(default=(), doc="Windows, in order of their months")
    businesses: tuple[str, ...] = key(doc="Ids of businesses", validator=_business)
    insurances: tuple[str, ...] = key(default=(), doc="Ids of insurances; all if left out")
    variant: str = key(  # type: ignore[misc]  # other series have one reading only
        default="", doc="Name of a reading that an overlay can choose"
    )

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """One scope per business and insurance."""
        for business in self.businesses:
            for insurance in self.insurances or (None,):
                yield business, insurance, None
