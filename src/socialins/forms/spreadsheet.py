"""Spreadsheets out: what every workbook that is written has in common.

Amounts are written as exact decimals, text as text whatever it begins with, and the same content
gives the same bytes. This module imports openpyxl; it is loaded when the first workbook is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from os import SEEK_END, PathLike
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import attrs
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from socialins.forms.looks import EXACT, Look, Value, tab_name, visible
from socialins.forms.output import whole_file
from socialins.forms.rowsout import RowsOut, put_between
from socialins.forms.textbook import FORMULA_STARTS
from socialins.values import Money, Month, Rate

__all__ = ["Look", "SheetWriter", "Value", "WorkbookWriter", "save_book", "visible"]

_A4 = 9
# Half the time of the usual level, for a seventh more bytes.
_QUICK = 3
# Archives know no earlier day.
_EPOCH = (1980, 1, 1, 0, 0, 0)


class WorkbookWriter:
    """A workbook that is written row by row, so that its length needs no memory.

    A context manager: what was begun and not saved leaves nothing behind.

    Arguments:
        title: the document's title.
        month: its first day is the document's date: the day of writing would make copies differ.
    """

    def __init__(self, title: str, month: Month) -> None:
        self._book = Workbook(write_only=True)
        self._styles: dict[tuple[str, Look, bool], Any] = {}
        self._rows: list[tuple[Any, RowsOut]] = []
        properties = self._book.properties
        properties.creator = "socialins"
        properties.title = visible(title)
        day = datetime(month.year, month.month, 1)  # noqa: DTZ001 - openpyxl wants it without zone
        properties.created = properties.modified = day

    def sheet(
        self, name: str, widths: Sequence[float], *, repeat: str = "", freeze: str = ""
    ) -> SheetWriter:
        """Begin a sheet.

        Arguments:
            name: on its tab.
            widths: of its columns, in characters.
            repeat: the rows that every printed page begins with, such as ``"1:2"``.
            freeze: the cell below and right of what stays in view.
        """
        sheet: Any = self._book.create_sheet(tab_name(name))
        for index, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.freeze_panes = freeze or None
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "&P / &N"
        if repeat:
            sheet.print_title_rows = repeat
        return SheetWriter(self, sheet)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        # A sheet that was begun keeps a temporary file until it is told to let go of it.
        for sheet in self._book.worksheets:
            unfinished: Any = sheet
            if not unfinished.closed:
                unfinished.close()
                unfinished._writer.cleanup()  # noqa: SLF001

        for _, rows in self._rows:
            rows.close()

    def save(self, path: Path) -> None:
        """Write the file; until it is complete, nothing stands under its name."""
        written = {}
        for sheet, rows in self._rows:
            sheet.close()
            written[str(sheet._writer.out)] = rows.file  # noqa: SLF001
        save_book(self._book, path, written)
        for _, rows in self._rows:
            rows.close()

    def quick_rows(self, sheet: SheetWriter) -> RowsOut:
        """What writes the rows of a sheet quickly; it can't have others.

        Arguments:
            sheet: one that was begun and has no row yet.
        """
        made, inner = RowsOut(sheet), sheet.sheet
        self._rows.append((inner, made))
        # openpyxl opens a sheet with its first row.
        inner._get_writer()  # noqa: SLF001
        inner._rows = inner._write_rows()  # noqa: SLF001
        next(inner._rows)  # noqa: SLF001
        return made

    def style(self, sheet: Any, number: str, look: Look, quoted: bool) -> Any:
        """A style as openpyxl keeps it, made once for each."""
        key = (number, look, quoted)
        found = self._styles.get(key)
        if found is None:
            cell: Any = Cell(sheet, 1, 1)
            cell.number_format = number
            _dress(cell, look)
            if quoted:
                cell.quotePrefix = True
            found = self._styles[key] = cell._style  # noqa: SLF001
        return found


def save_book(book: Any, path: Path, rows: Mapping[str, IO[bytes]] | None = None) -> None:
    """Write openpyxl's workbook to a file; the same content gives the same bytes.

    Arguments:
        book: the workbook.
        path: where; until the file is complete, nothing stands under its name.
        rows: name of openpyxl's file of a sheet → the rows that are put into it.
    """
    with (
        whole_file(path) as unfinished,
        _TimelessZip(unfinished, "w", ZIP_DEFLATED, allowZip64=True) as archive,
    ):
        archive.rows = rows or {}
        # openpyxl's own save() would put in the moment of writing.
        ExcelWriter(book, archive).write_data()


@attrs.define
class SheetWriter:
    """A sheet, written row after row.

    Arguments:
        workbook: the workbook.
        sheet: openpyxl's sheet.
        rows: how many rows have been written.
    """

    workbook: WorkbookWriter = attrs.field(repr=False)
    sheet: Any = attrs.field(repr=False)
    rows: int = 0

    def style_id(self, number: str, look: Look, quoted: bool) -> int:
        """The number of a style in the workbook.

        Arguments:
            number: the format of numbers.
            look: how the cell looks.
            quoted: whether its text begins like a formula.
        """
        style = self.workbook.style(self.sheet, number, look, quoted)
        return int(self.sheet.parent._cell_styles.add(style))  # noqa: SLF001

    def row(self, values: Iterable[Value] = (), look: Look = Look.BODY) -> None:
        """Write a row; amounts and rates become numbers, everything else text."""
        self.cells((value, look) for value in values)

    def cells(
        self, cells: Iterable[tuple[Value, Look]], comments: Mapping[int, str] | None = None
    ) -> None:
        """Write a row whose cells look different.

        Arguments:
            cells: what each holds and how it looks.
            comments: index of a cell → the comment on it.
        """
        made = [self._cell(value, look) for value, look in cells]
        for index, text in (comments or {}).items():
            cell = made[index]
            if cell is not None:
                cell.comment = Comment(visible(text), "socialins", height=110, width=320)
        self.sheet.append(made)
        self.rows += 1

    def _cell(self, value: Value, look: Look) -> Cell | None:
        if value is None:
            return None if look is Look.NOTE else self._made("", "General", look)
        if isinstance(value, str):
            return self._made(visible(value), "@", look)
        if isinstance(value, Money):
            return self._number(str(value), "#,##0.00", look)
        if isinstance(value, Rate):
            return self._number(value.decimal(), "0.00##%", look)
        return self._number(str(value), "0", look)

    def _number(self, digits: str, number: str, look: Look) -> Cell:
        """A number as its digits stand; by way of openpyxl's float, 712.43 is 712.4299999999999."""
        if not EXACT.fullmatch(digits):
            return self._made(digits, "@", look)
        cell = self._made(digits, number, look)
        cell.data_type = "n"
        return cell

    def _made(self, text: str, number: str, look: Look) -> Cell:
        quoted = text != "" and text[0] in FORMULA_STARTS and number == "@"
        style = self.workbook.style(self.sheet, number, look, quoted)
        cell = Cell(self.sheet, 1, 1, style_array=style)
        if text:
            cell.value = text
            # Else openpyxl takes "=…" for a formula and "#N/A" for an error.
            cell.data_type = "s"
        return cell


_BOXES = frozenset({Look.BOX, Look.SMALL, Look.TIGHT})
_TITLES = frozenset({Look.TITLE, Look.BANNER})
_SIZES = {Look.TITLE: 14, Look.BANNER: 14, Look.SMALL: 7}


def _dress(cell: Cell, look: Look) -> None:
    heading = look in (Look.HEADING, Look.REQUIRED)
    cell.font = Font(
        name="宋体",
        size=_SIZES.get(look, 10),
        bold=look in _TITLES or heading or look is Look.TOTAL,
        color="FF0000" if look is Look.REQUIRED else None,
    )
    cell.alignment = Alignment(
        horizontal="center" if look in _BOXES or heading or look is Look.BANNER else None,
        vertical="center",
        wrap_text=heading or look in (Look.BODY, Look.MARKED, Look.BOX, Look.SMALL) or None,
        shrink_to_fit=look is Look.TIGHT or None,
    )
    if heading:
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    if look is Look.MARKED:
        cell.fill = PatternFill("solid", fgColor="FFE0B2")
    if look not in _TITLES and look is not Look.NOTE:
        side = Side(style="thin", color="000000" if look in _BOXES else "A6A6A6")
        cell.border = Border(left=side, right=side, top=side, bottom=side)


class _TimelessZip(ZipFile):
    """An archive whose parts carry no time of writing."""

    rows: Mapping[str, IO[bytes]] = MappingProxyType({})

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(_part(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        info = _part(str(arcname or filename))
        rows = self.rows.get(str(filename))
        info.file_size = Path(filename).stat().st_size
        if rows is not None:
            info.file_size += rows.seek(0, SEEK_END)
            info._compresslevel = _QUICK  # type: ignore[attr-defined] # noqa: SLF001
        with Path(filename).open("rb") as source, self.open(info, "w") as target:
            if rows is None:
                shutil.copyfileobj(source, target)
            else:
                put_between(source, rows, target)


def _part(name: str) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    # The system that wrote it is noted too, and differs between Windows and others.
    info.create_system = 3
    return info
