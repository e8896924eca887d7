"""Exports of the tax client the fast way: plain workbooks by the fast reader, others as ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.bulk.large import can_be_fast
from socialins.bulk.plainbook import NotPlain, PlainBook, look_through
from socialins.forms.opening import open_book
from socialins.forms.sheets import Book, Limits
from socialins.reconcile.detail import DetailTable
from socialins.reconcile.reading import read_export
from socialins.reconcile.subject import Export

__all__ = ["read_any_export"]

_LARGE = 200_000
"""Bytes of a workbook from which on the fast reader pays."""


def read_any_export(export: Export, **how: Any) -> list[DetailTable]:
    """Read a file of an export, whatever its format, as fast as what is installed allows.

    Arguments:
        export: the file.
        how: what `read_export` takes.

    Raises:
        FormError: as `read_export` does.
        MissingExtra: if the format needs an extra that is not installed.
    """
    how.pop("opener", None)
    if can_be_fast() and export.path.is_file() and export.path.stat().st_size > _LARGE:
        try:
            return read_export(export, opener=_open_plain, **how)
        except NotPlain:
            pass  # the slow reader tells more of its cells apart
    return read_export(export, opener=open_book, **how)


def _open_plain(path: Path, limits: Limits, _columns: frozenset[str]) -> Book:
    return PlainBook.open(path, look_through(path, limits))
