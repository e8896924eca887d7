"""Sniffing: what a file is, told from its first bytes.

Bureaus' pages hand out HTML tables called .xls, and people rename what won't open. A reader that
goes by the name fails with a riddle; this one says what the file is and what to do.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError

__all__ = ["Format", "sniff"]

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# An encrypted workbook is an OLE file with a stream of this name; the directory may lie anywhere.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(
    rb"\s*<(?:!doctype\s+html|html|head|meta|table|body|style|script|\?xml|!--|\w+:workbook|workbook)",
    re.IGNORECASE,
)
_WORKBOOK_NAMES = {".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".et"}
_OTHERS = {
    b"%PDF": Text("PDF 文件", "a PDF file"),
    b"\x89PNG": Text("图片", "a picture"),
    b"\xff\xd8\xff": Text("图片", "a picture"),
    b"GIF8": Text("图片", "a picture"),
    b"Rar!": Text("压缩包", "an archive"),
    b"7z\xbc\xaf": Text("压缩包", "an archive"),
    b"\x1f\x8b": Text("压缩包", "an archive"),
}


class Format(StrEnum):
    """A format that is read."""

    TEXT = "csv"
    WORKBOOK = "xlsx"
    OLD_WORKBOOK = "xls"


def sniff(path: Path, largest: int) -> Format:
    """Tell what a file is.

    Arguments:
        path: the file.
        largest: the most bytes that are read.

    Raises:
        FormError: if it can't be read, or is nothing that holds a roster.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
            encrypted = head.startswith(_OLE) and _has(path, _ENCRYPTED, largest)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormError(_fault(path, "form.file.unreadable", reason=reason)) from error
    if size > largest:
        limits = {"size": _megabytes(size), "most": _megabytes(largest)}
        raise FormError(_fault(path, "form.file.too-large", **limits))
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise FormError(_fault(path, "form.file.empty"))
    if head.startswith(_ZIP):
        return Format.WORKBOOK
    if head.startswith(_OLE) and not encrypted:
        return Format.OLD_WORKBOOK
    code, values = _refusal(path, head)
    if code is not None:
        raise FormError(_fault(path, code, **values))
    return Format.TEXT


def _refusal(path: Path, head: bytes) -> tuple[str | None, dict[str, str | Text]]:
    if head.startswith(_OLE):
        return "form.file.encrypted", {}
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")):
        return "form.file.html", {}
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            return "form.file.kind", {"kind": kind}
    if head.startswith(_EMPTY_ZIP):
        return "form.file.damaged", {"reason": "empty archive"}
    if path.suffix.lower() in _WORKBOOK_NAMES:
        return "form.file.not-xlsx", {"suffix": path.suffix}
    return None, {}


def _has(path: Path, wanted: bytes, largest: int) -> bool:
    """Whether bytes occur in a file, without holding more than a piece of it."""
    before = b""
    with path.open("rb") as file:
        for _ in range(0, largest, 1 << 20):
            piece = file.read(1 << 20)
            if not piece:
                return False
            if wanted in before + piece:
                return True
            before = piece[-len(wanted) :]
    return False


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


def _fault(path: Path, code: str, **values: str | Text) -> Fault:
    return Fault(code, values, Place(file=str(path)))
