"""Events: what happened to a batch of cards, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from socialins.cards.codes import CardKind
from socialins.cards.rows import CardRow, Photo
from socialins.deciding import Event
from socialins.values import Month

__all__ = [
    "BatchOpened",
    "Collected",
    "Confirmed",
    "ErrorsNoted",
    "Event",
    "HandedOut",
    "PhotosAdded",
    "ReceiptRecorded",
    "ResultRecorded",
    "Submitted",
    "Withdrawn",
]


@attrs.frozen(kw_only=True)
class BatchOpened(Event):
    """A batch was begun."""

    batch: str
    division: str
    kind: CardKind
    rows: tuple[CardRow, ...] = attrs.field(repr=lambda rows: f"<{len(rows)} rows>")
    enrolled: Month | None = None


@attrs.frozen(kw_only=True)
class Confirmed(Event):
    """The unit found rows without error."""

    rows: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ErrorsNoted(Event):
    """The unit found errors: row → field → what is right."""

    errors: Mapping[str, Mapping[str, str]]


@attrs.frozen(kw_only=True)
class PhotosAdded(Event):
    """Photographs were taken in."""

    photos: tuple[Photo, ...]


@attrs.frozen(kw_only=True)
class Submitted(Event):
    """The batch went to the card centre."""


@attrs.frozen(kw_only=True)
class ReceiptRecorded(Event):
    """The centre took it in; the receipt may name the day from which cards can be collected."""

    number: str
    ready_on: date | None = None


@attrs.frozen(kw_only=True)
class ResultRecorded(Event):
    """The cards were made, but for the rows that were rejected: row → reason."""

    rejected: Mapping[str, str]


@attrs.frozen(kw_only=True)
class Collected(Event):
    """The unit collected the cards."""


@attrs.frozen(kw_only=True)
class HandedOut(Event):
    """People got their cards and signed for them."""

    rows: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Withdrawn(Event):
    """The unit took the batch back."""
