"""Quiet: openpyxl without the line that it prints where a workbook lacks a style.

Standard output is a program's own; what a file lacks is told by a fault. This module imports
openpyxl.
"""

from __future__ import annotations

from openpyxl.styles import cell_style

__all__ = ["hush"]


def hush() -> None:
    """Let openpyxl's module of styles print nothing, whatever a workbook holds."""
    # In its own namespace alone: standard output is not redirected, as other threads use it too.
    vars(cell_style)["print"] = _nothing


def _nothing(*_words: object) -> None:
    return
