"""Totals: whether what was paid is what was assessed, less credit, plus late fees."""

from __future__ import annotations

import attrs

from socialins.collection.codes import OrderState
from socialins.collection.state import Collection
from socialins.values import Money

__all__ = ["Totals", "totals"]


@attrs.frozen(kw_only=True)
class Totals:
    """The sums of an account's month, without what was revoked.

    Arguments:
        assessed: what the plans were made of.
        credited: what credit paid of it.
        late_fees: late fees that were paid.
        paid: what was received.
        overpaid: what of that was too much, and became credit.
        open: what is still to be paid, late fees aside.
    """

    assessed: Money
    credited: Money
    late_fees: Money
    paid: Money
    overpaid: Money
    open: Money

    @property
    def due(self) -> Money:
        """What is to be paid, late fees aside."""
        return self.assessed - self.credited

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open."""
        return not self.open

    @property
    def agrees(self) -> bool:
        """Whether paid = assessed - credited + late fees - open + overpaid, to the fen."""
        return self.paid == self.due + self.late_fees - self.open + self.overpaid


def totals(collection: Collection) -> Totals:
    """Add an account's month up.

    Arguments:
        collection: the account's month.

    >>> from socialins.collection import EMPTY
    >>> totals(EMPTY).agrees
    True
    """
    plans = collection.live
    paid = [one for one in collection.orders.values() if one.state is OrderState.PAID]
    return Totals(
        assessed=Money.sum(one.assessed for one in plans),
        credited=Money.sum(one.credited for one in plans),
        late_fees=Money.sum(one.late_fee for one in plans),
        paid=Money.sum(one.received for one in paid),
        overpaid=Money.sum(one.received - one.amount for one in paid),
        open=Money.sum(one.open for one in plans),
    )
