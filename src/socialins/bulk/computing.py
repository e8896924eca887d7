"""Computing: the columns of one part of a batch, by the target that suits its size.

Arrays compute most parts; a function computes the small ones, and what arrays refuse. Which of them
it was can't be told from the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.columns import Shape
from socialins.bulk.kernel import ArrayKernel, array_kernel
from socialins.bulk.limits import INT32_MAX, Refused, refused
from socialins.bulk.operations import Array, columns_of
from socialins.bulk.parts import Part
from socialins.bulk.scalar import scalar_columns
from socialins.faults import Text
from socialins.settlement.schedule import Line
from socialins.values import Rate

__all__ = ["Computer", "Fen", "Target"]

Target = Literal["auto", "array", "function", "reference"]
"""What computes: arrays, a generated function a row, or the reference, slow and plain."""

Fen = Literal["int64", "int32"]
"""The type of columns of fen."""

_FEW = 8
"""Rows of a part below which a function a row is faster than arrays."""

_HUNDREDTHS = 10_000
"""Rates are stated in hundredths of a percent, mostly; a denominator common to many batches."""


@attrs.frozen
class Computer:
    """Computes parts of batches.

    Arguments:
        shape: the insurances to make columns for.
        target: what computes them.
        fen: the type of the columns of fen.
        max_wage: the largest wage, in fen.
        region: how the region is called, for a refusal.
    """

    shape: Shape
    target: Target
    fen: Fen
    max_wage: int
    region: Text
    _kernels: dict[Any, ArrayKernel | Refused] = attrs.field(factory=dict, init=False, repr=False)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the columns."""
        return np.dtype(self.fen)

    def columns(self, part: Part, wages: NDArray[np.int64]) -> Sequence[Array | None]:
        """The columns of a part; None for zeros, and one array for columns that are the same."""
        target = self.target
        if target == "auto":
            target = "function" if len(wages) < _FEW else "array"
        if target != "array":
            return self._scalar(part, wages, target)
        if part.rates is None:
            kernel = self._kernel(part.lines, part.rate)
            if isinstance(kernel, ArrayKernel):
                return self._run(kernel, wages, None)
            return self._otherwise(part, wages, kernel)
        codes, rates = part.rates
        bottom = lcm(_HUNDREDTHS, *(rate.denominator for rate in rates))
        numerators = [int(rate.fraction * bottom) for rate in rates]
        kernel = self._kernel(part.lines, (_up_to(max(numerators), bottom), bottom))
        if isinstance(kernel, ArrayKernel):
            table = np.array(numerators, np.uint64 if bottom > INT32_MAX else np.uint32)
            return self._run(kernel, wages, table.take(codes))
        # The rates have no denominator in common that fits; each by itself may.
        columns = columns_of(len(self.shape.names()), len(wages), self.dtype, zero=True)
        for number, rate in enumerate(rates):
            found = np.flatnonzero(codes == number)
            one = attrs.evolve(part, rate=rate, rates=None)
            for column, values in zip(columns, self.columns(one, wages[found]), strict=True):
                if values is not None:
                    column[found] = values
        return columns

    def _run(
        self, kernel: ArrayKernel, wages: NDArray[np.int64], by_row: Array | None
    ) -> list[Array | None]:
        different = sorted(set(kernel.twins) - kernel.zeros)
        made = dict(zip(different, columns_of(len(different), len(wages), self.dtype), strict=True))
        out = [made.get(twin) for twin in kernel.twins]
        kernel.run(wages, by_row, out=out)
        return out

    def _kernel(
        self, lines: tuple[Line, ...], operand: Rate | tuple[int, int] | None
    ) -> ArrayKernel | Refused:
        key = lines, operand
        found = self._kernels.get(key)
        if found is None:
            try:
                found = array_kernel(lines, self.shape, operand, self.max_wage, self.region)
            except Refused as refusal:
                found = refusal
            else:
                found.check(self.dtype)
            self._kernels[key] = found
        return found

    def _otherwise(self, part: Part, wages: NDArray[np.int64], refusal: Refused) -> list[Array]:
        """What arrays can't compute exactly the function can, unless arrays were asked for."""
        if self.target == "array":
            raise refusal
        return self._scalar(part, wages, "function")

    def _scalar(
        self, part: Part, wages: NDArray[np.int64], target: Literal["function", "reference"]
    ) -> list[Array]:
        if part.rates is None:
            rates: tuple[Rate | None, ...] = (part.rate,)
            codes = None
        else:
            codes, rates = part.rates[0].tolist(), part.rates[1]
        if self.fen == "int32":
            # Whether a type holds all results must not hang on how many rows there are.
            self._kernel(part.lines, max(filter(None, rates), default=None))
        try:
            return scalar_columns(
                part.lines,
                self.shape,
                wages.tolist(),
                rates,
                codes,
                reference=target == "reference",
                dtype=self.dtype,
            )
        except OverflowError:
            raise refused(part.lines[-1], self.region) from None


def _up_to(numerator: int, bottom: int) -> int:
    """A round number that a numerator lies below, so that a kernel serves many batches."""
    for percent in (1, 2, 5, 20):
        if numerator * 100 <= bottom * percent:
            return -(-bottom * percent // 100)
    return bottom
