"""A journal in a relational database: all that SQLite and PostgreSQL have in common.

One row, the head, says how far the chain goes. Whoever appends holds that row until the
transaction ends, so that sequences have no gaps and digests one order; that is the price of a chain
over the whole journal, and what makes a missing event show. Statements are written once: ``$``
stands before the name of a table, ``?`` for a value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self, TypeVar

from socialins.faults import Fault
from socialins.store import audit
from socialins.store.chain import GENESIS, ChainCheck, Checked, Row, digest_of, stored
from socialins.store.errors import Conflict, Damaged, StoreError
from socialins.store.record import (
    Head,
    Record,
    Snapshot,
    Stored,
    canonical,
    check_name,
    masked_name,
)

__all__ = ["PAGE", "SqlStore"]

T = TypeVar("T")

PAGE = 1_000
"""Events that are read at a time: no statement stays open while the caller works on them."""

_BATCH = 1_000
_PAST_ALL = "\U0010ffff"
"""Sorts behind every name, as no printable text has it."""

_HEAD = "SELECT sequence, digest FROM $head"
_STREAM = "SELECT id, version FROM $streams WHERE name = ?"
_NEW_STREAM = (
    "INSERT INTO $streams (id, name, version) SELECT coalesce(max(id), 0) + 1, ?, 0 FROM $streams"
)
_STREAM_MOVED = "UPDATE $streams SET version = ? WHERE id = ?"
_HEAD_MOVED = "UPDATE $head SET sequence = ?, digest = ?"
INSERT = (
    "INSERT INTO $events (sequence, stream, version, type, at, payload, digest) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
# The stream's row always comes back, so that its version and its events are of one moment.
_READ = (
    "SELECT e.sequence, s.name, e.version, e.type, e.at, e.payload, e.digest, p.digest, s.version "
    "FROM $streams AS s LEFT JOIN $events AS e ON e.stream = s.id AND e.version > ? "
    "LEFT JOIN $events AS p ON p.sequence = e.sequence - 1 "
    "WHERE s.name = ? ORDER BY e.version LIMIT ?"
)
_READ_ALL = (
    "SELECT e.sequence, s.name, e.version, e.type, e.at, e.payload, e.digest "
    "FROM $events AS e LEFT JOIN $streams AS s ON s.id = e.stream "
    "WHERE e.sequence > ? ORDER BY e.sequence LIMIT ?"
)
_DIGEST_AT = "SELECT digest FROM $events WHERE sequence = ?"
_NAMES = "SELECT name FROM $streams WHERE name > ? AND name >= ? AND name < ? ORDER BY name LIMIT ?"
_DIGEST_OF = (
    "SELECT s.id, e.digest FROM $streams AS s "
    "JOIN $events AS e ON e.stream = s.id AND e.version = ? WHERE s.name = ?"
)
_KEEP = (
    "INSERT INTO $snapshots AS n (stream, version, payload, digest) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (stream) DO UPDATE SET version = excluded.version, payload = excluded.payload, "
    "digest = excluded.digest WHERE n.version <= excluded.version"
)
_KEPT = (
    "SELECT n.version, n.payload, n.digest, e.digest FROM $streams AS s "
    "JOIN $snapshots AS n ON n.stream = s.id "
    "LEFT JOIN $events AS e ON e.stream = s.id AND e.version = n.version WHERE s.name = ?"
)


class SqlStore(ABC):
    """A journal in a database; `SqliteStore` and `PostgresStore` say how it is spoken to."""

    # What a database has to offer ---------------------------------------------------------------

    @abstractmethod
    def _fetch(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement; all of its rows."""

    @abstractmethod
    def _many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row."""

    @abstractmethod
    def _writing(self, work: Callable[[], T]) -> T:
        """Do something in a transaction, in which nobody else appends; all of it or nothing."""

    @abstractmethod
    def _reading(self, work: Callable[[], T]) -> T:
        """Do something while all that is read is of one moment, readable or not."""

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds."""

    def _own_check(self) -> list[Fault]:
        """What the database itself finds wrong."""
        return []

    # The protocol -------------------------------------------------------------------------------

    def append(self, stream: str, events: Sequence[Record], expected_version: int) -> int:
        """Append events to a stream, all or none; see `Store.append`."""
        check_name(stream)

        def work() -> int:
            (sequence, previous), *_ = self._head_row()
            found = self._fetch(_STREAM, (stream,))
            version: int = found[0][1] if found else 0
            if version != expected_version:
                raise _conflict(stream, expected_version, version)
            if not events:
                return version
            if not found:
                self._fetch(_NEW_STREAM, (stream,))
                found = self._fetch(_STREAM, (stream,))
            rows: list[Sequence[object]] = []
            for record in events:
                sequence, version, at = sequence + 1, version + 1, record.at.isoformat()
                said = (sequence, stream, version, record.type, at, record.json)
                previous = digest_of(previous, said)
                rows.append(
                    (sequence, found[0][0], version, record.type, at, record.json, previous)
                )
            self._many(INSERT, rows)
            self._fetch(_STREAM_MOVED, (version, found[0][0]))
            self._fetch(_HEAD_MOVED, (sequence, previous))
            return version

        return self._writing(work)

    def read(self, stream: str, after: int = 0) -> Iterator[Stored]:
        """A stream's events in order; see `Store.read`."""
        while True:
            page = self._fetch(_READ, (after, stream, PAGE))
            for *row, before, last in page:
                if row[0] is None:
                    if last > after:
                        raise Damaged(_lost(stream, after, last))
                    return
                yield _checked(tuple(row), before, stream, after + 1)
                after += 1
            if not page:
                return
            if len(page) < PAGE:
                if after != page[-1][-1]:
                    raise Damaged(_lost(stream, after, page[-1][-1]))
                return

    def read_all(self, after: int = 0) -> Iterator[Stored]:
        """All events in order; see `Store.read_all`."""
        found = self._fetch(_DIGEST_AT, (after,))
        previous = found[0][0] if found else GENESIS if after == 0 else None
        while True:
            until = self.head().sequence
            page = self._fetch(_READ_ALL, (after, PAGE))
            for row in page:
                if row[0] != after + 1:
                    raise Damaged(Fault("store.missing", {"events": f"{after + 1}–{row[0] - 1}"}))
                yield _checked(row, previous, row[1], row[2])
                after, previous = row[0], row[6]
            if not page or (len(page) < PAGE and after >= until):
                if after < until:
                    raise Damaged(Fault("store.truncated", {"events": f"{after + 1}–{until}"}))
                return

    def version(self, stream: str) -> int:
        """How many events a stream has; 0 where there is none."""
        found = self._fetch(_STREAM, (stream,))
        return int(found[0][1]) if found else 0

    def streams(self, prefix: str = "") -> Iterator[str]:
        """Names of the streams that begin so, in order."""
        after = ""
        while page := self._fetch(_NAMES, (after, prefix, prefix + _PAST_ALL, PAGE)):
            for (name,) in page:
                yield name
            after = _farther(after, page[-1][0])

    def snapshot(self, stream: str, version: int, payload: Any) -> None:
        """Keep a state computed from a stream; see `Store.snapshot`."""
        text = canonical(payload)

        def work() -> None:
            found = self._fetch(_DIGEST_OF, (version, stream))
            if not found:
                words = {"stream": masked_name(stream), "version": str(version)}
                raise StoreError(Fault("store.snapshot-version", words))
            identity, digest = found[0]
            kept = audit.snapshot_digest(digest, stream, version, text)
            self._fetch(_KEEP, (identity, version, text, kept))

        self._writing(work)

    def latest_snapshot(self, stream: str) -> Snapshot | None:
        """The state kept last, if it still is what was kept; see `Store.latest_snapshot`."""
        for version, payload, digest, event in self._fetch(_KEPT, (stream,)):
            if audit.snapshot_holds(event, stream, version, payload, digest):
                return Snapshot(stream, version, payload)
        return None

    def head(self) -> Head:
        """How far the journal goes."""
        rows = self._fetch(_HEAD)
        if len(rows) != 1 or not isinstance(rows[0][1], bytes):
            raise Damaged(Fault("store.damaged", {"reason": "head"}))
        return Head(rows[0][0], rows[0][1].hex())

    def verify(self) -> tuple[Fault, ...]:
        """What is wrong with the journal, and warnings; empty if all is well."""
        return self.check().faults

    def check(self, noted: Head | None = None) -> Checked:
        """What `verify` finds, with counts; see `Store.check`."""

        def work() -> Checked:
            faults: list[Fault] = []
            chain = ChainCheck(noted)
            head: Head | None = None
            try:
                faults += self._own_check()
                head = self.head()
                for row in self.rows():
                    chain.take(row)
                faults += audit.check_streams(self._fetch(audit.STREAMS), chain.versions)
                faults += audit.check_snapshots(self._fetch(audit.SNAPSHOTS))
            except StoreError as error:  # so far it could be read, and no farther
                faults += getattr(error, "all", (error.fault,))
            chain.finish(head)
            found = tuple(dict.fromkeys((*chain.faults, *faults)))
            return Checked(chain.events, len(chain.versions), head, found)

        return self._reading(work)

    def rows(self) -> Iterator[Row]:
        """All events as they are stored, unchecked; for export."""
        after = -(2**63)
        while page := self._fetch(_READ_ALL, (after, PAGE)):
            yield from page
            after = _farther(after, page[-1][0])

    def adopt(self, rows: Iterable[Row]) -> int:
        """Take over the events of another journal; see `Store.adopt`."""

        def work() -> int:
            (sequence, digest), *_ = self._head_row()
            if sequence:
                raise StoreError(Fault("store.not-empty", {"events": str(sequence)}))
            chain = ChainCheck()
            identities: dict[str, int] = {}
            batch: list[Sequence[object]] = []
            for row in rows:
                chain.take(row)
                if chain.faults:
                    raise Damaged(*chain.faults)
                sequence, stream, version, kind, at, payload, digest = row
                identity = identities.setdefault(stream, len(identities) + 1)
                if identity == len(identities) and version == 1:
                    check_name(stream)
                    self._fetch(_NEW_STREAM, (stream,))
                batch.append((sequence, identity, version, kind, at, payload, digest))
                if len(batch) == _BATCH:
                    self._many(INSERT, batch)
                    batch.clear()
            chain.finish(None)
            if errors := [fault for fault in chain.faults if fault.is_error]:
                raise Damaged(*errors)
            self._many(INSERT, batch)
            for stream, version in chain.versions.items():
                self._fetch(_STREAM_MOVED, (version, identities[stream]))
            self._fetch(_HEAD_MOVED, (sequence, digest))
            return chain.events

        return self._writing(work)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # Helpers ------------------------------------------------------------------------------------

    _lock_clause = ""
    """What makes a SELECT hold its rows, where the transaction alone doesn't."""

    def _head_row(self) -> list[tuple[Any, ...]]:
        rows = self._fetch(_HEAD + self._lock_clause)
        if len(rows) != 1:
            raise Damaged(Fault("store.damaged", {"reason": "head"}))
        return rows


def _checked(row: tuple[Any, ...], previous: bytes | None, stream: str, version: int) -> Stored:
    """A row as an event, if it is what was written."""
    if previous is None and row[0] != 1:
        raise Damaged(Fault("store.missing", {"events": str(row[0] - 1)}))
    texts = (row[1], *row[3:6])
    if (
        not all(isinstance(text, str) for text in texts)
        or row[2] != version
        or digest_of(previous or GENESIS, row[:6]) != row[6]
    ):
        words = {"sequence": str(row[0]), "version": str(version)}
        raise Damaged(Fault("store.altered", {**words, "stream": masked_name(str(stream))}))
    return stored(row)


def _farther(before: T, after: T) -> T:
    """Where to read on; a damaged index may lead round in circles."""
    if type(before) is not type(after) or not before < after:  # type: ignore[operator]
        raise Damaged(Fault("store.damaged", {"reason": "order"}))
    return after


def _conflict(stream: str, expected: int, found: int) -> Conflict:
    words = {"stream": masked_name(stream), "expected": str(expected), "found": str(found)}
    return Conflict(Fault("store.conflict", words))


def _lost(stream: str, found: int, wanted: int) -> Fault:
    words = {"stream": masked_name(stream), "version": str(found), "expected": str(wanted)}
    return Fault("store.stream", words)
