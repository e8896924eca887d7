"""Collection's events in a journal: a stream for each account's month, beside those of filing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from socialins.collection.events import CollectionOpened, Event
from socialins.collection.state import Collection, fold
from socialins.collection.wire import WIRE
from socialins.faults import Fault, Place
from socialins.store.errors import StoreError
from socialins.store.event_journal import EventJournal
from socialins.store.protocol import Store
from socialins.store.sqlite import SqliteStore
from socialins.values import Month

__all__ = ["CollectionFile", "CollectionJournal", "collection_stream"]

_PREFIX = "collection/"


def collection_stream(division: str, account: str, month: Month) -> str:
    """The name of the stream of an account's month.

    >>> collection_stream("990100", "A1", Month(2026, 11))
    'collection/990100/A1/2026-11'
    """
    return f"{_PREFIX}{division}/{account}/{month}"


class CollectionJournal(EventJournal[Event]):
    """The events of an account's collection of a month, in a stream of a journal.

    Arguments:
        store: the journal.
        stream: the stream's name, as of `collection_stream`.
    """

    def __init__(self, store: Store, stream: str) -> None:
        super().__init__(store, stream, WIRE)

    def collection(self) -> Collection:
        """The account's month as it stands."""
        return fold(self.read())


@attrs.frozen
class CollectionFile:
    """The events of one account's collection of a month, in an SQLite file.

    The file may be the one of the month's filing book; it is open only while it is used.

    Arguments:
        path: the file; it is made by the first append.
    """

    path: Path

    def append(self, events: Sequence[Event], expected_version: int) -> None:
        """Keep events; see `CollectionJournal.append`.

        Raises:
            StoreError: also if the first event of all opens no collection.
        """
        if not events:
            return
        with SqliteStore(self.path) as store:
            stream = self._stream(store)
            if stream is None:
                first = events[0]
                if not isinstance(first, CollectionOpened):
                    raise StoreError(Fault("store.no-collection", place=self._place))
                stream = collection_stream(first.division, first.account, first.month)
            CollectionJournal(store, stream).append(events, expected_version)

    def read(self) -> tuple[Event, ...]:
        """All events, in order; none where there is no file, or no collection in it."""
        if not self.path.exists():
            return ()
        with SqliteStore(self.path) as store:
            stream = self._stream(store)
            return CollectionJournal(store, stream).read() if stream else ()

    def _stream(self, store: Store) -> str | None:
        found = list(store.streams(_PREFIX))
        if len(found) > 1:
            words = {"count": str(len(found))}
            raise StoreError(Fault("store.several-books", words, self._place))
        return found[0] if found else None

    @property
    def _place(self) -> Place:
        return Place(file=str(self.path))
