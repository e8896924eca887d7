"""Gathering: the rows of a file one by one, checked as a clerk at the counter checks them.

Each row is good, or stands among the failed ones with its reasons. A row of totals is no person: it
is compared with what stands above it. The same number twice is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.amounts import read_amount
from socialins.forms.errors import FormError
from socialins.forms.layout import own_layout
from socialins.forms.papers.blanks import HeadValue
from socialins.forms.papers.columns import AMOUNTS, sum_of
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.readform import FailedRow, ReadForm
from socialins.forms.papers.rows import FilledRow, RowMaker
from socialins.forms.sheets import CellValue, Limits, Row
from socialins.identity import DocumentType, IdDocument
from socialins.values import Money

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["Gathered", "is_total", "listed"]

_LISTED = 10

PlaceOf = Callable[[int, str | None, object], Place]
"""The place of a cell: row, field, value."""


@attrs.define
class Gathered:
    """What was read so far.

    Arguments:
        form: the form.
        place: the file and the sheet.
        limits: how many rows there may be.
        head: blank → what it is filled with.
        faults: what was found.
    """

    form: Form
    place: Place
    limits: Limits
    head: dict[str, HeadValue] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    _rows: list[FilledRow] = attrs.field(factory=list)
    _numbers: list[int] = attrs.field(factory=list)
    _failed: list[FailedRow] = attrs.field(factory=list)
    _seen: dict[IdDocument | str, int] = attrs.field(factory=dict)
    _added: int = 0
    _given: int = 0
    _room: int = 0
    _lost: bool = False
    _sums: dict[str, tuple[Money, Money]] = attrs.field(factory=dict)
    _maker: RowMaker = attrs.field(
        init=False,
        default=attrs.Factory(
            lambda self: RowMaker(self.form.columns, from_cells=True), takes_self=True
        ),
    )

    def take(
        self,
        number: int,
        cells: Mapping[str, Any],
        place: PlaceOf,
        known: Sequence[tuple[str, Fault]] = (),
    ) -> None:
        """Read a row.

        Arguments:
            number: its number in the file.
            cells: field → value, blank ones left out.
            place: tells the place of a cell.
            known: what is wrong with it already.

        Raises:
            FormError: if it is one too many.
        """
        self._check_room(number, place)
        wrong = {field for field, _ in known}
        filled, found = self._maker.make({key: cells[key] for key in cells if key not in wrong})
        faults = [
            fault.at(place(number, field, cells.get(field)))
            for field, fault in (*known, *found)
            if (field, fault) in known or field not in wrong
        ]
        if filled is not None and not known:
            faults += self._put(number, filled, place)
        else:
            self._failed.append(FailedRow(number, cells, tuple(faults)))
            self._room -= 1
        self.faults += faults

    def add(self, number: int, filled: FilledRow, place: PlaceOf) -> None:
        """Take a row that is made already.

        Arguments:
            number: its number in the file.
            filled: the row.
            place: tells the place of a cell.

        Raises:
            FormError: if it is one too many.
        """
        if len(self._rows) >= self._room:
            self._check_room(number, place)
        self._rows.append(filled)
        self._numbers.append(number)
        document = filled.get("id_number")
        if document is not None and self._first(document, number) != number:
            self.faults += self._repeated(number, filled, place)

    def compare(self, number: int, cells: Mapping[str, CellValue], place: PlaceOf) -> None:
        """Compare a row of totals with the rows above it: all of them, or those since the last."""
        sums = self._added_up()
        self._sums = {field: (total, Money(0)) for field, (total, _) in sums.items()}
        if self._failed or self._lost:
            return
        for column in self.form.columns:
            if column.type not in AMOUNTS or column.field not in cells:
                continue
            stated = read_amount(cells[column.field])
            found, since = sums[column.field]
            if not isinstance(stated, Fault) and stated not in (found, since):
                words = {"stated": str(stated), "found": str(found)}
                fault = column.fault("form.total.differs", **words)
                self.faults.append(fault.at(place(number, column.field, cells[column.field])))

    def _added_up(self) -> dict[str, tuple[Money, Money]]:
        """The sums of each column of amounts: of all rows, and of those since the last totals."""
        since, self._added = self._added, len(self._rows)
        sums: dict[str, tuple[Money, Money]] = {}
        for column in self.form.columns:
            if column.type in AMOUNTS:
                total, part = self._sums.get(column.field, (Money(0), Money(0)))
                more = sum_of(row[column.field] for row in self._rows[since:])
                sums[column.field] = total + more, part + more
        return sums

    @property
    def count(self) -> int:
        """How many rows were read since the last piece."""
        return len(self._rows) + len(self._failed)

    def piece(self, columns: Mapping[str, int], *, lined: bool = False) -> ReadForm:
        """What was read since the last piece, of which others follow; arguments as of `made`."""
        made = self.made(columns, lined=lined)
        self._sums = self._added_up()
        self._given += self.count
        self._lost = self._lost or bool(self._failed)
        self._rows, self._numbers, self._failed, self.faults = [], [], [], []
        self._added = self._room = 0
        return made

    def made(self, columns: Mapping[str, int], *, lined: bool = False) -> ReadForm:
        """What was read of the file.

        Arguments:
            columns: field → column of the sheet, counted from 0.
            lined: whether it is lines without headings.
        """
        return ReadForm(
            self.form,
            tuple(self._rows),
            tuple(self._numbers),
            dict(self.head),
            tuple(self.faults),
            self.place,
            tuple(self._failed),
            columns,
            self.limits,
            lined,
        )

    def _check_room(self, number: int, place: PlaceOf) -> None:
        self._room = self.limits.rows - self._given - len(self._failed)
        if len(self._rows) >= self._room:
            values = {"most": str(self.limits.rows)}
            raise FormError(Fault("form.file.rows", values, place(number, None, None)))

    def _put(self, number: int, filled: FilledRow, place: PlaceOf) -> list[Fault]:
        self._rows.append(filled)
        self._numbers.append(number)
        return self._repeated(number, filled, place)

    def _repeated(self, number: int, row: FilledRow, place: PlaceOf) -> list[Fault]:
        document = row.get("id_number")
        if not isinstance(document, IdDocument):
            return []
        first = self._first(document, number)
        if first == number:
            return []
        values: dict[str, str | Text] = {"person": document.masked(), "first": str(first)}
        return [Fault("form.row.repeated", values, place(number, "id_number", document.number))]

    def _first(self, document: Any, number: int) -> int:
        """The first row with a document; of most, the number alone is kept, which is cheaper."""
        resident = document.type is DocumentType.RESIDENT_ID
        return self._seen.setdefault(document.number if resident else document, number)


def is_total(form: Form, cells: Mapping[str, CellValue], row: Row) -> bool:
    """Whether a row is one of totals: nobody's number, no name but the word, the word somewhere.

    Arguments:
        form: the form.
        cells: field → value, blank ones left out.
        row: the whole row.
    """
    if any(
        column.type is ColumnType.ID_NUMBER and column.field in cells for column in form.columns
    ):
        return False
    labels: Iterable[CellValue] = [cells["name"]] if "name" in cells else row.cells.values()
    passes = own_layout("roster").passes_over
    return any(isinstance(one, str) and passes(one) for one in labels)


def listed(numbers: Sequence[int]) -> str:
    """The first numbers of rows, as a fault lists them.

    >>> listed([3, 4]), listed(range(1, 20))
    ('3, 4', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …')
    """
    shown = ", ".join(map(str, numbers[:_LISTED]))
    return f"{shown}, …" if len(numbers) > _LISTED else shown
