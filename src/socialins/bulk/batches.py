"""Batches: one record batch in, one settled record batch out.

The parts of a batch are computed one by one and put together again. What is not known of a row is
null, and the column of faults says why.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from socialins.bulk.adjusted import adjust_batch, adjusted_schema
from socialins.bulk.columns import FAULT, Shape
from socialins.bulk.computing import Computer, Fen, Target
from socialins.bulk.limits import INT32_MAX, MAX_WAGE_FEN
from socialins.bulk.operations import columns_of
from socialins.bulk.parts import Part, Parter
from socialins.bulk.reading import INPUT_COLUMNS, Array, Reader, Rows
from socialins.bulk.terms import CLASS_COLUMNS, TableError, Terms, table_shape
from socialins.bulk.units import UnitTotals
from socialins.faults import Fault, Place
from socialins.settlement.adjust import Adjust

__all__ = ["Settler", "known_settler"]


class Settler:
    """Settles batches of one schema.

    Arguments:
        schema: the columns of the batches.
        terms: what they are settled by.
        target: what computes them.
        fen: the type of the columns of fen.
        adjust: what plugins change of the rows first.
        units: gathers totals by unit.

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
        units: UnitTotals | None = None,
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
        self._computer = Computer(self.shape, target, fen, self.max_wage, terms.region)
        self.units = units
        if units is not None:
            units.start(self.names, schema)

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
        settled = pa.RecordBatch.from_arrays(
            [*kept, *made, rows.faults.column()], schema=self.schema
        )
        if self.units is not None:
            self.units.add(batch, settled, rows, parts)
        return settled

    def look(self, batch: pa.RecordBatch) -> None:
        """Raise what settling a batch would raise for want of a figure, and compute nothing."""
        for _ in self._parter.parts(self.reader.read(batch)):
            pass

    # Computing -----------------------------------------------------------------------------

    def _compute(
        self, rows: Rows, parts: list[Part]
    ) -> tuple[list[Array], dict[int, NDArray[np.bool_]]]:
        """The columns, and for those that are not known throughout which rows are null."""
        count = len(rows.wages)
        if len(parts) == 1 and parts[0].rows is None:
            made = self._computer.columns(parts[0], rows.wages)
            nothing = np.zeros(count, self.dtype)
            columns = [nothing if column is None else column for column in made]
        else:
            columns = self._joined(rows, parts)
        return columns, self._nulls(rows, parts)

    def _joined(self, rows: Rows, parts: list[Part]) -> list[Array]:
        """The columns of all parts; one array for columns that are the same in each of them."""
        places = [part.where(rows) for part in parts]
        made = [
            self._computer.columns(part, rows.wages[place])
            for part, place in zip(parts, places, strict=True)
        ]
        # Arrays are told apart by identity: a part gives one array for columns that are the same.
        kinds = [tuple(map(id, columns)) for columns in zip(*made, strict=True)]
        if not parts:
            kinds = [()] * len(self.names)
        different = list(dict.fromkeys(kinds))
        empty = columns_of(len(different), len(rows.wages), self.dtype, zero=True)
        columns = dict(zip(different, empty, strict=True))
        for kind, column in columns.items():
            first = kinds.index(kind)
            for place, values in zip(places, made, strict=True):
                if (found := values[first]) is not None:
                    column[place] = found
        return [columns[kind] for kind in kinds]

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
            for position in self.null_columns(part):
                # A copy: columns that are null in the same rows so far share one array.
                found = nulls.get(position)
                nulls[position] = np.zeros(count, np.bool_) if found is None else found.copy()
                nulls[position][part.slice] = True
        return nulls

    def null_columns(self, part: Part) -> set[int]:
        """The positions, among `names`, of columns that are not known for the rows of a part."""
        names: set[str] = set()
        with_lines = {line.insurance for line in part.lines}
        for one in part.unknown:
            prefix = one.insurance.replace("-", "_")
            names.add(f"{prefix}_{one.payer.value}_fen")
            if one.insurance not in with_lines:
                names |= {f"{prefix}_base_fen", f"{prefix}_unit_base_fen"}
                names |= {f"{prefix}_unit_fen", f"{prefix}_person_fen"}
        return {position for position, name in enumerate(self.names) if name in names}

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


@lru_cache(maxsize=64)
def known_settler(schema: bytes, terms: Terms, target: Target, fen: Fen) -> Settler:
    """The settler of tables with these columns, made once in a process.

    Arguments:
        schema: the columns, as a serialized schema: schemas compare without their metadata.
        terms: what they are settled by.
        target: what computes them.
        fen: the type of the columns of fen.
    """
    columns = pa.ipc.read_schema(pa.py_buffer(schema))
    return Settler(columns, terms, target=target, fen=fen)


def _metadata(terms: Terms) -> dict[bytes, bytes]:
    found = {
        "socialins.division": terms.cascade.nearest.division,
        "socialins.month": str(terms.month),
        "socialins.known_on": terms.known_on.isoformat() if terms.known_on else "",
        "socialins.strict": "true" if terms.strict else "false",
    }
    return {key.encode(): value.encode() for key, value in found.items()}
