"""NumPy as one writes it by hand: the whole column at once, in fen or in float yuan.

Sums by unit are those of runs (`numpy.add.reduceat`), the fastest way where a unit's rows lie
together, as they do here.
"""

from __future__ import annotations

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.rows import Ints, Job


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`fen`: whole numbers; `float`: yuan and `numpy.round`, as most scripts have it."""
    units = job.units(len(wages))
    whole = variant == "fen"
    yuan = wages / 100

    def run() -> tuple[list[Array], list[Array]]:
        columns = _fen(job, wages) if whole else _float(job, yuan)
        starts = np.flatnonzero(np.diff(units, prepend=-1))
        return columns, [np.add.reduceat(total, starts) for total in columns[len(job.lines) :]]

    return Prepared(run, lambda found: list(found[0]), lambda found: list(found[1]), not whole)


def _fen(job: Job, wages: Ints) -> list[Array]:
    whole = (wages + 50) // 100 * 100
    amounts: list[Array] = []
    bases: dict[tuple[int, int], Array] = {}
    for line in job.lines:
        bounds = (line.floor, line.cap)
        if bounds not in bases:
            bases[bounds] = np.clip(whole, *bounds)
        amounts.append((bases[bounds] * (2 * line.top) + line.bottom) // (2 * line.bottom))
    return amounts + _totals(job, amounts)


def _float(job: Job, yuan: Array) -> list[Array]:
    whole = np.round(yuan)
    amounts: list[Array] = []
    bases: dict[tuple[int, int], Array] = {}
    for line in job.lines:
        bounds = (line.floor, line.cap)
        if bounds not in bases:
            bases[bounds] = np.clip(whole, line.floor / 100, line.cap / 100)
        amounts.append(np.round(bases[bounds] * (line.top / line.bottom), 2))
    return amounts + _totals(job, amounts)


def _totals(job: Job, amounts: list[Array]) -> list[Array]:
    totals: list[Array] = []
    for payer in ("unit", "person"):
        first, *rest = (amounts[index] for index in job.payers(payer))
        total = first.copy()
        for amount in rest:
            total += amount
        totals.append(total)
    return totals
