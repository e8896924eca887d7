"""Sheets out, fast: the seam to the library that writes a hundred thousand rows a second.

It takes rows as `forms.spreadsheet` takes them, and one sheet as a stream. Text stays text whatever
it begins with: the library makes formulas only where it is told to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from socialins.faults import require
from socialins.forms.looks import EXACT, Look, Value, visible
from socialins.forms.output import whole_file
from socialins.values import Money, Rate

__all__ = ["FastBook", "FastSheet", "Plain"]

Plain: TypeAlias = str | int | float | None
"""What a cell of a stream holds: text, a number, or nothing; a NaN is nothing too."""

_MONEY = "#,##0.00"
_A4 = 9
_GREY = "A6A6A6"


class _Heading(str):
    """A heading that may stand twice: the library takes rows as dicts."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


@attrs.define
class FastSheet:
    """A sheet; its first row decides how many cells the others have."""

    name: str
    widths: Sequence[float]
    freeze: str
    listed: list[list[Plain]] = attrs.field(factory=list)
    looks: dict[int, Look] = attrs.field(factory=dict)
    stream: Iterable[Sequence[Plain]] = ()
    kinds: Sequence[str] = ()

    def row(self, values: Iterable[Value] = (), look: Look = Look.BODY) -> None:
        """Add a row; amounts and rates become numbers, everything else text."""
        if look is not Look.BODY:
            self.looks[len(self.listed)] = look
        self.listed.append([plain(value) for value in values])

    def records(self) -> Iterator[dict[str, Plain]]:
        """All rows as the library takes them, headings apart."""
        width = len(self.widths)
        first = self.listed[0] + [None] * (width - len(self.listed[0]))
        keys = [_Heading("" if one is None else str(one)) for one in first]
        for row in self.listed[1:]:
            yield dict(zip(keys, row + [None] * (width - len(row)), strict=True))
        for values in self.stream:
            yield dict(zip(keys, values, strict=True))


def plain(value: Value) -> Plain:
    """A value as the library takes it; a number of more than fifteen digits is text."""
    if value is None or isinstance(value, str):
        return visible(value) if value else None
    text = value.decimal() if isinstance(value, Rate) else str(value)
    if not EXACT.fullmatch(text):
        return text
    return float(text) if isinstance(value, Money | Rate) else value


class FastBook:
    """A workbook that is written at once when it is complete."""

    def __init__(self) -> None:
        self._sheets: list[FastSheet] = []

    def sheet(
        self, name: str, widths: Sequence[float], *, repeat: str = "", freeze: str = ""
    ) -> FastSheet:
        """Begin a sheet; arguments as those of `WorkbookWriter.sheet`."""
        del repeat  # where the headings stay in view, they are printed on every page too
        made = FastSheet(name, widths, freeze)
        self._sheets.append(made)
        return made

    def save(self, path: Path) -> None:
        """Write the file; until it is complete, nothing stands under its name.

        Raises:
            MissingExtra: if the extra ``workbooks`` is not installed.
        """
        library = require("rustpy_xlsxwriter", "workbooks")
        looks = {
            sheet.name: {row: _format(library, look) for row, look in sheet.looks.items()}
            for sheet in self._sheets
        }
        with whole_file(path) as unfinished:
            library.write_worksheets(
                [(sheet.name, sheet.records()) for sheet in self._sheets],
                str(unfinished),
                float_format=_MONEY,
                freeze_panes={
                    sheet.name: {"row": 1, "col": 3} for sheet in self._sheets if sheet.freeze
                },
                column_widths={sheet.name: list(sheet.widths) for sheet in self._sheets},
                column_formats={
                    sheet.name: [_format(library, Look.BODY, one) for one in sheet.kinds]
                    for sheet in self._sheets
                    if sheet.kinds
                },
                header_format={
                    sheet.name: _format(library, sheet.looks[0])
                    for sheet in self._sheets
                    if 0 in sheet.looks
                },
                row_formats={name: found for name, found in looks.items() if found},
                page_setup={
                    sheet.name: {
                        "landscape": True,
                        "paper_size": _A4,
                        "fit_to_pages": (1, 0),
                        "footer": "&C&P / &N",
                        **({"repeat_rows": 0} if sheet.freeze else {}),
                    }
                    for sheet in self._sheets
                },
            )


def _format(library: Any, look: Look, number: str = "") -> Any:
    made = library.Format().set_font_name("宋体").set_font_size(14 if look is Look.TITLE else 10)
    if look in (Look.TITLE, Look.HEADING, Look.TOTAL):
        made = made.set_bold()
    if look is not Look.TITLE:
        made = made.set_border("thin").set_border_color(_GREY)
    if look is Look.HEADING:
        made = made.set_background_color("DDE6F0").set_align("center").set_text_wrap()
    if number:
        made = made.set_num_format(number)
    elif look is Look.TOTAL:
        made = made.set_num_format(_MONEY)
    return made
