"""PaymentFact (缴款): that an amount was paid, as far as a certificate needs to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import attrs

from socialins.collection import Collection
from socialins.values import Money, Month, as_month

__all__ = ["PaymentFact", "payments_of"]


@attrs.frozen
class PaymentFact:
    """One payment that went through.

    Arguments:
        order: the number of the payment order or voucher (缴款单号).
        day: the day on which it was paid.
        amount: what was paid; negative for what was given back.
        month: the month that it is for (费款所属期); the month of the day if left out.

    >>> fact = PaymentFact("P-1", date(2026, 11, 15), Money.yuan("1200.50"))
    >>> str(fact.month)
    '2026-11'
    """

    order: str
    day: date
    amount: Money
    month: Month = attrs.field(
        default=attrs.Factory(lambda self: Month.of(self.day), takes_self=True),
        converter=as_month,
    )


def payments_of(collection: Collection) -> Iterator[PaymentFact]:
    """The payments in an account's collection: for each paid order and month one, late fees in it.

    What was paid too much is credit, and no payment of a month.

    Arguments:
        collection: what was planned and paid in a month.

    >>> from socialins.collection import EMPTY
    >>> list(payments_of(EMPTY))
    []
    """
    for order in collection.orders.values():
        if order.paid_on is None:
            continue
        lines = collection.plans[order.plan].lines
        months: defaultdict[Month, Money] = defaultdict(lambda: Money(0))
        for part in order.parts:
            months[lines[part.line].period] += part.amount
        for fee in order.late_fees:
            months[fee.period] += fee.amount
        for month, amount in sorted(months.items()):
            yield PaymentFact(order.voucher or order.id, order.paid_on, amount, month)
