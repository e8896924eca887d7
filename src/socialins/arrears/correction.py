"""Correction (更正): a month settled from a wrong roster; what comes back, what is lacking.

A person who had left, a wage declared too high: the month is settled again from the right roster,
by the rules as they were known then, and compared with what was paid.
"""

from __future__ import annotations

from functools import cached_property

import attrs

from socialins.model.codes import Kind
from socialins.settlement import Contribution, Differences
from socialins.values import Money

__all__ = ["Correction"]


@attrs.frozen(slots=False)
class Correction:
    """A settled month compared with what it should have been.

    Arguments:
        differences: what differs, per person, insurance, item and payer.
    """

    differences: Differences

    @cached_property
    def refunds(self) -> tuple[Contribution, ...]:
        """What was paid too much, as negative amounts of the kind ``refund`` (退费)."""
        return tuple(
            attrs.evolve(one.contribution(), kind=Kind.REFUND)
            for one in self.differences
            if one.amount.fen < 0
        )

    @cached_property
    def arrears(self) -> tuple[Contribution, ...]:
        """What was paid too little, of the kind ``difference`` (补差)."""
        return tuple(one.contribution() for one in self.differences if one.amount.fen > 0)

    @cached_property
    def refund_total(self) -> Money:
        """What comes back, as a positive sum."""
        return -Money.sum(one.amount for one in self.refunds)

    @cached_property
    def arrears_total(self) -> Money:
        """What is still to be paid."""
        return Money.sum(one.amount for one in self.arrears)
