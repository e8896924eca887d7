"""Back payment: each missed month at its own rules, and nothing the bureau would reject."""

from __future__ import annotations

from datetime import date, datetime

import pytest

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.faults import Severity
from socialins.model.codes import Kind
from socialins.testing.middle import middle

PERSON = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))
ACCOUNT = si.UnitAccount(
    si.Unit("某公司"),
    injury=(si.InjuryTerms(si.MonthSpan("2010-01"), rate=si.Rate("0.2%")),),
)
WINDOW = {
    "sources": {"faq": {"title": "补缴问答", "seen": "made up for tests"}},
    "windows": [
        {
            "businesses": ["backpay.gap", "backpay.difference"],
            "values": [
                {
                    "from": "2020-01",
                    "intervals": [{"first": {"day": 5}, "last": {"day": 25}}],
                    "sources": ["faq"],
                    "mark": "B",
                }
            ],
        }
    ],
}


def roster(month: str, wage: str = "4205") -> si.Roster:
    return si.Roster(month, [si.RosterEntry(PERSON, si.DeclaredWage(si.Money.yuan(wage)))], ACCOUNT)


def pension(paid: object) -> dict[str, str]:
    return {
        str(one.period): f"{one.base} {one.amount}"
        for one in paid.contributions  # type: ignore[attr-defined]
        if (one.insurance, one.payer.value) == ("pension", "unit")
    }


def test_each_missed_month_is_settled_at_its_own_rules() -> None:
    paid = middle().arrears.back_payment([roster("2026-06"), roster("2026-07")], "2026-09")
    # The floor rose from 4200 to 4310 in July.
    assert pension(paid) == {"2026-06": "4205.00 672.80", "2026-07": "4310.00 689.60"}
    assert {one.kind for one in paid.contributions} == {Kind.BACKPAY}
    assert paid.total == paid.unit_total + paid.person_total
    assert [str(bill.month) for bill in paid.bills] == ["2026-06", "2026-07"]


def test_what_can_not_be_paid_afterwards_is_left_out_of_the_sum_and_named() -> None:
    paid = middle().arrears.back_payment([roster("2026-07")], "2026-09")
    assert {one.insurance for one in paid.contributions} == {"pension", "medical", "long-term-care"}
    refused = {fault.words("en")["insurance"]: fault.code for fault in paid.errors}
    assert refused == {
        "unemployment": "arrears.refused",
        "work injury": "arrears.refused",
    }
    # Nobody said anything of the supplement: computed, and told.
    warned = [fault for fault in paid.faults if fault.severity is Severity.WARNING]
    assert [fault.code for fault in warned] == ["arrears.rule-unknown"]


def test_months_farther_back_than_the_region_allows_are_refused() -> None:
    paid = middle().arrears.back_payment([roster("2026-03"), roster("2026-06")], "2026-09")
    assert pension(paid) == {"2026-06": "4205.00 672.80"}
    (fault,) = (fault for fault in paid.errors if fault.words("en")["insurance"] == "pension")
    assert "at most 3 months back" in fault.message("en")


def test_a_month_that_is_not_past_is_no_back_payment() -> None:
    paid = middle().arrears.back_payment([roster("2026-09")], "2026-09")
    assert not paid.contributions
    assert {fault.code for fault in paid.errors} == {"arrears.not-past"}


@pytest.mark.parametrize(("day", "open_"), [(4, False), (5, True), (25, True), (26, False)])
def test_outside_its_window_a_back_payment_is_refused_whole(day: int, open_: bool) -> None:
    at = datetime(2026, 9, day, 10, tzinfo=SHANGHAI)
    paid = middle().arrears.back_payment([roster("2026-07")], "2026-09", at=at, overlay=WINDOW)
    assert bool(paid.contributions) is open_
    assert ("arrears.window-closed" in {fault.code for fault in paid.errors}) is not open_


def test_differences_are_made_up_for_pension_only() -> None:
    early = middle().settle(roster("2026-07"), known_on=date(2026, 8, 1))
    differences = middle().differences(early)
    assert {one.insurance for one in differences} >= {"pension", "unemployment", "injury"}
    paid = middle().arrears.back_payment([differences], "2026-09")
    assert {(one.insurance, one.kind) for one in paid.contributions} == {
        ("pension", Kind.DIFFERENCE)
    }
    assert pension(paid) == {"2026-07": "4310.00 1.60"}


def test_the_late_fee_on_a_back_payment_knows_each_month() -> None:
    paid = middle().arrears.back_payment([roster("2026-07"), roster("2026-08")], "2026-09")
    fees = middle().arrears.late_fee(paid, date(2026, 9, 20), due=date(2026, 8, 25))
    assert [str(fee.period) for fee in fees if fee.insurances[0] == "pension"] == [
        "2026-07",
        "2026-08",
    ]
    assert fees.total.fen > 0
