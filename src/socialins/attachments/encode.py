"""Encoding: a picture as the bytes of a file that fits between two sizes.

A bureau's KB may be 1000 bytes or 1024. What is made here fits by either reading: below the upper
bound with the smaller one, above the lower bound with the larger one.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import attrs

from socialins.rules.attachment import KILOBYTE, AttachmentRule, PictureFormat

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Encoded", "Span", "encode"]

_SMALLER_KILOBYTE = 1000
_BEST = 100


@attrs.frozen
class Encoded:
    """A file that was made.

    Arguments:
        data: its bytes.
        quality: the JPEG quality; None for another format.
    """

    data: bytes
    quality: int | None = None


@attrs.frozen
class Span:
    """Sizes in bytes that a file may have.

    Arguments:
        least, most: the bounds; no upper one if None.
    """

    least: int
    most: int | None

    @classmethod
    def hard(cls, rule: AttachmentRule) -> Span:
        """What a rule insists on."""
        most = rule.at_most_kb and rule.at_most_kb * _SMALLER_KILOBYTE
        if rule.below_kb is not None:
            most = rule.below_kb * _SMALLER_KILOBYTE - 1
        return cls(rule.least_bytes, most)

    @classmethod
    def wished(cls, rule: AttachmentRule) -> Span:
        """What it insists on, within what is usual or advised."""
        hard = cls.hard(rule)
        wished = [hard.most] + [
            kb * _SMALLER_KILOBYTE for kb in (rule.usual_to_kb, rule.advised_kb) if kb is not None
        ]
        most = min((one for one in wished if one is not None), default=None)
        return cls(max(hard.least, (rule.usual_from_kb or 0) * KILOBYTE), most)

    def __contains__(self, size: int) -> bool:
        return self.least <= size and (self.most is None or size <= self.most)

    def is_below(self, size: int) -> bool:
        """Whether all of it lies below a size."""
        return self.most is not None and size > self.most


def encode(
    picture: Image,
    kind: PictureFormat,
    rule: AttachmentRule,
    *,
    first: int,
    lowest: int,
    dpi: int | None,
    profile: bytes | None,
) -> Encoded:
    """Make a file of a picture: of the highest quality that fits what is wished, or is allowed.

    Arguments:
        picture: the picture, as it shall be.
        kind: the format.
        rule: the sizes it may have.
        first: the JPEG quality that is tried first, and not gone beyond without need.
        lowest: the lowest that is tried.
        dpi: dots an inch that are noted in it.
        profile: the colour profile that is noted in it.

    Returns:
        What fits best; it may still be too large or too small, which the caller sees.
    """
    noted: dict[str, Any] = {} if dpi is None else {"dpi": (dpi, dpi)}
    if profile is not None:
        noted["icc_profile"] = profile
    if kind is not PictureFormat.JPEG:
        return Encoded(_saved(picture, kind, noted))
    search = _Search(picture, noted)
    for span in (Span.wished(rule), Span.hard(rule)):
        found = search.within(span, first, lowest)
        if len(found.data) in span:
            return found
    return found


@attrs.define
class _Search:
    """Tries qualities, each once."""

    picture: Image
    noted: dict[str, Any]
    made: dict[int, Encoded] = attrs.field(factory=dict)

    def at(self, quality: int) -> Encoded:
        """The file of this quality."""
        if quality not in self.made:
            data = _saved(self.picture, PictureFormat.JPEG, {**self.noted, "quality": quality})
            self.made[quality] = Encoded(data, quality)
        return self.made[quality]

    def within(self, span: Span, first: int, lowest: int) -> Encoded:
        """The best quality up to the first whose file fits; above it only for one too small."""
        found = self.at(first)
        if len(found.data) in span:
            return found
        if span.is_below(len(found.data)):
            return self._highest(span, min(lowest, first), first - 1)
        return self._lowest(span, first + 1)

    def _highest(self, span: Span, low: int, high: int) -> Encoded:
        best = self.at(low)
        if span.is_below(len(best.data)):
            return best  # whatever has a higher quality is larger still
        low += 1
        while low <= high:
            middle = (low + high) // 2
            found = self.at(middle)
            if span.is_below(len(found.data)):
                high = middle - 1
            else:
                best, low = found, middle + 1
        return best

    def _lowest(self, span: Span, low: int) -> Encoded:
        best, high = self.at(_BEST), _BEST
        while low <= high:
            middle = (low + high) // 2
            found = self.at(middle)
            if len(found.data) < span.least:
                low = middle + 1
            else:
                best, high = found, middle - 1
        return best


def _saved(picture: Image, kind: PictureFormat, noted: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    more = {PictureFormat.JPEG: {"optimize": True}, PictureFormat.PNG: {"optimize": True}}
    picture.save(out, kind.value, **more.get(kind, {}), **noted)
    return out.getvalue()
