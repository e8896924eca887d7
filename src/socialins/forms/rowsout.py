"""Rows out: a sheet's rows as XML, put between the parts of a sheet that openpyxl writes.

openpyxl makes an object of each cell and a tree of each object. Here a row is one text, with the
same marks, so that the workbook holds what openpyxl would have written.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, TypeAlias

import attrs
from openpyxl.utils import get_column_letter

from socialins.forms.looks import EXACT, Look, Value, visible
from socialins.forms.textbook import FORMULA_STARTS
from socialins.values import Money, Rate

if TYPE_CHECKING:
    from socialins.forms.spreadsheet import SheetWriter

__all__ = ["CellXml", "RowsOut", "put_between"]

CellXml: TypeAlias = str
"""The XML of a cell behind its place."""

_BATCH = 512
_NO_ROWS = re.compile(rb"<sheetData\s*(?:/>|></sheetData>)")
_MARKUP = re.compile("[&<>\r]")
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


@attrs.define
class RowsOut:
    """The rows of a sheet.

    Arguments:
        sheet: the sheet, which has no rows of openpyxl's.
        rows: how many have been written.
    """

    sheet: SheetWriter
    rows: int = 0
    file: IO[bytes] = attrs.field(factory=TemporaryFile)
    _ids: dict[tuple[str, Look, bool], int] = attrs.field(factory=dict)

    def cell(self, value: Value, look: Look) -> CellXml | None:
        """The XML of a cell, as `SheetWriter.cells` would write it; None for no cell at all."""
        if value is None:
            return None if look is Look.NOTE else self._empty("General", look)
        if isinstance(value, str):
            return self.text(value, look)
        if isinstance(value, Money):
            return self._number(str(value), "#,##0.00", look)
        if isinstance(value, Rate):
            return self._number(str(value.decimal()), "0.00##%", look)
        return self._number(str(value), "0", look)

    def text(self, text: str, look: Look, number: str = "@") -> CellXml:
        """The XML of a cell with a text."""
        shown = visible(text) if number == "@" else text
        if not shown:
            return self._empty(number, look)
        quoted = shown[0] in FORMULA_STARTS and number == "@"
        space = ' xml:space="preserve"' if shown != shown.strip() else ""
        written = _MARKUP.sub(lambda found: _WRITTEN[found[0]], shown)
        style = self._style(number, look, quoted)
        return f' s="{style}" t="inlineStr"><is><t{space}>{written}</t></is></c>'

    def _number(self, digits: str, number: str, look: Look) -> CellXml:
        if not EXACT.fullmatch(digits):
            return self.text(digits, look)
        return f' s="{self._style(number, look, False)}" t="n"><v>{digits}</v></c>'

    def _empty(self, number: str, look: Look) -> CellXml:
        return f' s="{self._style(number, look, False)}" t="n" />'

    def _style(self, number: str, look: Look, quoted: bool) -> int:
        key = (number, look, quoted)
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = self.sheet.style_id(number, look, quoted)
        return found

    def line(self, cells: Iterable[CellXml | None]) -> None:
        """Write a row."""
        self.rows += 1
        made = [
            f'<c r="{get_column_letter(place)}{self.rows}"{cell}'
            for place, cell in enumerate(cells, start=1)
            if cell is not None
        ]
        self.file.write(f'<row r="{self.rows}">{"".join(made)}</row>'.encode())

    def lines(self, columns: int, rows: Iterable[Sequence[CellXml]]) -> None:
        """Write rows that have a cell in each column.

        Arguments:
            columns: how many.
            rows: the cells of each row.
        """
        cells = "".join(f'<c r="{get_column_letter(at + 1)}#"%s' for at in range(columns))
        pattern = f'<row r="#">{cells}</row>'
        number, batch = self.rows, []
        for row in rows:
            number += 1
            batch.append(pattern.replace("#", str(number)) % tuple(row))
            if len(batch) == _BATCH:
                self.file.write("".join(batch).encode())
                self.rows, batch = number, []
        self.file.write("".join(batch).encode())
        self.rows = number

    def close(self) -> None:
        """Let go of what was written."""
        self.file.close()


def put_between(sheet: IO[bytes], rows: IO[bytes], into: IO[bytes]) -> None:
    """Write a sheet with rows that it was made without.

    Arguments:
        sheet: the sheet as openpyxl wrote it, without rows.
        rows: the rows.
        into: where to write.

    Raises:
        ValueError: if the sheet has rows, or no room for any.
    """
    around = _NO_ROWS.split(sheet.read())
    if len(around) != 2:
        raise ValueError("a sheet that rows are put into must have none")
    into.write(around[0] + b"<sheetData>")
    rows.seek(0)
    shutil.copyfileobj(rows, into, 1 << 20)
    into.write(b"</sheetData>" + around[1])
