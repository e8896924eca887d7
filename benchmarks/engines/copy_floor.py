"""The floor: a bare copy of the wages into twelve columns, in blocks. Nothing computes less."""

from __future__ import annotations

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.rows import Ints, Job

BLOCK = 16_384
# Columns at a distance of a power of two fall onto the same cache lines.
PAD = 1_040


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`fresh`: into memory that the system has yet to give, as every first result is;
    `warm`: into memory that is there already.
    """
    narrow = np.dtype(np.int32)
    kept = _columns(job, len(wages), narrow) if variant == "warm" else None
    if kept is not None:
        for column in kept:
            column.fill(1)

    def run() -> list[Array]:
        columns = _columns(job, len(wages), narrow) if kept is None else kept
        block = np.empty(min(BLOCK, len(wages)), dtype=narrow)
        for start in range(0, len(wages), BLOCK):
            part = wages[start : start + BLOCK]
            block[: len(part)] = part
            for column in columns:
                column[start : start + BLOCK] = block[: len(part)]
        return columns

    return Prepared(run, list)


def _columns(job: Job, rows: int, dtype: np.dtype[np.int32]) -> list[Array]:
    return [np.empty(rows + PAD, dtype)[:rows] for _ in job.columns]
