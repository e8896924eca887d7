"""Workdays (工作日): the State Council's calendar of holidays and made-up workdays.

The calendar of a year is announced late in the year before. A year that is not known yet is a
fault: nobody can say in spring on which Saturdays of next year people work.
"""

from __future__ import annotations

from datetime import date, timedelta

from socialins.faults import Fault, FaultError
from socialins.rules.windows import Shift

__all__ = ["CalendarUnknown", "is_workday", "shift_to_workday"]


class CalendarUnknown(FaultError):
    """The holidays of a year are not known, and a workday rule needs them."""


def is_workday(day: date) -> bool:
    """Whether people work on a day: weekdays and made-up workdays, holidays aside.

    Raises:
        CalendarUnknown: for a year whose holidays are not known.

    >>> is_workday(date(2026, 10, 1)), is_workday(date(2026, 10, 10))
    (False, True)
    """
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise CalendarUnknown(
            Fault("calendar.year-unknown", {"year": str(day.year), "day": day.isoformat()})
        ) from None


def shift_to_workday(day: date, shift: Shift) -> date:
    """The day itself if it is a workday, else the next or the previous one.

    >>> shift_to_workday(date(2026, 10, 25), Shift.PREVIOUS)
    datetime.date(2026, 10, 23)
    """
    step = timedelta(days=1 if shift is Shift.NEXT else -1)
    while not is_workday(day):
        day += step
    return day
