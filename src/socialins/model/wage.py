"""DeclaredWage (缴费工资): what was declared for a person, which is not the payroll wage."""

from __future__ import annotations

import attrs

from socialins.model.codes import WageOrigin
from socialins.values import Money, Month

__all__ = ["DeclaredWage"]


def _not_negative(_instance: object, _attribute: object, amount: Money) -> None:
    if amount.fen < 0:
        raise ValueError(f"a declared wage can't be negative: {amount}")


@attrs.frozen
class DeclaredWage:
    """A declared wage: the figure that bounds and rounding turn into a base.

    Arguments:
        amount: per month.
        origin: last year's average, the first month's wage, or a change.
        since: the first month it was declared for, if known.
    """

    amount: Money = attrs.field(validator=_not_negative)
    origin: WageOrigin = WageOrigin.LAST_YEAR_AVERAGE
    since: Month | None = None
