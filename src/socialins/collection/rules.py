"""CollectionRules: what `decide` asks of a region's rules; nothing of it is remembered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import attrs

from socialins.calendar import SHANGHAI, CalendarUnknown, Window, day_of, window_of
from socialins.collection.codes import CollectionMode
from socialins.rules import Cascade, RuleUnknown
from socialins.rules.collection import Collecting, Handover
from socialins.values import Month

__all__ = ["CollectionRules"]


@attrs.frozen(eq=False)
class CollectionRules:
    """The rules of collection in a region; `Region.collection` makes one.

    Arguments:
        cascade: the region's rules, with an overlay if there is one.

    >>> from socialins.testing.middle import middle
    >>> rules = middle().collection()
    >>> rules.mode("pension", Month(2026, 11)).value
    'special'
    >>> made = datetime(2026, 11, 3, 15, tzinfo=SHANGHAI)
    >>> rules.payable_from(CollectionMode.SPECIAL, made).isoformat()
    '2026-11-04T00:00:00+08:00'
    """

    cascade: Cascade = attrs.field(repr=False)
    _table: Collecting = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.cascade.collection(), takes_self=True),
    )
    _windows: dict[tuple[str, str, Month], Window | None] = attrs.field(
        init=False, repr=False, factory=dict
    )

    @property
    def division(self) -> str:
        """The region's code."""
        return self.cascade.nearest.division

    @property
    def table(self) -> Collecting:
        """The table ``[collection]`` of the rules, all levels put together."""
        return self._table

    def mode(self, insurance: str, month: Month) -> CollectionMode | None:
        """In which way an insurance is collected in a month; None where no rule says."""
        return self._table.mode(insurance, month)

    def payable_from(self, mode: CollectionMode, planned_at: datetime) -> datetime | None:
        """The first moment a plan can be declared; None where no rule says.

        Arguments:
            mode: in which way it is collected; what the unit declares itself needs no handing over.
            planned_at: the moment it was made.
        """
        if mode is CollectionMode.SELF_DECLARED or self._table.handover is Handover.AT_ONCE:
            return planned_at
        if self._table.handover is Handover.DAILY_MIDNIGHT:
            day = planned_at.astimezone(SHANGHAI).date() + timedelta(days=1)
            return datetime.combine(day, time(), SHANGHAI)
        return None

    def due(self, insurance: str, month: Month) -> date | None:
        """The last day of payment for a month (缴费期限); None where no rule states it.

        It is the last day of the window of ``collection.declare``.
        """
        window = self._window("collection.declare", insurance, month)
        return None if window is None else window.last_day

    def deduction(self, insurance: str, month: Month) -> Window | None:
        """The days of deduction (扣款期) for a month; None where no rule states them.

        They are the window of ``collection.deduct``.
        """
        return self._window("collection.deduct", insurance, month)

    def credited_on(self, month: Month) -> date | None:
        """The day on which a deduction for a month shows on the account; None if no rule says."""
        rule = self._table.credited
        try:
            return None if rule is None else day_of(rule, month)
        except CalendarUnknown:
            return None

    def deadline(self, printed_on: date) -> date | None:
        """The last day of a voucher printed on a day; None where no rule says."""
        days = self._table.voucher_days
        return None if days is None else printed_on + timedelta(days=days)

    def _window(self, business: str, insurance: str, month: Month) -> Window | None:
        key = business, insurance, month
        if key not in self._windows:
            try:
                found = window_of(self.cascade, business, month, insurance=insurance)
            except (RuleUnknown, CalendarUnknown):
                found = None
            self._windows[key] = found
        return self._windows[key]
