"""Archives: what is checked of a workbook before anything parses it.

A workbook is a ZIP archive of XML. A few kilobytes of it can unpack to gigabytes, or hold one row
with a hundred million cells, and a parser learns of it when the memory is gone. So the parts are
unpacked once here, in small pieces that are not kept, and only counted.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.plaintext import excerpt
from socialins.forms.sheets import Limits

__all__ = ["DAMAGE", "check_archive", "has_macros"]

DAMAGE = (
    BadZipFile,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What reading a damaged archive raises."""

_PIECE = 1 << 16
# A part below this size is no bomb, however well it was packed.
_SMALL = 10_000_000
_PARTS = 10_000
_METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})
_ENCRYPTED = 0x1
# Between two rows, or two strings, a parser holds everything; these bound what that can be.
_TAGS = 500_000
_PIECES_WITHOUT_TAG = 16
_RECORD = re.compile(rb"<(?:[A-Za-z][\w.-]{0,20}:)?(?:row|si)[\s/>]")
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_MACROS = ("vbaproject.bin", ".xlm")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse an archive that is no workbook, is damaged, or is made to do harm.

    Raises:
        FormError: with the reason.
    """
    place = Place(file=str(path))
    try:
        size = path.stat().st_size
        with ZipFile(path) as archive:
            for part in archive.infolist():
                if part.compress_size > size:
                    # Whoever reads such a part at once makes room for what it says.
                    raise BadZipFile("a part larger than the file")
                if part.compress_type not in _METHODS:
                    # No spreadsheet packs otherwise, and LZMA takes gigabytes when told to.
                    raise BadZipFile(f"packed by method {part.compress_type}")
            _check_parts(archive, limits, place)
    except DAMAGE as error:
        raise _refuse("form.file.damaged", place, reason=excerpt(str(error))) from error


def has_macros(path: Path) -> bool:
    """Whether a workbook has macros. They are never run here.

    Arguments:
        path: a workbook whose archive has been checked.
    """
    with ZipFile(path) as archive:
        return any(name.lower().endswith(_MACROS) for name in archive.namelist())


def _check_parts(archive: ZipFile, limits: Limits, place: Place) -> None:
    parts = archive.infolist()
    _check_sizes(parts, limits, place)
    _check_kind(archive, place)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _scan(archive, part, limits, place)


def _check_sizes(parts: Sequence[ZipInfo], limits: Limits, place: Place) -> None:
    """What the archive says of its parts; a part never unpacks to more than is said of it."""
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise _refuse("form.file.encrypted", place)
    if len(parts) > _PARTS:
        raise _bomb(place, f"{len(parts)} parts", f"{len(parts)} 个部件")
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked:
        size = f"{total / 1_000_000:.0f} MB"
        raise _bomb(place, f"{size} unpacked", f"解压后 {size}")
    for part in parts:
        ratio = part.file_size // max(part.compress_size, 1)
        if part.file_size > _SMALL and ratio > limits.ratio:
            raise _bomb(place, f"packed {ratio} to 1", f"压缩比 {ratio}")


def _check_kind(archive: ZipFile, place: Place) -> None:
    names = archive.namelist()
    if any(name.lower().endswith("workbook.xml") for name in names):
        return
    kind = Text("不含工作簿的压缩包", "an archive without a workbook")
    if "mimetype" in names:
        with archive.open("mimetype") as file:
            if file.read(len(_OPEN_DOCUMENT)) == _OPEN_DOCUMENT:
                kind = Text("ODF 文件（.ods）", "an OpenDocument file (.ods)")
    raise _refuse("form.file.kind", place, kind=kind)


@attrs.define
class _Counts:
    tags: int = 0
    records: int = 0
    without_tag: int = 0


def _scan(archive: ZipFile, part: ZipInfo, limits: Limits, place: Place) -> None:
    counts = _Counts()
    tail = b""
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            # UTF-16 would hide the words looked for; without its zeros it doesn't.
            plain = tail + (piece.replace(b"\0", b"") if b"\0" in piece else piece)
            if any(word in plain for word in _DECLARATIONS):
                raise _refuse("form.file.entities", place)
            _count(counts, plain[len(tail) :])
            if counts.tags > _TAGS:
                raise _bomb(place, "a row or part without end", "一行或一个部件过大")
            if counts.records > limits.records:
                raise _bomb(place, f"over {limits.records} rows", f"超过 {limits.records} 行")
            if counts.without_tag > _PIECES_WITHOUT_TAG:
                raise _bomb(place, "a text of over 1 MB", "单个文本超过 1 MB")
            tail = plain[-10:]


def _count(counts: _Counts, piece: bytes) -> None:
    counts.without_tag = 0 if b"<" in piece else counts.without_tag + 1
    starts = [match.start() for match in _RECORD.finditer(piece)]
    if not starts:
        counts.tags += piece.count(b"<")
        return
    counts.records += len(starts)
    if counts.tags + piece.count(b"<", 0, starts[0]) > _TAGS:
        counts.tags = _TAGS + 1
        return
    # Between two starts in one piece lie fewer tags than a piece has bytes.
    counts.tags = piece.count(b"<", starts[-1])


def _bomb(place: Place, en: str, zh: str) -> FormError:
    return _refuse("form.file.bomb", place, reason=Text(zh, en))


def _refuse(code: str, place: Place, **values: str | Text) -> FormError:
    return FormError(Fault(code, values, place))
