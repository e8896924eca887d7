"""Enrolments and accounts: a past month is settled by what held then, not by what holds now."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given, strategies as st

from socialins.identity import DocumentType, Sex
from socialins.model import (
    DeclaredWage,
    Enrolment,
    EnrolmentTerms,
    Household,
    InjuryTerms,
    InsuredPerson,
    Payer,
    Unit,
    UnitAccount,
)
from socialins.testing import strategies as sis
from socialins.values import Money, Month, MonthSpan, Rate


@given(sis.enrolments(), sis.months())
def test_the_terms_of_a_month_are_those_whose_span_holds_it(
    enrolment: Enrolment, month: Month
) -> None:
    found = enrolment.terms_in(month)
    assert month in found.span
    if found not in enrolment.terms:
        assert not any(month in terms.span for terms in enrolment.terms)
        assert found == EnrolmentTerms(MonthSpan(month, month))


@given(sis.enrolments(), sis.months())
def test_the_wage_of_a_month_is_the_one_declared_last_before_it(
    enrolment: Enrolment, month: Month
) -> None:
    found = enrolment.wage_in(month)
    earlier = [wage for wage in enrolment.wages if wage.since is None or wage.since <= month]
    if not earlier:
        assert found is None
    else:
        assert found in earlier
        assert found.since == max((wage.since for wage in earlier if wage.since), default=None)


@given(sis.month_spans(), st.data())
def test_two_terms_for_one_month_are_refused(span: MonthSpan, data: st.DataObject) -> None:
    month = data.draw(sis.months(min_value=span.first, max_value=span.last or "2099-12"))
    other = data.draw(sis.month_spans(containing=month))
    enrolment = data.draw(sis.enrolments())
    terms = [EnrolmentTerms(span), EnrolmentTerms(other, Household.FOREIGN)]
    with pytest.raises(ValueError, match="two terms hold for"):
        attrs.evolve(enrolment, terms=terms)
    injuries = [InjuryTerms(span, risk_class=1), InjuryTerms(other, rate=Rate("0.2%"))]
    with pytest.raises(ValueError, match="two injury rates hold for"):
        UnitAccount(Unit("甲"), injury=injuries)


@given(sis.accounts(), sis.months())
def test_injury_terms_hold_for_their_months_and_no_other(
    account: UnitAccount, month: Month
) -> None:
    found = account.injury_in(month)
    assert (found is not None) is any(month in terms.span for terms in account.injury)


@pytest.mark.parametrize("risk_class", [0, 9, -1, 1.5])
def test_an_injury_class_that_does_not_exist_is_refused(risk_class: int) -> None:
    with pytest.raises(ValueError, match="classes run from 1 to 8"):
        InjuryTerms(MonthSpan("2026-01"), risk_class=risk_class)


def test_an_account_has_a_class_or_a_rate_and_not_both() -> None:
    with pytest.raises(ValueError, match="one of the two"):
        InjuryTerms(MonthSpan("2026-01"))
    with pytest.raises(ValueError, match="one of the two"):
        InjuryTerms(MonthSpan("2026-01"), risk_class=1, rate=Rate("0.2%"))


@given(sis.persons())
def test_a_persons_birth_date_and_sex_come_from_the_document(person: InsuredPerson) -> None:
    assert person.birth_date == person.document.birth_date
    assert person.sex == person.document.sex
    if person.birth_date is None:
        assert person.age_on(date(2026, 11, 30)) is None
        assert person.document.type not in (
            DocumentType.RESIDENT_ID,
            DocumentType.RESIDENCE_PERMIT,
        )


@given(sis.persons(), sis.months(min_value="2008-01"))
def test_age_is_counted_in_whole_years(person: InsuredPerson, month: Month) -> None:
    day, born = month.last_day, person.birth_date
    if born is not None:
        had_it = (day.month, day.day) >= (born.month, born.day)
        assert person.age_on(day) == day.year - born.year - (not had_it)


@given(sis.resident_ids(sex=Sex.FEMALE), sis.resident_ids(sex=Sex.MALE))
def test_drawn_numbers_have_the_sex_asked_for(female: str, male: str) -> None:
    from socialins.identity import IdDocument

    assert IdDocument("resident-id", female).sex is Sex.FEMALE
    assert IdDocument("resident-id", male).sex is Sex.MALE


def test_a_negative_wage_is_refused() -> None:
    with pytest.raises(ValueError, match="can't be negative"):
        DeclaredWage(Money(-1))
    assert DeclaredWage(Money(0)).amount == Money(0)


@pytest.mark.parametrize("household", Household)
def test_a_household_class_is_read_from_its_code_its_name_and_common_words(
    household: Household,
) -> None:
    for word in (household.value, household.zh, household.en.upper(), *household.words):
        assert Household.read(f" {word} ") is household
    assert household.text.get("zh") == household.title()
    assert Household.read("火星") is None
    assert f"{household.value} ({household.zh})" in Household.choices()


def test_no_word_means_two_household_classes() -> None:
    words = [word for one in Household for word in {one.value, one.zh, one.en, *one.words}]
    assert len(words) == len(set(words))
    assert [payer.value for payer in Payer] == ["unit", "person"]
