"""The tax side as a double (税务局与银行): where plans are declared, deducted and paid.

An application that pays can be run against it for months. It answers late, twice, or not at all; it
refuses declarations; deductions fail, or nobody knows what became of them until it is asked; a bank
does not take a voucher after its last day. Everything follows from a seed.

It keeps a ledger of its own of what it received, made from what it did and from nothing that the
unit says, so that the two can be compared.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

import attrs

from socialins.calendar import SHANGHAI
from socialins.collection import (
    ClearLock,
    Collection,
    Command,
    DeductionOutcome,
    OrderState,
    PlanState,
    RecordDeduction,
    RecordFeedback,
    RecordPayment,
    VoidOrder,
    VoucherState,
)
from socialins.values import Money, Month

__all__ = ["PayHabits", "TaxBureau"]


@attrs.frozen(kw_only=True)
class PayHabits:
    """How often something goes wrong; each is a share between 0 and 1.

    Arguments:
        loses: an answer does not arrive.
        late: an answer takes days.
        twice: an answer comes a second time.
        refuses: a declaration is refused.
        fails: a deduction fails, since the balance is short.
        unknown: nobody knows what became of a deduction, until the bureau has looked.
        overpays: somebody pays more at the bank than is printed.
    """

    loses: float = 0.05
    late: float = 0.1
    twice: float = 0.1
    refuses: float = 0.1
    fails: float = 0.2
    unknown: float = 0.1
    overpays: float = 0.05

    @classmethod
    def none(cls) -> PayHabits:
        """A tax bureau, and a bank, with which everything goes well."""
        return cls(loses=0, late=0, twice=0, refuses=0, fails=0, unknown=0, overpays=0)


@attrs.frozen
class _Taken:
    """What became of a deduction, whether or not somebody knows it."""

    amount: Money
    done: bool


class TaxBureau:
    """The tax bureau, and the bank behind it.

    Arguments:
        seed: what everything that is left to chance follows from.
        habits: how often it fails the unit.

    >>> from socialins.collection import Cashier, Declare, MakePlan, Owed
    >>> from socialins.testing.middle import middle
    >>> cashier = Cashier(middle().collection())
    >>> at = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
    >>> _ = cashier.open("A1", "2026-11", at)
    >>> owed = Owed(insurance="pension", period=Month(2026, 11), amount=Money(160_000))
    >>> _ = cashier.do("2026-11", MakePlan(at=at, plan="P1", lines=[owed]))
    >>> at += timedelta(days=1)
    >>> _ = cashier.do("2026-11", Declare(at=at, plans="P1"))
    >>> bureau = TaxBureau(seed=1, habits=PayHabits.none())
    >>> bureau.declare(cashier.collection("2026-11"), "P1", at)
    >>> for month, command in bureau.answers(at + timedelta(days=1)):
    ...     _ = cashier.do(month, command)
    >>> cashier.collection("2026-11").plans["P1"].state.value
    'awaiting-payment'
    """

    def __init__(self, *, seed: int = 0, habits: PayHabits | None = None) -> None:
        self.habits = habits or PayHabits()
        self.chance = Random(seed)  # noqa: S311  # chance that can be repeated is what is wanted
        self._given: dict[tuple[str, Month, str], Command] = {}
        self._sent: list[tuple[datetime, int, Month, Command]] = []
        self._order = count()
        self._taken: dict[tuple[str, Month, str, int], _Taken] = {}
        self._received: dict[tuple[str, Month, str], Money] = {}

    def declare(self, collection: Collection, plan: str, at: datetime) -> None:
        """A declaration arrives, or somebody asks for its feedback again.

        Arguments:
            collection: the account's month, in which it is declared.
            plan: the plan.
            at: the moment.

        Raises:
            ValueError: if it was not declared.
        """
        found = collection.plans[plan]
        if found.state is not PlanState.DECLARED:
            raise ValueError(f"{plan} was not declared, so nothing can arrive")
        key = f"{plan}#{found.declarations}:feedback"
        if not self._again(collection, key, at):
            refused = self._happens(self.habits.refuses)
            told = RecordFeedback(
                at=at,
                by="税务局",
                key=key,
                plan=plan,
                accepted=not refused,
                reason="申报数据与核定不符" if refused else "",
                number=found.declarations,
            )
            self._answer(collection, key, told, at)

    def deduct(self, collection: Collection, order: str, at: datetime) -> None:
        """A deduction arrives at the bank, or somebody asks for its result again.

        Arguments:
            collection: the account's month, in which it is sent.
            order: the order.
            at: the moment.

        Raises:
            ValueError: if it was not sent.
        """
        found = collection.orders[order]
        if found.state is not OrderState.DEDUCTING:
            raise ValueError(f"{order} was not sent, so nothing can be deducted")
        key = f"{order}#{found.attempts}:deduction"
        if self._again(collection, key, at):
            return
        outcome, done = DeductionOutcome.DONE, True
        if self._happens(self.habits.unknown):
            # The money may have gone or not; the bureau finds out when it looks.
            outcome, done = DeductionOutcome.UNKNOWN, self._happens(0.5)
        elif self._happens(self.habits.fails):
            outcome, done = DeductionOutcome.FAILED, False
        account, month = _where(collection)
        self._taken[account, month, order, found.attempts] = _Taken(found.amount, done)
        if done:
            self._receive(collection, order, found.amount)
        told = RecordDeduction(
            at=at,
            by="银行",
            key=key,
            order=order,
            outcome=outcome,
            reason="余额不足" if outcome is DeductionOutcome.FAILED else "",
            attempt=found.attempts,
        )
        self._answer(collection, key, told, at)

    def look_into(self, collection: Collection, order: str, at: datetime) -> None:
        """Somebody asks the bureau to clear a lock; it always finds out, some time later."""
        found = collection.orders[order]
        account, month = _where(collection)
        taken = self._taken.get((account, month, order, found.attempts))
        if found.state is not OrderState.LOCKED or taken is None:
            raise ValueError(f"{order} is not locked, so there is nothing to clear")
        key = f"{order}#{found.attempts}:cleared"
        if not self._again(collection, key, at):
            told = ClearLock(at=at, by="税务局", key=key, order=order, paid=taken.done)
            self._answer(collection, key, told, at)

    def pay(self, collection: Collection, voucher: str, at: datetime) -> bool:
        """Somebody pays a voucher at the bank's counter; whether the bank takes it.

        Arguments:
            collection: the account's month.
            voucher: the voucher's number.
            at: the moment.
        """
        found = collection.vouchers[voucher]
        day = at.astimezone(SHANGHAI).date()
        if found.state is not VoucherState.VALID or found.is_expired(day):
            return False
        key = f"{voucher}:paid"
        account, month = _where(collection)
        if (account, month, found.order) in self._received:
            self._again(collection, key, at)
            return False
        extra = Money(self.chance.randint(1, 100)) if self._happens(self.habits.overpays) else None
        amount = found.amount + (extra or Money(0))
        self._receive(collection, found.order, amount)
        told = RecordPayment(at=at, by="银行", key=key, voucher=voucher, amount=amount, paid_on=day)
        self._answer(collection, key, told, at)
        return True

    def is_paid(self, collection: Collection, order: str) -> bool:
        """Whether the money of an order is there: what the client shows when it is refreshed."""
        account, month = _where(collection)
        return (account, month, order) in self._received

    def void(self, collection: Collection, order: str, at: datetime) -> bool:
        """Somebody asks the bureau to void an order with its voucher; whether it does."""
        found = collection.orders[order]
        account, month = _where(collection)
        if found.state is not OrderState.MADE or (account, month, order) in self._received:
            return False
        key = f"{order}:voided"
        told = VoidOrder(at=at, by="税务局", key=key, order=order, at_bureau=True)
        self._answer(collection, key, told, at, certain=True)
        return True

    def answers(self, until: datetime) -> Iterator[tuple[Month, Command]]:
        """What reaches the unit until a moment, in order, each with its month."""
        while self._sent and self._sent[0][0] <= until:
            at, _, month, command = heapq.heappop(self._sent)
            yield month, attrs.evolve(command, at=at)

    def received(self, account: str, month: Month | str) -> Money:
        """What it received for an account's month, by its own ledger."""
        wanted = account, Month.of(month)
        return Money.sum(
            amount for (*where, _), amount in self._received.items() if tuple(where) == wanted
        )

    # How its answers travel.

    def _receive(self, collection: Collection, order: str, amount: Money) -> None:
        account, month = _where(collection)
        self._received[account, month, order] = amount

    def _again(self, collection: Collection, key: str, at: datetime) -> bool:
        """Give an answer that was given before once more; whether there is one."""
        known = self._given.get((*_where(collection), key))
        if known is not None:
            self._push(collection, known, at + timedelta(minutes=10))
        return known is not None

    def _answer(
        self,
        collection: Collection,
        key: str,
        told: Command,
        at: datetime,
        *,
        certain: bool = False,
    ) -> None:
        self._given[(*_where(collection), key)] = told
        if not certain and self._happens(self.habits.loses):
            return
        wait = timedelta(minutes=self.chance.randint(1, 60))
        if self._happens(self.habits.late):
            wait += timedelta(days=self.chance.randint(1, 3))
        self._push(collection, told, at + wait)
        if self._happens(self.habits.twice):
            self._push(collection, told, at + wait + timedelta(hours=self.chance.randint(1, 48)))

    def _push(self, collection: Collection, told: Command, at: datetime) -> None:
        _, month = _where(collection)
        heapq.heappush(self._sent, (at, next(self._order), month, told))

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share


def _where(collection: Collection) -> tuple[str, Month]:
    if collection.month is None:
        raise ValueError("this collection was never opened")
    return collection.account, collection.month
