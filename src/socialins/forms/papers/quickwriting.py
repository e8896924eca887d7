"""Quick writing: a form without pages as a workbook, its rows as a stream.

The workbook is the one that `writing` makes cell by cell. This module imports openpyxl.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

from socialins.forms.looks import Look
from socialins.forms.papers.columns import AMOUNTS, PaperColumn
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.grid import Grid, Line
from socialins.forms.papers.rows import FilledRow
from socialins.forms.papers.writing import begin_form, finish_form
from socialins.forms.rowsout import CellXml, RowsOut
from socialins.forms.spreadsheet import WorkbookWriter
from socialins.identity import IdDocument
from socialins.values import Money

__all__ = ["QuickWriter", "write_quickly"]

_REMEMBERED = 100_000
# Amounts of fifteen digits, in fen.
_EXACT = 10**15
# Text that stands in XML as it is: nothing invisible, no blanks around it, no sign of a formula.
_SIMPLE = re.compile(r"[^\W_][^&<>]*")


def write_quickly(filled: FilledForm, path: Path) -> None:
    """Write a form without pages as a workbook.

    Arguments:
        filled: the form.
        path: where.
    """
    writer = QuickWriter(Grid.of(filled), path)
    try:
        writer.write(filled.rows)
        writer.save()
    finally:
        writer.close()


@attrs.define
class QuickWriter:
    """Writes the rows of a form as they come.

    Arguments:
        grid: the grid of the form, without pages.
        path: where.
    """

    grid: Grid
    path: Path
    _book: WorkbookWriter = attrs.field(init=False)
    _sheet: Any = attrs.field(init=False)
    _rows: RowsOut = attrs.field(init=False)
    _cells: list[Callable[[Any], CellXml]] = attrs.field(init=False, factory=list)
    _first: int = attrs.field(init=False, default=0)
    _amounts: _Amounts | None = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._book, self._sheet = begin_form(self.grid)
        self._rows = self._book.quick_rows(self._sheet)
        for line in self.grid.above():
            self._line(line)
        self._first = self._rows.rows
        self._cells = [self._cell(column) for column in self.grid.columns]

    @property
    def count(self) -> int:
        """How many rows of people have been written."""
        return self._rows.rows - self._first

    def write(self, rows: Iterable[FilledRow]) -> None:
        """Write rows.

        Arguments:
            rows: as a form holds them.
        """
        fields = [column.field for column in self.grid.columns]
        cells, sequence = self._cells, self._sequence()
        start = self.count + 1
        self._rows.lines(
            len(fields),
            (
                [
                    cell(number if at in sequence else row.get(field))
                    for at, (cell, field) in enumerate(zip(cells, fields, strict=True))
                ]
                for number, row in enumerate(rows, start)
            )
            if sequence
            else (
                [cell(row.get(field)) for cell, field in zip(cells, fields, strict=True)]
                for row in rows
            ),
        )

    def save(self) -> None:
        """Write what stands below the table, and the file."""
        for line in self.grid.below(self.count):
            self._line(line)
        finish_form(self.grid, self._book, self._sheet, self._rows.rows)
        self._book.save(self.path)

    def close(self) -> None:
        """Let go of what was begun."""
        self._book.__exit__()

    def _sequence(self) -> frozenset[int]:
        columns = self.grid.columns
        return frozenset(
            at for at, column in enumerate(columns) if column.type is ColumnType.SEQUENCE
        )

    def _line(self, line: Line) -> None:
        last = max(line, default=0)
        cells = (line.get(number, (None, Look.NOTE)) for number in range(1, last + 1))
        self._rows.line(self._rows.cell(value, look) for value, look in cells)

    def _cell(self, column: PaperColumn) -> Callable[[Any], CellXml]:
        """What makes the cells of a column."""

        def write(value: Any) -> CellXml:
            written = value if column.type is ColumnType.SEQUENCE else column.write(value)
            return self._rows.cell(written, Look.BODY) or ""

        if column.type in (ColumnType.NAME, ColumnType.TEXT, ColumnType.ID_NUMBER):
            return _text_writer(write)
        if column.type in AMOUNTS:
            if self._amounts is None:
                self._amounts = _Amounts(write)
            return _amount_writer(self._amounts, write)
        return _Cells(write).__getitem__ if column.type is not ColumnType.SEQUENCE else write


class _Cells(dict[Any, CellXml]):
    """Value → cell, for columns that hold few values."""

    def __init__(self, write: Callable[[Any], CellXml]) -> None:
        self._write = write

    def __missing__(self, value: Any) -> CellXml:
        made = self._write(value)
        if len(self) < _REMEMBERED:
            self[value] = made
        return made


def _text_writer(write: Callable[[Any], CellXml]) -> Callable[[Any], CellXml]:
    """What makes cells of texts: most differ, and need nothing but their place in the XML."""
    before = after = ""

    def cell(value: Any) -> CellXml:
        nonlocal before, after
        text = value.number if type(value) is IdDocument else value
        if type(text) is not str or _SIMPLE.fullmatch(text) is None or not text.isprintable():
            return write(value)
        if text[-1] == " " or len(text) > 1000:
            return write(value)
        if not before:
            made = write(value)
            before, _, after = made.partition(f">{text}<")
            if not after:
                return made
            before, after = f"{before}>", f"<{after}"
        return f"{before}{text}{after}"

    return cell


class _Amounts(dict[int, CellXml]):
    """Fen → cell, for all columns of amounts."""

    def __init__(self, write: Callable[[Any], CellXml]) -> None:
        self._write = write
        self._before = self._after = ""

    def __missing__(self, fen: int) -> CellXml:
        if not self._before:
            # Styles are numbered by their first use.
            self._before, _, self._after = self._write(Money(0)).partition("0.00")
        if 0 <= fen < _EXACT:
            made = f"{self._before}{fen // 100}.{fen % 100:02}{self._after}"
        else:
            made = self._write(Money(fen))
        if len(self) < _REMEMBERED:
            self[fen] = made
        return made


def _amount_writer(known: _Amounts, write: Callable[[Any], CellXml]) -> Callable[[Any], CellXml]:
    """What makes cells of amounts."""

    def cell(value: Any) -> CellXml:
        return known[value.fen] if type(value) is Money else write(value)

    return cell
