"""Faults: a problem that loses its place, its values or its code can't be mended by anybody."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, strategies as st

from socialins.faults import (
    Fault,
    FaultError,
    MissingExtra,
    Place,
    Severity,
    SocialinsError,
    Text,
    core_catalogue,
    require,
)

codes = st.sampled_from(sorted(entry.code for entry in core_catalogue()))
words = st.text("abc中", max_size=5)
texts = st.builds(Text, words, words)
places = st.builds(
    Place,
    file=st.none() | words,
    sheet=st.none() | words,
    row=st.none() | st.integers(1, 10**6),
    column=st.none() | words,
    field=st.none() | words,
    value=st.none() | words,
)


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    code = draw(codes)
    names = sorted(core_catalogue().entry(code).names())
    values = {name: draw(words | texts) for name in names}
    return Fault(code, values, draw(places))


@given(faults(), st.sampled_from(["zh", "en"]))
def test_every_text_is_filled_with_its_values(fault: Fault, lang: str) -> None:
    for text in (fault.message(lang), fault.explanation(lang), *fault.remedies(lang)):
        assert "{" not in text
        assert "?" not in text
    assert fault.message(lang)
    assert fault.remedy(lang)
    for word in fault.words(lang).values():
        assert isinstance(word, str)


@given(faults(), places)
def test_what_a_fault_knows_of_its_place_is_never_overwritten(fault: Fault, place: Place) -> None:
    moved = fault.at(place)
    for name in ("file", "sheet", "row", "column", "field", "value"):
        known = getattr(fault.place, name)
        expected = known if known is not None else getattr(place, name)
        assert getattr(moved.place, name) == expected
    assert (moved.code, moved.values, moved.severity) == (fault.code, fault.values, fault.severity)


@given(faults())
def test_a_fault_travels_between_processes(fault: Fault) -> None:
    assert pickle.loads(pickle.dumps(fault)) == fault
    assert hash(fault) == hash(Fault(fault.code, fault.values, fault.place, fault.severity))
    error = pickle.loads(pickle.dumps(FaultError(fault)))
    assert error.fault == fault
    assert str(error) == str(FaultError(fault))


@given(faults())
def test_an_error_names_problem_and_remedy(fault: Fault) -> None:
    text = str(FaultError(fault))
    assert fault.message("en") in text
    assert fault.remedy("en") in text


def test_a_place_is_told_in_the_readers_language() -> None:
    place = Place(file="a.xlsx", sheet="一", row=7, column="申报工资", field="wage")
    assert place.describe("zh") == "a.xlsx，一，第7行，申报工资"
    assert place.describe("en") == "a.xlsx, 一, row 7, 申报工资"
    assert Place(field="wage").describe("en") == "wage"
    assert Place().describe("zh") == ""


def test_a_fault_has_the_catalogues_severity_unless_told_otherwise() -> None:
    assert Fault("identity.checksum").is_error
    assert Fault("rules.caveat").severity is Severity.WARNING
    assert not Fault("identity.checksum", severity=Severity.WARNING).is_error


def test_a_code_without_words_is_refused_where_the_fault_is_made() -> None:
    with pytest.raises(KeyError, match="list it there"):
        Fault("no.such.code")


def test_the_callers_values_can_change_without_changing_the_fault() -> None:
    values: dict[str, str | Text] = {"number": "1"}
    fault = Fault("identity.checksum", values)
    values["number"] = "2"
    assert "'1'" in fault.message("en")


def test_a_missing_extra_says_the_command_and_is_an_import_error() -> None:
    with pytest.raises(MissingExtra, match=r"pip install 'socialins\[xlsx\]'") as caught:
        require("no_such_module_at_all", "xlsx")
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, SocialinsError)
    assert caught.value.fault.code == "install.extra-missing"
    assert require("json", "xlsx").loads("1") == 1
