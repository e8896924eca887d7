"""Batches: one record batch in, one settled record batch out.

Each part of a batch is computed by the target that suits its size, and every target fills the same
columns. What no target can know is null, and the column of faults says why.
"""

from __future__ import annotations

from math import lcm
from typing import Any, Literal

import attrs
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from socialins.bulk.adjusted import adjust_batch, adjusted_schema
from socialins.bulk.columns import FAULT, Shape
from socialins.bulk.kernel import ArrayKernel
from socialins.bulk.limits import INT32_MAX, MAX_WAGE_FEN, Refused
from socialins.bulk.operations import columns_of
from socialins.bulk.parts import Part, Parter
from socialins.bulk.reading import INPUT_COLUMNS, Array, Reader, Rows
from socialins.bulk.scalar import scalar_columns
from socialins.bulk.terms import CLASS_COLUMNS, TableError, Terms, table_shape
from socialins.faults import Fault, Place
from socialins.settlement.adjust import Adjust
from socialins.settlement.schedule import Line
from socialins.values import Rate

__all__ = ["Fen", "Settler", "Target"]

Target = Literal["auto", "array", "function", "reference"]
"""What computes: arrays, a generated function a row, or the reference, slow and plain."""

Fen = Literal["int64", "int32"]
"""The type of columns of fen."""

_FEW = 100
"""Rows of a part below which a function a row is faster than arrays."""

_HUNDREDTHS = 10_000
"""Rates are stated in hundredths of a percent, mostly; a denominator common to many batches."""


class Settler:
    """Settles batches of one schema; one for each process and thread.

    Arguments:
        schema: the columns of the batches.
        terms: what they are settled by.
        target: what computes them.
        fen: the type of the columns of fen.
        adjust: what plugins change of the rows first.

    Raises:
        TableError: if the columns can't be settled.
    """

    def __init__(
        self,
        schema: pa.Schema,
        terms: Terms,
        *,
        target: Target = "auto",
        fen: Fen = "int64",
        adjust: Adjust | None = None,
    ) -> None:
        terms.check()
        self.terms = terms
        self.target = target
        self.fen = fen
        self.adjust = adjust
        self.given = schema
        if adjust is not None:
            schema = adjusted_schema(schema)
        self.dtype = np.dtype(fen)
        # A table of int32 takes no wage whose base it could not show.
        self.max_wage = MAX_WAGE_FEN if fen == "int64" else INT32_MAX - 1000
        self.reader = Reader(schema, terms, self.max_wage)
        self.input = schema
        self.shape: Shape = table_shape(
            terms, frozenset(schema.names) & {*CLASS_COLUMNS, "insurances"}
        )
        self.names = self.shape.names()
        self.schema = self._schema()
        self._parter = Parter(terms, frozenset(schema.names))
        self._kernels: dict[Any, ArrayKernel | Refused] = {}

    def _schema(self) -> pa.Schema:
        kept = [field for field in self.input if field.name not in INPUT_COLUMNS]
        results = {*self.names, FAULT}
        for field in kept:
            if field.name in results:
                raise TableError(
                    Fault("bulk.column-taken", {"column": field.name}, Place(field=field.name))
                )
        kind = pa.from_numpy_dtype(self.dtype)
        made = [pa.field(name, kind) for name in self.names]
        return pa.schema([*kept, *made, pa.field(FAULT, pa.string())], _metadata(self.terms))

    def settle(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Settle a batch.

        Raises:
            RuleUnknown: in strict settling, if a figure is not known for a class that occurs.
            OperandMissing: in strict settling, if the account's injury rate, or size or trade, is
                needed, and no column could have given it.
            Refused: if arrays were asked for and can't compute a line exactly.
            HookFailed: if a plugin's hook fails.
        """
        if self.adjust is not None:
            batch = adjust_batch(self.adjust, self.terms.month, batch)
        rows = self.reader.read(batch)
        parts = list(self._parter.parts(rows))
        columns, nulls = self._compute(rows, parts)
        kept = [batch.column(name) for name in batch.schema.names if name not in INPUT_COLUMNS]
        made = self._arrays(columns, nulls, batch.num_rows)
        return pa.RecordBatch.from_arrays([*kept, *made, rows.faults.column()], schema=self.schema)

    # Computing -----------------------------------------------------------------------------

    def _compute(
        self, rows: Rows, parts: list[Part]
    ) -> tuple[list[Array], dict[int, NDArray[np.bool_]]]:
        """The columns, and for those that are not known throughout which rows are null."""
        count = len(rows.wages)
        if len(parts) == 1 and parts[0].rows is None:
            columns = self._part(parts[0], rows.wages)
        else:
            columns = columns_of(len(self.names), count, self.dtype)
            if sum(len(part.where(rows)) for part in parts) < count:
                for column in columns:
                    column.fill(0)
            for part in parts:
                where = part.where(rows)
                made = self._part(part, rows.wages[where])
                for column, values in zip(columns, made, strict=True):
                    column[where] = values
        return columns, self._nulls(rows, parts)

    def _nulls(self, rows: Rows, parts: list[Part]) -> dict[int, NDArray[np.bool_]]:
        count = len(rows.wages)
        settled = np.zeros(count, np.bool_)
        for part in parts:
            settled[part.slice] = True
        if rows.bad is not None:
            settled &= ~rows.bad
        nulls: dict[int, NDArray[np.bool_]] = {}
        if not settled.all():
            nulls = dict.fromkeys(range(len(self.names)), ~settled)
        for part in parts:
            for position in self._null_columns(part):
                # A copy: columns that are null in the same rows so far share one array.
                found = nulls.get(position)
                nulls[position] = np.zeros(count, np.bool_) if found is None else found.copy()
                nulls[position][part.slice] = True
        return nulls

    def _null_columns(self, part: Part) -> set[int]:
        """The columns that are not known for the rows of a part."""
        names: set[str] = set()
        with_lines = {line.insurance for line in part.lines}
        for one in part.unknown:
            prefix = one.insurance.replace("-", "_")
            names.add(f"{prefix}_{one.payer.value}_fen")
            if one.insurance not in with_lines:
                names |= {f"{prefix}_base_fen", f"{prefix}_unit_base_fen"}
                names |= {f"{prefix}_unit_fen", f"{prefix}_person_fen"}
        return {position for position, name in enumerate(self.names) if name in names}

    def _part(self, part: Part, wages: NDArray[np.int64]) -> list[Array]:
        """The columns of a part; columns that are always the same are one array."""
        target = self.target
        if target == "auto":
            target = "function" if len(wages) < _FEW else "array"
        if target != "array":
            return self._scalar(part, wages, target)
        if part.rates is None:
            kernel = self._kernel(part.lines, part.rate)
            if isinstance(kernel, ArrayKernel):
                return self._run(kernel, wages, None)
            return self._otherwise(part, wages, kernel)
        codes, rates = part.rates
        bottom = lcm(_HUNDREDTHS, *(rate.denominator for rate in rates))
        numerators = [int(rate.fraction * bottom) for rate in rates]
        kernel = self._kernel(part.lines, (_up_to(max(numerators), bottom), bottom))
        if isinstance(kernel, ArrayKernel):
            table = np.array(numerators, np.uint64 if bottom > INT32_MAX else np.uint32)
            return self._run(kernel, wages, table.take(codes))
        # The rates have no denominator in common that fits; each by itself may.
        columns = columns_of(len(self.names), len(wages), self.dtype)
        for number, rate in enumerate(rates):
            found = np.flatnonzero(codes == number)
            one = attrs.evolve(part, rate=rate, rates=None)
            for column, values in zip(columns, self._part(one, wages[found]), strict=True):
                column[found] = values
        return columns

    def _run(
        self, kernel: ArrayKernel, wages: NDArray[np.int64], by_row: Array | None
    ) -> list[Array]:
        made = columns_of(len(set(kernel.twins)), len(wages), self.dtype)
        different = dict(zip(sorted(set(kernel.twins)), made, strict=True))
        out = [different[twin] for twin in kernel.twins]
        kernel.run(wages, by_row, out=out)
        return out

    def _kernel(
        self, lines: tuple[Line, ...], operand: Rate | tuple[int, int] | None
    ) -> ArrayKernel | Refused:
        key = lines, operand
        found = self._kernels.get(key)
        if found is None:
            try:
                found = ArrayKernel(
                    lines,
                    shape=self.shape,
                    operand=operand,
                    max_wage=self.max_wage,
                    region=self.terms.region,
                )
                found.check(self.dtype)
            except Refused as refused:
                found = refused
            self._kernels[key] = found
        return found

    def _otherwise(self, part: Part, wages: NDArray[np.int64], refused: Refused) -> list[Array]:
        """What arrays can't compute exactly the function can, unless arrays were asked for."""
        if self.target == "array":
            raise refused
        return self._scalar(part, wages, "function")

    def _scalar(
        self, part: Part, wages: NDArray[np.int64], target: Literal["function", "reference"]
    ) -> list[Array]:
        if part.rates is None:
            rates: tuple[Rate | None, ...] = (part.rate,)
            codes = None
        else:
            codes, rates = part.rates[0].tolist(), part.rates[1]
        return scalar_columns(
            part.lines,
            self.shape,
            wages.tolist(),
            rates,
            codes,
            reference=target == "reference",
            dtype=self.dtype,
        )

    # Arrow ---------------------------------------------------------------------------------

    def _arrays(
        self, columns: list[Array], nulls: dict[int, NDArray[np.bool_]], count: int
    ) -> list[pa.Array]:
        kind = pa.from_numpy_dtype(self.dtype)
        bitmaps: dict[bytes, pa.Buffer] = {}
        made = []
        for position, column in enumerate(columns):
            bitmap = None
            if position in nulls:
                packed = np.packbits(~nulls[position], bitorder="little").tobytes()
                bitmap = bitmaps.setdefault(packed, pa.py_buffer(packed))
            made.append(pa.Array.from_buffers(kind, count, [bitmap, pa.py_buffer(column)]))
        return made


def _up_to(numerator: int, bottom: int) -> int:
    """A round number that a numerator lies below, so that a kernel serves many batches."""
    for percent in (1, 2, 5, 20):
        if numerator * 100 <= bottom * percent:
            return -(-bottom * percent // 100)
    return bottom


def _metadata(terms: Terms) -> dict[bytes, bytes]:
    found = {
        "socialins.division": terms.cascade.nearest.division,
        "socialins.month": str(terms.month),
        "socialins.known_on": terms.known_on.isoformat() if terms.known_on else "",
        "socialins.strict": "true" if terms.strict else "false",
    }
    return {key.encode(): value.encode() for key, value in found.items()}
