"""The roster after a month: the roster before it, and what was passed for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from socialins.faults import Fault, Place
from socialins.filing.book import FilingBook
from socialins.filing.changes import Change
from socialins.filing.declaration import Declaration
from socialins.model.codes import Employment, Household, WageOrigin
from socialins.model.roster import Roster, RosterEntry
from socialins.model.wage import DeclaredWage
from socialins.rules.business import Business, RosterEffect
from socialins.values import Money, Month

__all__ = ["RosterAfter", "roster_after"]


@attrs.frozen
class RosterAfter:
    """A roster, and what of the declarations did not fit it.

    Arguments:
        roster: the roster of the month.
        faults: rows that could not be applied: somebody who left was not there, and the like. They
            were passed by the bureau, so somebody's record is wrong; none is dropped unsaid.
    """

    roster: Roster
    faults: tuple[Fault, ...] = ()


def roster_after(
    before: Roster,
    books: Iterable[FilingBook],
    month: Month,
    businesses: Mapping[str, Business],
    *,
    total_wages: Money | None = None,
) -> RosterAfter:
    """Put together the roster of a month.

    Arguments:
        before: the roster of the month before; its persons stay unless they leave.
        books: the account's books; a declaration of an earlier book may count for this month, if
            the counter confirmed it late.
        month: the month.
        businesses: the catalogue, which says whether a business makes somebody join or leave.
        total_wages: the account's total wages of the month; those of the month before don't hold.

    Returns:
        The roster; persons in the order of the roster before, joiners after them in order of
        submission.

    Raises:
        ValueError: if the books are of several accounts, or two of one month: a declaration would
            count twice.
    """
    entries = {entry.person.key: entry for entry in before.entries}
    faults: list[Fault] = []
    counted = [one for book in _apart(books) for one in book.effective if one.effect == month]
    counted.sort(key=lambda one: (one.submitted_at is None, one.submitted_at, one.id))
    for declaration in counted:
        business = businesses.get(declaration.business)
        effect = business.effect if business else None
        for change in declaration.taken():
            if effect in (None, RosterEffect.NONE) or change.person is None:
                continue
            key = change.person.key
            wage = _declared(declaration, change, effect)
            fault = _apply(entries, key, change, effect, wage)
            if fault:
                faults.append(_placed(fault, declaration, change))
    roster = attrs.evolve(
        before, month=month, entries=tuple(entries.values()), total_wages=total_wages
    )
    return RosterAfter(roster, tuple(faults))


_Entries = dict[tuple[str, str], RosterEntry]


def _apart(books: Iterable[FilingBook]) -> list[FilingBook]:
    """The books, of one account and each of another month."""
    found = [book for book in books if book.is_opened]
    if len({(book.account, book.division) for book in found}) > 1:
        raise ValueError("the books are of several accounts; a roster is one account's")
    if len({book.month for book in found}) < len(found):
        raise ValueError("two books are of one month; pass each book once")
    return found


def _declared(
    declaration: Declaration, change: Change, effect: RosterEffect | None
) -> DeclaredWage | None:
    """The wage that a row declares, with where it comes from."""
    if change.wage is None:
        return None
    if effect is RosterEffect.JOIN:
        origin = WageOrigin.FIRST_MONTH
    elif declaration.business == "wage.declare":
        origin = WageOrigin.LAST_YEAR_AVERAGE
    else:
        origin = WageOrigin.CHANGED
    return DeclaredWage(change.wage, origin, declaration.effect)


def _apply(
    entries: _Entries,
    key: tuple[str, str],
    change: Change,
    effect: RosterEffect | None,
    wage: DeclaredWage | None,
) -> str:
    """Apply a row; the code of the fault if it does not fit."""
    known = entries.get(key)
    if effect is RosterEffect.JOIN:
        if known is not None:
            return "filing.there-already"
        if wage is None:
            return "filing.no-wage"
        entries[key] = _joined(change, wage)
    elif known is None:
        return "filing.not-there"
    elif effect is RosterEffect.LEAVE:
        del entries[key]
    else:
        entries[key] = _changed(known, change, wage)
    return ""


def _joined(change: Change, wage: DeclaredWage) -> RosterEntry:
    assert change.person is not None  # noqa: S101  # rows about the unit are passed over
    return RosterEntry(
        change.person,
        wage,
        household=change.household or Household.URBAN_LOCAL,
        employment=change.employment or Employment.FULL_TIME,
        insurances=change.insurances,
    )


def _changed(known: RosterEntry, change: Change, wage: DeclaredWage | None) -> RosterEntry:
    said = {
        name: value
        for name in ("household", "employment", "insurances")
        if (value := getattr(change, name)) is not None
    }
    return attrs.evolve(
        known, person=change.person or known.person, wage=wage or known.wage, **said
    )


def _placed(code: str, declaration: Declaration, change: Change) -> Fault:
    person = change.person.document.masked() if change.person else ""
    return Fault(code, {"declaration": declaration.id, "person": person}, Place(field=change.row))
