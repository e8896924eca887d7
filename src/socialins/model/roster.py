"""Roster (花名册): an account's insured persons and their declared wages for one month.

A roster is what gets settled. It keeps the faults found on the way in, so that a row that could not
be read is never lost: it stands in `faults` instead of in `entries`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from socialins.faults import Fault, Place
from socialins.model.codes import Employment, Household
from socialins.model.enrolment import Enrolment
from socialins.model.person import InsuredPerson
from socialins.model.unit import UnitAccount, as_ids, as_injury_rate, injury_rate
from socialins.model.wage import DeclaredWage, not_negative
from socialins.values import Money, Month, Rate, as_month
from socialins.values.masking import masked

__all__ = ["Roster", "RosterEntry"]


@attrs.frozen
class RosterEntry:
    """One person of a roster.

    Arguments:
        person: who.
        wage: the declared wage.
        household: household class (户籍).
        employment: full-time or part-time (用工形式).
        insurances: ids of the insurances chosen for the person; None for all that apply.
        injury_rate: an injury rate stated for this row, in place of the account's.
        row: the row in the file it came from, as a spreadsheet counts; None if from elsewhere.
    """

    person: InsuredPerson
    wage: DeclaredWage
    household: Household = Household.URBAN_LOCAL
    employment: Employment = Employment.FULL_TIME
    insurances: frozenset[str] | None = attrs.field(default=None, converter=as_ids)
    injury_rate: Rate | None = attrs.field(
        default=None, converter=as_injury_rate, validator=injury_rate
    )
    row: int | None = None


def _entries(entries: Iterable[RosterEntry]) -> tuple[RosterEntry, ...]:
    return tuple(entries)


def _faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(faults)


def _each_person_once(
    _roster: object, _attribute: object, entries: tuple[RosterEntry, ...]
) -> None:
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if entry.person.key in seen:
            raise ValueError(
                f"{entry.person.document.masked()} is twice in one account and month; "
                "use Roster.gather, which reports such rows as faults"
            )
        seen.add(entry.person.key)


@attrs.frozen
class Roster:
    """An account's roster for one month.

    Arguments:
        month: the month of the contributions.
        entries: one per person; the same person twice is an error here, a fault in `gather`.
        account: the account, if known: its injury rate, type and insurances bear on the result.
        total_wages: the account's total wages (工资总额), where a region's rule needs them.
        faults: what was found wrong on the way in.
    """

    month: Month = attrs.field(converter=as_month)
    entries: tuple[RosterEntry, ...] = attrs.field(converter=_entries, validator=_each_person_once)
    account: UnitAccount | None = None
    total_wages: Money | None = attrs.field(
        default=None, repr=masked, validator=attrs.validators.optional(not_negative)
    )
    faults: tuple[Fault, ...] = attrs.field(default=(), converter=_faults)

    @classmethod
    def gather(
        cls,
        month: Month | str,
        entries: Iterable[RosterEntry],
        *,
        account: UnitAccount | None = None,
        total_wages: Money | None = None,
        faults: Iterable[Fault] = (),
    ) -> Roster:
        """Make a roster from entries that may name a person twice.

        Nobody can tell which of two rows is meant, so a person named twice is left out altogether,
        and each of the rows becomes a fault that names the others.
        """
        by_person: defaultdict[tuple[str, str], list[RosterEntry]] = defaultdict(list)
        for entry in entries:
            by_person[entry.person.key].append(entry)
        found = list(faults)
        kept = []
        for rows in by_person.values():
            if len(rows) == 1:
                kept.append(rows[0])
            else:
                found += [_duplicate(entry, rows) for entry in rows]
        return cls(month, tuple(kept), account, total_wages, tuple(found))

    @classmethod
    def from_enrolments(
        cls, month: Month | str, account: UnitAccount, enrolments: Iterable[Enrolment]
    ) -> Roster:
        """The roster that an account's enrolments give for a month (在册人员).

        Enrolments of other accounts, of other months, and exempt ones are passed over. Enrolments
        of one person are joined; a wage that is missing in one, or a wage or class that differs
        between them, is a fault.
        """
        month = Month.of(month)
        by_person: defaultdict[tuple[str, str], list[Enrolment]] = defaultdict(list)
        for enrolment in enrolments:
            if enrolment.account_number == account.number and month in enrolment.span:
                by_person[enrolment.person.key].append(enrolment)
        entries, faults = [], []
        for parts in by_person.values():
            found = _join(month, parts)
            if isinstance(found, RosterEntry):
                entries.append(found)
            elif found is not None:
                faults.append(found)
        return cls.gather(month, entries, account=account, faults=faults)

    def __iter__(self) -> Iterator[RosterEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def _duplicate(entry: RosterEntry, rows: list[RosterEntry]) -> Fault:
    others = [str(row.row) for row in rows if row is not entry and row.row is not None]
    return Fault(
        "roster.duplicate",
        {"person": entry.person.document.masked(), "others": ", ".join(others) or "?"},
        Place(row=entry.row, field="id_number", value=entry.person.document.masked()),
    )


def _join(month: Month, parts: list[Enrolment]) -> RosterEntry | Fault | None:
    due = [part for part in parts if part.terms_in(month).exemption is None]
    if not due:
        return None
    person = due[0].person
    masked = person.document.masked()
    found = [part.wage_in(month) for part in due]
    wages = {wage.amount: wage for wage in found if wage is not None}
    if None in found or len(wages) != 1:
        # A wage declared for one insurance says nothing of another that has none.
        code = "roster.wage.missing" if None in found else "roster.wage.differs"
        shown = ", ".join(f"{amount:¥,}" for amount in sorted(wages))
        values = {"person": masked, "wages": shown}
        return Fault(code, values, Place(field="wage", value=masked))
    classes = {(terms.household, terms.employment) for terms in (p.terms_in(month) for p in due)}
    if len(classes) != 1:
        return Fault("roster.terms.differ", {"person": masked}, Place(value=masked))
    terms = due[0].terms_in(month)
    (wage,) = wages.values()
    return RosterEntry(
        person=person,
        wage=wage,
        household=terms.household,
        employment=terms.employment,
        insurances=frozenset(part.insurance for part in due),
    )
