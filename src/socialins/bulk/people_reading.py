"""Reading people: a plain workbook of a large roster → columns, by the thousand.

A row without any problem is told by whole columns at once and never becomes an object. Every other
row goes through the reader of rosters, with the cells as that reader would have got them, so that
each problem is found, placed and worded as in a small file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.identity import check_numbers
from socialins.bulk.limits import MAX_WAGE_FEN
from socialins.bulk.people import Columns, Group, People
from socialins.bulk.plainbook import NotPlain, Plain, PlainBook, PlainSheet, cells_of, look_through
from socialins.forms.cells import Context, read_cell
from socialins.forms.entry import default_household
from socialins.forms.errors import FormError
from socialins.forms.plaintext import is_blank
from socialins.forms.roster import OpenRoster, open_roster
from socialins.forms.sheets import Limits, Row
from socialins.identity import DocumentType, IdDocument
from socialins.model.codes import Employment, UnitSize
from socialins.model.person import InsuredPerson
from socialins.model.roster import RosterEntry
from socialins.model.unit import UnitAccount
from socialins.model.wage import DeclaredWage
from socialins.rules import Cascade
from socialins.values import Money, Month, Rate

__all__ = ["read_people"]

_BLOCK = 8192
_LONGEST_NAME = 100
_LONGEST_CELL = 32_767
_AMOUNT = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,2})?", re.ASCII)
_KEYS = ("household", "employment", "insurances")
_READ_ALONE = ("name", "id_number", "wage")
_REMEMBERED = 50_000


def read_people(
    path: Path,
    month: Month,
    cascade: Cascade,
    *,
    account: UnitAccount | None = None,
    injury_rate: Rate | None = None,
    injury_class: int | None = None,
    injury_band: Rate | None = None,
    unit_size: UnitSize | None = None,
    trade: str | None = None,
    max_rows: int = 200_000,
    least: int = 0,
    plain: Plain | None = None,
    progress: Callable[[int], object] | None = None,
) -> People | None:
    """Read a roster from a plain workbook.

    Arguments:
        path: the file.
        month: as in `read_roster`, and so all down to the most rows.
        cascade: the region's rules.
        account: the unit's account.
        injury_rate: its own rate.
        injury_class: or its class.
        injury_band: and the band in it.
        unit_size: the unit's size.
        trade: its trade.
        max_rows: the most data rows that are read.
        least: workbooks with no more rows are not read.
        plain: what `look_through` said of the file, if it was asked.
        progress: called with the number of rows done.

    Returns:
        What `read_roster` would give, as columns. None where the file is small, is not plain, or
        can't be read at all: `read_roster` then reads it, or says what is wrong with it.
    """
    limits = Limits(rows=max_rows)
    try:
        looked = plain or look_through(path, limits)
        if looked.rows <= least:
            return None

        def opener(path: Path, _limits: Limits, _columns: frozenset[str]) -> PlainBook:
            return PlainBook.open(path, looked)

        with open_roster(path, month, cascade, max_rows, opener) as found:
            reading = _Reading(found, month, max_rows)
            reading.read(progress)
            frame = found.finish(
                month,
                account,
                injury_rate,
                injury_class,
                injury_band=injury_band,
                unit_size=unit_size,
                trade=trade,
            )
    except (NotPlain, FormError):
        return None
    return reading.columns.people(frame)


@attrs.define
class _Reading:
    """Reads the rows of a table, block by block."""

    found: OpenRoster
    month: Month
    max_rows: int
    columns: Columns = attrs.field(factory=Columns)
    cells: dict[int, str] = attrs.field(factory=dict)
    read_words: dict[tuple[str, object], tuple[bool, Any]] = attrs.field(factory=dict)

    def read(self, progress: Callable[[int], object] | None) -> None:
        """Read all rows; those of persons named twice are handed to the reader of rosters."""
        table, sheet = self.found.table, self.found.sheet
        if not isinstance(sheet, PlainSheet):
            raise NotPlain
        for number, first, block in sheet.blocks(_BLOCK):
            if number + len(block) - 1 > table.row:
                skipped = max(table.row + 1 - number, 0)
                self._block(number + skipped, first, block[skipped:])
                if progress is not None:
                    progress(number + len(block))
        self._twice()

    def _block(self, number: int, first: int, block: list[list[Any]]) -> None:
        by_index = list(zip(*block, strict=True))
        _check_types(by_index)
        at = {field: by_index[index - first] for field, index in self.found.table.columns.items()}
        if any(map(_filled, at.get("injury_rate", ()))):
            # Which way a rate was meant depends on how the cell shows it.
            raise NotPlain
        good, fen, documents = self._needed(at)
        others = {
            field: self._words(field, column, good)
            for field, column in at.items()
            if field not in _READ_ALONE
        }
        self._check_said(others, documents, good)
        made, reader = self.columns, self.found.reader
        numbers, kinds = documents.number.to_pylist(), documents.type.to_pylist()
        groups = self._groups(kinds, others, good)
        done = 0
        for bad in [*np.flatnonzero(~good).tolist(), len(block)]:
            run = slice(done, bad)
            made.rows.extend(range(number + done, number + bad))
            made.names.extend(at["name"][run])
            made.numbers.extend(numbers[run])
            made.types.extend(map(_TYPES.__getitem__, kinds[run]))
            made.wages.extend(fen[run])
            made.groups.extend(groups[run])
            done = bad + 1
            if bad == len(block):
                break
            if cells := cells_of(block[bad], first, self._plain):
                reader.take(Row(number + bad, cells))
            if reader.entries:
                made.add(reader.entries.pop())
        typed = zip(numbers, at["id_number"], strict=True)
        for index, (read, cell) in enumerate(typed, start=number):
            if read is not None and read != cell:
                self.cells[index] = cell
        reader.count += int(good.sum())
        if reader.count > self.max_rows:
            reader.count_row(number)

    def _groups(
        self, kinds: list[str], others: dict[str, list[Any]], good: NDArray[np.bool_]
    ) -> list[int]:
        """The group of each good row; -1 for the others."""
        none = [None] * len(kinds)
        known: dict[tuple[Any, ...], int] = {}
        found: list[int] = []
        columns = (others.get(field, none) for field in _KEYS)
        for is_good, *words in zip(good.tolist(), kinds, *columns, strict=True):
            if not is_good:
                found.append(-1)
                continue
            group = known.get(tuple(words))
            if group is None:
                kind, household, employment, insurances = words
                key: Group = (
                    household or default_household(DocumentType(kind)),
                    employment or Employment.FULL_TIME,
                    insurances,
                    None,
                )
                group = known[tuple(words)] = self.columns.group(key)
            found.append(group)
        return found

    @property
    def _plain(self) -> Any:
        sheet = self.found.sheet
        assert isinstance(sheet, PlainSheet)  # noqa: S101 - `read` has seen to it
        return sheet.plain

    def _needed(self, at: dict[str, Any]) -> tuple[NDArray[np.bool_], list[int], Any]:
        """Which rows have a plain name, number and wage; the wages; the numbers as checked."""
        names, wages = at["name"], at["wage"]
        typed = [one if type(one) is str and len(one) == 18 else "" for one in at["id_number"]]
        checked = check_numbers(typed)
        good = np.array(
            [
                type(one) is str
                and 0 < len(one) <= _LONGEST_NAME
                and one.isprintable()
                and one[0] != " "
                and one[-1] != " "
                for one in names
            ],
            np.bool_,
        )
        good &= checked.code.is_null().to_numpy(zero_copy_only=False)
        good &= checked.warning.is_null().to_numpy(zero_copy_only=False)
        fen = _fen(wages)
        good &= (fen > 0) & (fen <= MAX_WAGE_FEN)
        return good, fen.tolist(), checked

    def _words(self, field: str, column: Any, good: NDArray[np.bool_]) -> list[Any]:
        """What the cells of a column mean, each different one read once."""
        heading = self.found.reader.layout.column(field)
        context = Context(self.found.reader.entry.vocabulary)
        known, made = self.read_words, []
        for index, value in enumerate(column):
            found = known.get((field, value)) if type(value) is str else (False, None)
            if found is None:
                if is_blank(value):
                    found = True, None
                else:
                    reading = read_cell(heading, value, context)
                    found = not reading.faults, reading.value
                if len(known) < _REMEMBERED:
                    known[field, value] = found
            if not found[0]:
                good[index] = False
            made.append(found[1])
        return made

    def _check_said(
        self, others: dict[str, list[Any]], documents: Any, good: NDArray[np.bool_]
    ) -> None:
        """Rows that say something else than the number are not good."""
        said = {"id_type": documents.type, "birth_date": documents.birth_date, "sex": documents.sex}
        for field, told in said.items():
            if field in others:
                pairs = zip(others[field], told.to_pylist(), strict=True)
                good &= [one is None or one == other for one, other in pairs]
        born = others.get("birth_date")
        if born is not None:
            good &= [one is None or one <= self.month.last_day for one in born]

    def _twice(self) -> None:
        """Hand persons who stand in several rows over; `Roster.gather` reports them."""
        made, reader = self.columns, self.found.reader
        if len(set(made.numbers)) == len(made.numbers):
            return
        keys = list(zip(made.types, made.numbers, strict=True))
        often = {key for key, count in Counter(keys).items() if count > 1}
        indexes = [index for index, key in enumerate(keys) if key in often]
        all_keys = list(made.keys)
        for index in indexes:
            household, employment, insurances, rate = all_keys[made.groups[index]]
            row = made.rows[index]
            document = IdDocument(made.types[index], made.numbers[index])
            reader.entries.append(
                RosterEntry(
                    InsuredPerson(made.names[index], document),
                    DeclaredWage(Money(made.wages[index])),
                    household,
                    employment,
                    insurances,
                    rate,
                    row,
                )
            )
            if row is not None:
                reader.numbers.setdefault(row, self.cells.get(row, made.numbers[index]))
        made.without(indexes)


_TYPES = {kind.value: kind for kind in DocumentType}


def _check_types(columns: list[tuple[Any, ...]]) -> None:
    """Refuse what a plain workbook should not hold: dates, and texts that no cell can have.

    Raises:
        NotPlain: if there is any.
    """
    for column in columns:
        if not {type(one) for one in column} <= {str, float, bool}:
            raise NotPlain
        if any(type(one) is str and len(one) > _LONGEST_CELL for one in column):
            raise NotPlain


def _filled(value: object) -> bool:
    return not is_blank(value)


def _fen(wages: Any) -> NDArray[np.int64]:
    """Wages in fen; 0 for what is not plainly one."""
    if all(type(one) is float for one in wages):
        return _exact(np.array(wages, np.float64))
    fen = [
        _text_fen(one)
        if type(one) is str
        else int(_exact(np.array([one]))[0])
        if type(one) is float
        else 0
        for one in wages
    ]
    return np.array(fen, np.int64)


def _exact(yuan: NDArray[np.float64]) -> NDArray[np.int64]:
    """Fen of numbers that are the nearest ones to an amount of two decimals; else 0.

    Below eight digits of yuan no two amounts have the same nearest number, so the shortest text of
    the number is the amount.
    """
    sane = np.where(np.abs(yuan) <= MAX_WAGE_FEN / 100, yuan, 0.0)
    fen = np.rint(sane * 100)
    found: NDArray[np.int64] = np.where(fen / 100 == sane, fen, 0).astype(np.int64)
    return found


def _text_fen(text: str) -> int:
    if not _AMOUNT.fullmatch(text):
        return 0
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)
