"""Measures: what else a user waits for than the computing itself."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """One measured figure.

    Arguments:
        what: what was measured.
        value: the figure; None if it could not be measured.
        unit: what it is counted in.
        goal: what it should be at most, or at least where more is better; None for no goal.
        more: whether more is better.
        note: what else to know.
    """

    what: str
    value: float | None
    unit: str
    goal: float | None = None
    more: bool = False
    note: str = ""


def tell(title: str, figures: Sequence[Figure], remark: str = "") -> None:
    """Print the figures for the one who started the measure."""
    found = {"title": title, "remark": remark, "figures": [one._asdict() for one in figures]}
    print(json.dumps(found, ensure_ascii=False))


def best(work: Callable[[], Any], *, repeat: int = 5, seconds: float = 0.3) -> float:
    """Seconds of a call: the shortest of some runs, each long enough to be measured."""
    work()
    number = 1
    while True:
        start = time.perf_counter()
        for _ in range(number):
            work()
        taken = time.perf_counter() - start
        if taken > seconds / repeat:
            break
        number *= 2
    runs = [taken / number]
    for _ in range(repeat - 1):
        start = time.perf_counter()
        for _ in range(number):
            work()
        runs.append((time.perf_counter() - start) / number)
    return min(runs)


def in_turns(works: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Run several in turns; the median of what each gives."""
    runs: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            runs[name].append(work())
    return {name: statistics.median(found) for name, found in runs.items()}
