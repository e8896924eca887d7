"""Whatever is wanted in whatever order: what is paid is what was assessed, once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from socialins.calendar import SHANGHAI
from socialins.collection import (
    EMPTY,
    Cashier,
    Collection,
    CollectionMode,
    Decision,
    DeductionOutcome,
    OrderState,
    Owed,
    PayMethod,
    PlanState,
    PrintedFrom,
    Role,
    VoucherState,
    commands as co,
    event_from_plain,
    event_to_plain,
    events as ev,
    evolve,
    fold,
    may_roll_back,
    totals,
)
from socialins.model.codes import Kind, Payer
from socialins.testing.middle import middle
from socialins.values import Money, Month

MONTH = Month(2026, 11)
INSURANCES = ("pension", "medical", "unemployment", "injury")
FINISHED = (OrderState.PAID, OrderState.VOIDED)


def overlay(**collection: Any) -> dict[str, Any]:
    """Days and ways of collecting, laid over the fictional region."""

    def window(business: str, first: int, last: int) -> dict[str, Any]:
        interval = {"first": {"day": first}, "last": {"day": last}}
        value = {"from": "2020-01", "intervals": [interval], "sources": ["own"], "mark": "C"}
        return {"businesses": [business], "values": [value]}

    return {
        "sources": {"own": {"title": "own", "seen": "made up"}},
        "windows": [window("collection.declare", 1, 20), window("collection.deduct", 11, 22)],
        "collection": collection,
    }


lines = st.lists(
    st.builds(
        Owed,
        insurance=st.sampled_from(INSURANCES),
        payer=st.sampled_from(Payer),
        period=st.sampled_from([MONTH, MONTH, MONTH - 1, MONTH - 3]),
        kind=st.sampled_from(
            [Kind.REGULAR, Kind.REGULAR, Kind.BACKPAY, Kind.DIFFERENCE, Kind.LATE_FEE]
        ),
        amount=st.integers(0, 1_000_000).map(Money),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.key,
)
picks = st.integers(0, 5)
some_fen = st.sampled_from([0, 0, 1, 100, 100_000, 5_000_000]).map(Money)


def bare(collection: Collection) -> Collection:
    """A state without what counts commands."""
    return attrs.evolve(collection, version=0, keys={})


class Collecting(RuleBasedStateMachine):
    """A month of an account, with whatever commands come, beside a reckoning of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 11, 9, tzinfo=SHANGHAI)
        self.count = 0
        self.received: dict[str, Money] = {}
        self.credit = 0
        self.voided: set[str] = set()

    @initialize(
        handover=st.sampled_from(["daily-midnight", "at-once"]),
        part=st.booleans(),
        void=st.sampled_from(["bureau", "unit"]),
        days=st.sampled_from([0, 3]),
    )
    def open(self, handover: str, part: bool, void: str, days: int) -> None:
        table = overlay(handover=handover, part_payment=part, void_voucher=void, voucher_days=days)
        self.cashier = Cashier(middle().collection(table))
        assert not self.cashier.open("A1", MONTH, self.now).refused
        self.want(co.NoteAgreement, signed=True)

    @property
    def state(self) -> Collection:
        return self.cashier.collection(MONTH)

    def want(self, command: type[co.Command], **said: Any) -> Decision:
        """Carry out a command, and send it again; check what must hold of any."""
        self.count += 1
        made = command(at=self.now, by="经办人", key=f"k{self.count}", **said)
        before = self.state
        found = self.cashier.do(MONTH, made)
        after = self.state
        if found.refused or not found.events:
            assert not found.events
            assert after == before
            return found
        later = attrs.evolve(made, at=self.now + timedelta(days=1))
        assert self.cashier.do(MONTH, later) == Decision(), "sent again, it happens once"
        again = self.cashier.do(MONTH, attrs.evolve(later, by="别人"))
        assert [fault.code for fault in again.faults] == ["command.key-reused"]
        assert self.state == after
        for event in found.events:
            text = json.dumps(event_to_plain(event), ensure_ascii=False)
            assert event_from_plain(json.loads(text)) == event
            self.must_be_allowed(before, event)
            self.reckon(before, event)
        return found

    def must_be_allowed(self, before: Collection, event: ev.Event) -> None:
        """Nothing happens to what is locked; nothing invoiced or paid is revoked."""
        order = before.orders.get(getattr(event, "order", ""))
        plan = before.plans.get(order.plan if order else getattr(event, "plan", ""))
        cleared = isinstance(event, ev.LockCleared | ev.OrderPaid)
        if plan is not None and plan.state is PlanState.LOCKED:
            assert cleared, "what is locked waits for the bureau"
        if isinstance(event, ev.PlanRevoked):
            assert plan is not None
            assert all(one.state is OrderState.VOIDED for one in before.orders_of(plan.id))
            assert may_roll_back(before) is not None
        if isinstance(event, ev.OrderPaid) and order is not None:
            assert order.state not in FINISHED
            assert order.voucher not in self.voided
            if order.voucher:
                assert not before.vouchers[order.voucher].is_expired(event.paid_on)
                assert before.vouchers[order.voucher].state is VoucherState.VALID
        if isinstance(event, ev.DeductionSent):
            assert 11 <= event.at.astimezone(SHANGHAI).day <= 22
            assert before.agreement

    def reckon(self, before: Collection, event: ev.Event) -> None:
        """Count money as somebody would who sees the events only."""
        if isinstance(event, ev.OrderPaid):
            assert event.order not in self.received, "paid twice"
            self.received[event.order] = event.amount
            self.credit += event.overpaid.fen
        elif isinstance(event, ev.CreditNoted):
            self.credit = event.balance.fen
        elif isinstance(event, ev.Planned):
            self.credit += event.back.fen - sum(one.credited.fen for one in event.lines)
            assert all(0 <= one.credited.fen <= one.amount.fen for one in event.lines)
        elif isinstance(event, ev.PlanRevoked):
            gone = before.plans[event.plan]
            self.credit += sum(one.credited.fen for one in gone.lines) - gone.back.fen
        elif isinstance(event, ev.Refunded):
            self.credit -= event.amount.fen
        elif isinstance(event, ev.OrderVoided):
            self.voided |= {
                one.number for one in before.vouchers.values() if one.order == event.order
            }
        elif isinstance(event, ev.VoucherPrinted) and event.supersedes:
            self.voided.add(event.supersedes)

    def plan(self, number: int, *states: PlanState) -> str:
        """Mostly a plan that stands so; sometimes any, or none that exists."""
        fitting = [one.id for one in self.state.plans.values() if one.state in states]
        choices = fitting if fitting and number < 5 else list(self.state.plans)
        return choices[number % len(choices)] if choices else "P0"

    def order(self, number: int, *states: OrderState) -> str:
        fitting = [one.id for one in self.state.orders.values() if one.state in states]
        choices = fitting if fitting and number < 5 else list(self.state.orders)
        return choices[number % len(choices)] if choices else "O0"

    def voucher(self, number: int) -> str:
        known = list(self.state.vouchers)
        return known[-1 - number % len(known)] if known else "V0"

    @rule(hours=st.sampled_from([0, 1, 5, 24, 24, 24 * 3, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(signed=st.booleans())
    def note_agreement(self, signed: bool) -> None:
        self.want(co.NoteAgreement, signed=signed)

    @rule(balance=some_fen)
    def note_credit(self, balance: Money) -> None:
        self.want(co.NoteCredit, balance=balance)

    @rule(amount=some_fen)
    def refund(self, amount: Money) -> None:
        self.want(co.RecordRefund, amount=amount)

    @rule(lines=lines, back=some_fen, role=st.sampled_from([*[Role.EMPLOYER] * 4, Role.AGENT]))
    def make_plan(self, lines: list[Owed], back: Money, role: Role) -> None:
        mode = None if role is Role.EMPLOYER else CollectionMode.SELF_DECLARED
        said = {"lines": lines, "back": back, "role": role, "mode": mode}
        self.want(co.MakePlan, plan=f"P{self.count + 1}", **said)

    @rule(
        lines=lines,
        partly=st.sampled_from([False, False, True]),
        voucher=st.booleans(),
        outcome=st.sampled_from([None, *DeductionOutcome]),
        cleared=st.sampled_from([None, True, False]),
    )
    def pay_a_plan(
        self,
        lines: list[Owed],
        partly: bool,
        voucher: bool,
        outcome: DeductionOutcome | None,
        cleared: bool | None,
    ) -> None:
        """A plan that goes as far as the rules let it."""
        plan = f"P{self.count + 1}"
        if self.want(co.MakePlan, plan=plan, lines=lines, mode="self-declared").refused:
            return
        if self.want(co.Declare, plans=plan).refused:
            return
        self.want(co.RecordFeedback, plan=plan, accepted=True)
        order, method = f"O{self.count + 1}", "voucher" if voucher else "agreement"
        amount = Money(max(1, self.state.plans[plan].open.fen // 3)) if partly else None
        if self.want(co.MakeOrder, order=order, plan=plan, method=method, amount=amount).refused:
            return
        if voucher:
            number = f"V{self.count + 1}"
            assert not self.want(co.PrintVoucher, order=order, voucher=number).refused
            if outcome is DeductionOutcome.DONE:
                assert not self.want(co.RecordPayment, voucher=number).refused
        elif not self.want(co.Deduct, order=order).refused and outcome is not None:
            assert not self.want(co.RecordDeduction, order=order, outcome=outcome).refused
            if outcome is DeductionOutcome.UNKNOWN and cleared is not None:
                assert not self.want(co.ClearLock, order=order, paid=cleared).refused

    @precondition(lambda self: self.state.plans)
    @rule(one=picks)
    def hand_over(self, one: int) -> None:
        self.want(co.HandOver, plan=self.plan(one, PlanState.PLANNED))

    @precondition(lambda self: self.state.plans)
    @rule(one=picks)
    def declare(self, one: int) -> None:
        states = (PlanState.PLANNED, PlanState.HANDED_OVER, PlanState.VOIDED)
        self.want(co.Declare, plans=self.plan(one, *states))

    @precondition(lambda self: self.state.plans)
    @rule(one=picks, accepted=st.sampled_from([True, True, False]), number=st.integers(0, 2))
    def feedback(self, one: int, accepted: bool, number: int) -> None:
        plan = self.plan(one, PlanState.DECLARED)
        self.want(co.RecordFeedback, plan=plan, accepted=accepted, number=number)

    @precondition(lambda self: self.state.plans)
    @rule(one=picks)
    def void_declaration(self, one: int) -> None:
        self.want(co.VoidDeclaration, plan=self.plan(one, PlanState.AWAITING_PAYMENT))

    @precondition(lambda self: self.state.plans)
    @rule(one=picks, method=st.sampled_from(PayMethod), amount=st.none() | some_fen)
    def make_order(self, one: int, method: PayMethod, amount: Money | None) -> None:
        plan = self.plan(one, PlanState.AWAITING_PAYMENT)
        said = {"plan": plan, "method": method, "amount": amount}
        self.want(co.MakeOrder, order=f"O{self.count + 1}", **said)

    @precondition(lambda self: self.state.orders)
    @rule(one=picks, days=st.none() | st.integers(-1, 5))
    def print_voucher(self, one: int, days: int | None) -> None:
        order = self.order(one, OrderState.MADE)
        self.want(
            co.PrintVoucher, order=order, voucher=f"V{self.count + 1}", deadline=self.day(days)
        )

    @precondition(lambda self: self.state.vouchers)
    @rule(one=picks, origin=st.sampled_from(PrintedFrom), days=st.none() | st.integers(-1, 5))
    def reprint(self, one: int, origin: PrintedFrom, days: int | None) -> None:
        said = {"origin": origin, "number": f"V{self.count + 1}", "deadline": self.day(days)}
        self.want(co.Reprint, voucher=self.voucher(one), **said)

    @precondition(lambda self: self.state.vouchers)
    @rule(one=picks, more=st.sampled_from([None, None, 0, 1, -1]), ago=st.integers(-1, 3))
    def bank(self, one: int, more: int | None, ago: int) -> None:
        number = self.voucher(one)
        known = self.state.vouchers.get(number)
        amount = None if more is None or known is None else known.amount + Money(more)
        self.want(co.RecordPayment, voucher=number, amount=amount, paid_on=self.day(-ago))

    @precondition(lambda self: self.state.orders)
    @rule(one=picks)
    def deduct(self, one: int) -> None:
        self.want(co.Deduct, order=self.order(one, OrderState.MADE))

    @precondition(lambda self: self.state.orders)
    @rule(one=picks, outcome=st.sampled_from(DeductionOutcome), attempt=st.integers(0, 2))
    def answer(self, one: int, outcome: DeductionOutcome, attempt: int) -> None:
        order = self.order(one, OrderState.DEDUCTING)
        self.want(co.RecordDeduction, order=order, outcome=outcome, attempt=attempt)

    @precondition(lambda self: self.state.orders)
    @rule(one=picks, paid=st.booleans())
    def clear(self, one: int, paid: bool) -> None:
        self.want(co.ClearLock, order=self.order(one, OrderState.LOCKED), paid=paid)

    @precondition(lambda self: self.state.orders)
    @rule(one=picks, at_bureau=st.booleans())
    def void_order(self, one: int, at_bureau: bool) -> None:
        order = self.order(one, OrderState.MADE)
        self.want(co.VoidOrder, order=order, at_bureau=at_bureau)

    @precondition(lambda self: self.state.plans)
    @rule(one=picks)
    def revoke(self, one: int) -> None:
        states = [one for one in PlanState if one not in (PlanState.REVOKED, PlanState.PAID)]
        self.want(co.Revoke, plan=self.plan(one, *states))

    def day(self, days: int | None) -> date | None:
        if days is None:
            return None
        return (self.now + timedelta(days=days)).astimezone(SHANGHAI).date()

    @invariant()
    def what_is_paid_is_what_was_assessed(self) -> None:
        if not hasattr(self, "cashier"):
            return
        state = self.state
        sums = totals(state)
        assert sums.agrees
        assert sums.paid == Money.sum(self.received.values())
        assert state.credit.fen == self.credit >= 0
        for plan in state.plans.values():
            paid = [self.received[one.id] for one in state.orders_of(plan.id) if one.paid_on]
            over = [one.received - one.amount for one in state.orders_of(plan.id) if one.paid_on]
            assert all(fen.fen >= 0 for fen in (*over, plan.open))
            got = Money.sum(paid) - Money.sum(over)
            if plan.state is not PlanState.REVOKED:
                assert got == plan.assessed - plan.credited + plan.late_fee - plan.open
            live = [one for one in state.orders_of(plan.id) if one.state.is_live]
            assert len(live) == (plan.state in (PlanState.PAYING, PlanState.LOCKED))
            assert (plan.state is PlanState.PAID) is (bool(plan.due) and not plan.open) or (
                plan.state is PlanState.REVOKED
            )

    @invariant()
    def a_voided_voucher_is_never_paid(self) -> None:
        if hasattr(self, "cashier"):
            for number in self.voided:
                state = self.state.vouchers[number].state
                assert state in (VoucherState.VOIDED, VoucherState.SUPERSEDED)

    @invariant()
    def the_events_make_the_state(self) -> None:
        if not hasattr(self, "cashier"):
            return
        history = self.cashier.history(MONTH)
        made = EMPTY
        for event in history:
            made = evolve(made, event)
        assert made == fold(history) == self.state
        assert bare(fold(history[3:], fold(history[:3]))) == bare(self.state)


TestCollecting = Collecting.TestCase
TestCollecting.settings = settings(max_examples=120, stateful_step_count=40)


@given(lines=lines, credit=st.integers(0, 6_000_000), back=st.integers(0, 100_000))
def test_lines_add_up_to_the_fen_whatever_the_credit(
    lines: list[Owed], credit: int, back: int
) -> None:
    cashier = Cashier(middle().collection())
    at = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
    cashier.open("A1", MONTH, at)
    cashier.do(MONTH, co.NoteCredit(at=at, balance=Money(credit)))
    found = cashier.do(MONTH, co.MakePlan(at=at, plan="P", lines=lines, back=Money(back)))
    state = cashier.collection(MONTH)
    if found.refused:
        assert found.faults[0].code == "collection.nothing-owed"
        assert not sum(one.amount.fen for one in lines)
        return
    plan = state.plans["P"]
    # What no rule names is not offset: of the fictional region's rules, differences.
    may = [one for one in plan.lines if one.kind is not Kind.DIFFERENCE]
    assert [one.amount for one in plan.lines] == [one.amount for one in lines]
    assert plan.credited.fen == min(credit + back, sum(one.amount.fen for one in may))
    assert sum(one.due.fen for one in plan.lines) == plan.assessed.fen - plan.credited.fen
    assert state.credit.fen == credit + back - plan.credited.fen
    # The rule's order: back payments first, then regular amounts, then late fees; oldest first.
    order = (Kind.BACKPAY, Kind.REGULAR, Kind.LATE_FEE)
    ranked = sorted(may, key=lambda one: (order.index(one.kind), one.period))
    short = [one for one in ranked if one.due]
    assert all(not one.credited for one in short[1:])
