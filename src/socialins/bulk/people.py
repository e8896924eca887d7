"""People: a large roster as columns, with an object only for whoever asks for a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.identity import DocumentType, IdDocument
from socialins.model.codes import Employment, Household
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster, RosterEntry
from socialins.model.wage import DeclaredWage
from socialins.values import Money, Rate

__all__ = ["Columns", "Group", "People", "people_of"]

Group: TypeAlias = tuple[Household, Employment, frozenset[str] | None, Rate | None]
"""What decides the rules of a person: household, employment, insurances chosen, own injury rate."""


@attrs.define
class People:
    """The good rows of a roster, by column, in order of the file.

    Arguments:
        frame: the roster without its entries: month, account, faults.
        rows: row in the file; None where it is not from one.
        names, numbers: of the person and the document.
        types: kind of document.
        wages: in fen.
        groups: index of each person's group in `keys`.
        keys: the groups, in order of their first person.
    """

    frame: Roster
    rows: list[int | None]
    names: list[str]
    numbers: list[str]
    types: list[DocumentType]
    wages: NDArray[np.int64]
    groups: NDArray[np.int64]
    keys: list[Group]

    def __len__(self) -> int:
        return len(self.names)

    def entry(self, index: int) -> RosterEntry:
        """A person as an entry of a roster."""
        household, employment, insurances, rate = self.keys[int(self.groups[index])]
        return RosterEntry(
            person=InsuredPerson(
                self.names[index], IdDocument(self.types[index], self.numbers[index])
            ),
            wage=DeclaredWage(Money(int(self.wages[index]))),
            household=household,
            employment=employment,
            insurances=insurances,
            injury_rate=rate,
            row=self.rows[index],
        )


def people_of(roster: Roster) -> People:
    """A roster that was read, as columns."""
    made = Columns()
    for entry in roster.entries:
        made.add(entry)
    return made.people(attrs.evolve(roster, entries=()))


@attrs.define
class Columns:
    """Columns that grow, until they are a roster's `People`."""

    rows: list[int | None] = attrs.field(factory=list)
    names: list[str] = attrs.field(factory=list)
    numbers: list[str] = attrs.field(factory=list)
    types: list[DocumentType] = attrs.field(factory=list)
    wages: list[int] = attrs.field(factory=list)
    groups: list[int] = attrs.field(factory=list)
    keys: dict[Group, int] = attrs.field(factory=dict)

    def add(self, entry: RosterEntry) -> None:
        """Add an entry."""
        self.rows.append(entry.row)
        self.names.append(entry.person.name)
        self.numbers.append(entry.person.document.number)
        self.types.append(entry.person.document.type)
        self.wages.append(entry.wage.amount.fen)
        key = (entry.household, entry.employment, entry.insurances, entry.injury_rate)
        self.groups.append(self.group(key))

    def group(self, key: Group) -> int:
        """The index of a group."""
        return self.keys.setdefault(key, len(self.keys))

    def without(self, indexes: Iterable[int]) -> None:
        """Take rows out."""
        gone = set(indexes)
        for name in ("rows", "names", "numbers", "types", "wages", "groups"):
            kept = [one for index, one in enumerate(getattr(self, name)) if index not in gone]
            setattr(self, name, kept)

    def people(self, frame: Roster) -> People:
        """The columns as they are, the groups in order of their first person."""
        groups = np.array(self.groups, np.int64)
        used, first = np.unique(groups, return_index=True)
        order = used[np.argsort(first, kind="stable")]
        places = np.zeros(len(self.keys), np.int64)
        places[order] = np.arange(len(order))
        keys = list(self.keys)
        return People(
            frame,
            self.rows,
            self.names,
            self.numbers,
            self.types,
            np.array(self.wages, np.int64),
            places[groups] if len(groups) else groups,
            [keys[int(one)] for one in order],
        )
