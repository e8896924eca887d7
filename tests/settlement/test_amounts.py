"""A bill that is only added up makes no objects; whoever looks at it finds all of them."""

from __future__ import annotations

import copy
import pickle
from collections import defaultdict
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.settlement.amounts import Amounts
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

MONTH = si.Month(2026, 11)


def amounts(bill: si.Settlement) -> Amounts:
    found: Any = bill
    amounts: Amounts = found._amounts
    return amounts


@given(sis.rosters(month=MONTH), st.booleans())
def test_totals_are_the_sums_of_what_is_looked_at(roster: si.Roster, first: bool) -> None:
    bill = middle().settle(roster, strict=False)
    if first:
        assert isinstance(bill.contributions, tuple)
    totals = dict(bill.totals)
    sums: defaultdict[tuple[str, si.Payer], int] = defaultdict(int)
    for one in bill.contributions:
        sums[one.insurance, one.payer] += one.amount.fen
    assert list(totals.items()) == [(key, si.Money(fen)) for key, fen in sums.items()]
    assert bill.total == bill.unit_total + bill.person_total == si.Money(sum(sums.values()))


@given(sis.rosters(month=MONTH))
def test_one_persons_contributions_are_those_of_the_whole_bill(roster: si.Roster) -> None:
    bill = middle().settle(roster, strict=False)
    for entry in roster.entries:
        mine = bill.of(entry.person)
        assert mine == tuple(one for one in bill.contributions if one.person == entry.person)


@pytest.fixture
def bill() -> si.Settlement:
    person = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))
    wage = si.DeclaredWage(si.Money.yuan("8000"))
    return middle().settle(si.Roster(MONTH, [si.RosterEntry(person, wage)]), strict=False)


def test_adding_up_makes_no_contribution(
    bill: si.Settlement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(_self: object, _people: object) -> None:
        raise AssertionError("a contribution was made")

    with monkeypatch.context() as patch:
        patch.setattr(Amounts, "_made", made)
        assert bill.total > si.Money(0)
        assert bill.persons == 1
    assert bill.contributions is bill.contributions


def test_a_bill_goes_to_another_process_and_comes_back_equal(bill: si.Settlement) -> None:
    for other in (pickle.loads(pickle.dumps(bill)), copy.deepcopy(bill)):
        assert other == bill
        assert other.contributions == bill.contributions
        assert other.total == bill.total
        assert other.of("E12345678") == bill.of("E12345678") != ()
    assert hash(amounts(bill)) == hash(amounts(copy.deepcopy(bill)))
    assert "1 persons" in repr(amounts(bill))


def test_a_bill_can_be_made_of_contributions_and_changed(bill: si.Settlement) -> None:
    fewer = attrs.evolve(bill, contributions=bill.contributions[:1])
    assert fewer.contributions == bill.contributions[:1]
    assert fewer.total == bill.contributions[0].amount
    assert fewer != bill
    assert attrs.evolve(fewer, contributions=bill.contributions) == bill
    assert amounts(bill) != bill.contributions
