"""Command: what every command carries, and what none may leave out."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialins.values import Month

__all__ = ["Command", "named", "of_these_times"]

_YEARS = range(1950, 2190)
"""Years of moments and months; a moment beyond them is a slip of the keyboard."""


def _aware(_instance: object, _attribute: object, moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; pass an aware moment")
    if moment.year not in _YEARS:
        raise ValueError(f"{moment} is not of these times; pass the moment of the command")


def of_these_times(_instance: object, attribute: attrs.Attribute[Month], month: Month) -> None:
    """Refuse a month that nobody files for: an attrs validator."""
    if month.year not in _YEARS:
        raise ValueError(f"{month} is not of these times; pass the {attribute.name} that is meant")


def named(_instance: object, attribute: attrs.Attribute[str], id_: str) -> None:
    """Refuse an empty id: an attrs validator."""
    if not id_:
        raise ValueError(f"{attribute.name!r} can't be empty")


@attrs.frozen(kw_only=True)
class Command:
    """What every command carries.

    Arguments:
        at: the moment, aware.
        by: who wants it.
        key: the caller's own key; the same command sent again with it happens once.
    """

    at: datetime = attrs.field(validator=_aware)
    by: str = ""
    key: str = ""
