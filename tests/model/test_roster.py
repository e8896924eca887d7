"""Rosters: who stands in one twice must not be charged twice, nor forgotten."""

from __future__ import annotations

from collections import Counter

import attrs
import pytest
from hypothesis import given, strategies as st

from socialins.model import (
    DeclaredWage,
    Enrolment,
    EnrolmentTerms,
    Exemption,
    Household,
    InsuredPerson,
    Roster,
    RosterEntry,
    UnitAccount,
)
from socialins.testing import strategies as sis
from socialins.values import Money, Month, MonthSpan, Rate

MONTH = Month(2026, 11)
few_persons = st.lists(sis.persons(), min_size=1, max_size=3, unique_by=lambda one: one.key)


@st.composite
def entries_of_few(draw: st.DrawFn) -> list[RosterEntry]:
    """Entries in which the same persons come up again and again."""
    persons = draw(few_persons)
    listed = draw(
        st.lists(sis.roster_entries(persons=st.sampled_from(persons)), min_size=1, max_size=8)
    )
    return [attrs.evolve(entry, row=row) for row, entry in enumerate(listed, start=2)]


@given(entries_of_few())
def test_a_person_named_twice_is_left_out_whole_and_every_row_is_a_fault(
    entries: list[RosterEntry],
) -> None:
    roster = Roster.gather(MONTH, entries)
    rows = Counter(entry.person.key for entry in entries)
    assert [entry.person.key for entry in roster] == [key for key in rows if rows[key] == 1]
    twice = {entry.row for entry in entries if rows[entry.person.key] > 1}
    assert {fault.place.row for fault in roster.faults} == twice
    assert len(roster.faults) + len(roster) == len(entries), "nothing entered is lost"
    for fault in roster.faults:
        others = {
            str(entry.row)
            for entry in entries
            if entry.row != fault.place.row
            and entry.person.key
            == next(one.person.key for one in entries if one.row == fault.place.row)
        }
        assert set(fault.words("en")["others"].split(", ")) == others


@given(entries_of_few())
def test_a_fault_never_shows_a_whole_number(entries: list[RosterEntry]) -> None:
    roster = Roster.gather(MONTH, entries)
    shown = "".join(fault.message() + str(fault.place.value) for fault in roster.faults)
    assert not any(entry.person.document.number in shown for entry in entries)


@given(entries_of_few())
def test_faults_found_before_are_kept(entries: list[RosterEntry]) -> None:
    first = Roster.gather(MONTH, entries)
    again = Roster.gather(MONTH, first.entries, faults=first.faults)
    assert again == first


@given(sis.roster_entries())
def test_a_roster_made_by_hand_refuses_the_same_person_twice(entry: RosterEntry) -> None:
    with pytest.raises(ValueError, match=r"twice in one account and month; use Roster\.gather"):
        Roster(MONTH, (entry, entry))


def test_the_same_number_on_another_kind_of_document_is_another_person() -> None:
    from socialins.identity import IdDocument

    people = [
        InsuredPerson("甲", IdDocument(kind, "12345678")) for kind in ("passport", "taiwan-pass")
    ]
    roster = Roster(MONTH, [RosterEntry(one, DeclaredWage(Money(1))) for one in people])
    assert len(roster) == 2


@pytest.mark.parametrize("wage", [5000.0, 5000, "¥5000", None])
def test_a_wage_that_is_no_money_is_refused_with_what_to_pass(wage: object) -> None:
    with pytest.raises(TypeError, match=r"pass Money\.yuan\('5000\.00'\)"):
        DeclaredWage(wage)  # type: ignore[arg-type]


@given(sis.roster_entries())
def test_floats_and_impossible_rates_stay_out_of_a_roster(entry: RosterEntry) -> None:
    with pytest.raises(TypeError, match=r"pass Rate\('9\.8%'\)"):
        attrs.evolve(entry, injury_rate=0.002)
    for impossible in ("-0.2%", "101%"):
        with pytest.raises(ValueError, match="outside 0 % to 100 %"):
            attrs.evolve(entry, injury_rate=Rate(impossible))
    with pytest.raises(TypeError, match=r"pass Money\.yuan"):
        Roster(MONTH, [entry], total_wages=100000.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="can't be negative"):
        Roster(MONTH, [entry], total_wages=Money(-1))


# From enrolments.


NUMBER = "100001"
enrolled = st.lists(
    st.one_of(
        sis.enrolments(account_number=NUMBER, month=MONTH),
        sis.enrolments(account_number="200002", month=MONTH),
        sis.enrolments(account_number=NUMBER),
    ),
    max_size=6,
)
accounts = sis.accounts(month=MONTH).map(lambda one: attrs.evolve(one, number=NUMBER))


@given(accounts, enrolled)
def test_everybody_enrolled_and_due_is_in_the_roster_or_in_the_faults(
    account: UnitAccount, enrolments: list[Enrolment]
) -> None:
    roster = Roster.from_enrolments(MONTH, account, enrolments)
    due: dict[tuple[str, str], list[Enrolment]] = {}
    for one in enrolments:
        here = one.account_number == NUMBER and MONTH in one.span
        if here and one.terms_in(MONTH).exemption is None:
            due.setdefault(one.person.key, []).append(one)
    assert len(roster) + len(roster.faults) == len(due)
    assert roster.account == account
    for entry in roster:
        parts = due[entry.person.key]
        assert entry.insurances == {part.insurance for part in parts}
        assert entry.wage in {part.wage_in(MONTH) for part in parts}
        assert entry.household in {part.terms_in(MONTH).household for part in parts}


def enrolment(
    person: InsuredPerson, insurance: str = "pension", wage: str | None = "5000", **terms: object
) -> Enrolment:
    span = MonthSpan("2026-01")
    return Enrolment(
        person=person,
        account_number=NUMBER,
        insurance=insurance,
        span=span,
        terms=[EnrolmentTerms(span, **terms)] if terms else (),  # type: ignore[arg-type]
        wages=[DeclaredWage(Money.yuan(wage))] if wage else (),
    )


@given(accounts, sis.persons())
def test_enrolments_of_one_person_become_one_entry(
    account: UnitAccount, person: InsuredPerson
) -> None:
    parts = [enrolment(person, kind, household=Household.FOREIGN) for kind in ("pension", "injury")]
    (entry,) = Roster.from_enrolments(MONTH, account, parts)
    assert entry.insurances == {"pension", "injury"}
    assert entry.wage.amount == Money.yuan("5000")
    assert entry.household is Household.FOREIGN


@given(accounts, sis.persons())
def test_wages_that_differ_or_are_missing_are_faults_and_never_guessed(
    account: UnitAccount, person: InsuredPerson
) -> None:
    differing = [enrolment(person, "pension", "5000"), enrolment(person, "medical", "6000")]
    roster = Roster.from_enrolments(MONTH, account, differing)
    (fault,) = roster.faults
    assert (len(roster), fault.code) == (0, "roster.wage.differs")
    assert "¥5,000.00, ¥6,000.00" in fault.message("en")
    roster = Roster.from_enrolments(MONTH, account, [enrolment(person, wage=None)])
    assert [fault.code for fault in roster.faults] == ["roster.wage.missing"]
    half = [enrolment(person, "pension", "5000"), enrolment(person, "medical", wage=None)]
    roster = Roster.from_enrolments(MONTH, account, half)
    assert [fault.code for fault in roster.faults] == ["roster.wage.missing"]
    assert len(roster) == 0


@given(accounts, sis.persons())
def test_household_classes_that_differ_are_a_fault_and_never_chosen_among(
    account: UnitAccount, person: InsuredPerson
) -> None:
    parts = [
        enrolment(person, "pension", household=Household.URBAN_LOCAL),
        enrolment(person, "unemployment", household=Household.RURAL_LOCAL),
    ]
    roster = Roster.from_enrolments(MONTH, account, parts)
    assert [fault.code for fault in roster.faults] == ["roster.terms.differ"]
    assert len(roster) == 0


@given(accounts, sis.persons())
def test_who_is_exempt_in_one_insurance_still_owes_the_others(
    account: UnitAccount, person: InsuredPerson
) -> None:
    exempt = enrolment(person, "medical", exemption=Exemption("停薪留职"))
    (entry,) = Roster.from_enrolments(MONTH, account, [exempt, enrolment(person, "pension")])
    assert entry.insurances == {"pension"}
    assert len(Roster.from_enrolments(MONTH, account, [exempt])) == 0
