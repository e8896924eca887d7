"""Sheets' XML as programs write it, read by patterns: several times as fast as by a parser.

Programs write a sheet row after row in one way. So a pattern is made of the rows that were met,
with room for empty cells, and a row like them is read in one step. A pattern accounts for every
character of what it reads. Whatever it was not made for, such as formulas, comments, rich text and
characters that XML forbids, is left to openpyxl: see `NotPlain`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

import attrs
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError
from openpyxl.utils import column_index_from_string

from socialins.forms.cellxml import TEXT, CellReader, NotPlain, kind_and_style
from socialins.forms.plaintext import is_blank
from socialins.forms.rowpattern import Cell, RowPattern, Way
from socialins.forms.sheets import CellValue, Limits, Row

__all__ = ["SheetXml"]

_PIECE = 1 << 18
_LONGEST_ROW = 1 << 22
_LONGEST_HEAD = 1 << 20
_MAIN = ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_ENCODING = re.compile(r"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_ROOT = re.compile(r"<worksheet\s[^<>]*>")
_BEGIN, _END, _ROW_END = "<sheetData>", "</sheetData>", "</row>"
# openpyxl takes rows wherever they stand.
_ANY_ROW = re.compile(r"<(?:\w+:)?(?:row|sheetData)[\s/>]")
_ROW = re.compile(
    r'\s*<row r="(?P<r>[1-9][0-9]{0,6})"(?P<attributes>(?: [\w:]+="[^"<>&\t\n\r]*")*)\s?'
    "(?P<end>/?)>"
)
_ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"')
_CELL = re.compile(
    r'\s*<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"((?: [st]="[A-Za-z0-9]+"){0,2})\s?'
    rf'(?:/>|></c>|>(?:<v>({TEXT})</v>|<is><t(?: xml:space="preserve")?>({TEXT})</t></is>)</c>)'
)
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_CLOSED = re.compile(r"\s*</row>")


@attrs.define
class SheetXml:
    """The rows of a sheet's XML.

    Arguments:
        cells: what reads its cells.
        limits: what a row may hold.
        check: told the number and the cells of a row that may be beyond the limits.
    """

    cells: CellReader
    limits: Limits
    check: Callable[[int, dict[int, CellValue]], None]
    _prefixes: frozenset[str] = frozenset()

    def rows(self, source: IO[bytes]) -> Iterator[Row]:
        """The rows, empty ones too.

        Arguments:
            source: the XML.

        Raises:
            NotPlain: where something turns up that is left to openpyxl; the rows before it are
                read.
            FormError: where a row is beyond the limits.
        """
        try:
            yield from self._rows(source)
        except (UnicodeDecodeError, DefusedXmlException, ParseError, ValueError) as error:
            raise NotPlain from error

    def _rows(self, source: IO[bytes]) -> Iterator[Row]:
        decode = codecs.getincrementaldecoder("utf-8")().decode
        frame = DefusedXMLParser(forbid_dtd=True)
        text = self._head(source, decode, frame)
        pattern = RowPattern(self.cells, self.limits)
        while not text.lstrip().startswith(_END):
            cut = text.rfind(_ROW_END) + len(_ROW_END)
            position = 0
            while cut >= len(_ROW_END) and position < cut:
                if (found := pattern.match(text, position)) is not None:
                    position = found.end()
                    yield pattern.row(found)
                else:
                    row, position = self._slowly(text, position, pattern)
                    yield row
            text = text[position:]
            if text.lstrip().startswith(_END):
                break
            piece = source.read(_PIECE)
            if not piece or len(text) > _LONGEST_ROW:
                raise NotPlain
            text += decode(piece)
        self._tail(text, source, decode, frame)

    def _head(self, source: IO[bytes], decode: Callable[[bytes], str], frame: Any) -> str:
        """What follows on the opening of the data; all before it is checked."""
        text = ""
        while (at := text.find(_BEGIN)) < 0:
            piece = source.read(_PIECE)
            if not piece or len(text) > _LONGEST_HEAD:
                raise NotPlain
            text += decode(piece)
        head = text[: at + len(_BEGIN)]
        root = _ROOT.search(head)
        if root is None or _MAIN not in root[0] or "<!" in head or _ENCODING.search(head):
            raise NotPlain
        if _ANY_ROW.search(head[:at]):
            raise NotPlain
        self._prefixes = frozenset(re.findall(r"\sxmlns:(\w+)=", root[0]))
        frame.feed(head)
        return text[len(head) :]

    @staticmethod
    def _tail(text: str, source: IO[bytes], decode: Callable[..., str], frame: Any) -> None:
        """Check what follows on the data."""
        while piece := source.read(_PIECE):
            text += decode(piece)
        text += decode(b"", True)
        if _ANY_ROW.search(text.lstrip().removeprefix(_END)):
            raise NotPlain
        frame.feed(text)
        frame.close()

    def _slowly(self, text: str, position: int, pattern: RowPattern) -> tuple[Row, int]:
        """The row at a place, read cell by cell, and the place behind it; what is met is learnt."""
        start = _ROW.match(text, position)
        if start is None:
            raise NotPlain
        hidden = self._is_hidden(start["attributes"])
        number, position = int(start["r"]), start.end()
        if start["end"]:
            return Row(number, {}, hidden), position
        cells: dict[int, CellValue] = {}
        met: list[Cell] = []
        while cell := _CELL.match(text, position):
            position = cell.end()
            letters, row, marks, value, inline = cell.groups()
            if row != start["r"]:
                raise NotPlain
            index = column_index_from_string(letters) - 1
            read = self.cells.read(marks, value, inline)
            if not is_blank(read):
                cells[index] = read
            met.append((index, _way(marks, value, inline)))
        closed = _CLOSED.match(text, position)
        if closed is None:
            raise NotPlain
        self.check(number, cells)
        pattern.learn(start["attributes"], hidden, met)
        return Row(number, cells, hidden), closed.end()

    def _is_hidden(self, written: str) -> bool:
        """Whether a row is; refuses an attribute that stands twice, and unknown prefixes."""
        found = _ATTRIBUTE.findall(written)
        said = dict(found)
        prefixes = {name.rpartition(":")[0] for name in said if ":" in name}
        if len(said) < len(found) or "r" in said or not prefixes <= self._prefixes:
            raise NotPlain
        return said.get("hidden") in ("1", "true")


def _way(marks: str, value: str | None, inline: str | None) -> Way | None:
    stands_inside = kind_and_style(marks)[0] == "inlineStr"
    if not (inline if stands_inside else value):
        # Empty, whatever else stands there.
        return None
    if inline is not None:
        return Way(marks, inline=True, simple="&" not in inline)
    return Way(marks, inline=False, simple=_DECIMAL.fullmatch(value or "") is not None)
