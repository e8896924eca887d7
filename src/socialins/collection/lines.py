"""Lines of a plan (计划明细): amounts per insurance, item, payer, period and kind, to the fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

import attrs

from socialins.arrears.latefee import Overdue
from socialins.model.codes import Kind, Payer
from socialins.values import Money, Month

__all__ = ["Assessed", "Owed", "Part", "PlanLine", "lines_of"]


class Assessed(Overdue, Protocol):
    """An assessed amount: a `Contribution`, an `UndeclaredAmount` and the like."""

    @property
    def kind(self) -> Kind:
        """Why it is owed."""


LineKey = tuple[str, str, Payer, Month, Kind]


@attrs.frozen(kw_only=True)
class Owed:
    """What is assessed under one heading.

    Arguments:
        insurance: the insurance's id (险种); ``*`` for a late fee on several.
        item: the item's id (品目).
        payer: unit or person (缴费主体).
        period: the month it is for (费款所属期).
        kind: why it is owed (类型).
        amount: how much.
    """

    insurance: str
    item: str = "basic"
    payer: Payer = Payer.UNIT
    period: Month
    kind: Kind = Kind.REGULAR
    amount: Money

    @property
    def key(self) -> LineKey:
        """What tells it from other lines."""
        return self.insurance, self.item, self.payer, self.period, self.kind


@attrs.frozen(kw_only=True)
class PlanLine(Owed):
    """A line of a plan.

    Arguments:
        credited: what the credit balance (待转金) paid of it.
    """

    credited: Money = Money(0)

    @property
    def due(self) -> Money:
        """What is actually to be paid of it (实缴费额): this is what the tax side gets."""
        return self.amount - self.credited


@attrs.frozen
class Part:
    """What an order pays of a line.

    Arguments:
        line: the line's place in its plan, from 0.
        amount: how much.
    """

    line: int
    amount: Money


def lines_of(amounts: Iterable[Assessed]) -> tuple[tuple[Owed, ...], Money]:
    """Add amounts up to lines.

    Arguments:
        amounts: the contributions of a bill, a back payment, differences.

    Returns:
        The lines that are owed, in order of their first amount; and the sum of those that come
        back (多缴应退): these are credit.

    >>> from socialins.values import Month
    >>> month = Month(2026, 11)
    >>> amounts = [
    ...     Owed(insurance="pension", period=month, amount=Money(160_000)),
    ...     Owed(insurance="pension", period=month, amount=Money(80_000)),
    ...     Owed(insurance="medical", period=month, kind=Kind.DIFFERENCE, amount=Money(-5)),
    ... ]
    >>> lines, back = lines_of(amounts)
    >>> [(one.insurance, str(one.amount)) for one in lines], str(back)
    ([('pension', '2400.00')], '0.05')
    """
    sums: defaultdict[LineKey, int] = defaultdict(int)
    for one in amounts:
        sums[one.insurance, one.item, one.payer, one.period, one.kind] += one.amount.fen
    lines = tuple(
        Owed(insurance=i, item=item, payer=payer, period=period, kind=kind, amount=Money(fen))
        for (i, item, payer, period, kind), fen in sums.items()
        if fen > 0
    )
    return lines, Money(-sum(fen for fen in sums.values() if fen < 0))
