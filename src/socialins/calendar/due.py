"""What is due: the businesses that a change of roster calls for, with their last days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

import attrs

from socialins.calendar.window import Window, window_of
from socialins.calendar.workdays import CalendarUnknown
from socialins.calendar.zone import SHANGHAI
from socialins.faults import Fault, Text
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster, RosterEntry
from socialins.rules import Cascade, RuleUnknown
from socialins.rules.business import Material
from socialins.values import Month

__all__ = ["DueItem", "DueStatus", "due_items"]


class DueStatus(StrEnum):
    """How a window stands on a day."""

    UPCOMING = "upcoming"
    OPEN = "open"
    MISSED = "missed"
    UNKNOWN = "unknown"

    def title(self, lang: str = "zh") -> str:
        """The status in words."""
        return _STATUSES[self][lang == "en"]


_STATUSES = {
    DueStatus.UPCOMING: ("未到申报期", "not open yet"),
    DueStatus.OPEN: ("申报期内", "open"),
    DueStatus.MISSED: ("已过申报期", "missed"),
    DueStatus.UNKNOWN: ("申报期未知", "window not known"),
}


@attrs.frozen(kw_only=True)
class DueItem:
    """A business that an account must still file for a month.

    Arguments:
        business: the business's id.
        title: how it is called.
        persons: whom it is for; empty for the account as a whole.
        windows: the windows that may apply. Joiners have several where the region keeps one for
            the first enrolment and one for transfers, as a roster does not tell which it is.
        status: how the windows stand today: open if one is open.
        last_day: the first of their last days that is not past; None when none is left or known.
        materials, prerequisites: as far as the region's rules know them.
        unknown: why a window is not known.
    """

    business: str
    title: Text
    persons: tuple[InsuredPerson, ...]
    windows: tuple[Window, ...]
    status: DueStatus
    last_day: date | None
    materials: tuple[Material, ...] = ()
    prerequisites: tuple[Text, ...] = ()
    unknown: tuple[Fault, ...] = ()


# A joiner is filed as one of these; the general one is asked only where a region has none nearer.
_JOINING = ("staff.new", "staff.transfer-in", "staff.resume")


def due_items(
    cascade: Cascade, before: Roster | None, after: Roster, month: Month, today: date
) -> tuple[DueItem, ...]:
    """What the change from one roster to the next calls for.

    Arguments:
        cascade: the region's rules.
        before: the roster of the month before; None for a new account.
        after: the roster of the month.
        month: the first month that the changes take effect for.
        today: the day in China on which it is asked.

    Returns:
        Joiners, leavers and changed wages, each with its window; whoever stayed as they were calls
        for nothing.
    """
    was = {entry.person.key: entry for entry in before} if before else {}
    now = {entry.person.key: entry for entry in after}
    joined = [entry for key, entry in now.items() if key not in was]
    left = [entry for key, entry in was.items() if key not in now]
    changed = [
        entry
        for key, entry in now.items()
        if key in was and was[key].wage.amount != entry.wage.amount
    ]
    found = []
    for business, entries in (
        ("staff.add", joined),
        ("staff.stop", left),
        ("wage.change", changed),
    ):
        if entries:
            found.append(_item(cascade, business, entries, month, today))
    return tuple(found)


def _item(
    cascade: Cascade, business: str, entries: Iterable[RosterEntry], month: Month, today: date
) -> DueItem:
    windows: list[Window] = []
    unknown: list[Fault] = []
    for one in _candidates(cascade, business):
        try:
            windows.append(window_of(cascade, one, month))
        except (RuleUnknown, CalendarUnknown) as error:
            unknown.append(error.fault)
    known = cascade.businesses().get(business)
    left = sorted(window.last_day for window in windows if window.last_day >= today)
    return DueItem(
        business=business,
        title=cascade.business_title(business),
        persons=tuple(entry.person for entry in entries),
        windows=tuple(windows),
        status=_status(windows, today),
        last_day=left[0] if left else None,
        materials=known.materials if known else (),
        prerequisites=known.prerequisites if known else (),
        unknown=tuple(unknown),
    )


def _candidates(cascade: Cascade, business: str) -> Iterator[str]:
    stated = {subject for subject, _ in cascade.window_subjects()}
    if business == "staff.add":
        nearer = [one for one in _JOINING if one in stated]
        if nearer:
            yield from nearer
            return
    yield business


def _status(windows: list[Window], today: date) -> DueStatus:
    if not windows:
        return DueStatus.UNKNOWN
    if any(
        opening.opens.astimezone(SHANGHAI).date() <= today <= opening.last_day
        for window in windows
        for opening in window.openings
    ):
        return DueStatus.OPEN
    if any(window.last_day >= today for window in windows):
        return DueStatus.UPCOMING
    return DueStatus.MISSED
