"""pandas `apply`, a function called with each row, then `groupby`: what payroll scripts do.

`float` is the usual script. `fen` is the same in whole numbers, which pandas does not hinder.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmarks.engines.base import Prepared
from benchmarks.rows import Ints, Job


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """A frame with the columns `unit` and `wage`, the wage in yuan or in fen."""
    wage = wages if variant == "fen" else wages / 100
    frame = pd.DataFrame({"unit": job.units(len(wages)), "wage": wage})
    lines = [
        (line.column, line.payer, line.floor, line.cap, line.top, line.bottom) for line in job.lines
    ]

    def by_float(row: Any) -> Any:
        results: dict[str, float] = {}
        totals = {"unit": 0.0, "person": 0.0}
        for column, payer, floor, cap, top, bottom in lines:
            base = min(max(round(row["wage"]), floor / 100), cap / 100)
            results[column] = round(base * (top / bottom), 2)
            totals[payer] += results[column]
        results["unit_total"], results["person_total"] = totals["unit"], totals["person"]
        return pd.Series(results)

    def by_fen(row: Any) -> Any:
        results: dict[str, int] = {}
        totals = {"unit": 0, "person": 0}
        for column, payer, floor, cap, top, bottom in lines:
            base = min(max((row["wage"] + 50) // 100 * 100, floor), cap)
            results[column] = (2 * base * top + bottom) // (2 * bottom)
            totals[payer] += results[column]
        results["unit_total"], results["person_total"] = totals["unit"], totals["person"]
        return pd.Series(results)

    of_row = by_fen if variant == "fen" else by_float
    totals = list(job.totals)

    def run() -> tuple[Any, Any]:
        settled = frame.apply(of_row, axis=1)
        return settled, settled[totals].groupby(frame["unit"]).sum()

    return Prepared(
        run,
        lambda found: [found[0][name].to_numpy() for name in job.columns],
        lambda found: [found[1][name].to_numpy() for name in totals],
        yuan=variant != "fen",
    )
