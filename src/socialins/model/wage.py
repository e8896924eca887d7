"""DeclaredWage (缴费工资): what was declared for a person, which is not the payroll wage."""

from __future__ import annotations

from typing import Any

import attrs

from socialins.model.codes import WageOrigin
from socialins.values import Money, Month
from socialins.values.masking import masked

__all__ = ["DeclaredWage", "not_negative"]


def not_negative(_instance: object, attribute: attrs.Attribute[Any], amount: Any) -> None:
    """Let only `Money` of zero or more through: a validator."""
    if not isinstance(amount, Money):
        kind = type(amount).__name__
        raise TypeError(f"{kind} can't be {attribute.name!r}; pass Money.yuan('5000.00')")
    if amount.fen < 0:
        raise ValueError(f"{attribute.name!r} can't be negative: {amount}")


@attrs.frozen
class DeclaredWage:
    """A declared wage: the figure that bounds and rounding turn into a base.

    Arguments:
        amount: per month.
        origin: last year's average, the first month's wage, or a change.
        since: the first month it was declared for, if known.
    """

    amount: Money = attrs.field(validator=not_negative, repr=masked)
    origin: WageOrigin = WageOrigin.LAST_YEAR_AVERAGE
    since: Month | None = None
