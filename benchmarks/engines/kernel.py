"""Our array kernel; beside the twelve results it gives the five bases."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.job import schedule
from benchmarks.rows import Ints, Job
from socialins.bulk.kernel import ArrayKernel
from socialins.bulk.operations import columns_of


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`int64` or `int32`: the type of the results. `warm`: int32, into memory of the run before, as
    a stream of batches has it.
    """
    kernel = ArrayKernel(schedule().lines)
    dtype = np.int64 if variant == "int64" else np.int32
    kept = columns_of(len(kernel.columns), len(wages), dtype) if variant == "warm" else None
    if kept is not None:
        kernel.run(wages, out=kept)
    return Prepared(
        lambda: kernel.run(wages, out=kept, dtype=dtype), lambda found: twelve(job, found)
    )


def twelve(job: Job, found: dict[str, Any]) -> list[Array]:
    """The job's columns among those of a settled table."""
    return [found[f"{name}_fen"] for name in job.columns]
