"""Zip files as containers use them: written the same each time, read with nothing hidden in them.

A zip file from outside may claim any size, hold an entry twice, or hide one between others. What is
read here is exactly what its directory lists, and the file holds no other entry.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

from socialins.faults import Fault
from socialins.signing.asic import MEDIA_TYPE, folded
from socialins.signing.errors import SigningError

__all__ = ["MOST_BYTES", "MOST_ENTRIES", "read_zip", "write_zip"]

MOST_ENTRIES = 1_000
"""Entries, at most."""

MOST_BYTES = 256 << 20
"""Bytes of all entries together, unpacked, at most."""

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_DESCRIBED = 0x08
_ENCRYPTED = 0x01
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


def write_zip(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip file; the first entry is stored as it is, the others are packed.

    Arguments:
        entries: names and contents, in order.
    """
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for number, (name, content) in enumerate(entries):
            info = zipfile.ZipInfo(name, _DATE)
            # Info-ZIP reads names of other systems than Unix as a code page's, UTF-8 or not.
            info.create_system = _UNIX
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            out.writestr(info, content)
    return made.getvalue()


def read_zip(content: bytes, *, most_bytes: int = MOST_BYTES) -> dict[str, bytes]:
    """The entries of a zip file by their names, in order.

    Arguments:
        content: the file.
        most_bytes: how much all entries may come to, unpacked.

    Raises:
        SigningError: if it is damaged, too large, encrypted, has an entry twice, or anything that
            its directory does not list.
    """
    reason = ""
    try:
        return _read(content, most_bytes)
    except _BROKEN as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
    raise SigningError(Fault("signing.container-unreadable", {"reason": reason[:120]}))


def _read(content: bytes, most_bytes: int) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as file:
        listed = file.infolist()
        if len(listed) > MOST_ENTRIES:
            raise ValueError(f"more than {MOST_ENTRIES} entries")
        if sum(one.file_size for one in listed) > most_bytes:
            raise ValueError(f"more than {most_bytes} bytes")
        if len({folded(one.filename) for one in listed}) != len(listed):
            raise ValueError("a name twice")
        for one in listed:
            if one.flag_bits & _ENCRYPTED:
                raise ValueError("encrypted")
            if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"method {one.compress_type}")
        if file.comment not in (b"", f"mimetype={MEDIA_TYPE}".encode()):
            raise ValueError("a comment")
        if content[-22 - len(file.comment) :][:4] != b"PK\x05\x06":
            raise ValueError("something stands behind it")
        _must_be_all(content, listed, file.start_dir)
        return {one.filename: _unpacked(file, one) for one in listed}


def _unpacked(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with file.open(info) as entry:
        # Never more than was counted, whatever the packed bytes hold.
        found = entry.read(info.file_size + 1)
    if len(found) != info.file_size:
        raise ValueError("a size is wrong")
    return found


def _must_be_all(content: bytes, listed: list[zipfile.ZipInfo], directory: int) -> None:
    """Refuse bytes before, between and behind the entries that the directory lists."""
    at = 0
    for one in sorted(listed, key=lambda info: info.header_offset):
        if one.header_offset != at:
            raise ValueError("something stands between the entries")
        name, extra = struct.unpack_from("<HH", content, at + 26)
        at += 30 + name + extra + one.compress_size
        if one.flag_bits & _DESCRIBED:
            at += _descriptor(content, at)
    if at != directory:
        raise ValueError("something stands between the entries")


def _descriptor(content: bytes, at: int) -> int:
    """How long what follows an entry is, where its sizes were not known before it was written."""
    return 16 if content[at : at + 4] == b"PK\x07\x08" else 12
