"""The protocol of a journal: what an application may rely on, whatever keeps the events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from socialins.faults import Fault
from socialins.store.chain import Checked, Row
from socialins.store.record import Head, Record, Snapshot, Stored

__all__ = ["Store"]


class Store(Protocol):
    """A journal (流水账): events, append-only, in streams, all in one hash chain.

    `append` returns when the events are safe; before that nothing was promised. It knows no class
    of events: codecs are the caller's.
    """

    def append(self, stream: str, events: Sequence[Record], expected_version: int) -> int:
        """Append events to a stream, all or none.

        Arguments:
            stream: its name; it begins with its first event.
            events: the events in order.
            expected_version: the version that the caller has read; 0 for a stream not yet begun.

        Returns:
            The stream's version after them.

        Raises:
            Conflict: if the stream has another version.
            Busy: if others held the journal for too long.
            StoreError: if it can't be written; nothing of it was.
        """
        ...

    def read(self, stream: str, after: int = 0) -> Iterator[Stored]:
        """A stream's events in order, from the one behind version `after`.

        Raises:
            Damaged: at the first event that is not what was written.
        """
        ...

    def read_all(self, after: int = 0) -> Iterator[Stored]:
        """All events in order, from the one behind sequence `after`.

        Raises:
            Damaged: at the first event that is not what was written.
        """
        ...

    def version(self, stream: str) -> int:
        """How many events a stream has; 0 where there is none."""
        ...

    def streams(self, prefix: str = "") -> Iterator[str]:
        """Names of the streams that begin so, in order."""
        ...

    def snapshot(self, stream: str, version: int, payload: Any) -> None:
        """Keep a state computed from a stream; a later one takes the place of an earlier.

        Arguments:
            stream: the stream.
            version: the last event that the state counts.
            payload: anything JSON has.

        Raises:
            StoreError: if the stream has no such version, or JSON no such payload.
        """
        ...

    def latest_snapshot(self, stream: str) -> Snapshot | None:
        """The state kept last, if it is what was kept and the events below it are; else None."""
        ...

    def head(self) -> Head:
        """How far the journal goes. Noted elsewhere, it is what `check` can be held to."""
        ...

    def verify(self) -> tuple[Fault, ...]:
        """What is altered, missing, misplaced or cut off, and warnings; empty if all is well."""
        ...

    def check(self, noted: Head | None = None) -> Checked:
        """What `verify` finds, with counts.

        Arguments:
            noted: a head noted elsewhere earlier on, which the journal must still contain.
        """
        ...

    def rows(self) -> Iterator[Row]:
        """All events as they are stored, unchecked; for export."""
        ...

    def adopt(self, rows: Iterable[Row]) -> int:
        """Take over the events of another journal, digests and all; this one must be empty.

        Arguments:
            rows: the events in order; each is checked before anything is kept.

        Returns:
            How many there were.

        Raises:
            Damaged: if they are no unbroken chain; nothing was taken then.
            StoreError: if there are events here.
        """
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...
