"""Document: what a sheet says, whatever it is printed as.

The builders make documents, the writers lay them out: nothing that stands in a PDF is missing from
the workbook, and the digest is of what is said, not of how it looks. Totals are not stated but
added up from the rows, so that they can't disagree with them.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

import attrs

from socialins.faults import Text
from socialins.notices.kinds import NoticeKind
from socialins.values import Money, Month, Rate

__all__ = ["Column", "Document", "Field", "Section", "Table", "Value", "printable", "shown"]

Value: TypeAlias = str | Money | Rate | int | date | Month | None
"""What a cell of a sheet can hold."""

Field: TypeAlias = tuple[str, Value]
"""A label, and what stands behind it."""

_WORDS = {
    "page": Text("本页小计", "This page"),
    "total": Text("合计", "Total"),
}


@attrs.frozen
class Column:
    """A column of a table.

    Arguments:
        label: its head.
        right: whether it holds numbers, which are aligned to the right and never broken.
        sums: whether it is added up, for each page and in all.
        wide: whether it may be broken into lines, and takes the room that is left.
    """

    label: str
    right: bool = False
    sums: bool = False
    wide: bool = False


@attrs.frozen
class Table:
    """A table.

    Arguments:
        title: what stands above it; may be empty.
        columns: its columns.
        rows: the cells, a tuple for each row.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = attrs.field(repr=lambda rows: f"<{len(rows)} rows>")

    @rows.validator
    def _fit(self, _attribute: object, rows: tuple[tuple[Value, ...], ...]) -> None:
        wrong = next((row for row in rows if len(row) != len(self.columns)), None)
        if wrong is not None:
            raise ValueError(f"{len(wrong)} cells don't fit {len(self.columns)} columns")

    @property
    def has_sums(self) -> bool:
        """Whether some column is added up."""
        return any(column.sums for column in self.columns)

    def sums(self, rows: tuple[tuple[Value, ...], ...] | None = None) -> tuple[Value, ...]:
        """The sum of each column that is added up, None for the others.

        Arguments:
            rows: the rows to add up; all if left out.
        """
        summed = self.rows if rows is None else rows
        return tuple(
            _sum([row[index] for row in summed]) if column.sums else None
            for index, column in enumerate(self.columns)
        )


@attrs.frozen
class Section:
    """A part of a document: fields, tables, and lines below them.

    Arguments:
        fields: what stands above the tables, two in a row.
        tables: the tables.
        lines: what stands below them, each on a line of its own.
    """

    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    lines: tuple[Field, ...] = ()


@attrs.frozen(kw_only=True)
class Document:
    """A sheet.

    Arguments:
        kind: what it is.
        lang: its language, ``"zh"`` or ``"en"``.
        title: what stands at its head.
        day: the day it is dated with; None if it states none.
        month: the month it is about; its first day is the file's date where `day` is None, as the
            day of printing would make copies differ.
        sections: its parts; each begins on a page of its own and is numbered for itself.
        notes: what is to be known of it, at the end of every part.
        landscape: whether the page lies on its side.
    """

    kind: NoticeKind
    lang: str
    title: str
    month: Month
    day: date | None = None
    sections: tuple[Section, ...] = attrs.field(repr=lambda parts: f"<{len(parts)} sections>")
    notes: tuple[str, ...] = ()
    landscape: bool = False

    @property
    def dated(self) -> date:
        """The date that its files carry."""
        return self.day or self.month.first_day

    @property
    def digest(self) -> str:
        """The SHA-256 of all that it says, in hexadecimal."""
        text = json.dumps(
            self.to_plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def parts(self) -> Iterator[Document]:
        """The sections as documents of their own: each is handed out without the others."""
        if len(self.sections) == 1:
            yield self
            return
        for section in self.sections:
            yield attrs.evolve(self, sections=(section,))

    def word(self, name: str) -> str:
        """A word that every table needs: ``"page"``, the page's sum, or ``"total"``."""
        return _WORDS[name].get(self.lang)

    def on_lines(self) -> Document:
        """The same with every text on one line, as it can be printed."""
        return attrs.evolve(
            self,
            title=printable(self.title),
            sections=tuple(_on_lines(section) for section in self.sections),
            notes=tuple(printable(note) for note in self.notes),
        )

    def to_plain(self) -> dict[str, Any]:
        """What it says, as plain data for JSON: what the digest is made of."""
        return {
            "kind": self.kind.value,
            "lang": self.lang,
            "title": self.title,
            "month": str(self.month),
            "day": self.day.isoformat() if self.day else None,
            "sections": [_section(section) for section in self.sections],
            "notes": list(self.notes),
        }


def shown(value: Value) -> str:
    """A value as it is printed.

    >>> shown(Money.yuan("1234.5")), shown(Rate("8%")), shown(None), shown(Month(2026, 11))
    ('1,234.50', '8%', '', '2026-11')
    """
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)


def printable(text: str) -> str:
    r"""The text on one line, without characters that have no picture.

    >>> printable("张\u200b三\n\t丰")
    '张三 丰'
    """
    line = " ".join(text.split())
    if line.isascii():
        return line
    return "".join(char for char in line if unicodedata.category(char) != "Cf")


def _sum(values: list[Value]) -> Value:
    if any(isinstance(value, int) for value in values):
        return sum(value for value in values if isinstance(value, int))
    return Money.sum(value for value in values if isinstance(value, Money))


def _on_lines(section: Section) -> Section:
    return Section(
        tuple((printable(label), _on_line(value)) for label, value in section.fields),
        tuple(
            Table(
                printable(table.title),
                tuple(attrs.evolve(one, label=printable(one.label)) for one in table.columns),
                tuple(tuple(_on_line(value) for value in row) for row in table.rows),
            )
            for table in section.tables
        ),
        tuple((printable(label), _on_line(value)) for label, value in section.lines),
    )


def _on_line(value: Value) -> Value:
    return printable(value) if isinstance(value, str) else value


def _section(section: Section) -> dict[str, Any]:
    return {
        "fields": [[label, _plain(value)] for label, value in section.fields],
        "tables": [
            {
                "title": table.title,
                "columns": [column.label for column in table.columns],
                "rows": [[_plain(value) for value in row] for row in table.rows],
                "sums": [_plain(value) for value in table.sums()] if table.has_sums else None,
            }
            for table in section.tables
        ],
        "lines": [[label, _plain(value)] for label, value in section.lines],
    }


def _plain(value: Value) -> str | int | None:
    if value is None or isinstance(value, int | str):
        return value
    # Without the commas of a printed amount.
    return str(value)
