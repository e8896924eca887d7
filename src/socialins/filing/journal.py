"""Journal (流水): where the events of a book are kept; in a file for now, one line an event.

Whatever keeps events has `read` and `append`, and an append only succeeds on the version that its
writer has seen: of two writers one wins, and the other reads again. A file is appended to and never
rewritten. What `append` returned from is on the disk; of an append that was cut off nothing counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from socialins.faults import Fault, FaultError, Place
from socialins.filing.events import Event
from socialins.filing.wire import event_from_plain, event_to_plain

__all__ = ["FileJournal", "Journal", "JournalBroken", "JournalConflict"]


class JournalBroken(FaultError):
    """What stands in a journal is not what was written; the fault names the line."""


class JournalConflict(FaultError):
    """Somebody else has written since the state was read; read again, and decide again."""


class Journal(Protocol):
    """What keeps the events of one book."""

    def read(self) -> tuple[Event, ...]:
        """All events, in order."""

    def append(self, events: Sequence[Event], expected_version: int) -> None:
        """Keep events, all of them or none.

        Arguments:
            events: what happened.
            expected_version: how many events the writer has seen.

        Raises:
            JournalConflict: if there are more by now.
        """


class FileJournal:
    """A journal in a file of JSON lines.

    Arguments:
        path: the file; it is made by the first append.

    >>> from datetime import UTC, datetime
    >>> from tempfile import TemporaryDirectory
    >>> from socialins.filing.events import Withdrawn
    >>> event = Withdrawn(at=datetime(2026, 11, 3, tzinfo=UTC), declaration="D1")
    >>> with TemporaryDirectory() as folder:
    ...     journal = FileJournal(Path(folder, "book.jsonl"))
    ...     journal.append([event], expected_version=0)
    ...     journal.read() == (event,)
    True
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Event, ...]:
        """All events, in order; none where there is no file.

        Raises:
            JournalBroken: if a line is not what was written.
            OSError: if the file can't be read.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        return tuple(self._events(raw)[0])

    def append(self, events: Sequence[Event], expected_version: int) -> None:
        """Keep events, all of them or none; they are on the disk when this returns.

        Raises:
            JournalConflict: if others were kept since.
            JournalBroken: if a line is not what was written.
            OSError: if the file can't be written.
        """
        if not events:
            return
        with self.path.open("a+b") as file, _alone(file):
            file.seek(0)
            known, whole = self._events(file.read())
            if len(known) != expected_version:
                values = {"path": str(self.path), "seen": str(expected_version)}
                raise JournalConflict(
                    Fault("filing.journal-conflict", {**values, "found": str(len(known))})
                )
            # What was cut off when somebody else's machine stopped was never acknowledged.
            file.truncate(whole)
            file.write(_lines(events, expected_version))
            file.flush()
            os.fsync(file.fileno())

    def _events(self, raw: bytes) -> tuple[list[Event], int]:
        """The events of whole appends, and where the last of these ends."""
        events: list[Event] = []
        kept = whole = place = 0
        lines = raw.split(b"\n")
        for number, line in enumerate(lines[:-1], start=1):
            place += len(line) + 1
            try:
                # Not of bytes: json takes halves of characters in them.
                plain = json.loads(line.decode("utf-8"))
                if b"\\u" in line:
                    # Half of a character can be named in JSON, and written nowhere.
                    json.dumps(plain, ensure_ascii=False).encode()
                version, left = plain.pop("version"), plain.pop("left")
                events.append(event_from_plain(plain))
            except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
                raise self._broken(number, f"{type(error).__name__}: {error}") from error
            if version != len(events):
                raise self._broken(number, f"event {version} stands where {len(events)} should")
            if left == 0:
                kept, whole = len(events), place
        return events[:kept], whole

    def _broken(self, row: int, reason: str) -> JournalBroken:
        path = str(self.path)
        values = {"path": path, "row": str(row), "reason": reason}
        return JournalBroken(Fault("filing.journal-broken", values, Place(file=path, row=row)))


def _lines(events: Sequence[Event], version: int) -> bytes:
    """A line an event, each with its version and how many of the append are still to come."""
    lines = []
    for number, event in enumerate(events, start=1):
        plain: dict[str, Any] = {"version": version + number, "left": len(events) - number}
        plain |= event_to_plain(event)
        lines.append(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
    return ("\n".join(lines) + "\n").encode()


@contextmanager
def _alone(file: IO[bytes]) -> Iterator[None]:
    """Keep other writers out; where the system has no locks, the version alone guards."""
    try:
        from fcntl import LOCK_EX, LOCK_UN, flock
    except ImportError:  # Windows
        yield
        return
    flock(file.fileno(), LOCK_EX)
    try:
        yield
    finally:
        flock(file.fileno(), LOCK_UN)
