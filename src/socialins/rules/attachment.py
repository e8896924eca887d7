"""Rules for pictures (附件、照片): what a bureau wants of a file that is sent in with a business.

A rule says only what its source says. What nobody stated is left out, and is then neither asked of
a picture nor given to it. The colour values of a background are a case of it: bureaus name the
colour and no numbers, so the numbers are the library's own and stand with the code that measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from string import Formatter
from typing import TypeVar

import attrs
from attrs.converters import optional

from socialins.model.codes import Code
from socialins.rules.keys import key
from socialins.rules.source import Mark, Text

__all__ = [
    "KILOBYTE",
    "AttachmentRule",
    "Background",
    "ColourMode",
    "NameCharacters",
    "PictureFormat",
]

KILOBYTE = 1024
"""Bytes of a KB: the manuals that say anything of it have 1 M = 1024 KB."""

E = TypeVar("E", bound=StrEnum)

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_NAMED = frozenset({"id_number", "name"})


class PictureFormat(Code):
    """A format of pictures, told by what is in the file and not by its name."""

    JPEG = "jpeg", "JPG（JPEG）", "JPG (JPEG)"
    PNG = "png", "PNG", "PNG"
    GIF = "gif", "GIF", "GIF"
    BMP = "bmp", "BMP", "BMP"
    WEBP = "webp", "WebP", "WebP"

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of names that mean this format, the usual one first."""
        return _ENDINGS[self]


class ColourMode(Code):
    """How the colour of a pixel is kept."""

    RGB_24 = "rgb-24", "24 位 RGB 真彩色", "24-bit RGB"
    GREY_8 = "grey-8", "8 位灰度", "8-bit grey"


class Background(Code):
    """A colour of the background."""

    WHITE = "white", "白色", "white"
    LIGHT_BLUE = "light-blue", "浅蓝色", "light blue"


class NameCharacters(Code):
    """The characters that may stand in a file's name, its ending aside."""

    LETTERS_DIGITS = "letters-digits", "英文字母和数字", "English letters and digits"


_ENDINGS = {
    PictureFormat.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PictureFormat.PNG: (".png",),
    PictureFormat.GIF: (".gif",),
    PictureFormat.BMP: (".bmp", ".dib"),
    PictureFormat.WEBP: (".webp",),
}


def _each(kind: type[E]) -> Callable[[Iterable[str]], tuple[E, ...]]:
    return lambda values: tuple(kind(value) for value in values)


def _rule_id(_instance: object, _attribute: object, value: str) -> None:
    if not _ID.match(value):
        raise ValueError(f"{value!r} can't name a rule; use lower-case words and hyphens")


def _positive(_instance: object, attribute: attrs.Attribute[int], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"{value} can't be {attribute.name!r}; write a whole number from 1")


def _pattern(_instance: object, _attribute: object, value: str) -> None:
    if not value:
        return
    try:
        named = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise ValueError(f"{value!r} is no pattern: {error}") from error
    if "id_number" not in named or not named <= _NAMED:
        problem = "write {id_number}, and {name} where the name belongs to it"
        raise ValueError(f"{value!r} is no pattern of names; {problem}")


@attrs.frozen(kw_only=True)
class AttachmentRule:
    """附件要求: what a bureau wants of a picture. Whatever is left out is not known, or not asked.

    Arguments:
        id: its id; materials of businesses and rules of cards name it.
        title: what the picture is.
        formats: the formats that are taken.
        at_most_kb: a file may have this many KB (以内), a KB being 1024 bytes.
        below_kb: a file must have less than this many KB (小于).
        at_least_kb: a file must have at least this many KB.
        usual_from_kb, usual_to_kb: sizes that files usually have (一般); others are warned of.
        advised_kb: an advised size (为宜); a larger file is warned of.
        width, height: pixels, exactly.
        dpi: resolution in dots an inch, as the file states it.
        colour: how colours are kept.
        quality: the quality factor of the JPEG compression, where the bureau names one.
        backgrounds: the colours of the background, one of which it must be.
        characters: what may stand in a file's name.
        pattern: the name of the file, ``{id_number}`` and ``{name}`` in place of the person's.
        mark: how well all this is confirmed.
        note: what else to know of it.
        sources: ids of the documents that say so.

    >>> rule = AttachmentRule(id="photo", title=Text("照片", "photograph"), below_kb=50, sources=())
    >>> rule.most_bytes
    51199
    """

    id: str = key(doc="Id, such as 'card-photo'", validator=_rule_id)
    title: Text = key(doc="What the picture is")
    formats: tuple[PictureFormat, ...] = key(
        default=(),
        doc="'jpeg', 'png', 'gif', 'bmp', 'webp': the formats that are taken",
        converter=_each(PictureFormat),
    )
    at_most_kb: int | None = key(
        default=None, doc="Largest size in KB of 1024 bytes, inclusive", validator=_positive
    )
    below_kb: int | None = key(
        default=None, doc="Size in KB that a file must stay below", validator=_positive
    )
    at_least_kb: int | None = key(default=None, doc="Smallest size in KB", validator=_positive)
    usual_from_kb: int | None = key(
        default=None, doc="Smallest usual size in KB", validator=_positive
    )
    usual_to_kb: int | None = key(default=None, doc="Largest usual size in KB", validator=_positive)
    advised_kb: int | None = key(default=None, doc="Advised size in KB", validator=_positive)
    width: int | None = key(default=None, doc="Width in pixels", validator=_positive)
    height: int | None = key(default=None, doc="Height in pixels", validator=_positive)
    dpi: int | None = key(default=None, doc="Dots an inch", validator=_positive)
    colour: ColourMode | None = key(
        default=None, doc="'rgb-24' or 'grey-8'", converter=optional(ColourMode)
    )
    quality: int | None = key(default=None, doc="Quality factor of the JPEG compression, 1 to 100")
    backgrounds: tuple[Background, ...] = key(
        default=(),
        doc="'white', 'light-blue': colours the background may have",
        converter=_each(Background),
    )
    characters: NameCharacters | None = key(
        default=None,
        doc="'letters-digits': characters that a file's name may have",
        converter=optional(NameCharacters),
    )
    pattern: str = key(
        default="",
        doc="Name of the file, such as '{id_number}_{name}.jpg'",
        validator=_pattern,
    )
    mark: Mark = key(default=Mark.B, doc="How well it is confirmed")
    note: Text | None = key(default=None, doc="What else to know")
    sources: tuple[str, ...] = key(doc="Ids of the sources that say so")

    def __attrs_post_init__(self) -> None:
        if self.at_most_kb is not None and self.below_kb is not None:
            raise ValueError("write 'at_most_kb' or 'below_kb', not both")
        if (self.width is None) != (self.height is None):
            raise ValueError("width and height go together; write both or neither")
        if self.quality is not None and self.quality not in range(1, 101):
            raise ValueError(f"{self.quality} can't be a quality factor; write 1 to 100")
        most = self.most_bytes
        if most is not None and self.least_bytes > most:
            raise ValueError("no file can be that large and that small at once")

    @property
    def most_bytes(self) -> int | None:
        """The most bytes that a file may have; None where nobody says."""
        if self.below_kb is not None:
            return self.below_kb * KILOBYTE - 1
        return None if self.at_most_kb is None else self.at_most_kb * KILOBYTE

    @property
    def least_bytes(self) -> int:
        """The fewest bytes that a file may have; 0 where nobody says."""
        return (self.at_least_kb or 0) * KILOBYTE

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels."""
        if self.width is None or self.height is None:
            return None
        return self.width, self.height
