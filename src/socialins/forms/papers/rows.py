"""Rows: what somebody passed for a person, or what the cells of a sheet hold → a row of a form.

A row with a fault is no row: half a person on a paper is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

import attrs

from socialins.faults import Fault, Text
from socialins.forms.papers.columns import PaperColumn, PaperValue, document_type
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.plaintext import is_blank
from socialins.identity import IdDocument, Sex

__all__ = ["FilledRow", "RowMaker", "joined"]

FilledRow: TypeAlias = dict[str, PaperValue]
"""Field → value; every column of the form has one, `None` where nothing is filled in."""


def _number_last(columns: tuple[PaperColumn, ...]) -> tuple[PaperColumn, ...]:
    """The columns that hold something; the number last, since the kind of document bears on it."""
    held = (column for column in columns if column.type is not ColumnType.SEQUENCE)
    return tuple(sorted(held, key=lambda column: column.type is ColumnType.ID_NUMBER))


@attrs.frozen
class RowMaker:
    """Makes the rows of a form.

    Arguments:
        columns: the form's columns.
        from_cells: whether values come from the cells of a sheet, which may hold what nobody may
            pass: amounts as binary numbers, for one.
    """

    columns: tuple[PaperColumn, ...]
    from_cells: bool = False
    _held: tuple[PaperColumn, ...] = attrs.field(
        init=False,
        default=attrs.Factory(lambda self: _number_last(self.columns), takes_self=True),
    )

    def make(self, values: Mapping[str, Any]) -> tuple[FilledRow | None, list[tuple[str, Fault]]]:
        """Make a row.

        Arguments:
            values: field → value, typed or as a cell would have it; blank or missing ones are not
                filled in, or with the column's default.

        Returns:
            The row, or None; and faults with the field of each, warnings included.
        """
        row: FilledRow = {}
        faults: list[tuple[str, Fault]] = []
        failed: set[str] = set()
        coded = next((column for column in self.columns if column.field == "id_type"), None)
        for column in self._held:
            field = column.field
            if column.type is ColumnType.ID_NUMBER and "id_type" in failed:
                # Whether the number is right can't be told before it is known what it is of.
                failed.add(field)
                continue
            value = _value(column, values)
            kind = document_type(coded, row.get("id_type"))
            read = column.read if self.from_cells and not is_blank(value) else column.take
            reading = read(value, kind)
            faults += [(field, fault) for fault in reading.faults]
            if reading.failed:
                failed.add(field)
            else:
                ticked = column.type is ColumnType.TICK
                row[field] = bool(reading.value) if ticked else reading.value
        for field, fault in self._missing(row, failed):
            faults.append((field, fault))
            failed.add(field)
        if failed:
            return None, faults
        faults += _differences(row)
        fields = [column.field for column in self.columns if column.field in row]
        return {field: row[field] for field in fields}, faults

    def _missing(self, row: FilledRow, failed: set[str]) -> Iterator[tuple[str, Fault]]:
        """What a row needs and has not; what could not be read is told already."""
        groups: dict[str, list[PaperColumn]] = {}
        for column in self._held:
            if column.one_of is not None:
                groups.setdefault(column.one_of, []).append(column)
            elif column.spec.required and column.field not in failed and not row[column.field]:
                yield column.field, column.fault("form.value.missing")
        for columns in groups.values():
            fields = [column.field for column in columns]
            if failed.isdisjoint(fields) and not any(row[field] for field in fields):
                titles = joined(column.title for column in columns)
                yield fields[0], Fault("form.group.missing", {"columns": titles})


def joined(texts: Iterator[Text] | list[Text]) -> Text:
    """Wordings as one list in each language.

    >>> joined([Text("养老", "pension"), Text("医疗", "medical")])
    Text(zh='养老、医疗', en='pension, medical')
    """
    listed = list(texts)
    return Text("、".join(one.zh for one in listed), ", ".join(one.en for one in listed))


def _value(column: PaperColumn, values: Mapping[str, Any]) -> Any:
    value = values.get(column.field)
    if is_blank(value) and column.spec.heads:
        value = values.get(column.spec.field)
    return column.spec.default if is_blank(value) else value


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
