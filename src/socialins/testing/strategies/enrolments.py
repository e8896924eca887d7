"""Strategies for enrolments and their dated terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from socialins.model import (
    FIVE_INSURANCES,
    Enrolment,
    EnrolmentTerms,
    Exemption,
    InsuredPerson,
)
from socialins.testing.lazy import st
from socialins.testing.strategies.accounts import units
from socialins.testing.strategies.identity import persons
from socialins.testing.strategies.rosters import declared_wages, employments, households
from socialins.testing.strategies.values import month_spans
from socialins.values import Month, MonthSpan

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["enrolment_terms", "enrolments"]


def enrolment_terms(*, span: MonthSpan | None = None) -> SearchStrategy[EnrolmentTerms]:
    """What holds for an enrolment in a span of months.

    Shrinks towards the terms that hold when none are stated.

    Arguments:
        span: the months; drawn if left out.
    """
    exemptions = st.builds(
        Exemption, st.sampled_from(["停薪留职", "服兵役"]), st.sampled_from(["", "证明一份"])
    )
    return st.builds(
        EnrolmentTerms,
        month_spans() if span is None else st.just(span),
        households(),
        employments(),
        insured_status=st.sampled_from(["", "职工"]),
        medical_category=st.sampled_from(["", "在职", "退休"]),
        retired=st.booleans(),
        exemption=st.one_of(st.none(), st.none(), exemptions),
        dispatching_unit=st.one_of(st.none(), st.none(), units()),
    )


def enrolments(
    *,
    persons: SearchStrategy[InsuredPerson] | None = None,
    account_number: str = "100001",
    insurance: str | None = None,
    month: Month | str | None = None,
) -> SearchStrategy[Enrolment]:
    """Enrolments (参保关系) with terms and declared wages.

    Shrinks towards one in pension, without terms and wages.

    Arguments:
        persons: the persons.
        account_number: the account they belong to.
        insurance: the insurance; one of the five if left out.
        month: a month that they run in.
    """
    kinds = FIVE_INSURANCES if insurance is None else (insurance,)
    return _enrolments(
        _persons() if persons is None else persons,
        account_number,
        st.sampled_from(kinds),
        month_spans(containing=month),
    )


_persons = persons


@st.composite
def _enrolments(
    draw: DrawFn,
    persons: SearchStrategy[InsuredPerson],
    account_number: str,
    insurances: SearchStrategy[str],
    spans: SearchStrategy[MonthSpan],
) -> Enrolment:
    span = draw(spans)
    stated = draw(_TERMS)
    parts = _parts(span, sorted(draw(_CUTS)))
    return Enrolment(
        person=draw(persons),
        account_number=account_number,
        insurance=draw(insurances),
        span=span,
        terms=[attrs.evolve(one, span=part) for one, part in zip(stated, parts, strict=False)],
        wages=draw(_WAGES),
    )


_TERMS = st.lists(enrolment_terms(span=MonthSpan("2000-01")), max_size=2)
_CUTS = st.sets(st.integers(0, 119), min_size=4, max_size=4)
_WAGES = st.lists(declared_wages(), max_size=3)


def _parts(span: MonthSpan, cuts: list[int]) -> list[MonthSpan]:
    """Parts of a span that don't overlap, in order, with or without holes between them."""
    last = span.last or span.first + 120
    months = [month for month in (span.first + cut for cut in cuts) if month <= last]
    pairs = zip(months[::2], months[1::2], strict=False)
    return [MonthSpan(first, until - 1) for first, until in pairs]
