"""Our table: Arrow in, Arrow out, with the schema, the fault column and the bases.

`UnitTotals` adds up all seventeen columns by unit, and counts the persons and faulty rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from benchmarks.engines.base import Array, Prepared
from benchmarks.job import MONTH, region
from benchmarks.rows import Ints, Job
from socialins.bulk.units import UnitTotals


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`class`: one rule class for all; `classes`: households and employment in columns."""
    columns: dict[str, Any] = {
        "unit_id": pa.array(job.units(len(wages))),
        "wage_fen": pa.array(wages),
    }
    if variant == "classes":
        # The rules of the job are one for all, so the results are too; what is timed is finding
        # out the class of each row.
        words = pa.array(["urban-local", "rural-local", "urban-outside", "rural-outside"])
        codes = pa.array(wages % 4, pa.int32())
        columns["household"] = pa.DictionaryArray.from_arrays(codes, words)
    table = pa.table(columns)
    place = region()

    def run() -> tuple[Any, Any]:
        units = UnitTotals()
        settled = place.settle_table(table, MONTH, units=units)
        return settled, units.table()

    return Prepared(
        run, lambda found: _fen(found[0], job.columns), lambda found: _fen(found[1], job.totals)
    )


def _fen(table: Any, names: Sequence[str]) -> list[Array]:
    return [table[f"{name}_fen"].to_numpy() for name in names]
