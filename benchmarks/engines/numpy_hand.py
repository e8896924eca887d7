"""NumPy as one writes it by hand: the whole column at once, in fen or in float yuan."""

from __future__ import annotations

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.rows import Ints, Job


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`fen`: whole numbers; `float`: yuan and `numpy.round`, as most scripts have it."""
    if variant == "fen":
        return Prepared(lambda: _fen(job, wages), list)
    yuan = wages / 100
    return Prepared(lambda: _float(job, yuan), list, yuan=True)


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
