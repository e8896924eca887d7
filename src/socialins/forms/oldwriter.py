"""Old workbooks out (.xls): the one place that knows the library that writes them.

Some bureaus take nothing else. xlwt, which writes them, has had no release since 2017 and its
authors advise against it; nothing better exists in Python. So it stays behind this seam, is an
extra of its own, and nothing else of it is used than plain cells and how they look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, Place, require
from socialins.forms.errors import FormError
from socialins.forms.looks import EXACT, Look, Value, tab_name, visible
from socialins.forms.output import whole_file
from socialins.values import Money, Rate

__all__ = ["OldWriter", "OldWriterSheet"]

_ROWS, _COLUMNS = 65_536, 256
_LANDSCAPE, _PORTRAIT = 0, 1
_WIDEST = 255
_RED, _BLACK = 10, 8
_BOXES = frozenset({Look.BOX, Look.SMALL, Look.TIGHT})
_TITLES = frozenset({Look.TITLE, Look.BANNER})
_HEADINGS = frozenset({Look.HEADING, Look.REQUIRED})
_SIZES = {Look.TITLE: 14, Look.BANNER: 14, Look.SMALL: 7}


class OldWriter:
    """An old workbook that is written at once when it is complete.

    Raises:
        MissingExtra: if the extra ``xls`` is not installed.
    """

    def __init__(self) -> None:
        self._library = require("xlwt", "xls")
        self._book = self._library.Workbook(encoding="utf-8")
        self._styles: dict[tuple[str, Look], Any] = {}

    def sheet(self, name: str, widths: Sequence[float]) -> OldWriterSheet:
        """Begin a sheet; `widths` are those of its columns, in characters."""
        sheet = self._book.add_sheet(tab_name(name), cell_overwrite_ok=True)
        for index, width in enumerate(widths[:_COLUMNS]):
            sheet.col(index).width = int(min(width, _WIDEST) * 256)
        return OldWriterSheet(self, sheet)

    def save(self, path: Path) -> None:
        """Write the file; the same content gives the same bytes."""
        with whole_file(path) as unfinished:
            self._book.save(str(unfinished))

    def style(self, number: str, look: Look) -> Any:
        """A style, made once for each: an old workbook holds four thousand."""
        key = (number, look)
        if key not in self._styles:
            self._styles[key] = self._made(number, look)
        return self._styles[key]

    def _made(self, number: str, look: Look) -> Any:
        library, style = self._library, self._library.XFStyle()
        style.num_format_str = number
        style.font.name = "宋体"
        style.font.height = 20 * _SIZES.get(look, 10)
        style.font.bold = look in _TITLES or look in _HEADINGS or look is Look.TOTAL
        style.font.colour_index = _RED if look is Look.REQUIRED else _BLACK
        centred = look in _BOXES or look in _HEADINGS or look is Look.BANNER
        style.alignment.horz = (
            library.Alignment.HORZ_CENTER if centred else library.Alignment.HORZ_GENERAL
        )
        style.alignment.vert = library.Alignment.VERT_CENTER
        style.alignment.wrap = int(look not in _TITLES and look not in (Look.NOTE, Look.TIGHT))
        style.alignment.shri = int(look is Look.TIGHT)
        if look not in _TITLES and look is not Look.NOTE:
            for side in ("left", "right", "top", "bottom"):
                setattr(style.borders, side, library.Borders.THIN)
        return style


@attrs.define
class OldWriterSheet:
    """A sheet, written row after row.

    Arguments:
        writer: the workbook.
        sheet: the library's sheet.
        rows: how many rows have been written.
    """

    writer: OldWriter = attrs.field(repr=False)
    sheet: Any = attrs.field(repr=False)
    rows: int = 0

    def row(self, cells: Mapping[int, tuple[Value, Look]]) -> None:
        """Write a row: column, from 1 → what stands there and how it looks.

        Raises:
            FormError: beyond the rows or columns of an old workbook.
        """
        if self.rows >= _ROWS or max(cells, default=0) > _COLUMNS:
            values = {"rows": f"{_ROWS:,}", "columns": str(_COLUMNS)}
            raise FormError(Fault("form.xls.size", values, Place(row=self.rows + 1)))
        for column, (value, look) in sorted(cells.items()):
            held, number = _cell(value)
            if held != "" or look is not Look.NOTE:
                self.sheet.write(self.rows, column - 1, held, self.writer.style(number, look))
        self.rows += 1

    def merge(self, top: int, left: int, bottom: int, right: int, look: Look) -> None:
        """Make cells one; all counted from 1."""
        style = self.writer.style("@", look)
        self.sheet.merge(top - 1, bottom - 1, left - 1, right - 1, style)

    def set_up(
        self, *, landscape: bool, paper: int, scale: int, breaks: Iterable[int], height: int
    ) -> None:
        """Say how it is printed.

        Arguments:
            landscape: whether it lies across.
            paper: the number of the paper's size.
            scale: per cent; 0 to fit the paper's width.
            breaks: the rows that pages end with.
            height: of its rows, in points; 0 for what each needs.
        """
        sheet = self.sheet
        sheet.portrait = _LANDSCAPE if landscape else _PORTRAIT
        sheet.paper_size_code = paper
        sheet.header_str = b""
        sheet.footer_str = b"" if scale else b"&C&P / &N"
        sheet.left_margin = sheet.right_margin = sheet.top_margin = sheet.bottom_margin = 0.4
        if scale:
            sheet.print_scaling = scale
            sheet.horz_page_breaks = [(row, 0, _COLUMNS - 1) for row in breaks]
        else:
            sheet.fit_num_pages = 1
            sheet.fit_width_to_pages, sheet.fit_height_to_pages = 1, 0
        for number in range(self.rows if height else 0):
            sheet.row(number).height_mismatch = True
            sheet.row(number).height = height * 20


def _cell(value: Value) -> tuple[str | float | int, str]:
    """What the library takes for a value, and its number format."""
    if value is None:
        return "", "General"
    if isinstance(value, str):
        return visible(value), "@"
    text = value.decimal() if isinstance(value, Rate) else str(value)
    if not EXACT.fullmatch(text):
        return text, "@"
    if isinstance(value, Money):
        return float(text), "#,##0.00"
    return (float(text), "0.00##%") if isinstance(value, Rate) else (value, "0")
