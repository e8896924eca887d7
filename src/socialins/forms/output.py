"""Files out: a name that fits the format, and a file that is whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError

__all__ = ["check_suffix", "whole_file"]


def check_suffix(path: Path, *suffixes: str) -> str:
    """The ending of a file's name, in small letters.

    Raises:
        FormError: if it is none of those that can be written.

    >>> check_suffix(Path("bill.XLSX"), ".xlsx")
    '.xlsx'
    """
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        values = {"name": path.name, "suffixes": ", ".join(suffixes)}
        raise FormError(Fault("form.file.suffix", values, Place(file=str(path))))
    return suffix


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to, beside the wanted one, whose place it takes when all went well."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
