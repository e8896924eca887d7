"""What an engine is to the worker that runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.rows import Ints, Job

Array = NDArray[Any]


class Prepared(NamedTuple):
    """An engine with the rows in its own form of input.

    Arguments:
        run: settles them once; this is what is timed. It gives whatever the engine gives.
        columns: what `run` gave → twelve arrays, in the job's order; not timed.
        units: what `run` gave → the two totals of each unit, in order of the units; not timed.
        yuan: whether the arrays are in yuan; in fen otherwise.
    """

    run: Callable[[], Any]
    columns: Callable[[Any], Sequence[Array]]
    units: Callable[[Any], Sequence[Array]]
    yuan: bool = False


class Engine(Protocol):
    """A module of this folder."""

    def prepare(self, job: Job, wages: Ints, variant: str) -> Prepared:
        """Make ready to settle wages in fen; what would be done once for many months is done here.

        Arguments:
            job: the job.
            wages: the wages; row after row of the job, whose units are `job.units(len(wages))`.
            variant: which of the engine's ways, for an engine that has several.
        """
        ...


def in_fen(column: Array, *, yuan: bool) -> Ints:
    """A column as whole fen, as somebody would who writes it to a form with two decimals."""
    if yuan:
        return np.rint(column.astype(np.float64) * 100).astype(np.int64)
    return np.asarray(column, dtype=np.int64)
