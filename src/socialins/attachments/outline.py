"""Outline: what a file is and claims to be, read from its structure without decoding a pixel.

The format is told by the bytes, never by the name: bureaus' pages tell people to rename what won't
upload. The end of the picture is found too, since what stands behind it is no picture: an archive
or a page can hide there.
"""

from __future__ import annotations

import re
import struct

from socialins.attachments.claims import DAMAGES, Damaged, Outline
from socialins.attachments.limits import Limits
from socialins.attachments.structures import READERS
from socialins.faults import Fault, Text
from socialins.rules.attachment import PictureFormat

__all__ = ["Refusal", "damage", "hidden_in", "outline", "sniff"]

_PNG = b"\x89PNG\r\n\x1a\n"
_MARKUP = re.compile(
    rb"\s*<(?:!doctype|html|head|meta|table|body|style|script|svg|\?xml|!--)", re.IGNORECASE
)
_OTHERS: dict[bytes, Text] = {
    b"%PDF": Text("PDF 文件", "a PDF file"),
    b"PK\x03\x04": Text("压缩包或办公文档", "an archive or an office document"),
    b"PK\x05\x06": Text("压缩包", "an archive"),
    b"Rar!": Text("压缩包", "an archive"),
    b"7z\xbc\xaf": Text("压缩包", "an archive"),
    b"\x1f\x8b": Text("压缩包", "an archive"),
    bytes.fromhex("d0cf11e0a1b11ae1"): Text("旧版办公文档", "an old office document"),
    b"MZ": Text("程序", "a program"),
    b"\x7fELF": Text("程序", "a program"),
    b"II*\0": Text("TIFF 图片", "a TIFF picture"),
    b"MM\0*": Text("TIFF 图片", "a TIFF picture"),
    b"8BPS": Text("Photoshop 文件", "a Photoshop file"),
}
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"heim", b"hevc")
_HIDDEN = re.compile(
    rb"PK\x03\x04|PK\x05\x06|%PDF-|Rar!\x1a|7z\xbc\xaf\x27|<\?php|"
    rb"<(?:!doctype|html|script|svg|iframe)|MZ\x90|\x7fELF",
    re.IGNORECASE,
)


class Refusal(Exception):
    """A file is not looked into any further.

    Arguments:
        fault: why.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def sniff(data: bytes) -> PictureFormat | Text | None:
    """What the first bytes of a file say.

    Returns:
        A format; words for what is none; None where nothing is known.

    >>> sniff(b"<html><body>").en
    'a web page'
    """
    head = data[:512]
    if head.startswith(b"\xff\xd8\xff"):
        return PictureFormat.JPEG
    if head.startswith(_PNG):
        return PictureFormat.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return PictureFormat.GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if head.startswith(b"BM") and len(data) > 26:
        return PictureFormat.BMP
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")):
        return Text("网页", "a web page")
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return Text("HEIC 图片", "a HEIC picture")
    return next((kind for magic, kind in _OTHERS.items() if head.startswith(magic)), None)


def hidden_in(data: bytes, outline: Outline) -> tuple[int, bool]:
    """What stands behind the end of a picture.

    Returns:
        How many bytes, zeros and blanks aside, and whether another file begins among them.
    """
    rest = data[outline.end :].strip(b"\0 \r\n\t")
    return len(rest), bool(rest) and _HIDDEN.search(rest) is not None


def outline(data: bytes, limits: Limits) -> Outline:
    """Read the structure of a picture.

    Arguments:
        data: the file.
        limits: what is accepted at most.

    Raises:
        Refusal: if it is no picture, is damaged, or claims more than is accepted.
    """
    kind = sniff(data)
    if not data.strip(b"\0"):
        raise Refusal(Fault("attachment.empty", {}))
    if not isinstance(kind, PictureFormat):
        unknown = Text("不是已知的图片格式", "no known kind of picture")
        raise Refusal(Fault("attachment.kind", {"kind": kind or unknown}))
    try:
        found = READERS[kind](data, limits)
    except Damaged as error:
        raise Refusal(damage(str(error))) from error
    except (struct.error, IndexError) as error:
        raise Refusal(damage("cut off before its end")) from error
    _check_claims(found, limits)
    return found


def damage(reason: str) -> Fault:
    """The fault of a file that is damaged.

    Arguments:
        reason: a key of `DAMAGES`.
    """
    return Fault("attachment.damaged", {"reason": Text(DAMAGES[reason], reason)})


def _check_claims(found: Outline, limits: Limits) -> None:
    if not found.width or not found.height:
        raise Refusal(damage("a side of no pixels"))
    too_long = max(found.width, found.height) > limits.side
    if too_long or found.width * found.height > limits.pixels:
        values = {
            "width": str(found.width),
            "height": str(found.height),
            "most": f"{limits.pixels / 1_000_000:g}",
            "side": str(limits.side),
        }
        raise Refusal(Fault("attachment.pixels.too-many", values))
    if found.scans > limits.scans:
        values = {"scans": str(found.scans), "most": str(limits.scans)}
        raise Refusal(Fault("attachment.scans", values))
