"""Making the job: a schedule compiled from benchmarks/rules, rows, and the reference's results."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.rows import Ints, Job, JobLine, write_job
from socialins.facade import Region
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import RuleClass, build_rule_books, read_rule_file
from socialins.settlement.compile import compile_schedule
from socialins.settlement.reference import derive
from socialins.settlement.schedule import Line, Schedule
from socialins.values import Money, Month

RULES = Path(__file__).resolve().parent / "rules" / "job.toml"
MONTH = Month(2026, 11)
SEED = 20261101
POOL = 60_000


@cache
def region() -> Region:
    """The fictional region of the job."""
    books = build_rule_books({RULES.name: read_rule_file(RULES, RULES.name)})
    registry = Registry((LoadedPlugin("bench", books=books),), HookManager())
    return Region(registry.book("bench"), registry)


@cache
def schedule() -> Schedule:
    """What every engine computes."""
    compiled = compile_schedule(region().cascade, MONTH, RuleClass())
    if compiled.missing or len(compiled.lines) != 10:
        raise AssertionError("the rules of the job no longer make ten lines")
    return compiled


def make_job(folder: Path, rows: int) -> Job:
    """Draw the rows, let the reference compute each distinct wage, and keep both."""
    lines = schedule().lines
    random = np.random.default_rng(SEED)
    pool = draw_wages(random, POOL, lines)
    job = Job(
        folder,
        tuple(map(_plain, lines)),
        pool,
        by_reference(lines, pool),
        random.integers(0, len(pool), rows, dtype=np.int32),
    )
    write_job(job)
    return job


def draw_wages(random: np.random.Generator, count: int, lines: tuple[Line, ...]) -> Ints:
    """Distinct wages in fen: most of them round, some to the fen, and all beside an edge."""
    yuan = np.exp(random.normal(np.log(8000), 0.6, count))
    kinds = random.random(count)
    fen = np.where(
        kinds < 0.3,
        np.rint(yuan / 50).astype(np.int64) * 5000,
        np.where(
            kinds < 0.7,
            np.rint(yuan).astype(np.int64) * 100,
            np.rint(yuan * 100).astype(np.int64),
        ),
    )
    edges = {edge for line in lines for edge in (line.floor, line.cap) if edge is not None}
    beside = [edge + step for edge in edges for step in (-100, -51, -50, -49, -1, 0, 1, 49, 50, 51)]
    return np.unique(np.concatenate([fen, np.array([0, 1, *beside], dtype=np.int64)]))


def by_reference(lines: tuple[Line, ...], wages: Ints) -> Ints:
    """Ten amounts and two totals of each wage, by the reference."""
    table = np.zeros((len(lines) + 2, len(wages)), dtype=np.int64)
    for index, line in enumerate(lines):
        total = len(lines) + (0 if line.payer.value == "unit" else 1)
        table[index] = [derive(line, Money(wage)).amount.fen for wage in wages.tolist()]
        table[total] += table[index]
    return table


def _plain(line: Line) -> JobLine:
    rate = line.rate_with(None)
    if line.floor is None or line.cap is None or line.fixed:
        raise AssertionError(f"{line.key} is not as the peers' models have it")
    return JobLine(
        line.insurance,
        line.payer.value,
        line.floor,
        line.cap,
        rate.numerator,
        rate.denominator,
    )
