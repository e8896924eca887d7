"""Shrinking: the smallest input that still shows a finding, in a bounded time."""

from __future__ import annotations

import io
import time
import warnings
import zipfile
from collections.abc import Callable

__all__ = ["shrink"]

Shows = Callable[[bytes], bool]
"""Whether an input still shows the finding."""


def shrink(data: bytes, shows: Shows, seconds: float) -> bytes:
    """Make an input smaller as long as it shows the same.

    Arguments:
        data: the input.
        shows: says whether another one still does.
        seconds: how long to try.
    """
    end = time.monotonic() + seconds
    if data.startswith(b"PK"):
        data = _archive(data, shows, end)
    return _pieces(data, shows, end)


def _archive(data: bytes, shows: Shows, end: float) -> bytes:
    """Leave parts out, then pieces of the parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(one.filename, archive.read(one)) for one in archive.infolist()]
    except Exception:  # noqa: BLE001 - what can't be taken apart stays as it is
        return data
    if not shows(_packed(parts)):
        return data
    for at in range(len(parts) - 1, -1, -1):
        fewer = parts[:at] + parts[at + 1 :]
        if time.monotonic() < end and shows(_packed(fewer)):
            parts = fewer
    for at, (name, body) in enumerate(parts):

        def still(piece: bytes, at: int = at, name: str = name) -> bool:
            return shows(_packed([*parts[:at], (name, piece), *parts[at + 1 :]]))

        parts[at] = name, _pieces(body, still, end)
    return _packed(parts)


def _packed(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for name, body in parts:
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


def _pieces(data: bytes, shows: Shows, end: float) -> bytes:
    """Leave out pieces: large ones first, then smaller ones."""
    size = max(len(data) // 2, 1)
    while size:
        at = 0
        while at < len(data):
            if time.monotonic() > end:
                return data
            fewer = data[:at] + data[at + size :]
            if shows(fewer):
                data = fewer
            else:
                at += size
        size //= 2
    return data
