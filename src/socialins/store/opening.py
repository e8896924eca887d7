"""Opening a journal by its address: a file, or a PostgreSQL database."""

from __future__ import annotations

import os
from pathlib import Path

from socialins.store.sql import SqlStore
from socialins.store.sqlite import SqliteStore

__all__ = ["is_database", "is_postgres", "open_store"]

_SQLITE = b"SQLite format 3\x00"


def is_database(path: Path) -> bool:
    """Whether a file is one of SQLite, and not of lines; a damaged one counts as what it was.

    Raises:
        OSError: if it can't be read.
    """
    with path.open("rb") as file:
        first = file.read(4096)
    # Half of what SQLite begins with is enough; and text has no zeros.
    alike = sum(one == other for one, other in zip(first, _SQLITE, strict=False))
    return alike > len(_SQLITE) // 2 or b"\x00" in first


def is_postgres(address: str | os.PathLike[str]) -> bool:
    """Whether an address is one of PostgreSQL.

    >>> is_postgres("postgresql://localhost/hr"), is_postgres("journal.db")
    (True, False)
    """
    return isinstance(address, str) and address.startswith(("postgresql://", "postgres://"))


def open_store(address: str | os.PathLike[str], *, read_only: bool = False) -> SqlStore:
    """Open a journal, or make one.

    Arguments:
        address: the path of an SQLite file, or ``postgresql://…``.
        read_only: read and verify only.

    Raises:
        StoreError: if it can't be opened.
        MissingExtra: for PostgreSQL without the extra ``postgres``.
    """
    if is_postgres(address):
        from socialins.store.postgres import PostgresStore

        return PostgresStore(str(address), read_only=read_only)
    return SqliteStore(address, read_only=read_only)
