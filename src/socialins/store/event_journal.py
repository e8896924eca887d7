"""Events of one state in a journal: a stream each, whatever the state is about.

The type of an event and its moment stand in the record, the rest in its payload.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import attrs

from socialins.deciding import Event, Wire
from socialins.store.protocol import Store
from socialins.store.record import Record, Stored

__all__ = ["EventJournal", "event_of", "record_of"]

E = TypeVar("E", bound=Event)


def record_of(event: E, wire: Wire[E]) -> Record:
    """An event as the journal keeps it."""
    plain = wire.to_plain(event)
    kind = plain.pop("type")
    del plain["at"]
    return Record(kind, plain, event.at)


def event_of(stored: Stored | Record, wire: Wire[E]) -> E:
    """The event that was kept.

    Raises:
        ValueError: if it is of none of the types.
    """
    return wire.from_plain({**stored.payload, "type": stored.type, "at": stored.at.isoformat()})


@attrs.frozen
class EventJournal(Generic[E]):
    """The events of one state, in a stream of a journal.

    Arguments:
        store: the journal.
        stream: the stream's name.
        wire: the types of the events.
    """

    store: Store
    stream: str
    wire: Wire[E]

    def append(self, events: Sequence[E], expected_version: int) -> None:
        """Keep events, all or none; they are safe when this returns.

        Arguments:
            events: the events that `decide` gave.
            expected_version: the version of the state they were decided on.

        Raises:
            Conflict: if the state has another version.
            StoreError: if they can't be written.
        """
        records = [record_of(one, self.wire) for one in events]
        self.store.append(self.stream, records, expected_version)

    def read(self) -> tuple[E, ...]:
        """The events in order.

        Raises:
            Damaged: if one is not what was written.
        """
        return tuple(event_of(one, self.wire) for one in self.store.read(self.stream))
