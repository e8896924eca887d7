"""Row patterns: what the rows of a sheet have looked like so far, as one regular expression.

Every column has room for the ways in which its cells were written, and for none at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import attrs
from openpyxl.utils import get_column_letter

from socialins.forms.cellxml import FORBIDDEN, CellReader, Read, kind_and_style
from socialins.forms.sheets import Limits, Row

__all__ = ["Cell", "RowPattern", "Way"]

# A text that begins so is not blank, and one that goes on so has no entities.
_FIRST = rf"[^<>&\s\u200b\ufeff{FORBIDDEN}]"
_OTHER = rf"[^<>&{FORBIDDEN}]"
_EMPTY = '(?: s="[0-9]+")?(?: t="n")?(?: ?/>|></c>)'
_VALUES = {"n": "[0-9.Ee+-]+", "s": "[0-9]{1,9}", "b": "[01]"}
_VARIANTS = 4
_LEARNT = 64
_OPENING = 8


class Way(NamedTuple):
    """How a cell is written.

    Arguments:
        marks: the attributes of its style and type.
        inline: whether its text stands in it.
        simple: whether it is a number with a point and no power of ten, or a text without entities.
    """

    marks: str
    inline: bool
    simple: bool


Cell = tuple[int, Way | None]
"""A cell that was met: its column, counted from 0, and its way; None where it is empty."""


@attrs.define
class RowPattern:
    """The pattern of a sheet's rows.

    Arguments:
        cells: what reads their cells.
        limits: what a row may hold.
    """

    cells: CellReader
    limits: Limits
    match: Callable[[str, int], re.Match[str] | None] = lambda _text, _position: None
    _known: dict[int, list[Way]] = attrs.field(factory=dict)
    _hidden: dict[str, bool] = attrs.field(factory=dict)
    _columns: list[int] = attrs.field(factory=list)
    _readers: list[Callable[[str], Any]] = attrs.field(factory=list)
    _learnt: int = 0
    _matched: bool = False

    def row(self, found: re.Match[str]) -> Row:
        """The row that matched."""
        self._matched = True
        raws = found.groups()
        if None not in raws:
            number, hidden, *values = [
                read(raw) for read, raw in zip(self._readers, raws, strict=True)
            ]
            if None not in values:
                return Row(number, dict(zip(self._columns, values, strict=True)), hidden)
        cells = {
            column: value
            for column, read, raw in zip(self._columns, self._readers[2:], raws[2:], strict=True)
            if raw is not None and (value := read(raw)) is not None
        }
        return Row(int(raws[0]), cells, self._hidden[raws[1]])

    def learn(self, attributes: str, hidden: bool, met: Sequence[Cell]) -> None:
        """Make room for rows like one that did not match.

        Arguments:
            attributes: those of the row, as they are written.
            hidden: whether they hide it.
            met: its cells.
        """
        indexes = [index for index, _ in met]
        if self._learnt >= _LEARNT or indexes != sorted(set(indexes)):
            return
        if not self._matched and self._learnt < _OPENING:
            # Titles and headings: nothing else in the sheet looks like them.
            self._known, self._hidden = {}, {}
        self._matched = False
        new = attributes not in self._hidden and len(self._hidden) < _VARIANTS
        if new:
            self._hidden[attributes] = hidden
        for index, way in met:
            if index < self.limits.columns:
                new |= index not in self._known
                known = self._known.setdefault(index, [])
                new |= way is not None and self._add(known, way)
        if new:
            self._learnt += 1
            self._compile()

    def _add(self, known: list[Way], way: Way) -> bool:
        """Add a way of a column, unless it is there or can't be."""
        for place, other in enumerate(known):
            if way[:2] == other[:2]:
                known[place] = way._replace(simple=way.simple and other.simple)
                return known[place] != other
        shared = kind_and_style(way.marks)[0] == "s"
        if len(known) >= _VARIANTS or (shared and self.cells.longest > self.limits.field):
            return False
        known.append(way)
        return True

    def _compile(self) -> None:
        self._columns, self._readers = [], [int, self._hidden.__getitem__]
        parts = []
        for index in sorted(self._known):
            ways = []
            for way in self._known[index]:
                pattern, read = self._written(way)
                ways.append(pattern)
                self._columns.append(index)
                self._readers.append(read)
            parts.append(
                f'(?:<c r="{get_column_letter(index + 1)}(?P=r)"(?:{"|".join([*ways, _EMPTY])}))?'
            )
        attributes = "|".join(map(re.escape, self._hidden))
        row = f'<row r="(?P<r>[1-9][0-9]{{0,6}})"({attributes})>{"".join(parts)}</row>'
        self.match = re.compile(row).match

    def _written(self, way: Way) -> tuple[str, Read]:
        """A pattern of a cell, with its value as a group; and what reads that."""
        marks = way.marks
        most = self.limits.field - 1
        text = f"{_FIRST}{_OTHER}{{0,{most}}}"
        if not way.simple:
            # Without its entities it is shorter, so it is not beyond the limit either.
            text = f"[^<>{FORBIDDEN}]{{1,{most}}}"
        if way.inline:
            read: Read = str if way.simple else self.cells.escaped
            return f'{marks}><is><t(?: xml:space="preserve")?>({text})</t></is></c>', read
        if way.simple and self.cells.is_plain_number(marks):
            return f"{marks}><v>(-?[0-9]+\\.[0-9]+)</v></c>", float
        value = _VALUES.get(kind_and_style(marks)[0], text)
        return f"{marks}><v>({value})</v></c>", self.cells.reader(marks)
