"""Measured: what was found of a picture, as numbers and codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from socialins.rules.attachment import Background, ColourMode, PictureFormat

__all__ = ["Measured"]


@attrs.frozen(kw_only=True)
class Measured:
    """What was measured of a picture.

    Arguments:
        size: bytes of the file.
        format: the format, told by its content.
        width, height: pixels as they stand in the file.
        bits: bits a pixel.
        colour: how colours are kept, if it is one of the ways that rules name.
        coding: how they are kept, in words such as ``32-bit CMYK``.
        dpi: dots an inch across and down; None where the file states none.
        frames: 1, or more for an animation.
        turned: whether the file asks its viewers to turn or mirror it (EXIF).
        background: the colour of the background, as far as it is one of those that rules name.
        shares: how much of the border has each of those colours, 0 to 100.
    """

    size: int
    format: PictureFormat
    width: int
    height: int
    bits: int
    colour: ColourMode | None
    coding: str
    dpi: tuple[int, int] | None = None
    frames: int = 1
    turned: bool = False
    background: Background | None = None
    shares: Mapping[Background, int] = attrs.field(factory=dict, hash=False)

    def to_plain(self) -> dict[str, Any]:
        """As dicts, lists and text."""
        plain = attrs.asdict(self, recurse=False)
        for name in ("format", "colour", "background"):
            plain[name] = None if plain[name] is None else plain[name].value
        plain["shares"] = {colour.value: share for colour, share in self.shares.items()}
        plain["dpi"] = None if self.dpi is None else list(self.dpi)
        return plain
