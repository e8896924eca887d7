"""Filing events in a journal: a stream for each account's month.

`FilingJournal` and `BookFile` are what filing asks of whatever keeps its events. The type of an
event and its moment stand in the record, the rest in its payload.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from socialins.faults import Fault, Place
from socialins.filing.book import FilingBook, fold
from socialins.filing.events import BookOpened, Event
from socialins.filing.journal import FileJournal
from socialins.filing.wire import event_from_plain, event_to_plain
from socialins.store.errors import StoreError
from socialins.store.opening import is_database
from socialins.store.protocol import Store
from socialins.store.record import Record, Stored
from socialins.store.sqlite import SqliteStore
from socialins.values import Month

__all__ = ["BookFile", "FilingJournal", "event_of", "journal_at", "record_of", "stream_of"]

_PREFIX = "filing/"
_ENDINGS = {".db", ".sqlite", ".sqlite3"}


def stream_of(division: str, account: str, month: Month) -> str:
    """The name of the stream of an account's month.

    >>> stream_of("990100", "A1", Month(2026, 11))
    'filing/990100/A1/2026-11'
    """
    return f"{_PREFIX}{division}/{account}/{month}"


def record_of(event: Event) -> Record:
    """An event as the journal keeps it."""
    plain = event_to_plain(event)
    kind = plain.pop("type")
    del plain["at"]
    return Record(kind, plain, event.at)


def event_of(stored: Stored | Record) -> Event:
    """The event that was kept.

    Raises:
        ValueError: if it is of no type that filing knows.
    """
    return event_from_plain({**stored.payload, "type": stored.type, "at": stored.at.isoformat()})


@attrs.frozen
class FilingJournal:
    """The events of an account's month, in a stream of a journal.

    Arguments:
        store: the journal.
        stream: the stream's name, as of `stream_of`.
    """

    store: Store
    stream: str

    def append(self, events: Sequence[Event], expected_version: int) -> None:
        """Keep events, all or none; they are safe when this returns.

        Arguments:
            events: the events that `decide` gave.
            expected_version: the version of the book they were decided on.

        Raises:
            Conflict: if the book has another version.
            StoreError: if they can't be written.
        """
        self.store.append(self.stream, [record_of(one) for one in events], expected_version)

    def read(self) -> tuple[Event, ...]:
        """The events in order.

        Raises:
            Damaged: if one is not what was written.
        """
        return tuple(map(event_of, self.store.read(self.stream)))

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
