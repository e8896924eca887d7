"""Sources and sinks: where record batches come from and where they go, a batch at a time.

Nothing here holds more than a few batches, but for a table that the caller holds in memory anyway.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import attrs
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from socialins.bulk.terms import TableError
from socialins.faults import Fault, Place

__all__ = ["Source", "open_source", "replacing_folder", "write_folder", "write_parquet"]

ROW_GROUP = 262_144
"""Rows of a row group in files that are written, at least; as many are held in memory."""


FILE_ROWS = 32 * ROW_GROUP
"""Rows of a file in a folder that one process writes."""


@attrs.frozen
class Source:
    """Record batches of one schema.

    Arguments:
        schema: their columns.
        given: what the caller passed.
        rows: how many rows there are; None where nobody knows.
        path: the file or folder it is read from, if it is.
    """

    schema: pa.Schema
    given: Any = attrs.field(repr=False)
    rows: int | None = None
    path: Path | None = None
    _opened: dict[str, list[Any]] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def batches(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """The batches in order, none longer than this; can be asked once of a stream."""
        if self.path is not None:
            found: Iterable[pa.RecordBatch] = ahead_by_one(self._read(batch_rows))
        elif isinstance(self.given, pa.RecordBatch):
            found = [self.given]
        elif isinstance(self.given, pa.Table):
            found = self.given.to_batches(max_chunksize=batch_rows)
        else:
            found = self.given
        for batch in found:
            for start in range(0, batch.num_rows, batch_rows):
                yield batch.slice(start, batch_rows)

    def _read(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of files, a row group at a time: a scan of all reads whole files ahead."""
        for file, row_group in self.row_groups():
            yield from self.read_row_group(file, row_group, batch_rows)

    def row_groups(self) -> Iterator[tuple[int, int]]:
        """The number of each file and, within it, of each row group, in order."""
        for number, file in enumerate(self._files()):
            with _told_of(self.path):
                count = file.metadata.num_row_groups
            for row_group in range(count):
                yield number, row_group

    def read_row_group(
        self, file: int, row_group: int, batch_rows: int
    ) -> Iterator[pa.RecordBatch]:
        """The batches of one row group, none longer than this."""
        with _told_of(self.path):
            piece = self._files()[file].subset(row_group_ids=[row_group])
            yield from piece.to_batches(schema=self.schema, batch_size=batch_rows)

    def _files(self) -> list[Any]:
        found = self._opened.get("files")
        if found is None:
            found = list(_dataset(self.given).get_fragments())
            self._opened["files"] = found
        return found

    def one_of_each(self, columns: Sequence[str], wage: str) -> pa.RecordBatch | None:
        """A row for each combination that some columns have, with no wage to speak of.

        None for a stream, which can be read only once, and where there are no rows.
        """
        present = [name for name in columns if name in self.schema.names]
        if self.rows == 0 or self.rows is None:
            return None
        seen = pa.table({"": pa.nulls(1)}) if not present else self._distinct(present)
        nothing = pa.array([0] * seen.num_rows).cast(pa.decimal128(19, 0))
        made = {name: seen.column(name).combine_chunks() for name in present}
        made[wage] = nothing.cast(self.schema.field(wage).type)
        columns = [
            made[field.name] if field.name in made else pa.nulls(seen.num_rows, field.type)
            for field in self.schema
        ]
        return pa.RecordBatch.from_arrays(columns, names=self.schema.names)

    def _distinct(self, columns: list[str]) -> pa.Table:
        if self.path is not None:
            found = _dataset(self.given).to_batches(columns=columns)
        else:
            given = self.given
            table = pa.table(given) if isinstance(given, pa.RecordBatch) else given
            found = table.select(columns).to_batches()
        with _told_of(self.path):
            return self._distinct_of(found, columns)

    def _distinct_of(self, found: Iterable[pa.RecordBatch], columns: list[str]) -> pa.Table:
        seen: pa.Table | None = None
        texts = pa.schema([pa.field(name, pa.string()) for name in columns])
        for batch in found:
            # Dictionaries may differ from batch to batch; text does not.
            table = pa.Table.from_batches([batch]).cast(texts)
            table = table if seen is None else pa.concat_tables([seen, table])
            seen = table.group_by(columns, use_threads=False).aggregate([])
        return texts.empty_table() if seen is None else seen


def open_source(source: Any) -> Source:
    """Open what the caller passed.

    Arguments:
        source: a Table, RecordBatch, RecordBatchReader, anything that exports an Arrow stream, or
            the path of a Parquet file or of a folder of such files.

    Raises:
        TableError: for anything else, and for a path where there is no Parquet.
    """
    if isinstance(source, pa.Table | pa.RecordBatch):
        return Source(source.schema, source, source.num_rows)
    if isinstance(source, pa.RecordBatchReader):
        return Source(source.schema, source)
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        with _told_of(path):
            dataset = _dataset(path)
            _ = dataset.schema.names  # which Arrow decodes when asked
            return Source(dataset.schema, path, dataset.count_rows(), path)
    if hasattr(source, "__arrow_c_stream__"):
        reader = pa.RecordBatchReader.from_stream(source)
        return Source(reader.schema, reader)
    kind = f"{type(source).__module__}.{type(source).__qualname__}"
    raise TableError(Fault("bulk.source", {"source": kind}))


@contextmanager
def _told_of(path: Path | None) -> Iterator[None]:
    """What Arrow stumbles over in a file is a fault of the file, wherever in it that stands."""
    try:
        yield
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        if path is None:
            raise
        place = Place(file=str(path), value=str(error).partition("\n")[0][:200])
        raise TableError(Fault("bulk.source", {"source": str(path)}, place)) from None


def _dataset(path: Path) -> Any:
    """A file, or a folder of files; folders named ``column=value`` give a column."""
    return ds.dataset(path, format="parquet", partitioning="hive")


def ahead_by_one(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches, each of which is made while the one before it is in use."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = thread.submit(next, batches, None)
            yield batch


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches to a file, which is there in whole or not at all."""
    with replacing(path) as scratch, pq.ParquetWriter(scratch, schema) as writer:
        held: list[pa.RecordBatch] = []
        rows = 0
        for batch in batches:
            held.append(batch)
            rows += batch.num_rows
            if rows >= ROW_GROUP:
                writer.write_table(pa.Table.from_batches(held, schema), row_group_size=rows)
                held, rows = [], 0
        if held:
            writer.write_table(pa.Table.from_batches(held, schema), row_group_size=max(rows, 1))


def write_folder(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches to the files of a new folder, which is there in whole or not at all."""
    with replacing_folder(path) as folder:
        writer, rows, number = None, 0, 0
        try:
            for batch in batches:
                if writer is None:
                    writer = pq.ParquetWriter(folder / f"part-{number:06}.parquet", schema)
                writer.write_batch(batch)
                rows += batch.num_rows
                if rows >= FILE_ROWS:
                    writer.close()
                    writer, rows, number = None, 0, number + 1
        finally:
            if writer is not None:
                writer.close()


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """A new folder to write to, put in its place when all went well, else removed.

    Raises:
        TableError: if there is something in its place already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise TableError(Fault("bulk.into-exists", {"path": str(path)}, Place(file=str(path))))
    scratch = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    scratch.mkdir(parents=True)
    try:
        yield scratch
        if path.exists():
            path.rmdir()
        scratch.rename(path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, put in the place of another when all went well, else removed."""
    scratch = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        yield scratch
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
