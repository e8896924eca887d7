"""Reading: a file → the rows of a form, wherever in the file its headings stand.

A table is known by its headings. Titles above it, pages that repeat them, and lines for signatures
below it are told from people by what they say, not by where they stand: people insert rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.archive import has_macros
from socialins.forms.opening import open_book
from socialins.forms.papers.blanks import PaperText, read_blank
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.fixedfile import fixed_table
from socialins.forms.papers.formfile import ColumnType, FileFormat, FormFile, PaperCell
from socialins.forms.papers.gathering import Gathered, is_total, listed
from socialins.forms.papers.headings import Headings, find_headings
from socialins.forms.papers.jsonlines import JsonLines
from socialins.forms.papers.quickrows import QuickRows
from socialins.forms.papers.readform import ReadForm
from socialins.forms.plaintext import excerpt, is_blank, trim
from socialins.forms.sheets import CellValue, Limits, Row
from socialins.forms.sniff import Format, sniff

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["ReadForm", "read_form", "read_pieces"]


def read_form(form: Form, path: Path, limits: Limits) -> ReadForm:
    """Read a file in a form's layout.

    Raises:
        FormError: if it can't be read, has not the headings, or too many rows.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    (read,) = read_pieces(form, path, limits, None)
    return read


def read_pieces(form: Form, path: Path, limits: Limits, size: int | None) -> Iterator[ReadForm]:
    """Read a file in a form's layout, some rows at a time.

    Arguments:
        form: the form.
        path: the file.
        limits: what it may hold.
        size: how many rows a piece has; None for all.

    Raises:
        FormError, MissingExtra: as `read_form`.
    """
    kind = sniff(path, limits.size)
    if kind is Format.TEXT and _is_json(path):
        yield from _read_json(form, path, limits, size)
        return
    if kind is Format.TEXT and FileFormat.FIXED in form.layout.formats and _is_fixed(path):
        yield from _Reader(fixed_table(form, path, limits), limits, [], lined=True).pieces(size)
        return
    words = frozenset(chain.from_iterable(column.headings for column in form.columns))
    book = open_book(path, limits, words)
    try:
        found = find_headings(form, book, str(path))
        reader = _Reader(found, limits)
        if kind is Format.WORKBOOK and has_macros(path):
            reader.faults.append(Fault("form.file.macros", {}, Place(file=str(path))))
        yield from reader.pieces(size)
    finally:
        book.close()


def _is_fixed(path: Path) -> bool:
    return path.suffix.lower() == FileFormat.FIXED.suffix


def _is_json(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(1024)
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _read_json(form: Form, path: Path, limits: Limits, size: int | None) -> Iterator[ReadForm]:
    """Read JSON lines."""
    lines = JsonLines.open(form, path, limits)
    gathered = Gathered(lines.form, Place(file=str(path)), limits)
    for name, value in lines.head():
        if isinstance(value, Fault):
            gathered.faults.append(value)
        else:
            gathered.head[name] = value
    for number, cells in lines.rows():
        fields = lines.form.fields
        found = [(field, lines.form.unknown(field, fields)) for field in cells.keys() - fields]
        found.sort(key=itemgetter(0))
        for field, value in cells.items():
            column = lines.form.column(field)
            if column is not None and not isinstance(value, str | bool | int | Decimal):
                found.append((field, column.fault("form.value.type", value)))
        if gathered.count == size:
            yield gathered.piece({}, lined=True)
        gathered.take(number, cells, lines.place, found)
    yield gathered.made({}, lined=True)


_Line: TypeAlias = dict[int, PaperText]
"""The cells of a row above or below the table, by column from 0."""


@attrs.define
class _Reader:
    """The sheet of a form, read from top to bottom."""

    found: Headings
    limits: Limits
    lines: list[_Line] = attrs.field(
        default=attrs.Factory(lambda self: _furniture(self.form.layout), takes_self=True)
    )
    lined: bool = False
    gathered: Gathered = attrs.field(
        init=False,
        default=attrs.Factory(
            lambda self: Gathered(self.form, self.found.place, self.limits), takes_self=True
        ),
    )

    @property
    def faults(self) -> list[Fault]:
        """What was found so far."""
        return self.gathered.faults

    @property
    def form(self) -> Form:
        """The form, with the heads that the file has."""
        return self.found.form

    def pieces(self, size: int | None) -> Iterator[ReadForm]:
        """Read it all, so many rows at a time."""
        found, layout = self.found, self.form.layout
        columns = {column.field: index for column, index in found.columns.items()}
        columns = {} if self.lined else columns
        shift = found.row - layout.header_row
        self.faults.extend(found.warnings())
        for row in found.opening:
            self._take_head(row, layout.head, shift)
        hidden: list[int] = []
        quick = _Quick.of(self)
        for row in found.rows:
            if size is not None and self.gathered.count >= size:
                yield self.gathered.piece(columns, lined=self.lined)
            if quick.read(row, layout.table_row + shift):
                continue
            cells = {
                column.field: value
                for column, index in found.columns.items()
                if column.type is not ColumnType.SEQUENCE
                and not is_blank(value := row.cells.get(index))
            }
            if self._is_furniture(row) or not cells or row.number < layout.table_row + shift:
                continue
            if is_total(self.form, cells, row):
                self.gathered.compare(row.number, cells, self.place)
                continue
            if row.hidden:
                hidden.append(row.number)
            self.gathered.take(row.number, cells, self.place)
        if hidden:
            values = {"rows": listed(hidden), "count": str(len(hidden))}
            self.faults.append(Fault("form.row.hidden", values, self.place(hidden[0])))
        yield self.gathered.made(columns, lined=self.lined)

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
        place = self.place(row.number, text.blank, value)
        if isinstance(read, Fault):
            self.faults.append(read.at(place))
        elif read is not None and self.gathered.head.setdefault(text.blank, read) != read:
            values: dict[str, str | Text] = {
                "what": blank.title,
                "first": excerpt(self.gathered.head[text.blank]),
                "value": excerpt(read),
            }
            self.faults.append(Fault("form.head.differs", values, place))

    def place(self, row: int, field: str | None = None, value: object = None) -> Place:
        """The place of a cell, with the heading as it stands in the file."""
        column: PaperColumn | None = self.form.column(field) if field else None
        return attrs.evolve(
            self.found.place,
            row=row,
            column=self.found.headings.get(field) if column and field else None,
            field=field,
            value=None if is_blank(value) else excerpt(value),
        )


@attrs.frozen
class _Quick:
    """Reads the rows of people with which nothing is the matter.

    Arguments:
        reader: the reader of all other rows.
        rows: what makes the rows.
        places: the columns of the sheet that hold the form's, in the order of `rows`.
        number: the column of the sheet that holds the identity number.
        most: how many cells there are in rows that may stand above or below a table.
    """

    reader: _Reader
    rows: QuickRows
    places: tuple[int, ...]
    number: int | None
    most: int

    @classmethod
    def of(cls, reader: _Reader) -> _Quick:
        """What reads the rows below a form's headings."""
        rows = QuickRows(reader.form.columns, from_cells=True)
        columns = {column.field: index for column, index in reader.found.columns.items()}
        places = tuple(columns.get(column.field, -1) for column in rows.columns)
        ids = [one for one in rows.columns if one.type is ColumnType.ID_NUMBER]
        number = columns.get(ids[0].field) if len(ids) == 1 else None
        most = max((len(line) for line in reader.lines), default=0)
        return cls(reader, rows, places, number, most)

    def read(self, row: Row, first: int) -> bool:
        """Take a row if it is such a one.

        Arguments:
            row: the row.
            first: the number of the first that can be.
        """
        cells = row.cells
        # With a number that is right, it is no row of headings, totals or signatures.
        if row.hidden or row.number < first or self.number not in cells or len(cells) <= self.most:
            return False
        filled = self.rows.make([cells.get(place) for place in self.places])
        if filled is None:
            return False
        self.reader.gathered.add(row.number, filled, self.reader.place)
        return True


def _furniture(layout: FormFile) -> list[_Line]:
    """The rows that stand below each table, and above it where there are pages."""
    return _lines(layout.foot) + (_lines(layout.head) if layout.rows_a_page else [])


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
