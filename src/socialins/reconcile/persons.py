"""Whose a row is: by number, by 人员编号, or by name where the number is masked or missing.

A name or a masked number counts where it fits one person alone; where it fits several, nobody is
picked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import attrs

from socialins.faults import Fault
from socialins.identity import compare_names
from socialins.model.person import InsuredPerson
from socialins.reconcile.detail import DetailRow, bare_number

__all__ = ["Matched", "Persons", "Who", "mask"]


def mask(number: str) -> str:
    """A number with its middle hidden.

    >>> mask("11010519491231002X"), mask("E12345678")
    ('110***********002X', 'E1*****78')
    """
    left = min(7, len(number) // 2)
    first = min(3, left // 2)
    last = left - first
    return number[:first] + "*" * (len(number) - left) + (number[-last:] if last else "")


@attrs.frozen
class Who:
    """A person of the bill or of the export.

    Arguments:
        name: the name.
        number: the document's number; as the export has it for somebody it alone knows.
        staff: 人员编号, if the export has one.
        key: what makes two rows the same person; the number, unless it is masked or missing.
    """

    name: str = attrs.field(repr=False)
    number: str = attrs.field(repr=mask)
    staff: str = attrs.field(default="", repr=False, eq=False)
    key: str = attrs.field(
        default=attrs.Factory(lambda self: self.number, takes_self=True), repr=False
    )

    def masked(self) -> str:
        """The number with its middle hidden."""
        return mask(self.number)


@attrs.frozen
class Matched:
    """Whose a row is.

    Arguments:
        who: the person; None where it can't be told.
        fault: why it can't be told, or what is unusual.
        among: the persons it may be of, where it can't be told.
    """

    who: Who | None
    fault: Fault | None = None
    among: tuple[Who, ...] = ()


@attrs.define
class Persons:
    """The persons of a bill, and those that the exports bring.

    Arguments:
        ours: number → person.
    """

    ours: Mapping[str, Who]
    _by_name: defaultdict[str, list[Who]] = attrs.field(factory=lambda: defaultdict(list))
    _staff: dict[str, str | None] = attrs.field(factory=dict)
    _others: dict[str, Who] = attrs.field(factory=dict)
    _told: dict[tuple[str, str, str], Matched] = attrs.field(factory=dict)
    _claims: defaultdict[Who, set[tuple[str, str]]] = attrs.field(factory=lambda: defaultdict(set))
    _numbers: defaultdict[str, set[str]] = attrs.field(factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, persons: Iterable[InsuredPerson], staff: Mapping[str, str]) -> Persons:
        """The persons of a bill.

        Arguments:
            persons: those persons.
            staff: 人员编号 → document number, as far as the caller knows.
        """
        made = cls({})
        ours: dict[str, Who] = {}
        for person in persons:
            number = bare_number(person.document.number)
            ours.setdefault(number, Who(person.name, number))
        made.ours = ours
        for who in ours.values():
            made._by_name[who.name].append(who)
        made._staff = {key: bare_number(number) for key, number in staff.items()}
        return made

    def learn(self, rows: Iterable[DetailRow]) -> None:
        """Learn which 人员编号 goes with which number, and who else is of a name."""
        for row in rows:
            if row.number and not row.masked:
                self._numbers[row.name].add(row.number)
                known = self._staff.setdefault(row.staff, row.number) if row.staff else row.number
                if known != row.number:
                    self._staff[row.staff] = None
            else:
                for who in self._fitting(row):
                    self._claims[who] |= {("staff", row.staff), ("number", row.number)}

    def match(self, row: DetailRow) -> Matched:
        """Whose a row is."""
        key = (row.number, row.name, row.staff)
        found = self._told.get(key)
        if found is None:
            found = self._match(row)
            if found.fault is None:
                self._told[key] = found
        return found

    def _match(self, row: DetailRow) -> Matched:
        if row.number and not row.masked:
            return self._by_number(row, row.number)
        known = self._staff.get(row.staff) if row.staff else None
        if known is not None:
            return self._by_number(row, known)
        among = self._fitting(row)
        if len(among) == 1 and self._alone(among[0], row):
            return Matched(among[0])
        if among:
            values = {"name": row.name or "—", "count": str(len(among))}
            return Matched(None, Fault("reconcile.person-ambiguous", values), tuple(among))
        return Matched(self._other(row, row.number))

    def _alone(self, who: Who, row: DetailRow) -> bool:
        """Whether no other person of the export may be the same of the bill."""
        claims = self._claims[who]
        for kind in ("staff", "number"):
            if len({said for key, said in claims if key == kind and said}) > 1:
                return False
        return bool(row.number) or self._numbers[row.name] <= {who.number}

    def _by_number(self, row: DetailRow, number: str) -> Matched:
        who = self.ours.get(number)
        if who is None:
            return Matched(self._other(row, number))
        if row.name and row.name != who.name:
            values = {"ours": who.name, "theirs": row.name}
            if not compare_names(who.name, row.name).identical:
                return Matched(who, Fault("reconcile.name-differs", values))
        return Matched(who)

    def _other(self, row: DetailRow, number: str) -> Who:
        """Somebody whom the export alone knows."""
        key = number
        if not number or "*" in number:
            key = f"{number}|{row.staff or row.name}"
        found = self._others.get(key)
        if found is None:
            found = self._others[key] = Who(row.name, number, row.staff, key)
        return found

    def _fitting(self, row: DetailRow) -> list[Who]:
        """The persons of the bill that a masked number, or a name alone, may be of."""
        named = self._by_name.get(row.name, [])
        if not row.number:
            return list(named)
        return [who for who in named if _fits(who.number, row.number)]


def _fits(number: str, masked: str) -> bool:
    """Whether a masked number may be of a whole one; some masks keep the length, others don't."""
    if len(number) == len(masked):
        return all(shown in ("*", char) for char, shown in zip(number, masked, strict=True))
    first, last = masked.split("*", 1)[0], masked.rsplit("*", 1)[-1]
    return (
        len(number) >= len(first) + len(last) and number.startswith(first) and number.endswith(last)
    )
