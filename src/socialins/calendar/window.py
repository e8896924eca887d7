"""Window (申报期): when a business may be submitted for a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import attrs

from socialins.calendar.workdays import CalendarUnknown, shift_to_workday
from socialins.calendar.zone import SHANGHAI
from socialins.faults import Fault, Text
from socialins.rules import Cascade, Citation, Located, RuleClass, RuleUnknown, Source
from socialins.rules.windows import DayRule, Interval, WindowFigure, clock
from socialins.values import Month

__all__ = ["MonthCalendar", "Opening", "Window", "month_calendar", "window_of"]


@attrs.frozen
class Opening:
    """One run of days in which a window is open.

    Arguments:
        opens: the first moment, included.
        closes: the first moment after it, excluded.
        daily: hours of each day it keeps, if any.
    """

    opens: datetime
    closes: datetime
    daily: tuple[time, time | None] | None = None

    def contains(self, moment: datetime) -> bool:
        """Whether it is open at a moment."""
        if not self.opens <= moment < self.closes:
            return False
        if self.daily is None:
            return True
        begins, ends = self.daily
        local = moment.astimezone(SHANGHAI).time()
        return begins <= local and (ends is None or local < ends)

    @property
    def last_day(self) -> date:
        """The last day on which something can be done."""
        return (self.closes - timedelta(microseconds=1)).date()


@attrs.frozen(kw_only=True)
class Window:
    """When a business may be submitted for a month (申报期).

    The month is the first month that the business takes effect for; for a stop, the first month in
    which the person is no longer insured.

    Arguments:
        business: the business's id.
        title: how it is called.
        month: the month.
        openings: the runs of days, in order.
        insurance: the insurance it is for; None for all.
        variant: the reading that was chosen; empty for the default.
        citation: the rule, with its documents.
    """

    business: str
    title: Text
    month: Month
    openings: tuple[Opening, ...]
    insurance: str | None = None
    variant: str = ""
    citation: Citation = attrs.field(repr=False)

    @property
    def opens(self) -> datetime:
        """The first moment it is open."""
        return self.openings[0].opens

    @property
    def closes(self) -> datetime:
        """The first moment after it; the window is half-open."""
        return self.openings[-1].closes

    @property
    def last_day(self) -> date:
        """The last day on which the business can be submitted."""
        return self.openings[-1].last_day

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents it rests on."""
        return self.citation.sources

    def contains(self, moment: datetime) -> bool:
        """Whether the business may be submitted at a moment.

        Arguments:
            moment: an aware datetime, in any zone.

        Raises:
            ValueError: for a naive datetime, which says nothing about when.
        """
        if moment.tzinfo is None:
            raise ValueError(
                f"{moment} has no time zone; pass an aware datetime, such as "
                "datetime.now(socialins.calendar.SHANGHAI)"
            )
        return any(opening.contains(moment) for opening in self.openings)


@attrs.frozen
class MonthCalendar:
    """Every window of a month, in order of their days.

    Arguments:
        month: the month.
        windows: what is known.
        unknown: what a rule speaks of and is not known, or can't be computed, with the reason.
    """

    month: Month
    windows: tuple[Window, ...]
    unknown: tuple[Fault, ...] = ()

    def __iter__(self) -> Iterator[Window]:
        return iter(self.windows)

    def __len__(self) -> int:
        return len(self.windows)


def window_of(
    cascade: Cascade,
    business: str,
    month: Month,
    *,
    insurance: str | None = None,
    known_on: date | None = None,
) -> Window:
    """The window of a business for a month.

    Raises:
        RuleUnknown: if no rule states it.
        CalendarUnknown: if it moves to a workday and the year's holidays are not known.
    """
    located = cascade.find(
        "window", month, RuleClass(), insurance=business, item=insurance, known_on=known_on
    )
    if located is None or located.figure is None:
        raise RuleUnknown(_unknown(cascade, located, business, month))
    return _window(cascade, located, business, month, insurance)


def month_calendar(cascade: Cascade, month: Month, known_on: date | None = None) -> MonthCalendar:
    """Every window that some level's rules speak of, for a month."""
    windows: list[Window] = []
    unknown: list[Fault] = []
    for business, insurance in cascade.window_subjects():
        try:
            windows.append(
                window_of(cascade, business, month, insurance=insurance, known_on=known_on)
            )
        except (RuleUnknown, CalendarUnknown) as error:
            unknown.append(error.fault)
    windows.sort(key=lambda window: (window.opens, window.closes, window.business))
    return MonthCalendar(month, tuple(windows), tuple(unknown))


def _window(
    cascade: Cascade, located: Located, business: str, month: Month, insurance: str | None
) -> Window:
    figure: WindowFigure = located.figure
    openings = sorted(
        (_opening(interval, month) for interval in figure.intervals),
        key=lambda opening: opening.opens,
    )
    return Window(
        business=business,
        title=cascade.business_title(business),
        month=month,
        openings=tuple(openings),
        insurance=insurance,
        variant=located.series.variant,
        citation=located.citation(),
    )


def _opening(interval: Interval, month: Month) -> Opening:
    opens = datetime.combine(
        day_of(interval.first, month), clock(interval.opens_at) or time(), SHANGHAI
    )
    last = day_of(interval.last, month)
    ends = clock(interval.closes_at)
    # Without a time the last day counts whole: the window ends as the next day begins.
    closes = (
        datetime.combine(last, ends, SHANGHAI)
        if ends is not None
        else datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    )
    daily = None
    if (begins := clock(interval.daily_from)) is not None:
        daily = begins, clock(interval.daily_to)
    return Opening(opens, closes, daily)


def day_of(rule: DayRule, month: Month) -> date:
    """The day that a rule means for a month.

    Raises:
        CalendarUnknown: if it moves to a workday and the year's holidays are not known.
    """
    of = month + rule.month
    last = of.last_day.day
    number = last if rule.day == "last" else min(rule.day, last)
    day = date(of.year, of.month, number) + timedelta(days=rule.plus)
    return day if rule.workday is None else shift_to_workday(day, rule.workday)


def _unknown(cascade: Cascade, located: Located | None, business: str, month: Month) -> Fault:
    why = located.found.why if located else None
    last = located.found.last if located else None
    zh, en = "无", "nothing"
    if last is not None:
        zh = f"{last.describe('zh')}（{last.span}）"
        en = f"{last.describe('en')} ({last.span})"
    return Fault(
        "calendar.window-unknown",
        {
            "region": cascade.nearest.names.name,
            "month": str(month),
            "business": cascade.business_title(business),
            "business_id": business,
            "insurance_id": "",
            "payer_id": "",
            "last": Text(zh, en),
            "why": Text(why.zh, f"{why.en} ") if why else "",
        },
    )
