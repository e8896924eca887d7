"""Fuzz all targets one after the other: `python -m tools.fuzz [MINUTES [SEED [TARGET ...]]]`.

Each gets its share of the time in a child process. A child that dies, by a fault of a library in C
or by too much memory or time, is a finding too, and another one goes on for the rest of the time.
Inputs that led somewhere new are kept under out/fuzz/corpus, and a next run begins with them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.fuzz.targets import TARGETS, Target

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "fuzz"
_LEAST = 5
_GRACE = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, and say what was found; the status is 1 if anything was."""
    parser = argparse.ArgumentParser(prog="tools/dev.py fuzz", description="Fuzz the readers.")
    parser.add_argument("minutes", nargs="?", type=float, default=60.0)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--blind", action="store_true", help="change samples without guidance")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.targets if name not in TARGETS]:
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(TARGETS)}")
    chosen = [TARGETS[name] for name in asked.targets or TARGETS]
    whole = sum(target.share for target in chosen)
    found = 0
    for target in chosen:
        seconds = max(_LEAST, round(asked.minutes * 60 * target.share / whole))
        said = fuzz(target, seconds, asked.seed, asked.blind)
        found += len(said["found"])
        print(
            f"{target.name:14} {said['inputs']:9,} inputs {said['seconds']:6.0f} s"
            f" {said['places'] or '-':>6} places {len(said['found'])} found",
            flush=True,
        )
        for one in said["found"]:
            print(f"    {one}", flush=True)
    return 1 if found else 0


def fuzz(target: Target, seconds: int, seed: int, blind: bool) -> dict[str, Any]:
    """Fuzz a target for some seconds, with as many children as that takes."""
    folder = OUT / "found" / target.name
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + seconds
    total: dict[str, Any] = {"inputs": 0, "seconds": 0.0, "places": 0, "found": []}
    while (left := round(end - time.monotonic())) >= _LEAST or not total["seconds"]:
        said, log, status = _child(target, max(left, _LEAST), seed, blind, folder)
        total["inputs"] += said["inputs"]
        total["seconds"] += said["seconds"]
        total["found"] += [one for one in said["found"] if one not in total["found"]]
        places = re.findall(r"cov: (\d+)", log)
        total["places"] = max(total["places"], int(places[-1]) if places else 0)
        if status:
            last = log.strip().rpartition("\n")[2][:80]
            total["found"].append(f"the process ended with {status}: {last}")
            (folder / f"native-{seed}.txt").write_text(log[-20_000:], "utf-8")
        if not said["seconds"]:
            break
        seed += 1
    _keep(target, total)
    return total


def _child(
    target: Target, seconds: int, seed: int, blind: bool, folder: Path
) -> tuple[dict[str, Any], str, int]:
    command = [sys.executable, "-m", "tools.fuzz.child", target.name, str(seconds), str(seed)]
    command += [str(OUT), *(["--blind"] if blind else [])]
    (folder / "said.json").unlink(missing_ok=True)
    log = folder / "log.txt"
    with log.open("wb") as file:
        try:
            status = subprocess.run(
                command, cwd=ROOT, stdout=file, stderr=file, check=False, timeout=seconds + _GRACE
            ).returncode
        except subprocess.TimeoutExpired:
            status = -9
    said: dict[str, Any] = {"inputs": 0, "seconds": 0.0, "found": []}
    if (folder / "said.json").is_file():
        said = json.loads((folder / "said.json").read_text("utf-8"))
    return said, log.read_text("utf-8", "replace"), status


def _keep(target: Target, total: dict[str, Any]) -> None:
    """Add a run to those of before, for whoever writes the figures down."""
    path = OUT / "report.json"
    kept: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    before = kept.setdefault(target.name, {"inputs": 0, "seconds": 0.0, "places": 0, "found": []})
    before["inputs"] += total["inputs"]
    before["seconds"] += total["seconds"]
    before["places"] = max(before["places"], total["places"])
    before["found"] += [one for one in total["found"] if one not in before["found"]]
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
