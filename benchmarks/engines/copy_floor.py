"""The floor: a bare copy of the wages into twelve columns of the persons, and two of the units.

It goes in blocks, and doesn't even read which unit a row is of. Nothing computes less.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.rows import PERSONS_A_UNIT, Ints, Job

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

    def run() -> tuple[list[Array], list[Array]]:
        columns = _columns(job, len(wages), narrow) if kept is None else kept
        block = np.empty(min(BLOCK, len(wages)), dtype=narrow)
        for start in range(0, len(wages), BLOCK):
            part = wages[start : start + BLOCK]
            block[: len(part)] = part
            for column in columns:
                column[start : start + BLOCK] = block[: len(part)]
        units = [wages[::PERSONS_A_UNIT].copy() for _ in job.totals]
        return columns, units

    return Prepared(run, _first, _second)


def _first(found: Any) -> list[Array]:
    return list(found[0])


def _second(found: Any) -> list[Array]:
    return list(found[1])


def _columns(job: Job, rows: int, dtype: np.dtype[np.int32]) -> list[Array]:
    # In one piece, as the system gives a large one faster than many.
    memory = np.empty((len(job.columns), rows + PAD), dtype)
    return [column[:rows] for column in memory]
