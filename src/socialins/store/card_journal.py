"""Events of card batches in a journal: a stream for each batch."""

from __future__ import annotations

from socialins.cards.batch import Batch, fold
from socialins.cards.events import BatchOpened, Event
from socialins.cards.wire import WIRE
from socialins.store.event_journal import EventFile, EventJournal
from socialins.store.protocol import Store

__all__ = ["CardFile", "CardJournal", "card_stream"]

_PREFIX = "cards/"


def card_stream(division: str, batch: str) -> str:
    """The name of the stream of a batch.

    >>> card_stream("990100", "B1")
    'cards/990100/B1'
    """
    return f"{_PREFIX}{division}/{batch}"


class CardJournal(EventJournal[Event]):
    """The events of a batch of cards, in a stream of a journal.

    Arguments:
        store: the journal.
        stream: the stream's name, as of `card_stream`.
    """

    def __init__(self, store: Store, stream: str) -> None:
        super().__init__(store, stream, WIRE)

    def batch(self) -> Batch:
        """The batch as it stands."""
        return fold(self.read())


class CardFile(EventFile[Event]):
    """The events of one batch of cards, in an SQLite file.

    The file may be that of a filing book or of a collection.
    """

    prefix = _PREFIX
    unopened = "store.no-cards"
    wire = WIRE

    def stream_for(self, first: Event) -> str | None:
        """The name of the stream that an event opens."""
        if not isinstance(first, BatchOpened):
            return None
        return card_stream(first.division, first.batch)
