"""A worker: one engine in a process of its own, told by lines of JSON what to run.

`python -m benchmarks.worker MODULE VARIANT FOLDER`; then each line `{"rows": 100, "check": true}`
is answered by `{"seconds": …}`. It runs in the environment of its engine, so it imports NumPy and
nothing more.
"""

from __future__ import annotations

import gc
import importlib
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO, cast

import numpy as np

from benchmarks.engines.base import Array, Engine, Prepared, in_fen
from benchmarks.rows import PERSONS_A_UNIT, Job, read_job

ENOUGH = 0.15
"""Seconds after which a size was repeated enough."""


def main() -> None:
    """Answer until there is nothing more to read."""
    module, variant, folder = sys.argv[1:]
    # What engines print must not get among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    started = time.perf_counter()
    job = read_job(Path(folder))
    engine = cast("Engine", importlib.import_module(f"benchmarks.engines.{module}"))
    _answer(answers, {"ready": time.perf_counter() - started})
    for line in sys.stdin:
        asked = json.loads(line)
        _answer(answers, work(engine, job, variant, asked["rows"], check=asked["check"]))


def work(engine: Engine, job: Job, variant: str, rows: int, *, check: bool) -> dict[str, Any]:
    """Settle the first rows: repeated if they are few, and compared with the reference."""
    prepared = engine.prepare(job, job.wages(rows), variant)
    # What is made on the first call is made once, not every month; and a virtual machine gives
    # memory that nobody used before ten times as slowly.
    prepared.run()
    gc.collect()
    before = forget_peak()
    taken: list[float] = []
    result: Any = None
    while not taken or (sum(taken) < ENOUGH and rows <= 1_000_000):
        result = None
        start = time.perf_counter()
        result = prepared.run()
        taken.append(time.perf_counter() - start)
    peak = peak_memory()
    answer: dict[str, Any] = {"seconds": min(taken), "peak": peak, "grown": peak - before}
    columns = prepared.columns(result)
    answer["output"] = sum(column.nbytes for column in columns)
    if check:
        answer |= wrong(job, rows, columns, prepared)
    return answer


def wrong(job: Job, rows: int, columns: Sequence[Array], prepared: Prepared) -> dict[str, Any]:
    """How many persons and units differ from the reference, and by how much a unit at most."""
    index = job.picks[:rows]
    persons = np.zeros(rows, dtype=bool)
    amounts, errors = 0, np.zeros(rows, dtype=np.int64)
    for place, column in enumerate(columns):
        if len(column) != rows:
            raise AssertionError(f"{len(column)} results for {rows} rows")
        error = in_fen(column, yuan=prepared.yuan) - job.expected[place][index]
        amounts += int(np.count_nonzero(error))
        persons |= error != 0
        if place < len(job.lines):
            errors += error
    of_units = np.add.reduceat(errors, np.arange(0, rows, PERSONS_A_UNIT))
    return {
        "rows": rows,
        "wrong_persons": int(persons.sum()),
        "wrong_amounts": amounts,
        "units": len(of_units),
        "wrong_units": int(np.count_nonzero(of_units)),
        "worst_unit_fen": int(np.abs(of_units).max()),
    }


def forget_peak() -> int:
    """Let the peak begin anew, where the system can; the memory in use, in bytes."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return peak_memory()
    return _status("VmRSS")


def peak_memory() -> int:
    """The largest memory in use since `forget_peak`, in bytes."""
    try:
        return _status("VmHWM")
    except OSError:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return used if sys.platform == "darwin" else used * 1024


def _status(key: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return int(value.split()[0]) * 1024
    raise OSError(f"{key} is not told")


def _answer(where: TextIO, what: dict[str, Any]) -> None:
    print(json.dumps(what), file=where, flush=True)


if __name__ == "__main__":
    main()
