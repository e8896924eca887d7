"""Finding the rules of arrears; what is not known stops with the same error as in settling."""

from __future__ import annotations

from datetime import date

from socialins.model.codes import Payer
from socialins.rules import Cascade, Located, RuleClass, RuleUnknown
from socialins.settlement.compile import unknown_fault
from socialins.values import Month

__all__ = ["required"]


def required(
    cascade: Cascade,
    kind: str,
    month: Month,
    *,
    insurance: str,
    payer: Payer = Payer.UNIT,
    known_on: date | None = None,
) -> Located:
    """The figure of a kind that holds for an insurance in a month.

    Raises:
        RuleUnknown: if none is known; it names the last known one.
    """
    located = cascade.find(
        kind, month, RuleClass(), insurance=insurance, payer=payer, known_on=known_on
    )
    if located is None or located.figure is None:
        raise RuleUnknown(
            unknown_fault(cascade, located, kind, month=month, insurance=insurance, payer=payer)
        )
    return located
