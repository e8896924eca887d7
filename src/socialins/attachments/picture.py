"""Pictures decoded: the one place that hands bytes to Pillow.

A decoder is chosen by the outline, and by nothing in the file that could name another; what it
stumbles over is a fault of the file. A large JPEG is decoded at a fraction of its size where that
is enough: a camera's picture for a card is measured and shrunk without unfolding all of it.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialins.attachments.claims import Outline
from socialins.attachments.limits import Limits
from socialins.attachments.outline import Refusal, damage
from socialins.faults import Fault, require
from socialins.rules.attachment import PictureFormat

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["EXTRA", "decode", "dpi_of", "flat", "has_alpha", "orientation_of", "read_bytes"]

EXTRA = "photos"
"""The extra that brings Pillow."""

_DECODERS = {
    PictureFormat.JPEG: ("PIL.JpegImagePlugin", "JpegImageFile"),
    PictureFormat.PNG: ("PIL.PngImagePlugin", "PngImageFile"),
    PictureFormat.GIF: ("PIL.GifImagePlugin", "GifImageFile"),
    PictureFormat.BMP: ("PIL.BmpImagePlugin", "BmpImageFile"),
    PictureFormat.WEBP: ("PIL.WebPImagePlugin", "WebPImageFile"),
}
# What decoders raise on what they can't make sense of.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_ORIENTATION = 0x0112
_WITH_PALETTE = ("P", "PA")


def read_bytes(source: Path | str | bytes, limits: Limits) -> bytes:
    """The bytes of a file, if they are not too many.

    Raises:
        Refusal: if it is no file, can't be read, or is too large.
    """
    if isinstance(source, bytes):
        if len(source) > limits.size:
            raise Refusal(_too_large(len(source), limits))
        return source
    path = Path(source)
    try:
        if not path.is_file():
            raise Refusal(Fault("attachment.no-file", {"path": str(path)}))
        with path.open("rb") as file:
            data = file.read(limits.size + 1)
        if len(data) > limits.size:
            raise Refusal(_too_large(path.stat().st_size, limits))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        values = {"path": str(path), "reason": reason}
        raise Refusal(Fault("attachment.unreadable", values)) from error
    return data


def decode(data: bytes, outline: Outline, enough: tuple[int, int] | None = None) -> Image:
    """A picture, decoded to the last pixel, so that what is missing or broken is found.

    Arguments:
        data: the file.
        outline: what it claims.
        enough: width and height that are enough; a large JPEG is decoded no larger than needed.

    Raises:
        Refusal: if its pixels can't be read.
        MissingExtra: if Pillow is not installed.
    """
    require("PIL", EXTRA)
    module, name = _DECODERS[outline.format]
    decoder: Any = getattr(import_module(module), name)
    try:
        # Pillow warns of what looks like a bomb; here the limits have settled that.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture: Image = decoder(io.BytesIO(data))
            if picture.size != (outline.width, outline.height):
                raise Refusal(damage("two sizes in one picture"))
            if enough is not None and outline.format is PictureFormat.JPEG:
                picture.draft(None, enough)
            picture.load()
    except _BROKEN as error:
        raise Refusal(damage("its pixels can't be read")) from error
    if picture.mode in _WITH_PALETTE and picture.palette is None:
        # Pillow loads such a picture, and takes for granted later that it has colours.
        raise Refusal(damage("its pixels can't be read"))
    return picture


def orientation_of(picture: Image) -> int:
    """How viewers are asked to turn a picture: 1 for not at all, up to 8."""
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except _BROKEN:
        return 1
    return found if isinstance(found, int) and found in range(1, 9) else 1


def dpi_of(picture: Image) -> tuple[int, int] | None:
    """Dots an inch across and down, as the file states them."""
    stated = picture.info.get("dpi")
    try:
        across, down = (float(one) for one in stated)  # type: ignore[union-attr]
        if not (math.isfinite(across) and math.isfinite(down)):
            return None
        found = round(across), round(down)
    except _BROKEN:
        return None
    # 1 is what programs write that know of no resolution.
    return found if min(found) > 1 else None


def flat(picture: Image) -> Image:
    """A picture in RGB, what is transparent in it white.

    Colours of 16 bits are brought down by their high byte, as a screen shows them.
    """
    from PIL import Image as Images

    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if has_alpha(picture):
        above = picture.convert("RGBA")
        paper = Images.new("RGBA", above.size, (255, 255, 255, 255))
        return Images.alpha_composite(paper, above).convert("RGB")
    return picture.convert("RGB")


def has_alpha(picture: Image) -> bool:
    """Whether something in a picture is, or may be, transparent."""
    return picture.has_transparency_data


def _too_large(size: int, limits: Limits) -> Fault:
    values = {"size": f"{size / 1_000_000:.1f} MB", "most": f"{limits.size / 1_000_000:g} MB"}
    return Fault("attachment.file.too-large", values)
