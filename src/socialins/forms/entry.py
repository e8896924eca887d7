"""One row of a roster: the cells of a person → a `RosterEntry`, or every reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from socialins.faults import Fault, Text
from socialins.forms.amounts import plain_amount
from socialins.forms.cells import LONGEST_NAME, Context, read_cell
from socialins.forms.layout import Column, Layout
from socialins.forms.plaintext import excerpt
from socialins.forms.sheets import CellValue
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import DocumentType, IdDocument
from socialins.identity.residents import ResidentNumbers
from socialins.model.codes import Employment, Household, WageOrigin
from socialins.model.person import InsuredPerson
from socialins.model.roster import RosterEntry
from socialins.model.wage import DeclaredWage
from socialins.values import Month

__all__ = ["EntryReader", "default_household"]

_REMEMBERED = 50_000
_KEPT = frozenset({str, int, float, bool})
_HOUSEHOLDS = {
    DocumentType.RESIDENCE_PERMIT: Household.HK_MACAO_TAIWAN,
    DocumentType.HK_MACAO_PASS: Household.HK_MACAO_TAIWAN,
    DocumentType.TAIWAN_PASS: Household.HK_MACAO_TAIWAN,
    DocumentType.FOREIGN_PERMANENT: Household.FOREIGN,
    DocumentType.PASSPORT: Household.FOREIGN,
}


def default_household(kind: DocumentType) -> Household:
    """The household class of somebody whose row states none.

    >>> default_household(DocumentType.RESIDENCE_PERMIT).value
    'hmt'
    """
    return _HOUSEHOLDS.get(kind, Household.URBAN_LOCAL)


def _number_last(layout: Layout) -> tuple[Column, ...]:
    """The columns in order, the number last, since its type bears on it."""
    return tuple(sorted(layout.columns, key=lambda column: column.kind == "id-number"))


@attrs.frozen
class EntryReader:
    """Reads rows of a roster.

    Arguments:
        layout: the columns.
        month: the roster's month.
        vocabulary: the words for insurances.
    """

    layout: Layout
    month: Month
    vocabulary: Vocabulary
    _columns: tuple[Column, ...] = attrs.field(
        init=False,
        default=attrs.Factory(lambda self: _number_last(self.layout), takes_self=True),
    )
    _needed: frozenset[str] = attrs.field(
        init=False,
        default=attrs.Factory(
            lambda self: frozenset(one.field for one in self.layout.columns if one.missing),
            takes_self=True,
        ),
    )
    _residents: ResidentNumbers = attrs.field(init=False, factory=ResidentNumbers, repr=False)
    _words: dict[tuple[str, type, CellValue], _Word] = attrs.field(
        init=False, factory=dict, repr=False, hash=False, eq=False
    )

    def read(
        self, cells: Mapping[str, CellValue], row: int | None
    ) -> tuple[RosterEntry | None, list[tuple[str, Fault]]]:
        """Read a row.

        Arguments:
            cells: field → what the cell holds; blank ones left out.
            row: its number.

        Returns:
            The entry, or None; and faults with the field of each, warnings included.
        """
        quick = self._quickly(cells, row)
        if quick is not None:
            return quick, []
        taken = _Taken(cells)
        for column in self._columns:
            if column.field in cells:
                taken.read(column, self.vocabulary)
            elif column.missing:
                taken.lack(column)
        if not taken.failed:
            taken.check_person(self.month)
        return (None if taken.failed else taken.entry(row)), taken.faults

    def _quickly(self, cells: Mapping[str, CellValue], row: int | None) -> RosterEntry | None:
        """The entry of a resident whose row has nothing odd; None for all others."""
        name, number, wage = cells.get("name"), cells.get("id_number"), cells.get("wage")
        if type(name) is not str or type(number) is not str or not self._needed <= cells.keys():
            return None
        if (
            not (name and name.isprintable())
            or len(name) > LONGEST_NAME
            or " " in (name[0], name[-1])
        ):
            return None
        known, amount = self._residents.read(number), plain_amount(wage)
        if known is None or amount is None or not amount:
            return None
        values: dict[str, Any] = {"name": name, "id_number": known[0], "wage": amount}
        for field, value in cells.items():
            if field not in values:
                key = (field, type(value), value)
                read = self._words.get(key) or self._word(key)
                if not read.known:
                    return None
                values[field] = read.value
        if values.get("id_type", DocumentType.RESIDENT_ID) is not DocumentType.RESIDENT_ID:
            return None
        born = values.get("birth_date")
        if born not in (None, known[1]) or (born is not None and born > self.month.last_day):
            return None
        if values.get("sex") not in (None, known[2]):
            return None
        return _Taken(cells, values).entry(row)

    def _word(self, key: tuple[str, type, CellValue]) -> _Word:
        """What a cell means that many rows have alike."""
        field, _, value = key
        column = next((one for one in self._columns if one.field == field), None)
        found = _Word(False)
        if column is not None:
            reading = read_cell(column, value, Context(self.vocabulary))
            found = _Word(not reading.faults, reading.value)
        # 0.0 and -0.0 are equal, and not written alike.
        if key[1] in _KEPT and value and len(self._words) < _REMEMBERED:
            self._words[key] = found
        return found


@attrs.frozen
class _Word:
    """A cell's meaning, if there is nothing to be said of it."""

    known: bool
    value: Any = None


@attrs.define
class _Taken:
    """What has been read of one row so far."""

    cells: Mapping[str, CellValue]
    values: dict[str, Any] = attrs.field(factory=dict)
    failed: set[str] = attrs.field(factory=set)
    faults: list[tuple[str, Fault]] = attrs.field(factory=list)

    def read(self, column: Column, vocabulary: Vocabulary) -> None:
        """Read one cell."""
        if column.kind == "id-number" and "id_type" in self.failed:
            # Whether the number is right can't be told before it is known what it is of.
            return
        context = Context(vocabulary, self.values.get("id_type"))
        reading = read_cell(column, self.cells[column.field], context)
        self._fault(column.field, reading.faults)
        self.values[column.field] = reading.value

    def lack(self, column: Column) -> None:
        """Take note of an empty cell that must not be empty."""
        name = self.cells.get("name") or self.cells.get("id_number") or "?"
        self._fault(column.field, (Fault(column.missing or "", {"person": excerpt(name)}),))

    def check_person(self, month: Month) -> None:
        """Compare what the row says of the person with what the number says."""
        born, sex = self.values.get("birth_date"), self.values.get("sex")
        document: IdDocument = self.values["id_number"]
        if born is not None and born > month.last_day:
            self._fault("birth_date", (Fault("roster.birth-date.future", {"date": str(born)}),))
        elif born is not None and document.birth_date not in (None, born):
            values = {"date": str(born), "found": str(document.birth_date)}
            self._fault("birth_date", (Fault("roster.birth-date.differs", values),))
        if sex is not None and document.sex not in (None, sex):
            words = {"sex": sex, "found": document.sex}
            shown = {key: Text(one.title("zh"), one.title("en")) for key, one in words.items()}
            self._fault("sex", (Fault("roster.sex.differs", {**shown}),))

    def entry(self, row: int | None) -> RosterEntry:
        """The entry."""
        values = self.values
        stated = {field: values[field] for field in ("birth_date", "sex") if field in values}
        document: IdDocument = values["id_number"]
        return RosterEntry(
            person=InsuredPerson(values["name"], document, **stated),
            wage=DeclaredWage(
                values["wage"],
                values.get("wage_origin", WageOrigin.LAST_YEAR_AVERAGE),
                values.get("wage_since"),
            ),
            household=values.get("household") or default_household(document.type),
            employment=values.get("employment", Employment.FULL_TIME),
            insurances=values.get("insurances"),
            injury_rate=values.get("injury_rate"),
            row=row,
        )

    def _fault(self, field: str, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.faults.append((field, fault))
            if fault.is_error:
                self.failed.add(field)
