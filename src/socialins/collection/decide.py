"""Deciding: a command against the state and the region's rules gives events, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from socialins import deciding
from socialins.collection import (
    commands as co,
    declaring,
    events as ev,
    paying,
    planning,
    vouchers,
)
from socialins.collection.case import Case, Outcome
from socialins.collection.rules import CollectionRules
from socialins.collection.state import Collection
from socialins.deciding import Needed, Permit, Refused
from socialins.faults import Fault

__all__ = ["Decision", "decide"]


Decision = deciding.Decision[ev.Event]
"""What comes of a command: events, or why there are none."""


def decide(
    collection: Collection,
    command: co.Command,
    rules: CollectionRules,
    *,
    permit: Permit | None = None,
) -> Decision:
    """Say what comes of a command.

    Arguments:
        collection: the account's month as it stands.
        command: what somebody wants to happen.
        rules: the region's rules.
        permit: says who may do what; without one, everything may be done. Planning and revoking
            need a grant for ``collection.plan``, declaring for ``collection.declare``, paying for
            ``collection.pay``; what bureau and bank did needs none.

    Returns:
        Events to be stored and folded into the state, or the faults for which there are none. The
        same command sent again, known by its key, gives neither.
    """

    def handle(command: co.Command) -> Outcome:
        return _handle(Case(collection, rules), command)

    def needed(command: co.Command) -> Needed | None:
        business = _BUSINESSES.get(type(command))
        if business is None:
            return None
        account = command.account if isinstance(command, co.OpenCollection) else collection.account
        return Needed(account, business)

    return deciding.decided(
        command, collection.keys, deciding.digest_of, handle, permit=permit, needed=needed
    )


def _handle(case: Case, command: co.Command) -> Outcome:
    if not isinstance(command, co.OpenCollection):
        if not case.collection.is_opened:
            raise Refused(Fault("collection.not-opened"))
        if case.collection.division != case.rules.division:
            values = {"division": case.collection.division, "wanted": case.rules.division}
            raise Refused(Fault("collection.other-division", values))
    return _HANDLERS[type(command)](case, command)


_HANDLERS: dict[type[co.Command], Callable[[Case, Any], Outcome]] = {
    co.OpenCollection: planning.open_,
    co.NoteAgreement: planning.note_agreement,
    co.NoteCredit: planning.note_credit,
    co.MakePlan: planning.make_plan,
    co.HandOver: planning.hand_over,
    co.Revoke: planning.revoke,
    co.RecordRefund: planning.refund,
    co.Declare: declaring.declare,
    co.RecordFeedback: declaring.record_feedback,
    co.VoidDeclaration: declaring.void_declaration,
    co.MakeOrder: paying.make_order,
    co.Deduct: paying.deduct,
    co.RecordDeduction: paying.record_deduction,
    co.ClearLock: paying.clear_lock,
    co.PrintVoucher: vouchers.print_voucher,
    co.Reprint: vouchers.reprint,
    co.RecordPayment: vouchers.record_payment,
    co.VoidOrder: vouchers.void_order,
}

_BUSINESSES: dict[type[co.Command], str] = {
    co.OpenCollection: "collection.plan",
    co.MakePlan: "collection.plan",
    co.Revoke: "collection.plan",
    co.Declare: "collection.declare",
    co.VoidDeclaration: "collection.declare",
    co.MakeOrder: "collection.pay",
    co.Deduct: "collection.pay",
    co.PrintVoucher: "collection.pay",
    co.Reprint: "collection.pay",
    co.VoidOrder: "collection.pay",
}
"""What the unit wants, and what it must be allowed to do; the rest bureau and bank did."""
