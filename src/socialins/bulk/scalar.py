"""Row by row: the generated function and the reference, made to fill a table's columns.

Below a hundred rows the function is faster than arrays; and what arrays refuse it still computes
exactly. The reference is there to be compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialins.bulk.columns import OutputColumn, Shape, column_plan
from socialins.settlement.fast import FastFunction, fast_function
from socialins.settlement.reference import derive
from socialins.settlement.schedule import Line
from socialins.values import Money, Rate

__all__ = ["scalar_columns"]


def scalar_columns(
    lines: tuple[Line, ...],
    shape: Shape,
    wages: Sequence[int],
    rates: Sequence[Rate | None],
    codes: Sequence[int] | None,
    *,
    reference: bool,
    dtype: Any,
) -> list[NDArray[Any]]:
    """Compute all columns of rows with the same lines.

    Arguments:
        lines: the lines.
        shape: the table's insurances.
        wages: in fen.
        rates: the accounts' own rates.
        codes: which of the rates each row has; None for the first.
        reference: compute by the reference rather than the function.
        dtype: the type of the columns.

    Raises:
        OverflowError: for amounts whose sums the type may not hold.
    """
    compute = _reference(lines) if reference else fast_function(lines)
    numbers = [(0, 1) if rate is None else (rate.numerator, rate.denominator) for rate in rates]
    if codes is None:
        top, bottom = numbers[0]
        figures = [compute(wage, top, bottom) for wage in wages]
    else:
        figures = [compute(wage, *numbers[code]) for wage, code in zip(wages, codes, strict=True)]
    table = np.array(figures, np.int64).reshape(len(wages), 2 * len(lines))
    if table.size and int(table.max()) * max(len(lines), 1) > np.iinfo(dtype).max:
        raise OverflowError(f"some amounts don't fit {np.dtype(dtype)}")
    return [_column(column, table, dtype) for column in column_plan(lines, shape)]


def _reference(lines: tuple[Line, ...]) -> FastFunction:
    """The reference with the face of the function."""

    def compute(wage: int, numerator: int, denominator: int) -> tuple[int, ...]:
        rate = Rate(Fraction(numerator, denominator))
        found = [derive(line, Money(wage), rate) for line in lines]
        return tuple(fen for one in found for fen in (one.base.fen, one.amount.fen))

    return compute


def _column(column: OutputColumn, table: NDArray[np.int64], dtype: Any) -> NDArray[Any]:
    is_base = column.kind in ("base", "unit_base")
    places = [2 * index + (0 if is_base else 1) for index in column.lines]
    if len(places) == 1:
        return table[:, places[0]].astype(dtype)
    summed: NDArray[Any] = table[:, places].sum(axis=1, dtype=dtype)
    return summed
