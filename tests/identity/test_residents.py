"""Numbers told from tables: one that `read_document` doubts must never pass for a good one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from stdnum.cn.ric import calc_check_digit

from socialins.identity import DocumentType, read_document
from socialins.identity.divisions import last_listed, was_in_use
from socialins.identity.residents import ResidentNumbers

TODAY = date(2026, 11, 22)
DIVISIONS = (
    "110105",
    "119999",
    "810000",
    "830000",
    "911124",
    "999999",
    "440306",
    "130127",
    "000000",
)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Numbers of which each part is right, or nearly so."""
    division = draw(st.sampled_from(DIVISIONS) | st.integers(0, 999_999).map("{:06}".format))
    days = st.dates(date(1880, 1, 1), date(2030, 1, 1)).map("{:%Y%m%d}".format)
    day = draw(days | st.sampled_from(["19000229", "19000101", "20261122", "20261123", "19901301"]))
    body = division + day + f"{draw(st.integers(0, 999)):03}"
    check = calc_check_digit(body + "0")
    number = body + draw(st.sampled_from([check, check, check, "0", "X", "x", "A"]))
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, 17))
        number = number[:at] + draw(st.sampled_from("X٣５ a")) + number[at + 1 :]
    return draw(st.sampled_from([number, number, number, number[:-1], number + "0"]))


def slowly(number: str, monkeypatch: pytest.MonkeyPatch, kind: Any = None) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(ResidentNumbers, "read", lambda _self, _number: None)
        return read_document(number, kind, TODAY)


@settings(max_examples=600)
@given(listed=st.lists(numbers(), min_size=1, max_size=5))
def test_what_the_tables_take_is_what_the_full_check_takes(listed: list[str]) -> None:
    known = ResidentNumbers(TODAY)
    with pytest.MonkeyPatch.context() as monkeypatch:
        for number in [*listed, *listed]:
            found, read = known.read(number), slowly(number, monkeypatch)
            fine = read.document is not None and not read.faults
            resident = fine and read.document.type is DocumentType.RESIDENT_ID
            if resident and not number.endswith("000") and number[-1] != "x":
                assert found is not None
            if found is not None:
                assert fine
                document, born, sex = found
                assert document == read.document
                assert hash(document) == hash(read.document)
                assert (born, sex) == (document.birth_date, document.sex)


@settings(max_examples=300)
@given(number=numbers(), kind=st.none() | st.sampled_from(list(DocumentType)))
def test_a_number_is_judged_the_same_with_and_without_tables(
    number: str, kind: DocumentType | None
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert read_document(number, kind, TODAY) == slowly(number, monkeypatch, kind)


@given(
    division=st.sampled_from(DIVISIONS) | st.integers(110_000, 660_000).map(str),
    born=st.integers(1900, 2026),
)
def test_a_division_is_in_use_until_the_last_year_that_lists_it(division: str, born: int) -> None:
    assert was_in_use(division, born, 2026) == (last_listed(division, 2026) >= born)
