"""Events: what happened to an account's collection of a month, in order.

State is a fold over these. Amounts, days and deadlines are in the event, since the rules that gave
them may be corrected one day. No event has a password: the client asks for it, and nothing here
ever sees one.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from socialins.collection.codes import CollectionMode, PayMethod, Role
from socialins.collection.lines import Owed, Part, PlanLine
from socialins.deciding import Event
from socialins.rules import RuleClass
from socialins.values import Money, Month

__all__ = [
    "AgreementNoted",
    "CollectionOpened",
    "CreditNoted",
    "DeclarationVoided",
    "Declared",
    "DeductionFailed",
    "DeductionSent",
    "Event",
    "FeedbackRecorded",
    "HandedOver",
    "LockCleared",
    "OrderLocked",
    "OrderMade",
    "OrderPaid",
    "OrderVoided",
    "PlanRevoked",
    "Planned",
    "Refunded",
    "VoucherCopied",
    "VoucherPrinted",
]


@attrs.frozen(kw_only=True)
class CollectionOpened(Event):
    """The collection of an account's month began."""

    account: str
    division: str
    month: Month


@attrs.frozen(kw_only=True)
class AgreementNoted(Event):
    """Whether the unit, its bank and the tax bureau have signed an agreement (三方协议)."""

    signed: bool


@attrs.frozen(kw_only=True)
class CreditNoted(Event):
    """The agency's balance of what was paid too much (待转金余额)."""

    balance: Money


@attrs.frozen(kw_only=True)
class Planned(Event):
    """A plan was made.

    Arguments:
        plan: its id.
        mode: in which way it is collected.
        role: for its own staff, or for residents.
        lines: the amounts, with what credit paid of each.
        back: what came back by the same assessment.
        payable_from: the first moment it can be declared; None where that is not known.
        due_on: the last day of payment; None where that is not known.
        deferral: as what unit it was granted the deferral of the rules; None if it was not.
    """

    plan: str
    mode: CollectionMode
    role: Role
    lines: tuple[PlanLine, ...] = attrs.field(repr=lambda lines: f"<{len(lines)} lines>")
    back: Money = Money(0)
    payable_from: datetime | None = None
    due_on: date | None = None
    deferral: RuleClass | None = None


@attrs.frozen(kw_only=True)
class HandedOver(Event):
    """A plan reached the tax side."""

    plan: str


@attrs.frozen(kw_only=True)
class Declared(Event):
    """A plan was declared; `number` counts its declarations."""

    plan: str
    number: int


@attrs.frozen(kw_only=True)
class FeedbackRecorded(Event):
    """The tax side took a declaration, or refused it."""

    plan: str
    number: int
    accepted: bool
    reason: str = ""


@attrs.frozen(kw_only=True)
class DeclarationVoided(Event):
    """An accepted declaration was voided (申报作废)."""

    plan: str


@attrs.frozen(kw_only=True)
class OrderMade(Event):
    """The unit chose how to pay a plan; from now on it counts as invoiced (已开票)."""

    order: str
    plan: str
    method: PayMethod
    parts: tuple[Part, ...]
    late_fees: tuple[Owed, ...] = ()


@attrs.frozen(kw_only=True)
class VoucherPrinted(Event):
    """A voucher was printed from the payment module.

    Arguments:
        order: the order it pays.
        voucher: its number.
        amount: what is printed on it.
        deadline: the last day on which it can be paid; None where that is not known.
        supersedes: the voucher whose place it takes; empty for the first.
        late_fees: the late fees in it, as of the day.
    """

    order: str
    voucher: str
    amount: Money
    deadline: date | None = None
    supersedes: str = ""
    late_fees: tuple[Owed, ...] = ()


@attrs.frozen(kw_only=True)
class VoucherCopied(Event):
    """A voucher was printed again from the list, with its old deadline."""

    voucher: str


@attrs.frozen(kw_only=True)
class DeductionSent(Event):
    """A deduction by agreement was sent."""

    order: str
    attempt: int
    late_fees: tuple[Owed, ...] = ()


@attrs.frozen(kw_only=True)
class DeductionFailed(Event):
    """A deduction failed; the order is still to be paid."""

    order: str
    attempt: int
    reason: str = ""


@attrs.frozen(kw_only=True)
class OrderLocked(Event):
    """What became of a deduction is not known; the order waits for the bureau."""

    order: str
    attempt: int


@attrs.frozen(kw_only=True)
class LockCleared(Event):
    """The bureau cleared a lock: it was paid (`OrderPaid` follows), or it was not."""

    order: str
    paid: bool


@attrs.frozen(kw_only=True)
class OrderPaid(Event):
    """An order was paid.

    Arguments:
        order: its id.
        amount: what was received.
        paid_on: the day.
        credited_on: the day on which it shows on the account; None where that is not known.
        overpaid: what was too much; it is credit now.
    """

    order: str
    amount: Money
    paid_on: date
    credited_on: date | None = None
    overpaid: Money = Money(0)


@attrs.frozen(kw_only=True)
class OrderVoided(Event):
    """An order was voided, and its voucher with it (票证作废)."""

    order: str


@attrs.frozen(kw_only=True)
class PlanRevoked(Event):
    """A plan was revoked (撤销); the credit it used is there again."""

    plan: str


@attrs.frozen(kw_only=True)
class Refunded(Event):
    """Credit was paid out (退费)."""

    amount: Money
