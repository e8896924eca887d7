"""Exports of the tax client the fast way: plain workbooks by the fast reader, others as ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.bulk.large import can_be_fast
from socialins.bulk.plainbook import NotPlain, PlainBook, look_through
from socialins.forms.errors import FormError
from socialins.forms.sheets import Book, Limits, open_book
from socialins.forms.sniff import sniff
from socialins.reconcile.detail import DetailTable
from socialins.reconcile.reading import read_export
from socialins.reconcile.subject import Export
from socialins.reconcile.xls import is_old_workbook, open_old_workbook

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
    if is_old_workbook(export.path):
        return read_export(export, opener=_open_old, **how)
    if can_be_fast() and export.path.is_file() and export.path.stat().st_size > _LARGE:
        try:
            return read_export(export, opener=_open_plain, **how)
        except NotPlain:
            pass  # the slow reader tells more of its cells apart
    return read_export(export, opener=open_book, **how)


def _open_plain(path: Path, limits: Limits, _columns: frozenset[str]) -> Book:
    return PlainBook.open(path, look_through(path, limits))


def _open_old(path: Path, limits: Limits, columns: frozenset[str]) -> Book:
    # An encrypted workbook is of the same kind of file, and is told from an old one there.
    try:
        sniff(path, limits.size)
    except FormError as error:
        if error.fault.code != "form.file.xls":
            raise
    return open_old_workbook(path, limits)
