"""Hypothesis, or the sentence that says how to install it.

The strategies are shipped with the library, Hypothesis is not: it comes with the extra ``testing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialins.faults import require

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = require("hypothesis", "testing").strategies

__all__ = ["st"]
