"""Details of deciding that no single system needs and every one rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from socialins.collection import (
    EMPTY,
    ClearLock,
    CollectionMode,
    Declare,
    Deduct,
    HandOver,
    MakeOrder,
    MakePlan,
    NoteAgreement,
    NoteCredit,
    OpenCollection,
    Owed,
    PayMethod,
    PrintVoucher,
    RecordDeduction,
    RecordFeedback,
    RecordPayment,
    RecordRefund,
    Reprint,
    Revoke,
    VoidDeclaration,
    VoidOrder,
    decide,
    event_from_plain,
    may_plan,
    may_roll_back,
    plan_of,
    totals,
)
from socialins.collection.commands import Command
from socialins.deciding import Needed
from socialins.faults import Fault
from socialins.filing import Desk
from socialins.notices import payments_of
from socialins.rules import RuleClass
from socialins.testing.middle import middle
from socialins.values import Money

Opened = Callable[..., Any]
Lines = Callable[..., Owed]


def overlay(due: int | None = None, **collection: Any) -> dict[str, Any]:
    """A unit's own table, and the last day of payment."""
    made: dict[str, Any] = {"collection": collection}
    if due is not None:
        value = {
            "from": "2020-01",
            "intervals": [{"first": {"day": 1}, "last": {"day": due}}],
            "sources": ["own"],
            "mark": "C",
        }
        made["windows"] = [{"businesses": ["collection.declare"], "values": [value]}]
        made["sources"] = {"own": {"title": "own", "seen": "made up"}}
    return made


def test_a_part_is_paid_only_where_a_rule_allows_it(till: Opened, owed: Lines) -> None:
    lines = owed("100", period="2026-11"), owed("50", "medical", "2026-09")
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.declared("P1", *lines)
    said = {"plan": "P1", "method": "voucher"}
    assert desk.refused(MakeOrder, order="O1", amount=Money(6_000), **said) == "collection.part"
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(part_payment=True))
    desk.declared("P1", *lines)
    for wrong in (0, -1, 15_001):
        amount = Money(wrong)
        assert desk.refused(MakeOrder, order="O1", amount=amount, **said) == "collection.amount"
    desk.done(MakeOrder, order="O1", amount=Money(6_000), **said)
    # The oldest month first.
    parts = desk.collection.orders["O1"].parts
    assert [(part.line, part.amount.fen) for part in parts] == [(1, 5_000), (0, 1_000)]
    desk.done(PrintVoucher, order="O1", voucher="V1")
    desk.done(RecordPayment, voucher="V1")
    assert (desk.state("P1"), str(totals(desk.collection).open)) == ("awaiting-payment", "90.00")
    assert desk.refused(Revoke, plan="P1") == "collection.paid-before"
    assert desk.refused(VoidDeclaration, plan="P1") == "collection.paid-before"
    desk.done(MakeOrder, order="O2", **said)
    desk.done(PrintVoucher, order="O2", voucher="V2")
    desk.done(RecordPayment, voucher="V2")
    assert desk.state("P1") == "paid"
    assert totals(desk.collection).agrees


def test_each_part_bears_the_late_fee_of_its_own_day(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(20, part_payment=True))
    # What the assessment itself has of late fees bears none again.
    desk.declared("P1", owed("10000"), owed("30", kind="late-fee"))
    paid = []
    for order, day, yuan in (("O1", "20", "4000"), ("O2", "21", "2000"), ("O3", "26", None)):
        desk.at(f"2026-11-{day} 10:00")
        amount = None if yuan is None else Money.yuan(yuan)
        desk.done(MakeOrder, order=order, plan="P1", method="voucher", amount=amount)
        desk.done(PrintVoucher, order=order, voucher=order)
        desk.done(RecordPayment, voucher=order)
        paid.append(str(desk.collection.orders[order].late_fee))
    # From the day after the last day to the day before payment: none, none, five days of 4000.
    assert paid == ["0.00", "0.00", "10.00"]
    assert desk.collection.orders["O2"].late_fees == (), "a fee of nothing is no line"
    sums = totals(desk.collection)
    assert (str(sums.late_fees), str(sums.paid)) == ("10.00", "10040.00")
    assert sums.agrees


def test_a_regular_line_is_due_with_its_own_month_and_others_with_the_plan(
    till: Opened, owed: Lines
) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(20, part_payment=True))
    desk.declared(
        "P1", owed("1000", period="2026-10"), owed("1000", period="2026-09", kind="backpay")
    )
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    # October was due on 20 October: 21 October to 2 November are 13 days; the back payment is not
    # due before 20 November.
    fees = desk.collection.orders["O1"].late_fees
    assert [(str(one.period), str(one.amount)) for one in fees] == [("2026-10", "6.50")]
    desk.done(VoidOrder, order="O1")
    desk.at("2026-11-23 10:00").done(MakeOrder, order="O2", plan="P1", method="voucher")
    fees = desk.collection.orders["O2"].late_fees
    assert sorted((str(one.period), str(one.amount)) for one in fees) == [
        ("2026-09", "1.00"),
        ("2026-10", "16.50"),
    ]


def test_a_granted_deferral_puts_the_late_fee_off(till: Opened, owed: Lines) -> None:
    deferrals = {
        "deferrals": [
            {
                "insurances": ["pension"],
                "payer": "unit",
                "who": {"trade": ["catering"]},
                "values": [
                    {
                        "from": "2026-11",
                        "to": "2026-11",
                        "pay_by": "2026-12",
                        "sources": ["own"],
                        "mark": "C",
                    }
                ],
            }
        ]
    }
    found = {}
    for name, deferral in (
        ("granted", RuleClass(trade="catering")),
        ("to another trade", RuleClass(trade="retail")),
        ("not granted", None),
    ):
        desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(20) | deferrals)
        desk.declared("P1", owed("10000"), deferral=deferral)
        fees = []
        for order, day in (("O1", "2026-12-31"), ("O2", "2027-01-03")):
            warned = desk.at(f"{day} 10:00")(
                MakeOrder, order=order, plan="P1", method="voucher"
            ).faults
            fees.append(str(desk.collection.orders[order].late_fee))
            desk.done(VoidOrder, order=order)
        found[name] = (*fees, [fault.code for fault in warned])
    # From 1 January to the day before payment are two days; from 21 November they are 43.
    assert found == {
        "granted": ("0.00", "10.00", []),
        "to another trade": ("200.00", "215.00", ["arrears.deferral-none"]),
        "not granted": ("200.00", "215.00", []),
    }


def test_a_certificate_shows_what_was_paid_for_each_month(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(20, part_payment=True))
    desk.declared(
        "P1",
        owed("1000"),
        owed("600", period="2026-10"),
        owed("50", period="2026-10", kind="backpay"),
    )
    desk.done(MakeOrder, order="O0", plan="P1", method="voucher")
    desk.done(VoidOrder, order="O0")
    desk.at("2026-11-21 10:00").done(MakeOrder, order="O1", plan="P1", method="voucher")
    desk.done(PrintVoucher, order="O1", voucher="V7")
    assert not list(payments_of(desk.collection)), "nothing is paid yet"
    desk.done(RecordPayment, voucher="V7", amount=Money.yuan("2000"))
    # 31 days of 600 for October; what was too much is credit and no month's.
    assert [
        (one.order, str(one.month), str(one.amount)) for one in payments_of(desk.collection)
    ] == [
        ("V7", "2026-10", "659.30"),
        ("V7", "2026-11", "1000.00"),
    ]
    sheet = middle().notices.certificate(payments_of(desk.collection), "2026-10..2026-11")
    told = [value for one in sheet.document.sections for _, value in one.lines]
    assert any("1,659.30" in value for value in told)


def test_late_fees_of_several_parts_are_all_kept(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(20, part_payment=True))
    desk.declared("P1", owed("10000"))
    for order, day, yuan in (("O1", "23", "4000"), ("O2", "25", None)):
        desk.at(f"2026-11-{day} 10:00")
        amount = None if yuan is None else Money.yuan(yuan)
        desk.done(MakeOrder, order=order, plan="P1", method="voucher", amount=amount)
        desk.done(PrintVoucher, order=order, voucher=order)
        desk.done(RecordPayment, voucher=order)
        found = may_roll_back(desk.collection)
        assert found is not None
        assert found.code == "collection.paid-before"
    assert str(totals(desk.collection).late_fees) == "16.00", "4000 for 2 days, 6000 for 4"
    assert totals(desk.collection).agrees


def test_what_residents_pay_late_bears_no_fee_of_employers(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(20))
    desk.declared("P1", owed("380", "resident-medical", payer="person"), role="agent")
    desk.at("2026-12-03 10:00").done(MakeOrder, order="O1", plan="P1", method="voucher")
    assert not desk.collection.orders["O1"].late_fees


def test_a_plan_is_made_of_some_insurances_and_of_no_nothing(
    owed: Lines, moment: Callable[[str], datetime]
) -> None:
    amounts = [owed("100"), owed("50", "medical"), owed("0", "injury"), owed("-3", "maternity")]
    at = moment("2026-11-03 10:00")
    made = plan_of(amounts, "P1", at)
    assert [one.insurance for one in made.lines] == ["pension", "medical"]
    assert str(made.back) == "3.00"
    made = plan_of(amounts, "P1", at, insurances=["medical"])
    assert ([one.insurance for one in made.lines], str(made.back)) == (["medical"], "0.00")


def test_an_open_month_is_not_planned(moment: Callable[[str], datetime]) -> None:
    desk = Desk(middle().filing())
    desk.open("A1", "2026-11", moment("2026-11-03 10:00"))
    found = may_plan(desk.book("2026-11"), Money(0))
    assert found is not None
    assert found.code == "collection.month-open"


def test_where_the_last_day_is_not_known_no_late_fee_is_made_up(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.declared("P1", owed("100"))
    assert desk.collection.plans["P1"].due_on is None
    desk.at("2027-11-03 10:00")
    warned = desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    assert warned == ["collection.due-unknown"]
    assert not desk.collection.orders["O1"].late_fees


def test_where_the_late_fee_itself_is_not_known_that_is_said(till: Opened, owed: Lines) -> None:
    table = overlay(20)
    gap = {"from": "2010-01", "why": {"zh": "未见", "en": "not seen"}}
    table["late_fee_rate"] = [{"insurances": ["*"], "values": [], "unknown": [gap]}]
    desk = till(middle(), "2026-11", "2026-11-03 10:00", table)
    desk.declared("P1", owed("100"))
    desk.at("2026-11-25 10:00")
    warned = desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    assert len(warned) == 1
    assert not desk.collection.orders["O1"].late_fees


def test_what_was_paid_too_much_is_credit_and_can_come_back(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.declared("P1", owed("100"))
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    desk.done(PrintVoucher, order="O1", voucher="V1")
    short = Money.yuan("99.99")
    assert desk.refused(RecordPayment, voucher="V1", amount=short) == "collection.paid-short"
    more = Money.yuan("130")
    assert desk.done(RecordPayment, voucher="V1", amount=more) == ["collection.overpaid"]
    assert str(desk.collection.credit) == "30.00"
    assert totals(desk.collection).agrees
    # The same notice again changes nothing; another one is told.
    desk.nothing(RecordPayment, voucher="V1", amount=more)
    assert desk.refused(RecordPayment, voucher="V1") == "collection.answered-otherwise"
    desk.done(RecordRefund, amount=Money.yuan("10"))
    assert desk.refused(RecordRefund, amount=Money.yuan("20.01")) == "collection.credit-short"
    desk.done(MakePlan, plan="P2", lines=[owed("50", "medical")])
    assert str(desk.collection.plans["P2"].due) == "30.00"


def test_credit_that_covers_a_plan_leaves_nothing_to_pay(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    # The assessment itself gives back more than it takes.
    desk.done(MakePlan, plan="P1", lines=[owed("100")], back=Money.yuan("130"))
    assert desk.state("P1") == "covered"
    desk.at("2026-11-04 10:00")
    assert desk.refused(Declare, plans="P1") == "collection.wrong-state"
    desk.done(MakePlan, plan="P2", lines=[owed("20", "medical")])
    assert desk.state("P2") == "covered"
    # What P2 has used can't be taken away under it.
    assert desk.refused(Revoke, plan="P1") == "collection.credit-gone"
    desk.done(Revoke, plan="P2")
    desk.done(Revoke, plan="P1")
    desk.nothing(Revoke, plan="P1")
    assert str(desk.collection.credit) == "0.00"


def test_credit_stops_where_no_rule_says_what_it_goes_to(till: Opened, owed: Lines) -> None:
    gap = {"from": "2010-01", "why": {"zh": "未见", "en": "not seen"}}
    table = {"credit_offset": [{"insurances": ["*"], "values": [], "unknown": [gap]}]}
    desk = till(middle(), "2026-11", "2026-11-03 10:00", table)
    desk.done(NoteCredit, balance=Money.yuan("1"))
    assert desk.refused(MakePlan, plan="P1", lines=[owed("100")])
    desk.done(NoteCredit, balance=Money(0))
    desk.done(MakePlan, plan="P1", lines=[owed("100")])


def test_answers_come_late_twice_and_for_what_is_over(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.done(MakePlan, plan="P1", lines=[owed("100")], mode="self-declared")
    assert desk.refused(RecordFeedback, plan="P1", accepted=True) == "collection.stale-feedback"
    desk.done(Declare, plans="P1")
    no = {"plan": "P1", "accepted": False, "reason": "金额不符", "number": 1}
    desk.done(RecordFeedback, **no)
    desk.nothing(RecordFeedback, **no)
    desk.done(Declare, plans="P1")
    # The first declaration's answer once more: it is not the second one's.
    assert desk.refused(RecordFeedback, **no) == "collection.stale-feedback"
    desk.done(RecordFeedback, plan="P1", accepted=True, number=2)
    desk.nothing(RecordFeedback, plan="P1", accepted=True, number=2)
    otherwise = {"plan": "P1", "accepted": False, "number": 2}
    assert desk.refused(RecordFeedback, **otherwise) == "collection.answered-otherwise"

    desk.done(NoteAgreement, signed=True)
    desk.done(MakeOrder, order="O1", plan="P1", method="agreement")
    stale = {"order": "O1", "outcome": "done"}
    assert desk.refused(RecordDeduction, **stale) == "collection.stale-deduction"
    desk.done(Deduct, order="O1")
    desk.done(RecordDeduction, order="O1", outcome="failed")
    desk.nothing(RecordDeduction, order="O1", outcome="failed")
    assert desk.refused(RecordDeduction, **stale) == "collection.answered-otherwise"
    desk.done(Deduct, order="O1")
    late = {"order": "O1", "outcome": "failed", "attempt": 1}
    assert desk.refused(RecordDeduction, **late) == "collection.stale-deduction"
    desk.done(RecordDeduction, order="O1", outcome="unknown", attempt=2)
    desk.done(ClearLock, order="O1", paid=True)
    assert desk.order_state("O1") == "paid"
    desk.nothing(RecordDeduction, order="O1", outcome="done", attempt=2)
    assert desk.refused(ClearLock, order="O1", paid=True) == "collection.order-state"


def test_a_lock_that_was_cleared_unpaid_can_be_voided_or_tried_again(
    till: Opened, owed: Lines
) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.done(NoteAgreement, signed=True)
    desk.declared("P1", owed("100"))
    desk.done(MakeOrder, order="O1", plan="P1", method="agreement")
    desk.done(Deduct, order="O1")
    assert desk.refused(VoidOrder, order="O1") == "collection.order-state"
    desk.done(RecordDeduction, order="O1", outcome="unknown")
    desk.done(ClearLock, order="O1", paid=False)
    assert (desk.state("P1"), desk.order_state("O1")) == ("paying", "made")
    desk.done(VoidOrder, order="O1")
    desk.nothing(VoidOrder, order="O1")
    desk.done(MakeOrder, order="O2", plan="P1", method="voucher")


def test_an_agreement_that_has_ended_deducts_nothing_more(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.done(NoteAgreement, signed=True)
    desk.declared("P1", owed("100"))
    desk.done(MakeOrder, order="O1", plan="P1", method="agreement")
    desk.done(NoteAgreement, signed=False)
    assert desk.refused(Deduct, order="O1") == "collection.no-agreement"
    desk.done(VoidOrder, order="O1")
    desk.done(MakeOrder, order="O2", plan="P1", method="voucher")


def test_ways_of_collecting_are_those_of_the_rules(till: Opened, owed: Lines) -> None:
    modes = [
        {"insurances": ["pension"], "from": "2026-01", "to": "2026-10", "mode": "assessed"},
        {"insurances": ["pension"], "from": "2026-11", "mode": "self-declared"},
    ]
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(modes=modes))
    rules = desk.cashier.rules
    assert rules.mode("pension", desk.month - 1) is CollectionMode.ASSESSED
    assert rules.mode("medical", desk.month) is CollectionMode.SPECIAL, "the city's own rule"
    both = [owed("100"), owed("50", "medical")]
    assert desk.refused(MakePlan, plan="P1", lines=both) == "collection.mixed-modes"
    desk.done(MakePlan, plan="P1", lines=both[:1])
    # What the unit declares itself needs no handing over.
    desk.done(Declare, plans="P1")
    desk.done(MakePlan, plan="P2", lines=both[1:])
    assert desk.refused(Declare, plans="P2") == "collection.not-handed-over"
    said = {"plan": "P3", "lines": [owed("9", "medical", "2026-10")]}
    assert desk.done(MakePlan, mode="assessed", **said) == ["collection.other-mode"]
    assert desk.done(MakePlan, plan="P4", lines=both[:1]) == ["collection.planned-before"]
    assert desk.refused(MakePlan, plan="P4", lines=both[:1]) == "collection.id-taken"


def test_declaring_is_all_or_nothing(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.done(MakePlan, plan="P1", lines=[owed("1")], mode="self-declared")
    desk.done(MakePlan, plan="P2", lines=[owed("2", "medical")])
    assert desk.refused(Declare, plans=["P1", "P2"]) == "collection.not-handed-over"
    assert desk.refused(Declare, plans=[]) == "collection.nothing-ticked"
    assert desk.refused(Declare, plans="P9") == "collection.no-such-plan"
    assert desk.refused(HandOver, plan="P2") == "collection.not-handed-over"
    desk.at("2026-11-04 00:00").done(Declare, plans=["P1", "P2", "P1"])


def test_lines_that_can_not_be_meant_are_refused(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    for lines, code in (
        ([], "nothing-owed"),
        ([owed("0")], "nothing-owed"),
        ([owed("2"), owed("-1", "medical")], "line-negative"),
        ([owed("1"), owed("2")], "line-twice"),
    ):
        assert desk.refused(MakePlan, plan="P1", lines=lines) == f"collection.{code}"
    with pytest.raises(ValueError, match="'back' can't be negative"):
        MakePlan(at=desk.now, plan="P1", lines=[], back=Money(-1))


def test_vouchers_are_told_apart(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.done(NoteAgreement, signed=True)
    desk.declared("P1", owed("100"))
    desk.declared("P2", owed("100", "medical"))
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    desk.done(MakeOrder, order="O2", plan="P2", method="agreement")
    assert desk.refused(Deduct, order="O1") == "collection.other-method"
    assert desk.refused(PrintVoucher, order="O2", voucher="V1") == "collection.other-method"
    past = date(2026, 11, 2)
    said = {"order": "O1", "voucher": "V1"}
    assert desk.refused(PrintVoucher, deadline=past, **said) == "collection.deadline-past"
    desk.done(PrintVoucher, **said)
    # The region's rule gives five days.
    assert desk.collection.vouchers["V1"].deadline == date(2026, 11, 8)
    assert desk.refused(PrintVoucher, **said) == "collection.printed-before"
    assert desk.refused(Reprint, voucher="V9") == "collection.no-such-voucher"
    assert desk.refused(Reprint, voucher="V1") == "collection.number-missing"
    assert desk.refused(Reprint, voucher="V1", number="V1") == "collection.id-taken"
    for day in (past, date(2026, 11, 4)):
        assert desk.refused(RecordPayment, voucher="V1", paid_on=day) == "collection.payment-day"
    desk.at("2026-11-09 10:00").refused(RecordPayment, voucher="V1")
    # The money came in time, the notice late.
    desk.done(RecordPayment, voucher="V1", paid_on=date(2026, 11, 8))
    assert desk.refused(Reprint, voucher="V1", number="V2") == "collection.voucher-not-valid"


def test_a_region_may_let_the_unit_void_its_vouchers(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00", overlay(void_voucher="unit"))
    desk.declared("P1", owed("100"))
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    desk.done(PrintVoucher, order="O1", voucher="V1")
    desk.done(VoidOrder, order="O1")
    assert desk.collection.vouchers["V1"].state.value == "voided"


def test_nothing_is_done_before_a_month_is_opened_nor_by_foreign_rules(
    till: Opened, owed: Lines, moment: Callable[[str], datetime]
) -> None:
    at = moment("2026-11-03 10:00")
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.nothing(NoteCredit, balance=Money(0))
    desk.done(NoteAgreement, signed=False)
    desk.nothing(NoteAgreement, signed=False)
    rules = middle().collection()
    found = decide(EMPTY, NoteAgreement(at=at, signed=True), rules)
    assert found.faults[0].code == "collection.not-opened"
    other = middle("middle-province").collection()
    found = decide(desk.collection, NoteAgreement(at=at, signed=True), other)
    assert found.faults[0].code == "collection.other-division"
    opened = {"account": "A1", "month": "2026-11"}
    code = desk.refused(OpenCollection, division=rules.division, **opened)
    assert code == "collection.already-open"
    found = decide(EMPTY, OpenCollection(at=at, division="990000", **opened), rules)
    assert found.faults[0].code == "collection.other-division"


def test_who_may_not_pay_declares_all_the_same(
    till: Opened, owed: Lines, moment: Callable[[str], datetime]
) -> None:
    asked: list[Needed] = []

    def permit(_command: Command, needed: Needed) -> Fault | None:
        asked.append(needed)
        if needed.business == "collection.pay":
            return Fault("collection.not-opened")
        return None

    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.cashier.permit = permit
    desk.declared("P1", owed("100"))
    assert desk.refused(MakeOrder, order="O1", plan="P1", method=PayMethod.VOUCHER)
    # Feedback is the tax side's; nobody was asked about it.
    businesses = ["collection.plan", "collection.declare", "collection.pay"]
    assert asked == [Needed("A1", business) for business in businesses]


def test_midnight_is_that_of_the_bureaus(till: Opened, owed: Lines) -> None:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    # Still the 3rd in London, the 4th in China already.
    desk.now = datetime(2026, 11, 3, 17, tzinfo=UTC)
    desk.done(MakePlan, plan="P1", lines=[owed("1")])
    from_ = desk.collection.plans["P1"].payable_from
    assert from_.isoformat() == "2026-11-05T00:00:00+08:00"


def test_an_event_of_no_type_is_not_taken_for_one() -> None:
    with pytest.raises(ValueError, match="no type of event"):
        event_from_plain({"type": "Forgotten", "at": "2026-11-03T10:00:00+08:00"})
