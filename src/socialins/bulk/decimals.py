"""Decimals: yuan as Arrow's decimal numbers, read as whole fen without ever being rounded."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["fen_of"]


def fen_of(column: pa.Array, max_wage: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Yuan with decimals → whole fen, exactly; and which have a part smaller than a fen.

    What is out of range comes out as just out of range, on its own side.
    """
    scale: int = column.type.scale
    if not pa.types.is_decimal256(column.type) and -10 <= scale <= 10:
        column = column.cast(pa.decimal128(38, scale))
        # Two halves a value, the lower first.
        halves = np.frombuffer(column.buffers()[1], np.int64)
        halves = halves[2 * column.offset : 2 * (column.offset + len(column))].reshape(-1, 2)
        low, high = halves[:, 0], halves[:, 1]
        limit = np.int64(2**62)
        outside = (high != low >> 63) | (low > limit) | (low < -limit)
        low = np.where(outside, np.where(high < 0, -limit, limit), low)
        if scale <= 2:
            unit = 10 ** (2 - scale)
            fen = np.clip(low, -1, max_wage // unit + 1) * np.int64(unit)
            return fen, np.zeros(len(fen), np.bool_)
        parts = np.int64(10 ** (scale - 2))
        return low // parts, (low % parts != 0) & ~outside
    exact = [value * 100 for value in column.to_pylist()]
    whole = [min(max(int(value), -1 if value < 0 else 0), max_wage + 1) for value in exact]
    finer = [value != int(value) for value in exact]
    return np.array(whole, np.int64), np.array(finer, np.bool_)
