"""Kill a process that files, at random points, many times; everything acknowledged must be there.

`python crash.py FOLDER KILLS SEED` forks a child that files against a journal in a file and says so
through a pipe after each commit. It is killed with SIGKILL after some acknowledgements and a moment
more, both drawn by the seed: while it makes the journal, between commits, in the midst of one.
Then the journal is opened as on a next start and held against what was acknowledged; the next child
goes on where this one was. A new journal begins every now and then, so that making one is hit too.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

from socialins.filing.changes import Change
from socialins.filing.events import BookOpened, Drafted, Event, Submitted
from socialins.identity import IdDocument
from socialins.model.person import InsuredPerson
from socialins.rules.business import Channel
from socialins.store import Head, SqliteStore
from socialins.store.filing_journal import FilingJournal, stream_of
from socialins.values import Money, Month

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
MONTH = Month(2026, 11)
STREAMS = tuple(stream_of("990100", f"A{number}", MONTH) for number in range(3))
KILLS_OF_A_JOURNAL = 25
PERSON = InsuredPerson("王一", IdDocument("passport", "E12345678"))


def events_from(version: int, count: int) -> list[Event]:
    """The events of a stream behind a version: the same whoever makes them."""
    made: list[Event] = []
    for number in range(version, version + count):
        at, declaration = AT + timedelta(seconds=number), f"d{number}"
        if number == 0:
            made.append(BookOpened(at=at, account="A", division="990100", month=MONTH))
        elif number % 2:
            wage = Money.yuan("5000") + Money(number)
            rows = tuple(Change(row=str(row), person=PERSON, wage=wage) for row in range(3))
            drafted = Drafted(
                at=at, declaration=declaration, business="join", channel=Channel.ONLINE, rows=rows
            )
            made.append(drafted)
        else:
            made.append(Submitted(at=at, declaration=declaration, effect=MONTH))
    return made


def file_until_killed(path: Path, pipe: int, seed: int) -> None:
    """Append batches to streams in turn; after each commit, say how far the journal goes."""
    draw = random.Random(seed)
    with SqliteStore(path) as store:
        while True:
            stream = draw.choice(STREAMS)
            version = store.version(stream)
            batch = events_from(version, draw.choice((1, 1, 2, 5, 40)))
            FilingJournal(store, stream).append(batch, version)
            os.write(pipe, f"{store.head()} {stream} {version + len(batch)}\n".encode())
            if draw.random() < 0.2:
                store.snapshot(stream, version + len(batch), {"version": version + len(batch)})


def run_and_kill(path: Path, draw: random.Random) -> list[str]:
    """Start a child, kill it at a random point; what it acknowledged."""
    reading, writing = os.pipe()
    seed = draw.randrange(2**32)
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            file_until_killed(path, writing, seed)
        except BaseException:  # noqa: BLE001 - a child must never come back as a second parent
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    told = b""
    wanted, moment = draw.choice((0, 0, 1, 3, 10)), draw.random() ** 2 * 0.02
    while told.count(b"\n") < wanted:
        some = os.read(reading, 65536)
        if not some:
            break  # it ended by itself, which is told below
        told += some
    until = time.perf_counter() + moment
    while (left := until - time.perf_counter()) > 0:
        if select.select([reading], [], [], left)[0]:
            told += os.read(reading, 65536)
    os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    while some := os.read(reading, 65536):
        told += some
    os.close(reading)
    if status != -signal.SIGKILL:
        raise SystemExit(f"the child ended by itself, with status {status}")
    # A line that was not finished is an acknowledgement that nobody received.
    return told.decode().split("\n")[:-1]


def check(path: Path, known: dict[str, int], acknowledged: list[str]) -> int:
    """Open the journal as a next start does, and hold it against what was acknowledged."""
    if not acknowledged and not path.exists():
        return 0
    last: Head | None = None
    for line in acknowledged:
        head, stream, version = line.split()
        known[stream], last = int(version), Head.parse(head)
    with SqliteStore(path) as store:
        checked = store.check(noted=last)
        if checked.errors:
            raise SystemExit(f"{path.name}: {[str(fault) for fault in checked.errors]}")
        for stream, version in known.items():
            found = list(FilingJournal(store, stream).read())
            if len(found) < version:
                raise SystemExit(f"{stream}: {version} acknowledged, {len(found)} there")
            if found != events_from(0, len(found)):
                raise SystemExit(f"{stream}: the events are not those that were filed")
        return checked.events


def main() -> None:
    """Kill as often as was asked, and say what came of it."""
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)
    acknowledgements = events = silent = 0
    for number in range(kills):
        if number % KILLS_OF_A_JOURNAL == 0:
            path = folder / f"journal-{number // KILLS_OF_A_JOURNAL}.db"
            known: dict[str, int] = {}
        acknowledged = run_and_kill(path, draw)
        acknowledgements += len(acknowledged)
        silent += not acknowledged
        events = check(path, known, acknowledged)
    sys.stdout.write(
        f"{kills} kills, {silent} before any acknowledgement; {acknowledgements} acknowledged\n"
        f"{events} events in the last journal\n"
    )


if __name__ == "__main__":
    main()
