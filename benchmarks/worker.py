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

from benchmarks.engines.base import Array, Engine, in_fen
from benchmarks.rows import Job, read_job

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
    units = prepared.units(result)
    answer["output"] = sum(column.nbytes for column in (*columns, *units))
    if check:
        answer |= wrong(job, rows, columns, yuan=prepared.yuan)
        answer |= wrong_units(job, rows, units, yuan=prepared.yuan)
    return answer


def wrong(job: Job, rows: int, columns: Sequence[Array], *, yuan: bool) -> dict[str, Any]:
    """How many persons and amounts differ from the reference."""
    index = job.picks[:rows]
    persons = np.zeros(rows, dtype=bool)
    amounts = 0
    for column, expected in zip(columns, job.expected, strict=True):
        if len(column) != rows:
            raise AssertionError(f"{len(column)} results for {rows} rows")
        error = in_fen(column, yuan=yuan) != expected[index]
        amounts += int(np.count_nonzero(error))
        persons |= error
    return {"rows": rows, "wrong_persons": int(persons.sum()), "wrong_amounts": amounts}


def wrong_units(job: Job, rows: int, totals: Sequence[Array], *, yuan: bool) -> dict[str, Any]:
    """How many units have a total that differs from the reference, and by how much at most.

    Arguments:
        job: the job.
        rows: how many rows were settled.
        totals: the two totals of each unit, as the engine gave them.
        yuan: whether they are in yuan.
    """
    expected = job.expected_units(rows)
    off = np.zeros(expected.shape[1], dtype=np.int64)
    for total, right in zip(totals, expected, strict=True):
        if total.shape != right.shape:
            raise AssertionError(f"totals of {len(total)} units instead of {len(right)}")
        off += np.abs(in_fen(total, yuan=yuan) - right)
    return {
        "units": len(off),
        "wrong_units": int(np.count_nonzero(off)),
        "worst_unit_fen": int(off.max()),
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
