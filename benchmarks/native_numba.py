"""A native accelerator, tried: the lines of a schedule as loops that numba compiles.

It reads the same proven steps as the array kernel (`socialins.bulk.limits`), so it computes the
same whole numbers; what is measured is whether machine code earns what it costs to import and to
compile; docs/decisions/0001-native-accelerator.md has the outcome. Each column has a loop of its
own over a short block: one loop over all of them is not turned into vector instructions, as numba
has to allow for arrays that overlap, and takes twice as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.columns import OutputColumn, column_plan
from socialins.bulk.limits import LineLimits, Scaling, prove
from socialins.settlement.schedule import Line

BLOCK = 1_024
"""Rows of a block: each of its columns is 4 KB, and all of them fit the first-level cache."""

PAD = 1_088
"""Bytes between columns, so that they don't fall on the same lines of the cache."""

Loop = Callable[..., None]
Array = NDArray[Any]


class NativeKernel:
    """The array kernel's columns, by compiled loops.

    Arguments:
        lines: lines that take no operand.
        parallel: whether to use all processors.
        max_wage: the largest wage, in fen.
    """

    def __init__(
        self, lines: Sequence[Line], *, parallel: bool = False, max_wage: int = 10**10
    ) -> None:
        self.columns: tuple[OutputColumn, ...] = column_plan(lines)
        self.names = tuple(column.name for column in self.columns)
        limits = prove(lines, max_wage=max_wage)
        self._loop = _compiled(_source(limits.lines, self.columns, parallel=parallel), parallel)
        self._threads = numba.get_num_threads() if parallel else 1
        self._totals = numba.njit(parallel=parallel, nogil=True)(_by_unit)

    def run(self, wages: NDArray[np.int64], out: Sequence[Array] | None = None) -> dict[str, Array]:
        """All columns as int32, for wages in fen, none negative or larger than the largest."""
        if out is None:
            out = self.memory(len(wages))
        self._loop(wages, *out)
        return dict(zip(self.names, out, strict=True))

    def by_unit(self, units: Array, count: int, first: Array, second: Array) -> Array:
        """Two columns added up by unit, as an array of shape (two, units).

        Arguments:
            units: the number of each row's unit.
            count: how many units there are.
            first: a column.
            second: the other.
        """
        sums = np.zeros((self._threads, 2, count), np.int64)
        self._totals(units, first, second, sums)
        found: Array = sums.sum(axis=0) if self._threads > 1 else sums[0]
        return found

    def memory(self, rows: int) -> list[Array]:
        """Arrays for the columns."""
        return [np.empty(rows + PAD // 4, np.int32)[:rows] for _ in self.columns]


def _by_unit(units: Array, first: Array, second: Array, sums: Array) -> None:
    """Each thread adds up its part of the rows in sums of its own."""
    threads = sums.shape[0]
    share = (units.shape[0] + threads - 1) // threads
    for thread in numba.prange(threads):
        for row in range(thread * share, min(units.shape[0], (thread + 1) * share)):
            sums[thread, 0, units[row]] += first[row]
            sums[thread, 1, units[row]] += second[row]


def _source(lines: Sequence[LineLimits], columns: Sequence[OutputColumn], *, parallel: bool) -> str:
    loops: list[list[str]] = []
    blocks: dict[str, int] = {}
    bases: dict[Any, str] = {}
    for index, line in enumerate(lines):
        if line.base_key not in bases:
            name = bases[line.base_key] = f"b{len(bases)}"
            blocks[name] = width = line.base_bits
            wage = f"min(wages[start + i], {line.wage_max})"
            steps = [f"x = {_scaled(wage, line.base, width)}"]
            if line.floor is not None:
                steps.append(f"x = max(x, U{width}({line.floor}))")
            if line.cap is not None:
                steps.append(f"x = min(x, U{width}({line.cap}))")
            loops.append([*steps, f"{name}[i] = x"])
        blocks[f"a{index}"] = line.bits
        amount = _scaled(f"{bases[line.base_key]}[i]", line.amount, line.bits)
        fixed = f" + U{line.bits}({line.line.fixed})" if line.line.fixed else ""
        loops.append([f"a{index}[i] = {amount}{fixed}"])
    for place, column in enumerate(columns):
        if column.kind in ("base", "unit_base"):
            one = lines[column.lines[0]]
            value = f"{bases[one.base_key]}[i] * U{one.base_bits}({one.grain})"
        else:
            value = " + ".join(f"a{line}[i]" for line in column.lines) or "0"
        loops.append([f"o{place}[start + i] = {value}"])
    outputs = ", ".join(f"o{place}" for place in range(len(columns)))
    text = [
        f"def settle(wages, {outputs}):",
        "    rows = wages.shape[0]",
        f"    for block in {'prange' if parallel else 'range'}((rows + {BLOCK - 1}) // {BLOCK}):",
        *(f"        {name} = np.empty({BLOCK}, U{bits})" for name, bits in blocks.items()),
        f"        start = block * {BLOCK}",
        f"        count = min({BLOCK}, rows - start)",
    ]
    for steps in loops:
        text += ["        for i in range(count):", *(f"            {one}" for one in steps)]
    return "\n".join([*text, ""])


def _scaled(x: str, steps: Scaling, bits: int) -> str:
    u = f"U{bits}"
    found = f"{u}({u}({x}) * {u}({steps.factor}))"
    if steps.cut:
        found = f"{u}({u}({found} // {u}({steps.cut})) * {u}({steps.after_cut}))"
    raised = f"{u}({found} + {u}({steps.offset}))"
    count = f"{u}({raised} // {u}({steps.divisor}))"
    if steps.even:
        odd = f"{u}({count} & {u}(1))"
        exact = f"({u}({count} * {u}({steps.divisor})) == {raised})"
        count = f"({u}({count} - {odd}) if {exact} else {count})"
    return f"{u}({count} * {u}({steps.multiple}))"


def _compiled(source: str, parallel: bool) -> Loop:
    namespace: dict[str, Any] = {
        "U32": np.uint32,
        "U64": np.uint64,
        "np": np,
        "prange": numba.prange,
    }
    # The code is made of whole numbers of the schedule and names given here.
    exec(compile(source, "<schedule>", "exec"), namespace)  # noqa: S102
    made: Loop = numba.njit(parallel=parallel, nogil=True, error_model="numpy")(namespace["settle"])
    return made
