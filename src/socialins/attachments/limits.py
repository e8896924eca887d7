"""Limits: what a file may hold at most, so that no picture can fill the memory or take for ever.

A few dozen bytes can claim to be a picture of four gigabytes. So the claims are read first, from
the structure of the file alone, and nothing is decoded that is beyond these.
"""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["LIMITS", "Limits"]


def _positive(_instance: object, attribute: attrs.Attribute[Any], value: int) -> None:
    if value < 1:
        raise ValueError(f"{attribute.name!r} must be at least 1")


@attrs.frozen(kw_only=True)
class Limits:
    """What is read of pictures at most.

    Arguments:
        size: bytes of a file.
        pixels: pixels of a picture; decoded, one takes four bytes.
        side: pixels of one side.
        scans: passes over a progressive JPEG; usual ones have about ten.
        blocks: pieces that a file is made of: segments, chunks, frames.
        name: bytes of a file's name, in UTF-8.
        files: files of a folder or a batch.
    """

    size: int = attrs.field(default=30_000_000, validator=_positive)
    pixels: int = attrs.field(default=50_000_000, validator=_positive)
    side: int = attrs.field(default=30_000, validator=_positive)
    scans: int = attrs.field(default=50, validator=_positive)
    blocks: int = attrs.field(default=50_000, validator=_positive)
    name: int = attrs.field(default=200, validator=_positive)
    files: int = attrs.field(default=10_000, validator=_positive)


LIMITS = Limits()
"""What holds where nobody says otherwise."""
