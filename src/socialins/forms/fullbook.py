"""Whole workbooks: opened with styles, merged cells and validations, to be changed and kept.

What only reads takes a workbook row by row; what fills a bureau's own workbook, or colours cells in
a user's, needs all of it. openpyxl then walks over every cell of every merged range, so these are
added up before it begins. This module imports openpyxl.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from socialins.faults import Fault, Place, Text
from socialins.forms.archive import DAMAGE, check_archive
from socialins.forms.errors import FormError
from socialins.forms.plaintext import excerpt
from socialins.forms.quiet import hush
from socialins.forms.sheets import Limits
from socialins.forms.sniff import Format, sniff
from socialins.forms.spreadsheet import save_book

__all__ = ["load_whole", "save_whole", "whole_sheet"]

hush()

_PIECE = 1 << 20
_TAG = re.compile(rb"<(?:[\w.-]+:)?mergeCell(?=[\s/>])[^>]*")
_REF = re.compile(rb"""\sref\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?["']""")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_BROKEN = (
    *DAMAGE,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    SyntaxError,
    TypeError,
)


def load_whole(path: Path, limits: Limits) -> Any:
    """Open a workbook as a whole. Macros are left behind, and so is what openpyxl does not know.

    Arguments:
        path: the file.
        limits: what it may hold at most.

    Returns:
        openpyxl's workbook.

    Raises:
        FormError: if it is no workbook, damaged, or beyond the limits.
    """
    if sniff(path, limits.size) is not Format.WORKBOOK:
        values = {"suffix": path.suffix or path.name}
        raise FormError(Fault("form.file.not-xlsx", values, Place(file=str(path))))
    check_archive(path, limits)
    try:
        _check_cells(path, limits, Place(file=str(path)))
        # openpyxl leaves a file that it opened itself open where it stumbles.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(file, keep_links=False)
    except _BROKEN as error:
        raise _damage(path, error) from error


def whole_sheet(book: Any, name: str | None, source: Path) -> Any:
    """A sheet of a workbook that was opened as a whole.

    Arguments:
        book: the workbook.
        name: its name, as a reader of rows told it.
        source: the file that both read.

    Raises:
        FormError: if it has another name here: openpyxl gives one to sheets without, or that share.
    """
    if name not in book.sheetnames:
        raise _damage(source, KeyError(name))
    return book[name]


def save_whole(book: Any, path: Path, source: Path) -> None:
    """Write a workbook that was opened as a whole.

    Arguments:
        book: the workbook.
        path: where.
        source: the file it was opened from.

    Raises:
        FormError: if that holds something that openpyxl reads and can't write.
        OSError: if the file can't be written.
    """
    try:
        save_book(book, path)
    except OSError:
        raise
    except _BROKEN as error:
        raise _damage(source, error) from error


def _damage(path: Path, error: Exception) -> FormError:
    """What openpyxl stumbled over, as a fault of the file."""
    place = Place(file=str(path))
    if any(isinstance(one, DefusedXmlException) for one in (error, error.__cause__)):
        return FormError(Fault("form.file.entities", {}, place))
    reason = excerpt(str(error) or type(error).__name__)
    return FormError(Fault("form.file.damaged", {"reason": reason}, place))


def _check_cells(path: Path, limits: Limits, place: Place) -> None:
    cells = 0
    with ZipFile(path) as archive:
        for part in archive.infolist():
            if not part.filename.lower().endswith(".xml"):
                continue
            with archive.open(part) as file:
                for piece in _pieces(file):
                    cells += len(_CELL.findall(piece))
                    cells += sum(_area(tag, limits) for tag in _TAG.findall(piece))
                    if cells > limits.cells:
                        reason = Text(
                            f"超过 {limits.cells:,} 个单元格", f"over {limits.cells:,} cells"
                        )
                        raise FormError(Fault("form.file.bomb", {"reason": reason}, place))


def _area(tag: bytes, limits: Limits) -> int:
    """How many cells a merged range has; beyond all limits where it is written in an odd way."""
    match = _REF.search(tag)
    if match is None:
        return limits.cells + 1
    ends = b":".join(one for one in match.groups() if one).decode("ascii")
    left, top, right, bottom = (int(one or 0) for one in range_boundaries(ends))
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A part in pieces that end between two tags."""
    rest = b""
    while piece := file.read(_PIECE):
        plain = rest + piece.replace(b"\0", b"")
        end = max(plain.rfind(b"<"), 0)
        rest = plain[end:]
        yield plain[:end]
    yield rest
