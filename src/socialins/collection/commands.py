"""Commands: what somebody wants to happen. `decide` says whether it does.

None has a password: that the payer confirms with one is between the payer and the client.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from socialins.collection.codes import (
    CollectionMode,
    DeductionOutcome,
    PayMethod,
    PrintedFrom,
    Role,
)
from socialins.collection.lines import Owed
from socialins.deciding import Command, named, of_these_times
from socialins.rules import RuleClass
from socialins.values import Money, Month, as_month

__all__ = [
    "ClearLock",
    "Command",
    "Declare",
    "Deduct",
    "HandOver",
    "MakeOrder",
    "MakePlan",
    "NoteAgreement",
    "NoteCredit",
    "OpenCollection",
    "PrintVoucher",
    "RecordDeduction",
    "RecordFeedback",
    "RecordPayment",
    "RecordRefund",
    "Reprint",
    "Revoke",
    "VoidDeclaration",
    "VoidOrder",
]


def _lines(lines: Iterable[Owed]) -> tuple[Owed, ...]:
    return tuple(lines)


def _mode(mode: str | None) -> CollectionMode | None:
    return None if mode is None else CollectionMode(mode)


def _role(role: str) -> Role:
    return Role(role)


def _method(method: str) -> PayMethod:
    return PayMethod(method)


def _outcome(outcome: str) -> DeductionOutcome:
    return DeductionOutcome(outcome)


def _origin(origin: str) -> PrintedFrom:
    return PrintedFrom(origin)


def _ids(ids: str | Iterable[str]) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else tuple(ids)


def _not_negative(_instance: object, attribute: attrs.Attribute[Money], amount: Money) -> None:
    if amount.fen < 0:
        raise ValueError(f"{attribute.name!r} can't be negative; it is {amount}")


@attrs.frozen(kw_only=True)
class OpenCollection(Command):
    """Begin the collection of an account's month."""

    account: str = attrs.field(validator=named)
    division: str
    month: Month = attrs.field(converter=as_month, validator=of_these_times)


@attrs.frozen(kw_only=True)
class NoteAgreement(Command):
    """Note whether a tripartite agreement (三方协议) is signed."""

    signed: bool


@attrs.frozen(kw_only=True)
class NoteCredit(Command):
    """Note the credit balance (待转金余额) that the agency shows."""

    balance: Money = attrs.field(validator=_not_negative)


@attrs.frozen(kw_only=True)
class MakePlan(Command):
    """Make a plan from an assessment; `plan_of` makes one from a bill.

    Arguments:
        plan: a new id within the account's month.
        lines: what is owed.
        mode: in which way it is collected; left out, as the rules say for its insurances.
        role: for its own staff, or for residents (代收单位).
        back: what comes back by the same assessment; it is credit.
        deferral: the unit was granted the deferral (缓缴) of the region's rules, as one of this
            size, trade and account type; None if it was not.
    """

    plan: str = attrs.field(validator=named)
    lines: tuple[Owed, ...] = attrs.field(
        converter=_lines, repr=lambda lines: f"<{len(lines)} lines>"
    )
    mode: CollectionMode | None = attrs.field(default=None, converter=_mode)
    role: Role = attrs.field(default=Role.EMPLOYER, converter=_role)
    back: Money = attrs.field(default=Money(0), validator=_not_negative)
    deferral: RuleClass | None = None


@attrs.frozen(kw_only=True)
class HandOver(Command):
    """Record that a plan reached the tax side."""

    plan: str


@attrs.frozen(kw_only=True)
class Declare(Command):
    """Tick plans and declare them (勾选并提交申报)."""

    plans: tuple[str, ...] = attrs.field(converter=_ids)


@attrs.frozen(kw_only=True)
class RecordFeedback(Command):
    """Record what the tax side said of a declaration (获取反馈).

    Arguments:
        plan: the plan.
        accepted: whether it was taken.
        reason: why not.
        number: which declaration of the plan it is about; 0 for the last.
    """

    plan: str
    accepted: bool
    reason: str = ""
    number: int = 0


@attrs.frozen(kw_only=True)
class VoidDeclaration(Command):
    """Void a declaration that was accepted and is not being paid (申报作废)."""

    plan: str


@attrs.frozen(kw_only=True)
class MakeOrder(Command):
    """Choose how to pay a plan (立即缴款).

    Arguments:
        order: a new id within the account's month.
        plan: the plan.
        method: by tripartite agreement, or by bank voucher.
        amount: how much of what is open, late fees aside; left out, all of it.
    """

    order: str = attrs.field(validator=named)
    plan: str
    method: PayMethod = attrs.field(converter=_method)
    amount: Money | None = None


@attrs.frozen(kw_only=True)
class PrintVoucher(Command):
    """Print the voucher of an order (打印银行端缴款凭证).

    Arguments:
        order: the order.
        voucher: the number that the client gave it.
        deadline: the last day of payment printed on it; left out, as the rules say.
    """

    order: str
    voucher: str = attrs.field(validator=named)
    deadline: date | None = None


@attrs.frozen(kw_only=True)
class Reprint(Command):
    """Print a voucher again.

    Arguments:
        voucher: the number of the one there is.
        origin: from the payment module, which makes a new one; or from the list of vouchers,
            which prints the old one with its old deadline.
        number: the new one's number.
        deadline: the deadline printed on the new one; left out, as the rules say.
    """

    voucher: str
    origin: PrintedFrom = attrs.field(default=PrintedFrom.PAYMENT, converter=_origin)
    number: str = ""
    deadline: date | None = None


@attrs.frozen(kw_only=True)
class Deduct(Command):
    """Send the deduction of an order by agreement."""

    order: str


@attrs.frozen(kw_only=True)
class RecordDeduction(Command):
    """Record what came of a deduction.

    Arguments:
        order: the order.
        outcome: done, failed, or not known.
        reason: why it failed.
        attempt: which deduction of the order it is about; 0 for the last.
    """

    order: str
    outcome: DeductionOutcome = attrs.field(converter=_outcome)
    reason: str = ""
    attempt: int = 0


@attrs.frozen(kw_only=True)
class ClearLock(Command):
    """Record how the bureau cleared an order that was locked."""

    order: str
    paid: bool


@attrs.frozen(kw_only=True)
class RecordPayment(Command):
    """Record that a voucher was paid at the bank.

    Arguments:
        voucher: its number.
        amount: what was paid; left out, what is printed on it.
        paid_on: the day; left out, the day of the command.
    """

    voucher: str
    amount: Money | None = None
    paid_on: date | None = None


@attrs.frozen(kw_only=True)
class VoidOrder(Command):
    """Void an order and its voucher.

    Arguments:
        order: the order.
        at_bureau: whether the bureau voided it; a printed voucher can be voided there only,
            unless a rule says otherwise.
    """

    order: str
    at_bureau: bool = False


@attrs.frozen(kw_only=True)
class Revoke(Command):
    """Revoke a plan and with it the assessment (撤销核定)."""

    plan: str


@attrs.frozen(kw_only=True)
class RecordRefund(Command):
    """Record that credit was paid out (退费)."""

    amount: Money = attrs.field(validator=_not_negative)
