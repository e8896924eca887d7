"""Deciding how a plan is paid: orders, deductions by agreement, locks and their clearing."""

from __future__ import annotations

from socialins.collection import commands as co, events as ev
from socialins.collection.case import Case, Outcome, day_in_china
from socialins.collection.codes import DeductionOutcome, OrderState, PayMethod, PlanState
from socialins.collection.fees import fees_on
from socialins.collection.lines import Part
from socialins.collection.plan import CollectionPlan, PaymentOrder
from socialins.deciding import Refused, Values
from socialins.faults import Fault
from socialins.values import Money

__all__ = ["clear_lock", "deduct", "make_order", "paid_event", "record_deduction"]


def make_order(case: Case, command: co.MakeOrder) -> Outcome:
    """Choose how to pay a plan, or a part of it."""
    if command.order in case.collection.orders:
        raise Refused(Fault("collection.id-taken", {"id": command.order}))
    plan = case.plan(command.plan, PlanState.AWAITING_PAYMENT)
    if command.method is PayMethod.AGREEMENT:
        _must_be_signed(case)
    amount = plan.open if command.amount is None else command.amount
    if not 0 < amount.fen <= plan.open.fen:
        values = {"amount": f"{amount:,}", "plan": plan.id, "open": f"{plan.open:,}"}
        raise Refused(Fault("collection.amount", values))
    if amount != plan.open and not case.rules.table.part_payment:
        values = {"plan": plan.id, "open": f"{plan.open:,}"}
        raise Refused(Fault("collection.part", values))
    parts = _parts(plan, amount)
    fees, warnings = fees_on(case, plan, parts, day_in_china(command.at))
    event = ev.OrderMade(
        at=command.at,
        order=command.order,
        plan=plan.id,
        method=command.method,
        parts=parts,
        late_fees=fees,
    )
    return (event,), warnings


def _must_be_signed(case: Case) -> None:
    """Refuse what only an agreement allows; it may have ended since the order was made."""
    if not case.collection.agreement:
        unsigned = case.collection.agreement is False
        code = "collection.no-agreement" if unsigned else "collection.agreement-unknown"
        raise Refused(Fault(code, {"account": case.collection.account}))


def _parts(plan: CollectionPlan, amount: Money) -> tuple[Part, ...]:
    """What an amount pays of which line: the oldest month first, then in order."""
    parts = []
    order = sorted(range(len(plan.lines)), key=lambda index: (plan.lines[index].period, index))
    for index in order:
        taken = min(amount, plan.lines[index].due - plan.paid[index])
        if taken:
            parts.append(Part(index, taken))
            amount -= taken
    return tuple(parts)


def deduct(case: Case, command: co.Deduct) -> Outcome:
    """Send a deduction, on a day of deduction; after a failure once more."""
    order = case.order(command.order, OrderState.MADE)
    if order.method is not PayMethod.AGREEMENT:
        values: Values = {"order": order.id, "method": order.method.text}
        raise Refused(Fault("collection.other-method", values))
    _must_be_signed(case)
    plan = case.collection.plans[order.plan]
    warnings: tuple[Fault, ...] = ()
    unknown: dict[str, None] = {}
    for insurance in dict.fromkeys(plan.lines[part.line].insurance for part in order.parts):
        window = case.rules.deduction(insurance, case.month)
        if window is None:
            unknown[insurance] = None
        elif not window.contains(command.at):
            days = {"first": window.opens.date().isoformat(), "last": window.last_day.isoformat()}
            raise Refused(Fault("collection.deduction-days", {"order": order.id, **days}))
    if unknown:
        named = {"order": order.id, "insurances": ", ".join(unknown)}
        warnings = (Fault("collection.deduction-unknown", named),)
    fees, more = fees_on(case, plan, order.parts, day_in_china(command.at))
    event = ev.DeductionSent(
        at=command.at, order=order.id, attempt=order.attempts + 1, late_fees=fees
    )
    return (event,), (*warnings, *more)


def record_deduction(case: Case, command: co.RecordDeduction) -> Outcome:
    """Record what came of a deduction; the same answer may come twice."""
    order = case.order(command.order)
    attempt = command.attempt or order.attempts
    if attempt != order.attempts or not attempt:
        values = {"order": order.id, "attempt": str(attempt), "last": str(order.attempts)}
        raise Refused(Fault("collection.stale-deduction", values))
    if order.state is not OrderState.DEDUCTING:
        return _answered(order, command)
    if command.outcome is DeductionOutcome.FAILED:
        failed = ev.DeductionFailed(
            at=command.at, order=order.id, attempt=attempt, reason=command.reason
        )
        return (failed,), ()
    if command.outcome is DeductionOutcome.UNKNOWN:
        return (ev.OrderLocked(at=command.at, order=order.id, attempt=attempt),), ()
    return (paid_event(case, order, command),), ()


def _answered(order: PaymentOrder, command: co.RecordDeduction) -> Outcome:
    """An answer to a deduction that was answered before: the same changes nothing."""
    before = DeductionOutcome.FAILED if order.failed_for else None
    if order.state is OrderState.PAID:
        before = DeductionOutcome.DONE
    if before is None or command.outcome is not before:
        raise Refused(Fault("collection.answered-otherwise", {"id": order.id}))
    return (), ()


def clear_lock(case: Case, command: co.ClearLock) -> Outcome:
    """Record how the bureau cleared a lock."""
    order = case.order(command.order, OrderState.LOCKED)
    cleared = ev.LockCleared(at=command.at, order=order.id, paid=command.paid)
    if not command.paid:
        return (cleared,), ()
    return (cleared, paid_event(case, order, command)), ()


def paid_event(case: Case, order: PaymentOrder, command: co.Command) -> ev.OrderPaid:
    """An order paid by the deduction that was sent last."""
    return ev.OrderPaid(
        at=command.at,
        order=order.id,
        amount=order.amount,
        paid_on=order.sent_on or day_in_china(command.at),
        credited_on=case.rules.credited_on(case.month),
    )
