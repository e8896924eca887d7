"""Parts: the rows of a batch, parted by what is computed for them.

Rows of one part have the same lines, and at most the account's own rate differs among them. Most
rule classes of a region differ in nothing that is computed, so there are few parts, whose constants
are those of the kernel rather than read from a table for each person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.reading import Array, Rows
from socialins.bulk.rowfaults import ROW_FAULTS
from socialins.bulk.terms import Prepared, Terms, prepare
from socialins.faults import Fault
from socialins.rules import RuleUnknown
from socialins.settlement.schedule import Line, Missing
from socialins.settlement.settle import OperandMissing
from socialins.values import Rate

__all__ = ["Part", "Parter"]

_CHECKED = ("unit_size", "trade", "injury_rate")
"""Columns of which a row may lack what its rules need."""

Index: TypeAlias = NDArray[np.intp] | None


@attrs.frozen
class Part:
    """Rows that are computed alike.

    Arguments:
        rows: their indexes; None for all rows of the batch.
        lines: the lines.
        rate: the rate of lines that take one, if it is one for all.
        rates: else the number of each row's rate, and the rates.
        unknown: what is not computed.
    """

    rows: Index
    lines: tuple[Line, ...]
    rate: Rate | None = None
    rates: tuple[Array, tuple[Rate, ...]] | None = None
    unknown: tuple[Missing, ...] = ()

    @property
    def slice(self) -> slice | NDArray[np.intp]:
        """The rows, to index arrays of the batch with."""
        return slice(None) if self.rows is None else self.rows

    def where(self, rows: Rows) -> NDArray[np.intp]:
        """The rows' indexes."""
        return np.arange(len(rows.wages)) if self.rows is None else self.rows


@attrs.frozen
class Parter:
    """Parts batches.

    Arguments:
        terms: what the table is settled by.
        columns: the table's columns.
    """

    terms: Terms
    columns: frozenset[str]

    def parts(self, rows: Rows) -> Iterator[Part]:
        """The parts of a batch; rows with faults are in none, or in the only one."""
        together: defaultdict[Any, list[tuple[int, Prepared]]] = defaultdict(list)
        for number, key in enumerate(rows.keys):
            prepared = prepare(self.terms, *key)
            self._refuse(prepared.missing)
            default = prepared.rate.rate if prepared.rate else None
            unknown = tuple((one.insurance, one.payer, one.fault.code) for one in prepared.missing)
            together[prepared.lines, unknown, default].append((number, prepared))
        for members in together.values():
            numbers, prepared = [number for number, _ in members], members[0][1]
            index = self._index(rows, numbers)
            if index is not None and not len(index):
                continue
            yield from self._by_rate(rows, index, prepared)

    def _index(self, rows: Rows, numbers: list[int]) -> Index:
        """The rows of some classes; None for all."""
        if rows.classes is None:
            return None
        wanted = np.zeros(len(rows.keys), np.bool_)
        wanted[numbers] = True
        found = wanted[rows.classes]
        if rows.bad is not None:
            found &= ~rows.bad
        return np.flatnonzero(found)

    def _refuse(self, missing: tuple[Missing, ...]) -> None:
        """In strict settling, stop at what no row could have given."""
        if not self.terms.strict:
            return
        unknown = [one.fault for one in missing if one.fault.code == "rules.unknown"]
        if unknown:
            first, *others = dict.fromkeys(map(_Same, unknown))
            raise RuleUnknown(first.fault, [one.fault for one in others])
        for one in missing:
            if not self._row_s(one.fault):
                raise OperandMissing(one.fault)

    def _row_s(self, fault: Fault) -> bool:
        """Whether a fault is a row's: it has no value in a column that could have given it."""
        return fault.place.field in _CHECKED and fault.place.field in self.columns

    def _by_rate(self, rows: Rows, index: Index, prepared: Prepared) -> Iterator[Part]:
        """Parts of rows with the same lines: those that have the rate they need, and the others."""
        missing = prepared.missing
        for one in missing:
            self._fault(rows, index, one.fault.code)
        if missing and self.terms.strict:
            # A row that lacks what its rules need is faulty as a whole.
            return
        if prepared.rate is None:
            yield Part(index, prepared.lines, unknown=missing)
            return
        rates = [one if one is not None else prepared.rate.rate for one in rows.rates.values]
        used = self._used(rows, index)
        if prepared.rate.fault is not None and None in [rates[one] for one in used]:
            lacking, index = self._lacking(rows, index, [one is None for one in rates])
            yield from self._without_rate(rows, lacking, prepared)
            used = [one for one in used if rates[one] is not None]
            if not used:
                return
        found = tuple(
            rates[one] or Rate(0) if one in used else Rate(0) for one in range(len(rates))
        )
        if len({rates[one] for one in used}) == 1:
            yield Part(index, prepared.lines, rate=rates[used[0]], unknown=missing)
        elif (codes := _taken(rows.rates.codes, index)) is not None:
            yield Part(index, prepared.lines, rates=(codes, found), unknown=missing)

    def _used(self, rows: Rows, index: Index) -> list[int]:
        """The rates that some of the rows have."""
        codes = _taken(rows.rates.codes, index)
        if codes is None:
            return [0]
        return np.flatnonzero(np.bincount(codes)).tolist()

    def _without_rate(self, rows: Rows, index: Index, prepared: Prepared) -> Iterator[Part]:
        """Rows that lack the rate they need: faulty, and in lenient settling the rest of them."""
        fault = prepared.rate.fault if prepared.rate else None
        if fault is None:
            return
        if not self.terms.strict:
            self._fault(rows, index, fault.code)
            lost = tuple(
                Missing(insurance=line.insurance, item=line.item, payer=line.payer, fault=fault)
                for line in prepared.lines
                if line.operand is not None
            )
            yield Part(index, prepared.without_rate, unknown=(*prepared.missing, *lost))
        elif fault.code == "rules.unknown":
            raise RuleUnknown(fault)
        elif self._row_s(fault):
            self._fault(rows, index, fault.code)
        else:
            raise OperandMissing(fault)

    def _lacking(self, rows: Rows, index: Index, none: list[bool]) -> tuple[Index, Index]:
        """The rows whose rate is none, and those that have one."""
        codes = rows.rates.codes
        if codes is None:
            return index, np.zeros(0, np.intp)
        if index is None:
            index = np.arange(len(codes)) if rows.bad is None else np.flatnonzero(~rows.bad)
        lacking = np.array(none)[codes[index]]
        return index[lacking], index[~lacking]

    def _fault(self, rows: Rows, index: Index, code: str) -> None:
        if code not in ROW_FAULTS:
            raise AssertionError(f"{code} is not listed among the faults of rows")
        if index is not None:
            rows.faults.add(code, index)
        elif rows.bad is None:
            rows.faults.add(code, slice(None))
        else:
            rows.faults.add(code, ~rows.bad)


@attrs.frozen
class _Same:
    """A fault that is compared by what it says."""

    fault: Fault = attrs.field(eq=False)
    words: str = attrs.field(
        init=False, default=attrs.Factory(lambda self: self.fault.message("en"), takes_self=True)
    )


def _taken(codes: Array | None, index: Index) -> Array | None:
    return codes if codes is None or index is None else codes[index]
