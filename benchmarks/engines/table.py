"""Our table: Arrow in, Arrow out, with the schema, the fault column and the bases."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from benchmarks.engines.base import Array, Prepared
from benchmarks.job import MONTH, region
from benchmarks.rows import Ints, Job


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`class`: one rule class for all; `classes`: households and employment in columns."""
    columns: dict[str, Any] = {"wage_fen": pa.array(wages)}
    if variant == "classes":
        # The rules of the job are one for all, so the results are too; what is timed is finding
        # out the class of each row.
        words = pa.array(["urban-local", "rural-local", "urban-outside", "rural-outside"])
        codes = pa.array(wages % 4, pa.int32())
        columns["household"] = pa.DictionaryArray.from_arrays(codes, words)
    table = pa.table(columns)
    place = region()

    def run() -> Any:
        return place.settle_table(table, MONTH)

    return Prepared(run, lambda result: _columns(job, result))


def _columns(job: Job, result: Any) -> list[Array]:
    settled = getattr(result, "table", result)
    return [settled[f"{name}_fen"].to_numpy() for name in job.columns]
