"""The events of card batches as JSON, both ways."""

from __future__ import annotations

from typing import Any

from socialins.cards import events
from socialins.deciding import Wire

__all__ = ["WIRE", "event_from_plain", "event_to_plain"]

WIRE: Wire[events.Event] = Wire(getattr(events, name) for name in events.__all__ if name != "Event")
"""What can happen to a batch."""


def event_to_plain(event: events.Event) -> dict[str, Any]:
    """An event as dicts, lists and text; ``type`` has the name of its class.

    >>> from datetime import UTC, date, datetime
    >>> at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    >>> event = events.ReceiptRecorded(at=at, number="R1", ready_on=date(2026, 11, 20))
    >>> event_from_plain(event_to_plain(event)) == event
    True
    """
    return WIRE.to_plain(event)


def event_from_plain(plain: dict[str, Any]) -> events.Event:
    """The event that `event_to_plain` gave the data for.

    Raises:
        ValueError: if it is of no known type, or does not fit it.
    """
    return WIRE.from_plain(plain)
