"""Eight writers at once, each a process: `python writers.py ADDRESS SCHEMA WRITERS ROUNDS`.

Each reads the counter of a stream that all share, adds one and appends it; who came second reads
again. In between it writes to a stream of its own. A lost update would show in the counter.
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime

from socialins.store import Conflict, PostgresStore, Record, SqliteStore
from socialins.store.opening import is_postgres
from socialins.store.sql import SqlStore

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


def opened(address: str, schema: str) -> SqlStore:
    if is_postgres(address):
        return PostgresStore(address, schema=schema, timeout=120)
    return SqliteStore(address, timeout=120)


def write(address: str, schema: str, writer: int, rounds: int) -> None:
    """Add one to the counter, so many times."""
    with opened(address, schema) as store:
        for round_ in range(rounds):
            while True:
                version, counter = 0, 0
                for one in store.read("shared", max(0, store.version("shared") - 1)):
                    version, counter = one.version, one.payload["counter"]
                try:
                    event = Record("Counted", {"counter": counter + 1, "writer": writer}, AT)
                    store.append("shared", [event], version)
                    break
                except Conflict:
                    continue
            own = [Record("Wrote", {"round": round_, "part": part}, AT) for part in range(2)]
            store.append(f"own/{writer}", own, 2 * round_)


def main() -> int:
    """Start the writers; 0 if all came to their end."""
    address, schema, writers, rounds = sys.argv[1:]
    children = []
    for writer in range(int(writers)):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                write(address, schema, writer, int(rounds))
                status = 0
            except BaseException:  # noqa: BLE001 - a child must never come back as a parent
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append(child)
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


if __name__ == "__main__":
    sys.exit(main())
