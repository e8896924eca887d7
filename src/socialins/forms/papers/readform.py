"""ReadForm: what a file holds of a form, to be looked at, compared, marked and written back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Fault, Place, Text, require
from socialins.forms.errors import FormError
from socialins.forms.output import check_suffix
from socialins.forms.papers.blanks import HeadValue
from socialins.forms.papers.columns import AMOUNTS, sum_of
from socialins.forms.papers.rows import FilledRow
from socialins.forms.plaintext import excerpt, is_blank, letters
from socialins.forms.sheets import CellValue, Limits
from socialins.values import Money

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["FailedRow", "ReadForm"]


@attrs.frozen(eq=False)
class FailedRow:
    """A row that could not be read (失败行).

    Arguments:
        number: its number in the file.
        cells: what its cells hold; field → value, blank ones left out.
        faults: why.
    """

    number: int
    cells: Mapping[str, CellValue] = attrs.field(repr=False)
    faults: tuple[Fault, ...]


@attrs.frozen(eq=False, slots=False)
class ReadForm:
    """What a file holds of a form.

    Arguments:
        form: the form, with the heads that the file has.
        rows: the rows that could be read; field → value.
        numbers: the number of each row in the file.
        head: blank → what it was filled with.
        faults: what could not be read, and what is unusual; each with its place.
        place: the file and the sheet.
        failed: the rows that could not be read.
        columns: field → column of the sheet, counted from 0; empty where a file has no columns.
        limits: what the file was allowed to hold.
        lined: whether the file is lines without headings: fixed-width text, JSON.
    """

    form: Form
    rows: tuple[FilledRow, ...] = attrs.field(repr=False)
    numbers: tuple[int, ...] = attrs.field(repr=False)
    head: Mapping[str, HeadValue]
    faults: tuple[Fault, ...]
    place: Place
    failed: tuple[FailedRow, ...] = attrs.field(default=(), repr=False)
    columns: Mapping[str, int] = attrs.field(factory=dict, repr=False)
    limits: Limits = attrs.field(factory=Limits, repr=False)
    lined: bool = False

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that kept something out."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @cached_property
    def sums(self) -> dict[str, Money]:
        """The sum of each column of amounts, over the rows that could be read; field → sum."""
        return {
            column.field: sum_of(row[column.field] for row in self.rows)
            for column in self.form.columns
            if column.type in AMOUNTS
        }

    def confirm(self, count: int, **sums: Money | str | int) -> tuple[Fault, ...]:
        """Compare with what somebody counted and added up before the file is accepted (核对).

        Arguments:
            count: how many rows there should be.
            sums: field → what its column should add up to, in yuan.

        Returns:
            A fault for each that differs; nothing when all rows were read and all is as stated.

        Raises:
            FormError: for a field that is no column of amounts.
        """
        if unknown := sorted(sums.keys() - self.sums.keys()):
            raise FormError(self.form.unknown(unknown[0], self.sums))
        faults: list[Fault] = []
        if count != len(self.rows):
            values: dict[str, str | Text] = {"stated": str(count), "found": str(len(self.rows))}
            values["failed"] = str(len(self.failed))
            faults.append(Fault("form.count.differs", values, self.place))
        for field, stated in sums.items():
            wanted = stated if isinstance(stated, Money) else Money.yuan(stated)
            column = self.form.column(field)
            if wanted != self.sums[field] and column is not None:
                values = {"stated": str(wanted), "found": str(self.sums[field])}
                fault = column.fault("form.sum.differs", **values)
                faults.append(fault.at(attrs.evolve(self.place, field=field)))
        return tuple(faults)

    def cell_of(self, fault: Fault) -> str | None:
        """The cell of a fault, such as ``"I6"``; None where it is of no cell.

        Arguments:
            fault: one of `faults`.
        """
        index = self.columns.get(fault.place.field or "")
        if index is None or fault.place.row is None:
            return None
        return f"{letters(index + 1)}{fault.place.row}"

    def mark(self, path: str | Path, lang: str = "zh") -> int:
        """Write the file back as a workbook: cells with a fault coloured, with a comment each.

        A workbook (xlsx) is kept with its sheets, styles and formulas, without its macros; other
        files become one. What is merely unusual is marked in another colour.

        Arguments:
            path: where; a name that ends in ``.xlsx``.
            lang: language of the comments, ``"zh"`` or ``"en"``.

        Returns:
            How many cells were marked.

        Raises:
            FormError: for another ending, or if the file can't be opened again.
            MissingExtra: if the extra ``xlsx`` is not installed.
        """
        path = Path(path)
        check_suffix(path, ".xlsx")
        require("openpyxl", "xlsx")
        require("defusedxml", "xlsx")
        from socialins.forms.papers.marking import mark_form

        return mark_form(self, path, lang)

    def save_failed(self, path: str | Path, lang: str = "zh") -> None:
        """Write the rows that could not be read, as they stand, with the reason of each (失败清单).

        They have the form's own headings, so that they can be corrected there and read again alone.

        Arguments:
            path: where; a name that ends in ``.xlsx``.
            lang: language of the reasons, ``"zh"`` or ``"en"``.

        Raises:
            FormError: for another ending.
            MissingExtra: if the extra ``xlsx`` is not installed.
        """
        path = Path(path)
        check_suffix(path, ".xlsx")
        require("openpyxl", "xlsx")
        from socialins.forms.papers.failedlist import write_failed

        write_failed(self, path, lang)

    def place_of(self, number: int | None, field: str | None = None, value: object = None) -> Place:
        """The place of a cell: row, heading, field, value."""
        column = self.form.column(field) if field else None
        return attrs.evolve(
            self.place,
            row=number,
            column=column.spec.header if column else None,
            field=field,
            value=None if is_blank(value) else excerpt(value),
        )
