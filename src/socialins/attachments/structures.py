"""Structures: how each format says how large its picture is, and where it ends.

Only lengths and marks are followed here; no pixel is decoded and nothing is unpacked. Each reader
goes forward through the file, so that it ends, and every number is looked up where it must be, so
that a file cut off is told from one that is whole.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator

from socialins.attachments.claims import Damaged, Outline
from socialins.attachments.limits import Limits
from socialins.rules.attachment import ColourMode, PictureFormat

__all__ = ["READERS"]

# After the data of a scan comes a marker that is no restart and no stuffed zero.
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD8)}
_SCAN, _END = 0xDA, 0xD9


def _jpeg(data: bytes, limits: Limits) -> Outline:
    frame: tuple[int, int, int, int] | None = None
    scans, end = 0, 0
    for marker, place in _segments(data, limits):
        if marker in _FRAMES:
            claimed = struct.unpack_from(">BHHB", data, place)
            if frame is not None and frame != claimed:
                raise Damaged("two sizes in one picture")
            frame = claimed
        scans += marker == _SCAN
        end = place
    if frame is None or not scans:
        raise Damaged("no picture in it")
    depth, height, width, parts = frame
    modes = {1: ColourMode.GREY_8, 3: ColourMode.RGB_24}
    names = {1: "grey", 3: "RGB", 4: "CMYK"}
    return Outline(
        format=PictureFormat.JPEG,
        width=width,
        height=height,
        bits=depth * parts,
        colour=modes.get(parts) if depth == 8 else None,
        coding=f"{depth * parts}-bit {names.get(parts, 'colour')}",
        scans=scans,
        end=end,
    )


def _segments(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    """The markers of a JPEG, each with the place behind its length; the last ends the picture."""
    place = 2
    for _ in range(limits.blocks):
        if data[place] != 0xFF:
            raise Damaged("no marker where one belongs")
        while data[place] == 0xFF:
            place += 1
        marker, place = data[place], place + 1
        if marker in _ALONE:
            continue
        if marker == _END:
            yield marker, place
            return
        (length,) = struct.unpack_from(">H", data, place)
        if length < 2 or place + length > len(data):
            raise Damaged("a segment without its end")
        yield marker, place + 2
        place += length
        if marker == _SCAN:
            following = _NEXT_MARKER.search(data, place)
            if following is None:
                raise Damaged("cut off before its end")
            place = following.start()
    raise Damaged("too many segments")


_PNG_KINDS = {
    0: ("grey", 1),
    2: ("RGB", 3),
    3: ("palette", 1),
    4: ("grey+alpha", 2),
    6: ("RGBA", 4),
}


def _png(data: bytes, limits: Limits) -> Outline:
    length, name = struct.unpack_from(">I4s", data, 8)
    if name != b"IHDR" or length != 13:
        raise Damaged("no header")
    width, height, depth, kind = struct.unpack_from(">IIBB", data, 16)
    if kind not in _PNG_KINDS:
        raise Damaged("no known colour type")
    place, frames, seen = 8, 1, False
    for _ in range(limits.blocks):
        length, name = struct.unpack_from(">I4s", data, place)
        place += length + 12
        if place > len(data):
            raise Damaged("cut off before its end")
        seen = seen or name == b"IDAT"
        frames = 2 if name == b"acTL" else frames
        if name == b"IEND":
            break
    else:
        raise Damaged("too many chunks")
    if not seen:
        raise Damaged("no picture in it")
    word, parts = _PNG_KINDS[kind]
    modes = {(2, 8): ColourMode.RGB_24, (0, 8): ColourMode.GREY_8}
    return Outline(
        format=PictureFormat.PNG,
        width=width,
        height=height,
        bits=depth * parts,
        colour=modes.get((kind, depth)),
        coding=f"{depth * parts}-bit {word}",
        frames=frames,
        end=place,
    )


def _gif(data: bytes, limits: Limits) -> Outline:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    place = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    frames = 0
    for _ in range(limits.blocks):
        block = data[place]
        place += 1
        if block == 0x3B:
            break
        if block == 0x2C:
            left, top, wide, high, local = struct.unpack_from("<HHHHB", data, place)
            # A decoder makes the picture larger for a frame that does not fit in it.
            width, height = max(width, left + wide), max(height, top + high)
            frames += 1
            place += 9 + (3 << ((local & 7) + 1) if local & 0x80 else 0) + 1
        elif block == 0x21:
            place += 1
        else:
            raise Damaged("no block where one belongs")
        while size := data[place]:
            place += size + 1
        place += 1
    else:
        raise Damaged("too many blocks")
    if not frames:
        raise Damaged("no picture in it")
    return Outline(
        format=PictureFormat.GIF,
        width=width,
        height=height,
        bits=8,
        colour=None,
        coding="8-bit palette",
        frames=frames,
        end=place,
    )


def _bmp(data: bytes, _limits: Limits) -> Outline:
    stated, _, _, header = struct.unpack_from("<IIII", data, 2)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
    elif header >= 40:
        width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
    else:
        raise Damaged("no known header")
    if width < 0:
        raise Damaged("a negative width")
    if stated > len(data):
        raise Damaged("cut off before its end")
    return Outline(
        format=PictureFormat.BMP,
        width=width,
        height=abs(height),
        bits=bits,
        colour=ColourMode.RGB_24 if bits == 24 else None,
        coding=f"{bits}-bit {'palette' if bits <= 8 else 'RGB'}",
        end=stated or len(data),
    )


def _webp(data: bytes, _limits: Limits) -> Outline:
    (stated,) = struct.unpack_from("<I", data, 4)
    end = 8 + stated + stated % 2
    if 8 + stated > len(data):
        raise Damaged("cut off before its end")
    name = data[12:16]
    frames, alpha = 1, False
    if name == b"VP8X":
        flags = data[20]
        frames, alpha = (2 if flags & 0x02 else 1), bool(flags & 0x10)
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif name == b"VP8L":
        (packed,) = struct.unpack_from("<I", data, 21)
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
        alpha = bool(packed >> 28 & 1)
    elif name == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    else:
        raise Damaged("no picture in it")
    return Outline(
        format=PictureFormat.WEBP,
        width=width,
        height=height,
        bits=32 if alpha else 24,
        colour=None if alpha else ColourMode.RGB_24,
        coding="32-bit RGBA" if alpha else "24-bit RGB",
        frames=frames,
        end=min(end, len(data)),
    )


READERS: dict[PictureFormat, Callable[[bytes, Limits], Outline]] = {
    PictureFormat.JPEG: _jpeg,
    PictureFormat.PNG: _png,
    PictureFormat.GIF: _gif,
    PictureFormat.BMP: _bmp,
    PictureFormat.WEBP: _webp,
}
"""A reader for each format: bytes and limits → what they claim."""
