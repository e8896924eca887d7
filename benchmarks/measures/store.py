"""The journal: events a second, batches, replay, size and memory, beside plain inserts.

The plain way writes the same rows with the same sqlite3 and the same durability (write-ahead log,
synchronous=FULL, a transaction for as many events), and nothing else: no digest, no version, no
head. Both are run in turns, so that a busy machine slows both.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measures import Figure, in_turns, tell
from socialins.store import Record, SqliteStore

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
SINGLE, BATCH, MANY = 500, 10_000, 1_000_000
ROUNDS = 5
STREAM = "filing/990100/A1/2026-11"
PLAIN = """CREATE TABLE events (sequence INTEGER PRIMARY KEY, stream TEXT NOT NULL,
version INTEGER NOT NULL, type TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL,
UNIQUE (stream, version))"""
INSERT = "INSERT INTO events (stream, version, type, at, payload) VALUES (?, ?, ?, ?, ?)"


def payload(number: int) -> dict[str, object]:
    """What an event says: some 200 characters, as a row of a declaration has."""
    return {
        "declaration": f"d{number}",
        "business": "join",
        "channel": "online",
        "rows": [{"row": "1", "name": "王一", "wage": f"{5000 + number % 999}.00", "reason": ""}],
        "corrects": "",
        "by": "甲",
    }


def records(first: int, count: int) -> list[Record]:
    """Records, numbered."""
    return [
        Record("Drafted", payload(number), AT + timedelta(seconds=number))
        for number in range(first, first + count)
    ]


def plain_rows(first: int, count: int) -> Iterator[tuple[object, ...]]:
    """The same for the plain way."""
    for number in range(first, first + count):
        text = json.dumps(payload(number), ensure_ascii=False, separators=(",", ":"))
        yield STREAM, number, "Drafted", (AT + timedelta(seconds=number)).isoformat(), text


def plain_database(path: Path) -> sqlite3.Connection:
    """A database without any of what a journal adds."""
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("PRAGMA journal_mode = WAL")
    made.execute("PRAGMA synchronous = FULL")
    made.execute(PLAIN)
    return made


def seconds(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain_insert(database: sqlite3.Connection, first: int, count: int) -> None:
    """Insert rows in one transaction."""
    database.execute("BEGIN IMMEDIATE")
    database.executemany(INSERT, plain_rows(first, count))
    database.execute("COMMIT")


def main() -> None:
    """Measure all, for a million events or for as many as are asked for."""
    if sys.argv[1:2] == ["--memory"]:
        print(_memory_here(sys.argv[2]))
        return
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as scratch:  # a real disk, not memory
        folder = Path(scratch)
        with SqliteStore(folder / "journal.db") as store:
            plain = plain_database(folder / "plain.db")
            figures = [*_writing(store, plain), *_many(store, plain, many)]
            plain.close()
        figures += _sizes(folder)
        figures.append(_memory(folder / "journal.db"))
    tell("The journal beside plain sqlite3 inserts of the same durability", figures)


def _writing(store: SqliteStore, plain: sqlite3.Connection) -> Iterator[Figure]:
    versions = {"journal": 0, "plain": 1}

    def journal(batch: int, times: int) -> float:
        def work() -> None:
            for _ in range(times):
                made = records(versions["journal"], batch)
                versions["journal"] = store.append(STREAM, made, versions["journal"])

        return seconds(work)

    def bare(batch: int, times: int) -> float:
        def work() -> None:
            for _ in range(times):
                plain_insert(plain, versions["plain"], batch)
                versions["plain"] += batch

        return seconds(work)

    for what, batch, times in (("one by one", 1, SINGLE), (f"in a batch of {BATCH:,}", BATCH, 1)):
        found = in_turns(
            {
                "journal": lambda batch=batch, times=times: journal(batch, times),  # type: ignore[misc]
                "plain": lambda batch=batch, times=times: bare(batch, times),  # type: ignore[misc]
            },
            ROUNDS,
        )
        events = batch * times
        yield Figure(f"events a second, {what}", events / found["journal"], "1/s", more=True)
        yield Figure(f"  plain, {what}", events / found["plain"], "1/s", more=True)
        yield Figure(f"  ratio, {what}", found["journal"] / found["plain"], "×", goal=3)


def _many(store: SqliteStore, plain: sqlite3.Connection, many: int) -> Iterator[Figure]:
    version = store.version(STREAM)
    while version < many:
        version = store.append(STREAM, records(version, min(BATCH, many - version)), version)
    (last,) = plain.execute("SELECT max(version) FROM events").fetchone()
    while last < many:
        count = min(BATCH, many - last)
        plain_insert(plain, last + 1, count)
        last += count
    whole = seconds(lambda: sum(1 for _ in store.read_all()))
    stream = seconds(lambda: sum(1 for _ in store.read(STREAM)))
    parsed = seconds(lambda: sum(1 for one in store.read(STREAM) if one.payload))
    checked = seconds(store.check)
    rows = plain.execute("SELECT stream, version, type, at, payload FROM events ORDER BY version")
    bare = seconds(lambda: sum(1 for *_, text in rows if json.loads(text)))
    yield Figure(f"replay of {many:,} events, each digest checked", whole, "s")
    yield Figure("  of one stream", stream, "s")
    yield Figure("  of one stream, payloads parsed", parsed, "s")
    yield Figure("  plain, payloads parsed", bare, "s")
    yield Figure("  ratio, payloads parsed", parsed / bare, "×", goal=6)
    yield Figure("verify", checked, "s")


def _sizes(folder: Path) -> list[Figure]:
    journal, plain = ((folder / name).stat().st_size for name in ("journal.db", "plain.db"))
    return [
        Figure("size on disk", journal / 1e6, "MB"),
        Figure("  plain", plain / 1e6, "MB"),
        Figure("  ratio", journal / plain, "×", goal=1.5),
    ]


def _memory(path: Path) -> Figure:
    """In a process of its own: what was needed at most before would hide it here."""
    command = [sys.executable, "-m", "benchmarks.measures.store", "--memory", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Figure("memory that reading and verifying takes", float(done.stdout), "MB", goal=50)


def _memory_here(path: str) -> float:
    with SqliteStore(path, read_only=True) as store:
        before = _peak_mb()
        sum(1 for _ in store.read_all())
        store.check()
        return _peak_mb() - before


def _peak_mb() -> float:
    # Not getrusage: a child begins with its parent's peak there.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s+([0-9]+) kB$", status, re.MULTILINE)
    if found is None:
        raise OSError("this system does not tell how much memory was taken")
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
