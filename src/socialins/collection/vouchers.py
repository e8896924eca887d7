"""Deciding about bank vouchers: printed, printed again, paid, voided."""

from __future__ import annotations

from datetime import date

from socialins.collection import commands as co, events as ev
from socialins.collection.case import Case, Outcome, day_in_china
from socialins.collection.codes import OrderState, PayMethod, PrintedFrom, VoucherState
from socialins.collection.fees import fees_on
from socialins.collection.plan import PaymentOrder, Voucher
from socialins.deciding import Refused, Values
from socialins.faults import Fault
from socialins.rules.collection import VoidPlace
from socialins.values import Money

__all__ = ["print_voucher", "record_payment", "reprint", "void_order"]


def print_voucher(case: Case, command: co.PrintVoucher) -> Outcome:
    """Print an order's first voucher."""
    order = case.order(command.order, OrderState.MADE)
    if order.method is not PayMethod.VOUCHER:
        values: Values = {"order": order.id, "method": order.method.text}
        raise Refused(Fault("collection.other-method", values))
    if order.voucher:
        printed = {"order": order.id, "voucher": order.voucher}
        raise Refused(Fault("collection.printed-before", printed))
    return _printed(case, order, command, command.voucher, command.deadline)


def reprint(case: Case, command: co.Reprint) -> Outcome:
    """Print again: from the payment module anew, from the list with the old deadline."""
    old = case.voucher(command.voucher)
    order = case.order(old.order)
    _must_be_valid(old)
    if command.origin is PrintedFrom.VOUCHER_LIST:
        values = {"voucher": old.number, "deadline": _day(old.deadline)}
        warning = Fault("collection.old-deadline", values)
        return (ev.VoucherCopied(at=command.at, voucher=old.number),), (warning,)
    if not command.number:
        raise Refused(Fault("collection.number-missing", {"voucher": old.number}))
    return _printed(case, order, command, command.number, command.deadline)


def record_payment(case: Case, command: co.RecordPayment) -> Outcome:
    """Record that the bank took a voucher; not one that it can't have taken."""
    voucher = case.voucher(command.voucher)
    today = day_in_china(command.at)
    day = command.paid_on or today
    amount = voucher.amount if command.amount is None else command.amount
    if voucher.state is VoucherState.PAID:
        known = case.collection.orders[voucher.order]
        if (amount, command.paid_on or known.paid_on) == (known.received, known.paid_on):
            return (), ()
        raise Refused(Fault("collection.answered-otherwise", {"id": voucher.number}))
    order = case.order(voucher.order)
    _must_be_valid(voucher)
    if not voucher.printed_on <= day <= today:
        values = {
            "voucher": voucher.number,
            "day": day.isoformat(),
            "first": voucher.printed_on.isoformat(),
            "last": today.isoformat(),
        }
        raise Refused(Fault("collection.payment-day", values))
    if voucher.is_expired(day):
        values = {"voucher": voucher.number, "deadline": _day(voucher.deadline)}
        raise Refused(Fault("collection.voucher-expired", values))
    if amount < voucher.amount:
        values = {"voucher": voucher.number, "amount": f"{voucher.amount:,}"}
        raise Refused(Fault("collection.paid-short", values))
    event = ev.OrderPaid(
        at=command.at,
        order=order.id,
        amount=amount,
        paid_on=day,
        overpaid=amount - voucher.amount,
    )
    if not event.overpaid:
        return (event,), ()
    told = {"voucher": voucher.number, "amount": f"{event.overpaid:,}"}
    return (event,), (Fault("collection.overpaid", told),)


def void_order(case: Case, command: co.VoidOrder) -> Outcome:
    """Void an order that nobody is paying; one whose voucher was printed, at the bureau."""
    order = case.order(command.order)
    if order.state is OrderState.VOIDED:
        return (), ()
    case.order(command.order, OrderState.MADE)
    by_unit = case.rules.table.void_voucher is VoidPlace.UNIT
    if order.voucher and not (by_unit or command.at_bureau):
        raise Refused(Fault("collection.void-at-bureau", {"voucher": order.voucher}))
    return (ev.OrderVoided(at=command.at, order=order.id),), ()


def _printed(
    case: Case, order: PaymentOrder, command: co.Command, number: str, deadline: date | None
) -> Outcome:
    if number in case.collection.vouchers:
        raise Refused(Fault("collection.id-taken", {"id": number}))
    today = day_in_china(command.at)
    if deadline is None:
        deadline = case.rules.deadline(today)
    elif deadline < today:
        values = {"voucher": number, "deadline": deadline.isoformat()}
        raise Refused(Fault("collection.deadline-past", values))
    plan = case.collection.plans[order.plan]
    fees, warnings = fees_on(case, plan, order.parts, today)
    if deadline is None:
        warnings = (*warnings, Fault("collection.deadline-unknown", {"voucher": number}))
    event = ev.VoucherPrinted(
        at=command.at,
        order=order.id,
        voucher=number,
        amount=Money.sum((*(one.amount for one in order.parts), *(one.amount for one in fees))),
        deadline=deadline,
        supersedes=order.voucher,
        late_fees=fees,
    )
    return (event,), warnings


def _must_be_valid(voucher: Voucher) -> None:
    if voucher.state is not VoucherState.VALID:
        values: Values = {"voucher": voucher.number, "state": voucher.state.text}
        raise Refused(Fault("collection.voucher-not-valid", values))


def _day(day: date | None) -> str:
    return "?" if day is None else day.isoformat()
