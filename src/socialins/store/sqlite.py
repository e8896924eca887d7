"""A journal in a file: SQLite, which comes with Python.

What `append` acknowledged has reached the disk: write-ahead log, ``synchronous=FULL``. One writes
at a time, others wait; readers wait for nobody.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from urllib.parse import quote

from socialins.faults import Fault, Place
from socialins.store.errors import Busy, Damaged, StoreError
from socialins.store.sql import SqlStore
from socialins.store.sqlite_schema import STEPS, current_version, migrate, schema_faults

__all__ = ["SqliteStore"]

T = TypeVar("T")

_ATTEMPTS = 20
"""How often a transaction is begun anew where SQLite gave up without waiting."""

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS: else the disk may still hold it in its cache
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)

# SQLite's primary result codes; the sqlite3 module names them from Python 3.11 on.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class SqliteStore(SqlStore):
    """A journal in a file.

    It may be used by several threads; they take turns. A process that forks opens it anew.

    Arguments:
        path: the file. Where there is none, one is made.
        timeout: seconds to wait for others that write.
        read_only: read and verify only; nothing is made, nor brought to a later version.

    Raises:
        StoreError: if it is no journal, or can't be opened or made.

    >>> import tempfile
    >>> from datetime import UTC, datetime
    >>> from socialins.store import Record
    >>> folder = tempfile.TemporaryDirectory()
    >>> at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    >>> with SqliteStore(Path(folder.name, "journal.db")) as store:
    ...     store.append("unit/1", [Record("Opened", {}, at), Record("Paid", {"fen": 5}, at)], 0)
    ...     [(one.version, one.type) for one in store.read("unit/1")]
    ...     store.verify()
    2
    [(1, 'Opened'), (2, 'Paid')]
    ()
    >>> folder.cleanup()
    """

    def __init__(
        self, path: str | os.PathLike[str], *, timeout: float = 30, read_only: bool = False
    ) -> None:
        self.path = Path(path)
        self.timeout = timeout
        self.read_only = read_only
        self._lock = RLock()
        self._statements: dict[str, str] = {}
        if not self.path.exists():
            if read_only:
                raise StoreError(Fault("store.no-file", place=self._place))
            self._translated(self._make)
        self._connection = self._translated(self._open)

    def close(self) -> None:
        """Close the file; what was logged is written into it."""
        with self._lock:
            self._connection.close()

    def __repr__(self) -> str:
        return f"SqliteStore({str(self.path)!r})"

    # What a database has to offer ---------------------------------------------------------------

    def _fetch(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._translated(
                lambda: self._connection.execute(self._own(statement), values).fetchall()
            )

    def _many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._translated(lambda: self._connection.executemany(self._own(statement), rows))

    def _writing(self, work: Callable[[], T]) -> T:
        with self._lock:
            self._translated(lambda: _begin(self._connection, self.timeout))
            try:
                done = work()
                self._translated(lambda: self._connection.execute("COMMIT"))
            except BaseException:
                self._roll_back()
                raise
            return done

    def _reading(self, work: Callable[[], T]) -> T:
        with self._lock:
            self._translated(lambda: self._connection.execute("BEGIN"))
            self._connection.text_factory = _any_text
            try:
                return work()
            finally:
                self._connection.text_factory = str
                self._roll_back()

    def _own_check(self) -> list[Fault]:
        found = [row[0] for row in self._fetch("PRAGMA integrity_check(20)")]
        faults = [
            Fault("store.damaged", {"reason": _printable(reason)}, self._place)
            for reason in found
            if reason != "ok"
        ]
        return [*faults, *self._translated(lambda: schema_faults(self._connection))]

    # Helpers ------------------------------------------------------------------------------------

    @property
    def _place(self) -> Place:
        return Place(file=str(self.path))

    def _own(self, statement: str) -> str:
        known = self._statements.get(statement)
        if known is None:
            known = self._statements[statement] = statement.replace("$", "")
        return known

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):  # what led here is what is told
                self._connection.execute("ROLLBACK")

    def _make(self) -> None:
        """Make a journal beside its place and link it there: it is whole, or it isn't there.

        Where several make it at once, one is first, and the others open that one.
        """
        handle, name = tempfile.mkstemp(
            prefix=f".{self.path.name}.", suffix=".new", dir=self.path.parent
        )
        os.close(handle)
        try:
            made = sqlite3.connect(name, isolation_level=None)
            try:
                for pragma in _PRAGMAS:
                    made.execute(pragma)
                migrate(made, name)
                made.execute("PRAGMA journal_mode = WAL")
            finally:
                made.close()
            _put_in_place(name, self.path)
        finally:
            for leftover in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
                Path(leftover).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if not self.read_only:
            return self._opened("mode=rw")
        try:
            return self._opened("mode=ro")
        except sqlite3.OperationalError:
            # A log needs a file beside the journal even to be read; without a log there is
            # nothing in it that could be overlooked.
            if Path(f"{self.path}-wal").exists():
                raise
            return self._opened("immutable=1")

    def _opened(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self.path.resolve()))}?{mode}",
            uri=True,
            timeout=self.timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            if not current_version(connection, str(self.path)):
                # Journals are put in place whole: one with nothing in it lost all it had.
                raise Damaged(Fault("store.empty-file", place=self._place))
            if self.read_only:
                _refuse_old(connection, str(self.path))
            else:
                _patiently(lambda: migrate(connection, str(self.path)), self.timeout)
        except BaseException:
            connection.close()
            raise
        return connection

    def _translated(self, work: Callable[[], T]) -> T:
        """Do something; an error of the database becomes a fault that says what to do."""
        try:
            return work()
        except sqlite3.Error as error:
            raise _as_store_error(error, self._place) from None
        except UnicodeDecodeError:  # SQLite quotes a damaged schema in its message
            raise Damaged(Fault("store.damaged", {"reason": "UTF-8"}, self._place)) from None
        except OSError as error:
            words = {"reason": error.strerror or type(error).__name__}
            raise StoreError(Fault("store.failed", words, self._place)) from error


def _begin(connection: sqlite3.Connection, timeout: float) -> None:
    _patiently(lambda: connection.execute("BEGIN IMMEDIATE"), timeout)


def _patiently(work: Callable[[], object], timeout: float) -> None:
    """Do something; again where SQLite gave up at once, since waiting could not have helped it."""
    until = time.monotonic() + timeout
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            work()
        except sqlite3.OperationalError as error:
            if _code(error) not in _BUSY or attempt == _ATTEMPTS or time.monotonic() > until:
                raise
            time.sleep(0.001 * attempt)
        else:
            return


def _refuse_old(connection: sqlite3.Connection, path: str) -> None:
    version = current_version(connection, path)
    if version < len(STEPS):
        words = {"version": str(version), "known": str(len(STEPS))}
        raise StoreError(Fault("store.older-schema", words, Place(file=path)))


def _as_store_error(error: sqlite3.Error, place: Place) -> StoreError:
    code = _code(error)
    if code in _BUSY:
        return Busy(Fault("store.busy", place=place))
    if code == sqlite3.SQLITE_FULL:
        return StoreError(Fault("store.full", place=place))
    if code == sqlite3.SQLITE_READONLY:
        return StoreError(Fault("store.read-only", place=place))
    reason = _printable(error)
    # An error without a code is the module's own: text that is no UTF-8, a number too large.
    if code in _DAMAGED or (code is None and isinstance(error, sqlite3.OperationalError)):
        return Damaged(Fault("store.damaged", {"reason": reason}, place))
    return StoreError(Fault("store.failed", {"reason": reason}, place))


def _code(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _printable(reason: object) -> str:
    # sqlite3 quotes a cell that is no UTF-8, and a cell may hold anybody's number.
    text = str(reason).partition(" with text ")[0].encode(errors="replace").decode()
    return "".join(char if char.isprintable() else " " for char in text)


def _any_text(text: bytes) -> str:
    """Text of a damaged cell: what is no UTF-8 is kept apart, and is found to be wrong later."""
    return text.decode(errors="surrogateescape")


def _put_in_place(made: str, path: Path) -> None:
    try:
        os.link(made, path)  # fails where there is something; a rename would take its place
    except FileExistsError:
        return
    except OSError:  # no links there
        if not path.exists():
            Path(made).rename(path)
    if os.name == "posix":  # the name is only safe once the folder is
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
