"""The events of collection as JSON, both ways."""

from __future__ import annotations

from typing import Any

from socialins.collection import events
from socialins.deciding import Wire

__all__ = ["WIRE", "event_from_plain", "event_to_plain"]

WIRE: Wire[events.Event] = Wire(getattr(events, name) for name in events.__all__ if name != "Event")
"""What can happen to an account's collection."""


def event_to_plain(event: events.Event) -> dict[str, Any]:
    """An event as dicts, lists and text; ``type`` has the name of its class.

    >>> from socialins.collection.events import HandedOver
    >>> from datetime import datetime, UTC
    >>> event = HandedOver(at=datetime(2026, 11, 4, tzinfo=UTC), plan="P1")
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
