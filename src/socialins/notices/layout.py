"""Layout: a document on A4 pages, as marks.

Heads are repeated on every page, sums are struck at the foot of each and at the end, and a row that
is longer than a page goes on upon the next one. Nothing is drawn here and no PDF library is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import attrs

from socialins.notices.columns import PAD, TableFit, fit_table
from socialins.notices.document import Document, Field, Table, Value, shown
from socialins.notices.marks import Box, Fill, Mark, Page, Picture, Rule, Words
from socialins.notices.wrapping import wrap

__all__ = ["Measuring", "lay_out"]

_POINT = 25.4 / 72
_SHORT, _LONG = 210.0, 297.0
_MARGIN = 12.0
_FOOT = 10.0
_CODE = 22.0
_TITLE, _BODY, _SMALL, _TINY = 15.0, 9.0, 7.0, 5.0
_LINE = 1.32
"""Height of a line, in sizes of its letters."""
_ASCENT = 1.02
_GAP = 2.0


class Measuring(Protocol):
    """Who knows how wide letters are."""

    def width(self, text: str, size: float) -> float:
        """The width of a text in millimetres, at a size in points."""
        ...


@attrs.frozen
class _Row:
    """A row ready to be placed.

    Arguments:
        cells: the lines of each cell.
        sides: where the text of each cell stands: ``"left"``, ``"right"``, ``"center"``.
        widths: of the cells.
        grey: whether it stands on grey.
    """

    cells: list[list[str]]
    sides: Sequence[str]
    widths: Sequence[float]
    grey: bool = False

    @property
    def lines(self) -> int:
        return max(len(cell) for cell in self.cells)


def lay_out(
    document: Document,
    face: Measuring,
    *,
    code: tuple[tuple[bool, ...], ...] = (),
    code_text: str = "",
) -> list[Page]:
    """Lay a document of one section out.

    Arguments:
        document: the document; its texts are on one line each.
        face: the measures of the letters.
        code: the modules of its QR code.
        code_text: what stands below the code, and at the foot of every page.
    """
    setter = _Setter(document, face)
    setter.head(code, code_text)
    (section,) = document.sections
    setter.fields(section.fields, below=_MARGIN + _CODE + 4 if code else 0)
    for table in section.tables:
        setter.table(table)
    setter.lines(section.lines)
    setter.notes(document.notes)
    setter.feet(code_text)
    return setter.pages


class _Setter:
    """The hand that sets marks on pages, one below the other."""

    def __init__(self, document: Document, face: Measuring) -> None:
        self.document = document
        self.face = face
        size = (_LONG, _SHORT) if document.landscape else (_SHORT, _LONG)
        self.width, self.height = size
        self.room = self.width - 2 * _MARGIN
        self.bottom = self.height - _MARGIN - _FOOT
        self.pages: list[Page] = []
        self.page = self.turn()
        self.y = _MARGIN

    def turn(self) -> Page:
        """Begin a page."""
        self.page = Page(self.width, self.height)
        self.pages.append(self.page)
        self.y = _MARGIN
        return self.page

    def put(self, *marks: Mark) -> None:
        self.page.marks.extend(marks)

    def need(self, height: float) -> None:
        """Turn the page if something of a height has no room on it."""
        if self.y + height > self.bottom and self.y > _MARGIN:
            self.turn()

    def paragraph(
        self, text: str, size: float, box: tuple[float, float], *, center: bool = False
    ) -> None:
        """Set a text between two sides, in as many lines as it takes."""
        left, right = box
        step = size * _POINT * _LINE
        for line in wrap(text, right - left, lambda words: self.face.width(words, size)):
            self.need(step)
            x = left
            if center:
                x = left + (right - left - self.face.width(line, size)) / 2
            cell = Box(left, self.y, right, self.y + step)
            self.put(Words(x, self.y + size * _POINT * _ASCENT, size, line, cell))
            self.y += step

    def head(self, code: tuple[tuple[bool, ...], ...], code_text: str) -> None:
        """The title, with the code at the right of it."""
        beside = _CODE + 4 if code else 0
        if code:
            x = self.width - _MARGIN - _CODE
            self.put(Picture(x, _MARGIN, _CODE, code))
            step = _TINY * _POINT * _LINE
            width = self.face.width(code_text, _TINY)
            cell = Box(x, _MARGIN + _CODE, x + _CODE, _MARGIN + _CODE + step)
            left = x + max(0.0, (_CODE - width) / 2)
            self.put(Words(left, cell.top + _TINY * _POINT * _ASCENT, _TINY, code_text, cell))
        self.paragraph(
            self.document.title,
            _TITLE,
            (_MARGIN + beside, self.width - _MARGIN - beside),
            center=True,
        )
        self.y += _GAP

    def fields(self, fields: Sequence[Field], *, below: float) -> None:
        """Labels and values, two in a row, at the left of the code."""
        right = self.width - _MARGIN - (_CODE + 4 if below else 0)
        middle = (_MARGIN + right) / 2
        step = _BODY * _POINT * _LINE
        for pair in (fields[index : index + 2] for index in range(0, len(fields), 2)):
            columns = []
            for (label, value), left, end in zip(
                pair, (_MARGIN, middle), (middle - _GAP, right), strict=False
            ):
                text = f"{label}{self.colon}{shown(value)}"
                columns.append((left, end, self._wrapped(text, _BODY, end - left)))
            for number in range(max(len(lines) for _, _, lines in columns)):
                self.need(step)
                for left, end, lines in columns:
                    if number < len(lines):
                        cell = Box(left, self.y, end, self.y + step)
                        y = self.y + _BODY * _POINT * _ASCENT
                        self.put(Words(left, y, _BODY, lines[number], cell))
                self.y += step
        self.y = max(self.y + _GAP, below if len(self.pages) == 1 else 0)

    @property
    def colon(self) -> str:
        return ": " if self.document.lang == "en" else "："

    def table(self, table: Table) -> None:
        """A table with its heads, over as many pages as it takes."""
        words = [[shown(value) for value in row] for row in table.rows]
        fit = fit_table(table, words, self.room, self.face.width)
        sides = ["right" if column.right else "left" for column in table.columns]
        heads = self._row([column.label for column in table.columns], ["center"] * len(sides), fit)
        heads = attrs.evolve(heads, grey=True)
        below = self._height(1, fit.size) * (2 if table.has_sums else 0)
        if table.title:
            height = _BODY * _POINT * _LINE + self._height(heads.lines + 1, fit.size) + below
            self.need(height)
            self.paragraph(table.title, _BODY, (_MARGIN, self.width - _MARGIN))
            self.y += 0.6
        self.need(self._height(heads.lines + 1, fit.size) + below)
        self._place(heads, fit.size)
        begun, first_page = 0, len(self.pages)
        for index, texts in enumerate(words):
            row = self._row(texts, sides, fit)
            for number, part in enumerate(self._parts(row, fit.size, below, heads)):
                if self.y + self._height(part.lines, fit.size) + below > self.bottom:
                    # A row that goes on upon the next page counts where it began.
                    done = index + 1 if number else index
                    self._strike(table, begun, done, fit)
                    begun = done
                    self.turn()
                    self._place(heads, fit.size)
                self._place(part, fit.size)
        if table.has_sums:
            if len(self.pages) > first_page:
                self._strike(table, begun, len(words), fit)
            self._sums(table, table.sums(), self.document.word("total"), fit)
        self.y += _GAP

    def lines(self, lines: Sequence[Field]) -> None:
        """What stands below the tables."""
        for label, value in lines:
            text = f"{label}{self.colon}{shown(value)}" if label else shown(value)
            self.paragraph(text, _BODY, (_MARGIN, self.width - _MARGIN))

    def notes(self, notes: Sequence[str]) -> None:
        """What is to be known of the sheet."""
        self.y += _GAP / 2
        for note in notes:
            self.paragraph(note, _SMALL, (_MARGIN, self.width - _MARGIN))

    def feet(self, code_text: str) -> None:
        """The foot of every page: which it is, of how many."""
        count = len(self.pages)
        top = self.height - _MARGIN - _SMALL * _POINT * _LINE
        y = top + _SMALL * _POINT * _ASCENT
        for number, page in enumerate(self.pages, start=1):
            english = self.document.lang == "en"
            text = f"Page {number} of {count}" if english else f"第{number}页 共{count}页"
            width = self.face.width(text, _SMALL)
            x = (self.width - width) / 2
            cell = Box(x, top, x + width + 0.1, self.height - _MARGIN)
            page.marks.append(Words(x, y, _SMALL, text, cell))
            if code_text and number > 1:
                width = self.face.width(code_text, _TINY)
                x = self.width - _MARGIN - width
                cell = Box(x, top, x + width + 0.1, self.height - _MARGIN)
                page.marks.append(Words(x, y, _TINY, code_text, cell))

    def _wrapped(self, text: str, size: float, width: float) -> list[str]:
        return wrap(text, width, lambda words: self.face.width(words, size))

    def _row(self, texts: Sequence[str], sides: Sequence[str], fit: TableFit) -> _Row:
        cells = [
            self._wrapped(text, fit.size, width - 2 * PAD + 1e-6)
            for text, width in zip(texts, fit.widths, strict=True)
        ]
        return _Row(cells, sides, fit.widths)

    def _height(self, lines: int, size: float) -> float:
        return lines * size * _POINT * _LINE + PAD

    def _parts(self, row: _Row, size: float, below: float, heads: _Row) -> Iterator[_Row]:
        """The row, or what of it fits on a page where the whole does not."""
        free = self.bottom - _MARGIN - self._height(heads.lines, size) - below - PAD
        most = max(1, int(free / (size * _POINT * _LINE)))
        if row.lines <= most:
            yield row
            return
        for begin in range(0, row.lines, most):
            cells = [cell[begin : begin + most] or [""] for cell in row.cells]
            yield attrs.evolve(row, cells=cells)

    def _place(self, row: _Row, size: float) -> None:
        height = self._height(row.lines, size)
        step = size * _POINT * _LINE
        left, bottom = _MARGIN, self.y + height
        right = left + sum(row.widths)
        if row.grey:
            self.put(Fill(Box(left, self.y, right, bottom)))
        self.put(Rule(left, self.y, right, self.y), Rule(left, bottom, right, bottom))
        self.put(Rule(left, self.y, left, bottom))
        for cell, width, side in zip(row.cells, row.widths, row.sides, strict=True):
            box = Box(left, self.y, left + width, bottom)
            top = self.y + PAD / 2 + (row.lines - len(cell)) * step / 2
            for number, line in enumerate(cell):
                if line:
                    # Nothing is lost on the left where a line is as wide as its cell.
                    free = max(0.0, width - 2 * PAD - self.face.width(line, size))
                    x = left + PAD + {"left": 0.0, "center": free / 2, "right": free}[side]
                    y = top + number * step + size * _POINT * _ASCENT
                    self.put(Words(x, y, size, line, box))
            left += width
            self.put(Rule(left, self.y, left, bottom))
        self.y = bottom

    def _strike(self, table: Table, begun: int, done: int, fit: TableFit) -> None:
        if table.has_sums:
            self._sums(table, table.sums(table.rows[begun:done]), self.document.word("page"), fit)

    def _sums(self, table: Table, sums: tuple[Value, ...], label: str, fit: TableFit) -> None:
        """A row of sums; what says so takes the cells before the first of them."""
        first = next(index for index, column in enumerate(table.columns) if column.sums)
        widths = (sum(fit.widths[:first]), *fit.widths[first:])
        texts = [label, *(shown(value) for value in sums[first:])]
        cells = [
            self._wrapped(text, fit.size, width - 2 * PAD + 1e-6)
            for text, width in zip(texts, widths, strict=True)
        ]
        self._place(
            _Row(cells, ["left", *["right"] * (len(widths) - 1)], widths, grey=True), fit.size
        )
