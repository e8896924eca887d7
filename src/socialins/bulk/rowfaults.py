"""Row faults: which rows of a batch have which faults, as bits until somebody reads them."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["ROW_FAULTS", "Faults"]

ROW_FAULTS = (
    "bulk.wage-missing",
    "bulk.wage-negative",
    "bulk.wage-part-of-fen",
    "bulk.wage-too-large",
    "bulk.household-unreadable",
    "bulk.employment-unreadable",
    "bulk.account-type-unreadable",
    "bulk.unit-size-unreadable",
    "settle.trade-unheard",
    "settle.insurance-unheard",
    "bulk.injury-rate-unreadable",
    "settle.injury-rate-missing",
    "settle.injury-band-unheard",
    "settle.relief-undecided",
    "rules.unknown",
)
"""Every fault that a row can have, in the order in which its codes are joined."""

_BIT = {code: np.uint32(1 << index) for index, code in enumerate(ROW_FAULTS)}


@attrs.define
class Faults:
    """Which rows have which faults: a bit for each code, and no array until there is one.

    Arguments:
        rows: how many rows there are.
    """

    rows: int
    bits: NDArray[np.uint32] | None = None

    def add(self, code: str, where: NDArray[Any] | slice) -> None:
        """Add a fault to rows, given by a mask, indexes or a slice."""
        if self.bits is None:
            self.bits = np.zeros(self.rows, np.uint32)
        self.bits[where] |= _BIT[code]

    def column(self) -> pa.Array:
        """The codes of each row, joined by ``;``, null where there is none."""
        if self.bits is None:
            return pa.nulls(self.rows, pa.string())
        found, index = np.unique(self.bits, return_inverse=True)
        words = [";".join(code for code, bit in _BIT.items() if bits & bit) for bits in found]
        texts = pa.array([word or None for word in words], pa.string())
        return texts.take(pa.array(index))
