"""The colour of a background, measured at the border of a portrait.

Bureaus write "white or light blue" and give no colour values. The numbers here are the library's
own, made so that a sheet of paper in the light of a room passes and a wall does not; no bureau
stands behind them, and what a bureau's own program measures is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import attrs

from socialins.rules.attachment import Background

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["TOLERANCE", "Tolerance", "background_of"]

_ACROSS, _DOWN = 64, 80
"""The picture is averaged down to this before it is measured: noise goes, colour stays."""


@attrs.frozen(kw_only=True)
class Tolerance:
    """What passes for a colour. All of it is the library's own, no bureau's figure.

    Channels go from 0 to 255.

    Arguments:
        white_from: the least of the three channels of white.
        white_spread: how far the channels of white may lie apart.
        blue_from: the least blue of light blue.
        blue_red_from: its least red: darker than that, it is blue and not light blue.
        blue_over_red: by how much its blue is above its red, least and most.
        strip: how much of a side counts as border, in hundredths: above all of it, left and right
            down to half the height, since below that there are shoulders.
        share: how much of the border must have the colour, in hundredths; hair may reach into it.
    """

    white_from: int = 215
    white_spread: int = 30
    blue_from: int = 170
    blue_red_from: int = 90
    blue_over_red: tuple[int, int] = (16, 140)
    strip: int = 6
    share: int = 85

    def is_white(self, red: int, green: int, blue: int) -> bool:
        """Whether a colour passes for white.

        >>> Tolerance().is_white(250, 251, 255), Tolerance().is_white(200, 190, 180)
        (True, False)
        """
        least, most = min(red, green, blue), max(red, green, blue)
        return least >= self.white_from and most - least <= self.white_spread

    def is_light_blue(self, red: int, green: int, blue: int) -> bool:
        """Whether a colour passes for light blue.

        >>> Tolerance().is_light_blue(173, 216, 230), Tolerance().is_light_blue(0, 0, 255)
        (True, False)
        """
        least, most = self.blue_over_red
        light = blue >= self.blue_from and red >= self.blue_red_from
        return light and least <= blue - red <= most and red - 10 <= green <= blue + 10


TOLERANCE = Tolerance()
"""What holds where nobody says otherwise."""


def background_of(picture: Image, tolerance: Tolerance) -> dict[Background, int]:
    """How much of a picture's border has each colour, in hundredths.

    Arguments:
        picture: the picture, in RGB.
        tolerance: what passes for a colour.
    """
    pixels = list(_border(picture, tolerance.strip))
    tests: dict[Background, Callable[[int, int, int], bool]] = {
        Background.WHITE: tolerance.is_white,
        Background.LIGHT_BLUE: tolerance.is_light_blue,
    }
    return {
        colour: 100 * sum(test(*pixel) for pixel in pixels) // len(pixels)
        for colour, test in tests.items()
    }


def _border(picture: Image, strip: int) -> Iterator[tuple[int, int, int]]:
    from PIL.Image import Resampling

    small = picture.resize((_ACROSS, _DOWN), Resampling.BOX).tobytes()
    wide, high = max(1, _ACROSS * strip // 100), max(1, _DOWN * strip // 100)
    for row in range(_DOWN // 2):
        for column in range(_ACROSS):
            if row < high or column < wide or column >= _ACROSS - wide:
                place = 3 * (row * _ACROSS + column)
                yield small[place], small[place + 1], small[place + 2]
