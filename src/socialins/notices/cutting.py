"""Cutting: the letters of a document out of a font, as a small font with TrueType outlines.

The fonts that may be shipped have PostScript outlines keyed by CID. A PDF can hold these, but then
needs a character map of its own that not every reader of PDF follows: what looks right is copied
and searched as nothing. TrueType outlines are numbered as every reader expects, so the few hundred
letters that a document needs are turned into them. This module imports fontTools.
"""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

__all__ = ["cut"]

# How far a curve may stray, in thousandths of an em: a hundredth of a millimetre at 24 points.
_ERROR = 1.0
_COPYRIGHT, _LICENCE, _LICENCE_URL = 0, 13, 14


def cut(path: Path, characters: Collection[str]) -> bytes:
    """A font with some characters of another, and nothing else.

    The same characters give the same bytes.

    Arguments:
        path: the font file.
        characters: which characters; the font has them all.
    """
    codes = sorted({ord(char) for char in characters} | {0x20})
    with path.open("rb") as file, TTFont(file, lazy=True, fontNumber=0) as font:
        return _built(font, codes)


def _built(font: TTFont, codes: list[int]) -> bytes:
    cmap = font.getBestCmap()
    glyphs: Any = font.getGlyphSet()
    kept = {code: cmap[code] for code in codes if code in cmap}
    order = [".notdef", *dict.fromkeys(kept.values())]
    source = {name: name if name in glyphs else font.getGlyphOrder()[0] for name in order}
    units = font["head"].unitsPerEm
    outlines, metrics = {}, {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[source[name]].draw(Cu2QuPen(pen, _ERROR * units / 1000, reverse_direction=True))
        outlines[name] = glyph = pen.glyph()
        glyph.recalcBounds(None)
        metrics[name] = (round(glyphs[source[name]].width), getattr(glyph, "xMin", 0))
    builder = FontBuilder(units, isTTF=True)
    # The clock would make copies differ.
    builder.font["head"].created = builder.font["head"].modified = font["head"].modified
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(kept)
    builder.setupGlyf(outlines)
    builder.setupHorizontalMetrics(metrics)
    line = font["hhea"]
    builder.setupHorizontalHeader(ascent=line.ascent, descent=line.descent)
    builder.setupNameTable(_names(font))
    builder.setupOS2(sTypoAscender=line.ascent, sTypoDescender=line.descent)
    builder.setupPost()
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def _names(font: TTFont) -> dict[str, str]:
    """Whose letters they are, which a licence may ask to be kept."""
    names = font["name"]
    told = {
        "familyName": names.getDebugName(1),
        "styleName": names.getDebugName(2),
        "psName": names.getDebugName(6),
        "copyright": names.getDebugName(_COPYRIGHT),
        "licenseDescription": names.getDebugName(_LICENCE),
        "licenseInfoURL": names.getDebugName(_LICENCE_URL),
    }
    return {key: value for key, value in told.items() if value}
