"""The systems of the manuals: a unit pays its month as the manual tells.

Each test is named after the row of a system and walks what the row says of paying, by the rules
that its file under `systems/` states.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs

import socialins as si
from socialins.collection import (
    ClearLock,
    Declare,
    Deduct,
    HandOver,
    MakeOrder,
    MakePlan,
    NoteAgreement,
    NoteCredit,
    Owed,
    PlanState,
    PrintVoucher,
    RecordDeduction,
    RecordFeedback,
    RecordPayment,
    Reprint,
    Revoke,
    VoidDeclaration,
    VoidOrder,
    commands,
    event_to_plain,
    events,
    totals,
)
from socialins.store import SqliteStore
from socialins.store.collection_journal import CollectionJournal, collection_stream
from socialins.values import Money, Month

System = Callable[[str], si.Region]
Opened = Callable[..., Any]
Lines = Callable[..., Owed]


def test_s02_a_special_payment_goes_from_the_assessment_to_the_bank(
    system: System, till: Opened, owed: Lines
) -> None:
    desk = till(system("s02"), "2023-05", "2023-05-10 16:00")
    # The agency offsets its credit when the plan is made, and shows on it how much.
    desk.done(NoteCredit, balance=Money.yuan("200"))
    lines = owed("1600", period="2023-05"), owed("800", period="2023-05", payer="person")
    desk.done(MakePlan, plan="P1", lines=lines)
    plan = desk.collection.plans["P1"]
    assert (plan.mode.value, str(plan.credited), str(plan.due)) == ("special", "200.00", "2200.00")
    assert [str(one.due) for one in plan.lines] == ["1400.00", "800.00"]

    # It reaches the tax side at midnight; the next day it can be queried, ticked and submitted.
    found = desk(Declare, plans="P1")
    assert [fault.code for fault in found.faults] == ["collection.not-handed-over"]
    assert "2023-05-11 00:00" in found.faults[0].message("en")
    assert desk.at("2023-05-10 23:59").refused(HandOver, plan="P1") == "collection.not-handed-over"
    desk.at("2023-05-11 00:00").done(HandOver, plan="P1")
    desk.at("2023-05-11 09:00").done(Declare, plans=["P1"])
    assert desk.refused(MakeOrder, order="O1", plan="P1", method="voucher") == (
        "collection.wrong-state"
    )
    desk.done(RecordFeedback, plan="P1", accepted=True)
    assert desk.collection.plans["P1"].state.title("zh") == "申报成功待缴款"
    # What awaits payment can be voided, and declared again.
    desk.done(VoidDeclaration, plan="P1")
    desk.done(Declare, plans="P1")
    desk.done(RecordFeedback, plan="P1", accepted=True, number=2)

    # Without an agreement there is the voucher; with one there is a choice.
    desk.done(NoteAgreement, signed=False)
    assert desk.refused(MakeOrder, order="O1", plan="P1", method="agreement") == (
        "collection.no-agreement"
    )
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    warned = desk.done(PrintVoucher, order="O1", voucher="V1", deadline=date(2023, 5, 12))
    assert not warned

    # Printed from the list, the deadline is the old one; from the payment module, a new one.
    assert desk.at("2023-05-13 09:00").done(Reprint, voucher="V1", origin="voucher-list") == [
        "collection.old-deadline"
    ]
    assert desk.collection.vouchers["V1"].deadline == date(2023, 5, 12)
    assert desk.refused(RecordPayment, voucher="V1") == "collection.voucher-expired"
    desk.done(Reprint, voucher="V1", number="V2", deadline=date(2023, 5, 15))
    assert desk.collection.vouchers["V2"].deadline == date(2023, 5, 15)
    assert desk.refused(RecordPayment, voucher="V1") == "collection.voucher-not-valid"

    # A voucher is voided at the bureau only. Invoiced, nothing can be revoked.
    assert desk.refused(VoidOrder, order="O1") == "collection.void-at-bureau"
    assert desk.refused(Revoke, plan="P1") == "collection.invoiced"
    desk.done(VoidOrder, order="O1", at_bureau=True)
    assert desk.refused(RecordPayment, voucher="V2") == "collection.voucher-not-valid"
    assert desk.state("P1") == "awaiting-payment"

    # By agreement: what became of the deduction is not known, and everything waits.
    desk.done(NoteAgreement, signed=True)
    desk.done(MakeOrder, order="O2", plan="P1", method="agreement")
    assert desk.done(Deduct, order="O2") == ["collection.deduction-unknown"]
    desk.done(RecordDeduction, order="O2", outcome="unknown")
    assert desk.state("P1") == "locked"
    for command, said in (
        (Revoke, {"plan": "P1"}),
        (VoidDeclaration, {"plan": "P1"}),
        (MakeOrder, {"order": "O3", "plan": "P1", "method": "voucher"}),
        (Deduct, {"order": "O2"}),
        (VoidOrder, {"order": "O2", "at_bureau": True}),
    ):
        assert desk.refused(command, **said) == "collection.locked"
    desk.done(ClearLock, order="O2", paid=False)
    desk.done(Deduct, order="O2")
    desk.done(RecordDeduction, order="O2", outcome="done")
    assert desk.state("P1") == "paid"
    sums = totals(desk.collection)
    assert str(sums.paid) == "2200.00"
    assert sums.agrees
    assert sums.is_settled


def test_s02_only_what_is_undeclared_or_not_invoiced_is_revoked(
    system: System, till: Opened, owed: Lines
) -> None:
    desk = till(system("s02"), "2023-05", "2023-05-10 16:00")
    desk.done(NoteCredit, balance=Money.yuan("100"))
    line = owed("1600", period="2023-05")
    desk.done(MakePlan, plan="P1", lines=[line])
    desk.done(Revoke, plan="P1")
    # The credit is there again, for the plan of the new assessment.
    desk.done(MakePlan, plan="P2", lines=[line])
    assert str(desk.collection.plans["P2"].credited) == "100.00"
    desk.at("2023-05-11 09:00").done(Declare, plans="P2")
    desk.done(Revoke, plan="P2")
    assert desk.refused(RecordFeedback, plan="P2", accepted=True) == "collection.revoked"
    desk.done(MakePlan, plan="P3", lines=[line])
    desk.at("2023-05-12 09:00").done(Declare, plans="P3")
    desk.done(RecordFeedback, plan="P3", accepted=True)
    desk.done(MakeOrder, order="O1", plan="P3", method="voucher")
    assert desk.refused(Revoke, plan="P3") == "collection.invoiced"
    # Nothing was printed yet, so there is nothing for the bureau to void.
    desk.done(VoidOrder, order="O1")
    desk.done(Revoke, plan="P3")
    assert {one.state for one in desk.collection.plans.values()} == {PlanState.REVOKED}
    assert str(desk.collection.credit) == "100.00"


def test_s02_what_is_paid_after_the_last_day_bears_a_late_fee(
    system: System, till: Opened, owed: Lines
) -> None:
    desk = till(system("s02"), "2023-05", "2023-05-10 16:00")
    desk.done(MakePlan, plan="P1", lines=[owed("10000", period="2023-05")])
    assert desk.collection.plans["P1"].due_on == date(2023, 5, 25)
    desk.at("2023-05-25 09:00").done(Declare, plans="P1")
    desk.done(RecordFeedback, plan="P1", accepted=True)
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    desk.done(PrintVoucher, order="O1", voucher="V1", deadline=date(2023, 5, 25))
    assert str(desk.collection.vouchers["V1"].amount) == "10000.00"
    # 0.05 % a day, from the 26th to the day before payment: 26, 27, 28, 29, 30.
    desk.at("2023-05-31 09:00").done(Reprint, voucher="V1", number="V2", deadline=date(2023, 5, 31))
    assert str(desk.collection.vouchers["V2"].amount) == "10025.00"
    desk.done(RecordPayment, voucher="V2")
    plan = desk.collection.plans["P1"]
    assert [(one.kind.value, str(one.amount)) for one in plan.late_fees] == [("late-fee", "25.00")]
    assert totals(desk.collection).agrees


def test_s06_several_units_of_one_computer_pay_apart_and_no_password_is_kept(
    system: System, till: Opened, owed: Lines, tmp_path: Path
) -> None:
    with SqliteStore(tmp_path / "client.db") as store:
        for account, yuan in (("A1", "100"), ("A2", "200")):
            desk = till(system("s06"), "2026-11", "2026-11-03 10:00", account=account)
            # No rule says how it is collected, so whoever plans has to.
            said = {"plan": "P1", "lines": [owed(yuan)]}
            assert desk.refused(MakePlan, **said) == "collection.mode-unknown"
            desk.declared("P1", owed(yuan))
            stream = collection_stream("990006", account, Month(2026, 11))
            CollectionJournal(store, stream).append(desk.cashier.history("2026-11"), 0)
        for account, yuan in (("A1", "100.00"), ("A2", "200.00")):
            stream = collection_stream("990006", account, Month(2026, 11))
            found = CollectionJournal(store, stream).collection()
            assert (found.account, str(totals(found).open)) == (account, yuan)
    secret = ("password", "passwd", "pin", "secret", "credential", "密码", "口令")
    for module in (commands, events):
        for name in module.__all__:
            fields = {field.name for field in attrs.fields(getattr(module, name))}
            assert not {one for one in fields if any(word in one for word in secret)}


def test_s14_regular_and_special_payments_stand_side_by_side_and_residents_apart(
    system: System, till: Opened, owed: Lines
) -> None:
    desk = till(system("s14"), "2021-03", "2021-03-05 10:00")
    regular = owed("1600", period="2021-03")
    desk.done(MakePlan, plan="regular", lines=[regular])
    assert desk.collection.plans["regular"].mode.value == "assessed"
    special = owed("300", period="2021-01", kind="backpay")
    assert not desk.done(MakePlan, plan="special", lines=[special], mode="special")
    # When it is handed over was not seen: nothing is refused, and that is said.
    assert desk.done(Declare, plans=["regular", "special"]) == ["collection.handover-unknown"] * 2
    desk.done(RecordFeedback, plan="regular", accepted=True)
    desk.done(RecordFeedback, plan="special", accepted=False, reason="金额不符")
    assert desk.state("special") == "handed-over"
    assert desk.collection.plans["special"].refused_for == "金额不符"
    # A declaration is voided; a way of paying is chosen; vouchers and payments are on record.
    desk.done(VoidDeclaration, plan="regular")
    desk.done(Declare, plans=["regular", "special"])
    desk.done(RecordFeedback, plan="regular", accepted=True)
    desk.done(RecordFeedback, plan="special", accepted=True)
    for number, plan in enumerate(("regular", "special"), start=1):
        desk.done(MakeOrder, order=f"O{number}", plan=plan, method="voucher")
        warned = desk.done(PrintVoucher, order=f"O{number}", voucher=f"V{number}")
        assert "collection.deadline-unknown" in warned
        desk.done(RecordPayment, voucher=f"V{number}")
    assert {one.state.value for one in desk.collection.vouchers.values()} == {"paid"}
    assert str(totals(desk.collection).paid) == "1900.00"

    # What a unit collects from residents is a plan of another role. The manual describes no more of
    # it: no rule of employers is applied to it, neither its way nor credit nor late fee.
    desk.done(NoteCredit, balance=Money.yuan("50"))
    said = {"plan": "R", "lines": [owed("380", "resident-medical", "2021-03", "person")]}
    assert desk.refused(MakePlan, role="agent", **said) == "collection.mode-unknown"
    desk.done(MakePlan, role="agent", mode="self-declared", **said)
    assert (str(desk.collection.plans["R"].due), str(desk.collection.credit)) == ("380.00", "50.00")


def test_s27_a_deduction_runs_from_the_11th_to_the_22nd_and_shows_on_the_27th(
    system: System, till: Opened, owed: Lines
) -> None:
    desk = till(system("s27"), "2021-03", "2021-03-10 10:00")
    desk.done(NoteAgreement, signed=True)
    desk.done(MakePlan, plan="P1", lines=[owed("1600", period="2021-03")])
    desk.done(Declare, plans="P1")
    desk.done(RecordFeedback, plan="P1", accepted=True)
    desk.done(MakeOrder, order="O1", plan="P1", method="agreement")
    assert desk.refused(Deduct, order="O1") == "collection.deduction-days"
    # The balance is short: it is tried again within the days, and not after them.
    for day in ("2021-03-11 00:00", "2021-03-15 09:00"):
        desk.at(day).done(Deduct, order="O1")
        desk.done(RecordDeduction, order="O1", outcome="failed", reason="余额不足")
        assert desk.collection.orders["O1"].failed_for == "余额不足"
    assert desk.at("2021-03-23 00:00").refused(Deduct, order="O1") == "collection.deduction-days"
    desk.at("2021-03-22 23:59").done(Deduct, order="O1")
    desk.at("2021-03-24 09:00").done(RecordDeduction, order="O1", outcome="done")
    order = desk.collection.orders["O1"]
    assert order.attempts == 3
    assert (order.paid_on, order.credited_on) == (date(2021, 3, 22), date(2021, 3, 27))
    assert desk.state("P1") == "paid"


def test_s32_back_payments_make_slips_of_their_own(
    system: System, till: Opened, owed: Lines
) -> None:
    desk = till(system("s32"), "2021-03", "2021-03-20 10:00")
    slips = {
        "month": [owed("1600", period="2021-03"), owed("100", "unemployment", "2021-03")],
        "gap": [owed("1500", period=f"2021-0{month}", kind="backpay") for month in (1, 2)],
        "difference": [owed("64", period="2020-12", kind="difference")],
    }
    for plan, lines in slips.items():
        desk.done(MakePlan, plan=plan, lines=lines)
    desk.done(Declare, plans=list(slips))
    for plan in slips:
        desk.done(RecordFeedback, plan=plan, accepted=True)
        desk.done(MakeOrder, order=plan, plan=plan, method="voucher")
        # When it is due was not told: no late fee is made up, and that is said.
        warned = desk.done(PrintVoucher, order=plan, voucher=plan, deadline=date(2021, 3, 31))
        assert warned == ["collection.due-unknown"]
        desk.done(RecordPayment, voucher=plan)
    paid = {one.plan: str(one.received) for one in desk.collection.orders.values()}
    assert paid == {"month": "1700.00", "gap": "3000.00", "difference": "64.00"}
    assert totals(desk.collection).agrees
    assert all(event_to_plain(one)["type"] for one in desk.cashier.history("2021-03"))
