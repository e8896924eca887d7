"""Our scalar targets, a call for each person: the reference, and the generated function."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engines.base import Array, Prepared
from benchmarks.job import schedule
from benchmarks.rows import Ints, Job
from socialins.settlement.fast import fast_function
from socialins.settlement.reference import derive
from socialins.values import Money


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`reference`: exact objects; `generated`: whole fen and tuples."""
    lines = schedule().lines
    fen = wages.tolist()
    unit, person = job.payers("unit"), job.payers("person")

    def by_reference() -> list[tuple[int, ...]]:
        rows: list[tuple[int, ...]] = []
        for wage in fen:
            money = Money(wage)
            amounts = [derive(line, money).amount.fen for line in lines]
            totals = (sum(amounts[one] for one in unit), sum(amounts[one] for one in person))
            rows.append((*amounts, *totals))
        return rows

    # Base, amount, base, amount …; the lines of the job are unit, person, unit, person …
    compute = fast_function(lines)

    def by_function() -> list[tuple[int, ...]]:
        rows: list[tuple[int, ...]] = []
        for wage in fen:
            found = compute(wage, 0, 1)
            rows.append((*found[1::2], sum(found[1::4]), sum(found[3::4])))
        return rows

    return Prepared(by_reference if variant == "reference" else by_function, _columns)


def _columns(rows: Any) -> list[Array]:
    return list(np.array(rows, dtype=np.int64).T)
