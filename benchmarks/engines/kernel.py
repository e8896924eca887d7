"""Our array kernel, and the sums by unit that `UnitTotals` rests on.

Beside the twelve results it gives the five bases.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.job import schedule
from benchmarks.rows import Ints, Job
from socialins.bulk.kernel import ArrayKernel
from socialins.bulk.operations import columns_of
from socialins.bulk.sums import Runs, Sums, Unit


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`int64` or `int32`: the type of the results. `warm`: int32, into memory of the run before, as
    a stream of batches has it.
    """
    kernel = ArrayKernel(schedule().lines)
    dtype = np.int64 if variant == "int64" else np.int32
    kept = columns_of(len(kernel.columns), len(wages), dtype) if variant == "warm" else None
    if kept is not None:
        kernel.run(wages, out=kept)
    units = job.units(len(wages)).astype(np.int32)
    names: list[Unit] = list(range(int(units[-1]) + 1))

    def run() -> tuple[dict[str, Array], Sums]:
        found = kernel.run(wages, out=kept, dtype=dtype)
        sums = Sums()
        sums.add(Runs.of_codes(units, names), [found[f"{name}_fen"] for name in job.totals])
        return found, sums

    return Prepared(
        run, lambda found: twelve(job, found[0]), lambda found: list(found[1].numbers(2).T)
    )


def twelve(job: Job, found: dict[str, Any]) -> list[Array]:
    """The job's columns among those of a settled table."""
    return [found[f"{name}_fen"] for name in job.columns]
