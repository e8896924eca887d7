"""Marking: a file written back with each cell that has a fault coloured, and why in a comment.

Whoever filled it in corrects it where it stands, instead of going through a list. This module
imports openpyxl.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from socialins.faults import Fault
from socialins.forms.fullbook import load_whole, save_whole, whole_sheet
from socialins.forms.looks import tab_name, visible
from socialins.forms.opening import open_book
from socialins.forms.papers.readform import ReadForm
from socialins.forms.sheets import CellValue, ErrorCell, NoResult
from socialins.forms.sniff import Format, sniff
from socialins.forms.textbook import FORMULA_STARTS

__all__ = ["mark_form"]

_ERROR = PatternFill("solid", fgColor="FFC7CE")
_WARNING = PatternFill("solid", fgColor="FFEB9C")
_AUTHOR = "socialins"
# Rows above the first line, where a file of lines becomes a workbook.
_HEADINGS = 1
_LONGEST = 2000


def mark_form(read: ReadForm, path: Path, lang: str) -> int:
    """Write a file back with its faults marked.

    Arguments:
        read: what was read of it.
        path: where to write.
        lang: language of the comments.

    Returns:
        How many cells were marked.

    Raises:
        FormError: if the file can't be opened again.
    """
    source = Path(str(read.place.file))
    columns, shift = read.columns, 0
    if read.lined:
        book, sheet = _as_table(read)
        columns = {column.field: column.number - 1 for column in read.form.columns}
        shift = _HEADINGS
    elif sniff(source, read.limits.size) is Format.WORKBOOK:
        book = load_whole(source, read.limits)
        sheet = whole_sheet(book, read.place.sheet, source)
    else:
        book, sheet = _as_workbook(read, source)
    marked: dict[tuple[int, int], list[Fault]] = {}
    for fault in read.faults:
        if fault.place.row is not None:
            at = fault.place.row + shift, columns.get(fault.place.field or "", 0) + 1
            marked.setdefault(at, []).append(fault)
    for (row, column), faults in marked.items():
        _mark(_top_left(sheet, row, column), faults, lang)
    save_whole(book, path, source)
    return len(marked)


def _mark(cell: Any, faults: Iterable[Fault], lang: str) -> None:
    found = list(faults)
    lines = [f"{fault.message(lang)}\n{fault.remedy(lang)}" for fault in found]
    if cell.comment is not None:
        lines.insert(0, cell.comment.text)
    text = visible("\n\n".join(lines))
    cell.comment = Comment(text[:_LONGEST], _AUTHOR, height=140, width=360)
    cell.fill = _ERROR if any(fault.is_error for fault in found) else _WARNING


def _top_left(sheet: Any, row: int, column: int) -> Any:
    """A cell, or the one that it is merged into."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for merged in sheet.merged_cells.ranges:
            if cell.coordinate in merged:
                return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _as_table(read: ReadForm) -> tuple[Any, Any]:
    """Lines as a workbook under the form's headings, each a row below its number."""
    made: Any = Workbook()
    sheet = made.active
    sheet.title = tab_name(read.form.layout.sheet)
    for column in read.form.columns:
        _put(sheet.cell(_HEADINGS, column.number), column.spec.header)
        for number, row in zip(read.numbers, read.rows, strict=True):
            written = column.write(row.get(column.field))
            if written is not None:
                _put(sheet.cell(number + _HEADINGS, column.number), str(written))
        for failed in read.failed:
            if column.field in failed.cells:
                value = str(failed.cells[column.field])
                _put(sheet.cell(failed.number + _HEADINGS, column.number), value)
    return made, sheet


def _as_workbook(read: ReadForm, source: Path) -> tuple[Any, Any]:
    """Another kind of file as a workbook, its rows where they stood."""
    made: Any = Workbook()
    made.remove(made.active)
    words = frozenset(word for column in read.form.columns for word in column.headings)
    book = open_book(source, read.limits, words)
    chosen: Any = None
    try:
        for number, sheet in enumerate(book.sheets):
            copied: Any = made.create_sheet(tab_name(sheet.name or read.form.layout.sheet))
            if chosen is None or sheet.name == read.place.sheet:
                chosen = copied if number == 0 or sheet.name == read.place.sheet else chosen
            for row in sheet.rows():
                for index, value in row.cells.items():
                    _put(copied.cell(row.number, index + 1), value)
    finally:
        book.close()
    return made, chosen


def _put(cell: Any, value: CellValue) -> None:
    if isinstance(value, str | ErrorCell | NoResult):
        cell.value = visible(str(value))
        cell.data_type = "s"
        cell.number_format = "@"
        if str(value)[:1] in FORMULA_STARTS:
            cell.quotePrefix = True
    else:
        cell.value = value
