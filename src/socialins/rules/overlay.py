"""Overlays: a unit's or an integrator's own figures, laid over a region's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.faults import Fault, Place
from socialins.rules.errors import RuleFileError
from socialins.rules.loader import parse_rules, read_rule_file
from socialins.rules.rulebook import RuleBook, build_rule_books

__all__ = ["Overlay", "overlay_book"]

Overlay = str | Path | dict[str, Any] | RuleBook
"""A unit's own figures: the path of a rule file, its table, or a book made of it."""


def overlay_book(overlay: Overlay, book: RuleBook) -> RuleBook:
    """The book of an overlay; one that is a book already passes through.

    Arguments:
        overlay: the figures; a table may leave out the division.
        book: the region's own book, which it lies over.

    Raises:
        RuleFileError: if it can't be read, or names another division.
    """
    if isinstance(overlay, RuleBook):
        return overlay
    if isinstance(overlay, dict):
        name, file = "overlay", parse_rules({"division": book.division, **overlay}, "overlay")
    else:
        name, file = str(overlay), read_rule_file(Path(overlay), str(overlay))
    if file.division != book.division:
        problem = f"an overlay of {book.names.slug} must name {book.division}, not {file.division}"
        place = Place(file=name, field="division")
        raise RuleFileError([Fault("rules.invalid", {"problem": problem}, place)])
    return build_rule_books({name: file}, overlay_of=book.names)[book.division]
