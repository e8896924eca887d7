"""Templates: a bureau's own workbook, filled in where its headings are.

What the bureau made is kept as it is: styles, merged cells, validations, notes, further sheets.
Only the blanks above and below the table and the rows under the headings are written. A row looks
as the template's first row does, and a validation of that row goes on down to the last.
"""

from __future__ import annotations

from copy import copy
from itertools import chain
from pathlib import Path
from typing import Any

import attrs
from openpyxl.cell import MergedCell
from openpyxl.worksheet.cell_range import CellRange

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.fullbook import load_whole, save_whole, whole_sheet
from socialins.forms.looks import EXACT, visible
from socialins.forms.opening import open_book
from socialins.forms.papers.blanks import PaperText, write_blank
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.headings import Headings, find_headings
from socialins.forms.plaintext import is_blank, trim
from socialins.forms.sheets import Limits
from socialins.forms.textbook import FORMULA_STARTS
from socialins.values import Money

__all__ = ["fill_template"]


def fill_template(filled: FilledForm, path: Path, template: Path) -> None:
    """Fill a template in.

    Arguments:
        filled: the form; each of its columns with a value is in the template.
        path: where to write.
        template: the bureau's workbook.

    Raises:
        FormError: if it can't be read, has not the headings, lacks a column that holds something or
            a place for a blank that does, or has too few empty rows under its headings.
    """
    limits = Limits()
    words = frozenset(chain.from_iterable(column.headings for column in filled.form.columns))
    read = open_book(template, limits, words)
    try:
        found = find_headings(filled.form, read, str(template))
    finally:
        read.close()
    book = load_whole(template, limits)
    _Filler(filled, found, whole_sheet(book, found.place.sheet, template)).fill()
    save_whole(book, path, template)


@attrs.frozen
class _Filler:
    """Fills the template's sheet."""

    filled: FilledForm
    found: Headings
    sheet: Any

    @property
    def first(self) -> int:
        """The first row of the table."""
        layout = self.filled.form.layout
        return self.found.row + layout.table_row - layout.header_row

    def fill(self) -> None:
        """Write blanks and rows."""
        self._check_columns()
        self._fill_blanks()
        count = len(self.filled.rows)
        self._check_room(count)
        for number, row in enumerate(self.filled.rows):
            for column, index in self.found.columns.items():
                sequence = column.type is ColumnType.SEQUENCE
                value = number + 1 if sequence else column.write(row.get(column.field))
                cell = self.sheet.cell(self.first + number, index + 1)
                self._dress(cell, index + 1)
                _put(cell, value)
        self._stretch(count)

    def _check_columns(self) -> None:
        """Refuse to drop what the template has no column for."""
        held = {column.field for column in self.found.columns}
        for column in self.filled.form.columns:
            used = any(row.get(column.field) not in (None, False) for row in self.filled.rows)
            if column.field not in held and used:
                raise self._refuse("form.template.column", column.title, column)

    def _fill_blanks(self) -> None:
        """Fill the blanks where the layout has them, or wherever their words stand."""
        layout, head = self.filled.form.layout, self.filled.head
        shift = self.found.row - layout.header_row
        for cell in (*layout.head, *layout.foot):
            text = PaperText(cell.text)
            if text.blank is None:
                continue
            blank = self.filled.form.blanks[text.blank]
            value = head.get(text.blank)
            if value is None:
                continue
            place = self._place_of(text, cell.row + shift, cell.column)
            if place is None:
                raise self._refuse("form.template.blank", blank.title)
            words = write_blank(blank, value)
            full = words if text.is_bare else text.put(str(place.value), words)
            _put(place, full.rstrip())

    def _place_of(self, text: PaperText, row: int, column: int) -> Any:
        """The cell of a blank; None if the template has none."""
        if text.is_bare:
            return self.sheet.cell(row, column) if row >= 1 else None
        for line in self.sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str) and text.read(trim(cell.value)) is not None:
                    return cell
        return None

    def _check_room(self, count: int) -> None:
        """Refuse to write over what stands under the headings."""
        columns = [index + 1 for index in self.found.columns.values()]
        for number in range(count):
            row = self.first + number
            cells = [self.sheet.cell(row, column) for column in columns]
            taken = (
                isinstance(cell, MergedCell)
                or (column.type is not ColumnType.SEQUENCE and not is_blank(cell.value))
                for column, cell in zip(self.found.columns, cells, strict=True)
            )
            if any(taken):
                values = {"rows": str(count), "room": str(number), "row": str(row)}
                place = Place(file=self.found.place.file, sheet=self.sheet.title, row=row)
                raise FormError(Fault("form.template.full", values, place))

    def _dress(self, cell: Any, column: int) -> None:
        """Make a cell look as the first of its column does, unless it has a look of its own."""
        first = self.sheet.cell(self.first, column)
        if cell.row != self.first and not cell.has_style and first.has_style:
            cell._style = copy(first._style)  # noqa: SLF001 - openpyxl has no other way
            height = self.sheet.row_dimensions[self.first].height
            if height is not None:
                self.sheet.row_dimensions[cell.row].height = height

    def _stretch(self, count: int) -> None:
        """Let what is checked of the first row be checked of all."""
        last = self.first + count - 1
        for validation in self.sheet.data_validations.dataValidation:
            for one in list(validation.sqref.ranges):
                if one.min_row <= self.first <= one.max_row < last:
                    validation.sqref.remove(one.coord)
                    validation.sqref.add(
                        CellRange(
                            min_col=one.min_col,
                            min_row=one.min_row,
                            max_col=one.max_col,
                            max_row=last,
                        ).coord
                    )

    def _refuse(self, code: str, what: Text, column: PaperColumn | None = None) -> FormError:
        place = attrs.evolve(self.found.place, field=column.field if column else None)
        return FormError(Fault(code, {"what": what}, place))


def _put(cell: Any, value: str | Money | int | None) -> None:
    """Write a value: amounts as numbers, text as text, whatever it begins with."""
    if value is None:
        return
    text = str(value)
    if not isinstance(value, str) and EXACT.fullmatch(text):
        cell.value = text
        cell.data_type = "n"
        return
    cell.value = visible(text)
    cell.data_type = "s"
    if cell.number_format == "General":
        cell.number_format = "@"
    if text[:1] in FORMULA_STARTS:
        cell.quotePrefix = True
