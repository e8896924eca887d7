"""Sheets: a file as rows of cells, whatever its format.

A reader of rosters sees sheets with rows, and a row knows its number as the spreadsheet shows it.
`opening` tells how a file becomes sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeAlias

import attrs

__all__ = [
    "Book",
    "CellValue",
    "ErrorCell",
    "Limits",
    "NoResult",
    "Percent",
    "Row",
    "Sheet",
]


@attrs.frozen
class Limits:
    """What a file may hold at most, so that no file can fill the memory or take for ever.

    Arguments:
        rows: data rows.
        columns: columns with something in them.
        field: characters of one cell; a spreadsheet's own limit.
        size: bytes of the file.
        unpacked: bytes of all parts of a workbook when unpacked.
        ratio: how many times smaller a large part of a workbook may have been packed.
        cells: cells of an old workbook (.xls), which is held as a whole.
        records: rows of a workbook's sheet, or texts that its cells share.
    """

    rows: int = 200_000
    columns: int = 200
    field: int = 32_767
    size: int = 256_000_000
    unpacked: int = 400_000_000
    ratio: int = 200
    cells: int = 3_000_000
    records: int = 3_000_000


@attrs.frozen
class ErrorCell:
    """A cell that shows an error, such as ``#N/A``."""

    text: str

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class NoResult:
    """A cell with a formula that no program has computed yet."""

    def __str__(self) -> str:
        return "="


class Percent(float):
    """A number in a cell that shows it with a percent sign: 0.002 shown as 0.2%."""

    __slots__ = ()


CellValue: TypeAlias = (
    str
    | int
    | float
    | Decimal
    | bool
    | datetime
    | date
    | time
    | timedelta
    | ErrorCell
    | NoResult
    | None
)


class Row(NamedTuple):
    """A row: its number, counted from 1, and its cells by column, counted from 0.

    Empty cells are left out. A hidden row, by a filter for one, is a row like others.
    """

    number: int
    cells: Mapping[int, CellValue]
    hidden: bool = False


class Sheet(Protocol):
    """A sheet of a book."""

    @property
    def name(self) -> str | None:
        """Its name; None for the one sheet of a text file."""

    @property
    def visible(self) -> bool:
        """Whether a user sees it."""

    def rows(self) -> Iterator[Row]:
        """Its rows from the first, empty ones left out.

        Raises:
            FormError: where the file turns out to be damaged, or beyond the limits.
        """


class Book(Protocol):
    """A file with its sheets, to be closed after use."""

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets, in order."""

    def close(self) -> None:
        """Let go of the file."""
