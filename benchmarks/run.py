"""`make bench` and `make bench-short`: the race, the measures and the check of every fen.

The long form writes benchmarks/results/latest.json, docs/performance.md and its picture; the short
form writes nothing. Both end with an error if one of our targets has a wrong fen, of a person or of
a unit, or if anything that was to be run has failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import chart, measured, page, race
from benchmarks.catalogue import CONTESTANTS, SHORT_SIZES, SIZES, Contestant
from benchmarks.job import make_job
from benchmarks.machine import machine, versions
from benchmarks.places import PAGE, PICTURE, RESULTS, ROOT, WORK
from benchmarks.wrong_fen import check_regions

ROUNDS = 3
SHORT_PERSONS = 100_000
PERSONS = 10_000_000
PARTIAL = WORK / "partial.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 if a target of ours is wrong by a fen, or something has failed."""
    asked = _parser().parse_args(argv)
    started = time.perf_counter()
    if asked.show:
        results = json.loads(RESULTS.read_text(encoding="utf-8"))
        return _write(results)
    if asked.again:
        return _again(asked.again.split(","))
    results = _resumed() if asked.resume else {}
    sizes = [size for size in (SHORT_SIZES if asked.short else SIZES) if size <= asked.rows]
    rounds = 1 if asked.short else asked.rounds
    persons = SHORT_PERSONS if asked.short else min(PERSONS, asked.rows)
    job = make_job(WORK / "job", max(sizes))
    skipped = asked.skip.split(",")
    stages: dict[str, Callable[[], Any]] = {
        "machine": machine,
        "versions": versions,
        "job": lambda: {"wages": len(job.pool), "rows": len(job.picks)},
        "race": lambda: race.race(_chosen(asked), sizes, rounds, WORK / "job"),
        "wrong_fen": lambda: check_regions(persons),
    }
    if not asked.short:
        wanted = [name for name in measured.MEASURES if name not in skipped]
        stages["measures"] = lambda: measured.all_measures(wanted)
    for name, stage in stages.items():
        if name not in results:
            results[name] = stage()
            PARTIAL.write_text(json.dumps(results), encoding="utf-8")
    results["minutes"] = round((time.perf_counter() - started) / 60, 1)
    wrong, failed = wrong_targets(results), unmeasured(results)
    PARTIAL.unlink(missing_ok=True)
    # What went through JSON looks as it will when it is shown again.
    results = json.loads(json.dumps(results))
    if asked.short or asked.only or asked.rows < max(SIZES):
        print(page.tables(results))
    else:
        _write(results)
    for line in wrong:
        print(f"WRONG: {line}", file=sys.stderr)
    for line in failed:
        print(f"FAILED: {line}", file=sys.stderr)
    print(f"{len(wrong)} of our targets wrong; {results['minutes']} minutes", file=sys.stderr)
    return 1 if wrong or failed else 0


def wrong_targets(results: dict[str, Any]) -> list[str]:
    """What of ours was wrong by a fen, or did not run at all, in words."""
    right = {one.name for one in CONTESTANTS if one.right}
    failed: list[str] = []
    for name in sorted(right & set(results["race"])):
        found = results["race"][name]
        if "failed" in found:
            failed.append(f"{name} did not run: {found['failed']}")
        elif any(found.get("wrong", {}).get(key, 1) for key in ("wrong_amounts", "wrong_units")):
            failed.append(f"{name}: {found.get('wrong')}")
    for name, found in results["wrong_fen"]["targets"].items():
        if found["wrong_amounts"] or found.get("failed"):
            failed.append(f"{name} over all regions: {found}")
    return failed


def unmeasured(results: dict[str, Any]) -> list[str]:
    """Engines and measures that failed, and counts of wrong figures that are not 0, in words."""
    failed = [
        f"{name} did not run: {found['failed']}"
        for stage in ("race", "measures")
        for name, found in results.get(stage, {}).items()
        if "failed" in found
    ]
    return failed + [
        f"{name}: {one['what']}: {one['value']}"
        for name, found in results.get("measures", {}).items()
        for one in found.get("figures", ())
        if one["goal"] == 0 and one["value"] != 0
    ]


def _again(names: list[str]) -> int:
    """Take some measures once more, each of which holds its own figures against each other."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    results["measures"] |= measured.all_measures(names)
    results["again"] = results.get("again", {}) | dict.fromkeys(names, machine()["day"])
    _write(json.loads(json.dumps(results)))
    failed = unmeasured(results)
    for line in failed:
        print(f"FAILED: {line}", file=sys.stderr)
    return 1 if failed else 0


def _resumed() -> dict[str, Any]:
    """What a run that was broken off had measured already."""
    if not PARTIAL.exists():
        return {}
    found: dict[str, Any] = json.loads(PARTIAL.read_text(encoding="utf-8"))
    return found


def _write(results: dict[str, Any]) -> int:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
    PAGE.write_text(page.page(results), encoding="utf-8", newline="\n")
    PICTURE.write_text(chart.picture(results), encoding="utf-8", newline="\n")
    print(page.tables(results))
    print(f"{PAGE.relative_to(ROOT)} and {PICTURE.relative_to(ROOT)} are written.", file=sys.stderr)
    return 0


def _chosen(asked: argparse.Namespace) -> list[Contestant]:
    names = set(asked.only.split(",")) if asked.only else set()
    unheard = names - {one.name for one in CONTESTANTS}
    if unheard:
        raise SystemExit(f"no engine is called {', '.join(sorted(unheard))}")
    if names:
        return [one for one in CONTESTANTS if one.name in names]
    return [one for one in CONTESTANTS if one.short or not asked.short]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="under a minute, without the peers")
    parser.add_argument("--only", default="", help="names of engines, joined by commas")
    parser.add_argument("--rows", type=int, default=max(SIZES), help="the largest size")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often engines take turns")
    parser.add_argument("--resume", action="store_true", help="go on with a run broken off")
    parser.add_argument("--again", default="", help="names of measures to take once more")
    parser.add_argument("--skip", default="", help="names of measures to leave out")
    parser.add_argument("--show", action="store_true", help="write the page anew, measure nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
