"""Credit (待转金): what was paid too much, offset against what is owed, in the region's order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from socialins.arrears.rules import required
from socialins.model.codes import Kind
from socialins.rules import ALL, Cascade, Citation
from socialins.values import Money, Month

__all__ = ["Debt", "Offset", "Offsets", "offset_credit"]


def _owed(_instance: object, _attribute: object, amount: Money) -> None:
    if amount.fen < 0:
        raise ValueError(f"{amount} is no debt; what is given back belongs to the credit")


@attrs.frozen
class Debt:
    """Something owed.

    Arguments:
        kind: why.
        period: the month it is for.
        amount: how much is open.
        label: what the caller knows it by.
    """

    kind: Kind
    period: Month
    amount: Money = attrs.field(validator=_owed)
    label: str = ""


@attrs.frozen
class Offset:
    """A debt after the credit.

    Arguments:
        debt: the debt.
        credited: what the credit paid of it.
    """

    debt: Debt
    credited: Money

    @property
    def remaining(self) -> Money:
        """What is still to be paid."""
        return self.debt.amount - self.credited


@attrs.frozen
class Offsets:
    """All debts after the credit, in the order in which they were offset.

    Arguments:
        items: the debts; those that the rule does not offset come last.
        rest: the credit that is left.
        citation: the rule of the order.
    """

    items: tuple[Offset, ...]
    rest: Money
    citation: Citation = attrs.field(repr=False)

    @property
    def due(self) -> Money:
        """What is still to be paid in all."""
        return Money.sum(one.remaining for one in self.items)


def offset_credit(
    cascade: Cascade,
    credit: Money,
    debts: Iterable[Debt],
    month: Month,
    *,
    known_on: date | None = None,
) -> Offsets:
    """Offset a credit balance against debts.

    Arguments:
        cascade: the region's rules, which have the order.
        credit: the balance; not negative.
        debts: what is owed.
        month: the month of the plan.
        known_on: by rules as known on this day; None for all that is installed.

    Raises:
        RuleUnknown: if no rule states the order.
        ValueError: for a negative balance.
    """
    if credit.fen < 0:
        raise ValueError(f"a credit of {credit} is a debt; pass it among the debts")
    rule = required(cascade, "credit-offset", month, insurance=ALL, known_on=known_on)
    order: tuple[Kind, ...] = rule.figure.kinds
    last = len(order)
    ranked = sorted(
        debts,
        key=lambda debt: (order.index(debt.kind) if debt.kind in order else last, debt.period),
    )
    items = []
    for debt in ranked:
        taken = min(credit, debt.amount) if debt.kind in order else Money(0)
        credit -= taken
        items.append(Offset(debt, taken))
    return Offsets(tuple(items), credit, rule.citation())
