"""Unified social credit codes: every registrar's codes are taken, every slip is caught.

Valid codes are made here with the weights of GB 32100, not by the module under test.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, strategies as st
from stdnum.cn import uscc

from socialins.identity import CreditCode, IdentityError, ReadCreditCode, read_credit_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_of(body: str) -> str:
    """The check character by the weights of GB 32100: the sum with it is a multiple of 31."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return next(char for char in ALPHABET if (total + ALPHABET.index(char)) % 31 == 0)


@st.composite
def codes(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from("123456789ANY")) + draw(st.sampled_from("1239"))
    division = draw(st.text("0123456789", min_size=6, max_size=6))
    body = head + division + draw(st.text(ALPHABET, min_size=9, max_size=9))
    return body + check_of(body)


def refused(text: str) -> str:
    result = read_credit_code(text)
    assert result.code is None
    (fault,) = result.faults
    assert fault.is_error
    assert fault.message("zh")
    assert fault.message("en")
    return fault.code


@given(codes())
@example("N2990100MF0000001A")
@example("Y1990100MB0000001W")
@example("A19901005000000015")
def test_codes_of_every_registrar_are_taken_apart(text: str) -> None:
    code = CreditCode.parse(text)
    assert read_credit_code(text) == ReadCreditCode(code)
    assert str(code) == code.text == text
    assert code.registrar + code.category + code.division + code.body == text[:17]
    assert list(map(len, (code.registrar, code.category, code.division, code.body))) == [1, 1, 6, 9]


@pytest.mark.parametrize("text", ["N2990100MF0000001A", "Y1990100MB0000001W", "A19901005000000015"])
def test_rural_other_and_army_bodies_are_not_lost_to_the_narrower_check(text: str) -> None:
    assert not uscc.is_valid(text), "python-stdnum takes them now: its own policy would do"
    assert CreditCode.parse(text).text == text


@given(codes())
def test_where_both_know_the_registrar_python_stdnum_agrees(text: str) -> None:
    assume(text[0].isdigit())
    assert uscc.is_valid(text)
    assert CreditCode.parse(text).text == uscc.validate(text)


@given(codes(), st.data())
def test_no_slip_in_one_character_gets_through(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([char for char in ALPHABET if char != text[place]]))
    assert refused(text[:place] + other + text[place + 1 :])


@given(codes())
def test_exactly_one_check_character_fits(text: str) -> None:
    taken = [char for char in ALPHABET if read_credit_code(text[:17] + char).code is not None]
    assert taken == [text[17]]


@given(codes(), st.data())
def test_blanks_full_width_and_small_letters_cost_nobody_a_filing(
    text: str, data: st.DataObject
) -> None:
    noise = st.sampled_from(["", "", " ", "\t", "\u00a0", "\u3000", "\u200b"])
    wide = data.draw(st.booleans())
    typed = "".join(
        data.draw(noise) + (chr(ord(char) + 0xFEE0) if wide else char) for char in text.lower()
    )
    assert CreditCode.parse(typed).text == text


@pytest.mark.parametrize("letter", "IOSVZ")
def test_a_letter_that_codes_leave_out_is_named_with_what_it_may_be(letter: str) -> None:
    result = read_credit_code(f"91990100MA00000{letter}1G")
    (fault,) = result.faults
    assert fault.code == "credit-code.letter"
    assert (fault.values["place"], fault.values["character"]) == ("16", letter)
    assert letter in fault.remedy("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "credit-code.missing"),
        ("\u3000", "credit-code.missing"),
        ("990100000000001", "credit-code.length"),
        ("MA0000001", "credit-code.length"),
        ("91990100MA0000001", "credit-code.length"),
        ("91990100MA0000001GG", "credit-code.length"),
        ("91990100MA000-001G", "credit-code.format"),
        ("919901A0MA0000001G", "credit-code.division"),
        ("91990100MA0000001H", "credit-code.checksum"),
        ("9.19901E+17", "credit-code.precision"),
    ],
)
def test_what_is_wrong_is_said(text: str, code: str) -> None:
    assert refused(text) == code


@given(st.one_of(st.text(), st.text(ALPHABET + "IOSVZ iz０Ａ.E+", max_size=20)))
def test_any_text_gets_a_code_or_a_reason(text: str) -> None:
    result = read_credit_code(text)
    if result.code is None:
        assert refused(text)
        with pytest.raises(IdentityError):
            CreditCode.parse(text)
    else:
        assert result.faults == ()
        assert check_of(result.code.text[:17]) == result.code.text[17]


@pytest.mark.parametrize("unit", ["9", "A", " ", "ｚ"])
def test_a_megabyte_is_answered_at_once_and_in_short(unit: str) -> None:
    text = unit * 1_000_000
    # What took time by the square of it would not come back.
    (fault,) = read_credit_code(text).faults
    assert len(repr(fault)) < 600


@pytest.mark.parametrize("value", [919901000000000000, None, 9.1e17])
def test_only_text_is_read(value: object) -> None:
    with pytest.raises(TypeError):
        read_credit_code(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        CreditCode(value)  # type: ignore[arg-type]


def test_a_code_can_not_be_made_of_text_that_was_not_read() -> None:
    with pytest.raises(IdentityError):
        CreditCode("91990100ma0000001g")


def test_codes_are_values_that_sort_and_key() -> None:
    first, second = CreditCode("91990100MA0000001G"), CreditCode("N2990100MF0000001A")
    assert {first: 1}[CreditCode.parse("91990100 ma0000001g")] == 1
    assert sorted([second, first]) == [first, second]
