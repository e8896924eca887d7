"""Workbooks: a sheet as xlsx, with everything that its PDF says.

Tables with the same columns stand one below the other; a table with others begins a sheet of the
workbook. This module imports openpyxl; it is loaded when the first workbook is written.
"""

from __future__ import annotations

from pathlib import Path

from socialins.faults import Text
from socialins.forms.looks import Value as CellValue
from socialins.forms.spreadsheet import Look, SheetWriter, WorkbookWriter
from socialins.notices.digest import code_of
from socialins.notices.document import Column, Document, Table, Value, shown
from socialins.values import Money, Rate

__all__ = ["write_workbook"]

_MOST = 48.0
_LEAST = 8.0
_DIGEST = Text("内容摘要", "Digest of the content")


def write_workbook(document: Document, path: Path) -> None:
    """Write a document as a workbook.

    Arguments:
        document: the document.
        path: where.
    """
    with WorkbookWriter(document.title, document.month) as book:
        sheet: SheetWriter | None = None
        columns: tuple[Column, ...] = ()
        for part in document.parts():
            (section,) = part.sections
            first = section.tables[0] if section.tables else None
            here = first.columns if first else ()
            if sheet is None or here != columns:
                sheet, columns = _sheet(book, document, section.tables[:1]), here
            sheet.row([part.title], Look.TITLE)
            for label, value in section.fields:
                sheet.cells(((label, Look.NOTE), (_cell(value), Look.NOTE)))
            for table in section.tables:
                if table.columns != columns:
                    sheet, columns = _sheet(book, document, (table,)), table.columns
                _table(sheet, document, table)
            sheet.row((), Look.NOTE)
            for label, value in section.lines:
                sheet.cells(((label, Look.NOTE), (_cell(value), Look.NOTE)))
            for note in document.notes:
                sheet.row([note], Look.NOTE)
            sheet.cells(((_DIGEST.get(document.lang), Look.NOTE), (code_of(part), Look.NOTE)))
            sheet.row((), Look.NOTE)
        book.save(path)


def _sheet(book: WorkbookWriter, document: Document, tables: tuple[Table, ...]) -> SheetWriter:
    widths = [width for table in tables for width in _widths(table)]
    name = tables[0].title if tables and tables[0].title else document.kind.title(document.lang)
    writer = book.sheet(name, widths or [_MOST])
    writer.sheet.page_setup.orientation = "landscape" if document.landscape else "portrait"
    return writer


def _table(sheet: SheetWriter, document: Document, table: Table) -> None:
    sheet.row((), Look.NOTE)
    if table.title:
        sheet.row([table.title], Look.NOTE)
    sheet.row([column.label for column in table.columns], Look.HEADING)
    for row in table.rows:
        sheet.row([_cell(value) for value in row])
    if table.has_sums:
        sums = [_cell(value) for value in table.sums()]
        sheet.row([document.word("total"), *sums[1:]], Look.TOTAL)


def _cell(value: Value) -> CellValue:
    if value is None or isinstance(value, str | int | Money | Rate):
        return value
    return shown(value)


def _widths(table: Table) -> list[float]:
    """Widths in characters; a Chinese one is two wide. Long tables are judged by their head."""
    found = []
    for index, column in enumerate(table.columns):
        texts = [column.label, *(shown(row[index]) for row in table.rows[:200])]
        wide = max(sum(2 if ord(char) > 0x2E7F else 1 for char in text) for text in texts)
        found.append(min(_MOST, max(_LEAST, wide + 2.0)))
    return found
