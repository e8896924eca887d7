"""Workers: several processes that settle the parts of a table, in order.

A process is worth its start where reading and writing cost more than settling: for files. Each
worker gets the rules once and compiles its own schedules from them. Workers that read a file read
their parts of it themselves, and those that write a folder write its parts themselves; all else
goes through the parent. Processes are spawned, so a script that uses them needs the usual
``if __name__ == "__main__":``.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from socialins.bulk.batches import Settler
from socialins.bulk.computing import Fen, Target
from socialins.bulk.sources import Source
from socialins.bulk.terms import TableError, Terms
from socialins.bulk.units import UnitTotals
from socialins.faults import Fault
from socialins.settlement.adjust import Adjust

__all__ = ["settle_in_processes", "write_parts"]


@attrs.frozen
class _Job:
    """What a worker needs to settle batches."""

    schema: bytes
    path: Path | None
    terms: Terms
    target: Target
    fen: Fen
    adjust: Adjust | None
    units: UnitTotals | None

    def worker(self) -> _Worker:
        schema = pa.ipc.read_schema(pa.py_buffer(self.schema))
        source = None if self.path is None else Source(schema, self.path, path=self.path)
        settler = Settler(
            schema,
            self.terms,
            target=self.target,
            fen=self.fen,
            adjust=self.adjust,
            units=self.units,
        )
        return _Worker(settler, source)


@attrs.frozen
class _Worker:
    settler: Settler
    source: Source | None


@attrs.frozen
class _Piece:
    """A part of a source: a row group of a file, or rows sent along."""

    file: int = 0
    row_group: int = 0
    sent: bytes = b""

    def batches(self, source: Source | None, batch_rows: int) -> Iterator[pa.RecordBatch]:
        if source is None:
            yield from pa.ipc.open_stream(self.sent)
        else:
            yield from source.read_row_group(self.file, self.row_group, batch_rows)


@attrs.frozen
class _Done:
    """What a worker made of a part: the rows if they are to be sent, and the units' totals."""

    sent: bytes
    rows: int
    units: UnitTotals | None


def settle_in_processes(
    settler: Settler, source: Source, *, processes: int, batch_rows: int
) -> Iterator[pa.RecordBatch]:
    """Settle a source in several processes.

    Arguments:
        settler: what would settle it in this one.
        source: the table.
        processes: how many.
        batch_rows: rows that are settled at a time.

    Returns:
        The settled batches, in the source's order.

    Raises:
        TableError: if what a worker needs can't be sent to it.
    """
    for done in _run(settler, source, processes, batch_rows, None):
        yield from pa.ipc.open_stream(done.sent)


def write_parts(
    settler: Settler, source: Source, folder: Path, *, processes: int, batch_rows: int
) -> Iterator[int]:
    """Settle a source into the files of a folder, which the workers write.

    Arguments:
        settler: what would settle it in this process.
        source: the table.
        processes: how many.
        batch_rows: rows that are settled at a time.
        folder: where to write; the names of the files are in the source's order.

    Returns:
        How many rows each part has, as it is written.

    Raises:
        TableError: if what a worker needs can't be sent to it.
    """
    for done in _run(settler, source, processes, batch_rows, folder):
        yield done.rows


def _run(
    settler: Settler, source: Source, processes: int, batch_rows: int, folder: Path | None
) -> Iterator[_Done]:
    schema = settler.given.serialize().to_pybytes()
    units = settler.units.fresh() if settler.units is not None else None
    job = _Job(
        schema, source.path, settler.terms, settler.target, settler.fen, settler.adjust, units
    )
    pieces = _pieces(source, batch_rows)
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_start, initargs=(_sendable(job),)
    ) as pool:
        waiting: deque[Future[_Done]] = deque()
        try:
            for number, piece in enumerate(pieces):
                target = None if folder is None else str(folder / f"part-{number:06}.parquet")
                waiting.append(pool.submit(_settle, piece, batch_rows, target))
                # As many results wait as there are workers; more would fill the memory.
                if len(waiting) > 2 * processes:
                    yield _taken(settler, waiting.popleft())
            while waiting:
                yield _taken(settler, waiting.popleft())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _taken(settler: Settler, future: Future[_Done]) -> _Done:
    done = future.result()
    if settler.units is not None and done.units is not None:
        settler.units.merge(done.units)
    return done


def _sendable(job: _Job) -> bytes:
    try:
        return pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TableError(Fault("bulk.processes", {"why": str(error)})) from error


def _pieces(source: Source, batch_rows: int) -> Iterator[_Piece]:
    if source.path is not None:
        for file, row_group in source.row_groups():
            yield _Piece(file, row_group)
        return
    for batch in source.batches(batch_rows):
        yield _Piece(sent=_as_bytes(batch.schema, [batch]))


def _as_bytes(schema: pa.Schema, batches: list[pa.RecordBatch]) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    found: bytes = sink.getvalue().to_pybytes()
    return found


# In the worker -----------------------------------------------------------------------------------

_worker: dict[str, _Worker] = {}


def _start(job: bytes) -> None:
    found: _Job = pickle.loads(job)  # noqa: S301 - made by the parent a moment ago
    _worker["this"] = found.worker()


def _settle(piece: _Piece, batch_rows: int, target: str | None) -> _Done:
    settler, source = _worker["this"].settler, _worker["this"].source
    if settler.units is not None:
        settler.units = settler.units.fresh()
    settled = (settler.settle(batch) for batch in piece.batches(source, batch_rows))
    sent, rows = b"", 0
    if target is None:
        made = list(settled)
        sent, rows = _as_bytes(settler.schema, made), sum(batch.num_rows for batch in made)
    else:
        with pq.ParquetWriter(target, settler.schema) as writer:
            for batch in settled:
                writer.write_batch(batch)
                rows += batch.num_rows
    return _Done(sent, rows, settler.units)
