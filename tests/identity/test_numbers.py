"""Bureau numbers have the shape that a region states, and no other."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from socialins.identity import NumberShape

KEY = NumberShape("密钥编号", "key number", 12)  # S01
COMPUTER = NumberShape("电脑编码", "computer code", 13)  # S03
UNIT = NumberShape("单位编号", "unit number", 10, pad_from=7)  # S27
MIXED = NumberShape("登记证编码", "certificate code", 9, alphabet="letters-digits")
SHAPES = (KEY, COMPUTER, UNIT, MIXED)


@given(st.sampled_from(SHAPES), st.data())
def test_a_number_of_the_right_shape_is_taken_as_it_is(
    shape: NumberShape, data: st.DataObject
) -> None:
    number = data.draw(st.text("0123456789", min_size=shape.length, max_size=shape.length))
    assert shape.check(number) == (number, ())
    assert shape.check(f" {number[:4]}\u3000{number[4:]}\u200b") == (number, ())


@pytest.mark.parametrize("shape", [KEY, COMPUTER, UNIT, MIXED])
@pytest.mark.parametrize("change", [-1, 1])
def test_one_digit_too_few_or_too_many_is_said(shape: NumberShape, change: int) -> None:
    number, (fault,) = shape.check("1" * (shape.length + change))
    assert number is None
    assert fault.code == "number.shape"
    assert shape.zh in fault.message("zh")
    assert shape.en in fault.message("en")
    assert str(shape.length) in fault.message("zh")


@given(st.text("0123456789", min_size=7, max_size=7))
def test_s27_an_old_unit_number_is_padded_and_somebody_is_told(old: str) -> None:
    number, (warning,) = UNIT.check(old)
    assert number == "000" + old
    assert warning.code == "number.padded"
    assert not warning.is_error
    assert "000" + old in warning.message("zh")


def test_only_a_region_that_states_it_pads() -> None:
    assert KEY.check("1234567")[0] is None


def test_s27_an_old_number_with_a_letter_is_not_padded() -> None:
    number, (fault,) = UNIT.check("12345A7")
    assert (number, fault.code) == (None, "number.digits")
    assert (fault.values["place"], fault.values["character"]) == ("6", "A")


def test_letters_are_taken_where_the_region_has_them_and_only_there() -> None:
    assert MIXED.check("ab1234567") == ("AB1234567", ())
    assert MIXED.check("AB-234567")[1][0].code == "number.letters-digits"
    assert KEY.check("A23456789012")[1][0].code == "number.digits"


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_a_number_that_is_missing_is_called_missing(text: str) -> None:
    number, (fault,) = KEY.check(text)
    assert (number, fault.code) == (None, "number.missing")


def test_scientific_notation_is_the_spreadsheets_doing() -> None:
    assert KEY.check("1.23457E+11")[1][0].code == "number.precision"


@given(st.sampled_from(SHAPES), st.one_of(st.text(), st.text("0123456789A ０.E+", max_size=15)))
def test_any_text_gets_a_number_or_a_reason(shape: NumberShape, text: str) -> None:
    number, faults = shape.check(text)
    assert (number is None) == any(fault.is_error for fault in faults)
    assert number is None or len(number) == shape.length
    for fault in faults:
        assert fault.message("zh")
        assert fault.message("en")


@pytest.mark.parametrize("unit", ["9", " ", "Ａ"])
def test_a_megabyte_is_answered_at_once_and_in_short(unit: str) -> None:
    text = unit * 1_000_000
    # What took time by the square of it would not come back.
    _, (fault,) = UNIT.check(text)
    assert len(repr(fault)) < 600


def test_a_shape_that_can_not_be_is_refused_when_it_is_stated() -> None:
    with pytest.raises(ValueError, match="don't make 10"):
        NumberShape("单位编号", "unit number", 10, pad_from=6)
    with pytest.raises(ValueError, match="can't have 0"):
        NumberShape("单位编号", "unit number", 0)
    with pytest.raises(ValueError, match="alphabet"):
        NumberShape("单位编号", "unit number", 9, alphabet="hex")  # type: ignore[arg-type]
