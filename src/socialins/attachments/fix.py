"""Fixing: a copy of a picture that keeps the rule, and a list of what was done to it.

The copy stays an honest picture of the same person. It is cut, resized and compressed within
limits; nothing is painted, no background is exchanged, and what would need it is refused. The file
it was made from is never written to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.attachments.background import TOLERANCE, Tolerance
from socialins.attachments.changes import Change
from socialins.attachments.check import Report, check_bytes, check_claims
from socialins.attachments.claims import Outline, in_words
from socialins.attachments.encode import Encoded, Span, encode
from socialins.attachments.errors import AttachmentError
from socialins.attachments.limits import LIMITS, Limits
from socialins.attachments.names import name_by, shown, unsafe
from socialins.attachments.outline import Refusal, hidden_in, outline
from socialins.attachments.picture import (
    decode,
    dpi_of,
    flat,
    has_alpha,
    orientation_of,
    read_bytes,
)
from socialins.attachments.settings import SETTINGS, Settings
from socialins.deciding import Values
from socialins.faults import Fault, Place, Text
from socialins.model.person import InsuredPerson
from socialins.rules.attachment import (
    AttachmentRule,
    ColourMode,
    NameCharacters,
    PictureFormat,
)

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Fixed", "fix"]

_WRITTEN = (PictureFormat.JPEG, PictureFormat.PNG, PictureFormat.BMP)
_SIDEWAYS = range(5, 9)
_STEP = Fraction(4, 5)
"""By how much a picture whose size is left to us is made smaller, again until it fits."""


@attrs.frozen(kw_only=True)
class Fixed:
    """A copy that keeps the rule.

    Arguments:
        name: the name of the copy.
        data: its bytes.
        changes: what was done; empty for a copy bit for bit.
        report: what checking the copy says; it may hold warnings.
    """

    name: str
    data: bytes = attrs.field(repr=False)
    changes: tuple[Change, ...]
    report: Report

    def save(self, folder: Path | str) -> Path:
        """Write the copy into a folder.

        Returns:
            The file that was written.

        Raises:
            AttachmentError: if the folder has a file of that name; nothing is written over.
        """
        path = Path(folder) / self.name
        Path(folder).mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(self.data)
        except FileExistsError as error:
            raise AttachmentError(Fault("attachment.exists", {"path": str(path)})) from error
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise
        return path

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """As dicts, lists and text; the bytes are left out."""
        return {
            "name": self.name,
            "size": len(self.data),
            "changes": [
                {"code": one.code, "text": one.message(lang), **one.words(lang)}
                for one in self.changes
            ],
            "report": self.report.to_plain(lang),
        }


def fix(
    source: Path | str | bytes,
    rule: AttachmentRule,
    *,
    name: str | None = None,
    person: InsuredPerson | None = None,
    settings: Settings = SETTINGS,
    limits: Limits = LIMITS,
    tolerance: Tolerance = TOLERANCE,
) -> Fixed:
    """Make a copy of a picture that keeps a rule.

    It is turned upright, cut to the wanted shape (equally much left and right; of one that is too
    tall, the lower part), resized, brought to the wanted colours with white for what was
    transparent, and compressed to fit the wanted size. A picture that keeps the rule already is
    copied bit for bit.

    Arguments:
        source: the file's path, or its bytes.
        rule: what the bureau wants.
        name: the file's name, where bytes are given.
        person: whose picture it is, where the name must tell.
        settings: how far the picture may be changed.
        limits: what is read at most.
        tolerance: what passes for a background's colour.

    Raises:
        AttachmentError: if no honest copy keeps the rule: it would have to be blown up or cut too
            far, the background is another, or it does not fit the size. It has every reason.
        MissingExtra: if Pillow is not installed.
    """
    if name is None:
        name = "" if isinstance(source, bytes) else Path(source).name
    place = Place(file=name or None) if isinstance(source, bytes) else Place(file=str(source))
    work = _Work(rule, name, person, settings, limits, tolerance)
    try:
        return work.fixed(read_bytes(source, limits))
    except Refusal as refusal:
        raise AttachmentError(refusal.fault.at(place)) from refusal
    except AttachmentError as error:
        first, *others = (fault.at(place) for fault in error.all)
        raise AttachmentError(first, others) from error


@attrs.define
class _Work:
    """A copy under way."""

    rule: AttachmentRule
    name: str
    person: InsuredPerson | None
    settings: Settings
    limits: Limits
    tolerance: Tolerance
    changes: list[Change] = attrs.field(factory=list)

    def fixed(self, data: bytes) -> Fixed:
        found = outline(data, self.limits)
        kind = self._kind(found)
        name = self._new_name(data, kind)
        # A picture that can't be right by its structure alone is decoded once, not twice.
        if not check_claims(data, found, self.rule):
            as_it_is = self._report(data, name)
            if not as_it_is.faults:
                self._note_name(name)
                return Fixed(name=name, data=data, changes=tuple(self.changes), report=as_it_is)
        encoded = self._made(data, found, kind)
        self._note_saved(data, found, encoded)
        self._note_name(name)
        report = self._report(encoded.data, name)
        errors = [fault for fault in report.faults if fault.is_error]
        if errors:
            raise AttachmentError(errors[0], errors[1:])
        changes = tuple(self.changes)
        return Fixed(name=name, data=encoded.data, changes=changes, report=report)

    def _report(self, data: bytes, name: str) -> Report:
        return check_bytes(
            data,
            self.rule,
            name=name,
            person=self.person,
            limits=self.limits,
            tolerance=self.tolerance,
        )

    def _kind(self, found: Outline) -> PictureFormat:
        taken = self.rule.formats or _WRITTEN
        if found.format in taken and found.format in _WRITTEN:
            return found.format
        kind = next((one for one in taken if one in _WRITTEN), None)
        if kind is None:
            raise AttachmentError(Fault("attachment.fix.format", {"format": taken[0].text}))
        return kind

    def _new_name(self, data: bytes, kind: PictureFormat) -> str:
        by_rule = name_by(self.rule, self.person, kind)
        given = by_rule or self.name or "photo"
        reason = unsafe(given, self.limits)
        if reason is not None:
            values: Values = {"name": shown(given), "reason": reason}
            raise AttachmentError(Fault("attachment.name.unsafe", values))
        if by_rule is not None:
            return by_rule
        stem, dot, ending = given.rpartition(".")
        if not dot or not stem:
            stem, ending = given, ""
        if self.rule.characters is NameCharacters.LETTERS_DIGITS:
            # Without a letter that may stay, the picture itself gives a name that no other has.
            stem = re.sub(r"[^A-Za-z0-9]", "", stem) or f"p{hashlib.sha256(data).hexdigest()[:12]}"
        right = f".{ending.casefold()}" in kind.endings
        return f"{stem}.{ending}" if right else stem + kind.endings[0]

    def _made(self, data: bytes, found: Outline, kind: PictureFormat) -> Encoded:
        picture = self._decoded(data, found)
        profile = self._profile(picture, found)
        dpi = self._dpi(picture)
        if found.frames > 1:
            self._note("first-frame")
        upright, whole = self._upright(picture, found)
        coloured = self._coloured(upright, found)
        shaped = self._shaped(coloured, whole)
        return self._encoded(shaped, kind, dpi, profile)

    def _decoded(self, data: bytes, found: Outline) -> Image:
        wanted = self.rule.size
        # Twice the wanted pixels leave the resizing something to average over.
        enough = None if wanted is None else (2 * max(wanted), 2 * max(wanted))
        return decode(data, found, enough)

    def _dpi(self, picture: Image) -> int | None:
        before = dpi_of(picture)
        if self.rule.dpi is None:
            return before[0] if before is not None and before[0] == before[1] else None
        if before != (self.rule.dpi, self.rule.dpi):
            self._note("dpi", dpi=str(self.rule.dpi))
        return self.rule.dpi

    def _profile(self, picture: Image, found: Outline) -> bytes | None:
        """The colour profile, if it still fits the copy."""
        profile = picture.info.get("icc_profile")
        if not isinstance(profile, bytes) or not profile:
            return None
        fits = found.colour is ColourMode.RGB_24 and self.rule.colour in (None, found.colour)
        if fits and len(profile) <= self.settings.profile:
            return profile
        self._note("profile")
        return None

    def _upright(self, picture: Image, found: Outline) -> tuple[Image, tuple[int, int]]:
        """The picture as viewers show it, and its size before it was decoded smaller."""
        from PIL.Image import Transpose

        steps = (
            (),
            (Transpose.FLIP_LEFT_RIGHT,),
            (Transpose.ROTATE_180,),
            (Transpose.FLIP_TOP_BOTTOM,),
            (Transpose.TRANSPOSE,),
            (Transpose.ROTATE_270,),
            (Transpose.TRANSVERSE,),
            (Transpose.ROTATE_90,),
        )
        way = orientation_of(picture)
        whole = (found.width, found.height)
        for step in steps[way - 1]:
            picture = picture.transpose(step)
            self._note("turned")
        return picture, whole[::-1] if way in _SIDEWAYS else whole

    def _coloured(self, picture: Image, found: Outline) -> Image:
        if has_alpha(picture):
            self._note("flattened")
        wanted = self.rule.colour
        grey = wanted is ColourMode.GREY_8 or (wanted is None and found.colour is ColourMode.GREY_8)
        after = ColourMode.GREY_8 if grey else ColourMode.RGB_24
        if found.colour is not after:
            self._note("colour", before=in_words(found.coding), after=after.text)
        coloured = flat(picture)
        return coloured.convert("L") if grey else coloured

    def _shaped(self, picture: Image, whole: tuple[int, int]) -> Image:
        """Cut and resized; `whole` is the size before it was decoded smaller."""
        from PIL.Image import Resampling

        wanted = self.rule.size
        if wanted is None or picture.size == wanted == whole:
            return picture
        kept = _kept(whole, wanted)
        self._check_cut(whole, kept)
        scale = Fraction(wanted[0], kept[0])
        if scale > self.settings.upscale:
            values = {
                "found": _pixels(kept),
                "wanted": _pixels(wanted),
                "times": f"{float(scale):.2f}",
                "most": f"{float(self.settings.upscale):g}",
            }
            raise AttachmentError(Fault("attachment.fix.too-small", values))
        left = (whole[0] - kept[0]) * self.settings.across
        top = (whole[1] - kept[1]) * self.settings.down
        shrunk = (picture.width / whole[0], picture.height / whole[1])
        box = (
            float(left) * shrunk[0],
            float(top) * shrunk[1],
            float(left + kept[0]) * shrunk[0],
            float(top + kept[1]) * shrunk[1],
        )
        if kept != whole:
            self._note("cropped", before=_pixels(whole), after=_pixels(kept))
        if kept != wanted:
            self._note("resized", before=_pixels(kept), after=_pixels(wanted))
        return picture.resize(wanted, Resampling.LANCZOS, box=box)

    def _check_cut(self, whole: tuple[int, int], kept: tuple[int, int]) -> None:
        cut = max(1 - Fraction(kept[0], whole[0]), 1 - Fraction(kept[1], whole[1]))
        if cut > self.settings.crop:
            values = {
                "found": _pixels(whole),
                "kept": _pixels(kept),
                "cut": f"{float(cut):.0%}",
                "most": f"{float(self.settings.crop):.0%}",
            }
            raise AttachmentError(Fault("attachment.fix.shape", values))

    def _encoded(
        self, picture: Image, kind: PictureFormat, dpi: int | None, profile: bytes | None
    ) -> Encoded:
        quality = self.rule.quality or self.settings.quality
        lowest = min(self.settings.lowest_quality, quality)
        for smaller in self._sizes(picture):
            made = encode(
                smaller, kind, self.rule, first=quality, lowest=lowest, dpi=dpi, profile=profile
            )
            if not Span.hard(self.rule).is_below(len(made.data)):
                if smaller.size != picture.size:
                    before, after = _pixels(picture.size), _pixels(smaller.size)
                    self._note("resized", before=before, after=after)
                return made
        return made

    def _sizes(self, picture: Image) -> Iterator[Image]:
        """The picture, and smaller ones where its size is left to us."""
        from PIL.Image import Resampling

        yield picture
        width, height = picture.size
        while self.rule.size is None and min(width, height) * _STEP >= self.settings.smallest:
            width, height = int(width * _STEP), int(height * _STEP)
            yield picture.resize((width, height), Resampling.LANCZOS)

    def _note(self, code: str, **values: str | Text) -> None:
        self.changes.append(Change(code, values))

    def _note_saved(self, data: bytes, found: Outline, made: Encoded) -> None:
        kind = outline(made.data, self.limits).format
        if kind is not found.format:
            self._note("format", before=found.format.text, after=kind.text)
        sizes = {"before": str(len(data)), "after": str(len(made.data))}
        if made.quality is None:
            self._note("saved", **sizes)
        else:
            self._note("compressed", quality=str(made.quality), **sizes)
        if any(
            word in data[: found.end] for word in (b"Exif\0\0", b"eXIf", b"http://ns.adobe.com")
        ):
            self._note("stripped")
        rest, _ = hidden_in(data, found)
        if rest:
            self._note("tail", bytes=str(rest))

    def _note_name(self, name: str) -> None:
        if name != self.name and self.name:
            self._note("renamed", before=self.name, after=name)


def _kept(whole: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int]:
    """The largest part of a picture that has the wanted shape.

    >>> _kept((3000, 4000), (358, 441)), _kept((441, 441), (358, 441))
    ((3000, 3696), (358, 441))
    """
    width, height = whole
    if width * wanted[1] > height * wanted[0]:
        return max(1, round(Fraction(height * wanted[0], wanted[1]))), height
    return width, max(1, round(Fraction(width * wanted[1], wanted[0])))


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
