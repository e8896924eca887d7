"""Count the mistakes that no test would notice: `tools/dev.py mutation [PACKAGE ...]`.

mutmut makes one small mistake after the other in the code (another operator, number, text or
argument) and runs the tests that reach it. Here it takes one package at a time, held against that
package's own tests, in a copy of the sources under out/mutation/PACKAGE. `mutmut show NAME` there
shows a mistake.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out/mutation"
COPIED = ("src", "tests", "examples")

TESTS = {
    "values": ("tests/values",),
    "rules": ("tests/rules", "tests/calendar", "tests/test_region.py"),
    "settlement": ("tests/settlement", "tests/test_settle_hook.py"),
}
NOTICED = ("killed", "timeout", "segfault")

# Of the copies that mutmut keeps of each function, one has its docstring's examples run.
ORIGINALS = ("-k", "not mutmut or mutmut_orig")
# It says that a region is put together once; here it is put together anew for each test.
LEFT_OUT = ("--deselect", "tests/test_region.py::test_a_region_has_slug_code_and_name")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the packages, and say for each how many mistakes were made and noticed."""
    parser = argparse.ArgumentParser(description="Count the mistakes that no test would notice.")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help=", ".join(TESTS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mistakes tried at once")
    chosen = parser.parse_args(arguments)
    unknown = [package for package in chosen.packages if package not in TESTS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(TESTS)}")
    packages = chosen.packages or list(TESTS)
    for package in packages:
        status = run(prepare(package), "run", "--max-children", str(chosen.jobs))
        if status:
            return status
    for package in packages:
        report(package, results(OUT / package))
    return 0


def prepare(package: str) -> Path:
    """Copy what mutmut needs to a folder of its own, with a configuration for one package."""
    place = OUT / package
    shutil.rmtree(place, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    own = [*TESTS[package], f"src/socialins/{package}", *ORIGINALS, *LEFT_OUT]
    table = "[tool.mutmut]\n"
    chosen = (
        f"only_mutate = {json.dumps([f'src/socialins/{package}/*'])}\n"
        f"pytest_add_cli_args_test_selection = {json.dumps(own)}\n"
    )
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (place / "pyproject.toml").write_text(text.replace(table, table + chosen), encoding="utf-8")
    return place


def results(place: Path) -> dict[str, str]:
    """What became of each mistake, by its name."""
    command = (program(), "results", "--all", "true")
    listed = subprocess.run(command, cwd=place, check=True, capture_output=True, text=True)
    pairs = (line.strip().partition(": ") for line in listed.stdout.splitlines())
    return {name: outcome for name, found, outcome in pairs if found}


def report(package: str, outcomes: dict[str, str]) -> None:
    """Print the figures of a package, and the names of the mistakes that went unnoticed."""
    counts = Counter(outcomes.values())
    noticed = sum(counts[outcome] for outcome in NOTICED)
    print(f"{package}: {len(outcomes)} mistakes, {noticed} noticed", end="")
    print(f" ({noticed / len(outcomes):.1%}); {dict(counts)}")
    for name, outcome in outcomes.items():
        if outcome not in NOTICED:
            print(f"  {name}: {outcome}")


def run(place: Path, *arguments: str) -> int:
    """Run mutmut in a folder, with few examples of each property; give its status."""
    environment = os.environ | {"HYPOTHESIS_PROFILE": "mutation"}
    return subprocess.run(
        (program(), *arguments), cwd=place, env=environment, check=False
    ).returncode


def program() -> str:
    """The path of mutmut, beside the Python that runs this."""
    return str(Path(sys.executable).with_name("mutmut"))


if __name__ == "__main__":
    sys.exit(main())
