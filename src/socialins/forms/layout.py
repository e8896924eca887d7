"""Layouts: which columns a file has, as data.

A layout says how a column is headed, in either language, and what kind of cell it holds. Reading
and writing go by the same layout, so that a column is described once; a further layout is a file,
not code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import attrs

from socialins.faults import Text
from socialins.forms.plaintext import fold

__all__ = ["Column", "Layout", "own_layout"]


def _text(value: Text | Mapping[str, str]) -> Text:
    return value if isinstance(value, Text) else Text(**value)


@attrs.frozen(kw_only=True)
class Column:
    """A column, or a key, of a layout.

    Arguments:
        field: what it is in the model.
        title: the heading that is written.
        aliases: further headings that are understood.
        kind: how a cell is read and written.
        needed: a file without it is refused.
        missing: code of the fault for a cell that is empty though it must not be.
        default: what an empty cell stands for, in words; None where it stands for nothing.
        words: code → further words that it is read from.
    """

    field: str
    title: Text = attrs.field(converter=_text)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    kind: str
    needed: bool = False
    missing: str | None = None
    default: Text | None = attrs.field(default=None, converter=attrs.converters.optional(_text))
    words: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that is understood, the written ones first."""
        return (self.title.zh, self.title.en, self.field, *self.aliases)


@attrs.frozen(kw_only=True, slots=False)
class Layout:
    """The columns of a kind of file.

    Arguments:
        id: its name.
        sheet: how its sheet is called when it is written.
        columns: its columns, in the order in which they are written.
        passed_over: labels whose row says nothing: totals, for one.

    >>> layout = own_layout("roster")
    >>> [column.title.zh for column in layout.columns if column.needed]
    ['姓名', '证件号码', '申报工资']
    >>> layout.column_for(" ＊身份证号码 ").field, layout.column_for("备注") is None
    ('id_number', True)
    """

    id: str
    sheet: Text = attrs.field(converter=_text)
    columns: tuple[Column, ...]
    passed_over: tuple[str, ...] = attrs.field(default=(), converter=tuple)

    def column_for(self, heading: str) -> Column | None:
        """The column that a heading names; None when the layout knows none."""
        return self._by_heading.get(fold(heading))

    def column(self, field: str) -> Column:
        """The column of a field."""
        return self._by_field[field]

    @property
    def needed(self) -> tuple[Column, ...]:
        """The columns that a file must have."""
        return tuple(column for column in self.columns if column.needed)

    def passes_over(self, label: str) -> bool:
        """Whether a label's row says nothing."""
        return fold(label) in self._passed_over

    @cached_property
    def _by_heading(self) -> dict[str, Column]:
        found: dict[str, Column] = {}
        for column in self.columns:
            for heading in column.headings:
                if found.setdefault(fold(heading), column) is not column:
                    raise ValueError(f"layout {self.id}: {heading!r} heads two columns")
        return found

    @cached_property
    def _by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}

    @cached_property
    def _passed_over(self) -> frozenset[str]:
        return frozenset(map(fold, self.passed_over))


@cache
def own_layout(name: str) -> Layout:
    """A layout of the library's own: ``"roster"`` or ``"unit"``."""
    file = files("socialins.forms").joinpath("layouts", f"{name}.toml")
    return _layout(tomllib.loads(file.read_text(encoding="utf-8")))


def _layout(table: Mapping[str, Any]) -> Layout:
    columns = tuple(Column(**column) for column in table["columns"])
    return Layout(**{**table, "columns": columns})
