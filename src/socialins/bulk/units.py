"""Units: what a table comes to for each unit, its share that rests on the whole of it included.

Totals are gathered while a table is settled, batch by batch, so a unit's rows may lie anywhere in
it. Sums are of whole numbers; nothing is counted twice or lost when several processes settle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow.compute import run_end_encode

from socialins.bulk.columns import FAULT, UNIT_TOTAL, Shape
from socialins.bulk.kernel import array_kernel
from socialins.bulk.limits import Refused
from socialins.bulk.operations import Array
from socialins.bulk.parts import Part
from socialins.bulk.reading import Rows
from socialins.bulk.scalar import scalar_columns
from socialins.bulk.sums import Runs, Sums, Unit
from socialins.bulk.terms import TableError
from socialins.faults import Fault, Place
from socialins.model.codes import Payer
from socialins.rules import UnitBasis
from socialins.settlement.schedule import Line
from socialins.values import Money, Rate

__all__ = ["FAULTY", "PERSONS", "UnitTotals"]

PERSONS, FAULTY = "persons", "faulty_rows"
"""How many persons were settled, in part at least; and how many rows have a fault."""


@attrs.frozen
class _Whole:
    """What the persons of a unit must have in common for its share as a whole to be computed.

    Arguments:
        insurance, item: what is owed.
        rate: the rate that is collected.
        line: a line of it; of others only rounding and basis must be the same.
    """

    insurance: str
    item: str
    rate: Rate
    line: Line = attrs.field(eq=lambda line: (line.amount_rounding, line.unit_basis))


class UnitTotals:
    """Gathers totals by unit while a table is settled.

    Pass it to `settle_table` as ``units``, read or write the whole result, then ask for `table`.

    Arguments:
        unit: the column that tells units apart; a table without it is one unit, named None.
        total_wages: total wages (工资总额) by unit, as `Money` or whole fen, where a region's rule
            rests the unit's share on them.

    >>> from socialins.bulk.table import settle_table
    >>> from socialins.testing.middle import middle
    >>> wages = {"unit_id": ["A", "B", "A"], "wage_fen": [800_000, 900_000, None]}
    >>> people = pa.table({**wages, "injury_rate": ["0.2%"] * 3})
    >>> units = UnitTotals()
    >>> settled = settle_table(middle().cascade, people, "2026-11", units=units)
    >>> units.table().select(["unit_id", "persons", "faulty_rows", "pension_unit_fen"]).to_pylist()
    [{'unit_id': 'A', 'persons': 1, 'faulty_rows': 1, 'pension_unit_fen': 128000}, \
{'unit_id': 'B', 'persons': 1, 'faulty_rows': 0, 'pension_unit_fen': 144000}]
    """

    def __init__(
        self,
        unit: str = "unit_id",
        *,
        total_wages: Mapping[Any, Money | int] | None = None,
    ) -> None:
        self.unit = unit
        self.total_wages = dict(total_wages or {})
        self._names: tuple[str, ...] = ()
        self._kind: pa.DataType = pa.string()
        self._sums = Sums()
        self._whole: dict[_Whole, Sums] = {}

    # Gathering -----------------------------------------------------------------------------

    def start(self, names: tuple[str, ...], schema: pa.Schema) -> None:
        """Get ready for tables of these columns; a `Settler` calls it.

        Raises:
            TableError: if the column of units can't be one, or tables of other columns were
                gathered before.
        """
        kind = schema.field(self.unit).type if self.unit in schema.names else pa.string()
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        types = pa.types
        if not (types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind)):
            values = {"column": self.unit, "found": str(kind), "wanted": "utf8"}
            raise TableError(Fault("bulk.column-type", values, Place(field=self.unit)))
        if self._names and (names, kind) != (self._names, self._kind):
            raise TableError(Fault("bulk.units-mixed", {"column": self.unit}))
        self._names, self._kind = names, kind

    def add(
        self,
        batch: pa.RecordBatch,
        settled: pa.RecordBatch,
        rows: Rows,
        parts: list[Part],
    ) -> None:
        """Add a batch; a `Settler` calls it.

        Arguments:
            batch: the rows as they came.
            settled: what was made of them.
            rows: what was read of them.
            parts: what was computed for which of them.
        """
        runs = self._runs(batch)
        columns = [_valid(settled.column(name)) for name in (UNIT_TOTAL, FAULT)]
        columns += [_filled(settled.column(name)) for name in self._names]
        self._sums.add(runs, columns)
        for part in parts:
            for whole, chosen, figures in _of_the_whole(part, rows):
                sums = self._whole.setdefault(whole, Sums())
                sums.add(runs.of(chosen), figures)

    def merge(self, other: UnitTotals) -> None:
        """Add what another gathered, of other rows of the same table."""
        self._sums.merge(other._sums)
        for whole, sums in other._whole.items():
            self._whole.setdefault(whole, Sums()).merge(sums)

    def fresh(self) -> UnitTotals:
        """One that has gathered nothing yet, for some rows of the same table."""
        made = UnitTotals(self.unit)
        made._names, made._kind = self._names, self._kind
        return made

    def _runs(self, batch: pa.RecordBatch) -> Runs:
        if self.unit not in batch.schema.names:
            return Runs.of_codes(np.zeros(batch.num_rows, np.int32), [None])
        column, lengths = batch.column(self.unit), None
        if not pa.types.is_dictionary(column.type):
            column, lengths = _in_runs(column)
            column = column.dictionary_encode()
        units = [*column.dictionary.to_pylist(), None]
        codes = column.indices.fill_null(len(units) - 1).to_numpy(zero_copy_only=False)
        return Runs.of_codes(codes if lengths is None else np.repeat(codes, lengths), units)

    # Asking --------------------------------------------------------------------------------

    def table(self) -> pa.Table:
        """The totals, a row for each unit, in the order of the units' first rows in the table.

        The order is that whatever the batches and however many processes settled; of several tables
        settled one after the other, units of an earlier one come first.

        Columns: the unit; `PERSONS` and `FAULTY`; the sums of every column of fen of the settled
        table; where a rule rests a unit's share on the whole of it, ``<insurance>_gap_fen``, what
        that differs by from the persons' amounts, which is in `unit_total_fen` but not in
        ``<insurance>_unit_fen``; and the unit's own faults, for want of which a gap is null.
        """
        units = list(self._sums.index)
        numbers = self._sums.numbers(2 + len(self._names)).copy()
        columns: dict[str, Any] = {self.unit: pa.array(units, self._kind)}
        for place, name in enumerate((PERSONS, FAULTY, *self._names)):
            columns[name] = numbers[:, place]
        gaps, faults = self._gaps(units)
        for insurance, found in gaps.items():
            columns[UNIT_TOTAL] += np.array([fen or 0 for fen in found], np.int64)
            columns[f"{insurance.replace('-', '_')}_gap_fen"] = pa.array(found, pa.int64())
        columns[FAULT] = pa.array(faults, pa.string())
        return pa.table(columns)

    def _gaps(self, units: list[Unit]) -> tuple[dict[str, list[int | None]], list[str | None]]:
        """By insurance what each unit's share as a whole differs by; and the faults of units."""
        together: dict[tuple[str, str], list[_Whole]] = {}
        for whole in self._whole:
            together.setdefault((whole.insurance, whole.item), []).append(whole)
        gaps: dict[str, list[int | None]] = {}
        faults: list[dict[str, None]] = [{} for _ in units]
        for (insurance, _), wholes in together.items():
            found = gaps.setdefault(insurance, [0] * len(units))
            for row, unit in enumerate(units):
                gap = self._gap(unit, [one for one in wholes if unit in self._whole[one].index])
                if isinstance(gap, str):
                    faults[row][gap] = None
                    found[row] = None
                elif (before := found[row]) is not None:
                    found[row] = before + gap
        return gaps, [";".join(one) or None for one in faults]

    def _gap(self, unit: Unit, wholes: list[_Whole]) -> int | str:
        """What a unit's share of an item differs by, or the code of what is wrong."""
        if not wholes:
            return 0
        if len(wholes) > 1:
            return "settle.unit-base-mixed"
        (whole,) = wholes
        line = whole.line
        base, shared = self._whole[whole].of(unit)
        if line.unit_basis is not UnitBasis.SUM_OF_BASES:
            total = self._total(unit)
            if total is None:
                return "settle.total-wages-missing"
            base = total if line.unit_basis is UnitBasis.TOTAL_WAGES else max(total, base)
        return line.amount_rounding(whole.rate.of(Money(base))).fen - shared

    def _total(self, unit: Unit) -> int | None:
        total = self.total_wages.get(unit)
        return total.fen if isinstance(total, Money) else total


_LOOKED_AT, _SHORT = 1_024, 8
"""Units lie together if the first so many rows have runs of that many rows, on the average."""


def _in_runs(column: pa.Array) -> tuple[pa.Array, Array | None]:
    """The value of each run of equal ones, and the runs' lengths; or all rows, and None.

    Most tables have a unit's rows together. Runs are found in a fraction of the time that it takes
    to look up each row's unit.
    """
    seen = column.slice(0, _LOOKED_AT)
    if len(run_end_encode(seen).values) * _SHORT > len(seen):
        return column, None
    found = run_end_encode(column)
    return found.values, np.diff(found.run_ends.to_numpy(), prepend=0)


def _valid(column: pa.Array) -> Array:
    """1 for each row that has a value."""
    if column.null_count in (0, len(column)):
        return np.broadcast_to(np.int64(column.null_count == 0), len(column))
    mask: Array = column.is_valid().to_numpy(zero_copy_only=False)
    return mask.astype(np.int64)


def _filled(column: pa.Array) -> Array:
    filled: Array = (column.fill_null(0) if column.null_count else column).to_numpy()
    return filled


def _of_the_whole(part: Part, rows: Rows) -> Iterator[tuple[_Whole, NDArray[np.intp], list[Array]]]:
    """The lines that rest on a unit as a whole: their rows, with base and amount of each."""
    for line in part.lines:
        if line.payer is Payer.UNIT and line.unit_basis is not UnitBasis.PERSONS:
            for rate, chosen in _by_rate(part, line, rows):
                whole = _Whole(line.insurance, line.item, line.rate_with(rate), line)
                yield whole, chosen, _figures(line, rate, rows.wages[chosen])


def _by_rate(part: Part, line: Line, rows: Rows) -> Iterator[tuple[Rate | None, NDArray[np.intp]]]:
    """The rows of a part that have one rate."""
    every = part.where(rows)
    good = np.ones(len(every), np.bool_) if rows.bad is None else ~rows.bad[every]
    if line.operand is None or part.rates is None:
        yield part.rate, every[good]
        return
    codes, rates = part.rates
    for number, rate in enumerate(rates):
        yield rate, every[good & (codes == number)]


def _figures(line: Line, rate: Rate | None, wages: NDArray[np.int64]) -> list[Array]:
    """Base and amount of each row, the amount without the fixed sum."""
    alone = (attrs.evolve(line, fixed=0, citations=()),)
    shape = Shape((line.insurance,))
    try:
        made = list(array_kernel(alone, shape, rate).run(wages).values())
    except Refused:
        made = scalar_columns(
            alone, shape, wages.tolist(), (rate,), None, reference=False, dtype=np.int64
        )
    return made[:2]
