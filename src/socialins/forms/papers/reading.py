"""Reading: a file → the rows of a form, wherever in the file its headings stand.

A table is known by its headings. Titles above it, pages that repeat them, and lines for signatures
below it are told from people by what they say, not by where they stand: people insert rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.papers.blanks import HeadValue, PaperText, read_blank
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.formfile import ColumnType, PaperCell
from socialins.forms.papers.headings import Headings, find_headings
from socialins.forms.papers.rows import FilledRow, RowMaker
from socialins.forms.plaintext import excerpt, is_blank, trim
from socialins.forms.sheets import CellValue, Limits, Row, open_book

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["ReadForm", "read_form"]


@attrs.frozen(eq=False)
class ReadForm:
    """What a file holds of a form.

    Arguments:
        form: the form, with the heads that the file has.
        rows: the rows that could be read; field → value.
        numbers: the number of each row in the file.
        head: blank → what it was filled with.
        faults: what could not be read, and what is unusual; each with its place.
        place: the file and the sheet.
    """

    form: Form
    rows: tuple[FilledRow, ...] = attrs.field(repr=False)
    numbers: tuple[int, ...] = attrs.field(repr=False)
    head: Mapping[str, HeadValue]
    faults: tuple[Fault, ...]
    place: Place

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that kept something out."""
        return tuple(fault for fault in self.faults if fault.is_error)

    def place_of(self, number: int | None, field: str | None = None, value: object = None) -> Place:
        """The place of a cell: row, heading, field, value."""
        column = self.form.column(field) if field else None
        return attrs.evolve(
            self.place,
            row=number,
            column=column.spec.header if column else None,
            field=field,
            value=None if is_blank(value) else excerpt(value),
        )


def read_form(form: Form, path: Path, max_rows: int) -> ReadForm:
    """Read a file in a form's layout.

    Raises:
        FormError: if it can't be read, has not the headings, or too many rows.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    limits = Limits(rows=max_rows)
    words = frozenset(chain.from_iterable(column.headings for column in form.columns))
    book = open_book(path, limits, words)
    try:
        found = find_headings(form, book, str(path))
        return _Reader(found, limits).read()
    finally:
        book.close()


_Line: TypeAlias = dict[int, PaperText]
"""The cells of a row above or below the table, by column from 0."""


@attrs.define
class _Reader:
    """The sheet of a form, read from top to bottom."""

    found: Headings
    limits: Limits
    head: dict[str, HeadValue] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    lines: list[_Line] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        layout = self.form.layout
        self.lines = _lines(layout.foot) + (_lines(layout.head) if layout.rows_a_page else [])

    @property
    def form(self) -> Form:
        """The form, with the heads that the file has."""
        return self.found.form

    def read(self) -> ReadForm:
        """Read it all."""
        found, layout = self.found, self.form.layout
        shift = found.row - layout.header_row
        self.faults += found.warnings()
        for row in found.opening:
            self._take_head(row, layout.head, shift)
        maker = RowMaker(self.form.columns, from_cells=True)
        rows: list[FilledRow] = []
        numbers: list[int] = []
        count = 0
        for row in found.rows:
            cells = {
                column.field: value
                for column, index in found.columns.items()
                if column.type is not ColumnType.SEQUENCE
                and not is_blank(value := row.cells.get(index))
            }
            if self._is_furniture(row) or not cells or row.number < layout.table_row + shift:
                continue
            count += 1
            if count > self.limits.rows:
                values = {"most": str(self.limits.rows)}
                raise FormError(Fault("form.file.rows", values, self._place(row.number)))
            filled, faults = maker.make(cells)
            for field, fault in faults:
                self.faults.append(fault.at(self._place(row.number, field, cells.get(field))))
            if filled is not None:
                rows.append(filled)
                numbers.append(row.number)
        return ReadForm(
            self.form, tuple(rows), tuple(numbers), self.head, tuple(self.faults), found.place
        )

    def _is_furniture(self, row: Row) -> bool:
        """Whether a row is a page's heading, or stands above or below a page's table."""
        if self.found.repeats(row):
            return True
        return any(self._take(row, line) for line in self.lines)

    def _take(self, row: Row, line: _Line) -> bool:
        """Whether all that a row holds is what a row of the layout says; its blanks are taken."""
        if not row.cells.keys() <= line.keys():
            return False
        read = {index: line[index].read(_shown(value)) for index, value in row.cells.items()}
        # A row that is nothing but a blank could be anything.
        if None in read.values() or all(line[index].is_bare for index in read):
            return False
        for index, value in read.items():
            self._note(line[index], value or "", row)
        return True

    def _take_head(self, row: Row, cells: Iterable[PaperCell], shift: int) -> None:
        """Take what a row above the first table fills in."""
        for cell in cells:
            text = PaperText(cell.text)
            if text.blank is None:
                continue
            places: Iterator[CellValue] = iter(())
            if text.is_bare and cell.row + shift == row.number:
                places = iter([row.cells.get(cell.column - 1)])
            elif not text.is_bare:
                places = iter(row.cells.values())
            for value in places:
                read = None if is_blank(value) else text.read(_shown(value))
                if read is not None:
                    self._note(text, read, row)

    def _note(self, text: PaperText, value: str, row: Row) -> None:
        if text.blank is None:
            return
        blank = self.form.blanks[text.blank]
        read = read_blank(blank, value)
        place = self._place(row.number, text.blank, value)
        if isinstance(read, Fault):
            self.faults.append(read.at(place))
        elif read is not None and self.head.setdefault(text.blank, read) != read:
            values: dict[str, str | Text] = {
                "what": blank.title,
                "first": excerpt(self.head[text.blank]),
                "value": excerpt(read),
            }
            self.faults.append(Fault("form.head.differs", values, place))

    def _place(self, row: int, field: str | None = None, value: object = None) -> Place:
        column: PaperColumn | None = self.form.column(field) if field else None
        return attrs.evolve(
            self.found.place,
            row=row,
            column=self.found.headings.get(field) if column and field else None,
            field=field,
            value=None if is_blank(value) else excerpt(value),
        )


def _lines(cells: Iterable[PaperCell]) -> list[_Line]:
    """Cells above or below the table, row by row."""
    lines: dict[int, _Line] = {}
    for cell in cells:
        lines.setdefault(cell.row, {})[cell.column - 1] = PaperText(cell.text)
    return list(lines.values())


def _shown(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return trim(str(value))
