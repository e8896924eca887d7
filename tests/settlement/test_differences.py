"""Differences: what was announced late is collected to the fen, what was too much comes back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.identity import DocumentType, IdDocument
from socialins.model import DeclaredWage, InjuryTerms, InsuredPerson, Roster, RosterEntry
from socialins.testing.middle import middle

ACCOUNT = si.UnitAccount(
    si.Unit("示例"), injury=(InjuryTerms(si.MonthSpan("2020-01"), rate=si.Rate("0.2%")),)
)
BEFORE, AFTER = date(2025, 8, 15), date(2025, 9, 30)
"""The bounds of 2025-07 were announced on 2025-09-18."""


def roster(*wages: int) -> Roster:
    entries = [
        RosterEntry(
            InsuredPerson(f"甲{number}", IdDocument(DocumentType.PASSPORT, f"G{number:08}")),
            DeclaredWage(si.Money(wage)),
            row=number + 2,
        )
        for number, wage in enumerate(wages)
    ]
    return Roster("2025-07", tuple(entries), ACCOUNT)


def settled(known_on: date, *wages: int) -> si.Settlement:
    return middle().settle(roster(*wages), known_on=known_on, strict=False)


def test_a_floor_announced_late_is_made_up_for_each_payer() -> None:
    bill = settled(BEFORE, 1_000_00)
    found = {
        (one.insurance, one.payer.value): (one.base_before, one.base_after, one.amount)
        for one in middle().differences(bill, AFTER)
        if one.insurance == "pension"
    }
    was, now = si.Money.yuan(4000), si.Money.yuan(4200)
    assert found == {
        ("pension", "unit"): (was, now, si.Money.yuan(32)),
        ("pension", "person"): (was, now, si.Money.yuan(16)),
    }


def test_a_cap_that_fell_gives_money_back() -> None:
    differences = middle().differences(settled(BEFORE, 50_000_00), AFTER)
    pension = [one for one in differences if one.insurance == "pension"]
    assert {one.amount.fen < 0 for one in pension} == {True}
    assert differences.total.fen < 0


def test_who_lies_between_the_bounds_has_no_difference() -> None:
    assert len(middle().differences(settled(BEFORE, 10_000_00), AFTER)) == 0


def test_a_difference_says_what_was_settled_before() -> None:
    (first, *_) = middle().differences(settled(BEFORE, 1_000_00), AFTER)
    one = first.contribution()
    assert one.kind is si.Kind.DIFFERENCE
    assert one.period == si.Month(2025, 7)
    assert "settled before 640.00: difference 32.00" in one.explain("en")
    assert "此前已结算 640.00，差额 32.00" in one.explain("zh")


@given(st.lists(st.integers(1, 40_000_00), min_size=1, max_size=6))
def test_paying_the_differences_is_the_same_as_settling_afresh(wages: list[int]) -> None:
    bill = settled(BEFORE, *wages)
    fresh = settled(AFTER, *wages)
    differences = middle().differences(bill, AFTER)
    assert bill.total + differences.total == fresh.total
    paid: dict[tuple[object, ...], int] = {}
    for one in [*bill.contributions, *(item.contribution() for item in differences)]:
        key = (one.person, one.insurance, one.item, one.payer)
        paid[key] = paid.get(key, 0) + one.amount.fen
    owed = {
        (one.person, one.insurance, one.item, one.payer): one.amount.fen
        for one in fresh.contributions
    }
    assert paid == owed


def test_settlements_of_different_months_are_not_compared() -> None:
    from socialins.settlement import compare_settlements

    one = settled(BEFORE, 1_000_00)
    other = middle().settle(roster(1_000_00), "2026-11", strict=False)
    with pytest.raises(ValueError, match="can't be compared"):
        compare_settlements(one, other)
