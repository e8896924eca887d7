"""Days: windows, what is due, and when somebody retires."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs

from socialins.calendar import (
    DueItem,
    MonthCalendar,
    RetirementDate,
    RetirementReminders,
    Window,
    due_items,
    month_calendar,
    retirement_month,
    retirement_reminders,
    window_of,
)
from socialins.calendar.retirement import retirement_categories, retirement_category
from socialins.facade.rules import RegionRules
from socialins.model.codes import RetirementCategory
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster
from socialins.rules.overlay import Overlay
from socialins.values import Month

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["RegionDays"]


@attrs.frozen(eq=False, repr=False)
class RegionDays(RegionRules):
    """Windows, what is due, and retirement."""

    def window(
        self,
        business: str,
        month: Month | str,
        *,
        insurance: str | None = None,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> Window:
        """When a business may be submitted for a month (申报期).

        Arguments:
            business: the business's id, such as ``"staff.stop"``.
            month: the first month it takes effect for; for a stop, the first month no longer
                insured.
            insurance: the insurance it is for, where the region keeps windows apart.
            known_on: as known on this day; None for everything that is installed.
            overlay: the unit's own rules; its ``variants`` choose among readings that disagree.

        Raises:
            RuleUnknown: if no rule states it.
            CalendarUnknown: if it moves to a workday and the year's holidays are not known.

        >>> from socialins.testing.middle import middle
        >>> window = middle().window("staff.add", "2026-11")
        >>> window.opens.isoformat(), window.last_day.isoformat()
        ('2026-10-11T00:00:00+08:00', '2026-11-07')
        """
        return window_of(
            self._with(overlay), business, Month.of(month), insurance=insurance, known_on=known_on
        )

    def calendar(
        self,
        month: Month | str,
        *,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> MonthCalendar:
        """Every window of a month, and what of it is not known."""
        return month_calendar(self._with(overlay), Month.of(month), known_on)

    def due(
        self,
        before: Roster | None,
        after: Roster,
        month: Month | str,
        today: date,
        *,
        overlay: Overlay | None = None,
    ) -> tuple[DueItem, ...]:
        """What an account must still file for a month, from the difference of two rosters.

        Arguments:
            before: the roster of the month before; None for a new account.
            after: the roster of the month.
            month: the first month that the changes take effect for.
            today: the day in China on which it is asked.
            overlay: the unit's own rules, as for `window`.
        """
        return due_items(self._with(overlay), before, after, Month.of(month), today)

    def retirement(
        self,
        who: InsuredPerson | Month | str,
        category: RetirementCategory | str | None = None,
        *,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> RetirementDate:
        """When a person, or those born in a month, reach the statutory retirement age.

        Arguments:
            who: a person, or a month of birth.
            category: ``"men"`` (``"M"``), ``"women-55"`` (``"F55"``: women who formerly retired at
                55) or ``"women-50"`` (``"F50"``); a man needs none.
            known_on: as known on this day; None for everything that is installed.
            overlay: the unit's own rules, as for `window`.

        Raises:
            RuleUnknown: if no rule covers the month of birth.
            ValueError: if the birth date is not known, or the category neither given nor certain.

        >>> from socialins.testing.middle import middle
        >>> found = middle().retirement("1966-01", "M")
        >>> str(found.month), found.delay_months
        ('2026-08', 7)
        """
        if isinstance(who, InsuredPerson):
            if who.birth_date is None:
                raise ValueError("the birth date of this person is not known; pass it as a month")
            possible = retirement_categories(who)
            birth = Month.of(who.birth_date)
        else:
            possible, birth = (), Month.of(who)
        if category is None and len(possible) != 1:
            choices = RetirementCategory.choices("en")
            raise ValueError(f"say which category the person is in, one of {choices}")
        wanted = possible[0] if category is None else retirement_category(category)
        return retirement_month(self._with(overlay), birth, wanted, known_on=known_on)

    def retirement_reminders(
        self,
        roster: Roster,
        month: Month | str | None = None,
        *,
        categories: Mapping[str, RetirementCategory | str] | None = None,
        overlay: Overlay | None = None,
    ) -> RetirementReminders:
        """Who of a roster retires within three or six months, this month, or is over age.

        Arguments:
            roster: the persons.
            month: the month to count from; the roster's if left out.
            categories: document number → category; without it a woman is reminded of by both
                dates that may hold.
            overlay: the unit's own rules, as for `window`.
        """
        asked = roster.month if month is None else Month.of(month)
        return retirement_reminders(self._with(overlay), roster, asked, categories=categories)
