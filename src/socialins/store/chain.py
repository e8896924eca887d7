"""The hash chain: each event's digest counts the digest before it, through the whole journal.

An event that was altered no longer has its digest; one that is missing leaves a gap in the
sequence; one cut off at the end is beyond the head, which is kept apart. `ChainCheck` looks at any
rows in order, from a database or from a file, and says which of them are wrong.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import attrs

from socialins.faults import Fault, Place
from socialins.store.errors import StoreError
from socialins.store.record import Head, Stored, canonical, masked_name

__all__ = ["GENESIS", "ChainCheck", "Checked", "Content", "Row", "digest_of", "stored"]

GENESIS = bytes(32)
"""What stands for the digest before the first event."""

Content = tuple[int, str, int, str, str, str]
"""Sequence, stream, version, type, moment, payload: what a digest counts."""

Row = tuple[int, str, int, str, str, str, bytes]
"""Sequence, stream, version, type, moment, payload, digest: as they are stored."""

_KINDS = (int, str, int, str, str, str, bytes)


def digest_of(previous: bytes, content: Content) -> bytes:
    """The digest of an event: of the one before it and of all that the event says."""
    sequence, stream, version, kind, at, payload = content
    text = f"[{sequence},{canonical(stream)},{version},{canonical(kind)},{payload},{canonical(at)}]"
    return sha256(previous + text.encode()).digest()


def stored(row: Row) -> Stored:
    """A row as an event."""
    sequence, stream, version, kind, at, payload, digest = row
    moment = datetime.fromisoformat(at)
    return Stored(sequence, stream, version, kind, moment, payload, digest.hex())


@attrs.frozen
class Checked:
    """What looking through a journal gave.

    Arguments:
        events: how many events were read.
        streams: how many streams they belong to.
        head: the head as it is stored; None where it can't be read.
        faults: what is wrong, and warnings.
    """

    events: int = 0
    streams: int = 0
    head: Head | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What is wrong."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What somebody should look at."""
        return tuple(fault for fault in self.faults if not fault.is_error)


class ChainCheck:
    """Takes rows in order and remembers what is wrong with them.

    Arguments:
        noted: a head that was noted elsewhere at an earlier time.
    """

    def __init__(self, noted: Head | None = None) -> None:
        self.faults: list[Fault] = []
        self.versions: dict[str, int] = {}
        self.events = 0
        self._noted = noted
        self._noted_seen = noted is None or noted.sequence == 0
        self._last = 0
        # What the digest before may be; empty where it can't be known. After an altered event
        # both the digest it has and the one it should have: only one of them was touched.
        self._previous: tuple[bytes, ...] = (GENESIS,)
        self._missing: dict[int, tuple[int, Place]] = {}
        self._moments: dict[str, datetime] = {}
        self._set_back: dict[str, tuple[int, int]] = {}

    def take(self, row: Row, place: Place = Place()) -> None:  # noqa: B008 - it is frozen
        """Look at the next row."""
        sequence = row[0]
        if not all(type(value) is kind for value, kind in zip(row, _KINDS, strict=True)):
            self.faults.append(Fault("store.altered", _event_words(row), place))
            self.skip(sequence if type(sequence) is int else None)
            return
        self.events += 1
        if sequence <= self._last:
            self._misplaced(sequence, place)
            return
        if sequence > self._last + 1:
            self._missing[self._last + 1] = (sequence - 1, place)
            self._previous = ()
        self._digest(row, place)
        self._version(row, place)
        self._moment(row)
        self._last = sequence

    def skip(self, sequence: int | None = None) -> None:
        """Pass over an event that can't be read."""
        self.events += 1
        self._last = self._last + 1 if sequence is None else max(self._last, sequence)
        self._previous = ()

    def finish(self, head: Head | None) -> None:
        """Compare with the head, and say what remains to be said.

        Arguments:
            head: the head as it is stored; None where there is none to compare with.
        """
        for first, (last, place) in self._missing.items():
            self.faults.append(Fault("store.missing", _span_words(first, last), place))
        if head is not None and head.sequence > self._last:
            words = _span_words(self._last + 1, head.sequence)
            self.faults.append(Fault("store.truncated", words))
        elif head is not None and (
            head.sequence < self._last
            or (self._previous and bytes.fromhex(head.digest) not in self._previous)
        ):
            words = {"sequence": str(head.sequence), "last": str(self._last)}
            self.faults.append(Fault("store.head", words))
        if not self._noted_seen and self._noted is not None:
            words = {"sequence": str(self._noted.sequence), "last": str(self._last)}
            self.faults.append(Fault("store.noted", words))
        for stream, (first, count) in self._set_back.items():
            words = {"stream": masked_name(stream), "sequence": str(first), "count": str(count)}
            self.faults.append(Fault("store.clock-back", words))

    def _digest(self, row: Row, place: Place) -> None:
        sequence, digest = row[0], row[6]
        if not self._previous:  # nothing to compare with; what is missing is told by itself
            self._previous = (digest,)
        else:
            wanted = tuple(_digest_or_none(one, row[:6]) for one in self._previous)
            if digest in wanted:
                self._previous = (digest,)
            else:
                self.faults.append(Fault("store.altered", _event_words(row), place))
                self._previous = (digest, *(one for one in wanted if one))
        if self._noted is not None and sequence == self._noted.sequence:
            self._noted_seen = digest.hex() == self._noted.digest

    def _version(self, row: Row, place: Place) -> None:
        _, stream, version, *_ = row
        expected = self.versions.get(stream, 0) + 1
        if version != expected:
            words = {
                "stream": masked_name(stream),
                "version": str(version),
                "expected": str(expected),
            }
            self.faults.append(Fault("store.stream", words, place))
        self.versions[stream] = version

    def _moment(self, row: Row) -> None:
        sequence, stream, _, _, at, *_ = row
        try:
            moment = datetime.fromisoformat(at)
            before = self._moments.get(stream)
            if before is not None and moment < before:
                first, count = self._set_back.get(stream, (sequence, 0))
                self._set_back[stream] = (first, count + 1)
        except (TypeError, ValueError):
            return  # no moment, so its digest was wrong and was told
        self._moments[stream] = moment

    def _misplaced(self, sequence: int, place: Place) -> None:
        for first, (last, where) in list(self._missing.items()):
            if first <= sequence <= last:  # here it is, so it is not missing
                del self._missing[first]
                if first < sequence:
                    self._missing[first] = (sequence - 1, where)
                if sequence < last:
                    self._missing[sequence + 1] = (last, where)
        self.faults.append(Fault("store.misplaced", {"sequence": str(sequence)}, place))


def _digest_or_none(previous: bytes, content: Content) -> bytes | None:
    try:
        return digest_of(previous, content)
    except (StoreError, UnicodeEncodeError):
        return None  # bytes that are no text: certainly not what was written


def _event_words(row: Row) -> dict[str, str]:
    sequence, stream, version, kind, *_ = (
        masked_name(one.encode(errors="replace").decode())
        if isinstance(one, str)
        else str(one)
        if type(one) is int
        else "?"
        for one in row
    )
    return {"sequence": sequence, "stream": stream, "version": version, "type": kind}


def _span_words(first: int, last: int) -> dict[str, str]:
    return {"events": str(first) if first == last else f"{first}–{last}"}
