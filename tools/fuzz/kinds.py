"""Kinds of files: how each is changed so that it is still nearly one of its kind.

A bit turned in a packed part only shows that checksums work. So archives are unpacked and packed
again around a changed part, records get other lengths, and structures of DER right ones.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tools.fuzz.draws import NUMBERS, WORDS, Change, change_text, pick

__all__ = [
    "Changer",
    "change_any",
    "change_der",
    "change_jpeg",
    "change_json",
    "change_png",
    "change_records",
    "change_words",
]


# Text.

_ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be")


def change_words(draw: Random, data: bytes, change: Change) -> bytes:
    """Text (csv, TOML, fixed width), now and then in another encoding."""
    if draw.random() < 0.2:
        return change(data)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return change(data)
    return change_text(draw, text).encode(draw.choice(_ENCODINGS), "surrogatepass")


# JSON lines.


def change_json(draw: Random, data: bytes, change: Change) -> bytes:
    """Lines of JSON, one value of one line replaced, or the line."""
    if draw.random() < 0.2:
        return change_words(draw, data, change)
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
        return change_words(draw, data, change)
    what = draw.random()
    if what < 0.1:
        lines.insert(draw.randrange(len(lines) + 1), lines[at])
    elif what < 0.2:
        lines[at] = lines[at][: draw.randrange(len(lines[at]) + 1)]
    elif what < 0.22:
        lines[at] = lines[at].replace(b":", b":" + b"[" * 3000 + b"]" * 3000 + b",", 1)
    else:
        try:
            plain = json.dumps(_other_value(draw, value), ensure_ascii=draw.random() < 0.5)
        except RecursionError:
            return change(data)
        lines[at] = plain.encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _other_value(draw: Random, value: Any) -> Any:
    if isinstance(value, dict) and value and draw.random() < 0.9:
        key = draw.choice(sorted(value))
        changed = dict(value)
        what = draw.random()
        if what < 0.15:
            del changed[key]
        elif what < 0.3:
            changed[pick(draw, WORDS, sorted(value))] = value[key]
        else:
            changed[key] = _other_value(draw, value[key])
        return changed
    if isinstance(value, list) and value and draw.random() < 0.8:
        at = draw.randrange(len(value))
        return [*value[:at], _other_value(draw, value[at]), *value[at + draw.randrange(2) :]]
    return _odd(draw, value)


def _odd(draw: Random, value: Any) -> Any:
    nested: Any = []
    for _ in range(draw.choice((1, 20, 300))):
        nested = [nested]
    return draw.choice(
        (
            *(None, True, False, 0, -1, 10**400, 1.5, float("nan"), float("inf"), "\ud800", [], {}),
            *([value], {"a": value}, str(value), nested, pick(draw, NUMBERS), pick(draw, WORDS)),
        )
    )


# Records of old workbooks.

_STREAM = 512
_REALS = (float("nan"), float("inf"), -float("inf"), 1e308, -1.0, 2958465.999, 1e15, 60.0, 5e-324)


def change_records(draw: Random, data: bytes, change: Change) -> bytes:
    """An old workbook: its records, or the blocks of the file around them."""
    what = draw.random()
    if what < 0.15 or len(data) < 2 * _STREAM:
        return change(data)
    if what < 0.25:
        raw = bytearray(data)
        # The head of the file, or its table of blocks and directory, which xlwt writes last.
        at = (
            draw.randrange(0, _STREAM - 4)
            if draw.random() < 0.5
            else draw.randrange(len(raw) - 1536, len(raw) - 4)
        )
        struct.pack_into(
            "<I", raw, at & ~3, draw.choice((0, 1, 2, 0xFFFFFFFE, 0xFFFFFFFF, draw.randrange(64)))
        )
        return bytes(raw)
    found = list(_records(data))
    if not found:
        return change(data)
    at, kind, size = draw.choice(found)
    body = data[at + 4 : at + 4 + size]
    stated = size
    if what < 0.4:
        stated = draw.choice((0, 1, size - 1, size + 1, 8224, 65535)) & 0xFFFF
    elif what < 0.5:
        kind = (
            draw.choice(found)[1]
            if draw.random() < 0.8
            else draw.choice((0x2F, 0x0A, 0x3C, 0x809, 0xFC))
        )
    elif what < 0.6 and size >= 8:
        body = body[:-8] + struct.pack("<d", draw.choice(_REALS))
    elif what < 0.7 and size >= 4:
        edge = struct.pack("<H", draw.choice((0, 1, 255, 256, 32767, 65535)))
        place = draw.choice((0, 2, 4))
        body = body[:place] + edge + body[place + 2 :]
    elif what < 0.9:
        body = change(body)
        stated = len(body) & 0xFFFF
    record = struct.pack("<HH", kind, stated) + body
    if what >= 0.9:
        record = b"" if draw.random() < 0.3 else record * 2
    tail = data[at + 4 + size :]
    last = found[-1][0] + 4 + found[-1][2]
    # What follows the stream stays where it is, so that the file around it is still whole.
    whole = data[:at] + record + tail[: last - (at + 4 + size)]
    return whole[:last].ljust(last, b"\0") + data[last:]


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where records begin, their kind and size, in a stream that lies in one piece."""
    at = _STREAM
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == 0 and size == 0:
            return
        yield at, kind, min(size, len(data) - at - 4)
        at += 4 + size


# DER.

_IDENTIFIERS = tuple(
    map(
        bytes.fromhex,
        (
            *("2a864886f70d010702", "2a864886f70d010701", "2a811ccf55018375", "2b06", "80", "ff"),
            *("2a811ccf55068301010402", "2a864886f70d01050d", "2a864886f70d01050c"),
            *("2a864886f70d0307", "60864801650304012a", "2a8648ce3d0201"),
        ),
    )
)
_TAGS = (
    0x01,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x0C,
    0x13,
    0x16,
    0x17,
    0x18,
    0x1E,
    0x30,
    0x31,
    0x80,
    0xA0,
    0xBF,
)


def change_der(draw: Random, data: bytes, change: Change) -> bytes:
    """A structure in DER, one part of it changed and the lengths around it put right."""
    if draw.random() < 0.15 or not data or data.startswith(b"-"):
        return change(data)
    return _change_part(draw, data, change, depth=0)


def _change_part(draw: Random, data: bytes, change: Change, depth: int) -> bytes:
    parts = list(_parts(data))
    if not parts or depth > 30:
        return change(data)
    at = draw.randrange(len(parts))
    tag, body = parts[at]
    inner = bool(tag & 0x20) or (tag in (0x03, 0x04) and draw.random() < 0.7)
    if inner and draw.random() < 0.85:
        skip = 1 if tag == 0x03 else 0
        parts[at] = tag, body[:skip] + _change_part(draw, body[skip:], change, depth + 1)
    else:
        parts[at : at + 1] = _other_parts(draw, tag, body, change)
    return b"".join(_wrapped(one, inside) for one, inside in parts)


def _other_parts(draw: Random, tag: int, body: bytes, change: Change) -> list[tuple[int, bytes]]:
    what = draw.randrange(8)
    if what == 0:
        return []
    if what == 1:
        return [(tag, body)] * 2
    if what == 2:
        return [(draw.choice(_TAGS), body)]
    if what == 3:
        nested = body
        for _ in range(draw.choice((1, 5, 200, 2000))):
            nested = _wrapped(0x30, nested)
        return [(tag, nested)]
    if what == 4 and tag == 0x06:
        return [(tag, draw.choice(_IDENTIFIERS))]
    if tag == 0x02:
        return [(tag, draw.choice((b"", b"\x00", b"\xff", b"\x7f" + b"\xff" * 3, b"\x01" * 300)))]
    if tag in (0x17, 0x18):
        moment = draw.choice(
            (b"991231235959Z", b"500101000000Z", b"20260230000000Z", b"2026", b"", b"Z")
        )
        return [(tag, moment)]
    return [(tag, change(body))]


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(data):
        tag, size, start = data[at], data[at + 1], at + 2
        if size & 0x80:
            width = size & 0x7F
            size, start = int.from_bytes(data[start : start + width], "big"), start + width
        if width_wrong(start, size, len(data)):
            return
        yield tag, data[start : start + size]
        at = start + size


def width_wrong(start: int, size: int, whole: int) -> bool:
    """Whether a length goes beyond what there is."""
    return size > whole or start + size > whole


def _wrapped(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


# Pictures.

_PNG_START = 8
_SIDES = (0, 1, 2, 358, 441, 65535, 65536, 0x7FFFFFFF, 0xFFFFFFFF)


def change_png(draw: Random, data: bytes, change: Change) -> bytes:
    """A PNG, one chunk of it changed, with the right checksum mostly; other pictures as bytes."""
    if not data.startswith(b"\x89PNG") or draw.random() < 0.15:
        return change_jpeg(draw, data, change)
    chunks: list[tuple[bytes, bytes]] = []
    at = _PNG_START
    while at + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    if not chunks:
        return change(data)
    at = draw.randrange(len(chunks))
    name, body = chunks[at]
    what = draw.random()
    if what < 0.3 and len(chunks[0][1]) == 13:
        name, body = chunks[at := 0]
        place = draw.choice((0, 4))
        body = body[:place] + struct.pack(">I", draw.choice(_SIDES)) + body[place + 4 :]
    elif what < 0.4:
        body = (
            body[:8] + bytes(draw.randrange(20) for _ in range(5)) if name == b"IHDR" else body * 2
        )
    elif what < 0.5:
        chunks.insert(draw.randrange(len(chunks)), (name, body))
    elif what < 0.6:
        name = draw.choice(
            (b"acTL", b"fcTL", b"fdAT", b"iCCP", b"zTXt", b"tRNS", b"PLTE", b"eXIf", b"pHYs")
        )
    elif what < 0.75 and name == b"IDAT":
        body = zlib.compress(change(_unpacked(body)))
    else:
        body = change(body)
    chunks[at] = name, body
    made = [data[:_PNG_START]]
    for name, body in chunks:
        made += [struct.pack(">I", len(body)), name, body]
        made.append(struct.pack(">I", zlib.crc32(name + body) if draw.random() < 0.97 else 0))
    return b"".join(made)


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, 1_000_000)
    except zlib.error:
        return body


def change_jpeg(draw: Random, data: bytes, change: Change) -> bytes:
    """A JPEG, one segment of it changed; other pictures as bytes."""
    if not data.startswith(b"\xff\xd8") or draw.random() < 0.3:
        return change(data)
    segments: list[bytes] = []
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append(data[at : at + size])
        at += size
    rest = data[at:]
    if not segments:
        return change(data)
    at = draw.randrange(len(segments))
    what = draw.randrange(5)
    if what == 0:
        segments.insert(draw.randrange(len(segments)), segments[at])
    elif what == 1:
        del segments[at]
    elif what == 2:
        rest *= draw.choice((2, 2, 60))
    else:
        head, body = segments[at][:2], change(segments[at][4:])[:65_000]
        segments[at] = head + struct.pack(">H", len(body) + 2) + body
    return data[:2] + b"".join(segments) + rest


def change_any(_draw: Random, data: bytes, change: Change) -> bytes:
    """A file of a kind whose structure is not looked at."""
    return change(data)


Changer = Callable[[Random, bytes, Change], bytes]
"""Changes a file: draws, the file, what changes bytes."""
