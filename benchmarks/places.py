"""Where things lie: the project, the work folder, the results, the peers' environments."""

from __future__ import annotations

import os
import sys
from pathlib import Path

WITH_SOURCES = frozenset({"native", "records"})
"""Environments that have what we rest on, and in which our own sources are used."""

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "out" / "bench"
RESULTS = ROOT / "benchmarks" / "results" / "latest.json"
PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"


def sources_for(environment: str) -> dict[str, str]:
    """The variables of a process: with our sources where the environment lacks us, never a hint of
    them where a peer runs.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if environment in WITH_SOURCES:
        kept["PYTHONPATH"] = str(ROOT / "src")
    return kept


def python_of(environment: str) -> str | None:
    """The Python of an environment, ours if it has no name; None if it was not made."""
    if not environment:
        return sys.executable
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    path = ROOT / f".venv-bench-{environment}" / folder / name
    return str(path) if path.exists() else None
