"""Rosters from forms: what was read of a file in a bureau's layout → a `Roster` (花名册)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from socialins.faults import Fault
from socialins.forms.errors import FormError
from socialins.forms.papers.entries import EntryMaker
from socialins.forms.plaintext import excerpt
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import IdDocument, read_credit_code
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import Unit, UnitAccount
from socialins.values import Month

if TYPE_CHECKING:
    from socialins.forms.papers.reading import ReadForm

__all__ = ["roster_of"]


def roster_of(read: ReadForm, month: Month, account: UnitAccount | None) -> Roster:
    """The roster that a file in a form's layout gives.

    Arguments:
        read: what was read of the file.
        month: the month the roster is for.
        account: the unit's account, in place of what stands above the table.

    Raises:
        FormError: if the form has no column for the name, the number or the wage.
    """
    form = read.form
    if not form.can_be_roster:
        raise FormError(Fault("form.no-roster", {"form": form.title}, read.place))
    maker = EntryMaker(form.columns, Vocabulary.of(form.cascade))
    entries: list[RosterEntry] = []
    # A roster tells of every row of a person who is named twice.
    faults = [fault for fault in read.faults if fault.code != "form.row.repeated"]
    for row, number in zip(read.rows, read.numbers, strict=True):
        entry, found = maker.entry(row, number)
        for field, fault in found:
            value = row.get(field)
            shown = value.number if isinstance(value, IdDocument) else value
            faults.append(fault.at(read.place_of(number, field, shown)))
        if entry is not None:
            entries.append(entry)
    if account is None:
        account, doubts = _account(read)
        faults += doubts
    roster = Roster.gather(month, entries, account=account, faults=faults)
    placed = [
        fault if fault.place.file else fault.at(read.place_of(fault.place.row, fault.place.field))
        for fault in roster.faults
    ]
    placed.sort(key=lambda fault: fault.place.row or 0)
    return attrs.evolve(roster, faults=placed)


def _account(read: ReadForm) -> tuple[UnitAccount | None, list[Fault]]:
    """The account that stands above the table, if any does."""
    name, number = read.head.get("unit.name"), read.head.get("unit.number")
    code = read.head.get("unit.credit_code")
    if not any((name, number, code)):
        return None, []
    found = read_credit_code(str(code)) if code else None
    place = attrs.evolve(read.place, field="unit.credit_code", value=excerpt(str(code)))
    faults = [fault.at(place) for fault in found.faults] if found else []
    unit = Unit(str(name or ""), found.code if found else None)
    return UnitAccount(unit, number=str(number or "")), faults
