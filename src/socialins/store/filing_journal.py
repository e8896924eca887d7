"""Filing events in a journal: a stream for each account's month.

`FilingJournal` and `BookFile` are what filing asks of whatever keeps its events.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from socialins.faults import Fault, Place
from socialins.filing.book import FilingBook, fold
from socialins.filing.events import BookOpened, Event
from socialins.filing.journal import FileJournal
from socialins.filing.wire import WIRE
from socialins.store.errors import StoreError
from socialins.store.event_journal import EventJournal
from socialins.store.opening import is_database
from socialins.store.protocol import Store
from socialins.store.sqlite import SqliteStore
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


@attrs.frozen
class BookFile:
    """The events of one account's month, in an SQLite file of its own.

    Arguments:
        path: the file; it is made by the first append. The file is open only while it is used.
    """

    path: Path

    def append(self, events: Sequence[Event], expected_version: int) -> None:
        """Keep events; see `FilingJournal.append`.

        Raises:
            StoreError: also if the first event of all opens no book.
        """
        if not events:
            return
        with SqliteStore(self.path) as store:
            stream = self._stream(store)
            if stream is None:
                first = events[0]
                if not isinstance(first, BookOpened):
                    raise StoreError(Fault("store.no-book", place=self._place))
                stream = stream_of(first.division, first.account, first.month)
            FilingJournal(store, stream).append(events, expected_version)

    def read(self) -> tuple[Event, ...]:
        """All events, in order; none where there is no file."""
        if not self.path.exists():
            return ()
        with SqliteStore(self.path) as store:
            stream = self._stream(store)
            return FilingJournal(store, stream).read() if stream else ()

    def _stream(self, store: Store) -> str | None:
        found = list(store.streams(_PREFIX))
        if len(found) > 1:
            words = {"count": str(len(found))}
            raise StoreError(Fault("store.several-books", words, self._place))
        return found[0] if found else None

    @property
    def _place(self) -> Place:
        return Place(file=str(self.path))


def journal_at(path: Path) -> BookFile | FileJournal:
    """The journal of one book: SQLite where the file is, or ends in ``.db``, ``.sqlite`` or
    ``.sqlite3``; else lines.
    """
    if path.exists() and path.stat().st_size:
        return BookFile(path) if is_database(path) else FileJournal(path)
    return BookFile(path) if path.suffix.casefold() in _ENDINGS else FileJournal(path)
