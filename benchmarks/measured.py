"""Measures beside the race: each is a process of its own that prints its figures as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.places import ROOT, python_of, sources_for

MEASURES = (
    "imports",
    "rules",
    "calls",
    "records",
    "hooks",
    "identity",
    "parquet",
    "workbook",
    "forms",
    "filing",
    "store",
    "photos",
    "pdf",
    "signing",
)
SLOW_MINUTES = 10

ENVIRONMENTS = {"records": "records"}
"""Measures that need a peer beside us run in its environment, with our sources."""


def all_measures(names: Sequence[str] = MEASURES) -> dict[str, Any]:
    """Name → title and figures, or why it failed."""
    return {name: _measure(name) for name in names}


def _measure(name: str) -> dict[str, Any]:
    print(f"measuring {name}", file=sys.stderr, flush=True)
    python = python_of(ENVIRONMENTS.get(name, ""))
    if python is None:
        return {"failed": f"the environment {ENVIRONMENTS[name]} was not made"}
    try:
        done = subprocess.run(
            [python, "-m", f"benchmarks.measures.{name}"],
            cwd=ROOT,
            env=sources_for(ENVIRONMENTS.get(name, "")),
            capture_output=True,
            text=True,
            check=False,
            timeout=60 * SLOW_MINUTES,
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"took more than {SLOW_MINUTES} minutes"}
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        # Only the last line is kept: what stands above names places of this machine.
        return {"failed": (done.stderr.strip() or "it said nothing").splitlines()[-1][:300]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    for told, figures in all_measures(sys.argv[1:] or MEASURES).items():
        print(told, json.dumps(figures, ensure_ascii=False, indent=1))
