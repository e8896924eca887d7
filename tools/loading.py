#!/usr/bin/env python3
"""Measure how long regions take to load; docs/quality.md keeps what it printed.

Each measurement is a process of its own, since a second load would find everything in its place. It
is processor time, so that what else the machine does matters less.
Run it with the environment's Python: `.venv/bin/python tools/loading.py`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

RUNS = 10
REGIONS = {"beijing": "beijing", "harbin": "harbin", "fujian": "fujian"}
MONTH = "2026-11"
OTHERS = range(66, 93)
"""First two digits of the codes that copies of the plugins get, so that there are thirty."""

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
    timed("regions", socialins.facade.regions)
print(json.dumps(took))
"""


def measure(slug: str, plugin: str = "", beside: Path | None = None) -> dict[str, float]:
    """Medians of processor time in milliseconds over `RUNS` processes.

    Arguments:
        slug: the region to ask for.
        plugin: read this plugin's rules by themselves instead.
        beside: a folder of further plugins.
    """
    paths = [str(beside) if beside else "", os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    runs: list[dict[str, float]] = []
    for _ in range(RUNS):
        child = [sys.executable, "-c", _CHILD, slug, plugin, MONTH]
        ran = subprocess.run(child, capture_output=True, check=True, env=env)
        runs.append(json.loads(ran.stdout))
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def copy_plugins(folder: Path) -> None:
    """Fill a folder with copies of the shipped plugins, for divisions that do not exist."""
    shipped = [point for point in entry_points(group="socialins") if point.name in REGIONS.values()]
    for number, code in enumerate(OTHERS):
        module = shipped[number % len(shipped)].module
        spec = find_spec(module)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{module} is not installed")
        name = f"{module}_{code}"
        shutil.copytree(Path(spec.origin).parent, folder / name)
        for file in (folder / name / "rules").glob("**/*.toml"):
            text = file.read_text(encoding="utf-8")
            text = re.sub(r'^division = "\d\d', f'division = "{code}', text, flags=re.MULTILINE)
            text = re.sub(r'^slug = "', f'slug = "other-{code}-', text, flags=re.MULTILINE)
            file.write_text(text, encoding="utf-8")
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        points = f"[socialins]\n{name} = {name}\n"
        (info / "entry_points.txt").write_text(points, encoding="utf-8")


def main() -> None:
    """Print the table."""
    print("| region | first call | the same among thirty | its plugin by itself | a month |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        copy_plugins(Path(folder))
        for slug, plugin in REGIONS.items():
            few, many = measure(slug), measure(slug, beside=Path(folder))
            alone = measure(slug, plugin)
            times = [one["region"] + one["joined"] for one in (few, many)] + [alone["read"]]
            cells = [slug, *(f"{time:.0f} ms" for time in times), f"{few['month']:.1f} ms"]
            print(f"| {' | '.join(cells)} |")
    print(f"\nReading the other plugins too: {few['regions']:.0f} ms; of thirty, ", end="")
    print(f"{many['regions']:.0f} ms.")


if __name__ == "__main__":
    main()
