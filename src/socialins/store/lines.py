"""JSON lines: a journal as a text file that outlives every database, there and back.

The first line says what it is, the last is the head, and each between is an event with its digest.
Every line has one right form, to the character: a file that was touched anywhere is told from one
that was not. Snapshots are left out, since they can be computed anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, Place
from socialins.store.chain import ChainCheck, Checked, Row
from socialins.store.errors import Damaged, StoreError
from socialins.store.protocol import Store
from socialins.store.record import Head, canonical

__all__ = ["FIRST_LINE", "export_lines", "import_lines", "read_lines", "verify_lines"]

FIRST_LINE = '{"format":1,"journal":"socialins"}\n'
"""The first line of every export."""

_KEYS = {"at", "digest", "payload", "sequence", "stream", "type", "version"}


def export_lines(store: Store) -> Iterator[str]:
    """The journal's lines, each with its end of line.

    A damaged journal can be exported as far as it can be read; its export is found damaged too.
    """
    yield FIRST_LINE
    head = store.head()
    for row in store.rows():
        if row[0] > head.sequence:
            break  # appended meanwhile
        yield _line(row)
    yield _last_line(head)


def import_lines(store: Store, lines: Iterable[str]) -> int:
    """Take over an export into an empty journal, all of it or nothing.

    Arguments:
        store: a journal without events.
        lines: the lines; each is checked.

    Returns:
        How many events there were.

    Raises:
        Damaged: if the lines are not those of an export; place and code say where and how.
        StoreError: if there are events in the journal.
    """
    return store.adopt(_sound(lines))


def verify_lines(lines: Iterable[str], noted: Head | None = None) -> Checked:
    """Look through an export; what is wrong is told with its line.

    Arguments:
        lines: the lines.
        noted: a head noted elsewhere earlier on, which the export must contain.
    """
    chain = ChainCheck(noted)
    reader = _Reader()
    for number, row in reader.rows(lines):
        if row is None:
            chain.skip()
        else:
            chain.take(row, Place(row=number))
    chain.finish(reader.head)
    found = (*reader.faults, *chain.faults)
    return Checked(chain.events, len(chain.versions), reader.head, found)


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a file with their ends as they are; bytes that are no text are never right."""
    # Not "replace": that would make a damaged byte equal to a U+FFFD that was written.
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        yield from file


def _line(row: Row) -> str:
    sequence, stream, version, kind, at, payload, digest = row
    text = (
        f'{{"at":{canonical(at)},"digest":"{digest.hex()}","payload":{payload},'
        f'"sequence":{sequence},"stream":{canonical(stream)},"type":{canonical(kind)},'
        f'"version":{version}}}\n'
    )
    text.encode()  # half a surrogate pair can't be written anywhere
    return text


def _last_line(head: Head) -> str:
    return canonical({"head": attrs.asdict(head)}) + "\n"


class _Reader:
    """Reads lines and remembers what is wrong with their form."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.head: Head | None = None

    def rows(self, lines: Iterable[str]) -> Iterator[tuple[int, Row | None]]:
        """Number and row of each line; None for one that is not as it was written."""
        number = 0
        for number, line in enumerate(lines, start=1):
            if number == 1 and line == FIRST_LINE:
                continue
            if self.head is not None:
                self._wrong(number)  # behind the last line
                continue
            found = _parsed(line)
            if isinstance(found, Head):
                self.head = found
                continue
            if number == 1:
                self._wrong(number)
                if found is None:  # a first line that was altered; else it is lacking
                    continue
            elif found is None:
                self._wrong(number)
            yield number, found
        if self.head is None:
            self.faults.append(Fault("store.no-last-line", place=Place(row=number + 1)))

    def _wrong(self, number: int) -> None:
        self.faults.append(Fault("store.line", place=Place(row=number)))


def _sound(lines: Iterable[str]) -> Iterator[Row]:
    reader = _Reader()
    last: Row | None = None
    for _, row in reader.rows(lines):
        if row is None or reader.faults:
            break
        last = row
        yield row
    if reader.faults:
        raise Damaged(*reader.faults)
    head = reader.head
    wanted = (last[0], last[-1].hex()) if last else (0, bytes(32).hex())
    if head is not None and (head.sequence, head.digest) != wanted:
        words = {"sequence": str(head.sequence), "last": str(wanted[0])}
        raise Damaged(Fault("store.head", words))


def _parsed(line: str) -> Row | Head | None:
    """A line as what it says, if it is to the character as it is written."""
    try:
        data: Any = json.loads(line)
        if not isinstance(data, dict):
            return None
        if data.keys() == {"head"}:
            head = Head.parse("{sequence}:{digest}".format_map(data["head"]))
            return head if _last_line(head) == line else None
        if data.keys() != _KEYS:
            return None
        row: Row = (
            data["sequence"],
            data["stream"],
            data["version"],
            data["type"],
            data["at"],
            canonical(data["payload"]),
            bytes.fromhex(data["digest"]),
        )
        return row if _line(row) == line else None
    except (StoreError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
