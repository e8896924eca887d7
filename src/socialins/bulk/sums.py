"""Sums: columns of whole numbers added up by unit, wherever in a table a unit's rows lie."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

__all__ = ["Runs", "Sums", "Unit"]

Unit: TypeAlias = Hashable
Array: TypeAlias = NDArray[Any]


@attrs.define
class Sums:
    """Sums of some columns by unit.

    Arguments:
        index: the row of each unit.
        table: a row for each unit, and some to spare.
    """

    index: dict[Unit, int] = attrs.field(factory=dict)
    table: NDArray[np.int64] = attrs.field(factory=lambda: np.zeros((0, 0), np.int64))

    def add(self, runs: Runs, columns: Sequence[Array]) -> None:
        """Add columns, summed over the runs of each unit."""
        if not runs.units:
            return
        sums = np.empty((len(runs.units), len(columns)), np.int64)
        for place, column in enumerate(columns):
            ordered = column if runs.order is None else column[runs.order]
            sums[:, place] = _of_runs(ordered, runs.starts)
        self._add([runs.units[run] for run in runs.as_they_came], sums[runs.as_they_came])

    def merge(self, other: Sums) -> None:
        """Add the sums of another."""
        if other.index:
            self._add(list(other.index), other.table[: len(other.index)])

    def _add(self, units: list[Unit], sums: NDArray[np.int64]) -> None:
        if not self.index:
            index = dict(zip(units, range(len(units)), strict=True))
            if len(index) == len(units):  # nothing to look up: each is new, and has one run
                self.index, self.table = index, sums.copy()
                return
        rows = [self.index.setdefault(unit, len(self.index)) for unit in units]
        if len(self.index) > len(self.table):
            larger = np.zeros((2 * len(self.index), sums.shape[1]), np.int64)
            if len(self.table):
                larger[: len(self.table)] = self.table
            self.table = larger
        # A unit may have several runs.
        np.add.at(self.table, rows, sums)

    def of(self, unit: Unit) -> list[int]:
        """The sums of a unit."""
        found: list[int] = self.table[self.index[unit]].tolist()
        return found

    def numbers(self, columns: int) -> NDArray[np.int64]:
        """The sums of all units, in the order of the index."""
        return self.table[: len(self.index)].reshape(-1, columns)


@attrs.frozen
class Runs:
    """Rows in an order in which those of a unit lie together.

    Arguments:
        order: the rows' indexes in that order; None for as they are.
        starts: where each run begins.
        units: the unit of each run; one may have several.
        as_they_came: the runs in the order of their first rows.
        codes: the number of each row's unit in `names`.
        names: the units.
    """

    order: NDArray[np.intp] | None
    starts: NDArray[np.intp]
    units: list[Unit]
    as_they_came: list[int]
    codes: Array
    names: list[Unit]

    @classmethod
    def of_codes(cls, codes: Array, names: list[Unit]) -> Runs:
        """The runs of rows, given the number of each one's unit."""
        order = None
        starts = _starts(codes)
        if len(starts) > len(names) + len(codes) // 8:
            order = np.argsort(codes, kind="stable")
            starts = _starts(codes[order])
        first = starts if order is None else order[starts]
        units = [names[code] for code in codes[first].tolist()]
        return cls(order, starts, units, np.argsort(first).tolist(), codes, names)

    def of(self, rows: NDArray[np.intp]) -> Runs:
        """The runs of some of the rows."""
        return self.of_codes(self.codes[rows], self.names)


_BLOCK = 32_768


def _of_runs(column: Array, starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """The sum of each run."""
    if column.dtype == np.int64:
        found: NDArray[np.int64] = np.add.reduceat(column, starts)
        return found
    # Widened block by block first: `reduceat` takes twice as long to do so number by number.
    edges = np.searchsorted(starts, np.arange(0, len(column), _BLOCK)).tolist()
    parts = []
    for first, last in pairwise(dict.fromkeys([*edges, len(starts)])):
        stop = starts[last] if last < len(starts) else len(column)
        block = column[starts[first] : stop].astype(np.int64)
        parts.append(np.add.reduceat(block, starts[first:last] - starts[first]))
    return np.concatenate(parts)


def _starts(codes: Array) -> NDArray[np.intp]:
    changes = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    return np.concatenate([np.zeros(min(len(codes), 1), np.intp), changes])
