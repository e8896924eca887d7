"""Enrolment (参保关系): a person at an account in one insurance, over a span of months.

What changes with time stands in dated terms, so that a past month is settled by what held then.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialins.model.codes import Employment, Household
from socialins.model.person import InsuredPerson
from socialins.model.unit import Unit
from socialins.model.wage import DeclaredWage
from socialins.values import Month, MonthSpan

__all__ = ["Enrolment", "EnrolmentTerms", "Exemption"]


@attrs.frozen
class Exemption:
    """Why nothing is owed for a person, though enrolled (免缴).

    Arguments:
        ground: the ground, in the bureau's words.
        document: the paper it rests on, if any.
    """

    ground: str
    document: str = ""


@attrs.frozen
class EnrolmentTerms:
    """What holds for an enrolment in a span of months.

    Arguments:
        span: the months.
        household: household class (户籍).
        employment: full-time or part-time (用工形式).
        insured_status: the bureau's category of the insured (参保身份), in its words.
        medical_category: the medical category (医疗参保人员类别), in the bureau's words.
        retired: retired rather than in service.
        exemption: the ground on which nothing is owed, if there is one.
        dispatching_unit: the unit that dispatched the person (劳务派遣), if another one.
    """

    span: MonthSpan
    household: Household = Household.URBAN_LOCAL
    employment: Employment = Employment.FULL_TIME
    insured_status: str = ""
    medical_category: str = ""
    retired: bool = False
    exemption: Exemption | None = None
    dispatching_unit: Unit | None = None


def _terms(terms: Iterable[EnrolmentTerms]) -> tuple[EnrolmentTerms, ...]:
    return tuple(terms)


def _wages(wages: Iterable[DeclaredWage]) -> tuple[DeclaredWage, ...]:
    return tuple(wages)


def _terms_fit(enrolment: Enrolment, _attribute: object, terms: tuple[EnrolmentTerms, ...]) -> None:
    for index, one in enumerate(terms):
        for other in terms[index + 1 :]:
            if months := one.span.overlap(other.span):
                raise ValueError(f"enrolment in {enrolment.insurance}: two terms hold for {months}")


@attrs.frozen
class Enrolment:
    """A person × account × insurance over a span of months.

    Arguments:
        person: the insured person.
        account_number: the number of the account (单位编号) it belongs to.
        insurance: the insurance's id.
        span: from the first insured month; open while it runs.
        terms: what holds when; months without terms have the defaults.
        wages: declared wages, each from its month on.
    """

    person: InsuredPerson
    account_number: str
    insurance: str
    span: MonthSpan
    terms: tuple[EnrolmentTerms, ...] = attrs.field(
        default=(), converter=_terms, validator=_terms_fit
    )
    wages: tuple[DeclaredWage, ...] = attrs.field(default=(), converter=_wages)

    def terms_in(self, month: Month) -> EnrolmentTerms:
        """The terms of a month; the defaults where none were given."""
        for terms in self.terms:
            if month in terms.span:
                return terms
        return EnrolmentTerms(MonthSpan(month, month))

    def wage_in(self, month: Month) -> DeclaredWage | None:
        """The wage declared last before or in a month; one without a month holds from the start."""
        known = [wage for wage in self.wages if wage.since is None or wage.since <= month]
        return max(known, key=lambda wage: wage.since.index if wage.since else 0, default=None)
