"""Undeclared months, refunds and credit: nothing is lost on the way to the sum that is due."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.arrears import Debt
from socialins.model.codes import Kind, Payer
from socialins.testing.middle import middle

ACCOUNT = si.UnitAccount(
    si.Unit("某公司"),
    injury=(si.InjuryTerms(si.MonthSpan("2010-01"), rate=si.Rate("0.2%")),),
)
wages = st.lists(st.integers(0, 5_000_000), min_size=1, max_size=5)


def roster(fen: list[int], month: str = "2026-08") -> si.Roster:
    entries = [
        si.RosterEntry(
            si.InsuredPerson(f"甲{number}", si.IdDocument("passport", f"G{number:08}")),
            si.DeclaredWage(si.Money(wage)),
        )
        for number, wage in enumerate(fen)
    ]
    return si.Roster(month, entries, ACCOUNT)


def test_an_undeclared_month_costs_a_tenth_more_than_the_month_before() -> None:
    before = middle().settle(roster([800_000]))
    month = middle().arrears.undeclared(before)
    assert str(month.month) == "2026-09"
    pension = {one.payer: (one.before, one.amount) for one in month if one.insurance == "pension"}
    assert pension == {
        Payer.UNIT: (si.Money.yuan("1280"), si.Money.yuan("1408")),
        Payer.PERSON: (si.Money.yuan("640"), si.Money.yuan("704")),
    }
    assert month.total == month.unit_total + month.person_total
    first = next(iter(month)).explain("zh")
    assert "2026年8月应缴 1,280.00 × 110% = 1,408.00" in first
    assert "社会保险费补缴办法" in first


@given(before=wages, declared=wages)
def test_a_late_declaration_settles_the_undeclared_month_to_the_fen(
    before: list[int], declared: list[int]
) -> None:
    month = middle().arrears.undeclared(middle().settle(roster(before)))
    bill = middle().settle(roster(declared, "2026-09"))
    differs = month.against(bill)
    assert month.total + si.Money.sum(differs.values()) == bill.total


def test_another_month_can_not_settle_an_undeclared_one() -> None:
    bill = middle().settle(roster([800_000]))
    month = middle().arrears.undeclared(bill)
    with pytest.raises(ValueError, match="2026-08"):
        month.against(bill)


@given(paid=wages, right=wages)
def test_refunds_and_arrears_turn_what_was_paid_into_what_was_owed(
    paid: list[int], right: list[int]
) -> None:
    bill = middle().settle(roster(paid))
    found = middle().arrears.correct(bill, roster(right))
    owed = middle().settle(roster(right)).total
    assert bill.total - found.refund_total + found.arrears_total == owed
    assert all(one.kind is Kind.REFUND and one.amount.fen < 0 for one in found.refunds)
    assert all(one.kind is Kind.DIFFERENCE and one.amount.fen > 0 for one in found.arrears)


def test_a_person_who_had_left_is_refunded_whole() -> None:
    bill = middle().settle(roster([800_000, 900_000]))
    found = middle().arrears.correct(bill, roster([800_000]))
    assert {one.person.name for one in found.refunds if one.person} == {"甲1"}
    assert found.refund_total == si.Money.sum(one.amount for one in bill.of("G00000001"))


MONTHS = [si.Month(2026, 7), si.Month(2026, 8), si.Month(2026, 9)]
debts = st.lists(
    st.builds(
        Debt,
        st.sampled_from([Kind.REGULAR, Kind.BACKPAY, Kind.LATE_FEE, Kind.INTEREST]),
        st.sampled_from(MONTHS),
        st.integers(0, 10_000).map(si.Money),
    ),
    max_size=6,
)


@given(credit=st.integers(0, 30_000).map(si.Money), owed=debts)
def test_credit_pays_what_it_can_in_order_and_the_rest_stays(
    credit: si.Money, owed: list[Debt]
) -> None:
    found = middle().arrears.offset(credit, owed, "2026-09")
    credited = si.Money.sum(one.credited for one in found.items)
    assert credited + found.rest == credit
    assert found.due == si.Money.sum(debt.amount for debt in owed) - credited
    # Nothing later is touched while something earlier is open, and interest is not offset at all.
    offset = [one for one in found.items if one.debt.kind is not Kind.INTEREST]
    for earlier, later in pairwise(offset):
        assert not earlier.remaining.fen or not later.credited.fen
    assert all(not one.credited.fen for one in found.items if one.debt.kind is Kind.INTEREST)


def test_credit_goes_to_arrears_before_the_month_and_to_the_oldest_first() -> None:
    owed = [
        Debt(Kind.LATE_FEE, MONTHS[0], si.Money(50)),
        Debt(Kind.REGULAR, MONTHS[2], si.Money(300)),
        Debt(Kind.BACKPAY, MONTHS[1], si.Money(200)),
        Debt(Kind.BACKPAY, MONTHS[0], si.Money(100)),
    ]
    found = middle().arrears.offset(si.Money(400), owed, "2026-09")
    assert [(one.debt.kind, one.credited.fen) for one in found.items] == [
        (Kind.BACKPAY, 100),
        (Kind.BACKPAY, 200),
        (Kind.REGULAR, 100),
        (Kind.LATE_FEE, 0),
    ]
    assert found.citation.mark.value == "C"


def test_a_negative_credit_is_a_debt_and_refused() -> None:
    with pytest.raises(ValueError, match="debt"):
        middle().arrears.offset(si.Money(-1), [], "2026-09")
