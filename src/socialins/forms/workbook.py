"""Workbooks (xlsx) as books, through openpyxl's streaming reader.

This module imports openpyxl; it is loaded when the first workbook is opened, and not before.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import attrs
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS

from socialins.faults import Fault, Place, Text
from socialins.forms.archive import DAMAGE
from socialins.forms.cellxml import CellReader, NotPlain, plain_strings
from socialins.forms.errors import FormError
from socialins.forms.plaintext import excerpt, is_blank
from socialins.forms.quiet import hush
from socialins.forms.sheets import CellValue, ErrorCell, Limits, NoResult, Percent, Row
from socialins.forms.sheetxml import SheetXml

__all__ = ["Workbook"]

T = TypeVar("T")

hush()

# What openpyxl raises on parts that don't fit together, beside what the archive raises.
_BROKEN = (
    *DAMAGE,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
# Rows that are parsed in one go. Warnings of openpyxl are silenced while it parses, and only then.
_BATCH = 500
# Each is looked at, and thousands may share one part.
_SHEETS = 1000


class _Parser(WorkSheetParser):
    """openpyxl's parser, made to tell a formula without a result from an empty cell.

    A program may write a formula and no result; a spreadsheet computes it when it opens the file,
    so the user sees a number where the file has none.
    """

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cell["value"] = NoResult()
        return cell

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]], bool]]:
        """Row after row, and whether it is hidden.

        Colours, validations and print set-ups don't matter to values.
        """
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                hidden = element.get("hidden") in ("1", "true")
                yield (*self.parse_row(element), hidden)
                element.clear()


class _Sheet(ReadOnlyWorksheet):
    """openpyxl's sheet, made not to look how large it is.

    One that does not say so at its beginning would be parsed to the end for it, before its first
    row is read; and nobody asks.
    """

    def _get_size(self) -> None:
        return


class _Opener(ExcelReader):
    """openpyxl's reader, made to open such sheets, and to read plain texts by a pattern."""

    def read_strings(self) -> None:
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is None:
            return
        try:
            self.shared_strings = plain_strings(self.archive.read(part.PartName[1:]))
        except (NotPlain, KeyError):
            super().read_strings()

    def read_worksheets(self) -> None:
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                book: Any = self.wb
                made: Any = _Sheet(book, sheet.name, relation.target, self.shared_strings)
                made.sheet_state = sheet.state
                book._sheets.append(made)  # noqa: SLF001


@attrs.frozen
class WorkbookSheet:
    """A sheet of a workbook."""

    workbook: Workbook
    sheet: Any

    @property
    def name(self) -> str:
        """The name on its tab."""
        return str(self.sheet.title)

    @property
    def visible(self) -> bool:
        """Whether it is shown."""
        return bool(self.sheet.sheet_state == "visible")

    def rows(self) -> Iterator[Row]:
        """The rows, empty ones left out."""
        parsed = self._parsed()
        while batch := self.workbook.guarded(lambda: list(islice(parsed, _BATCH))):
            yield from batch

    def _parsed(self) -> Iterator[Row]:
        done = 0
        with self.workbook.book._archive.open(self.sheet._worksheet_path) as source:  # noqa: SLF001
            try:
                for row in self._plain().rows(source):
                    done += 1
                    if row.cells:
                        yield row
            except NotPlain:
                pass  # openpyxl reads the rest, or says what is wrong with it
            else:
                return
        yield from (row for row in islice(self._parsed_slowly(), done, None) if row.cells)

    def _plain(self) -> SheetXml:
        """What reads the sheet as programs write it."""
        workbook = self.workbook
        cells = CellReader(
            self.sheet._shared_strings,  # noqa: SLF001
            workbook.book._date_formats,  # noqa: SLF001
            workbook.book._timedelta_formats,  # noqa: SLF001
            workbook.percents,
            workbook.book.epoch,
        )
        return SheetXml(cells, workbook.limits, self._check)

    def _parsed_slowly(self) -> Iterator[Row]:
        """The rows by openpyxl, empty ones too."""
        book = self.workbook.book
        # openpyxl's own row reader fills every gap with empty cells, up to the last row and column
        # that a file claims to have; the parser below it gives what there is.
        with book._archive.open(self.sheet._worksheet_path) as source:  # noqa: SLF001
            parser = _Parser(
                source,
                self.sheet._shared_strings,  # noqa: SLF001
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            for number, parsed, hidden in parser.rows():
                cells = {
                    cell["column"] - 1: self._value(cell)
                    for cell in parsed
                    if not is_blank(cell["value"])
                }
                self._check(number, cells)
                yield Row(number, cells, hidden)

    def _value(self, cell: dict[str, Any]) -> CellValue:
        value: CellValue = cell["value"]
        if cell["data_type"] == "e":
            return ErrorCell(str(value))
        if isinstance(value, float) and cell["style_id"] in self.workbook.percents:
            return Percent(value)
        return value

    def _check(self, number: int, cells: dict[int, CellValue]) -> None:
        limits = self.workbook.limits
        if cells and max(cells) >= limits.columns:
            raise FormError(self._fault("form.file.columns", number, limits.columns))
        for value in cells.values():
            if isinstance(value, str) and len(value) > limits.field:
                raise FormError(self._fault("form.file.field", number, limits.field))

    def _fault(self, code: str, row: int, most: int) -> Fault:
        place = attrs.evolve(self.workbook.place, sheet=self.name, row=row)
        return Fault(code, {"row": str(row), "most": str(most)}, place)


@attrs.frozen(slots=False)
class Workbook:
    """An open workbook.

    Arguments:
        path: its file.
        limits: what it may hold at most.
        file: the open file, which openpyxl leaves to its opener.
        book: openpyxl's workbook.
    """

    path: Path
    limits: Limits
    file: BinaryIO = attrs.field(repr=False)
    book: Any = attrs.field(default=None, repr=False)

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Workbook:
        """Open a workbook whose archive has been checked.

        Raises:
            FormError: if it is damaged.
        """
        opened = cls(path, limits, path.open("rb"))
        try:
            book = opened.guarded(lambda: _load(opened.file))
        except FormError:
            opened.file.close()
            raise
        if len(book.worksheets) > _SHEETS:
            book.close()
            opened.file.close()
            reason = Text(f"超过 {_SHEETS} 个工作表", f"over {_SHEETS} sheets")
            raise FormError(Fault("form.file.bomb", {"reason": reason}, opened.place))
        return attrs.evolve(opened, book=book)

    @cached_property
    def sheets(self) -> tuple[WorkbookSheet, ...]:
        """The sheets with cells, in order."""
        return tuple(WorkbookSheet(self, sheet) for sheet in self.book.worksheets)

    @property
    def place(self) -> Place:
        """The file, as a place."""
        return Place(file=str(self.path))

    def close(self) -> None:
        """Let go of the file."""
        self.book.close()
        self.file.close()

    @cached_property
    def percents(self) -> frozenset[int]:
        """The styles that show a number with a percent sign."""
        styles = range(len(self.book._cell_styles))  # noqa: SLF001
        sheet = self.book.worksheets[0]
        cells = (ReadOnlyCell(sheet, 1, 1, None, "n", style) for style in styles)
        return frozenset(
            style for style, cell in zip(styles, cells, strict=True) if "%" in cell.number_format
        )

    def guarded(self, work: Callable[[], T]) -> T:
        """Do a piece of parsing; whatever it stumbles over is a fault of the file."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return work()
        except FormError:
            raise
        except _BROKEN as error:
            # openpyxl wraps what it meets while opening.
            if any(isinstance(one, DefusedXmlException) for one in (error, error.__cause__)):
                raise FormError(Fault("form.file.entities", {}, self.place)) from error
            reason = excerpt(str(error) or type(error).__name__)
            raise FormError(Fault("form.file.damaged", {"reason": reason}, self.place)) from error


def _load(file: BinaryIO) -> Any:
    reader: Any = _Opener(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
