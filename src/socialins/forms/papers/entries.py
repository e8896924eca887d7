"""Entries: a roster's person as a row of a form, and a form's row as a roster's person.

The fields of a roster mean the same in every form, so that a layout needs no code to be filled from
a roster or to be read as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from socialins.faults import Fault, Text
from socialins.forms.entry import default_household
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.plaintext import fold
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import IdDocument
from socialins.model.codes import AccountType, Employment
from socialins.model.person import InsuredPerson
from socialins.model.roster import RosterEntry
from socialins.model.unit import UnitAccount
from socialins.model.wage import DeclaredWage
from socialins.rules import Cascade, RuleClass
from socialins.values import Money, Month

__all__ = ["EntryMaker", "EntryWriter", "can_be_roster"]


@attrs.frozen
class EntryWriter:
    """Gives the values that a form can take from a roster's entry.

    Arguments:
        cascade: the region's rules, for the insurances that hold where an entry names none.
        month: the month they hold in; None if it is not known.
        account: the unit's account, if known.
    """

    cascade: Cascade
    month: Month | None
    account: UnitAccount | None

    def values(self, entry: RosterEntry) -> dict[str, Any]:
        """Field → value, for the fields that a roster knows."""
        person = entry.person
        held = self.held(entry)
        found: dict[str, Any] = {
            "name": person.name,
            "id_number": person.document,
            "id_type": person.document.type,
            "birth_date": person.birth_date,
            "sex": person.sex,
            "wage": entry.wage.amount,
            "household": entry.household.title("zh"),
            "employment": entry.employment.title("zh"),
        }
        if held is not None:
            insurances = self.cascade.insurances()
            found["insurances"] = "、".join(one.title.zh for one in insurances if one.id in held)
            found |= {_field_of(one.id): one.id in held for one in insurances}
        return found

    def held(self, entry: RosterEntry) -> frozenset[str] | None:
        """The insurances a person is in; None where nobody can tell without a month."""
        kept = self.account.insurances if self.account else None
        found = entry.insurances if entry.insurances is not None else self._covered(entry)
        return found if kept is None or found is None else found & kept

    def _covered(self, entry: RosterEntry) -> frozenset[str] | None:
        every = frozenset(one.id for one in self.cascade.insurances())
        if self.month is None:
            return every if entry.employment is Employment.FULL_TIME else None
        kind = self.account.account_type if self.account else AccountType.ENTERPRISE
        rule_class = RuleClass(entry.household, entry.employment, kind)
        located = self.cascade.find("coverage", self.month, rule_class)
        if located is None:
            return every
        return frozenset(located.figure.insurances) if located.figure is not None else None


def _field_of(insurance: str) -> str:
    return insurance.replace("-", "_")


def can_be_roster(columns: Iterable[PaperColumn]) -> bool:
    """Whether a form holds what a roster needs: name, number and wage."""
    return {"name", "id_number", "wage"} <= {column.spec.field for column in columns}


@attrs.frozen
class EntryMaker:
    """Makes roster entries of a form's rows.

    Arguments:
        columns: the form's columns.
        vocabulary: the words for insurances.
    """

    columns: tuple[PaperColumn, ...]
    vocabulary: Vocabulary

    def entry(
        self, row: Mapping[str, Any], number: int | None
    ) -> tuple[RosterEntry | None, list[tuple[str, Fault]]]:
        """The entry of a row, or None; and faults with the field of each."""
        document = row["id_number"]
        person = document.masked() if isinstance(document, IdDocument) else row["name"] or "?"
        faults = [
            (field, Fault(code, {"person": person}))
            for field, code in (("name", "roster.name.missing"), ("id_number", "identity.missing"))
            if row[field] is None
        ]
        wages = self._wages(row)
        faults += _wage_faults(wages, person)
        insurances, unknown = self._insurances(row)
        if unknown:
            values: dict[str, str | Text] = {
                "words": ", ".join(unknown),
                "choices": self.vocabulary.choices,
            }
            faults.append(("insurances", Fault("roster.insurance.unknown", values)))
        if faults or document is None:
            return None, faults
        stated = {field: row[field] for field in ("birth_date", "sex") if row.get(field)}
        made = RosterEntry(
            person=InsuredPerson(row["name"], document, **stated),
            wage=DeclaredWage(wages[0]),
            household=default_household(document.type),
            insurances=insurances,
            row=number,
        )
        return made, []

    def _wages(self, row: Mapping[str, Any]) -> list[Money]:
        """The wages of a row, each once; a form may have one for each insurance."""
        fields = [column.field for column in self.columns if column.spec.field == "wage"]
        return list(dict.fromkeys(row[field] for field in fields if row[field] is not None))

    def _insurances(self, row: Mapping[str, Any]) -> tuple[frozenset[str] | None, tuple[str, ...]]:
        """The insurances that a row names or ticks, and words that mean nothing here."""
        # A field that is an insurance's id is among the words for it.
        ticks = [
            (column.field, ids)
            for column in self.columns
            if column.type is ColumnType.TICK
            and (ids := self.vocabulary.words.get(fold(column.field)))
        ]
        if ticks:
            return frozenset().union(*(ids for field, ids in ticks if row[field])), ()
        return self.vocabulary.read(row.get("insurances") or "")


def _wage_faults(wages: list[Money], person: str) -> Iterator[tuple[str, Fault]]:
    if not wages:
        yield "wage", Fault("roster.wage.missing", {"person": person})
    elif len(wages) > 1:
        shown = ", ".join(f"{wage:¥,}" for wage in sorted(wages))
        yield "wage", Fault("roster.wage.differs", {"person": person, "wages": shown})
    elif wages[0].fen <= 0:
        yield "wage", Fault("roster.wage.not-positive", {"value": str(wages[0])})
