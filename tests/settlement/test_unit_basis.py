"""The unit's share as a whole: resting on more than its persons, it may not lose a fen."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.testing import strategies as sis

Make = Callable[..., Cascade]
MONTH = si.Month(2026, 11)
CITED = 'sources = ["s"], mark = "A"'
BASES = ["sum-of-bases", "total-wages", "larger"]
ROUNDINGS = ["half-up-fen", "see-fen-up-jiao", "up-yuan", "drop-fen"]


def rules(basis: str, rounding: str = "half-up-fen", more: str = "") -> str:
    """Medical insurance of which the unit's share rests on a basis, with a fixed sum a head."""
    law = f"""
[[bounds]]
insurances = ["medical"]
values = [{{ from = "2020-01", floor = "4000", cap = "20000", {CITED} }}]
[[rates]]
insurance = "medical"
payer = "unit"
values = [{{ from = "2020-01", rate = "7.77%", {CITED} }}]
[[rates]]
insurance = "medical"
payer = "person"
values = [{{ from = "2020-01", rate = "2%", {CITED} }}]
[[fixed]]
insurance = "medical"
payer = "unit"
values = [{{ from = "2020-01", amount = "5", {CITED} }}]
[[amount_rounding]]
insurances = ["medical"]
values = [{{ from = "2020-01", rounding = "{rounding}", {CITED} }}]
"""
    if basis:
        law += f"""
[[unit_base]]
insurances = ["medical"]
values = [{{ from = "2020-01", basis = "{basis}", {CITED} }}]
"""
    return law + more


RATE = si.Rate("7.77%")
rosters = sis.rosters(
    month=MONTH,
    min_size=1,
    max_size=5,
    entries=sis.roster_entries(
        month=MONTH,
        wages=sis.declared_wages(
            amounts=sis.wages(around=[si.Money(400_000), si.Money(2_000_000)]), month=MONTH
        ),
    ).map(lambda entry: attrs.evolve(entry, insurances=None)),
)
totals = sis.money(min_value="0", max_value="300000")


def owed(bill: si.Settlement) -> si.Money:
    """What the unit owes for medical, without the sums that are due a head."""
    unit = [one for one in bill.contributions if one.payer is si.Payer.UNIT]
    return si.Money.sum(one.amount - one.fixed for one in unit)


@pytest.mark.parametrize("basis", BASES)
@given(roster=rosters, total=totals, rounding=st.sampled_from(ROUNDINGS))
def test_the_units_share_is_the_rules_amount_of_the_whole_to_the_fen(
    cascade_of: Make, basis: str, roster: si.Roster, total: si.Money, rounding: str
) -> None:
    roster = attrs.evolve(roster, total_wages=total)
    bill = settle_roster(cascade_of(rules(basis, rounding)), roster)
    persons = [one for one in bill.contributions if one.person and one.payer is si.Payer.UNIT]
    bases = si.Money.sum(one.base for one in persons)
    base = {"sum-of-bases": bases, "total-wages": total, "larger": max(bases, total)}[basis]
    assert owed(bill) == si.Rounding(rounding)(RATE.of(base))
    (gap,) = [one for one in bill.contributions if one.person is None]
    assert (gap.insurance, gap.payer, gap.base, gap.rate) == ("medical", si.Payer.UNIT, base, RATE)
    assert gap.amount == owed(bill) - si.Money.sum(one.amount - one.fixed for one in persons)
    assert gap.fixed == si.Money(0), "a sum due a head is not due once more for the unit"
    fixed = si.Money.sum(one.fixed for one in bill.contributions)
    assert fixed == si.Money.yuan("5") * len(roster)


@pytest.mark.parametrize("basis", BASES)
@given(roster=rosters, total=totals)
def test_the_persons_amounts_are_the_same_whatever_the_unit_rests_on(
    cascade_of: Make, basis: str, roster: si.Roster, total: si.Money
) -> None:
    whole = settle_roster(
        cascade_of(rules(basis)), attrs.evolve(roster, total_wages=total)
    ).contributions
    plain = settle_roster(cascade_of(rules("")), roster).contributions
    assert [one.amount for one in whole if one.person] == [one.amount for one in plain]
    assert all(one.person for one in plain), "without such a rule there is no such line"


@given(roster=rosters)
def test_the_sum_of_bases_differs_by_rounding_alone(cascade_of: Make, roster: si.Roster) -> None:
    bill = settle_roster(cascade_of(rules("sum-of-bases")), roster)
    gap = bill.contributions[-1]
    assert abs(gap.amount.fen) <= len(roster)


@pytest.mark.parametrize("basis", ["total-wages", "larger"])
@given(roster=rosters)
def test_total_wages_that_were_not_given_are_asked_for_and_never_guessed(
    cascade_of: Make, basis: str, roster: si.Roster
) -> None:
    cascade, roster = cascade_of(rules(basis)), attrs.evolve(roster, total_wages=None)
    with pytest.raises(si.OperandMissing, match="total wages") as caught:
        settle_roster(cascade, roster)
    assert caught.value.fault.code == "settle.total-wages-missing"
    bill = settle_roster(cascade, roster, strict=False)
    (missing,) = bill.unsettled
    assert (missing.person, missing.insurance, missing.payer) == (None, "medical", si.Payer.UNIT)
    assert "total_wages" in missing.fault.remedy("zh")
    assert all(one.person for one in bill.contributions)


@given(roster=rosters, total=totals)
def test_persons_of_different_rates_are_not_thrown_together(
    cascade_of: Make, roster: si.Roster, total: si.Money
) -> None:
    own = f"""
[[rates]]
insurance = "medical"
payer = "unit"
who = {{ household = ["foreign"] }}
values = [{{ from = "2020-01", rate = "1%", {CITED} }}]
"""
    roster = attrs.evolve(roster, total_wages=total)
    bill = settle_roster(cascade_of(rules("total-wages", more=own)), roster, strict=False)
    mixed = len({entry.household is si.Household.FOREIGN for entry in roster}) == 2
    codes = [one.fault.code for one in bill.unsettled]
    assert codes == (["settle.unit-base-mixed"] if mixed else [])
    assert (bill.contributions[-1].person is None) is not mixed


def test_a_unit_without_anybody_owes_nothing(cascade_of: Make) -> None:
    roster = si.Roster(MONTH, (), total_wages=si.Money.yuan("100000"))
    assert not settle_roster(cascade_of(rules("total-wages")), roster).contributions


@pytest.mark.parametrize("lang", ["zh", "en"])
@given(roster=rosters, total=totals)
def test_the_units_line_explains_how_it_came_about(
    cascade_of: Make, lang: str, roster: si.Roster, total: si.Money
) -> None:
    roster = attrs.evolve(roster, total_wages=total)
    gap = settle_roster(cascade_of(rules("total-wages")), roster).contributions[-1]
    text = gap.explain(lang)
    owed = si.Rounding.HALF_UP_FEN(RATE.of(total))
    for shown in (
        f"{total:,}",
        str(RATE),
        f"{owed:,}",
        f"{owed - gap.amount:,}",
        gap.amount.format(),
    ):
        assert shown in text
    assert "990100号" in text
