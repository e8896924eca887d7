"""Journals to test with: in a file, and in a real PostgreSQL server started for the tests."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialins.store import PostgresStore, Record, SqliteStore
from socialins.store.sql import SqlStore

MORNING = datetime(2026, 11, 3, 9, tzinfo=UTC)
NUMBERS = count(1)


def server_programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them out of PATH."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    versions = sorted(folders, key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def somebody() -> dict[str, Any]:
    """Whom to run a server as: PostgreSQL refuses root."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL refuses root, and there is no other user to run it as")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server of our own: a socket in a folder, no network."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt install postgresql)")
    user = somebody()
    # Not under pytest's folder: a socket's path has to be short, and root's folder is closed.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        os.chown(folder, user["user"], user["group"])

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
        log = (folder / "out").open("ab")
        with log:
            done = subprocess.run(
                command, cwd=folder, stdout=log, stderr=log, check=False, timeout=120, **user
            )
        assert done.returncode == 0, (folder / "out").read_text("utf-8", "replace")

    try:
        run(
            "initdb",
            *("--username=tester", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"),
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c deadlock_timeout=50ms"
        run("pg_ctl", "--wait", "--silent", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            run("pg_ctl", "--wait", "--silent", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@attrs.frozen
class Place:
    """Where a journal is: it can be opened again and again, and tampered with."""

    kind: str
    address: str
    schema: str
    open: Callable[[], SqlStore]
    tamper: Callable[..., None]


def in_file(folder: Path) -> Place:
    path = folder / f"journal-{next(NUMBERS)}.db"

    def tamper(*statements: str) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = dict(rows.fetchall())
        for name in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for text in triggers.values():
            connection.execute(text)
        connection.close()

    return Place("sqlite", str(path), "", lambda: SqliteStore(path), tamper)


def in_server(address: str) -> Place:
    schema = f"journal_{os.getpid()}_{next(NUMBERS)}"

    def tamper(*statements: str) -> None:
        import psycopg

        with psycopg.connect(address) as connection:
            connection.execute(f"SET search_path TO {schema}")
            connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
            for statement in statements:
                connection.execute(statement)
            connection.execute("ALTER TABLE events ENABLE TRIGGER ALL")

    return Place("postgres", address, schema, lambda: PostgresStore(address, schema=schema), tamper)


@pytest.fixture(params=["sqlite", "postgres"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Place]:
    """Makes places for journals, of one kind after the other."""
    if request.param == "sqlite":
        return lambda: in_file(tmp_path)
    address = request.getfixturevalue("server")
    return lambda: in_server(address)


@pytest.fixture
def place(new_place: Callable[[], Place]) -> Place:
    """A place for a journal."""
    return new_place()


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    """An empty journal at `place`."""
    with place.open() as opened:
        yield opened


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty journal in a file."""
    with SqliteStore(tmp_path / "journal.db") as opened:
        yield opened


def record(number: int, **more: Any) -> Record:
    """A record like any other."""
    return Record("Filed", {"number": number, **more}, MORNING + timedelta(minutes=number))


@pytest.fixture
def records() -> Callable[..., list[Record]]:
    """Makes records, numbered from one number to another."""
    return lambda first, last, **more: [record(n, **more) for n in range(first, last + 1)]


@pytest.fixture
def filled(records: Callable[..., list[Record]]) -> Callable[[SqlStore], SqlStore]:
    """Fills a journal: two streams that take turns, nine events."""

    def fill(store: SqlStore) -> SqlStore:
        store.append("filing/a", records(1, 2), 0)
        store.append("filing/b", records(3, 5), 0)
        store.append("filing/a", records(6, 8), 2)
        store.append("filing/b", records(9, 9), 3)
        return store

    return fill
