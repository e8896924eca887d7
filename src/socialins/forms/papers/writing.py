"""Writing: a filled form as a workbook that prints as the bureau's paper does.

A form with pages is written page after page in one sheet, with a page break after each, so that it
is printed on as many sheets of paper as it has pages. This module imports openpyxl; it is loaded
when the first form is saved as a workbook.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from socialins.forms.looks import Look
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.formfile import FormFile
from socialins.forms.papers.grid import Grid
from socialins.forms.spreadsheet import SheetWriter, WorkbookWriter
from socialins.values import Month

__all__ = ["NO_MONTH", "begin_form", "finish_form", "write_form"]

NO_MONTH = Month(2000, 1)
"""The date of a document for no month: any day will do, as long as it is always the same."""

_PAPERS = {"A4": 9, "A3": 8}
_MARGIN = 0.4


def write_form(filled: FilledForm, path: Path) -> None:
    """Write a form as a workbook, cell by cell.

    Arguments:
        filled: the form.
        path: where.
    """
    grid = Grid.of(filled)
    book, sheet = begin_form(grid)
    with book:
        _write(grid, sheet)
        finish_form(grid, book, sheet, sheet.rows)
        book.save(path)


def begin_form(grid: Grid) -> tuple[WorkbookWriter, SheetWriter]:
    """The workbook and the sheet of a form, without rows.

    Arguments:
        grid: the form's.
    """
    layout = grid.layout
    book = WorkbookWriter(layout.title.zh, grid.filled.month or NO_MONTH)
    top = layout.header_row - layout.grouped
    sheet = book.sheet(
        layout.sheet,
        [column.spec.width for column in grid.columns],
        repeat="" if grid.paged else f"{top}:{layout.header_row}",
        freeze="" if grid.paged else f"A{layout.table_row}",
    )
    _set_up(sheet, layout)
    return book, sheet


def finish_form(grid: Grid, book: WorkbookWriter, writer: SheetWriter, rows: int) -> None:
    """What is known of a form's sheet when all rows are written, and the further sheets.

    Arguments:
        grid: the form's.
        book: the workbook.
        writer: the sheet.
        rows: how many rows it has.
    """
    sheet = writer.sheet
    for row in grid.breaks:
        sheet.row_breaks.append(Break(id=row))
    # What it merges is written in order; the set that openpyxl keeps has none.
    sheet.merged_cells = [_range(*merge) for merge in grid.merged]
    sheet.print_area = f"A1:{get_column_letter(grid.last_column)}{max(rows, 1)}"
    for text in grid.layout.sheets:
        further = book.sheet(text.name, [text.width])
        for line in text.lines:
            further.row([line], Look.NOTE)


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


def _write(grid: Grid, writer: SheetWriter) -> None:
    sheet, height = writer.sheet, grid.layout.page.row_height
    for line in grid.lines():
        if grid.paged:
            sheet.row_dimensions[writer.rows + 1].height = height
        last = max(line, default=0)
        writer.cells(line.get(number, (None, Look.NOTE)) for number in range(1, last + 1))


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
