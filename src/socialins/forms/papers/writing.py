"""Writing: a filled form as a workbook that prints as the bureau's paper does.

A form with pages is written page after page in one sheet, each with its own head, headings and
foot, its empty rows too, and a page break after it; so it is printed on as many sheets of paper as
it has pages. This module imports openpyxl; it is loaded when the first form is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from socialins.forms.papers.blanks import PaperText, display_width, write_blank
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.formfile import CellLook, ColumnType, FormFile, PaperCell
from socialins.forms.papers.rows import FilledRow
from socialins.forms.spreadsheet import Look, SheetWriter, Value, WorkbookWriter
from socialins.values import Month

__all__ = ["write_form"]

_LOOKS = {CellLook.PLAIN: Look.NOTE, CellLook.TITLE: Look.BANNER, CellLook.BOXED: Look.BOX}
_PAPERS = {"A4": 9, "A3": 8}
_NO_MONTH = Month(2000, 1)
"""The date of a document for no month: any day will do, as long as it is always the same."""
# The looks that text is written in, with the size of their letters in points: the first that fits.
_SIZES = ((Look.BOX, 10), (Look.SMALL, 7))
_MARGIN = 0.4

_Line = dict[int, tuple[Value, Look]]


def write_form(filled: FilledForm, path: Path) -> None:
    """Write a form as a workbook.

    Arguments:
        filled: the form.
        path: where.
    """
    layout = filled.form.layout
    book = WorkbookWriter(layout.title.zh, filled.month or _NO_MONTH)
    widths = [column.spec.width for column in filled.form.columns]
    paged = layout.rows_a_page > 0
    top = layout.header_row - layout.grouped
    sheet = book.sheet(
        layout.sheet,
        widths,
        repeat="" if paged else f"{top}:{layout.header_row}",
        freeze="" if paged else f"A{layout.table_row}",
    )
    _set_up(sheet, layout)
    _Writer(filled, sheet).write()
    for text in layout.sheets:
        further = book.sheet(text.name, [text.width])
        for line in text.lines:
            further.row([line], Look.NOTE)
    book.save(path)


def _set_up(writer: SheetWriter, layout: FormFile) -> None:
    sheet, page = writer.sheet, layout.page
    sheet.page_setup.paperSize = _PAPERS[page.paper]
    sheet.page_setup.orientation = page.orientation
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    if layout.rows_a_page:
        # A sheet that is made to fit the paper's width loses its page breaks.
        sheet.sheet_properties.pageSetUpPr.fitToPage = None
        sheet.page_setup.fitToHeight = None
        sheet.page_setup.scale = page.scale
        sheet.oddFooter.center.text = None
        margins.header = margins.footer = 0.2


@attrs.define
class _Writer:
    """Writes the table's sheet from the first row on."""

    filled: FilledForm
    writer: SheetWriter
    merged: list[str] = attrs.field(factory=list)

    @property
    def layout(self) -> FormFile:
        """What the form looks like."""
        return self.filled.form.layout

    @property
    def columns(self) -> tuple[PaperColumn, ...]:
        """Its columns."""
        return self.filled.form.columns

    def write(self) -> None:
        """Write all pages, or the one table."""
        layout, rows = self.layout, self.filled.rows
        size = layout.rows_a_page
        for page in range(self.filled.pages):
            if page:
                self.writer.sheet.row_breaks.append(Break(id=self.writer.rows))
            above: dict[int, _Line] = {row: {} for row in range(1, layout.table_row)}
            self._headings(above)
            self._block(above, layout.head)
            chosen = rows[page * size : (page + 1) * size] if size else rows
            before = page * size
            for number in range(size or len(chosen)):
                row = chosen[number] if number < len(chosen) else {}
                self._append(self._person(row, before, number))
            self._block({row: {} for row in range(1, layout.foot_rows + 1)}, layout.foot)
        # What it merges is written in order; the set that openpyxl keeps has none.
        self.writer.sheet.merged_cells = self.merged
        last = get_column_letter(self._last_column())
        self.writer.sheet.print_area = f"A1:{last}{max(self.writer.rows, 1)}"

    def _last_column(self) -> int:
        cells = (*self.layout.head, *self.layout.foot)
        return max(len(self.columns), *(cell.last_column for cell in cells), 1)

    def _block(self, lines: dict[int, _Line], cells: Iterable[PaperCell]) -> None:
        """Write rows of cells that the layout has above or below the table."""
        for cell in cells:
            look = _LOOKS[cell.look]
            line = lines.setdefault(cell.row, {})
            line[cell.column] = (self._text(cell), look)
            for column in range(cell.column + 1, cell.last_column + 1):
                line[column] = (None, look)
            self._merge(cell.row, cell.column, cell.row, cell.last_column)
        for row in sorted(lines):
            self._append(lines[row])

    def _headings(self, lines: dict[int, _Line]) -> None:
        """Put in the headings: one row, or two with groups above."""
        low = self.layout.header_row
        look = Look.BOX if self.layout.rows_a_page else Look.HEADING
        for first, last, group in _groups(self.columns):
            if group:
                for number in range(first, last + 1):
                    lines[low - 1][number] = (group if number == first else None, look)
                self._merge(low - 1, first, low - 1, last)
        for column in self.columns:
            number = column.number
            alone = self.layout.grouped and not column.group and not self._covered(low - 1, number)
            if alone:
                lines[low - 1][number] = (column.spec.header, look)
                lines[low][number] = (None, look)
                self._merge(low - 1, number, low, number)
            else:
                lines[low][number] = (column.spec.header, look)

    def _covered(self, row: int, column: int) -> bool:
        """Whether the layout has a cell above the table at this place."""
        return any(
            cell.row == row and cell.column <= column <= cell.last_column
            for cell in self.layout.head
        )

    def _person(self, row: FilledRow | Mapping[str, Any], before: int, number: int) -> _Line:
        paged = self.layout.rows_a_page > 0
        line: _Line = {}
        for column in self.columns:
            value: Value
            if column.type is ColumnType.SEQUENCE:
                value = number + 1 if column.spec.restart else before + number + 1
            else:
                value = column.write(row.get(column.field))
            line[column.number] = (value, self._look(column, value) if paged else Look.BODY)
        return line

    def _look(self, column: PaperColumn, value: Value) -> Look:
        """A box: in small letters, or made to fit, where the row is not high enough for more."""
        if value is None:
            return Look.BOX
        if isinstance(value, str):
            for look, points in _SIZES:
                lines = self.layout.page.row_height // (points + 2)
                across = column.spec.width * _SIZES[0][1] // points
                if display_width(value) <= across * lines:
                    return look
        return Look.TIGHT

    def _text(self, cell: PaperCell) -> str:
        text = PaperText(cell.text)
        if text.blank is None:
            return cell.text
        blank = self.filled.form.blanks[text.blank]
        return text.fill(write_blank(blank, self.filled.head.get(text.blank))).rstrip()

    def _append(self, line: _Line) -> None:
        if self.layout.rows_a_page:
            height = self.layout.page.row_height
            self.writer.sheet.row_dimensions[self.writer.rows + 1].height = height
        last = max(line, default=0)
        self.writer.cells(line.get(number, (None, Look.NOTE)) for number in range(1, last + 1))

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells of the rows that are written next; rows count from the first of them."""
        if (top, left) != (bottom, right):
            done = self.writer.rows
            first, last = get_column_letter(left), get_column_letter(right)
            self.merged.append(f"{first}{done + top}:{last}{done + bottom}")


def _groups(columns: Iterable[PaperColumn]) -> Iterator[tuple[int, int, str]]:
    """Runs of neighbouring columns under the same group: first, last, group."""
    run: list[PaperColumn] = []
    for column in columns:
        if run and (column.group != run[0].group or column.spec.heads):
            yield run[0].number, run[-1].number, run[0].group
            run = []
        run.append(column)
    if run:
        yield run[0].number, run[-1].number, run[0].group
