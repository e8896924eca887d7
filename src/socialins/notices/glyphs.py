"""Glyphs: which letters the fonts have, and how wide they are.

A letter that no font has would be printed as an empty box, and nobody would notice whose name it
was. So every text is looked through before a page is made, and what is missing is named. This
module imports fontTools; it is loaded when the first sheet is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import attrs
from fontTools.ttLib import TTFont, TTLibError

from socialins.faults import Fault, Place, require
from socialins.forms.errors import FormError

__all__ = ["Face", "FontFile"]

_POINT = 25.4 / 72
# "Restricted licence" in the font's own words: it must not be put into a document.
_RESTRICTED = 0x0002
_MOST_NAMED = 10


@attrs.frozen(eq=False)
class FontFile:
    """A font file.

    Arguments:
        path: where it lies.
        widths: character → its width in thousandths of the size.
    """

    path: Path
    widths: dict[int, float] = attrs.field(repr=False)


class Face:
    """The fonts that a document is printed with: the package's own, then those of the user.

    Arguments:
        fonts: paths of further font files (ttf, otf, ttc), asked for what the first ones lack.

    Raises:
        MissingExtra: if the extra ``pdf`` is not installed.
        FormError: if a font can't be read, or must not be put into a document.
    """

    def __init__(self, fonts: Sequence[str | Path] = ()) -> None:
        own = Path(str(require("pylopdf_fonts_zh_cn", "pdf").__file__)).parent
        names = ("NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf")
        self._paths = [*(own / name for name in names), *(Path(font) for font in fonts)]
        # What a user gives must be readable, needed or not.
        for path in self._paths[len(names) :]:
            _read(path)
        self._found: dict[str, tuple[int, float] | None] = {}

    def file(self, number: int) -> FontFile:
        """The font file of a number that `runs` gave."""
        return _read(self._paths[number])

    def width(self, text: str, size: float) -> float:
        """How wide a text is, in millimetres, at a size in points."""
        found = self._found
        total = 0.0
        for char in text:
            known = found[char] if char in found else self._look(char)
            total += known[1] if known else 1000
        return total * size * _POINT / 1000

    def runs(self, text: str) -> Iterator[tuple[int, str]]:
        """The text in runs of one font, each with the font's number."""
        for number, chars in groupby(text, self._number):
            yield number, "".join(chars)

    def missing(self, text: str) -> Iterator[str]:
        """The characters of a text that no font has."""
        return (char for char in text if self._look(char) is None)

    def check(self, texts: Iterable[str]) -> None:
        """Let only texts through that can be printed to the last letter.

        Raises:
            FormError: naming the characters that no font has, and a text that each stands in.
        """
        lacking: dict[str, str] = {}
        for text in texts:
            for char in self.missing(text):
                lacking.setdefault(char, text)
        if lacking:
            faults = [_no_glyph(char, text) for char, text in lacking.items()]
            raise FormError(faults[0], faults[1:_MOST_NAMED])

    def _number(self, char: str) -> int:
        known = self._found[char] if char in self._found else self._look(char)
        return known[0] if known else 0

    def _look(self, char: str) -> tuple[int, float] | None:
        if char not in self._found:
            code = ord(char)
            self._found[char] = next(
                (
                    (number, width)
                    for number, path in enumerate(self._paths)
                    if (width := _read(path).widths.get(code)) is not None
                ),
                None,
            )
        return self._found[char]


@lru_cache(maxsize=16)
def _read(path: Path) -> FontFile:
    try:
        with path.open("rb") as file, TTFont(file, lazy=True, fontNumber=0) as font:
            units = font["head"].unitsPerEm
            advances = font["hmtx"].metrics
            cmap = font.getBestCmap() or {}
            rights = font["OS/2"].fsType if "OS/2" in font else 0
            widths = {code: advances[name][0] * 1000 / units for code, name in cmap.items()}
    except (OSError, TTLibError, KeyError, AttributeError, ValueError, AssertionError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        values = {"font": path.name, "reason": reason}
        raise FormError(Fault("notice.font.unreadable", values, Place(file=str(path)))) from error
    if rights & 0xF == _RESTRICTED:
        fault = Fault("notice.font.restricted", {"font": path.name}, Place(file=str(path)))
        raise FormError(fault)
    return FontFile(path, widths)


def _no_glyph(char: str, text: str) -> Fault:
    values = {"char": char if char.isprintable() else "�", "code": f"U+{ord(char):04X}"}
    excerpt = text if len(text) <= 40 else text[:39] + "…"
    return Fault("notice.glyph.missing", values, Place(value=excerpt))
