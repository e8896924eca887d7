"""The tables of a journal in SQLite, and how a journal of an earlier version is brought to this.

A step is a list of statements from one version to the next; all that lack run in one transaction.
Steps are never changed once released: a journal of each version is kept among the tests. Digests
don't depend on the schema, so no step touches what an event says.
"""

from __future__ import annotations

import sqlite3

from socialins.faults import Fault, Place
from socialins.store.errors import Damaged, StoreError

__all__ = ["APPLICATION_ID", "STEPS", "current_version", "migrate", "schema_faults"]

APPLICATION_ID = 0x536F4A31
"""Says in the file's head that it is a journal of this library."""

_FOREVER = """CREATE TRIGGER {table}_{what} BEFORE {what} ON {table}
BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END"""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE streams (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL
        )""",
        """CREATE TABLE events (
            sequence INTEGER PRIMARY KEY,
            stream INTEGER NOT NULL REFERENCES streams (id),
            version INTEGER NOT NULL,
            type TEXT NOT NULL,
            at TEXT NOT NULL,
            payload TEXT NOT NULL,
            digest BLOB NOT NULL,
            UNIQUE (stream, version)
        )""",
        """CREATE TABLE head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            sequence INTEGER NOT NULL,
            digest BLOB NOT NULL
        )""",
        "INSERT INTO head VALUES (1, 0, zeroblob(32))",
        """CREATE TABLE snapshots (
            stream INTEGER PRIMARY KEY REFERENCES streams (id),
            version INTEGER NOT NULL,
            payload TEXT NOT NULL,
            digest BLOB NOT NULL
        )""",
        _FOREVER.format(table="events", what="UPDATE"),
        _FOREVER.format(table="events", what="DELETE"),
    ),
)
"""Step n brings a journal from version n to n + 1; version 0 is an empty file."""


def current_version(connection: sqlite3.Connection, path: str) -> int:
    """The version of the schema in a file.

    Raises:
        StoreError: if it is no journal, or one of a later release.
    """
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise StoreError(Fault("store.not-a-journal", place=Place(file=path)))
    if version > len(STEPS):
        words = {"version": str(version), "known": str(len(STEPS))}
        raise StoreError(Fault("store.newer-schema", words, Place(file=path)))
    if (application == APPLICATION_ID) != bool(version):
        raise Damaged(Fault("store.damaged", {"reason": "user_version"}, Place(file=path)))
    return version


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring a journal to the version of this release, in one transaction."""
    if current_version(connection, path) == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Somebody else may have been here before the transaction began.
        for step in STEPS[current_version(connection, path) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def schema_faults(connection: sqlite3.Connection) -> list[Fault]:
    """Tables and triggers that are not as the steps make them: an altered schema alters what is
    read, and a missing trigger lets events be changed.
    """
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in (one for step in STEPS for one in step):
            fresh.execute(statement)
        wanted = _objects(fresh)
    finally:
        fresh.close()
    found = _objects(connection)
    # Other tables and indexes in the file are the user's affair; a trigger on ours is not.
    names = {
        name
        for name, one in found.items()
        if name in wanted or (one[0] == "trigger" and one[1] in wanted)
    }
    return [
        Fault("store.schema-altered", {"name": name})
        for name in sorted(names | wanted.keys())
        if found.get(name) != wanted.get(name)
    ]


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, str, str | None]]:
    rows = connection.execute("SELECT name, type, tbl_name, sql FROM sqlite_master")
    return {str(name): (kind, table, sql) for name, kind, table, sql in rows}
