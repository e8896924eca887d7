"""The failed list (失败清单): the rows that could not be read, with the reason of each.

Its headings are the form's own, so that it is corrected and read again without the rows that went
through. This module imports openpyxl.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from socialins.faults import Text
from socialins.forms.looks import Look, Value
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.readform import FailedRow, ReadForm
from socialins.forms.papers.writing import NO_MONTH
from socialins.forms.sheets import CellValue
from socialins.forms.spreadsheet import WorkbookWriter

__all__ = ["write_failed"]

_ROW = Text("原行号", "Row in the file")
_REASON = Text("失败原因", "Reason")
_WIDE = 60
_EXACT = 10**15


def write_failed(read: ReadForm, path: Path, lang: str) -> None:
    """Write the failed rows of a file.

    Arguments:
        read: what was read of it.
        path: where to write.
        lang: language of the reasons.
    """
    layout = read.form.layout
    book = WorkbookWriter(layout.title.get(lang), NO_MONTH)
    columns = [column for column in read.form.columns if column.type is not ColumnType.SEQUENCE]
    widths = [*(column.spec.width for column in columns), 12, _WIDE]
    sheet = book.sheet(layout.sheet, widths, freeze=f"A{2 + layout.grouped}")
    if layout.grouped:
        sheet.row([column.group or None for column in columns], Look.HEADING)
    headings = [column.spec.header for column in columns]
    sheet.row([*headings, _ROW.get(lang), _REASON.get(lang)], Look.HEADING)
    for row in read.failed:
        wrong = {fault.place.field for fault in row.faults if fault.is_error}
        cells = [
            (_shown(row.cells, column.field), _look(column.field in wrong)) for column in columns
        ]
        reasons = "\n".join(_reasons(row, lang))
        sheet.cells([*cells, (row.number, Look.BODY), (reasons, Look.BODY)])
    book.save(path)


def _reasons(row: FailedRow, lang: str) -> Iterator[str]:
    for fault in row.faults:
        if fault.is_error:
            yield f"{fault.message(lang)}{'. ' if lang == 'en' else '。'}{fault.remedy(lang)}"


def _look(wrong: bool) -> Look:
    return Look.MARKED if wrong else Look.BODY


def _shown(cells: Mapping[str, CellValue], field: str) -> Value:
    """What a cell holds, as text: nothing is lost by that, and it reads back the same."""
    value = cells.get(field)
    if isinstance(value, datetime):
        value = value.date()
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)
