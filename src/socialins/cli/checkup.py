"""A check-up of a roster: what somebody wants to know before the month is settled and filed.

Nothing here is new: it is what reading, settling and the calendar say, gathered under the questions
a clerk asks. A settlement is tried leniently, so that one missing figure does not hide the rest.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import attrs

from socialins.calendar import DueItem, MonthCalendar, RetirementReminders, Window
from socialins.cli.request import Outcome, Request
from socialins.faults import Fault, Text
from socialins.model import Roster, RosterEntry
from socialins.settlement import Contribution, Settlement
from socialins.settlement.plain import fault_to_plain
from socialins.values import Money

__all__ = ["Bounded", "Checkup", "Edge", "Touched", "check_up"]


class Edge(StrEnum):
    """The bound that a wage meets."""

    FLOOR = "floor"
    CAP = "cap"


@attrs.frozen
class Touched:
    """An insurance whose floor or cap a person's wage meets.

    Arguments:
        insurance: its id.
        title: how it is called.
        edge: which of the two.
        bound: the floor or the cap.
        base: what the base becomes.
    """

    insurance: str
    title: Text
    edge: Edge
    bound: Money
    base: Money


@attrs.frozen
class Bounded:
    """A person whose wage meets a floor or a cap.

    Arguments:
        entry: the person's row.
        touched: the insurances, each once.
    """

    entry: RosterEntry
    touched: tuple[Touched, ...]


@attrs.frozen(kw_only=True)
class Checkup:
    """What was found.

    Arguments:
        request: what was asked.
        today: the day on which it was asked.
        roster: the roster; None if it can't be read.
        bounded: persons whose wage meets a floor or a cap.
        missing: figures that are needed and not known.
        calendar: the month's windows.
        due: what the change from an earlier roster calls for; None if none was given.
        faults: what is wrong with the rows, and warnings.
    """

    request: Request
    today: date
    roster: Roster | None = None
    bounded: tuple[Bounded, ...] = ()
    missing: tuple[Fault, ...] = ()
    calendar: MonthCalendar
    due: tuple[DueItem, ...] | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether the month can be settled: no row is wrong and, unless lenient, all is known."""
        wrong = any(fault.is_error for fault in self.faults)
        return not wrong and (self.request.lenient or not self.missing)

    @property
    def retirement(self) -> RetirementReminders | None:
        """Who retires within six months, or should have; None if the roster can't be read."""
        if self.roster is None:
            return None
        request = self.request
        return request.region.retirement_reminders(
            self.roster, request.month, overlay=request.overlay
        )

    def is_open(self, window: Window) -> bool:
        """Whether a window is open today."""
        return any(
            opening.opens.date() <= self.today <= opening.last_day for opening in window.openings
        )

    def to_plain(self, lang: str) -> dict[str, Any]:
        """The check-up for JSON."""
        return {
            "region": self.request.region.slug,
            "month": str(self.request.month),
            "today": str(self.today),
            "persons": len(self.roster) if self.roster else 0,
            "bounds": [
                {
                    **_person(one.entry),
                    "wage": str(one.entry.wage.amount),
                    "insurance": touched.insurance,
                    "edge": touched.edge.value,
                    "bound": str(touched.bound),
                    "base": str(touched.base),
                }
                for one in self.bounded
                for touched in one.touched
            ],
            **_retirement(self.retirement, lang),
            "missing": [fault_to_plain(fault, lang) for fault in self.missing],
            "windows": [
                {
                    "business": window.business,
                    "title": window.title.get(lang),
                    "insurance": window.insurance,
                    "opens": window.opens.isoformat(),
                    "last_day": window.last_day.isoformat(),
                    "open": self.is_open(window),
                }
                for window in self.calendar
            ],
            "windows_unknown": [fault_to_plain(fault, lang) for fault in self.calendar.unknown],
            "due": None if self.due is None else [_due(item, lang) for item in self.due],
            "faults": [fault_to_plain(fault, lang) for fault in self.faults],
        }


def check_up(request: Request, before: Request | None, today: date, lang: str) -> Checkup:
    """Check a roster.

    Arguments:
        request: the roster, the region, the month, the account's own figures.
        before: the roster of the month before, if there is one.
        today: the day in China.
        lang: of what is shown meanwhile.
    """
    calendar = request.region.calendar(
        request.month, known_on=request.known_on, overlay=request.overlay
    )
    found = request.read_or_fail(lang)
    if isinstance(found, Outcome):
        return Checkup(request=request, today=today, calendar=calendar, faults=found.faults)
    strict = attrs.evolve(request, lenient=False).settle(found, lang)
    bill = strict.bill
    if bill is None:
        bill = attrs.evolve(request, lenient=True).settle(found, lang).bill
    faults = bill.faults if bill is not None else (*strict.faults, *found.faults)
    due = None
    if before is not None:
        earlier = before.read_or_fail(lang)
        if isinstance(earlier, Outcome):
            faults = (*faults, *earlier.faults)
        else:
            faults = (*faults, *earlier.faults)
            due = request.region.due(earlier, found, request.month, today, overlay=request.overlay)
    return Checkup(
        request=request,
        today=today,
        roster=found,
        bounded=_bounded(bill, found) if bill is not None else (),
        missing=strict.stopped,
        calendar=calendar,
        due=due,
        faults=tuple(dict.fromkeys(faults)),
    )


def _bounded(bill: Settlement, roster: Roster) -> tuple[Bounded, ...]:
    """Who meets a bound, and in which insurances."""
    by_person: dict[tuple[str, str], dict[tuple[str, Edge], Touched]] = {}
    for one in bill.contributions:
        if one.person is not None and (touched := _touched(one)) is not None:
            kept = by_person.setdefault(one.person.key, {})
            kept.setdefault((one.insurance, touched.edge), touched)
    return tuple(
        Bounded(entry, tuple(by_person[entry.person.key].values()))
        for entry in roster
        if entry.person.key in by_person
    )


def _touched(one: Contribution) -> Touched | None:
    line = one.line
    # As the rule does: the wage is rounded first, then held between the two.
    wage = line.base_rounding(one.wage)
    for edge, bound in ((Edge.FLOOR, line.floor), (Edge.CAP, line.cap)):
        if bound is None:
            continue
        if (wage.fen <= bound) if edge is Edge.FLOOR else (wage.fen >= bound):
            return Touched(one.insurance, line.title, edge, Money(bound), one.base)
    return None


def _person(entry: RosterEntry) -> dict[str, Any]:
    person = entry.person
    return {"row": entry.row, "name": person.name, "id_number": person.document.number}


def _retirement(found: RetirementReminders | None, lang: str) -> dict[str, Any]:
    reminders, unknown = (found.items, found.unknown) if found else ((), ())
    return {
        "retirement": [
            {
                "row": one.row,
                "name": one.person.name,
                "id_number": one.person.document.number,
                "status": one.status.value,
                "certain": one.certain,
                "message": one.message(lang),
                "dates": [
                    {
                        "category": date_.category.value,
                        "month": str(date_.month),
                        "delay_months": date_.delay_months,
                        "earliest": str(date_.earliest),
                        "latest": str(date_.latest),
                        "minimum_months": date_.minimum_months,
                    }
                    for date_ in one.dates
                ],
            }
            for one in reminders
        ],
        "retirement_unknown": [person.document.number for person in unknown],
    }


def _due(item: DueItem, lang: str) -> dict[str, Any]:
    return {
        "business": item.business,
        "title": item.title.get(lang),
        "status": item.status.value,
        "last_day": item.last_day.isoformat() if item.last_day else None,
        "persons": [
            {"name": person.name, "id_number": person.document.number} for person in item.persons
        ],
        "materials": [text.get(lang) for text in item.materials],
        "prerequisites": [text.get(lang) for text in item.prerequisites],
        "unknown": [fault_to_plain(fault, lang) for fault in item.unknown],
    }
