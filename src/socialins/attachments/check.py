"""Checking a picture against a region's rule: every fault at once, and what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from socialins.attachments.background import TOLERANCE, Tolerance, background_of
from socialins.attachments.claims import Outline, in_words
from socialins.attachments.limits import LIMITS, Limits
from socialins.attachments.measured import Measured
from socialins.attachments.names import check_name
from socialins.attachments.outline import Refusal, hidden_in, outline
from socialins.attachments.picture import decode, dpi_of, flat, orientation_of, read_bytes
from socialins.deciding import Values
from socialins.faults import Fault, Place, Text
from socialins.model.person import InsuredPerson
from socialins.rules.attachment import KILOBYTE, AttachmentRule
from socialins.settlement.plain import fault_to_plain

__all__ = ["Report", "check", "check_bytes", "check_claims"]

_ENOUGH = (480, 600)
"""What a picture is measured at; smaller ones are measured as they are."""


@attrs.frozen(kw_only=True)
class Report:
    """What was found of a picture.

    Arguments:
        name: the file's name; empty where none was given.
        rule: the id of the rule.
        measured: what was measured; None if it is no picture that can be read.
        faults: what is wrong, and what is only unusual.
    """

    name: str
    rule: str
    measured: Measured | None
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether the bureau's rule is kept; warnings don't count."""
        return not any(fault.is_error for fault in self.faults)

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """As dicts, lists and text."""
        return {
            "name": self.name,
            "rule": self.rule,
            "ok": self.ok,
            "measured": None if self.measured is None else self.measured.to_plain(),
            "faults": [fault_to_plain(fault, lang) for fault in self.faults],
        }


def check(
    source: Path | str | bytes,
    rule: AttachmentRule,
    *,
    name: str | None = None,
    person: InsuredPerson | None = None,
    limits: Limits = LIMITS,
    tolerance: Tolerance = TOLERANCE,
) -> Report:
    """Check a picture.

    Arguments:
        source: the file's path, or its bytes.
        rule: what the bureau wants, such as `Region.photo_rule` gives.
        name: the file's name; a path has its own, and bytes without one have none to check.
        person: whose picture it is, where the name must tell.
        limits: what is read at most.
        tolerance: what passes for a background's colour.

    Returns:
        What was measured, and every fault; a file that can't be read has a fault too.

    Raises:
        MissingExtra: if Pillow is not installed.

    >>> from socialins.testing.middle import middle
    >>> report = check(b"<html>", middle().photo_rule("card-photo"), name="a.jpg")
    >>> report.faults[0].message("en")
    'this is no picture but a web page'
    """
    if name is None:
        name = "" if isinstance(source, bytes) else Path(source).name
    try:
        data = read_bytes(source, limits)
    except Refusal as refusal:
        found = [refusal.fault.at(_place(name, source))]
        return Report(name=name, rule=rule.id, measured=None, faults=tuple(found))
    report = check_bytes(data, rule, name=name, person=person, limits=limits, tolerance=tolerance)
    place = _place(name, source)
    return attrs.evolve(report, faults=tuple(fault.at(place) for fault in report.faults))


def check_bytes(
    data: bytes,
    rule: AttachmentRule,
    *,
    name: str,
    person: InsuredPerson | None,
    limits: Limits,
    tolerance: Tolerance,
) -> Report:
    """Check the bytes of a picture; what `check` says of one, without its place."""
    faults: list[Fault] = []
    measured: Measured | None = None
    try:
        found = outline(data, limits)
        faults += check_claims(data, found, rule)
        if not _hopeless(found, rule):
            measured = _measure(data, found, tolerance)
            faults += _pixels(measured, rule, tolerance)
        else:
            measured = _measured(data, found)
    except Refusal as refusal:
        faults.append(refusal.fault)
    if name:
        kind = measured.format if measured else None
        faults += check_name(name, rule, kind, person, limits)
    return Report(name=name, rule=rule.id, measured=measured, faults=tuple(faults))


def _hopeless(found: Outline, rule: AttachmentRule) -> bool:
    """A picture of a format that isn't taken need not be decoded to be refused."""
    return bool(rule.formats) and found.format not in rule.formats


def check_claims(data: bytes, found: Outline, rule: AttachmentRule) -> list[Fault]:
    """What is wrong with what the structure of a file says; no pixel is decoded for it.

    Arguments:
        data: the file.
        found: its outline.
        rule: what the bureau wants.
    """
    faults = [*_size(len(data), rule)]
    if _hopeless(found, rule):
        wanted = Text(
            "、".join(one.title("zh") for one in rule.formats),
            ", ".join(one.title("en") for one in rule.formats),
        )
        values: Values = {"format": found.format.text, "wanted": wanted}
        faults.append(Fault("attachment.format", values))
    if found.frames > 1:
        faults.append(Fault("attachment.animated", {}))
    rest, another = hidden_in(data, found)
    if another:
        faults.append(Fault("attachment.polyglot", {"bytes": str(rest)}))
    elif rest:
        faults.append(Fault("attachment.tail", {"bytes": str(rest)}))
    if rule.size is not None and (found.width, found.height) != rule.size:
        values = {
            "found": f"{found.width}×{found.height}",
            "wanted": f"{rule.size[0]}×{rule.size[1]}",
        }
        faults.append(Fault("attachment.pixels", values))
    if rule.colour is not None and found.colour is not rule.colour:
        faults.append(
            Fault(
                "attachment.colour", {"found": in_words(found.coding), "wanted": rule.colour.text}
            )
        )
    return faults


def _size(size: int, rule: AttachmentRule) -> list[Fault]:
    shown = f"{size / KILOBYTE:.1f}"
    if rule.most_bytes is not None and size > rule.most_bytes:
        if rule.below_kb is not None:
            return [Fault("attachment.size.not-below", {"size": shown, "most": str(rule.below_kb)})]
        return [Fault("attachment.size.above", {"size": shown, "most": str(rule.at_most_kb)})]
    if size < rule.least_bytes:
        return [Fault("attachment.size.under", {"size": shown, "least": str(rule.at_least_kb)})]
    least, most = rule.usual_from_kb or 0, rule.usual_to_kb
    if size < least * KILOBYTE or (most is not None and size > most * KILOBYTE):
        usual = f"{least or ''}–{most or ''}"
        return [Fault("attachment.size.unusual", {"size": shown, "usual": usual})]
    if rule.advised_kb is not None and size > rule.advised_kb * KILOBYTE:
        return [Fault("attachment.size.advised", {"size": shown, "advised": str(rule.advised_kb)})]
    return []


def _measured(data: bytes, found: Outline, **more: Any) -> Measured:
    return Measured(
        size=len(data),
        format=found.format,
        width=found.width,
        height=found.height,
        bits=found.bits,
        colour=found.colour,
        coding=found.coding,
        frames=found.frames,
        **more,
    )


def _measure(data: bytes, found: Outline, tolerance: Tolerance) -> Measured:
    picture = decode(data, found, _ENOUGH)
    shares = background_of(flat(picture), tolerance)
    colour, share = max(shares.items(), key=lambda item: item[1])
    return _measured(
        data,
        found,
        dpi=dpi_of(picture),
        turned=orientation_of(picture) != 1,
        background=colour if share >= tolerance.share else None,
        shares=shares,
    )


def _pixels(measured: Measured, rule: AttachmentRule, tolerance: Tolerance) -> list[Fault]:
    """What is wrong with what only the decoded picture shows."""
    faults = []
    if rule.dpi is not None and measured.dpi != (rule.dpi, rule.dpi):
        stated = measured.dpi
        found = Text("未注明", "none") if stated is None else Text(*[_dpi(stated)] * 2)
        faults.append(Fault("attachment.dpi", {"found": found, "wanted": str(rule.dpi)}))
    if measured.turned:
        faults.append(Fault("attachment.turned", {}))
    if rule.backgrounds:
        share = max(measured.shares.get(colour, 0) for colour in rule.backgrounds)
        if share < tolerance.share:
            wanted = Text(
                "或".join(one.title("zh") for one in rule.backgrounds),
                " or ".join(one.title("en") for one in rule.backgrounds),
            )
            values: Values = {"wanted": wanted, "share": str(share), "least": str(tolerance.share)}
            faults.append(Fault("attachment.background", values))
    return faults


def _dpi(stated: tuple[int, int]) -> str:
    return str(stated[0]) if stated[0] == stated[1] else f"{stated[0]}×{stated[1]}"


def _place(name: str, source: Path | str | bytes) -> Place:
    return Place(file=name or None) if isinstance(source, bytes) else Place(file=str(source))
