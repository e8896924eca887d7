"""Collection's events in a journal: a stream for each account's month, beside those of filing."""

from __future__ import annotations

from socialins.collection.events import CollectionOpened, Event
from socialins.collection.state import Collection, fold
from socialins.collection.wire import WIRE
from socialins.store.event_journal import EventFile, EventJournal
from socialins.store.protocol import Store
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


class CollectionFile(EventFile[Event]):
    """The events of one account's collection of a month, in an SQLite file.

    The file may be the one of the month's filing book.
    """

    prefix = _PREFIX
    unopened = "store.no-collection"
    wire = WIRE

    def stream_for(self, first: Event) -> str | None:
        """The name of the stream that an event opens."""
        if not isinstance(first, CollectionOpened):
            return None
        return collection_stream(first.division, first.account, first.month)
