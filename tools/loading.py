#!/usr/bin/env python3
"""Measure how long regions take to load; docs/quality.md keeps what it printed.

Each measurement is a process of its own, since a second load would find everything in its place. It
is processor time, so that what else the machine does matters less.
Run it with the environment's Python: `.venv/bin/python tools/loading.py`.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

RUNS = 10
REGIONS = {"beijing": "beijing", "harbin": "harbin", "fujian": "fujian"}
MONTH = "2026-11"

_CHILD = """
import json, sys, time
import attrs, cattrs, cattrs.gen, importlib.resources, pluggy
import socialins.facade, socialins.settlement.compile
from importlib.metadata import entry_points
from socialins.rules import RuleClass, build_rule_books, read_rule_folder
from socialins.settlement.compile import compile_schedule
from socialins.values import Month

slug, plugin, month = sys.argv[1:]
clock, took = time.process_time, {}

def timed(name, work):
    before = clock()
    made = work()
    took[name] = 1000 * (clock() - before)
    return made

if plugin:
    (point,) = entry_points(group="socialins", name=plugin)
    rules = importlib.resources.files(point.load()) / "rules"
    timed("read", lambda: build_rule_books(read_rule_folder(rules)))
else:
    region = timed("region", lambda: socialins.facade.region(slug))
    cascade = timed("joined", lambda: region.cascade)
    timed("month", lambda: compile_schedule(cascade, Month.of(month), RuleClass()))
print(json.dumps(took))
"""


def measure(slug: str, plugin: str = "") -> dict[str, float]:
    """Medians of processor time in milliseconds over `RUNS` processes."""
    runs: list[dict[str, float]] = []
    for _ in range(RUNS):
        child = [sys.executable, "-c", _CHILD, slug, plugin, MONTH]
        runs.append(json.loads(subprocess.run(child, capture_output=True, check=True).stdout))
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main() -> None:
    """Print the table."""
    print("| region | everything | its plugin, read and checked | a month |")
    print("|---|---|---|---|")
    for slug, plugin in REGIONS.items():
        whole, alone = measure(slug), measure(slug, plugin)
        everything = whole["region"] + whole["joined"]
        print(
            f"| {slug} | {everything:.0f} ms | {alone['read']:.0f} ms | {whole['month']:.1f} ms |"
        )


if __name__ == "__main__":
    main()
