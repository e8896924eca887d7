"""Settling: what every bill of every unit must be, whatever the region's rules."""

from __future__ import annotations

from collections import defaultdict

import attrs
import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONTH = si.Month(2026, 11)
rosters = sis.rosters(month=MONTH, region=REGION, max_size=5)
persons_paid = {"insurance", "item", "payer", "base", "rate", "fixed", "amount", "wage", "period"}


def figures(bill: si.Settlement, entry: si.RosterEntry) -> list[dict[str, object]]:
    """What somebody owes, as plain figures."""
    return [{name: getattr(one, name) for name in persons_paid} for one in bill.of(entry.person)]


@given(rosters)
def test_totals_are_the_sums_of_the_amounts(roster: si.Roster) -> None:
    bill = REGION.settle(roster)
    assert bill.total == si.Money.sum(one.amount for one in bill.contributions)
    assert bill.total == bill.unit_total + bill.person_total
    by_key: defaultdict[tuple[str, si.Payer], si.Money] = defaultdict(lambda: si.Money(0))
    for one in bill.contributions:
        by_key[one.insurance, one.payer] += one.amount
    assert bill.totals == by_key
    unit = (one.amount for one in bill.contributions if one.payer is si.Payer.UNIT)
    assert bill.unit_total == si.Money.sum(unit)


@given(rosters)
def test_every_amount_is_its_base_times_its_rate_rounded_and_never_negative(
    roster: si.Roster,
) -> None:
    for one in REGION.settle(roster).contributions:
        line = one.line
        assert one.amount - one.fixed == line.amount_rounding(one.rate.of(one.base))
        assert (one.amount - one.fixed).fen % line.amount_rounding.spec.step == 0
        assert one.amount >= si.Money(0)
        assert line.floor is None or one.base.fen >= line.floor
        assert line.cap is None or one.base.fen <= line.cap
        assert (one.period, one.kind) == (MONTH, si.Kind.REGULAR)
        assert one.sources
        assert not one.provisional


@given(rosters, st.randoms(use_true_random=False))
def test_the_order_of_the_roster_does_not_matter(roster: si.Roster, random: object) -> None:
    entries = list(roster)
    random.shuffle(entries)  # type: ignore[attr-defined]
    bill = REGION.settle(roster)
    shuffled = REGION.settle(attrs.evolve(roster, entries=entries))
    assert shuffled.totals == bill.totals
    for entry in roster:
        assert figures(shuffled, entry) == figures(bill, entry)


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=4))
def test_what_a_person_owes_does_not_depend_on_the_others(roster: si.Roster) -> None:
    bill = REGION.settle(roster)
    for entry in roster:
        alone = REGION.settle(attrs.evolve(roster, entries=[entry]))
        assert figures(alone, entry) == figures(bill, entry)


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=1), st.integers(0, 10**7))
def test_a_higher_wage_never_owes_less(roster: si.Roster, more: int) -> None:
    (entry,) = roster
    raised = attrs.evolve(entry, wage=si.DeclaredWage(entry.wage.amount + si.Money(more)))
    before = figures(REGION.settle(roster), entry)
    after = figures(REGION.settle(attrs.evolve(roster, entries=[raised])), raised)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert one["base"] <= other["base"]  # type: ignore[operator]
        assert one["amount"] <= other["amount"]  # type: ignore[operator]


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=1), st.integers(0, 10**9))
def test_beyond_the_highest_cap_nothing_changes(roster: si.Roster, beyond: int) -> None:
    (entry,) = roster
    capped = frozenset({"pension", "medical", "unemployment", "injury"})  # all but long-term care
    highest = sis.edges(region=REGION, month=MONTH)[-1] + si.Money(100)

    def amounts(wage: si.Money) -> list[si.Money]:
        changed = attrs.evolve(entry, wage=si.DeclaredWage(wage), insurances=capped)
        bill = REGION.settle(attrs.evolve(roster, entries=[changed]))
        return [one.amount for one in bill.contributions]

    assert amounts(highest) == amounts(highest + si.Money(beyond))


@given(rosters)
def test_every_line_of_everybody_is_owed_once(roster: si.Roster) -> None:
    bill = REGION.settle(roster)
    keys = [
        (one.person.key if one.person else None, one.insurance, one.item, one.payer)
        for one in bill.contributions
    ]
    assert len(keys) == len(set(keys))
    assert bill.persons == len(roster)
    rows = [one.person.key for one in bill.contributions if one.person]
    listed = [entry.person.key for entry in roster if entry.person.key in rows]
    assert list(dict.fromkeys(rows)) == listed, "in the order of the roster"


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=4))
def test_insurances_chosen_for_a_person_are_those_settled(roster: si.Roster) -> None:
    bill = REGION.settle(roster)
    for entry in roster:
        settled = {one.insurance for one in bill.of(entry.person)}
        if entry.insurances is not None:
            assert settled <= entry.insurances
            assert settled == entry.insurances - {"maternity"}, "merged into medical"
        elif entry.employment is si.Employment.PART_TIME:
            assert settled == {"injury"}
        else:
            assert settled == {"pension", "medical", "unemployment", "injury", "long-term-care"}


@given(
    sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=4),
    st.frozensets(st.sampled_from(["pension", "medical", "injury"])),
)
def test_an_account_settles_the_insurances_that_it_keeps(
    roster: si.Roster, kept: frozenset[str]
) -> None:
    assert roster.account is not None
    account = attrs.evolve(roster.account, insurances=kept)
    whole = REGION.settle(roster)
    part = REGION.settle(attrs.evolve(roster, account=account))
    assert {one.insurance for one in part.contributions} <= kept
    expected = [one for one in whole.contributions if one.insurance in kept]
    assert [one.amount for one in part.contributions] == [one.amount for one in expected]


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=3), st.integers(0, 2))
def test_an_insurance_nobody_has_heard_of_keeps_its_row_out_and_the_others_in(
    roster: si.Roster, place: int
) -> None:
    entries = list(roster)
    place %= len(entries)
    entries[place] = attrs.evolve(entries[place], insurances={"pension", "pensoin"}, row=7)
    bill = REGION.settle(attrs.evolve(roster, entries=entries))
    assert not bill.of(entries[place].person), "a faulty row is wholly absent"
    (fault,) = bill.errors
    assert (fault.code, fault.place.row, fault.place.value) == (
        "settle.insurance-unheard",
        7,
        "pensoin",
    )
    assert "pension, medical" in fault.remedy("en")
    assert bill.persons == len(entries) - 1
    del entries[place]
    assert bill.total == REGION.settle(attrs.evolve(roster, entries=entries)).total


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=2))
def test_an_account_that_keeps_what_nobody_has_heard_of_is_told_so(roster: si.Roster) -> None:
    assert roster.account is not None
    account = attrs.evolve(roster.account, insurances={"pension", "pensoin"})
    bill = REGION.settle(attrs.evolve(roster, account=account))
    assert [(fault.code, fault.place.value) for fault in bill.errors] == [
        ("settle.insurance-unheard", "pensoin")
    ]


@given(rosters)
def test_faults_found_on_reading_go_on_to_the_bill(roster: si.Roster) -> None:
    fault = si.Fault("identity.checksum", {"number": "1"}, si.Place(row=3))
    bill = REGION.settle(attrs.evolve(roster, faults=[fault]))
    assert bill.faults[0] is fault
    assert bill.errors == (fault,)


def test_nobody_owes_nothing() -> None:
    bill = REGION.settle(si.Roster(MONTH, ()))
    assert (bill.total, bill.persons, bill.contributions) == (si.Money(0), 0, ())
    with pytest.raises(KeyError, match="nothing was settled for this person"):
        bill.explain("110101200001010010")


@settings(max_examples=5)
@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=1))
def test_progress_ends_with_everybody(roster: si.Roster) -> None:
    (entry,) = roster
    seen: list[int] = []
    numbers = [si.IdDocument("passport", f"E{count:08}") for count in range(600)]
    crowd = [attrs.evolve(entry, person=si.InsuredPerson("王一", number)) for number in numbers]
    REGION.settle(attrs.evolve(roster, entries=crowd), progress=seen.append)
    assert seen == [256, 512, 600]


@given(sis.rosters(month="2026-12", region=REGION, max_size=3, accounts=sis.accounts(month=MONTH)))
def test_the_month_asked_for_comes_before_the_rosters_own(roster: si.Roster) -> None:
    bill = REGION.settle(roster, "2026-11")
    assert bill.month == MONTH
    assert all(one.period == MONTH for one in bill.contributions)


@settings(max_examples=20)
@given(sis.rosters(month="2025-12", region=REGION, min_size=1, max_size=2))
def test_a_yearly_sum_is_collected_once_and_a_monthly_one_by_its_table(roster: si.Roster) -> None:
    chosen = [attrs.evolve(entry, insurances={"medical", "long-term-care"}) for entry in roster]
    yearly, monthly = [], []
    for month in si.Month(2026, 1).to(si.Month(2026, 12)):
        bill = REGION.settle(attrs.evolve(roster, entries=chosen, month=month))
        for one in bill.contributions:
            if one.payer is si.Payer.PERSON and one.item != "basic":
                monthly.append(one.fixed)
            elif one.payer is si.Payer.PERSON and one.insurance == "long-term-care":
                yearly.append(one.fixed)
    assert si.Money.sum(yearly) == si.Money.yuan("90") * len(chosen)
    assert sum(bool(one) for one in yearly) == len(chosen)
    assert si.Money.sum(monthly) == si.Money.yuan("260") * len(chosen)
