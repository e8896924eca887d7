"""Quick rows: those that nothing is wrong with, made without asking anything twice.

A file of a hundred thousand rows holds few codes, days and words, and each of them is read once by
its column. A row with anything unusual is no quick one: `RowMaker` makes it and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from types import NoneType
from typing import Any

from socialins.forms.amounts import plain_amount
from socialins.forms.cells import LONGEST_NAME
from socialins.forms.papers.columns import AMOUNTS, PaperColumn, document_type
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.rows import FilledRow
from socialins.forms.plaintext import is_blank
from socialins.identity import DocumentType, IdDocument, Sex
from socialins.identity.residents import ResidentNumbers
from socialins.values import Money, Month

__all__ = ["QuickRows"]

_LONGEST = 32_000
_REMEMBERED = 100_000
# Numbers of other values may be equal and yet read otherwise: Decimal("1.0") and Decimal("1.00").
_KEPT = frozenset({str, int, float, bool, date, Month, Money, Sex})
_TEXTS = (ColumnType.NAME, ColumnType.TEXT)


class _Odd(Exception):
    """A value that a quick row can't have."""


class QuickRows:
    """Makes rows of a form, as `RowMaker` does, where nothing is to be said of them.

    Arguments:
        columns: the form's columns.
        from_cells: whether values come from the cells of a sheet.
    """

    def __init__(self, columns: Sequence[PaperColumn], *, from_cells: bool = False) -> None:
        held = [column for column in columns if column.type is not ColumnType.SEQUENCE]
        self.columns: tuple[PaperColumn, ...] = tuple(held)
        """The columns whose values `make` takes, in this order."""
        self._fields = tuple(column.field for column in held)
        shared: dict[tuple[Any, ...], _Memos] = {}
        self._memos = [
            shared.setdefault(_likeness(column), _Memos(column, from_cells)) for column in held
        ]
        self._id = self._place("id_number", ColumnType.ID_NUMBER)
        self._coded = self._place("id_type")
        self._born = self._place("birth_date", ColumnType.DATE)
        self._sex = self._place("sex", ColumnType.SEX)
        self._groups = _groups(held)
        self._numbers = ResidentNumbers()
        self._kinds: dict[Any, bool] = {}
        ids = sum(column.type is ColumnType.ID_NUMBER for column in held)
        coded = sum(column.field == "id_type" for column in columns)
        self._never = ids > (self._id is not None) or coded > (self._coded is not None)

    def make(self, values: Sequence[Any]) -> FilledRow | None:
        """Make a row.

        Arguments:
            values: what is given for each column, None where nothing is.

        Returns:
            The row that `RowMaker` would make without a fault; None if it may be another.
        """
        if self._never:
            return None
        try:
            made = [
                memos[type(value)][value] for memos, value in zip(self._memos, values, strict=True)
            ]
        except _Odd:
            return None
        for group in self._groups:
            if not any(made[place] for place in group):
                return None
        if self._id is not None and made[self._id] is not None and not self._identify(made):
            return None
        return dict(zip(self._fields, made, strict=True))

    def _identify(self, made: list[Any]) -> bool:
        """Put the document in; false if it isn't plainly a resident's, or the row differs."""
        assert self._id is not None  # noqa: S101 - `make` has looked
        if self._coded is not None and not self._is_resident(made[self._coded]):
            return False
        number = made[self._id]
        known = self._numbers.read(number if type(number) is str else number.number)
        if known is None:
            return False
        document, born, sex = known
        if type(number) is IdDocument and number != document:
            return False
        if self._born is not None and made[self._born] not in (None, born):
            return False
        if self._sex is not None and made[self._sex] not in (None, sex):
            return False
        made[self._id] = document
        return True

    def _is_resident(self, code: Any) -> bool:
        found = self._kinds.get(code)
        if found is None:
            assert self._coded is not None  # noqa: S101 - the caller has looked
            kind = document_type(self.columns[self._coded], code)
            found = self._kinds[code] = kind in (None, DocumentType.RESIDENT_ID)
        return found

    def _place(self, field: str, kind: ColumnType | None = None) -> int | None:
        for place, column in enumerate(self.columns):
            if column.field == field and kind in (None, column.type):
                return place
        return None


def _groups(columns: Sequence[PaperColumn]) -> list[list[int]]:
    """The columns of which a row needs one, by their places."""
    groups: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        if column.one_of is not None:
            groups.setdefault(column.one_of, []).append(place)
    return list(groups.values())


def _likeness(column: PaperColumn) -> tuple[Any, ...]:
    """What is the same for columns of amounts that make the same of the same."""
    if column.type not in AMOUNTS or column.spec.length:
        return (column.number,)
    return column.type, column.spec.required, column.spec.default


class _Memos(dict[type, Any]):
    """What a column made of the values that were met, by their types: 1 and True are equal."""

    def __init__(self, column: PaperColumn, from_cells: bool) -> None:
        self._column, self._from_cells = column, from_cells
        self._read = column.read if from_cells else column.take
        self[NoneType] = {None: None}
        try:
            self[NoneType] = {None: self._blank()}
        except _Odd:
            self[NoneType] = _Memo(self._raise)

    def __missing__(self, kind: type) -> Any:
        if self._column.type is ColumnType.ID_NUMBER:
            length = self._column.spec.length
            taken = kind in (str, IdDocument) and not (length and length < 18)
            found: Any = _Same() if taken else _Memo(self._raise)
        else:
            quick = _quick(self._column, kind, self._from_cells)
            found = _Memo(self._make, quick, kept=kind in _KEPT)
            if kind is str and self._column.type in _TEXTS:
                found = _Texts(self._column, found)
        self[kind] = found
        return found

    def _make(self, value: Any) -> Any:
        if is_blank(value):
            return self[NoneType][None]
        reading = self._read(value)
        if reading.faults:
            raise _Odd
        return self._needed(reading.value)

    def _blank(self) -> Any:
        """What an empty cell stands for."""
        reading = self._column.take(self._column.spec.default)
        if reading.faults or (self._column.type is ColumnType.ID_NUMBER and reading.value):
            raise _Odd
        return self._needed(reading.value)

    def _needed(self, value: Any) -> Any:
        if self._column.type is ColumnType.TICK:
            value = bool(value)
        alone = self._column.one_of is None
        if alone and self._column.spec.required and not value:
            raise _Odd
        return value

    @staticmethod
    def _raise(_value: Any) -> Any:
        raise _Odd


class _Same:
    """Gives back what it is asked for: identity numbers are read with the rest of their row."""

    def __getitem__(self, value: Any) -> Any:
        return value


class _Texts:
    """Gives back names and other texts that are plain: to look them up would cost as much."""

    def __init__(self, column: PaperColumn, others: _Memo) -> None:
        most = LONGEST_NAME if column.type is ColumnType.NAME else _LONGEST
        self._most, self._others = min(column.spec.length or most, most), others
        self._encoding = column.encoding.removesuffix("-sig") if column.spec.length else None

    def __getitem__(self, text: str) -> Any:
        if (
            text.isprintable()
            and 0 < len(text) <= self._most
            and text[0] != " "
            and text[-1] != " "
            and (self._encoding is None or self._fits(text, self._encoding))
        ):
            return text
        return self._others[text]

    def _fits(self, text: str, encoding: str) -> bool:
        return len(text.encode(encoding, "replace")) <= self._most


class _Memo(dict[Any, Any]):
    """Value → what it was read as."""

    def __init__(
        self,
        make: Callable[[Any], Any],
        quick: Callable[[Any], Any] | None = None,
        *,
        kept: bool = False,
    ) -> None:
        self._make, self._quick, self._kept = make, quick, kept

    def __missing__(self, value: Any) -> Any:
        found = None if self._quick is None else self._quick(value)
        if found is None:
            found = self._make(value)
        # 0.0 and -0.0 are equal too.
        if self._kept and value and len(self) < _REMEMBERED:
            self[value] = found
        return found


def _quick(column: PaperColumn, kind: type, from_cells: bool) -> Callable[[Any], Any] | None:
    """A short way to what a column makes of amounts of a type; it gives None for others."""
    if column.type not in AMOUNTS or column.spec.length:
        return None
    least = 1 if column.type is ColumnType.WAGE or column.spec.required else 0
    if kind in (str, int) or (kind is float and from_cells):
        return partial(_amount, least)
    return None


def _amount(least: int, value: Any) -> Money | None:
    found = plain_amount(value)
    return found if found is not None and found.fen >= least else None
