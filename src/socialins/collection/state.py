"""Collection (征缴台账): an account's plans of a month and their payments; a fold over events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from socialins.calendar import SHANGHAI
from socialins.collection import events as ev
from socialins.collection.codes import OrderState, PlanState, VoucherState
from socialins.collection.plan import CollectionPlan, PaymentOrder, Voucher
from socialins.values import Money, Month

__all__ = ["EMPTY", "Collection", "evolve", "fold"]


@attrs.frozen(kw_only=True)
class Collection:
    """An account's collection of a month as it stands.

    Arguments:
        account: the account's number (单位编号); empty before it is opened.
        division: the region's code.
        month: the month it collects.
        agreement: whether a tripartite agreement is signed; None where nobody has said.
        credit: the credit balance (待转金余额), as far as it is known here.
        plans: by id, in order; revoked ones stay, marked.
        orders: by id, in order.
        vouchers: by number, in order.
        keys: keys of the commands that were carried out, with their digests.
        version: how many events it is made of.
    """

    account: str = ""
    division: str = ""
    month: Month | None = None
    agreement: bool | None = None
    credit: Money = Money(0)
    plans: Mapping[str, CollectionPlan] = attrs.field(factory=dict, repr=False, hash=False)
    orders: Mapping[str, PaymentOrder] = attrs.field(factory=dict, repr=False, hash=False)
    vouchers: Mapping[str, Voucher] = attrs.field(factory=dict, repr=False, hash=False)
    keys: Mapping[str, str] = attrs.field(factory=dict, repr=False, hash=False)
    version: int = 0

    @property
    def is_opened(self) -> bool:
        """Whether it was opened at all."""
        return self.month is not None

    @property
    def live(self) -> tuple[CollectionPlan, ...]:
        """The plans that were not revoked."""
        return tuple(one for one in self.plans.values() if one.state is not PlanState.REVOKED)

    def orders_of(self, plan: str) -> tuple[PaymentOrder, ...]:
        """The orders of a plan."""
        return tuple(one for one in self.orders.values() if one.plan == plan)

    def invoice_of(self, plan: str) -> PaymentOrder | None:
        """The order by which a plan is invoiced (已开票) and not paid; None if it is not."""
        return next((one for one in self.orders_of(plan) if one.state.is_live), None)


EMPTY = Collection()
"""The state before anything happened."""


def evolve(collection: Collection, event: ev.Event) -> Collection:
    """The state after an event; nothing is checked here, that was for `decide`."""
    return fold((event,), collection)


def fold(history: Iterable[ev.Event], collection: Collection = EMPTY) -> Collection:
    """The state after a history of events.

    Arguments:
        history: the events in order.
        collection: the state before the first of them.
    """
    made = attrs.asdict(collection, recurse=False)
    for name in ("plans", "orders", "vouchers", "keys"):
        made[name] = dict(made[name])
    for event in history:
        _STEPS[type(event)](made, event)
        if event.key:
            made["keys"][event.key] = event.digest
        made["version"] += 1
    return Collection(**made)


def _change(made: dict[str, Any], table: str, id_: str, **changes: Any) -> Any:
    """Change a plan, an order or a voucher; gives what it was before."""
    before = made[table][id_]
    made[table][id_] = attrs.evolve(before, **changes)
    return before


def _opened(made: dict[str, Any], event: ev.CollectionOpened) -> None:
    made.update(account=event.account, division=event.division, month=event.month)


def _agreement(made: dict[str, Any], event: ev.AgreementNoted) -> None:
    made["agreement"] = event.signed


def _credit(made: dict[str, Any], event: ev.CreditNoted) -> None:
    made["credit"] = event.balance


def _planned(made: dict[str, Any], event: ev.Planned) -> None:
    plan = CollectionPlan(
        id=event.plan,
        mode=event.mode,
        role=event.role,
        lines=event.lines,
        back=event.back,
        payable_from=event.payable_from,
        due_on=event.due_on,
        deferral=event.deferral,
    )
    if not plan.due:
        plan = attrs.evolve(plan, state=PlanState.COVERED)
    made["plans"][plan.id] = plan
    made["credit"] += plan.back - plan.credited


def _handed_over(made: dict[str, Any], event: ev.HandedOver) -> None:
    _change(made, "plans", event.plan, state=PlanState.HANDED_OVER)


def _declared(made: dict[str, Any], event: ev.Declared) -> None:
    _change(
        made,
        "plans",
        event.plan,
        state=PlanState.DECLARED,
        declarations=event.number,
        refused_for="",
    )


def _feedback(made: dict[str, Any], event: ev.FeedbackRecorded) -> None:
    state = PlanState.AWAITING_PAYMENT if event.accepted else PlanState.HANDED_OVER
    refused = "" if event.accepted else event.reason or "?"
    _change(made, "plans", event.plan, state=state, refused_for=refused)


def _declaration_voided(made: dict[str, Any], event: ev.DeclarationVoided) -> None:
    _change(made, "plans", event.plan, state=PlanState.VOIDED)


def _order_made(made: dict[str, Any], event: ev.OrderMade) -> None:
    made["orders"][event.order] = PaymentOrder(
        id=event.order,
        plan=event.plan,
        method=event.method,
        parts=event.parts,
        late_fees=event.late_fees,
    )
    _change(made, "plans", event.plan, state=PlanState.PAYING)


def _printed(made: dict[str, Any], event: ev.VoucherPrinted) -> None:
    _change(made, "orders", event.order, voucher=event.voucher, late_fees=event.late_fees)
    if event.supersedes:
        _change(made, "vouchers", event.supersedes, state=VoucherState.SUPERSEDED)
    made["vouchers"][event.voucher] = Voucher(
        number=event.voucher,
        order=event.order,
        amount=event.amount,
        printed_on=event.at.astimezone(SHANGHAI).date(),
        deadline=event.deadline,
    )


def _copied(made: dict[str, Any], event: ev.VoucherCopied) -> None:
    copies = made["vouchers"][event.voucher].copies
    _change(made, "vouchers", event.voucher, copies=copies + 1)


def _sent(made: dict[str, Any], event: ev.DeductionSent) -> None:
    _change(
        made,
        "orders",
        event.order,
        state=OrderState.DEDUCTING,
        attempts=event.attempt,
        sent_on=event.at.astimezone(SHANGHAI).date(),
        late_fees=event.late_fees,
        failed_for="",
    )


def _failed(made: dict[str, Any], event: ev.DeductionFailed) -> None:
    failed = event.reason or "?"
    _change(made, "orders", event.order, state=OrderState.MADE, failed_for=failed)


def _locked(made: dict[str, Any], event: ev.OrderLocked) -> None:
    order = _change(made, "orders", event.order, state=OrderState.LOCKED)
    _change(made, "plans", order.plan, state=PlanState.LOCKED)


def _cleared(made: dict[str, Any], event: ev.LockCleared) -> None:
    order = _change(made, "orders", event.order, state=OrderState.MADE)
    _change(made, "plans", order.plan, state=PlanState.PAYING)


def _paid(made: dict[str, Any], event: ev.OrderPaid) -> None:
    order: PaymentOrder = _change(
        made,
        "orders",
        event.order,
        state=OrderState.PAID,
        paid_on=event.paid_on,
        credited_on=event.credited_on,
        received=event.amount,
    )
    if order.voucher:
        _change(made, "vouchers", order.voucher, state=VoucherState.PAID)
    plan: CollectionPlan = made["plans"][order.plan]
    paid = list(plan.paid)
    for part in order.parts:
        paid[part.line] += part.amount
    all_paid = Money.sum(paid) == plan.due
    _change(
        made,
        "plans",
        plan.id,
        state=PlanState.PAID if all_paid else PlanState.AWAITING_PAYMENT,
        paid=tuple(paid),
        late_fees=(*plan.late_fees, *order.late_fees),
    )
    made["credit"] += event.overpaid


def _order_voided(made: dict[str, Any], event: ev.OrderVoided) -> None:
    order = _change(made, "orders", event.order, state=OrderState.VOIDED)
    if order.voucher:
        _change(made, "vouchers", order.voucher, state=VoucherState.VOIDED)
    _change(made, "plans", order.plan, state=PlanState.AWAITING_PAYMENT)


def _revoked(made: dict[str, Any], event: ev.PlanRevoked) -> None:
    plan = _change(made, "plans", event.plan, state=PlanState.REVOKED)
    made["credit"] += plan.credited - plan.back


def _refunded(made: dict[str, Any], event: ev.Refunded) -> None:
    made["credit"] -= event.amount


_STEPS: dict[type[ev.Event], Callable[[dict[str, Any], Any], None]] = {
    ev.CollectionOpened: _opened,
    ev.AgreementNoted: _agreement,
    ev.CreditNoted: _credit,
    ev.Planned: _planned,
    ev.HandedOver: _handed_over,
    ev.Declared: _declared,
    ev.FeedbackRecorded: _feedback,
    ev.DeclarationVoided: _declaration_voided,
    ev.OrderMade: _order_made,
    ev.VoucherPrinted: _printed,
    ev.VoucherCopied: _copied,
    ev.DeductionSent: _sent,
    ev.DeductionFailed: _failed,
    ev.OrderLocked: _locked,
    ev.LockCleared: _cleared,
    ev.OrderPaid: _paid,
    ev.OrderVoided: _order_voided,
    ev.PlanRevoked: _revoked,
    ev.Refunded: _refunded,
}
