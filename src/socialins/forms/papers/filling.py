"""Filling: rows in, a form out, with a fault for every value that can't stand in it.

A row with a fault is left out altogether: half a person on a paper is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import Fault, Place, Text, require
from socialins.forms.output import check_suffix
from socialins.forms.papers.blanks import HeadValue, read_blank, write_blank
from socialins.forms.papers.columns import PaperColumn, PaperValue, document_type
from socialins.forms.papers.formfile import Blank, ColumnType
from socialins.forms.plaintext import excerpt, is_blank
from socialins.identity import IdDocument, Sex
from socialins.values import Month

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["FilledForm", "FilledRow", "RowFiller", "fill_head"]

_JOINED = (("、", "zh"), (", ", "en"))

FilledRow = dict[str, PaperValue]
"""Field → value; every column of the form has one, `None` where nothing is filled in."""


@attrs.frozen(eq=False)
class FilledForm:
    """A form that is filled in (已填表单).

    Arguments:
        form: the form.
        rows: the rows that stand in it.
        faults: what could not be filled in; rows with an error are in none of the pages.
        head: blank → what it is filled with.
        month: its month, if one was given.
    """

    form: Form
    rows: tuple[FilledRow, ...] = attrs.field(repr=False)
    faults: tuple[Fault, ...] = ()
    head: Mapping[str, HeadValue] = attrs.field(factory=dict)
    month: Month | None = None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that kept a row out, or leave the paper incomplete."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def pages(self) -> int:
        """How many pages it has; 1 for a table without pages."""
        return self.form.pages(len(self.rows))

    def save(self, path: str | Path) -> None:
        """Write the form as a workbook; the same content gives the same bytes.

        Arguments:
            path: where; a name that ends in ``.xlsx``.

        Raises:
            FormError: for another ending.
            MissingExtra: if the extra ``xlsx`` is not installed.
        """
        path = Path(path)
        check_suffix(path, ".xlsx")
        require("openpyxl", "xlsx")
        from socialins.forms.papers.writing import write_form

        write_form(self, path)


@attrs.frozen
class RowFiller:
    """Makes the rows of a form, from what somebody passed or from the cells of a sheet.

    Arguments:
        columns: the form's columns.
    """

    columns: tuple[PaperColumn, ...]
    _ordered: tuple[PaperColumn, ...] = attrs.field(
        init=False,
        # The number last: what kind of document it is of bears on it.
        default=attrs.Factory(
            lambda self: tuple(
                sorted(
                    (one for one in self.columns if one.type is not ColumnType.SEQUENCE),
                    key=lambda one: one.type is ColumnType.ID_NUMBER,
                )
            ),
            takes_self=True,
        ),
    )

    def fill(self, values: Mapping[str, Any]) -> tuple[FilledRow | None, list[tuple[str, Fault]]]:
        """Make a row.

        Arguments:
            values: field → value, typed or as a cell would have it; blank or missing ones are
                not filled in, or with the column's default.

        Returns:
            The row, or None; and faults with the field of each, warnings included.
        """
        row: FilledRow = {}
        faults: list[tuple[str, Fault]] = []
        failed: set[str] = set()
        kinds = [one for one in self.columns if one.field == "id_type"]
        for column in self._ordered:
            field = column.field
            if column.type is ColumnType.ID_NUMBER and "id_type" in failed:
                continue
            value = values.get(field)
            if is_blank(value) and column.spec.heads:
                value = values.get(column.spec.field)
            if is_blank(value):
                value = column.spec.default
            kind = document_type(next(iter(kinds), None), row.get("id_type"))
            reading = column.take(value, kind)
            faults += [(field, fault) for fault in reading.faults]
            if reading.failed:
                failed.add(field)
                continue
            row[field] = bool(reading.value) if column.type is ColumnType.TICK else reading.value
        for field, fault in self._missing(row, failed):
            faults.append((field, fault))
            failed.add(field)
        if failed:
            return None, faults
        faults += _differences(row)
        return {column.field: row[column.field] for column in self.columns if column.field in row}, faults

    def _missing(self, row: FilledRow, failed: set[str]) -> Iterator[tuple[str, Fault]]:
        """What a row needs and has not; what could not be read is told already."""
        for column in self._ordered:
            if column.spec.required is True and column.field not in failed:
                if row[column.field] in (None, False):
                    yield column.field, column.fault("form.value.missing")
        groups: dict[str, list[PaperColumn]] = {}
        for column in self._ordered:
            if column.one_of is not None:
                groups.setdefault(column.one_of, []).append(column)
        for columns in groups.values():
            fields = [column.field for column in columns]
            if failed.isdisjoint(fields) and not any(row[field] for field in fields):
                titles = [column.title for column in columns]
                zh, en = (sep.join(one.get(lang) for one in titles) for sep, lang in _JOINED)
                yield fields[0], Fault("form.group.missing", {"columns": Text(zh, en)})


def _differences(row: FilledRow) -> Iterator[tuple[str, Fault]]:
    """Where a row says other things of a person than the person's number does."""
    document, born, sex = row.get("id_number"), row.get("birth_date"), row.get("sex")
    if not isinstance(document, IdDocument):
        return
    if isinstance(born, date) and document.birth_date not in (None, born):
        values: dict[str, str | Text] = {"date": str(born), "found": str(document.birth_date)}
        yield "birth_date", Fault("roster.birth-date.differs", values)
    if isinstance(sex, Sex) and document.sex not in (None, sex):
        values = {"sex": _sex(sex), "found": _sex(document.sex or sex)}
        yield "sex", Fault("roster.sex.differs", values)


def _sex(sex: Sex) -> Text:
    return Text(sex.title("zh"), sex.title("en"))


def fill_head(
    blanks: Mapping[str, Blank], given: Mapping[str, object]
) -> tuple[dict[str, HeadValue], list[Fault]]:
    """Fill in what stands above and below the table.

    Arguments:
        blanks: the form's blanks.
        given: blank → text, or a day.

    Returns:
        What is filled in, and a fault for each blank that can't be, or that is needed.
    """
    head: dict[str, HeadValue] = {}
    faults: list[Fault] = []
    for name, blank in blanks.items():
        value = given.get(name)
        text = "" if is_blank(value) else write_blank(attrs.evolve(blank, width=0), _as_head(value))
        read = read_blank(blank, text)
        place = Place(field=name, value=excerpt(text) if text else None)
        if isinstance(read, Fault):
            faults.append(read.at(place))
        elif isinstance(read, str) and any(ord(char) < 0x20 for char in read):
            faults.append(Fault("form.cell.control", {"what": blank.title, "value": excerpt(read)}, place))
        elif read is not None:
            head[name] = read
        elif blank.required:
            faults.append(Fault("form.value.missing", {"what": blank.title}, place))
    return head, faults


def _as_head(value: object) -> HeadValue:
    return value if isinstance(value, date) else str(value)
