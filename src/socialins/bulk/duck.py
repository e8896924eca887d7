"""DuckDB: Parquet in, Parquet out, on one machine and within a memory limit.

The engine reads, computes and writes row group by row group on all cores; only the few combinations
of rule-class columns come to Python. What it computes is the same SQL that Spark is given.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from socialins.bulk.columns import FAULT
from socialins.bulk.given import HasRules, rules_without_hooks, terms_of
from socialins.bulk.mapping import Resolved, refuse_taken, resolve
from socialins.bulk.sources import replacing
from socialins.bulk.sql import Dialect
from socialins.bulk.terms import TableError, Terms
from socialins.faults import Fault, Place, require
from socialins.model.unit import UnitAccount
from socialins.rules import Cascade
from socialins.values import Month

duckdb: Any = require("duckdb", "duckdb")
pa: Any = require("pyarrow", "bulk")
pq: Any = require("pyarrow.parquet", "bulk")

__all__ = ["settle_parquet"]

MEMORY = "1GB"


def settle_parquet(
    region: Cascade | HasRules,
    source: str | Path,
    into: str | Path,
    month: Month | str,
    *,
    known_on: date | None = None,
    strict: bool = True,
    account: UnitAccount | None = None,
    keep_order: bool = False,
    memory_limit: str = MEMORY,
    threads: int | None = None,
) -> Path:
    """Settle Parquet files for a month; columns and faults are those of `settle_table`.

    Arguments:
        region: the region, or its rules.
        source: a Parquet file, or a folder of such files.
        into: the Parquet file to write, which is there in whole or not at all.
        month: the month of the contributions.
        known_on: settle by what was known on this day; None for all that is installed.
        strict: stop at the first figure that is not known for a combination that occurs; otherwise
            settle the rest, with nulls and a fault in the rows concerned.
        account: what holds for rows that don't say otherwise, and the insurances kept at all.
        keep_order: write rows in the order in which they are read; without it, less memory is
            needed.
        memory_limit: what the engine may use, such as ``"4GB"``; beyond it, it writes to disk
            beside the result.
        threads: how many cores it uses; all if left out.

    Returns:
        The file.

    Raises:
        RuleUnknown, OperandMissing: in strict settling, as for rosters; nothing is written then.
        TableError: if the files can't be settled at all, or a plugin has to see their rows.
        Refused: if a line can't be computed in 64 bits.
        MissingExtra: without the extra ``duckdb``.
    """
    path = Path(into)
    files = _files(Path(source), path)
    terms = terms_of(rules_without_hooks(region), Month.of(month), known_on, strict, account)
    with TemporaryDirectory(prefix=".duckdb-", dir=path.parent) as scratch:
        settings = {
            "memory_limit": memory_limit,
            "temp_directory": scratch,
            "preserve_insertion_order": keep_order,
            # What it reads, it reads from here; it is not to look for parts of itself elsewhere.
            "autoinstall_known_extensions": False,
        }
        if threads is not None:
            settings["threads"] = threads
        with duckdb.connect(config=settings) as connection, replacing(path) as written:
            with _told(source):
                # The engine would give one of two columns of one name another name.
                refuse_taken(pq.read_schema(files[0]).names)
                connection.read_parquet(files).create_view("source")
            _copy(connection, _resolve(connection, terms), written)
    return path


def _files(source: Path, into: Path) -> list[str]:
    files = sorted(source.rglob("*.parquet")) if source.is_dir() else [source]
    if not files or not files[0].exists():
        raise TableError(Fault("bulk.source", {"source": str(source)}, Place(file=str(source))))
    if into.exists() and any(into.samefile(file) for file in files):
        raise TableError(Fault("bulk.into-source", {"path": str(into)}, Place(file=str(into))))
    return list(map(os.fspath, files))


@contextmanager
def _told(source: str | Path) -> Iterator[None]:
    """Say of a file that the engine can't read that it is no table."""
    try:
        yield
    except (duckdb.Error, pa.ArrowInvalid) as error:
        place = Place(file=str(source), value=str(error).partition("\n")[0][:200])
        raise TableError(Fault("bulk.source", {"source": str(source)}, place)) from None


def _resolve(connection: Any, terms: Terms) -> Resolved:
    def combinations(keys: tuple[str, ...]) -> Any:
        columns = ", ".join(map(Dialect.DUCKDB.quoted, keys))
        # Names are quoted.
        return _arrow(connection.sql(f"SELECT DISTINCT {columns} FROM source"))  # noqa: S608

    schema = _arrow(connection.sql("SELECT * FROM source LIMIT 0")).schema
    return resolve(schema, terms, Dialect.DUCKDB, combinations)


def _arrow(relation: Any) -> Any:
    return relation.to_arrow_table()


def _copy(connection: Any, resolved: Resolved, path: Path) -> None:
    joined = "source"
    if resolved.keys:
        connection.register("mapped", pa.table(resolved.rows(), schema=resolved.mapping_schema))
        connection.execute("CREATE TEMP TABLE mapping AS SELECT * FROM mapped")
        conditions = " AND ".join(
            f"source.{Dialect.DUCKDB.quoted(key)} IS NOT DISTINCT FROM mapping.{place}"
            for key, place in zip(resolved.keys, resolved.mapping_keys, strict=True)
        )
        joined = f"source LEFT JOIN mapping ON {conditions}"
    query = resolved.program.select(joined, resolved.first_step, resolved.kept, [FAULT])
    metadata = ", ".join(
        f"{_text(key.decode())}: {_text(value.decode())}"
        for key, value in (resolved.schema.metadata or {}).items()
    )
    options = f"FORMAT parquet, KV_METADATA {{{metadata}}}"
    connection.execute(f"COPY ({query}) TO {_text(os.fspath(path))} ({options})")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
