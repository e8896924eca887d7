"""Tables: Arrow in, Arrow out, of any size.

`settle_table` joins what lies beside it: a source of record batches, a `Settler` that settles each,
and what the caller wants the result as. Memory is bounded by the batches in flight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from socialins.bulk.batches import Settler, known_settler
from socialins.bulk.computing import Fen, Target
from socialins.bulk.reading import INPUT_COLUMNS
from socialins.bulk.sources import (
    Source,
    open_source,
    replacing_folder,
    write_folder,
    write_parquet,
)
from socialins.bulk.terms import TableError, Terms
from socialins.bulk.units import UnitTotals
from socialins.bulk.workers import settle_in_processes, write_parts
from socialins.faults import Fault, Place
from socialins.model.unit import UnitAccount
from socialins.rules import Cascade
from socialins.settlement.adjust import Adjust
from socialins.values import Month

__all__ = ["BATCH_ROWS", "Progress", "settle_table"]

BATCH_ROWS = 262_144
"""Rows that are settled at a time: what is made of them fits the processor's last cache."""

LOOKED_AT = tuple(name for name in INPUT_COLUMNS if name not in ("wage_fen", "wage"))
"""The columns that decide which rules are needed."""

Progress = Callable[[int], object]
"""Called with the number of rows done."""


def settle_table(
    cascade: Cascade,
    source: Any,
    month: Month | str,
    *,
    known_on: date | None = None,
    strict: bool = True,
    account: UnitAccount | None = None,
    target: Target = "auto",
    into: str | Path | None = None,
    fen: Fen = "int64",
    progress: Progress | None = None,
    processes: int = 1,
    batch_rows: int = BATCH_ROWS,
    adjust: Adjust | None = None,
    units: UnitTotals | None = None,
) -> Any:
    """Settle a table of persons for a month, to the same fen as a roster.

    Arguments:
        cascade: the region's rules.
        source: a pyarrow Table, RecordBatch or RecordBatchReader, anything else that exports an
            Arrow stream, or the path of a Parquet file or of a folder of them. `docs/bulk.md` has
            the columns.
        month: the month of the contributions.
        known_on: settle by what was known on this day; None for all that is installed.
        strict: stop at the first figure that is not known for a class that occurs; otherwise
            settle the rest, with nulls and a fault in the rows concerned.
        account: what holds for rows that don't say otherwise, and the insurances kept at all.
        target: what computes: ``array``, ``function`` or ``reference``; ``auto`` chooses by size.
        into: where to write Parquet: a file if its name ends in ``.parquet``, else a new folder,
            whose files several processes write side by side.
        fen: the type of the columns of fen, ``int64`` or ``int32``.
        progress: called with the number of rows done, after each batch.
        processes: how many processes settle; more than one pays for files only.
        batch_rows: rows that are settled at a time.
        adjust: what plugins change of the rows first; `Region.settle_table` finds it.
        units: a `UnitTotals` that gathers what it comes to for each unit.

    Returns:
        A Table for a Table, a RecordBatch for a RecordBatch; a RecordBatchReader, which settles as
        it is read, for a reader or stream, and for a path without `into`; the path with `into`.

    Raises:
        RuleUnknown: in strict settling, if a figure is not known; nothing is written then.
        OperandMissing: in strict settling, if the account's rate, size or trade is needed, and
            neither account nor a column gives it.
        TableError: if the columns can't be settled at all.
        Refused: if ``target="array"`` can't compute a line exactly.
        HookFailed: if a plugin's hook fails.

    >>> from socialins.testing.middle import middle
    >>> people = pa.table({"unit_id": ["A", "A"], "wage_fen": [800_040, None]})
    >>> settled = settle_table(middle().cascade, people, "2026-06", account=None, strict=False)
    >>> settled["pension_person_fen"].to_pylist(), settled["fault"].to_pylist()[1]
    ([64000, None], 'bulk.wage-missing')
    """
    opened = open_source(source)
    terms = Terms(
        cascade=cascade,
        month=Month.of(month),
        known_on=known_on,
        strict=strict,
        account=account,
    )
    if adjust is None and units is None:
        columns = opened.schema.serialize().to_pybytes()
        settler = known_settler(columns, terms, target, fen)
    else:
        settler = Settler(opened.schema, terms, target=target, fen=fen, adjust=adjust, units=units)
    run = _Run(settler, opened, batch_rows, processes, progress)
    if into is not None:
        return run.write(Path(into))
    if isinstance(source, pa.RecordBatch):
        return settler.settle(source)
    if isinstance(source, pa.Table):
        return pa.Table.from_batches(run.settled(), settler.schema)
    return pa.RecordBatchReader.from_batches(settler.schema, run.settled())


@attrs.frozen
class _Run:
    settler: Settler
    source: Source
    batch_rows: int
    processes: int
    progress: Progress | None

    def settled(self) -> Iterator[pa.RecordBatch]:
        """The settled batches, in order."""
        if self.processes > 1:
            found = settle_in_processes(
                self.settler, self.source, processes=self.processes, batch_rows=self.batch_rows
            )
        else:
            found = map(self.settler.settle, self.source.batches(self.batch_rows))
        done = 0
        for batch in found:
            yield batch
            done += batch.num_rows
            self._report(done)

    def write(self, into: Path) -> Path:
        """Write the settled batches to a file, or to a folder of them."""
        path = self.source.path
        if path is not None and into.resolve() == path.resolve():
            raise TableError(Fault("bulk.into-source", {"path": str(into)}, Place(file=str(into))))
        self._look_ahead()
        if into.suffix in (".parquet", ".pq"):
            write_parquet(into, self.settler.schema, self.settled())
        elif self.processes > 1:
            self._write_parts(into)
        else:
            write_folder(into, self.settler.schema, self.settled())
        return into

    def _write_parts(self, into: Path) -> None:
        done = 0
        with replacing_folder(into) as folder:
            for rows in write_parts(
                self.settler,
                self.source,
                folder,
                processes=self.processes,
                batch_rows=self.batch_rows,
            ):
                done += rows
                self._report(done)

    def _look_ahead(self) -> None:
        """Stop at what is not known before the first row is settled, where it can be seen.

        A stream is read only once, and what a hook makes of rows is not known before: these stop
        when such a row comes, and leave nothing behind.
        """
        settler = self.settler
        if not settler.terms.strict or settler.adjust is not None:
            return
        ahead = self.source.one_of_each(LOOKED_AT, settler.reader.wage)
        if ahead is not None:
            settler.look(ahead)

    def _report(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done)
