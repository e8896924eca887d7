"""Adjusted batches: the hook by which plugins change rows before they are settled, on tables.

It is the hook of rosters, with the same batch of plain values, so a plugin is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from socialins.hookspecs import ADJUSTABLE, SettleBatch
from socialins.settlement.adjust import Adjust
from socialins.values import Month

__all__ = ["adjust_batch", "adjusted_schema"]

_WAGE = "wage_fen"


def adjusted_schema(schema: pa.Schema) -> pa.Schema:
    """The columns of a table, and those that a hook may add to it."""
    for name in ADJUSTABLE:
        if name != _WAGE and name not in schema.names:
            schema = schema.append(pa.field(name, pa.string()))
    return schema


def adjust_batch(adjust: Adjust, month: Month, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with what the hooks change of its rows.

    Arguments:
        adjust: the hooks.
        month: the month that is settled.
        batch: the rows.

    Raises:
        HookFailed: if a hook raises, or sets what a column can't hold.
    """
    columns = {name: _values(batch.column(name)) for name in batch.schema.names}
    decimal = _WAGE not in columns and "wage" in columns
    if decimal:
        columns[_WAGE] = _fen(batch.column("wage"))
    view = SettleBatch(batch.num_rows, columns)
    adjust.batch(month, view)
    try:
        changed = {name: _array(name, view.get(name)) for name in view.changed}
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
        raise adjust.failed(f"{type(error).__name__}: {error}") from error
    if decimal and _WAGE in changed:
        changed["wage"] = _yuan(batch.column("wage"), changed.pop(_WAGE))
    names = adjusted_schema(batch.schema).names
    made = [
        changed[name]
        if name in changed
        else batch.column(name)
        if name in batch.schema.names
        else pa.nulls(batch.num_rows, pa.string())
        for name in names
    ]
    return pa.RecordBatch.from_arrays(made, names=names)


def _values(column: pa.Array) -> Callable[[], list[Any]]:
    return lambda: list(column.to_pylist())


def _fen(column: pa.Array) -> Callable[[], list[int | None]]:
    """Yuan as fen; None where there is none, or a part smaller than a fen."""
    return lambda: [
        int(yuan * 100) if yuan is not None and yuan * 100 == int(yuan * 100) else None
        for yuan in column.to_pylist()
    ]


def _yuan(before: pa.Array, fen: pa.Array) -> pa.Array:
    """Fen as yuan; what could not be given to the hook stays as it was, with its fault."""
    found = [
        old if new is None else Decimal(new).scaleb(-2)
        for old, new in zip(before.to_pylist(), fen.to_pylist(), strict=True)
    ]
    return pa.array(found, pa.decimal256(60, max(before.type.scale, 2)))


def _array(name: str, values: list[Any]) -> pa.Array:
    if name == _WAGE and any(isinstance(value, bool | float) for value in values):
        raise TypeError("a wage is a whole number of fen")
    return pa.array(values, pa.int64() if name == _WAGE else pa.string())
