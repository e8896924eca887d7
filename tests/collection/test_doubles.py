"""Months against both doubles: what was filed, assessed and paid is the same on all sides."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.collection import (
    Cashier,
    Command,
    Declare,
    Deduct,
    MakeOrder,
    NoteAgreement,
    OrderState,
    PlanState,
    PrintVoucher,
    Reprint,
    event_from_plain,
    event_to_plain,
    fold,
    may_plan,
    may_roll_back,
    plan_of,
    totals,
)
from socialins.filing import (
    ApplyAssessment,
    Change,
    CloseMonth,
    DeclarationState,
    Desk,
    Draft,
    Ready,
    Submit,
)
from socialins.testing.bureau import Bureau, Habits
from socialins.testing.middle import middle
from socialins.testing.taxbureau import PayHabits, TaxBureau
from socialins.values import Money, Month

FIRST = Month(2026, 9)
MONTHS = tuple(FIRST + number for number in range(3))
EXPECTED = {
    "collection.due-unknown",
    "collection.deduction-days",
    "collection.stale-feedback",
    "collection.stale-deduction",
    "collection.overpaid",
}
"""What may be said to a unit that does everything right."""
WINDOW = {
    "businesses": ["collection.deduct"],
    "values": [
        {
            "from": "2020-01",
            "intervals": [{"first": {"day": 8}, "last": {"day": 20}}],
            "sources": ["own"],
            "mark": "C",
        }
    ],
}
OVERLAY: dict[str, Any] = {
    "sources": {"own": {"title": "own", "seen": "made up"}},
    "windows": [WINDOW],
}


def somebody(number: int) -> si.InsuredPerson:
    return si.InsuredPerson(f"某{number}", si.IdDocument("passport", f"E{number:08d}"))


class Unit:
    """A specialist who files a month, then pays it, and looks every day what there is to do."""

    def __init__(self, seed: int, habits: PayHabits) -> None:
        self.region = middle()
        self.desk = Desk(self.region.filing())
        self.bureau = Bureau(self.desk.rules, seed=seed, habits=Habits.none())
        self.cashier = Cashier(self.region.collection(OVERLAY))
        self.tax = TaxBureau(seed=seed, habits=habits)
        self.by_agreement = bool(seed % 2)
        self.now = datetime(2026, 8, 12, 10, tzinfo=SHANGHAI)
        self.said: Counter[str] = Counter()
        self.count = 0
        self.roster = si.Roster(
            FIRST - 1,
            [
                si.RosterEntry(somebody(number), si.DeclaredWage(Money(500_000 + number)))
                for number in range(4)
            ],
        )

    def file(self, month: Month) -> None:
        """Somebody joins; the month is closed and assessed."""
        desk, id_ = self.desk, f"D{month}"
        joiner = Change(row="1", person=somebody(month.index), wage=Money(700_000))
        desk.open("A1", month, self.now)
        for step in (
            Draft(at=self.now, declaration=id_, business="staff.add", rows=[joiner]),
            Ready(at=self.now, declaration=id_, heads=1, wages=Money(700_000)),
            Submit(at=self.now, declaration=id_),
        ):
            assert not desk.do(month, step).refused
        self.bureau.receive(month, desk.book(month).declarations[id_], self.now)
        self.now += timedelta(days=20)
        for of, command in self.bureau.answers(self.now):
            desk.do(of, command)
        assert desk.book(month).declarations[id_].state is DeclarationState.PASSED
        closing = CloseMonth(at=self.now, business="month.settle-changed")
        assert not desk.do(month, closing).refused
        found = desk.roster_after(self.roster, month)
        assert not found.faults
        self.roster = found.roster

    def plan(self, month: Month) -> None:
        """A bill becomes a plan, once the month is assessed at just that."""
        bill = self.region.settle(self.roster, month, strict=False)
        assert bill.total.fen
        made = plan_of(bill, "P1", self.now, key=f"{month}:plan")
        codes = {"collection.not-assessed", "collection.other-total"}
        refused = may_plan(self.desk.book(month), bill.total)
        assert refused is not None
        assert refused.code in codes
        self.desk.do(month, ApplyAssessment(at=self.now, total=bill.total))
        assert may_plan(self.desk.book(month), bill.total) is None
        wrong = may_plan(self.desk.book(month), bill.total + Money(1))
        assert wrong is not None
        assert wrong.code in codes
        assert not self.cashier.open("A1", month, self.now).refused
        assert may_roll_back(self.cashier.collection(month)) is None
        self.do(month, made)
        self.do(month, NoteAgreement(at=self.now, signed=self.by_agreement))
        assert may_roll_back(self.cashier.collection(month)) is not None

    def do(self, month: Month, command: Command) -> None:
        found = self.cashier.do(month, command)
        self.said.update(fault.code for fault in found.faults)

    def number(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def look(self, month: Month) -> None:
        """What there is to do for a month's plan today."""
        state = self.cashier.collection(month)
        plan = state.plans["P1"]
        order = state.invoice_of("P1")
        if plan.state in (PlanState.PLANNED, PlanState.HANDED_OVER):
            self.do(month, Declare(at=self.now, plans="P1"))
            self.tax.declare(self.cashier.collection(month), "P1", self.now)
        elif plan.state is PlanState.DECLARED:
            self.tax.declare(state, "P1", self.now)
        elif plan.state is PlanState.AWAITING_PAYMENT:
            late = self.now.day > 20
            method = "agreement" if self.by_agreement and not late else "voucher"
            made = MakeOrder(at=self.now, order=self.number("O"), plan="P1", method=method)
            self.do(month, made)
        elif order is not None and order.state is OrderState.LOCKED:
            self.tax.look_into(state, order.id, self.now)
        elif order is not None and order.method == "agreement":
            self.deduct(month, order.id)
        elif order is not None:
            self.pay(month, order.id, order.voucher)

    def deduct(self, month: Month, order: str) -> None:
        state = self.cashier.collection(month)
        if state.orders[order].state is OrderState.MADE:
            if self.now.day > 20 and self.tax.void(state, order, self.now):
                return
            self.do(month, Deduct(at=self.now, order=order))
            state = self.cashier.collection(month)
        if state.orders[order].state is OrderState.DEDUCTING:
            self.tax.deduct(state, order, self.now)

    def pay(self, month: Month, order: str, voucher: str) -> None:
        state = self.cashier.collection(month)
        today = self.now.date()
        if not voucher:
            self.do(month, PrintVoucher(at=self.now, order=order, voucher=self.number("V")))
        elif not self.tax.is_paid(state, order) and state.vouchers[voucher].is_expired(today):
            assert not self.tax.pay(state, voucher, self.now)
            self.do(month, Reprint(at=self.now, voucher=voucher, number=self.number("V")))
        elif int(voucher[1:]) % 3 or self.tax.is_paid(state, order):
            self.tax.pay(state, voucher, self.now)
        # Else it lies about until it has expired.


@pytest.mark.parametrize("habits", [PayHabits(), PayHabits.none()], ids=["real", "perfect"])
@pytest.mark.parametrize("seed", range(12))
def test_every_month_is_paid_once_and_both_ledgers_agree(seed: int, habits: PayHabits) -> None:
    unit = Unit(seed, habits)
    for month in MONTHS:
        unit.now = datetime(*(month - 1).first_day.timetuple()[:2], 12, 10, tzinfo=SHANGHAI)
        unit.file(month)
        unit.plan(month)
    for _ in range(200):
        unit.now += timedelta(days=1)
        for month in MONTHS:
            unit.look(month)
        for month, command in unit.tax.answers(unit.now + timedelta(hours=2)):
            unit.do(month, command)
        if all(totals(unit.cashier.collection(month)).is_settled for month in MONTHS):
            break
    for month in MONTHS:
        state = unit.cashier.collection(month)
        sums = totals(state)
        assert sums.is_settled
        assert sums.agrees
        assert sums.paid == unit.tax.received("A1", month)
        assert sums.assessed == unit.desk.book(month).assessed
        assert all(one.plan == "P1" for one in state.orders.values())
        history = [
            event_from_plain(json.loads(json.dumps(event_to_plain(event))))
            for event in unit.cashier.history(month)
        ]
        assert fold(history) == state
    assert unit.said.keys() <= EXPECTED
    if habits == PayHabits.none():
        assert not {"collection.stale-feedback", "collection.overpaid"} & unit.said.keys()


def test_the_double_answers_nothing_that_was_not_asked() -> None:
    unit = Unit(1, PayHabits.none())
    unit.cashier.open("A1", FIRST, unit.now)
    with pytest.raises(KeyError):
        unit.tax.declare(unit.cashier.collection(FIRST), "P1", unit.now)
    unit.file(FIRST)
    bill = unit.region.settle(unit.roster, FIRST, strict=False)
    unit.do(FIRST, plan_of(bill, "P1", unit.now))
    with pytest.raises(ValueError, match="was not declared"):
        unit.tax.declare(unit.cashier.collection(FIRST), "P1", unit.now)


def test_chance_repeats_itself() -> None:
    told = []
    for _ in range(2):
        unit = Unit(5, PayHabits())
        unit.file(FIRST)
        unit.plan(FIRST)
        for _day in range(40):
            unit.now += timedelta(days=1)
            unit.look(FIRST)
            for month, command in unit.tax.answers(unit.now):
                unit.do(month, command)
        told.append(unit.cashier.history(FIRST))
    assert told[0] == told[1]
