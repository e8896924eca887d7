"""Advice on rules that load: what a careful author would look at once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from socialins.faults import Fault, Place, Text
from socialins.filing.prerequisites import CHECKS
from socialins.rules import Mark, RuleFile
from socialins.rules.gaps import STALE_AFTER
from socialins.rules.references import near_names
from socialins.rules.rulebook import PlacedSeries
from socialins.values import Month

__all__ = ["HEADS", "advise_checks", "advise_file", "advise_series"]

HEADS = ("References", "Checked with", "Limitations")
"""What the comment at the head of a rule file tells."""


def advise_file(name: str, file: Path) -> Iterator[Fault]:
    """Name what the head of a rule file does not tell.

    Arguments:
        name: how to call the file.
        file: the file.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return  # told already, as an error
    head = "\n".join(_head(text))
    missing = [one for one in HEADS if not re.search(rf"^#\s*{one}\b", head, re.MULTILINE)]
    if missing:
        yield Fault("plugin.head", {"heads": ", ".join(missing)}, Place(file=name))


def advise_series(placed: PlacedSeries, today: date | None) -> Iterator[Fault]:
    """Name the figures that nothing confirms, and those not seen again for long.

    Arguments:
        placed: the series.
        today: the day in China; None looks at no ages.
    """
    for index, figure in enumerate(placed.series.values):
        place = Place(file=placed.file, field=f"{placed.path}.values[{index}]")
        told: dict[str, str | Text] = {
            "figure": Text(figure.describe("zh"), figure.describe("en")),
            "months": str(figure.span),
        }
        if figure.weakest_mark is Mark.C:
            yield Fault("plugin.unconfirmed", told, place)
        seen = figure.last_confirmed or figure.known_from
        # An end tells how long a figure holds; without one, only its being seen again does.
        old = today is not None and Month.of(today) - Month.of(seen) > STALE_AFTER
        if old and figure.end is None:
            yield Fault("plugin.stale", {**told, "day": seen.isoformat()}, place)


def advise_checks(name: str, file: RuleFile) -> Iterator[Fault]:
    """Name the prerequisites that the library has no check for: the plugin itself must add them.

    No code of a checked plugin is run, so whether it does can't be seen.

    Arguments:
        name: how to call the file.
        file: its contents.
    """
    for index, business in enumerate(file.businesses):
        for place, requirement in enumerate(business.requires):
            if requirement.id not in CHECKS:
                told: dict[str, str | Text] = {
                    "check": requirement.id,
                    "near": near_names(requirement.id, CHECKS),
                }
                path = f"businesses[{index}].requires[{place}].id"
                yield Fault("plugin.check-unknown", told, Place(file=name, field=path))


def _head(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            return
        yield line
