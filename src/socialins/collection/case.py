"""Case: what the deciding functions ask of a collection and its rules, and how they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import attrs

from socialins.calendar import SHANGHAI
from socialins.collection import events as ev
from socialins.collection.codes import OrderState, PlanState
from socialins.collection.plan import CollectionPlan, PaymentOrder, Voucher
from socialins.collection.rules import CollectionRules
from socialins.collection.state import Collection
from socialins.deciding import Refused, Values
from socialins.faults import Fault, Text
from socialins.model.codes import Code
from socialins.values import Month

__all__ = ["Case", "Outcome", "day_in_china", "moment_in_china"]

Outcome = tuple[Iterable[ev.Event], Iterable[Fault]]
"""Events that happen, and warnings about them."""


@attrs.frozen
class Case:
    """A command's surroundings.

    Arguments:
        collection: the account's month.
        rules: the region's rules.
    """

    collection: Collection
    rules: CollectionRules

    @property
    def month(self) -> Month:
        """The month that is collected."""
        assert self.collection.month is not None  # noqa: S101  # decide() refuses an unopened one
        return self.collection.month

    def plan(self, id_: str, *states: PlanState) -> CollectionPlan:
        """A plan that stands in one of these states, or the fault that it does not.

        What is locked is refused whatever is wanted, unless it is wanted locked.
        """
        found = self.collection.plans.get(id_)
        if found is None:
            raise Refused(Fault("collection.no-such-plan", {"plan": id_}))
        if found.state is PlanState.LOCKED and PlanState.LOCKED not in states:
            raise Refused(Fault("collection.locked", {"order": self._locking(id_)}))
        if states and found.state not in states:
            values: Values = {"plan": id_, "state": found.state.text, "wanted": _joined(states)}
            raise Refused(Fault("collection.wrong-state", values))
        return found

    def order(self, id_: str, *states: OrderState) -> PaymentOrder:
        """An order that stands in one of these states, or the fault that it does not."""
        found = self.collection.orders.get(id_)
        if found is None:
            raise Refused(Fault("collection.no-such-order", {"order": id_}))
        if found.state is OrderState.LOCKED and OrderState.LOCKED not in states:
            raise Refused(Fault("collection.locked", {"order": id_}))
        if states and found.state not in states:
            values: Values = {"order": id_, "state": found.state.text, "wanted": _joined(states)}
            raise Refused(Fault("collection.order-state", values))
        return found

    def voucher(self, number: str) -> Voucher:
        """A voucher, or the fault that there is none."""
        found = self.collection.vouchers.get(number)
        if found is None:
            raise Refused(Fault("collection.no-such-voucher", {"voucher": number}))
        return found

    def _locking(self, plan: str) -> str:
        order = self.collection.invoice_of(plan)
        return "" if order is None else order.id


def day_in_china(moment: datetime) -> date:
    """The day of a moment by the bureaus' clocks."""
    return moment.astimezone(SHANGHAI).date()


def moment_in_china(moment: datetime) -> str:
    """A moment by the bureaus' clocks, for people."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _joined(states: Iterable[Code]) -> Text:
    listed = tuple(states)
    zh = "、".join(state.title("zh") for state in listed)
    return Text(zh, " / ".join(state.title("en") for state in listed))
