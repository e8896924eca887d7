"""Filing events in a journal: a stream for each account's month.

`FilingJournal` and `BookFile` are what filing asks of whatever keeps its events.
"""

from __future__ import annotations

from pathlib import Path

from socialins.filing.book import FilingBook, fold
from socialins.filing.events import BookOpened, Event
from socialins.filing.journal import FileJournal
from socialins.filing.wire import WIRE
from socialins.store.event_journal import EventFile, EventJournal
from socialins.store.opening import is_database
from socialins.store.protocol import Store
from socialins.values import Month

__all__ = ["BookFile", "FilingJournal", "journal_at", "stream_of"]

_PREFIX = "filing/"
_ENDINGS = {".db", ".sqlite", ".sqlite3"}


def stream_of(division: str, account: str, month: Month) -> str:
    """The name of the stream of an account's month.

    >>> stream_of("990100", "A1", Month(2026, 11))
    'filing/990100/A1/2026-11'
    """
    return f"{_PREFIX}{division}/{account}/{month}"


class FilingJournal(EventJournal[Event]):
    """The events of an account's month, in a stream of a journal.

    Arguments:
        store: the journal.
        stream: the stream's name, as of `stream_of`.
    """

    def __init__(self, store: Store, stream: str) -> None:
        super().__init__(store, stream, WIRE)

    def book(self) -> FilingBook:
        """The account's month as it stands."""
        return fold(self.read())


class BookFile(EventFile[Event]):
    """The events of one account's month, in an SQLite file."""

    prefix = _PREFIX
    unopened = "store.no-book"
    wire = WIRE

    def stream_for(self, first: Event) -> str | None:
        """The name of the stream that an event opens."""
        if not isinstance(first, BookOpened):
            return None
        return stream_of(first.division, first.account, first.month)


def journal_at(path: Path) -> BookFile | FileJournal:
    """The journal of one book: SQLite where the file is, or ends in ``.db``, ``.sqlite`` or
    ``.sqlite3``; else lines.
    """
    if path.exists() and path.stat().st_size:
        return BookFile(path) if is_database(path) else FileJournal(path)
    return BookFile(path) if path.suffix.casefold() in _ENDINGS else FileJournal(path)
