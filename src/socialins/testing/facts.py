"""Facts tables: a region's figures a second time, written from the documents, not from the rules.

A plugin keeps such tables beside its tests. Every month of every class is compared, both ways: what
a table says the rules must say, and what no table says must be unknown, since a figure too many
would settle a month that nobody can vouch for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from socialins.model.codes import Payer
from socialins.rules import Bounds, Cascade, Mark, RateFigure, RuleClass
from socialins.values import Money, Month, MonthSpan, Rate

__all__ = ["Row", "bounds_that_differ", "rates_that_differ", "read_facts"]

Row = dict[str, str]
"""One row of a table: region, insurance, who, from, to, mark; floor and cap, or payer and rate."""


def read_facts(path: Path) -> list[Row]:
    """Read a facts table.

    Columns: ``region``, ``insurance`` and ``who`` (codes with blanks between; empty for all),
    ``from``, ``to`` (empty: open), ``mark``; ``floor`` and ``cap`` in yuan or ``none``; or
    ``payer`` and ``rate`` in percent, ``injury-rate`` or ``none``.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bounds_that_differ(
    rows: Iterable[Row],
    cascade: Cascade,
    region: str,
    insurance: str,
    *,
    months: Iterable[Month],
    classes: Iterable[RuleClass],
) -> list[str]:
    """The months and classes whose floor and cap are not those of the table."""
    wanted = list(rows)
    wrong = []
    for rule_class, month in product(list(classes), list(months)):
        located = cascade.find("bounds", month, rule_class, insurance=insurance)
        figure = located.figure if located else None
        row = _row(wanted, region, insurance, month, rule_class)
        if (figure is not None) != (row is not None) or (row and not _same_bounds(figure, row)):
            wrong.append(f"{month} {rule_class}: {figure}, the table says {row}")
    return wrong


def rates_that_differ(
    rows: Iterable[Row],
    cascade: Cascade,
    region: str,
    insurance: str,
    payer: Payer,
    *,
    months: Iterable[Month],
    classes: Iterable[RuleClass],
) -> list[str]:
    """The months and classes whose rate of the basic item is not that of the table."""
    wanted = [row for row in rows if row["payer"] == payer.value]
    wrong = []
    for rule_class, month in product(list(classes), list(months)):
        located = cascade.find(
            "rate", month, rule_class, insurance=insurance, item="basic", payer=payer
        )
        figure = located.figure if located else None
        row = _row(wanted, region, insurance, month, rule_class)
        if (figure is not None) != (row is not None) or (row and not _same_rate(figure, row)):
            wrong.append(f"{month} {rule_class}: {figure}, the table says {row}")
    return wrong


def _row(
    rows: list[Row], region: str, insurance: str, month: Month, rule_class: RuleClass
) -> Row | None:
    found = list(_rows(rows, region, insurance, month, rule_class))
    assert len(found) <= 1, f"the table contradicts itself: {found}"
    return found[0] if found else None


def _rows(
    rows: list[Row], region: str, insurance: str, month: Month, rule_class: RuleClass
) -> Iterator[Row]:
    who = {rule_class.household.value, rule_class.account_type.value}
    for row in rows:
        span = MonthSpan(Month.of(row["from"]), Month.of(row["to"]) if row["to"] else None)
        if (
            region in row["region"].split()
            and insurance in row["insurance"].split()
            and month in span
            and (not row["who"] or who & set(row["who"].split()))
        ):
            yield row


def _same_bounds(figure: Bounds | None, row: Row) -> bool:
    if figure is None:
        return False
    floor, cap = (
        text if text == "none" else Money.yuan(text) for text in (row["floor"], row["cap"])
    )
    return (figure.floor, figure.cap, figure.mark) == (floor, cap, Mark(row["mark"]))


def _same_rate(figure: RateFigure | None, row: Row) -> bool:
    if figure is None or figure.mark != Mark(row["mark"]):
        return False
    if figure.none or row["rate"] == "none":
        return figure.none and row["rate"] == "none"
    if figure.operand is not None:
        return figure.operand.value == row["rate"]
    return row["rate"] != "injury-rate" and figure.rate == Rate(f"{row['rate']}%")
