"""JSON: what an application stored and reads back must be what it stored."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.model.wire import from_plain, to_plain
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

MODEL: dict[str, tuple[type[Any], st.SearchStrategy[Any]]] = {
    "Money": (si.Money, sis.money()),
    "Rate": (si.Rate, sis.rates() | st.fractions(0, 1).map(si.Rate)),
    "Month": (si.Month, sis.months()),
    "MonthSpan": (si.MonthSpan, sis.month_spans()),
    "Rounding": (si.Rounding, sis.roundings()),
    "CreditCode": (si.CreditCode, sis.credit_codes()),
    "IdDocument": (si.IdDocument, sis.documents()),
    "InsuredPerson": (si.InsuredPerson, sis.persons()),
    "DeclaredWage": (si.DeclaredWage, sis.declared_wages()),
    "InjuryTerms": (si.InjuryTerms, sis.injury_terms()),
    "Unit": (si.Unit, sis.units()),
    "UnitAccount": (si.UnitAccount, sis.accounts()),
    "EnrolmentTerms": (si.EnrolmentTerms, sis.enrolment_terms()),
    "Enrolment": (si.Enrolment, sis.enrolments()),
    "RosterEntry": (si.RosterEntry, sis.roster_entries()),
    "Roster": (si.Roster, sis.rosters()),
}

faults = st.builds(
    si.Fault,
    st.just("roster.duplicate"),
    st.dictionaries(
        st.sampled_from(["person", "others"]),
        st.text("ab中", max_size=3) | st.builds(si.faults.Text, st.just("甲"), st.just("a")),
    ),
    st.builds(si.Place, row=st.none() | st.integers(1, 99), value=st.none() | st.just("x")),
    st.sampled_from(si.Severity),
)


@pytest.mark.parametrize("name", MODEL)
@given(data=st.data())
def test_what_was_written_reads_back_equal(name: str, data: st.DataObject) -> None:
    cls, strategy = MODEL[name]
    value = data.draw(strategy)
    text = si.to_json(value)
    back = si.from_json(cls, text)
    assert back == value
    assert type(back) is type(value)
    assert si.to_json(back) == text
    assert from_plain(cls, json.loads(json.dumps(to_plain(value)))) == value


@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=2))
def test_what_is_equal_is_written_alike(ids: list[str]) -> None:
    # Sets have no order, and the one they show changes with every process.
    written = to_plain(si.UnitAccount(si.Unit("甲"), insurances=frozenset(ids)))
    assert written["insurances"] == sorted(ids)


@given(sis.rosters(max_size=2), st.lists(faults, max_size=2))
def test_a_rosters_faults_and_rows_are_stored_with_it(
    roster: si.Roster, found: list[si.Fault]
) -> None:
    entries = [attrs.evolve(entry, row=row) for row, entry in enumerate(roster, start=2)]
    roster = attrs.evolve(roster, entries=entries, faults=found)
    assert si.from_json(si.Roster, si.to_json(roster)) == roster


@settings(max_examples=15)
@given(sis.rosters(month="2026-11", region=middle(), max_size=3))
def test_a_settlement_with_its_citations_is_stored_whole(roster: si.Roster) -> None:
    bill = middle().settle(roster, strict=False)
    for one in bill.contributions:
        assert si.from_json(si.Contribution, si.to_json(one)) == one
    assert si.from_json(si.Settlement, si.to_json(bill)) == bill


@given(sis.rosters(min_size=1, max_size=2))
def test_no_number_on_the_way_is_a_binary_float(roster: si.Roster) -> None:
    def refuse(text: str) -> object:
        raise AssertionError(f"{text} was written as a float")

    json.loads(si.to_json(roster), parse_float=refuse)


@pytest.mark.parametrize(
    ("cls", "text", "named"),
    [
        (si.Money, "1600.0", "float 1600.0"),
        (si.Rate, "0.098", "float 0.098"),
        (si.DeclaredWage, '{"amount": 5000.5}', "amount"),
        (si.DeclaredWage, '{"amount": "-1.00"}', "negative"),
        (si.DeclaredWage, "{}", "amount"),
        (si.Month, '"2026-13"', "month 13"),
        (si.Unit, '{"name": "x", "credit_code": "91110105MA01ABCD0X"}', "credit_code"),
        (si.InjuryTerms, '{"span": "2026-01..", "rate": "-1%"}', "outside 0 % to 100 %"),
        (si.InjuryTerms, '{"span": "2026-01.."}', "one of the two"),
        (si.RosterEntry, '{"household": "city"}', "household"),
    ],
)
def test_stored_data_that_does_not_fit_is_refused_by_name(
    cls: type[Any], text: str, named: str
) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        si.from_json(cls, text)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("retired", "false", "str 'false' found where true or false is expected"),
        ("retired", 0, "int 0 found where true or false is expected"),
        ("insured_status", 5, "int 5 found where text is expected"),
    ],
)
def test_what_only_looks_like_a_value_is_no_value(field: str, value: object, problem: str) -> None:
    terms = si.EnrolmentTerms(si.MonthSpan("2026-07"))
    plain = {**to_plain(terms), field: value}
    with pytest.raises(ValueError, match=problem):
        from_plain(si.EnrolmentTerms, plain)
