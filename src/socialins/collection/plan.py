"""CollectionPlan (征缴计划), PaymentOrder (缴款), Voucher (银行端缴款凭证)."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from socialins.collection.codes import (
    CollectionMode,
    OrderState,
    PayMethod,
    PlanState,
    Role,
    VoucherState,
)
from socialins.collection.lines import Owed, Part, PlanLine
from socialins.rules import RuleClass
from socialins.values import Money

__all__ = ["CollectionPlan", "PaymentOrder", "Voucher"]


@attrs.frozen(kw_only=True)
class CollectionPlan:
    """What goes to the tax side to be declared and paid there.

    Arguments:
        id: its id within the account's month.
        mode: in which way it is collected.
        role: for its own staff, or for residents.
        lines: the amounts, each with what credit paid of it.
        back: what came back by the same assessment, and was added to the credit.
        payable_from: the first moment it can be declared; None where no rule says when it is
            handed over.
        due_on: the last day of payment (缴费期限); None where no rule states it.
        deferral: as what unit it was granted the deferral of the rules; None if it was not.
        state: where it stands.
        declarations: how often it was declared.
        refused_for: why its last declaration was refused; empty if it was not.
        paid: what was paid of each line.
        late_fees: late fees that were paid, as lines of their own.
    """

    id: str
    mode: CollectionMode
    role: Role = Role.EMPLOYER
    lines: tuple[PlanLine, ...] = attrs.field(repr=lambda lines: f"<{len(lines)} lines>")
    back: Money = Money(0)
    payable_from: datetime | None = None
    due_on: date | None = None
    deferral: RuleClass | None = None
    state: PlanState = PlanState.PLANNED
    declarations: int = 0
    refused_for: str = ""
    paid: tuple[Money, ...] = attrs.field(
        default=attrs.Factory(lambda self: (Money(0),) * len(self.lines), takes_self=True),
        repr=False,
    )
    late_fees: tuple[Owed, ...] = ()

    @property
    def assessed(self) -> Money:
        """What was assessed in all."""
        return Money.sum(one.amount for one in self.lines)

    @property
    def credited(self) -> Money:
        """What credit paid of it."""
        return Money.sum(one.credited for one in self.lines)

    @property
    def due(self) -> Money:
        """What is actually to be paid, late fees aside."""
        return Money.sum(one.due for one in self.lines)

    @property
    def paid_of_lines(self) -> Money:
        """What was paid of it, late fees aside."""
        return Money.sum(self.paid)

    @property
    def open(self) -> Money:
        """What is still to be paid, late fees aside; nothing of a revoked plan."""
        if self.state is PlanState.REVOKED:
            return Money(0)
        return self.due - self.paid_of_lines

    @property
    def late_fee(self) -> Money:
        """The late fees that were paid."""
        return Money.sum(one.amount for one in self.late_fees)


@attrs.frozen(kw_only=True)
class PaymentOrder:
    """A payment of a plan, or of a part of it.

    Arguments:
        id: its id within the account's month.
        plan: the plan.
        method: by agreement, or by voucher.
        parts: what it pays of which line.
        late_fees: the late fees on that, as of the day it was made, sent or printed last.
        state: where it stands.
        voucher: the number of its voucher; empty before one is printed, and by agreement.
        attempts: how often a deduction was sent.
        sent_on: the day of the last of these.
        failed_for: why the last one failed; empty if it did not.
        paid_on: the day it was paid.
        credited_on: the day on which that shows on the account; None where no rule says so.
        received: what was paid; more than its amount if too much was.
    """

    id: str
    plan: str
    method: PayMethod
    parts: tuple[Part, ...]
    late_fees: tuple[Owed, ...] = ()
    state: OrderState = OrderState.MADE
    voucher: str = ""
    attempts: int = 0
    sent_on: date | None = None
    failed_for: str = ""
    paid_on: date | None = None
    credited_on: date | None = None
    received: Money = Money(0)

    @property
    def amount(self) -> Money:
        """What is to be paid, late fees included."""
        return Money.sum(one.amount for one in self.parts) + self.late_fee

    @property
    def late_fee(self) -> Money:
        """The late fees in it."""
        return Money.sum(one.amount for one in self.late_fees)


@attrs.frozen(kw_only=True)
class Voucher:
    """A printed voucher, with which the unit pays at its bank.

    Arguments:
        number: its number.
        order: the order it pays.
        amount: what is printed on it.
        printed_on: the day it was printed.
        deadline: the last day on which the bank takes it (限缴日期); None where it is not known.
        state: whether it is still the one.
        copies: how often it was printed again from the list, unchanged.
    """

    number: str
    order: str
    amount: Money
    printed_on: date
    deadline: date | None = None
    state: VoucherState = VoucherState.VALID
    copies: int = 0

    def is_expired(self, day: date) -> bool:
        """Whether the bank no longer takes it on a day."""
        return self.deadline is not None and day > self.deadline
