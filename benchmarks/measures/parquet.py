"""Parquet to Parquet on one machine: settled, against a bare copy of the same columns."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.job import MONTH, region
from benchmarks.measures import Figure, in_turns, tell
from benchmarks.places import WORK
from benchmarks.rows import PERSONS_A_UNIT, read_job
from socialins.bulk.duck import settle_parquet

ROUNDS = 3
PART = 1_000_000


def main() -> None:
    """Measure, and compare the columns of fen of both ways with the reference."""
    job = read_job(WORK / "job")
    rows = len(job.picks)
    with TemporaryDirectory(dir=WORK) as scratch:
        folder = Path(scratch)
        source, array, duck, anyhow, copy = (
            folder / f"{name}.parquet" for name in ("in", "array", "duck", "any-order", "copy")
        )
        with pq.ParquetWriter(source, _part(job.wages(1), 0).schema) as writer:
            for start in range(0, rows, PART):
                wages = job.pool[job.picks[start : start + PART]]
                writer.write_table(_part(wages, start))
        place = region()
        works: dict[str, Callable[[], object]] = {
            "array": lambda: place.settle_table(source, MONTH, into=array),
            "processes": lambda: place.settle_table(source, MONTH, into=array, processes=2),
            "duck": lambda: settle_parquet(
                place.cascade, source, duck, MONTH, keep_order=True, memory_limit="4GB"
            ),
            "any-order": lambda: settle_parquet(
                place.cascade, source, anyhow, MONTH, memory_limit="4GB"
            ),
            "copy": lambda: _copy(array, copy),
            "duck-copy": lambda: _copy_by_duckdb(array, copy),
        }
        place.settle_table(source, MONTH, into=array)
        found = in_turns({name: _timed(work) for name, work in works.items()}, ROUNDS)
        wrong = {path.stem: _wrong(path) for path in (duck, array)}
        wrong_units = {path.stem: _wrong_units(path) for path in (duck, array, anyhow)}
        sizes = {path.stem: path.stat().st_size / 2**20 for path in (source, array)}
    figures = [
        Figure(f"{what}, {rows / 1e6:g} M rows", round(found[name], 2), "s")
        for name, what in (
            ("array", "`settle_table`, Parquet to Parquet"),
            ("processes", "the same with two processes"),
            ("duck", "`settle_parquet` (DuckDB), order kept"),
            ("any-order", "`settle_parquet` (DuckDB), in any order"),
            ("copy", "bare PyArrow copy of the settled file"),
            ("duck-copy", "bare DuckDB copy of the settled file, order kept"),
        )
    ]
    figures += [
        Figure("`settle_table` ÷ bare copy", round(found["array"] / found["copy"], 2), "×", 1.2),
        Figure("with two processes ÷ bare copy", round(found["processes"] / found["copy"], 2), "×"),
        Figure("DuckDB, order kept ÷ bare copy", round(found["duck"] / found["copy"], 2), "×", 1.2),
        Figure(
            "DuckDB, in any order ÷ bare copy",
            round(found["any-order"] / found["copy"], 2),
            "×",
            1.2,
        ),
        Figure("DuckDB ÷ DuckDB's own copy", round(found["duck"] / found["duck-copy"], 2), "×"),
        Figure("wrong figures, `settle_table`", wrong["array"], "", 0),
        Figure("wrong figures, DuckDB", wrong["duck"], "", 0),
        *(
            Figure(f"wrong totals of units, {what}", wrong_units[name], "", 0)
            for name, what in (
                ("array", "`settle_table`"),
                ("duck", "DuckDB"),
                ("any-order", "DuckDB in any order"),
            )
        ),
    ]
    remark = (
        f"In {sizes['in']:.0f} MB, two columns; out {sizes['array']:.0f} MB. The copy reads the "
        "settled file batch by batch and writes it again, by the same writer's defaults. Totals of "
        "units are added up from the settled files."
    )
    tell("Parquet to Parquet", figures, remark)


def _part(wages: np.ndarray, start: int) -> pa.Table:
    units = (np.arange(start, start + len(wages)) // PERSONS_A_UNIT).astype(np.int64)
    return pa.table({"unit_id": pa.array(units), "wage_fen": pa.array(wages)})


def _copy(source: Path, into: Path) -> None:
    file = pq.ParquetFile(source)
    with pq.ParquetWriter(into, file.schema_arrow) as writer:
        for batch in file.iter_batches(131_072):
            writer.write_batch(batch)


def _copy_by_duckdb(source: Path, into: Path) -> None:
    with duckdb.connect(config={"memory_limit": "4GB"}) as connection:
        connection.execute(f"COPY (FROM read_parquet('{source}')) TO '{into}' (FORMAT parquet)")


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def _wrong(path: Path) -> int:
    """How many figures of a settled file differ from what the reference gave."""
    job = read_job(WORK / "job")
    wrong = start = 0
    names = [f"{name}_fen" for name in job.columns]
    for batch in pq.ParquetFile(path).iter_batches(PART, columns=names):
        index = job.picks[start : start + len(batch)]
        start += len(batch)
        for place, name in enumerate(names):
            wrong += int(np.count_nonzero(batch[name].to_numpy() != job.expected[place][index]))
    if start != len(job.picks):
        raise AssertionError(f"{start} rows instead of {len(job.picks)}")
    return wrong


def _wrong_units(path: Path) -> int:
    """How many totals of units of a settled file differ from what the reference gave."""
    job = read_job(WORK / "job")
    expected = job.expected_units(len(job.picks))
    found = np.zeros_like(expected)
    names = [f"{name}_fen" for name in job.totals]
    for batch in pq.ParquetFile(path).iter_batches(PART, columns=["unit_id", *names]):
        units = batch["unit_id"].to_numpy()
        for place, name in enumerate(names):
            np.add.at(found[place], units, batch[name].to_numpy())
    return int(np.count_nonzero(found != expected))


if __name__ == "__main__":
    main()
