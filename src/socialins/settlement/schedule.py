"""Schedule: a month's rules for one rule class, compiled to a flat list.

Everything that computes contributions reads this and nothing else: the reference that explains, the
fast function for rosters, and whatever comes later. A rule that changes the result has to be in a
line, or the readers could not agree.
"""

from __future__ import annotations

from functools import cached_property

import attrs

from socialins.faults import Fault, Text
from socialins.model.codes import Payer
from socialins.rules import Citation, Operand, RuleClass, UnitBasis
from socialins.values import Money, Month, Rate, Rounding

__all__ = ["Line", "Missing", "Schedule"]


@attrs.frozen(kw_only=True, cache_hash=True)
class Line:
    """One (insurance, item, payer) with all that turns a wage into an amount.

    base = wage, rounded by `base_rounding`, then held between `floor` and `cap`;
    amount = base × rate × relief, rounded by `amount_rounding`, plus `fixed`.

    Arguments:
        insurance, item, payer: what is owed and by whom.
        title, item_title: how insurance and item are called.
        floor, cap: in fen; None where there is none.
        base_rounding: how the declared wage is rounded.
        rate: the rate; None where the operand takes its place.
        operand: the account's own figure that takes the rate's place.
        relief: what is collected of the rate (减免后征收比例); None where there is no relief.
        fixed: a sum in fen added in this month.
        amount_rounding: how base × rate is rounded.
        unit_basis: what the unit's share as a whole rests on.
        citations: the figures the line is made of.
    """

    insurance: str
    item: str
    payer: Payer
    title: Text
    item_title: Text
    floor: int | None
    cap: int | None
    base_rounding: Rounding
    rate: Rate | None
    operand: Operand | None = None
    relief: Rate | None = None
    fixed: int = 0
    amount_rounding: Rounding
    unit_basis: UnitBasis = UnitBasis.PERSONS
    citations: tuple[Citation, ...] = attrs.field(default=(), repr=False)

    @property
    def key(self) -> tuple[str, str, Payer]:
        """What the line is about."""
        return self.insurance, self.item, self.payer

    def rate_with(self, operand: Rate | None) -> Rate:
        """The rate that is collected: the line's or the account's own, after the relief.

        Arguments:
            operand: the account's own rate, for a line that takes one.

        Raises:
            ValueError: if the line takes an operand and none is given.
        """
        rate = self.rate if self.operand is None else operand
        if rate is None:
            raise ValueError(f"{self.insurance} needs the account's rate; pass it as operand")
        return rate if self.relief is None else rate * self.relief

    @cached_property
    def fixed_money(self) -> Money:
        """The fixed sum as money."""
        return Money(self.fixed)


@attrs.frozen(kw_only=True)
class Missing:
    """A line that can't be made, and why."""

    insurance: str
    item: str
    payer: Payer
    fault: Fault


@attrs.frozen(kw_only=True)
class Schedule:
    """The lines that hold for a rule class in a month.

    Arguments:
        division: the region's code.
        month: the month.
        rule_class: for whom.
        lines: in order of insurance and payer.
        missing: what is collected but can't be computed, since a figure is not known.
    """

    division: str
    month: Month
    rule_class: RuleClass
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...] = ()

    @property
    def needs_injury_rate(self) -> bool:
        """Whether some line takes the account's injury rate."""
        return any(line.operand is Operand.INJURY_RATE for line in self.lines)
