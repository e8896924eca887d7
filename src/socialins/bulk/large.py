"""Large rosters: from how many rows on the fast way is taken, and whether it is there.

Told without loading what makes it fast, which costs more than a small roster does.
"""

from __future__ import annotations

from importlib.util import find_spec

__all__ = ["LARGE", "can_be_fast"]

LARGE = 1000
"""Rows beyond which the fast way pays."""

_MODULES = ("numpy", "pyarrow", "python_calamine", "rustpy_xlsxwriter")


def can_be_fast() -> bool:
    """Whether what the extra ``workbooks`` brings is installed."""
    return all(find_spec(module) is not None for module in _MODULES)
