"""Plain workbooks: told from others before the fast reader touches them, and then read by it.

The fast reader gives values without their formats, can't tell an error from an empty cell, and
makes room for every cell between the first and the last. So a workbook's parts are searched once
for all that it might read otherwise than openpyxl does: formulas, errors, dates, percentages,
numbers whose writing shows in a fault, escapes, cells far out. Whatever holds any of it is left to
openpyxl; a doubt costs seconds, never a fen. Nothing is parsed here.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cached_property
from operator import ge
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

import attrs

from socialins.faults import require
from socialins.forms.archive import DAMAGE, check_archive
from socialins.forms.errors import FormError
from socialins.forms.plaintext import is_blank
from socialins.forms.sheets import CellValue, Limits, Row
from socialins.forms.sniff import Format, sniff

__all__ = ["NotPlain", "Plain", "PlainBook", "PlainSheet", "cells_of", "look_through"]


# What openpyxl raises on styles that it can't make sense of, beside what the archive raises.
_BROKEN = (*DAMAGE, ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError)


class NotPlain(Exception):
    """A workbook has to be read by openpyxl."""


_NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"})
_PIECE = 1 << 20
_PROLOG = 120
_STARTS = (b"<c ", b"<row", b"<si>")
_CELL, _CELL_AT = b"<c ", b'<c r="'
_ROW_AT = re.compile(rb'<row r="([0-9]{1,7})"')
_WORDS = (
    b"\0",  # UTF-16
    b"\r",
    b"='",
    b"<f>",
    b"<f ",
    b"<f/",
    b"<v ",
    b"<c>",
    b"<row>",
    b"<rPh",
    b"<![CDATA[",
    b"<!--",
    b't="e"',
    b't="d"',
)
# Numbers that are written otherwise than any program writes a wage.
_ODD = re.compile(rb"<v>(?:-?[0-9]{16,}|[0-9.+-]+[eE][^<]*)</v>")
# Some programs write Chinese as numbers of characters; all but plain ones stay with openpyxl.
_REFERENCE = re.compile(
    rb"&#(?!(?:1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}"
    rb"|[1-4][0-9]{4}|5[0-4][0-9]{3}|6[0-4][0-9]{3}|65[0-4][0-9]{2});)"
)
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
# A text that stands in its cell counts only in cells that say so; the fast reader takes any.
_INLINE = b"<is"
_INLINE_AT = re.compile(
    rb'<c r="[A-Z]+[0-9]+"[^<>]* t="inlineStr"[^<>]*>'
    rb'<is><t(?: xml:space="preserve")?>[^<]*</t></is></c>'
)
# Of several texts in one place the readers take different ones.
_TWICE = re.compile(rb"</t>\s*<t[\s>]")
# Programs write a whole number as 5000 or as 5000.0, and a fault shows it as it was written.
_WHOLE = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: (?!t="s")[a-z]+="[^"]*")*><v>-?[0-9]+</v>')
_POINT = re.compile(rb"<v>-?[0-9]+\.0*</v>")
# Cells beyond column AZ or row 299 999.
_FAR_ROW = 300_000
_FAR = re.compile(rb'<c r="(?:[B-Z][A-Z]|[A-Z]{3}|[A-Z]*(?:[3-9][0-9]{5}|[0-9]{7}))')
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_FORMAT = re.compile(rb'numFmtId="([0-9]+)"')
_FORMATS = re.compile(rb'formatCode="([^"]*)"')
# Built-in formats of numbers and text, none of which is a date or has a percent sign.
_PLAIN_FORMATS = frozenset({*range(5), *range(37, 45), 49})
_PLAIN_CODE = re.compile(rb"(?:General|\[Red\]|&quot;|[0#?,.;@ _*()\\\\+$-]|\xc2\xa5)*")
_OWN_FORMATS = 164


@attrs.frozen(slots=False)
class Plain:
    """A workbook that is plain.

    Arguments:
        path: its file.
        rows: of its longest sheet.
    """

    path: Path
    rows: int

    @cached_property
    def whole(self) -> type[int] | type[float] | None:
        """How its whole numbers are written: 5000, or 5000.0; None where both occur."""
        ways: set[type[int] | type[float]] = set()
        with ZipFile(self.path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        for piece in _pieces(part):
                            ways |= {int} if _WHOLE.search(piece) else set()
                            ways |= {float} if _POINT.search(piece) else set()
        return ways.pop() if len(ways) == 1 else None


def look_through(path: Path, limits: Limits) -> Plain:
    """Check that a workbook is plain.

    Arguments:
        path: the file.
        limits: what a workbook may hold.

    Returns:
        What it holds.

    Raises:
        NotPlain: if it isn't, is damaged, or is no workbook at all.
    """
    try:
        if sniff(path, limits.size) is not Format.WORKBOOK:
            raise NotPlain
        check_archive(path, limits)
        with ZipFile(path) as archive:
            return Plain(path, _scan_all(archive))
    except (FormError, *_BROKEN) as error:
        # The slow reader says what is wrong.
        raise NotPlain from error


def _scan_all(archive: ZipFile) -> int:
    names = archive.namelist()
    if not set(names) >= _NEEDED:
        raise NotPlain
    unusual = _unusual_styles(archive)
    rows = 0
    for name in names:
        with archive.open(name) as part:
            if name.lower().endswith(".xml") and not name.startswith(("xl/theme/", "docProps/")):
                rows = max(rows, _scan(part, unusual))
            elif b"sheetData" in part.read().replace(b"\0", b""):
                raise NotPlain
    return rows


def _scan(part: IO[bytes], unusual: re.Pattern[bytes] | None) -> int:
    """Search a part; the rows in it."""
    rows = last = 0
    for piece in _pieces(part):
        counted, last = _check_piece(piece, last, unusual)
        rows += counted
    return rows


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """A part in pieces that end between cells."""
    tail = part.read(_PROLOG)
    if _ENCODING.search(tail):
        raise NotPlain
    tail = tail.replace(b"?>\r\n", b"?>", 1)
    while piece := part.read(_PIECE):
        whole = tail + piece
        cut = next((at for one in _STARTS if (at := whole.rfind(one)) > 0), 0)
        if cut <= 0:
            # A part without cells; the longest of the words looked for stay together.
            cut = max(len(whole) - 64, 0)
        yield whole[:cut]
        tail = whole[cut:]
    yield tail


def _check_piece(piece: bytes, last: int, unusual: re.Pattern[bytes] | None) -> tuple[int, int]:
    if any(word in piece for word in _WORDS):
        raise NotPlain
    if any(odd.search(piece) for odd in (_ODD, _ESCAPE, _FAR, _REFERENCE, _TWICE)):
        raise NotPlain
    if piece.count(_CELL) != piece.count(_CELL_AT):
        raise NotPlain
    if _INLINE in piece and len(_INLINE_AT.findall(piece)) != piece.count(_INLINE):
        raise NotPlain
    if unusual is not None and unusual.search(piece):
        raise NotPlain
    numbers = [last, *map(int, _ROW_AT.findall(piece))]
    if len(numbers) - 1 != piece.count(b"<row "):
        raise NotPlain
    if any(map(ge, numbers, numbers[1:])) or numbers[-1] >= _FAR_ROW:
        raise NotPlain
    return len(numbers) - 1, numbers[-1]


def _unusual_styles(archive: ZipFile) -> re.Pattern[bytes] | None:
    """What finds a cell that shows a date or a percentage; None where no style does."""
    text = archive.read("xl/styles.xml")
    own = all(_PLAIN_CODE.fullmatch(code) for code in _FORMATS.findall(text))
    ids = {int(one) for one in _FORMAT.findall(text)}
    if b"numFmtId='" not in text and all(
        one in _PLAIN_FORMATS or (own and one >= _OWN_FORMATS) for one in ids
    ):
        return None
    styles = _by_openpyxl(archive)
    if not styles:
        return None
    listed = b"|".join(str(style).encode() for style in sorted(styles))
    return re.compile(rb'\ss="(?:' + listed + rb')"')


def _by_openpyxl(archive: ZipFile) -> set[int]:
    from openpyxl import Workbook
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.styles.stylesheet import apply_stylesheet

    from socialins.forms.quiet import hush

    hush()
    made: Any = Workbook()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        apply_stylesheet(archive, made)
    styles = range(len(made._cell_styles))  # noqa: SLF001
    cells = (ReadOnlyCell(made.active, 1, 1, None, "n", style) for style in styles)
    percents = {
        style for style, cell in zip(styles, cells, strict=True) if "%" in cell.number_format
    }
    return percents | set(made._date_formats) | set(made._timedelta_formats)  # noqa: SLF001


@attrs.frozen(slots=False)
class PlainSheet:
    """A sheet of a plain workbook."""

    plain: Plain
    book: Any = attrs.field(repr=False)
    name: str
    visible: bool

    @cached_property
    def _parsed(self) -> Any:
        library = require("python_calamine", "workbooks")
        try:
            return self.book.get_sheet_by_name(self.name)
        except (library.CalamineError, OSError) as error:
            raise NotPlain from error

    def blocks(self, size: int) -> Iterator[tuple[int, int, list[list[Any]]]]:
        """Its rows, some at a time: the number of the first, its first column, the cells.

        An empty cell is an empty text.
        """
        sheet = self._parsed
        first = sheet.start[1] if sheet.start else 0
        number, block = 1, []
        for row in sheet.iter_rows():
            block.append(row)
            if len(block) == size:
                yield number, first, block
                number, block = number + size, []
        yield number, first, block

    def rows(self) -> Iterator[Row]:
        """Its rows from the first, empty ones left out."""
        for number, first, block in self.blocks(64):
            for index, cells in enumerate(block):
                if found := cells_of(cells, first, self.plain):
                    yield Row(number + index, found)


def cells_of(cells: list[Any], first: int, plain: Plain) -> dict[int, CellValue]:
    """The cells of a row as openpyxl gives them.

    Raises:
        NotPlain: where nobody can tell which of two ways a whole number was written.
    """
    return {
        index: _whole(value, plain) if type(value) is float and value.is_integer() else value
        for index, value in enumerate(cells, start=first)
        if not is_blank(value)
    }


def _whole(value: float, plain: Plain) -> int | float:
    way = plain.whole
    if way is None:
        raise NotPlain
    return way(value)


@attrs.frozen
class PlainBook:
    """A plain workbook, open."""

    book: Any = attrs.field(repr=False)
    sheets: tuple[PlainSheet, ...]

    @classmethod
    def open(cls, path: Path, plain: Plain) -> PlainBook:
        """Open a workbook that was found to be plain.

        Raises:
            NotPlain: if it can't be read so after all.
        """
        library = require("python_calamine", "workbooks")
        try:
            book = library.CalamineWorkbook.from_path(path)
        except (library.CalamineError, OSError) as error:
            raise NotPlain from error
        sheets = [
            PlainSheet(plain, book, one.name, one.visible == library.SheetVisibleEnum.Visible)
            for one in book.sheets_metadata
            if one.typ == library.SheetTypeEnum.WorkSheet
        ]
        return cls(book, tuple(sheets))

    def close(self) -> None:
        """Let go of the file."""
        self.book.close()
