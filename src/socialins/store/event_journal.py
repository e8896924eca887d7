"""Events of one state in a journal: a stream each, whatever the state is about; a file for one.

The type of an event and its moment stand in the record, the rest in its payload.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from socialins.deciding import Event, Wire
from socialins.faults import Fault, Place
from socialins.store.errors import Damaged, StoreError
from socialins.store.protocol import Store
from socialins.store.record import Record, Stored, masked_name
from socialins.store.sqlite import SqliteStore

__all__ = ["EventFile", "EventJournal", "event_of", "record_of"]

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
            Damaged: if one is not what was written, or none of the types.
        """
        return tuple(self._event(one) for one in self.store.read(self.stream))

    def _event(self, stored: Stored) -> E:
        try:
            return event_of(stored, self.wire)
        except ValueError:
            # What is in the way may be a person's; the fault names the event alone.
            values = {
                "sequence": str(stored.sequence),
                "stream": masked_name(stored.stream),
                "version": str(stored.version),
                "type": stored.type,
            }
            raise Damaged(Fault("store.event", values)) from None


@attrs.frozen
class EventFile(Generic[E]):
    """The events of one state, in an SQLite file; it is open only while it is used.

    Arguments:
        path: the file; it is made by the first append.
    """

    prefix: ClassVar[str]
    """What the name of the stream begins with."""
    unopened: ClassVar[str]
    """The code of the fault that the first event opens nothing."""

    wire: ClassVar[Any]
    """The types of the events: a `Wire`."""

    path: Path

    @abstractmethod
    def stream_for(self, first: E) -> str | None:
        """The name of the stream that an event opens; None if it opens none."""

    def append(self, events: Sequence[E], expected_version: int) -> None:
        """Keep events; see `EventJournal.append`.

        Raises:
            StoreError: also if the first event of all opens nothing.
        """
        if not events:
            return
        with SqliteStore(self.path) as store:
            stream = self._stream(store) or self.stream_for(events[0])
            if stream is None:
                raise StoreError(Fault(self.unopened, place=self._place))
            EventJournal(store, stream, self.wire).append(events, expected_version)

    def read(self) -> tuple[E, ...]:
        """All events, in order; none where there is no file, or no such stream in it."""
        if not self.path.exists():
            return ()
        with SqliteStore(self.path) as store:
            stream = self._stream(store)
            return EventJournal(store, stream, self.wire).read() if stream else ()

    def _stream(self, store: Store) -> str | None:
        found = list(store.streams(self.prefix))
        if len(found) > 1:
            words = {"count": str(len(found))}
            raise StoreError(Fault("store.several-books", words, self._place))
        return found[0] if found else None

    @property
    def _place(self) -> Place:
        return Place(file=str(self.path))
