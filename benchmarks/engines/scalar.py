"""Our scalar targets, a call for each person: the reference, and the generated function.

A dictionary has the totals of each unit.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.job import schedule
from benchmarks.rows import Ints, Job
from socialins.settlement.fast import fast_function
from socialins.settlement.reference import derive
from socialins.values import Money

Found = tuple[list[tuple[int, ...]], dict[int, list[int]]]
"""A tuple for each person, and the two totals of each unit."""


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`reference`: exact objects; `generated`: whole fen and tuples."""
    lines = schedule().lines
    pairs = list(zip(wages.tolist(), job.units(len(wages)).tolist(), strict=True))
    unit, person = job.payers("unit"), job.payers("person")

    def by_reference() -> Found:
        rows: list[tuple[int, ...]] = []
        units: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for wage, of_unit in pairs:
            money = Money(wage)
            amounts = [derive(line, money).amount.fen for line in lines]
            totals = (sum(amounts[one] for one in unit), sum(amounts[one] for one in person))
            rows.append((*amounts, *totals))
            _count(units[of_unit], *totals)
        return rows, units

    # Base, amount, base, amount …; the lines of the job are unit, person, unit, person …
    compute = fast_function(lines)

    def by_function() -> Found:
        rows: list[tuple[int, ...]] = []
        units: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for wage, of_unit in pairs:
            found = compute(wage, 0, 1)
            totals = (sum(found[1::4]), sum(found[3::4]))
            rows.append((*found[1::2], *totals))
            _count(units[of_unit], *totals)
        return rows, units

    return Prepared(by_reference if variant == "reference" else by_function, _columns, _units)


def _count(sums: list[int], unit: int, person: int) -> None:
    sums[0] += unit
    sums[1] += person


def _columns(found: Found) -> list[Array]:
    return list(np.array(found[0], dtype=np.int64).T)


def _units(found: Found) -> list[Array]:
    sums = [found[1][number] for number in sorted(found[1])]
    return list(np.array(sums, dtype=np.int64).T)
