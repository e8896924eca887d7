"""A journal in PostgreSQL, on a connection of its own or in the caller's own transaction.

In the caller's transaction an event is kept if and only if what it tells of is kept, which no
journal beside the database can promise. The head's row is held until that transaction ends:
append as late in it as can be.
"""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from socialins.faults import Fault, require
from socialins.store.errors import Busy, Conflict, StoreError
from socialins.store.postgres_schema import STEPS, VERSION_TABLE
from socialins.store.sql import SqlStore

if TYPE_CHECKING:
    from psycopg import Connection, Cursor, Error

__all__ = ["PostgresStore"]

T = TypeVar("T")

_ATTEMPTS = 10
_GIVE_WAY = {"40001", "40P01", "55P03"}
"""SQLSTATEs of what may simply be tried again: serialization, deadlock, lock timeout."""

_FULL = {"53100", "53200"}
_READ_ONLY = {"25006", "42501"}
_UNIQUE = "23505"
_LOCK = 0x536F4A31
"""The advisory lock under which tables are made."""


class PostgresStore(SqlStore):
    """A journal in a PostgreSQL database, which has to be in UTF-8.

    On the caller's connection, what is appended is kept when the caller's transaction commits. If
    the connection commits by itself, and outside of ``connection.transaction()``, each append is a
    transaction of its own. Nothing is tried again there: `Busy` means that the caller's whole
    transaction is to be done again. The tables have to be there already; opening the journal by
    its address once makes them.

    With an address, it may be used by several threads; they take turns.

    Arguments:
        database: ``postgresql://…``, or what libpq takes; or an open connection of psycopg 3, which
            stays the caller's and is never closed here.
        schema: the schema that its tables are in; it is made where there is none.
        timeout: seconds to wait for others that write; on the caller's connection the caller says.
        read_only: read and verify only; nothing is made.

    Raises:
        StoreError: if there is no such database, or it can't hold a journal.
        MissingExtra: without the extra ``postgres``.
    """

    _lock_clause = " FOR UPDATE"

    def __init__(
        self,
        database: str | Connection[Any],
        *,
        schema: str = "socialins",
        timeout: float = 30,
        read_only: bool = False,
    ) -> None:
        self._psycopg = require("psycopg", "postgres")
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema):
            raise StoreError(Fault("store.name", {"name": repr(schema)}))
        self._schema = schema
        self._timeout = timeout
        self._lock = RLock()
        self._statements: dict[str, bytes] = {}
        self._address = database if isinstance(database, str) else None
        self._connection = self._connect() if isinstance(database, str) else database
        try:
            self._ready(make=self._address is not None and not read_only)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, unless it is the caller's."""
        if self._address is not None:
            self._connection.close()

    def __repr__(self) -> str:
        return f"PostgresStore(schema={self._schema!r})"  # an address may hold a password

    # What a database has to offer ---------------------------------------------------------------

    def _fetch(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._translating(), self._cursor() as cursor:
            cursor.execute(self._own(statement), values)
            return cursor.fetchall() if cursor.description else []

    def _many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        with self._translating(), self._cursor() as cursor:
            cursor.executemany(self._own(statement), rows)

    def _writing(self, work: Callable[[], T]) -> T:
        with self._lock:
            if self._address is None:
                with self._translating(), self._callers_transaction():
                    return work()
            until = time.monotonic() + self._timeout
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    return self._own_transaction(work)
                except Busy:
                    if attempt == _ATTEMPTS or time.monotonic() > until:
                        raise
                    # Apart from each other, so that those who met do not meet again.
                    time.sleep(random.uniform(0.001, 0.01) * attempt)  # noqa: S311
            raise AssertionError("unreachable")

    def _own_transaction(self, work: Callable[[], T]) -> T:
        with self._translating(), self._alive().transaction():
            with self._cursor() as cursor:
                # Reading what is committed, whatever the database's default: the head's row is
                # waited for, and has to be seen as it is then.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                timeout = str(max(1, round(self._timeout * 1000)))
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", (timeout,))
            return work()

    def _reading(self, work: Callable[[], T]) -> T:
        with self._lock, self._translating():
            if self._address is None:
                # The caller's isolation stays as it is, so others have to wait meanwhile.
                with self._callers_transaction():
                    self._head_row()
                    return work()
            with self._alive().transaction(), self._cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                return work()

    # Helpers ------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _callers_transaction(self) -> Iterator[None]:
        connection = self._connection
        idle = self._psycopg.pq.TransactionStatus.IDLE
        if not connection.autocommit and connection.info.transaction_status == idle:
            # The caller's transaction begins here, and ends where the caller says; `transaction`
            # alone would begin one and commit it.
            connection.execute("SELECT 1")
        with connection.transaction():
            yield

    def _connect(self) -> Connection[Any]:
        with self._translating():
            made: Connection[Any] = self._psycopg.connect(self._address, autocommit=True)
            return made

    def _alive(self) -> Connection[Any]:
        if self._connection.closed and self._address is not None:
            self._connection = self._connect()
        return self._connection

    def _cursor(self) -> Cursor[tuple[Any, ...]]:
        return self._alive().cursor(row_factory=self._psycopg.rows.tuple_row)

    def _own(self, statement: str) -> bytes:
        known = self._statements.get(statement)
        if known is None:
            named = re.sub(r"\$(\w+)", rf'"{self._schema}".\1', statement)
            known = named.replace("%BODY%", "$body$").replace("?", "%s").encode()
            self._statements[statement] = known
        return known

    def _ready(self, *, make: bool) -> None:
        """Find the tables as this release needs them, or make them."""
        encoding = self._connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StoreError(Fault("store.encoding", {"encoding": str(encoding)}))
        if make and self._version() != len(STEPS):
            self._writing(self._migrate)
        version = self._version()
        if version is None:
            raise StoreError(Fault("store.no-tables", {"schema": self._schema}))
        words = {"version": str(version), "known": str(len(STEPS))}
        if version > len(STEPS):
            raise StoreError(Fault("store.newer-schema", words))
        if version < len(STEPS):
            raise StoreError(Fault("store.older-schema", words))

    def _version(self) -> int | None:
        # Asked of the catalogue's rows: `to_regclass` answers from a cache, which still says "no"
        # to a writer that waited while another one made the tables.
        exists = (
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            " ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = 'schema_version'"
        )
        if not self._fetch(exists, (self._schema,)):
            return None
        found = self._fetch("SELECT max(version) FROM $schema_version")
        return found[0][0] if found[0][0] is not None else 0

    def _migrate(self) -> None:
        self._fetch("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
        version = self._version()
        if version is None:
            self._fetch(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"')
            self._fetch(VERSION_TABLE)
        for number, step in enumerate(STEPS[version or 0 :], start=(version or 0) + 1):
            for statement in step:
                self._fetch(statement)
            self._fetch("INSERT INTO $schema_version VALUES (?)", (number,))

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.Error as error:
            # `from None`: PostgreSQL's details quote the row that failed, payload and all.
            raise _as_store_error(error, self._psycopg.OperationalError) from None


def _as_store_error(error: Error, unreachable: type[Exception]) -> StoreError:
    state = error.sqlstate or ""
    if state in _GIVE_WAY:
        return Busy(Fault("store.busy"))
    if state == _UNIQUE:  # an isolation level under which the head was not seen to move
        return Conflict(Fault("store.conflict"))
    if state in _FULL:
        return StoreError(Fault("store.full"))
    if state in _READ_ONLY:
        return StoreError(Fault("store.read-only"))
    reason = error.diag.message_primary
    if reason is None and isinstance(error, unreachable):
        # What libpq says by itself: no server, no such host; it has no row to quote.
        words = {"reason": " ".join(str(error).split())}
        return StoreError(Fault("store.unreachable", words))
    if state.startswith(("08", "57P")):
        return StoreError(Fault("store.unreachable", {"reason": reason or state}))
    return StoreError(Fault("store.failed", {"reason": reason or type(error).__name__}))
