"""Settings: how far a picture may be changed before the copy is no longer an honest one."""

from __future__ import annotations

from fractions import Fraction

import attrs

__all__ = ["SETTINGS", "Settings"]


@attrs.frozen(kw_only=True)
class Settings:
    """How a conforming copy is made.

    Arguments:
        upscale: how many times larger a picture may be made; a face blown up further shows what no
            camera saw.
        crop: how much of a side may be cut off, as a part of it.
        across: where the part that is kept lies across: 0 at the left, ½ in the middle.
        down: where it lies from above: 0 at the top, which keeps the head of a portrait that is
            too tall; 1 at the bottom.
        quality: the JPEG quality that is tried first, where the rule names none.
        lowest_quality: below it no picture is compressed.
        smallest: where no size in pixels is asked for, no side is made shorter than this to fit a
            file size.
        profile: bytes of a colour profile that is kept at most; larger ones are dropped.
    """

    upscale: Fraction = attrs.field(default=Fraction(6, 5), converter=Fraction)
    crop: Fraction = attrs.field(default=Fraction(1, 4), converter=Fraction)
    across: Fraction = attrs.field(default=Fraction(1, 2), converter=Fraction)
    down: Fraction = attrs.field(default=Fraction(0), converter=Fraction)
    quality: int = 92
    lowest_quality: int = 45
    smallest: int = 600
    profile: int = 4096

    def __attrs_post_init__(self) -> None:
        within = all(0 <= part <= 1 for part in (self.crop, self.across, self.down))
        if not within or self.upscale < 1 or not 1 <= self.lowest_quality <= self.quality <= 100:
            raise ValueError(f"{self} can't be followed; see what each argument may be")


SETTINGS = Settings()
"""What holds where nobody says otherwise."""
