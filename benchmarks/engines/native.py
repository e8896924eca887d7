"""The native accelerator that was tried: numba, on one processor or on all."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from benchmarks.engines.base import Prepared
from benchmarks.engines.kernel import twelve
from benchmarks.job import schedule
from benchmarks.native_numba import NativeKernel
from benchmarks.rows import Ints, Job


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`one` or `all` processors; `one-warm` and `all-warm`: into memory of the run before."""
    kernel = _kernel(variant.startswith("all"))
    kept = kernel.memory(len(wages)) if variant.endswith("warm") else None
    units = job.units(len(wages)).astype(np.int32)
    count = int(units[-1]) + 1

    def run() -> tuple[Any, Any]:
        found = kernel.run(wages, kept)
        totals = [found[f"{name}_fen"] for name in job.totals]
        return found, kernel.by_unit(units, count, *totals)

    return Prepared(run, lambda found: twelve(job, found[0]), lambda found: list(found[1]))


@cache
def _kernel(parallel: bool) -> NativeKernel:
    """Compiled once in a process, in a few seconds that are not timed."""
    return NativeKernel(schedule().lines, parallel=parallel)
