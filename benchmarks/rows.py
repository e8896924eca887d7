"""The job as plain data: what a worker reads, in whichever environment it runs.

It imports NumPy and nothing of the project, since the environments of the peers don't have it.
The rows are drawn from a list of wages, for each of which the reference has computed everything;
so every result of ten million rows can be compared with the reference itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

PERSONS_A_UNIT = 200
"""Rows of a unit lie together, as a unit declares its own and rosters are joined file by file."""

PAYERS = ("unit", "person")


class JobLine(NamedTuple):
    """One amount: the wage in whole yuan (half up), held within bounds, × rate, half-up to the fen.

    Arguments:
        insurance: the insurance.
        payer: "unit" or "person".
        floor, cap: bounds in fen.
        top, bottom: the rate as a fraction.
    """

    insurance: str
    payer: str
    floor: int
    cap: int
    top: int
    bottom: int

    @property
    def column(self) -> str:
        """The column of the amount."""
        return f"{self.insurance}_{self.payer}"


class Job(NamedTuple):
    """The job and its rows.

    Arguments:
        folder: where it lies.
        lines: the ten amounts.
        pool: the distinct wages in fen.
        expected: an array of shape (twelve, pool): by the reference, amounts and two totals.
        picks: which wage of the pool each row has.
    """

    folder: Path
    lines: tuple[JobLine, ...]
    pool: Ints
    expected: Ints
    picks: NDArray[np.int32]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the twelve results."""
        return (*(line.column for line in self.lines), *self.totals)

    @property
    def totals(self) -> tuple[str, ...]:
        """The names of the two totals a person, which are added up by unit too."""
        return tuple(f"{payer}_total" for payer in PAYERS)

    def payers(self, payer: str) -> list[int]:
        """Which lines a payer pays."""
        return [index for index, line in enumerate(self.lines) if line.payer == payer]

    def wages(self, rows: int) -> Ints:
        """The wages of the first rows, in fen."""
        return self.pool[self.picks[:rows]]

    def units(self, rows: int) -> Ints:
        """The number of each row's unit, for the first rows: 0, 0, …, 1, 1, …"""
        return np.arange(rows, dtype=np.int64) // PERSONS_A_UNIT

    def expected_units(self, rows: int) -> Ints:
        """The two totals of each unit by the reference, an array of shape (two, units)."""
        index = self.picks[:rows]
        starts = np.arange(0, rows, PERSONS_A_UNIT)
        totals = self.expected[len(self.lines) :]
        return np.stack([np.add.reduceat(total[index], starts) for total in totals])


def write_job(job: Job) -> None:
    """Keep the job where workers find it."""
    job.folder.mkdir(parents=True, exist_ok=True)
    lines = [line._asdict() for line in job.lines]
    (job.folder / "job.json").write_text(json.dumps({"lines": lines}), encoding="utf-8")
    for name in ("pool", "expected", "picks"):
        np.save(job.folder / f"{name}.npy", getattr(job, name))


def read_job(folder: Path) -> Job:
    """Read what `write_job` kept."""
    plain: dict[str, Any] = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    lines = tuple(JobLine(**line) for line in plain["lines"])
    picks = np.load(folder / "picks.npy", mmap_mode="r")
    return Job(folder, lines, np.load(folder / "pool.npy"), np.load(folder / "expected.npy"), picks)
