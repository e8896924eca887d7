"""Identity numbers: in bulk, one by one, and by python-stdnum."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from benchmarks.measures import Figure, in_turns, tell
from socialins.bulk.identity import check_numbers
from socialins.identity import read_document

ROWS = 1_000_000
FEW = 10_000
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])


def main() -> None:
    """Measure, and compare each row of the few with the scalar check."""
    numbers = made(ROWS)
    array = pa.array(numbers)
    few = numbers[:FEW]
    checked = check_numbers(array).code.to_pylist()[:FEW]
    one_by_one = [_code(number) for number in few]
    differing = sum(a != b for a, b in zip(checked, one_by_one, strict=True))
    if differing:
        raise AssertionError(f"{differing} of {FEW} are judged otherwise than by the scalar check")
    found = in_turns(
        {
            "bulk": _a_second(lambda: check_numbers(array), ROWS),
            "scalar": _a_second(lambda: [read_document(number) for number in few], FEW),
            "stdnum": _a_second(lambda: [_stdnum(number) for number in few], FEW),
        },
        3,
    )
    remark = (
        f"{ROWS:,} numbers for the bulk check, {FEW:,} for the others; 1 % have a wrong check "
        f"digit. The first {FEW:,} were judged alike by the bulk and the scalar check."
    )
    figures = [
        Figure("in bulk", round(found["bulk"]), "a second", goal=15_000_000, more=True),
        Figure("one by one, `read_document`", round(found["scalar"]), "a second"),
        Figure("python-stdnum, `validate`", round(found["stdnum"]), "a second"),
        Figure("in bulk ÷ python-stdnum", round(found["bulk"] / found["stdnum"]), "×"),
    ]
    tell("Identity numbers", figures, remark)


def made(count: int) -> list[str]:
    """Numbers of people who don't exist; each hundredth has a wrong check digit."""
    random = np.random.default_rng(20261101)
    days = np.datetime64("1965-01-01") + random.integers(0, 14_000, count)
    parts = zip(
        random.choice(["110105", "230102", "350102", "410102"], count),
        np.char.replace(days.astype(str), "-", ""),
        random.integers(1, 1000, count),
        strict=True,
    )
    bodies = [f"{division}{day}{sequence:03}" for division, day, sequence in parts]
    digits = np.array([list(map(int, body)) for body in bodies])
    checks = np.array(list("10X98765432"))[digits @ WEIGHTS % 11]
    checks[::100] = np.where(checks[::100] == "0", "1", "0")
    return [body + check for body, check in zip(bodies, checks, strict=True)]


def _a_second(work: Callable[[], Any], rows: int) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        work()
        return rows / (time.perf_counter() - start)

    return run


def _code(number: str) -> str | None:
    result = read_document(number)
    return None if result.document else result.faults[0].code


def _stdnum(number: str) -> bool:
    try:
        ric.validate(number)
    except ValidationError:
        return False
    return True


if __name__ == "__main__":
    main()
