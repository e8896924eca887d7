"""What an import costs beyond the bare interpreter, in processor time and in turns."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from benchmarks.measures import Figure, in_turns, tell

ROUNDS = 12
STATEMENTS = {
    "bare": "",
    "socialins": "import socialins",
    "attrs": "import attrs",
    "a region": "import socialins; socialins.region('beijing')",
    "the array kernel": "import socialins.bulk.kernel",
    "tables (PyArrow)": "import socialins.bulk.table",
    "the command": "import socialins.cli.app",
}


def main() -> None:
    """Measure all."""
    works = {name: _run(statement) for name, statement in STATEMENTS.items()}
    for work in works.values():
        work()
    found = in_turns(works, ROUNDS)
    figures = [
        Figure(
            f"import of {name}" if name != "a region" else "import, and `region('beijing')`",
            round(1000 * (taken - found["bare"]), 1),
            "ms",
            goal=80 if name == "socialins" else None,
        )
        for name, taken in found.items()
        if name != "bare"
    ]
    bare = f"The bare interpreter took {1000 * found['bare']:.0f} ms."
    tell("Imports, beyond the bare interpreter", figures, bare)


def _run(statement: str) -> Callable[[], float]:
    def run() -> float:
        process = subprocess.Popen([sys.executable, "-c", statement])
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        if status:
            raise RuntimeError(f"{statement!r} failed")
        return used.ru_utime + used.ru_stime

    return run


if __name__ == "__main__":
    main()
