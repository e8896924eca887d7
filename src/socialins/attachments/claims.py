"""Claims: what a file says of its picture, and what can be wrong with how it says it."""

from __future__ import annotations

import attrs

from socialins.faults import Text
from socialins.rules.attachment import ColourMode, PictureFormat

__all__ = ["DAMAGES", "Damaged", "Outline", "in_words"]

_ZH = {
    "grey": "灰度",
    "grey+alpha": "灰度带透明",
    "palette": "调色板",
    "colour": "彩色",
    "RGBA": "RGB 带透明",
}

DAMAGES = {
    "cut off before its end": "文件不完整",
    "no marker where one belongs": "缺少标记",
    "a segment without its end": "数据段不完整",
    "too many segments": "数据段过多",
    "two sizes in one picture": "同一图片有两个尺寸",
    "no picture in it": "其中没有图像",
    "no header": "缺少文件头",
    "no known header": "文件头无法识别",
    "no known colour type": "颜色类型无法识别",
    "too many chunks": "数据块过多",
    "no block where one belongs": "缺少数据块",
    "too many blocks": "数据块过多",
    "a negative width": "宽度为负数",
    "a side of no pixels": "宽或高为零",
    "its pixels can't be read": "图像数据无法读取",
}
"""What can be wrong with the structure of a file: English → Chinese."""


class Damaged(Exception):
    """The structure of a file is broken; the text is a key of `DAMAGES`."""


@attrs.frozen(kw_only=True)
class Outline:
    """What a file claims.

    Arguments:
        format: its format.
        width, height: pixels.
        bits: bits a pixel.
        colour: how colours are kept, if it is one of the ways that rules name.
        coding: how they are kept, in words.
        frames: pictures in the file; more than one is an animation. 2 stands for "several".
        scans: passes over the picture.
        end: where the picture ends in the file.
    """

    format: PictureFormat
    width: int
    height: int
    bits: int
    colour: ColourMode | None
    coding: str
    frames: int = 1
    scans: int = 1
    end: int


def in_words(coding: str) -> Text:
    """How colours are kept, in both languages.

    Arguments:
        coding: as `Outline` has it.

    >>> in_words("8-bit palette").zh
    '8 位调色板'
    """
    bits, _, kind = coding.partition("-bit ")
    words = _ZH.get(kind, f" {kind}")
    return Text(f"{bits} 位{words}", coding)
