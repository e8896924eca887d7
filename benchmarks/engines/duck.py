"""DuckDB, Arrow in and Arrow out: our generated SQL, and SQL as one writes it by hand."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.engines.base import Prepared
from benchmarks.rows import Ints, Job

UNIT = "unit_id"


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`ours`: by expressions of the schedule; `bigint`: whole fen by hand; `double`: yuan and
    `round`, as most queries have it.
    """
    connection = duckdb.connect()
    by_double = variant == "double"
    column = "wage" if by_double else "wage_fen"
    given = pa.array(wages / 100 if by_double else wages)
    rows = pa.table({UNIT: pa.array(job.units(len(wages))), column: given})
    connection.register("persons", rows)
    query = {"ours": _ours, "bigint": _bigint, "double": _double}[variant](job)

    totals = _totals(job, "DOUBLE" if by_double else "BIGINT")

    def run() -> tuple[Any, Any]:
        settled = connection.sql(query).to_arrow_table()
        # A query of its own: the persons are wanted too, and would be settled twice in one.
        connection.register("settled", settled)
        return settled, connection.sql(totals).to_arrow_table()

    return Prepared(
        run,
        lambda found: [found[0][name].to_numpy() for name in job.columns],
        lambda found: [found[1][name].to_numpy() for name in job.totals],
        yuan=by_double,
    )


def _totals(job: Job, kind: str) -> str:
    sums = ", ".join(f"sum({name})::{kind} AS {name}" for name in job.totals)
    return f"SELECT {UNIT}, {sums} FROM settled GROUP BY {UNIT} ORDER BY {UNIT}"  # noqa: S608


def _ours(job: Job) -> str:
    from benchmarks.job import schedule
    from socialins.bulk.program import WAGE, Part, program, wage_in_fen
    from socialins.bulk.sql import Dialect

    made = program([Part(schedule().lines)], Dialect.DUCKDB)
    query = made.select("persons", {WAGE: wage_in_fen('"wage_fen"')}, [UNIT])
    wanted = ", ".join(f"{name}_fen AS {name}" for name in job.columns)
    return f"SELECT {UNIT}, {wanted} FROM ({query})"  # noqa: S608 - made of the job's own names


def _bigint(job: Job) -> str:
    bases = ", ".join(
        f"least(greatest((wage_fen + 50) // 100 * 100, {line.floor}), {line.cap}) "
        f"AS {line.insurance}"
        for line in job.lines
        if line.payer == "unit"
    )
    amounts = ", ".join(
        f"({line.insurance} * {2 * line.top} + {line.bottom}) // {2 * line.bottom} AS {line.column}"
        for line in job.lines
    )
    return _query(job, bases, amounts)


def _double(job: Job) -> str:
    bases = ", ".join(
        f"least(greatest(round(wage), {line.floor / 100}::DOUBLE), {line.cap / 100}::DOUBLE) "
        f"AS {line.insurance}"
        for line in job.lines
        if line.payer == "unit"
    )
    amounts = ", ".join(
        f"round({line.insurance} * {line.top / line.bottom}::DOUBLE, 2) AS {line.column}"
        for line in job.lines
    )
    return _query(job, bases, amounts)


def _query(job: Job, bases: str, amounts: str) -> str:
    names: dict[str, list[str]] = {"unit": [], "person": []}
    for line in job.lines:
        names[line.payer].append(line.column)
    totals = ", ".join(f"{' + '.join(names[payer])} AS {payer}_total" for payer in names)
    # Every name and number comes from the job's own rules.
    return (
        f"SELECT *, {totals} FROM (SELECT {UNIT}, {amounts} FROM "  # noqa: S608
        f"(SELECT {UNIT}, {bases} FROM persons))"
    )
