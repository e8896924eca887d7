"""How long a region's rules take to load, and to be looked up when they are there."""

from __future__ import annotations

import socialins as si
from benchmarks.measures import Figure, best, tell
from socialins.rules import RuleClass
from socialins.settlement.compile import compile_schedule
from socialins.settlement.fast import fast_function
from socialins.values import Month
from tools.loading import REGIONS, measure

MONTH = "2026-11"


def main() -> None:
    """Measure all."""
    figures: list[Figure] = []
    for slug, plugin in REGIONS.items():
        whole, alone = measure(slug), measure(slug, plugin)
        first = whole["region"] + whole["joined"]
        figures += [
            Figure(f"{slug}: first use, all plugins read", round(first, 1), "ms", goal=50),
            Figure(f"{slug}: its plugin read and checked", round(alone["read"], 1), "ms", goal=50),
            Figure(f"{slug}: a month compiled, first time", round(whole["month"], 1), "ms"),
        ]
    region = si.region("beijing")
    month, rule_class = Month.of(MONTH), RuleClass()
    rules = region.rules(MONTH)
    schedule = compile_schedule(region.cascade, month, rule_class)
    lookups = {
        "`si.region('beijing')`": lambda: si.region("beijing"),
        "`region.rules(month)`": lambda: region.rules(MONTH),
        "`rules.bounds('pension')`": lambda: rules.bounds("pension"),
        "a compiled schedule's function": lambda: fast_function(schedule.lines),
    }
    for what, work in lookups.items():
        figures.append(Figure(what, round(best(work) * 1e6, 2), "µs", goal=2))
    compiled = best(lambda: compile_schedule(region.cascade, month, rule_class))
    figures.append(Figure("a month compiled again", round(compiled * 1e3, 2), "ms"))
    tell("Rules", figures, "Loading is the median of ten processes, in processor time.")


if __name__ == "__main__":
    main()
