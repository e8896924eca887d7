"""The grid of a filled form: what stands in which cell, whatever the format it is written in.

A form with pages is laid out page after page, each with its own head, headings and foot, its empty
rows too. Formats that know no pages have it as one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from socialins.forms.looks import Look, Value
from socialins.forms.papers.blanks import PaperText, display_width, write_blank
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.formfile import CellLook, ColumnType, FormFile, PaperCell
from socialins.forms.papers.rows import FilledRow

__all__ = ["Grid", "Line", "Merge"]

_LOOKS = {CellLook.PLAIN: Look.NOTE, CellLook.TITLE: Look.BANNER, CellLook.BOXED: Look.BOX}
# The looks that text is written in, with the size of their letters in points: the first that fits.
_SIZES = ((Look.BOX, 10), (Look.SMALL, 7))

Line = dict[int, tuple[Value, Look]]
"""A row: column, from 1 → what stands there and how it looks."""

Merge = tuple[int, int, int, int]
"""Cells that are one: top, left, bottom, right, counted from 1."""


@attrs.define
class Grid:
    """The rows of a filled form; what is merged and where pages end is known when all are taken.

    Arguments:
        filled: the form.
        paged: whether it has the pages of its layout.
        rows: how many rows have been taken.
        merged: the cells that are one.
        breaks: the rows that pages end with.
    """

    filled: FilledForm
    paged: bool
    rows: int = 0
    merged: list[Merge] = attrs.field(factory=list)
    breaks: list[int] = attrs.field(factory=list)

    @classmethod
    def of(cls, filled: FilledForm, *, paged: bool = True) -> Grid:
        """The grid of a form.

        Arguments:
            filled: the form.
            paged: false for a format that knows no pages.
        """
        return cls(filled, paged and filled.form.layout.rows_a_page > 0)

    @property
    def layout(self) -> FormFile:
        """What the form looks like."""
        return self.filled.form.layout

    @property
    def columns(self) -> tuple[PaperColumn, ...]:
        """Its columns."""
        return self.filled.form.columns

    @property
    def last_column(self) -> int:
        """The last column that anything stands in."""
        cells = (*self.layout.head, *self.layout.foot)
        return max(len(self.columns), *(cell.last_column for cell in cells), 1)

    def lines(self) -> Iterator[Line]:
        """All rows, from the first."""
        layout, rows = self.layout, self.filled.rows
        size = layout.rows_a_page if self.paged else 0
        for page in range(self.filled.pages if self.paged else 1):
            if page:
                self.breaks.append(self.rows)
            above: dict[int, Line] = {row: {} for row in range(1, layout.table_row)}
            self._headings(above)
            yield from self._block(above, layout.head)
            chosen = rows[page * size : (page + 1) * size] if size else rows
            before = page * size
            for number in range(size or len(chosen)):
                row = chosen[number] if number < len(chosen) else {}
                yield self._taken(self._person(row, before, number))
            yield from self._block({row: {} for row in range(1, layout.foot_rows + 1)}, layout.foot)

    def above(self) -> Iterator[Line]:
        """The rows above the rows of a table without pages."""
        lines: dict[int, Line] = {row: {} for row in range(1, self.layout.table_row)}
        self._headings(lines)
        yield from self._block(lines, self.layout.head)

    def below(self, rows: int) -> Iterator[Line]:
        """The rows below it.

        Arguments:
            rows: how many rows it has.
        """
        self.rows += rows
        lines: dict[int, Line] = {row: {} for row in range(1, self.layout.foot_rows + 1)}
        yield from self._block(lines, self.layout.foot)

    def _taken(self, line: Line) -> Line:
        self.rows += 1
        return line

    def _block(self, lines: dict[int, Line], cells: Iterable[PaperCell]) -> Iterator[Line]:
        """Rows of cells that the layout has above or below the table."""
        for cell in cells:
            look = _LOOKS[cell.look]
            line = lines.setdefault(cell.row, {})
            line[cell.column] = (self._text(cell), look)
            for column in range(cell.column + 1, cell.last_column + 1):
                line[column] = (None, look)
            self._merge(cell.row, cell.column, cell.row, cell.last_column)
        for row in sorted(lines):
            yield self._taken(lines[row])

    def _headings(self, lines: dict[int, Line]) -> None:
        """Put in the headings: one row, or two with groups above."""
        low = self.layout.header_row
        look = Look.BOX if self.paged else Look.HEADING
        for first, last, group in _groups(self.columns):
            if group:
                for number in range(first, last + 1):
                    lines[low - 1][number] = (group if number == first else None, look)
                self._merge(low - 1, first, low - 1, last)
        for column in self.columns:
            number = column.number
            red = self.layout.page.red_required and column.spec.required is True
            own = Look.REQUIRED if red else look
            alone = self.layout.grouped and not column.group and not self._covered(low - 1, number)
            if alone:
                lines[low - 1][number] = (column.spec.header, own)
                lines[low][number] = (None, own)
                self._merge(low - 1, number, low, number)
            else:
                lines[low][number] = (column.spec.header, own)

    def _covered(self, row: int, column: int) -> bool:
        """Whether the layout has a cell above the table at this place."""
        return any(
            cell.row == row and cell.column <= column <= cell.last_column
            for cell in self.layout.head
        )

    def _person(self, row: FilledRow | Mapping[str, Any], before: int, number: int) -> Line:
        line: Line = {}
        for column in self.columns:
            value: Value
            if column.type is ColumnType.SEQUENCE:
                value = number + 1 if column.spec.restart else before + number + 1
            else:
                value = column.write(row.get(column.field))
            look = self._look(column, value) if self.paged else Look.BODY
            line[column.number] = (value, look)
        return line

    def _look(self, column: PaperColumn, value: Value) -> Look:
        """A box: in small letters, or made to fit, where the row is not high enough for more."""
        if value is None:
            return Look.BOX
        if isinstance(value, str):
            for look, points in _SIZES:
                lines = self.layout.page.row_height // (points + 2)
                across = column.spec.width * _SIZES[0][1] // points
                if display_width(value) <= across * lines:
                    return look
        return Look.TIGHT

    def _text(self, cell: PaperCell) -> str:
        text = PaperText(cell.text)
        if text.blank is None:
            return cell.text
        blank = self.filled.form.blanks[text.blank]
        return text.fill(write_blank(blank, self.filled.head.get(text.blank))).rstrip()

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Note cells of the rows that follow as one; rows count from the first of them."""
        if (top, left) != (bottom, right):
            done = self.rows
            self.merged.append((done + top, left, done + bottom, right))


def _groups(columns: Iterable[PaperColumn]) -> Iterator[tuple[int, int, str]]:
    """Runs of neighbouring columns under the same group: first, last, group."""
    run: list[PaperColumn] = []
    for column in columns:
        if run and (column.group != run[0].group or column.spec.heads):
            yield run[0].number, run[-1].number, run[0].group
            run = []
        run.append(column)
    if run:
        yield run[0].number, run[-1].number, run[0].group
