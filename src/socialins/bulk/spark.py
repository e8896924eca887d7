"""Spark: columns added to a DataFrame, computed by the cluster's own engine or by ours.

`add_columns` gives Spark expressions, which its executors compile and run without any Python.
`settle_batches` sends record batches through the table's own code in each executor's Python, for
what SQL can't express; every executor needs this library and the same plugins then, and looks the
region up there, so that no rules travel with the task but a unit's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from socialins.bulk.batches import Settler
from socialins.bulk.columns import FAULT
from socialins.bulk.given import HasRules, rules_of, rules_without_hooks, terms_of
from socialins.bulk.mapping import Resolved, resolve
from socialins.bulk.reading import INPUT_COLUMNS
from socialins.bulk.sql import Dialect
from socialins.bulk.terms import TableError
from socialins.faults import Fault, require
from socialins.model.unit import UnitAccount
from socialins.plugins import installed
from socialins.rules import Cascade, RuleBook
from socialins.settlement.adjust import adjusting
from socialins.values import Month

pa: Any = require("pyarrow", "bulk")

__all__ = ["add_columns", "settle_batches"]


def add_columns(
    frame: Any,
    region: Cascade | HasRules,
    month: Month | str,
    *,
    known_on: date | None = None,
    strict: bool = True,
    account: UnitAccount | None = None,
    combinations: Any = None,
) -> Any:
    """Settle a DataFrame for a month by SQL expressions; columns are those of `settle_table`.

    Where columns tell rows apart besides their wage (household, injury rate, …), their distinct
    combinations are collected first, which reads those columns once; cache what is expensive to
    read twice. All else is lazy.

    Arguments:
        frame: a DataFrame with the input columns of `settle_table`; others are kept.
        region: the region, or its rules.
        month: the month of the contributions.
        known_on: settle by what was known on this day; None for all that is installed.
        strict: stop at the first figure that is not known for a combination that occurs; otherwise
            settle the rest, with nulls and a fault in the rows concerned.
        account: what holds for rows that don't say otherwise, and the insurances kept at all.
        combinations: a DataFrame with the combinations that can occur, for a stream, which can't
            be looked through. A row with another one has nulls and a fault.

    Returns:
        A DataFrame.

    Raises:
        RuleUnknown, OperandMissing: in strict settling, as for rosters.
        TableError: if the columns can't be settled at all, or a plugin has to see the rows.
        Refused: if a line can't be computed in 64 bits; `settle_batches` can.
    """
    terms = terms_of(rules_without_hooks(region), month, known_on, strict, account)

    def distinct(keys: tuple[str, ...]) -> Any:
        looked_through = frame if combinations is None else combinations
        rows = looked_through.select(*map(_column, keys)).distinct().collect()
        return pa.table(
            {key: [row[place] for row in rows] for place, key in enumerate(keys)},
            schema=pa.schema([(key, pa.string()) for key in keys]),
        )

    resolved = resolve(_schema(frame), terms, Dialect.SPARK, distinct)
    settled = frame if not resolved.keys else _joined(frame, resolved)
    for step in (resolved.first_step, *resolved.program.steps):
        settled = settled.selectExpr(
            "*", *(f"{sql} AS {_column(name)}" for name, sql in step.items())
        )
    return settled.select(*map(_column, (*resolved.kept, *resolved.program.columns, FAULT)))


def settle_batches(
    frame: Any,
    region: Cascade | HasRules,
    month: Month | str,
    *,
    known_on: date | None = None,
    strict: bool = True,
    account: UnitAccount | None = None,
) -> Any:
    """Settle a DataFrame for a month by `settle_table`'s own code, in each executor's Python.

    It is slower than `add_columns`, and takes whatever `settle_table` takes: hooks of plugins, and
    rules that need more than 64 bits.

    Arguments:
        frame: a DataFrame with the input columns of `settle_table`; others are kept.
        region: a region that is installed, here and on every executor, or its rules; a unit's own
            figures among them are sent along.
        month: the month of the contributions.
        known_on: settle by what was known on this day; None for all that is installed.
        strict: fail the job, not this call, at the first figure that is not known; otherwise
            settle the rest, with nulls and a fault in the rows concerned.
        account: what holds for rows that don't say otherwise, and the insurances kept at all.

    Raises:
        UnknownRegion: if the region is not installed.
        TableError: if the columns can't be settled at all.
    """
    from_arrow_schema = require("pyspark.sql.pandas.types", "spark").from_arrow_schema
    task = _Task.of(rules_of(region)[0], Month.of(month), known_on, strict, account)
    settler = task.settler(_schema(frame, keep=True))
    return frame.mapInArrow(task, from_arrow_schema(settler.schema))


@attrs.frozen(kw_only=True)
class _Task:
    """What an executor is sent: names and the unit's own data, no code and no rules of a region."""

    division: str
    overlays: tuple[RuleBook, ...]
    plugins: tuple[tuple[str, str], ...]
    month: Month
    known_on: date | None
    strict: bool
    account: UnitAccount | None

    @classmethod
    def of(
        cls,
        cascade: Cascade,
        month: Month,
        known_on: date | None,
        strict: bool,
        account: UnitAccount | None,
    ) -> _Task:
        return cls(
            division=installed().book(cascade.nearest.division).division,
            overlays=tuple(book for book in cascade.books if book.own),
            plugins=_plugins(),
            month=month,
            known_on=known_on,
            strict=strict,
            account=account,
        )

    def settler(self, schema: Any) -> Settler:
        registry = installed()
        cascade = registry.cascade(registry.book(self.division))
        whole = Cascade((*self.overlays, *cascade.books)) if self.overlays else cascade
        terms = terms_of(whole, self.month, self.known_on, self.strict, self.account)
        return Settler(schema, terms, adjust=adjusting(registry, whole))

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        if _plugins() != self.plugins:
            values = {"here": _told(_plugins()), "there": _told(self.plugins)}
            raise TableError(Fault("bulk.workers-differ", values))
        settler = None
        for batch in batches:
            settler = settler or self.settler(batch.schema)
            yield settler.settle(batch)


def _plugins() -> tuple[tuple[str, str], ...]:
    return tuple((plugin.name, plugin.version) for plugin in installed().plugins)


def _told(plugins: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {version}".strip() for name, version in plugins)


def _joined(frame: Any, resolved: Resolved) -> Any:
    """The frame with what its combinations mean; they go to every executor whole."""
    functions = require("pyspark.sql.functions", "spark")
    from_arrow_schema = require("pyspark.sql.pandas.types", "spark").from_arrow_schema
    columns = resolved.rows()
    rows = list(zip(*columns.values(), strict=True))
    schema = from_arrow_schema(resolved.mapping_schema)
    mapping = functions.broadcast(frame.sparkSession.createDataFrame(rows, schema))
    same = None
    for key, mapped in zip(resolved.keys, resolved.mapping_keys, strict=True):
        equal = frame[_column(key)].eqNullSafe(mapping[_column(mapped)])
        same = equal if same is None else same & equal
    return frame.join(mapping, same, "left")


def _schema(frame: Any, keep: bool = False) -> Any:
    """The frame's Arrow schema; columns that are only kept may be of types that Arrow has not."""
    to_arrow_type = require("pyspark.sql.pandas.types", "spark").to_arrow_type
    return pa.schema(
        [
            (
                field.name,
                to_arrow_type(field.dataType) if keep or field.name in INPUT_COLUMNS else pa.null(),
            )
            for field in frame.schema.fields
        ]
    )


def _column(name: str) -> str:
    return Dialect.SPARK.quoted(name)
