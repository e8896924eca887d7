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
        OverflowError: for a result that the type does not hold.
    """
    plan = column_plan(lines, shape)
    compute = _reference(lines) if reference else fast_function(lines)
    numbers = [(0, 1) if rate is None else (rate.numerator, rate.denominator) for rate in rates]
    rows = []
    for position, wage in enumerate(wages):
        figures = compute(wage, *numbers[0 if codes is None else codes[position]])
        rows.append([_value(column, figures) for column in plan])
    columns = zip(*rows, strict=True) if rows else [() for _ in plan]
    return [np.array(column, dtype) for column in columns]


def _reference(lines: tuple[Line, ...]) -> FastFunction:
    """The reference with the face of the function."""

    def compute(wage: int, numerator: int, denominator: int) -> tuple[int, ...]:
        rate = Rate(Fraction(numerator, denominator))
        found = [derive(line, Money(wage), rate) for line in lines]
        return tuple(fen for one in found for fen in (one.base.fen, one.amount.fen))

    return compute


def _value(column: OutputColumn, figures: Sequence[int]) -> int:
    if column.kind in ("base", "unit_base"):
        return figures[2 * column.lines[0]] if column.lines else 0
    return sum(figures[2 * index + 1] for index in column.lines)
