"""Opening (打开文件): which reader a file is for, by what it is and not by what it is called."""

from __future__ import annotations

from pathlib import Path

from socialins.faults import require
from socialins.forms.sheets import Book, Limits
from socialins.forms.sniff import Format, sniff

__all__ = ["open_book"]


def open_book(path: Path, limits: Limits, columns: frozenset[str] = frozenset()) -> Book:
    """Open a file, by what it is and not by what it is called.

    Arguments:
        path: the file.
        limits: what it may hold at most.
        columns: folded headings; the delimiter of a text file is the one that shows most of them.

    Raises:
        FormError: if it can't be read, or is no workbook and no text.
        MissingExtra: if it is a workbook and the extra ``xlsx`` is not installed.
    """
    kind = sniff(path, limits.size)
    if kind is Format.TEXT:
        from socialins.forms.textbook import TextBook

        return TextBook.open(path, limits, columns)
    if kind is Format.OLD_WORKBOOK:
        from socialins.forms.oldbook import open_old_workbook

        return open_old_workbook(path, limits)
    require("openpyxl", "xlsx")
    require("defusedxml", "xlsx")
    from socialins.forms.archive import check_archive
    from socialins.forms.workbook import Workbook

    check_archive(path, limits)
    return Workbook.open(path, limits)
