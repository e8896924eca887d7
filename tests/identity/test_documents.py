"""Identity numbers: what is taken, what is refused, and that the reason is said.

Valid numbers are made here, by the recursion of ISO 7064, not by the module under test.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given, strategies as st

from socialins.faults import Fault, FaultError
from socialins.identity import (
    DocumentType,
    IdDocument,
    IdentityError,
    ReadDocument,
    Sex,
    parse_document,
    read_document,
)

TODAY = date(2026, 11, 22)
CHECKS = "0123456789X"
# Codes that were in use all along, so that no warning is due.
DIVISIONS = ("110105", "110108", "230103", "350102", "440103")
PERMITS = ("810000", "820000", "830000")


def mod_11_2(body: str) -> str:
    """The check character by the recursion of ISO 7064, pure system MOD 11-2."""
    product = 0
    for digit in body:
        product = (product + int(digit)) * 2 % 11
    return CHECKS[(1 - product) % 11]


births = st.dates(date(1949, 10, 1), TODAY)
sequences = st.integers(1, 999).map("{:03}".format)


@st.composite
def numbers(draw: st.DrawFn, divisions: st.SearchStrategy[str]) -> str:
    body = draw(divisions) + f"{draw(births):%Y%m%d}" + draw(sequences)
    return body + mod_11_2(body)


residents = numbers(st.sampled_from(DIVISIONS))
permits = numbers(st.sampled_from(PERMITS))
foreigners = numbers(st.from_regex(r"9[1-6][1-5][0-9]{3}", fullmatch=True))
citizens = st.one_of(residents, permits, foreigners)


def read(text: str, kind: DocumentType | str | None = None) -> ReadDocument:
    return read_document(text, kind, TODAY)


def refusal(text: str, kind: DocumentType | str | None = None) -> Fault:
    result = read(text, kind)
    assert result.document is None
    (fault,) = result.faults
    assert fault.is_error
    return fault


# What a number tells.


@given(residents)
@example("11010519491231002X")
def test_a_valid_number_is_taken_with_what_it_tells(number: str) -> None:
    result = read(number)
    assert result == ReadDocument(IdDocument(DocumentType.RESIDENT_ID, number))
    assert result.document is not None
    assert f"{result.document.birth_date:%Y%m%d}" == number[6:14]
    assert result.document.sex is (Sex.FEMALE if number[16] in "02468" else Sex.MALE)
    assert result.document.division == number[:6]


@given(permits)
def test_s12_permits_of_hong_kong_macao_and_taiwan_residents_are_taken(number: str) -> None:
    document = parse_document(number, today=TODAY)
    assert document.type is DocumentType.RESIDENCE_PERMIT
    assert f"{document.birth_date:%Y%m%d}" == number[6:14]
    assert document.sex is (Sex.FEMALE if number[16] in "02468" else Sex.MALE)
    assert document.division is None
    assert read(number).faults == ()


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("932682198501010017", date(1985, 1, 1), Sex.MALE),
        ("911124198108030024", date(1981, 8, 3), Sex.FEMALE),
    ],
)
def test_the_published_specimens_of_foreigners_cards_are_read_as_published(
    number: str, born: date, sex: Sex
) -> None:
    document = parse_document(number, today=TODAY)
    assert document.type is DocumentType.FOREIGN_PERMANENT
    assert (document.birth_date, document.sex, document.division) == (born, sex, None)


@given(foreigners)
def test_no_foreigners_card_is_taken_for_a_resident_of_an_unknown_division(number: str) -> None:
    result = read(number)
    assert result.document is not None
    assert result.document.type is DocumentType.FOREIGN_PERMANENT
    assert result.faults == ()


def test_an_older_foreigners_card_tells_no_birth_date_since_its_century_is_not_in_it() -> None:
    document = parse_document("can110081080301", today=TODAY)
    assert document == IdDocument(DocumentType.FOREIGN_PERMANENT, "CAN110081080301")
    assert (document.birth_date, document.sex, document.division) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("E12345678", DocumentType.PASSPORT),
        ("ab 123456", DocumentType.PASSPORT),
        ("123456789", DocumentType.PASSPORT),
        ("H12345678", DocumentType.HK_MACAO_PASS),
        ("M1234567800", DocumentType.HK_MACAO_PASS),
        ("12345678", DocumentType.TAIWAN_PASS),
    ],
)
def test_documents_without_a_check_digit_are_known_by_their_shape(
    text: str, kind: DocumentType
) -> None:
    document = parse_document(text, today=TODAY)
    assert document.type is kind
    assert (document.birth_date, document.sex, document.division) == (None, None, None)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=5, max_size=20))
def test_a_passport_said_to_be_one_is_taken_whatever_it_looks_like(number: str) -> None:
    result = read(number, "passport")
    assert result == ReadDocument(IdDocument(DocumentType.PASSPORT, number))


# The check character.


@given(st.sampled_from(DIVISIONS), births, sequences)
def test_the_check_character_is_that_of_iso_7064(division: str, born: date, order: str) -> None:
    body = f"{division}{born:%Y%m%d}{order}"
    taken = {check for check in CHECKS if read(body + check).document is not None}
    assert taken == {mod_11_2(body)}


@given(citizens, st.data())
def test_no_slip_in_one_digit_gets_through(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 17))
    allowed = CHECKS if place == 17 else CHECKS[:10]
    other = data.draw(st.sampled_from([char for char in allowed if char != number[place]]))
    refusal(number[:place] + other + number[place + 1 :])


@given(citizens, st.integers(0, 16))
def test_no_two_neighbours_change_places_unseen(number: str, place: int) -> None:
    first, second = number[place], number[place + 1]
    assume(first != second)
    refusal(number[:place] + second + first + number[place + 2 :])


@given(st.one_of(residents, permits, foreigners), st.data())
def test_a_number_cut_or_lengthened_is_refused_for_its_length(
    number: str, data: st.DataObject
) -> None:
    short = number[: data.draw(st.sampled_from([10, 11, 12, 13, 14, 16, 17]))]
    kind = read(number).document
    assert kind is not None
    for wrong in (short, number + "0"):
        fault = refusal(wrong, kind.type)
        assert fault.code in ("identity.length", "identity.foreign-length")
        assert str(len(wrong)) in fault.message("en")


# What typing and pasting does to a number.


@given(citizens, st.data())
def test_s04_blanks_full_width_and_small_x_cost_nobody_a_filing(
    number: str, data: st.DataObject
) -> None:
    noise = st.sampled_from(
        ["", "", " ", "\t", "\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u2066", "\u202c"]
    )
    wide = data.draw(st.booleans())
    typed = "".join(
        data.draw(noise) + (chr(ord(char) + 0xFEE0) if wide else char) for char in number.lower()
    )
    assert parse_document(typed + data.draw(noise), today=TODAY).number == number


@pytest.mark.parametrize(
    ("text", "place", "character"),
    [
        ("1101O519491231002X", 5, "O"),
        ("11010519491231-02X", 15, "-"),
        ("'1010519491231002X", 1, "'"),
        ("11010519491231002Ⅹ", 18, "Ⅹ"),
        ("11010519491231002×", 18, "×"),
        ("X1010519491231002X", 1, "X"),
        ("１1010519491231０o2X", 16, "O"),
        ("1101051949123100٢X", 17, "٢"),
        ("1101051949123100ſX", 17, "ſ"),
    ],
)
def test_a_character_that_does_not_belong_is_named_with_its_place(
    text: str, place: int, character: str
) -> None:
    fault = refusal(text)
    assert fault.code == "identity.format"
    assert (fault.values["place"], fault.values["character"]) == (str(place), character)


@pytest.mark.parametrize(
    "text",
    [
        "1.10105E+17",
        "1.1010519491231e+17",
        "1.10105194912310E17",
        "1E+17",
        "110105194912310000",
        "110105194912310000.0",
        "110105000000000000",
        "９.１１１２４Ｅ＋１７",
    ],
)
@pytest.mark.parametrize("kind", [None, "resident-id"])
def test_a_number_that_a_spreadsheet_broke_is_called_that(text: str, kind: str | None) -> None:
    assert refusal(text, kind).code == "identity.precision"


@given(citizens)
def test_fifteen_digits_and_three_zeros_are_never_taken_for_a_slip(number: str) -> None:
    broken = f"{int(number[:15])}000"
    assume(mod_11_2(broken[:17]) != "0")
    assert refusal(broken).code == "identity.precision"
    assert refusal(str(float(broken))).code == "identity.precision"


# Dates.


@pytest.mark.parametrize("written", ["19491301", "19490230", "19490001", "19000229", "00000101"])
def test_a_birth_date_that_does_not_exist_is_shown(written: str) -> None:
    body = f"110105{written}002"
    fault = refusal(body + mod_11_2(body))
    assert fault.code == "identity.birth-date"
    assert fault.values["date"] == f"{written[:4]}-{written[4:6]}-{written[6:]}"


def test_a_leap_day_is_a_birthday() -> None:
    body = "11010520000229001"
    assert parse_document(body + mod_11_2(body), today=TODAY).birth_date == date(2000, 2, 29)


@given(st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_nobody_is_born_after_today(offset: timedelta) -> None:
    born = TODAY + offset
    body = f"110105{born:%Y%m%d}002"
    result = read(body + mod_11_2(body))
    assert (result.document is None) == (born > TODAY)
    if born > TODAY:
        assert result.faults[0].code == "identity.future"
        assert str(TODAY) in result.faults[0].message("zh")


def test_without_a_day_given_it_is_the_systems() -> None:
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011 - two days: right in every zone
    yesterday = date.today() - timedelta(days=2)  # noqa: DTZ011
    for born, taken in ((tomorrow, False), (yesterday, True)):
        body = f"110105{born:%Y%m%d}002"
        assert (read_document(body + mod_11_2(body)).document is not None) == taken


def test_a_birth_before_1900_is_a_slip_and_one_in_1900_is_not() -> None:
    early, first = "11010518991231002", "11010519000101002"
    assert refusal(early + mod_11_2(early)).code == "identity.birth-year"
    assert parse_document(first + mod_11_2(first), today=TODAY).birth_date == date(1900, 1, 1)


# Divisions.


@pytest.mark.parametrize(
    ("division", "born"),
    [("119999", 1990), ("779901", 1990), ("110103", 2015), ("110221", 2005)],
    ids=["no such county", "no such province", "merged before the birth", "renamed before it"],
)
def test_a_valid_number_of_a_division_off_the_lists_is_taken_with_a_warning(
    division: str, born: int
) -> None:
    body = f"{division}{born}0101002"
    result = read(body + mod_11_2(body))
    assert result.document is not None
    (warning,) = result.faults
    assert warning.code == "identity.district-unknown"
    assert not warning.is_error
    assert division in warning.message("zh")
    assert parse_document(body + mod_11_2(body), today=TODAY) == result.document


@pytest.mark.parametrize(
    ("division", "born"),
    [("110103", 1980), ("110115", 1965), ("110221", 1970), ("110221", 1985)],
    ids=["old, then in use", "younger than the person", "between", "in use at birth"],
)
def test_nobody_is_warned_of_a_division_that_was_there_at_registration(
    division: str, born: int
) -> None:
    body = f"{division}{born}0101002"
    assert read(body + mod_11_2(body)).faults == ()


@given(numbers(st.from_regex(r"[1-7][0-9]{5}", fullmatch=True)))
def test_no_division_whatever_keeps_a_valid_number_out(number: str) -> None:
    result = read(number)
    assert result.document is not None
    assert all(fault.code == "identity.district-unknown" for fault in result.faults)


# Numbers of the first cards.


@given(residents)
def test_a_fifteen_digit_number_is_not_converted_but_the_new_one_is_shown(number: str) -> None:
    assume(number[6:8] == "19")
    fault = refusal(number[:6] + number[8:17])
    assert fault.code == "identity.fifteen"
    for lang in ("zh", "en"):
        assert number in fault.remedies(lang)[1]
        assert number not in fault.remedies(lang)[0]


def test_a_fifteen_digit_number_with_an_impossible_date_shows_no_new_one() -> None:
    fault = refusal("110105491331002")
    assert fault.code == "identity.fifteen-date"
    assert "1949-13-31" in fault.message("en")


# The type that was given.


@pytest.mark.parametrize(
    ("text", "given_type", "found"),
    [
        ("830000199001010012", "resident-id", "residence-permit"),
        ("911124198108030024", "resident-id", "foreign-permanent"),
        ("11010519491231002X", "residence-permit", "resident-id"),
        ("11010519491231002X", "foreign-permanent", "resident-id"),
    ],
)
def test_a_number_of_another_kind_of_document_is_told_from_a_wrong_number(
    text: str, given_type: str, found: str
) -> None:
    fault = refusal(text, given_type)
    assert fault.code == "identity.type"
    assert fault.values["given"] == given_type
    assert found in fault.remedy("zh")


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("E1-234567", "passport", "identity.passport"),
        ("E123", "passport", "identity.passport"),
        ("E" * 21, "passport", "identity.passport"),
        ("A12345678", "hk-macao-pass", "identity.hk-macao-pass"),
        ("H123456789", "hk-macao-pass", "identity.hk-macao-pass"),
        ("1234567", "taiwan-pass", "identity.taiwan-pass"),
        ("CA1110081080301", "foreign-permanent", "identity.foreign-old"),
        ("CAN11008108030", "foreign-permanent", "identity.foreign-length"),
        ("110105491231002", "foreign-permanent", "identity.foreign-old"),
        ("110105491231002", "residence-permit", "identity.length"),
    ],
)
def test_a_number_that_is_none_of_its_kind_is_refused(text: str, kind: str, code: str) -> None:
    assert refusal(text, kind).code == code


def test_a_type_that_does_not_exist_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="driving-licence"):
        read_document("E12345678", "driving-licence")


@pytest.mark.parametrize("number", [110105194912310020, 1.10105e17, None, b"E12345678"])
def test_only_text_is_read_since_numbers_have_lost_digits_already(number: object) -> None:
    with pytest.raises(TypeError):
        read_document(number)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        IdDocument("resident-id", number)  # type: ignore[arg-type]


# Whatever is typed.

ANY_TEXT = st.one_of(
    st.text(),
    st.text("0123456789X", max_size=20),
    st.text("0123456789Xx ABCabcE+.-０１９Ｘ　\u200b", max_size=25),
)


@given(ANY_TEXT, st.sampled_from([None, *DocumentType]))
@example("", None)
@example(" \u200b", "passport")
@example("0" * 18, None)
@example("x" * 18, None)
def test_any_text_gets_a_document_or_a_reason_in_both_languages(
    text: str, kind: DocumentType | None
) -> None:
    result = read(text, kind)
    assert (result.document is None) == any(fault.is_error for fault in result.faults)
    for fault in result.faults:
        for lang in ("zh", "en"):
            said = (fault.message(lang), fault.explanation(lang), *fault.remedies(lang))
            assert "\n" not in "".join(said)
            assert said[0]
            assert said[-1]
    if result.document is not None:
        again = read(result.document.number, result.document.type)
        assert again == result


@pytest.mark.parametrize("unit", ["1", "A", " ", "９", "\u200b", "E+", "括"])
@pytest.mark.parametrize("kind", [None, *DocumentType])
def test_a_megabyte_is_answered_at_once_and_in_short(unit: str, kind: DocumentType | None) -> None:
    text = unit * 1_000_000
    # What took time by the square of it would not come back.
    fault = refusal(text, kind)
    assert len(fault.message("en")) < 300
    assert len(repr(fault)) < 600


# Errors and secrecy.


def test_parsing_raises_an_error_that_carries_the_fault_and_the_remedy() -> None:
    with pytest.raises(IdentityError, match="Compare the number") as caught:
        parse_document("110105194912310020")
    assert isinstance(caught.value, FaultError)
    assert isinstance(caught.value, ValueError)
    assert caught.value.fault == refusal("110105194912310020")


@pytest.mark.parametrize("number", ["110105194912310020", "11010519491231002x", " E12345678"])
def test_a_document_can_not_be_made_with_a_number_that_was_not_read(number: str) -> None:
    with pytest.raises(IdentityError):
        IdDocument("passport" if "E" in number else "resident-id", number)


@given(st.one_of(citizens, st.from_regex(r"[A-Z0-9]{5,14}", fullmatch=True)))
@example("119999199001010020")
def test_no_log_gets_to_see_a_number(number: str) -> None:
    result = read(number)
    assume(result.document is not None)
    assert result.document is not None
    masked = result.document.masked()
    assert len(masked) == len(number)
    assert masked.count("*") >= len(number) / 2
    hidden = [place for place, char in enumerate(masked) if char == "*"]
    first, last = hidden[0], len(number) - 1 - hidden[-1]
    assert 1 <= first <= 3
    assert 1 <= last <= 4
    assert (masked[:first], masked[-last:]) == (number[:first], number[-last:])
    for text in (repr(result.document), str(result.document), repr(result)):
        assert masked in text
        assert number not in text


def test_an_eighteen_digit_number_keeps_three_and_four() -> None:
    assert parse_document("11010519491231002X").masked() == "110***********002X"


# Types.


def test_every_type_is_named_in_both_languages_and_carries_the_codes_that_are_known() -> None:
    titles = {kind: (kind.title(), kind.title("en")) for kind in DocumentType}
    assert titles[DocumentType.RESIDENT_ID][0] == "居民身份证"
    assert len(set(titles.values())) == len(DocumentType)
    assert all(zh and en.isascii() for zh, en in titles.values())
    assert {kind.value: kind.bureau_code for kind in DocumentType} == {
        "resident-id": "201",
        "residence-permit": None,
        "foreign-permanent": None,
        "passport": "208",
        "hk-macao-pass": "210",
        "taiwan-pass": "213",
    }
    assert [sex.title() for sex in Sex] == ["男", "女"]


def test_importing_the_package_loads_no_checks_and_no_list_of_divisions() -> None:
    code = "import sys, socialins.identity; print('stdnum' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
