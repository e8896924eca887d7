"""Text files (csv) as a book of one sheet.

Encoding and delimiter are found, not asked for: UTF-8 if every byte of the file is, else GB18030,
which Chinese spreadsheets write; the delimiter that shows the most known headings. Formulas are
text here, and stay text.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import attrs

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError
from socialins.forms.plaintext import fold
from socialins.forms.sheets import Limits, Row

__all__ = ["FORMULA_STARTS", "TextBook", "protect"]

HEADER_ROWS = 20
FORMULA_STARTS = "=+-@\t\r＝＋－＠"
"""Characters that make a spreadsheet take text for a formula."""

_DELIMITERS = ",;\t"
_PIECE = 1 << 16
# Lines of one record: a quotation mark that is never closed swallows the rest of the file.
_LINES = 1000


def protect(text: str) -> str:
    """Text as it is written to a text file, so that no spreadsheet takes it for a formula.

    A single quotation mark goes before it, the spreadsheets' own sign for text; reading takes it
    away again.

    >>> protect("=1+1"), protect("张三"), protect("'=1")
    ("'=1+1", '张三', "''=1")
    """
    return f"'{text}" if _formula_like(text) else text


def _unprotect(text: str) -> str:
    return text[1:] if text.startswith("'") and _formula_like(text) else text


def _formula_like(text: str) -> bool:
    rest = text.lstrip("'")
    return bool(rest) and rest[0] in FORMULA_STARTS


@attrs.frozen
class TextBook:
    """A text file.

    Arguments:
        path: the file.
        encoding: how it is encoded.
        delimiter: what stands between its cells.
        limits: what it may hold at most.
    """

    path: Path
    encoding: str
    delimiter: str
    limits: Limits

    @classmethod
    def open(cls, path: Path, limits: Limits, columns: frozenset[str]) -> TextBook:
        """Open a text file; `columns` are the folded headings that its delimiter should show.

        Raises:
            FormError: if it is no text, or beyond the limits.
        """
        encoding = _encoding(path)
        books = [cls(path, encoding, delimiter, limits) for delimiter in _DELIMITERS]
        return max(books, key=lambda book: book.known(columns))

    @property
    def sheets(self) -> tuple[TextBook, ...]:
        """The one sheet, which is the file."""
        return (self,)

    @property
    def name(self) -> None:
        """Text files don't name their sheet."""
        return

    @property
    def visible(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing is kept open."""

    def known(self, columns: frozenset[str]) -> int:
        """How many known headings the best of the first rows has."""
        best = 0
        try:
            for row in islice(self.rows(), HEADER_ROWS):
                found = {fold(str(cell)) for cell in row.cells.values()}
                best = max(best, len(columns & found))
        except FormError:
            # With the wrong delimiter a sound file may look unsound; the right one will tell.
            pass
        return best

    def rows(self) -> Iterator[Row]:
        """The rows, empty ones left out."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = _Lines(file, self)
            reader = csv.reader(lines, delimiter=self.delimiter)
            for number in range(1, 2**63):
                lines.left = _LINES
                try:
                    record = next(reader, None)
                except csv.Error as error:
                    # The one thing it objects to: a field beyond its own limit, over many lines.
                    most = str(self.limits.field)
                    raise FormError(self.fault("form.file.field", number, most=most)) from error
                if record is None:
                    return
                cells = {
                    index: _unprotect(cell) for index, cell in enumerate(record) if cell.strip()
                }
                self._check(number, record, cells)
                if cells:
                    yield Row(number, cells)

    def _check(self, number: int, record: list[str], cells: dict[int, str]) -> None:
        if cells and max(cells) >= self.limits.columns:
            raise FormError(self.fault("form.file.columns", number, most=str(self.limits.columns)))
        if len(max(record, key=len, default="")) > self.limits.field:
            raise FormError(self.fault("form.file.field", number, most=str(self.limits.field)))

    def fault(self, code: str, row: int | None = None, **values: str) -> Fault:
        """A fault at a row of the file."""
        return Fault(code, {**values, "row": str(row)}, Place(file=str(self.path), row=row))


@attrs.define
class _Lines:
    """The lines of a file, none of them longer than a row may be, and few for one record."""

    file: TextIO
    book: TextBook
    number: int = 0
    left: int = _LINES

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        longest = self.book.limits.field * 4
        line = self.file.readline(longest)
        if not line:
            raise StopIteration
        self.number += 1
        self.left -= 1
        if "\0" in line:
            raise FormError(self.book.fault("form.file.binary", self.number))
        if len(line) == longest or not self.left:
            most = str(self.book.limits.field)
            raise FormError(self.book.fault("form.file.field", self.number, most=most))
        return line


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        # What spreadsheets call "Unicode text".
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise FormError(Fault("form.file.encoding", {}, Place(file=str(path))))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
