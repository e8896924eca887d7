"""Old workbooks (.xls) as books: the records of Excel 97 to 2003, read for the values of cells.

Bureaus still hand them out and ask for them. A library that reads them (python-calamine 0.9) makes
room for every cell between the first and the last, and a file of six kilobytes with a cell at the
far end of the sheet takes the process down with it. Here nothing is made room for before it is
there. What is older, encrypted or damaged is a fault.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.compound import Broken, workbook_stream
from socialins.forms.errors import FormError
from socialins.forms.plaintext import is_blank
from socialins.forms.sheets import CellValue, ErrorCell, Limits, NoResult, Percent, Row

__all__ = ["OldBook", "OldSheet", "open_old_workbook"]

_MOST_STRINGS = 3_000_000
_BOF, _EOF, _CONTINUE, _FILE_PASS = 0x0809, 0x000A, 0x003C, 0x002F
_SHEET_LIST, _STRINGS, _FORMAT, _STYLE, _DATE_MODE = 0x0085, 0x00FC, 0x041E, 0x00E0, 0x0022
_NUMBER, _RK, _RKS, _LABEL, _SHARED, _FLAG, _FORMULA, _RESULT = (
    0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD, 0x0205, 0x0006, 0x0207,
)  # fmt: skip
_ROW, _HIDDEN = 0x0208, 0x20
_VERSION_8 = 0x0600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}
_PERCENTS, _DATES = {9, 10}, {14, 15, 16, 17, 22}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_OLD = Text("比 Excel 97 更旧的工作簿", "a workbook older than Excel 97")


def open_old_workbook(path: Path, limits: Limits) -> OldBook:
    """Open an old workbook.

    Arguments:
        path: the file.
        limits: what it may hold at most.

    Raises:
        FormError: if it is damaged, encrypted, too large or too old.
    """
    place = Place(file=str(path))
    try:
        stream = workbook_stream(path.read_bytes())
        made = _Globals.read(stream, place)
        # Sheets may claim to lie at one place, so what is read is counted over all of them.
        budget = _Budget(limits, place)
        sheets = tuple(
            OldSheet(name, visible, place, limits, *_cells(stream, start, made, budget))
            for name, visible, start in made.sheets
        )
    except (Broken, struct.error, IndexError, OverflowError) as error:
        said = Text("文件不完整", "it is cut off")
        reason = str(error) if isinstance(error, Broken) else said
        raise FormError(Fault("form.file.damaged", {"reason": reason}, place)) from error
    return OldBook(sheets)


@attrs.frozen
class OldSheet:
    """A sheet of an old workbook."""

    name: str
    visible: bool
    place: Place
    limits: Limits
    cells: dict[int, dict[int, CellValue]] = attrs.field(repr=False)
    hidden: frozenset[int] = frozenset()

    def rows(self) -> Iterator[Row]:
        """The rows, empty ones left out."""
        for number in sorted(self.cells):
            found = {at: one for at, one in sorted(self.cells[number].items()) if not is_blank(one)}
            if found and max(found) >= self.limits.columns:
                values = {"row": str(number + 1), "most": str(self.limits.columns)}
                place = attrs.evolve(self.place, sheet=self.name, row=number + 1)
                raise FormError(Fault("form.file.columns", values, place))
            if found:
                yield Row(number + 1, found, number in self.hidden)


@attrs.frozen
class OldBook:
    """An old workbook, read as a whole."""

    sheets: tuple[OldSheet, ...]

    def close(self) -> None:
        """Nothing is kept open."""


@attrs.define
class _Globals:
    """What all sheets share: their list, the texts, the formats.

    Arguments:
        sheets: name, whether it is visible, where it begins.
        strings: the texts.
        styles: the number format of each style.
        formats: number of a format → its code.
        epoch: the day that dates count from.
    """

    sheets: list[tuple[str, bool, int]] = attrs.field(factory=list)
    strings: list[str] = attrs.field(factory=list)
    styles: list[int] = attrs.field(factory=list)
    formats: dict[int, str] = attrs.field(factory=dict)
    epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone
    _kinds: dict[int, str] = attrs.field(factory=dict)

    @classmethod
    def read(cls, stream: bytes, place: Place) -> _Globals:
        """Read the first part of the stream."""
        made = cls()
        records = _records(stream, 0)
        kind, body = next(records, (0, b""))
        if kind != _BOF:
            raise Broken("no beginning")
        if struct.unpack_from("<H", body)[0] != _VERSION_8:
            raise FormError(Fault("form.file.kind", {"kind": _OLD}, place))
        parts: list[bytes] = []
        in_strings = False
        for kind, body in records:
            if kind == _EOF:
                break
            if kind == _FILE_PASS:
                raise FormError(Fault("form.file.encrypted", {}, place))
            in_strings = kind == _STRINGS or (kind == _CONTINUE and in_strings)
            if in_strings:
                parts.append(body)
            else:
                made.take(kind, body)
        made.strings = list(_Strings(parts).all()) if parts else []
        return made

    def take(self, kind: int, body: bytes) -> None:
        """Take note of a record."""
        if kind == _SHEET_LIST and body[5] == 0:
            start, state = struct.unpack_from("<IB", body)
            self.sheets.append((_text(body, 6, "B"), state & 3 == 0, start))
        elif kind == _FORMAT:
            self.formats[struct.unpack_from("<H", body)[0]] = _text(body, 2, "H")
        elif kind == _STYLE:
            self.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _DATE_MODE and struct.unpack_from("<H", body)[0]:
            self.epoch = datetime(1904, 1, 1)  # noqa: DTZ001

    def number(self, value: float, style: int) -> CellValue:
        """A number as its style shows it: a date, a percentage, or itself."""
        kind = self._kinds.get(style)
        if kind is None:
            kind = self._kinds[style] = self._kind(style)
        if kind == "percent":
            return Percent(value)
        if kind == "date" and 0 <= value < 2_958_466:
            return self.epoch + timedelta(days=value)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value

    def _kind(self, style: int) -> str:
        number = self.styles[style] if style < len(self.styles) else 0
        code = _QUOTED.sub("", self.formats.get(number, "")).casefold()
        if number in _PERCENTS or "%" in code:
            return "percent"
        return "date" if number in _DATES or "y" in code else "number"


@attrs.define
class _Budget:
    """How much of a workbook was read, and how much may be."""

    limits: Limits
    place: Place
    cells: int = 0
    records: int = 0

    def take(self, *, cells: int = 0, records: int = 0) -> None:
        """Count what was read.

        Raises:
            FormError: if that is too much.
        """
        self.cells += cells
        self.records += records
        most = self.limits.cells
        # Rows, styles and the like have records too: about one a cell, or fewer.
        if self.cells > most or self.records > 4 * most:
            reason = Text(f"超过 {most:,} 个单元格", f"over {most:,} cells")
            raise FormError(Fault("form.file.bomb", {"reason": reason}, self.place))


def _cells(
    stream: bytes, start: int, shared: _Globals, budget: _Budget
) -> tuple[dict[int, dict[int, CellValue]], frozenset[int]]:
    """The cells of a sheet, row → column → value; and the rows that are hidden."""
    found: dict[int, dict[int, CellValue]] = {}
    hidden: set[int] = set()
    depth = 0
    waiting: tuple[int, int] | None = None
    for kind, body in _records(stream, start):
        budget.take(records=1)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if kind == _RESULT and waiting is not None:
            row, column = waiting
            found.setdefault(row, {})[column] = _text(body, 0, "H")
        if depth == 1 and kind == _ROW and struct.unpack_from("<I", body, 12)[0] & _HIDDEN:
            hidden.add(struct.unpack_from("<H", body)[0])
        if depth > 1 or kind not in _READERS:
            continue
        row, column = struct.unpack_from("<HH", body)
        values = _READERS[kind](body, shared)
        waiting = (row, column) if kind == _FORMULA else None
        budget.take(cells=len(values))
        cells = found.setdefault(row, {})
        for at, value in enumerate(values, start=column):
            if value is not None:
                cells[at] = value
    return found, frozenset(hidden)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _text(body: bytes, at: int, size: str) -> str:
    """A text with its length and its flag before it."""
    count, flag = struct.unpack_from(f"<{size}B", body, at)
    begin = at + struct.calcsize(f"<{size}B")
    if flag & 1:
        return body[begin : begin + 2 * count].decode("utf-16-le", "replace")
    return body[begin : begin + count].decode("latin-1")


def _rk(raw: int) -> float:
    """A number in four bytes: a whole one, or the upper half of a binary one; maybe hundredths."""
    if raw & 2:
        value = float((raw >> 2) - (1 << 30 if raw & 0x80000000 else 0))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))[0])
    return value / 100 if raw & 1 else value


def _of_number(body: bytes, shared: _Globals) -> list[CellValue]:
    style, value = struct.unpack_from("<Hd", body, 4)
    return [shared.number(value, style)]


def _of_rk(body: bytes, shared: _Globals) -> list[CellValue]:
    style, raw = struct.unpack_from("<HI", body, 4)
    return [shared.number(_rk(raw), style)]


def _of_rks(body: bytes, shared: _Globals) -> list[CellValue]:
    pairs = struct.iter_unpack("<HI", body[4 : 4 + (len(body) - 6) // 6 * 6])
    return [shared.number(_rk(raw), style) for style, raw in pairs]


def _of_shared(body: bytes, shared: _Globals) -> list[CellValue]:
    return [shared.strings[struct.unpack_from("<I", body, 6)[0]]]


def _of_label(body: bytes, _shared: _Globals) -> list[CellValue]:
    return [_text(body, 6, "H")]


def _of_flag(body: bytes, _shared: _Globals) -> list[CellValue]:
    value, is_error = body[6], body[7]
    return [ErrorCell(_ERRORS.get(value, "#N/A")) if is_error else bool(value)]


def _of_formula(body: bytes, shared: _Globals) -> list[CellValue]:
    if body[12:14] != b"\xff\xff":
        style, value = struct.unpack_from("<Hd", body, 4)
        return [shared.number(value, style)]
    if body[6] == 1:
        return [bool(body[8])]
    # A text follows in a record of its own; an empty one does not.
    if body[6] == 2:
        return [ErrorCell(_ERRORS.get(body[8], "#N/A"))]
    return [None if body[6] == 3 else NoResult()]


_READERS = {
    _NUMBER: _of_number,
    _RK: _of_rk,
    _RKS: _of_rks,
    _SHARED: _of_shared,
    _LABEL: _of_label,
    _FLAG: _of_flag,
    _FORMULA: _of_formula,
}


@attrs.define
class _Strings:
    """The shared texts, which go on over several records.

    A text that is cut by the end of a record begins the next with a flag of its own.
    """

    parts: list[bytes]
    part: int = 0
    at: int = 8

    def all(self) -> Iterator[str]:
        """Every text."""
        count = struct.unpack_from("<I", self.parts[0], 4)[0]
        if count > _MOST_STRINGS:
            raise Broken("texts")
        for _ in range(count):
            yield self._one()

    def _one(self) -> str:
        length, flag = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flag & 8 else 0
        more = struct.unpack("<I", self._take(4))[0] if flag & 4 else 0
        pieces: list[str] = []
        while length:
            if self.at >= len(self.parts[self.part]):
                self._next()
                flag = self._take(1)[0]
            wide = 2 if flag & 1 else 1
            fits = min(length, (len(self.parts[self.part]) - self.at) // wide)
            if not fits:
                raise Broken("a character is cut")
            raw = self._take(fits * wide)
            pieces.append(
                raw.decode("utf-16-le", "replace") if wide == 2 else raw.decode("latin-1")
            )
            length -= fits
        self._skip(4 * runs + more)
        return "".join(pieces)

    def _take(self, size: int) -> bytes:
        if self.at >= len(self.parts[self.part]):
            self._next()
        taken = self.parts[self.part][self.at : self.at + size]
        if len(taken) < size:
            raise Broken("a text ends too early")
        self.at += size
        return taken

    def _skip(self, size: int) -> None:
        while size:
            if self.at >= len(self.parts[self.part]):
                self._next()
            step = min(size, len(self.parts[self.part]) - self.at)
            if not step:
                raise Broken("a text ends too early")
            self.at += step
            size -= step

    def _next(self) -> None:
        self.part, self.at = self.part + 1, 0
        if self.part >= len(self.parts):
            raise Broken("a text ends too early")
