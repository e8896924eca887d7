"""The array kernel: lines → NumPy arithmetic on whole numbers, block by block.

A block of some thirty thousand wages and all that is made of it stays in the processor's cache, so
that memory is read once for the wage and written once for each result. What is computed, and in how
many bits, was proven by `bulk.limits`; nothing here rounds, and no float occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialins.bulk.columns import OutputColumn, Shape, column_plan
from socialins.bulk.limits import MAX_WAGE_FEN, Limits, prove, refused
from socialins.bulk.operations import Array, Program, Run, columns_of
from socialins.faults import Text
from socialins.settlement.schedule import Line
from socialins.values import Rate

__all__ = ["BLOCK", "ArrayKernel", "array_kernel"]

BLOCK = 32_768
"""Rows in a block: each of its columns is 128 KB, and a few of them fit the second-level cache."""

_USUAL_WAGE = 20_000_000
"""In fen: what hardly a monthly wage exceeds. Lines without a cap are fast up to here and beyond,
as far as 32 bits reach; a block with a larger wage in it takes the way of 64 bits."""


@lru_cache(maxsize=512)
def array_kernel(
    lines: tuple[Line, ...],
    shape: Shape | None = None,
    operand: Rate | tuple[int, int] | None = None,
    max_wage: int = MAX_WAGE_FEN,
    region: Text | str = "",
) -> ArrayKernel:
    """The kernel of lines, made once in a process; arguments as those of `ArrayKernel`."""
    return ArrayKernel(lines, shape=shape, operand=operand, max_wage=max_wage, region=region)


class ArrayKernel:
    """Computes the columns of a settled table for wages of one rule class.

    Arguments:
        lines: the lines of the schedule.
        shape: the insurances to make columns for; those of the lines if left out.
        operand: the account's own rate where it is one for all; or, where it differs by row, the
            largest numerator and the denominator that all rates have in common.
        max_wage: the largest wage, in fen.
        region: how the region is called, for a refusal.

    Raises:
        Refused: if the numbers of a line don't fit 64 bits.
        ValueError: if a line takes an operand and none is given.

    >>> from socialins.testing.middle import middle
    >>> from socialins.rules import RuleClass
    >>> from socialins.settlement import compile_schedule
    >>> from socialins.values import Month
    >>> schedule = compile_schedule(middle().cascade, Month.of("2026-11"), RuleClass())
    >>> kernel = ArrayKernel(schedule.lines, operand=Rate("0.2%"))
    >>> figures = kernel.run(np.array([800_040, 300_000]))
    >>> figures["pension_base_fen"], figures["pension_unit_fen"]
    (array([800000, 431000]), array([128000,  68960]))
    """

    def __init__(
        self,
        lines: Sequence[Line],
        *,
        shape: Shape | None = None,
        operand: Rate | tuple[int, int] | None = None,
        max_wage: int = MAX_WAGE_FEN,
        region: Text | str = "",
    ) -> None:
        self.lines = tuple(lines)
        self.columns: tuple[OutputColumn, ...] = column_plan(self.lines, shape)
        self.names: tuple[str, ...] = tuple(column.name for column in self.columns)
        self.max_wage = max_wage
        self._region = region
        self.by_row = isinstance(operand, tuple) and any(line.operand for line in self.lines)

        def limits(largest: int) -> Limits:
            return prove(self.lines, max_wage=largest, operand=operand, region=region)

        wide = limits(max_wage)
        self._programs = [(max_wage, Program(wide, self.columns))]
        results = self._programs[0][1].results
        self.twins: tuple[int, ...] = tuple(results.index(one) for one in results)
        """For each column the first one that always holds the same."""
        self.zeros: frozenset[int] = frozenset(i for i, one in enumerate(results) if one == 0)
        """The columns that hold nothing but zeros."""
        narrow = _narrow_wage(limits, wide)
        if narrow is not None:
            self._programs.insert(0, (narrow, Program(limits(narrow), self.columns)))

    @property
    def limits(self) -> Limits:
        """The limits of the lines for the largest wage."""
        return self._programs[-1][1].limits

    def run(
        self,
        wages: NDArray[np.int64],
        numerators: NDArray[Any] | None = None,
        *,
        out: Sequence[Array | None] | None = None,
        dtype: Any = np.int64,
    ) -> dict[str, Array]:
        """Compute all columns.

        Arguments:
            wages: in fen, none negative or larger than `max_wage`.
            numerators: of each row's own rate, over the common denominator, for a kernel that was
                made for rates that differ by row.
            out: an array for each column that is wanted, None for others, of a type that holds all
                results; made if left out.
            dtype: the type of the arrays that are made, ``int64`` or ``int32``.

        Returns:
            Column name → array of fen.

        Raises:
            Refused: if the type does not hold the results.
            ValueError: for a wage out of bounds.
        """
        if self.by_row and numerators is None:
            raise ValueError("these lines need the numerators of each row's own rate")
        if out is None:
            self.check(dtype)
            out = columns_of(len(self.columns), len(wages), dtype)
        # A column may be handed in for each of its twins at once; it is written once then.
        first = {id(to): index for index, to in reversed([*enumerate(out)])}
        written = [to if first[id(to)] == index else None for index, to in enumerate(out)]
        unsigned = np.ascontiguousarray(wages, np.int64).view(np.uint64)
        rows = min(len(wages), BLOCK)
        runs: dict[int, Run] = {}
        for start in range(0, len(wages), BLOCK):
            block = unsigned[start : start + BLOCK]
            largest = int(block.max())
            chosen = next((i for i, (top, _) in enumerate(self._programs) if largest <= top), None)
            if chosen is None:
                raise ValueError(
                    f"wages must lie between 0 and {self.max_wage} fen; "
                    f"one of rows {start} to {start + len(block) - 1} does not"
                )
            run = runs.get(chosen)
            if run is None or run.rows != len(block):
                run = runs[chosen] = Run(self._programs[chosen][1], min(rows, len(block)))
            stop = start + len(block)
            run.go(
                block,
                None if numerators is None else numerators[start:stop],
                [None if to is None else to[start:stop] for to in written],
            )
        pairs = zip(self.names, out, strict=True)
        return {name: target for name, target in pairs if target is not None}

    def check(self, dtype: Any) -> None:
        """Refuse a type of results that does not hold all of them.

        Raises:
            Refused: if it does not.
        """
        largest = np.iinfo(dtype).max
        limits = self.limits
        for one in limits.lines:
            if max(one.base_max, one.amount_max, limits.total_max) > largest:
                raise refused(one.line, self._region)


def _narrow_wage(limits: Callable[[int], Limits], wide: Limits) -> int | None:
    """The largest wage up to which 32 bits do for more lines than for all wages; None if none."""

    def short(found: Limits) -> frozenset[int]:
        lines = enumerate(found.lines)
        return frozenset(i for i, one in lines if one.int32 and one.base_bits == 32)

    if len(short(wide)) == len(wide.lines):
        return None
    wanted = short(limits(_USUAL_WAGE))
    if wanted <= short(wide):
        return None
    low, high = _USUAL_WAGE, wide.max_wage
    while low < high:
        middle = (low + high + 1) // 2
        if wanted <= short(limits(middle)):
            low = middle
        else:
            high = middle - 1
    return low
