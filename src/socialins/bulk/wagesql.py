"""The column of wages in SQL: in whole fen where it can be settled, else what is wrong with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from socialins.bulk.sql import Dialect
from socialins.faults import require

pa: Any = require("pyarrow", "bulk")

__all__ = ["Wage", "codes", "wage_of"]


@attrs.frozen
class Wage:
    """SQL of a wage.

    Arguments:
        fine: whether it can be settled; not null.
        fen: it in fen, where it is fine.
        faults: the codes of what is wrong with it, where it is not; several, null where not so.
    """

    fine: str
    fen: str
    faults: str


def wage_of(dialect: Dialect, name: str, kind: Any, max_wage: int) -> Wage:
    """The wage that a column holds.

    Arguments:
        dialect: the engine.
        name: the column: ``wage_fen`` in whole fen or ``wage`` in decimal yuan.
        kind: its Arrow type.
        max_wage: the largest wage that is settled, in fen.
    """
    column = dialect.quoted(name)
    most, more, part_of_fen = f"{max_wage:d}", f"{max_wage + 1:d}", ""
    fen = f"CAST({column} AS BIGINT)"
    if pa.types.is_decimal(kind):
        most, more = (f"CAST('{yuan:f}' AS DECIMAL(18, 2))" for yuan in _yuan(max_wage))
        fen = f"CAST(try_cast({column} AS DECIMAL(18, 2)) * 100 AS BIGINT)"
        if kind.scale > 2:
            part_of_fen = f"{column} <> round({column}, 2)"
    wrongs = {
        "bulk.wage-missing": f"{column} IS NULL",
        "bulk.wage-negative": f"{column} < 0",
        "bulk.wage-part-of-fen": part_of_fen,
        "bulk.wage-too-large": f"{column} >= {more}",
    }
    return Wage(
        fine=f"coalesce({column} BETWEEN 0 AND {most}"
        + (f" AND NOT {part_of_fen}, false)" if part_of_fen else ", false)"),
        fen=fen,
        faults=", ".join(
            f"CASE WHEN {wrong} THEN {codes(code)} END" for code, wrong in wrongs.items() if wrong
        ),
    )


def _yuan(max_wage: int) -> tuple[Decimal, Decimal]:
    """The largest wage in yuan, and a fen more."""
    return Decimal(max_wage).scaleb(-2), Decimal(max_wage + 1).scaleb(-2)


def codes(listed: str | None) -> str:
    """Codes of faults as a literal."""
    if listed is None:
        return "CAST(NULL AS STRING)"
    if not all(sign.isalnum() or sign in ".-;" for sign in listed):
        raise ValueError(f"{listed!r} are no codes")
    return f"'{listed}'"
