"""The papers of a business as a set: which must be there, which may, and each by its own rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from socialins.attachments.background import TOLERANCE, Tolerance
from socialins.attachments.check import Report, check
from socialins.attachments.limits import LIMITS, Limits
from socialins.deciding import Values
from socialins.faults import Fault, Place, Text
from socialins.rules.attachment import AttachmentRule
from socialins.rules.business import Business, Material
from socialins.settlement.plain import fault_to_plain

__all__ = ["SetReport", "Source", "check_set"]

Source: TypeAlias = Path | str | bytes


@attrs.frozen(kw_only=True)
class SetReport:
    """What was found of the papers of a business.

    Arguments:
        business: the business's id.
        reports: material → what was found of each of its files.
        faults: what is wrong with the set: papers that lack, or that nobody asked for.
        on_paper: materials that are handed in otherwise: nobody says how they are sent in.
        kept: materials that the unit keeps.
    """

    business: str
    reports: Mapping[str, tuple[Report, ...]]
    faults: tuple[Fault, ...]
    on_paper: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """What is wrong with the set, and with each file."""
        each = (fault for found in self.reports.values() for one in found for fault in one.faults)
        return (*self.faults, *each)

    @property
    def ok(self) -> bool:
        """Whether all is there and each file keeps its rule; warnings don't count."""
        return not any(fault.is_error for fault in self.all_faults)

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """As dicts, lists and text."""
        return {
            "business": self.business,
            "ok": self.ok,
            "faults": [fault_to_plain(fault, lang) for fault in self.faults],
            "files": {
                material: [one.to_plain(lang) for one in found]
                for material, found in self.reports.items()
            },
            "on_paper": list(self.on_paper),
            "kept": list(self.kept),
        }


def check_set(
    business: Business,
    files: Mapping[str, Source | Iterable[Source]],
    rules: Mapping[str, AttachmentRule],
    *,
    limits: Limits = LIMITS,
    tolerance: Tolerance = TOLERANCE,
) -> SetReport:
    """Check the files that go with a business.

    Arguments:
        business: the business, with its materials (`Region.businesses`).
        files: material → its file or files, as paths or bytes; a material is called by its id.
        rules: the rules for pictures, by id (`Region.attachments`).
        limits: what is read at most.
        tolerance: what passes for a background's colour.

    Returns:
        A report for each file, and what lacks. A material for which no rule for pictures is known
        is handed in on paper as far as anybody says; it is listed and not asked for.
    """
    known = {one.id: one for one in business.materials}
    given = {material: _listed(found) for material, found in files.items()}
    faults = [_unknown(business, material) for material in given if material not in known]
    reports: dict[str, tuple[Report, ...]] = {}
    on_paper: list[str] = []
    for material in business.materials:
        sent = given.get(material.id, ())
        rule = rules.get(material.attachment)
        if material.attachment and rule is None:
            values = {"rule": material.attachment, "choices": ", ".join(sorted(rules)) or "–"}
            faults.append(Fault("attachment.rule-unknown", values, _at(material)))
        elif rule is None:
            if material.kept:
                continue
            on_paper.append(material.id)
            if sent:
                faults.append(Fault("attachment.set.no-rule", {"material": material.text}))
        elif not sent and material.required and not material.kept:
            faults.append(
                Fault("attachment.set.missing", {"material": material.text}, _at(material))
            )
        elif sent:
            reports[material.id] = tuple(
                check(one, rule, limits=limits, tolerance=tolerance) for one in sent
            )
    return SetReport(
        business=business.id,
        reports=reports,
        faults=tuple(faults),
        on_paper=tuple(on_paper),
        kept=tuple(one.id for one in business.materials if one.kept),
    )


def _listed(files: Source | Iterable[Source]) -> Sequence[Source]:
    if isinstance(files, Path | str | bytes):
        return (files,)
    return tuple(files)


def _unknown(business: Business, material: str) -> Fault:
    choices = Text(
        "、".join(one.id for one in business.materials) or "（无）",
        ", ".join(one.id for one in business.materials) or "none",
    )
    values: Values = {"material": material, "business": business.name, "choices": choices}
    return Fault("attachment.set.unknown", values)


def _at(material: Material) -> Place:
    return Place(field=material.id)
