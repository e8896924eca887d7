"""Compound files: the container of old workbooks (.xls), read for the stream of the workbook.

A chain of sectors is never longer than the file has sectors, so that no file can send its reader
round in circles or make it take more than its own size.
"""

from __future__ import annotations

import struct

import attrs

__all__ = ["Broken", "workbook_stream"]

_END = 0xFFFFFFFA


class Broken(Exception):
    """The file is not put together as such a file is."""


def workbook_stream(raw: bytes) -> bytes:
    """The stream of the workbook out of the compound file that holds it.

    Raises:
        Broken: if there is none.
        struct.error: if it ends too early.
    """
    shift, mini_shift = struct.unpack_from("<HH", raw, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise Broken("sector size")
    size = 1 << shift
    fat_count, directory = (
        struct.unpack_from("<I", raw, 44)[0],
        struct.unpack_from("<I", raw, 48)[0],
    )
    cutoff, mini_fat, _ = struct.unpack_from("<III", raw, 56)
    fat = _Chain(raw, size, _fat(raw, size, fat_count))
    entries = fat.read(directory)
    root: tuple[int, int] | None = None
    wanted: tuple[int, int] | None = None
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        start, long = struct.unpack_from("<II", entries, at + 116)
        if entries[at + 66] == 5:
            root = (start, long)
        elif name.casefold() in ("workbook", "book"):
            wanted = (start, long)
    if wanted is None:
        raise Broken("no workbook in it")
    start, long = wanted
    if long >= cutoff or root is None:
        return fat.read(start)[:long]
    links = fat.read(mini_fat)
    table = struct.unpack(f"<{len(links) // 4}I", links[: len(links) // 4 * 4])
    small = _Chain(bytes(64) * 8 + fat.read(root[0]), 64, table)
    small.first = 512
    return small.read(start)[:long]


@attrs.define
class _Chain:
    """Sectors that are linked by a table."""

    raw: bytes
    size: int
    table: tuple[int, ...]
    first: int = -1

    def read(self, start: int) -> bytes:
        """All sectors from one on.

        Raises:
            Broken: if the links lead nowhere, or round in circles.
        """
        base = self.size if self.first < 0 else self.first
        parts: list[bytes] = []
        at = start
        while at < _END:
            if at >= len(self.table) or len(parts) > len(self.table):
                raise Broken("sectors are linked wrongly")
            parts.append(self.raw[base + at * self.size : base + (at + 1) * self.size])
            at = self.table[at]
        return b"".join(parts)


def _fat(raw: bytes, size: int, count: int) -> tuple[int, ...]:
    sectors = [one for one in struct.unpack_from("<109I", raw, 76) if one < _END]
    following = struct.unpack_from("<I", raw, 68)[0]
    seen = 0
    while following < _END:
        seen += 1
        if seen > len(raw) // size:
            raise Broken("sectors are linked wrongly")
        part = struct.unpack_from(f"<{size // 4}I", raw, (following + 1) * size)
        sectors += [one for one in part[:-1] if one < _END]
        following = part[-1]
    if count > len(raw) // size + 1:
        raise Broken("sectors are linked wrongly")
    table: list[int] = []
    for sector in sectors[:count]:
        table += struct.unpack_from(f"<{size // 4}I", raw, (sector + 1) * size)
    return tuple(table)
