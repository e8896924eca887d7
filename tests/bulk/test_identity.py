"""Identity numbers in bulk: every row is what the scalar check says of its text, whatever it is.

The scalar check is the reference here; its own tests say that it is right.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

from socialins.bulk import identity as bulk_identity, texts as arrow_texts  # noqa: E402
from socialins.bulk.citizens import CODES  # noqa: E402
from socialins.bulk.identity import Checked, check_numbers  # noqa: E402
from socialins.identity import DocumentType, read_document  # noqa: E402

TODAY = date(2026, 11, 22)
CHECKS = "0123456789X"
KINDS = tuple(kind.value for kind in DocumentType)
# In use throughout; abolished; in no list; permits; and what begins like another kind's.
DIVISIONS = (
    *("110105", "230103", "350102", "440103", "110228", "110103", "510202", "422129"),
    *("119999", "000000", "009999", "999999", "819999", "810001", "840000"),
    *("810000", "820000", "830000", "932682", "911124"),
)


def mod_11_2(body: str) -> str:
    """The check character by the recursion of ISO 7064, pure system MOD 11-2."""
    product = 0
    for digit in body:
        product = (product + int(digit)) * 2 % 11
    return CHECKS[(1 - product) % 11]


def with_check(body: str) -> str:
    return body + mod_11_2(body)


def fullwidth(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def scalar(text: str | None, kind: str | None = None, today: date = TODAY) -> tuple[Any, ...]:
    """The row that the scalar check makes; a null counts as no text."""
    read = read_document(text or "", kind, today)
    faults = {fault.is_error: fault.code for fault in read.faults}
    document = read.document
    if document is None:
        return faults[True], None, None, None, None, None, None
    sex = None if document.sex is None else document.sex.value
    told = document.number, document.type.value, document.birth_date, sex, document.division
    return None, faults.get(False), *told


def rows(checked: Checked) -> list[tuple[Any, ...]]:
    table = checked.table()
    table.validate(full=True)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def assert_as_scalar(
    texts: Sequence[str | None],
    types: Sequence[str | None] | str | None = None,
    array: Any = None,
    today: date = TODAY,
) -> None:
    kinds = [types] * len(texts) if types is None or isinstance(types, str) else types
    expected = [scalar(text, kind, today) for text, kind in zip(texts, kinds, strict=True)]
    found = rows(check_numbers(texts if array is None else array, types, today=today))
    assert found == expected


# Texts as they come: right, slightly wrong, and nothing like a number.

births = st.dates(date(1895, 1, 1), TODAY + timedelta(days=400)).map("{:%Y%m%d}".format)
far = st.from_regex(r"[0-9]{4}(02(28|29|30)|[01][0-9][0-3][0-9]|[0-9]{4})", fullmatch=True)
bodies = st.tuples(
    st.one_of(st.sampled_from(DIVISIONS), st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)),
    st.one_of(births, births, far),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
).map("".join)
valid = bodies.map(with_check)
SIGNS = " \t\r\n\x0b\x1f\u00a0\u3000\u200b\ufeffOoIlXxAzß.E+-１８Ｘ\x00é中😀0123456789"


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(valid)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        sign = draw(st.sampled_from(SIGNS))
        text = draw(
            st.sampled_from(
                (
                    text[:at] + sign + text[at + 1 :],
                    text[:at] + sign + text[at:],
                    text[:at] + text[at + 1 :],
                    text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
                )
            )
        )
    return draw(
        st.sampled_from((text, text, text.lower(), fullwidth(text), text[:15], text[:15] + "000"))
    )


others = st.one_of(
    st.from_regex(r"[0-9]{0,32}[Xx]?", fullmatch=True),
    st.from_regex(r"[A-Za-z]{3}[0-9]{12}", fullmatch=True),
    st.from_regex(r"[HMhm][0-9]{8}([0-9]{2})?", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{4,21}", fullmatch=True),
    st.from_regex(r"[1-9]\.[0-9]+E\+?[0-9]{2}|[0-9]{16,18}\.0*", fullmatch=True),
    st.text(max_size=30),
    st.text(" \t\r\n0123456789X", max_size=24),
    st.integers(190, 210).map(lambda size: "1" * size),
    st.integers(0, 210).map(lambda size: "11010519491231002X" + " " * size),
    st.sampled_from(("1" * 5_000, "中" * 300, " " * 900, "😀" * 200, "é" * 201)),
)
texts = st.one_of(valid, mutated(), mutated(), others, st.none())
kinds = st.one_of(st.none(), st.sampled_from(KINDS))


@settings(max_examples=300)
@given(st.lists(texts, max_size=40))
@example(["11010519491231002x", None, "", "110105194912310020", "11010519490229002X"])
@example(["110105194912310000", "999999000000000000", "000000000000000000", "1" * 201])
def test_whatever_was_typed_is_judged_as_the_form_would_judge_it(typed: list[str | None]) -> None:
    assert_as_scalar(typed)


@settings(max_examples=200)
@given(st.lists(st.tuples(texts, kinds), max_size=30))
def test_a_stated_kind_of_document_is_held_against_each_number(
    typed: list[tuple[str | None, str | None]],
) -> None:
    assert_as_scalar([text for text, _ in typed], [kind for _, kind in typed])


@given(st.lists(texts, min_size=1, max_size=20), st.sampled_from(KINDS))
def test_one_kind_can_be_stated_for_a_whole_column(typed: list[str | None], kind: str) -> None:
    assert_as_scalar(typed, kind)


@given(st.lists(valid, max_size=20), st.dates(date(1890, 1, 1), date(9999, 12, 31)))
@example(["110105999912310029"], date(9999, 12, 31))
def test_the_day_decides_what_is_in_the_future_and_which_divisions_are_known(
    typed: list[str], today: date
) -> None:
    assert_as_scalar(typed, today=today)


# Arrays as they come: chunks, slices, 32 and 64 bits, dictionaries, views.


def as_chunks(array: Any, cuts: Sequence[int]) -> Any:
    edges = [0, *sorted(cut % (len(array) + 1) for cut in cuts), len(array)]
    return pa.chunked_array(
        [array[start:stop] for start, stop in itertools.pairwise(edges)], array.type
    )


@settings(max_examples=150)
@given(
    st.lists(st.tuples(texts, kinds), max_size=30),
    st.integers(0, 5),
    st.integers(0, 5),
    st.lists(st.integers(0, 40), max_size=4),
    st.sampled_from(("string", "large_string", "dictionary", "large dictionary", "string_view")),
)
def test_how_the_column_lies_in_memory_changes_nothing(
    typed: list[tuple[str | None, str | None]], skip: int, drop: int, cuts: list[int], form: str
) -> None:
    column, types = [text for text, _ in typed], [kind for _, kind in typed]
    array = pa.array(["x", "11010519491231002x", None, "", "é"][:skip] + column + ["y"] * drop)
    array = array.cast(pa.string())
    if form != "string":
        array = array.cast(pa.string_view() if form == "string_view" else pa.large_string())
    if "dictionary" in form:
        array = (array if "large" in form else array.cast(pa.string())).dictionary_encode()
    array = array[skip : skip + len(column)]
    assert_as_scalar(column, None, array)
    assert_as_scalar(column, types, array)
    chunked = as_chunks(array, cuts)
    assert_as_scalar(column, types, chunked)
    checked = check_numbers(chunked, pa.array(types, pa.string()).dictionary_encode(), today=TODAY)
    assert rows(checked) == [scalar(text, kind) for text, kind in typed]
    assert checked.code.num_chunks == chunked.num_chunks


def test_a_dictionary_may_hold_nulls_words_twice_and_words_that_nobody_uses() -> None:
    words = pa.array(["11010519491231002X", None, "11010519491231002X", "unused", "E1234567"])
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 2, 4, 0], pa.int8()), words)
    column = [words[0].as_py(), None, None, words[0].as_py(), "E1234567", words[0].as_py()]
    assert_as_scalar(column, None, array)
    assert_as_scalar(column, ["passport", None, "passport", None, "taiwan-pass", None], array)


def test_a_long_text_that_a_dictionary_repeats_costs_its_length_once() -> None:
    words = pa.array(["9" * 1_000_000, "11010519491231002X"])
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 50_000, pa.int32()), words)
    before = pa.total_allocated_bytes()
    checked = check_numbers(array, today=TODAY)
    assert pa.total_allocated_bytes() - before < 20_000_000
    assert checked.code[:2].to_pylist() == ["identity.length", None]
    assert checked.number[:2].to_pylist() == [None, "11010519491231002X"]


def test_nulls_may_hide_anything() -> None:
    array = pa.array(["11010519491231002X", "11010519491231002X", "junk"])
    validity = pa.py_buffer(bytes([0b101]))
    array = pa.Array.from_buffers(pa.string(), 3, [validity, *array.buffers()[1:]])
    assert rows(check_numbers(array, today=TODAY)) == [
        scalar(text) for text in (array[0].as_py(), None, "junk")
    ]


def test_bytes_that_are_no_text_are_refused_and_stop_nobody() -> None:
    raw = [b"\xff" * 18, b"11010519491231002X", b"1101051949123100\xc3\x28", b"\xff\xfe" * 700]
    array = pa.array(raw, pa.binary())
    array = pa.Array.from_buffers(pa.string(), len(raw), array.buffers())
    code = check_numbers(array, today=TODAY).code.to_pylist()
    assert code == ["identity.format", None, "identity.format", "identity.length"]


def test_half_a_character_in_a_sequence_is_refused_and_stops_nobody() -> None:
    assert_as_scalar(["\ud800", "11010519491231002X", "1101051949123100\udc8020", None])


@pytest.mark.parametrize("array", [pa.nulls(3), pa.nulls(3, pa.string()), [None] * 3])
def test_a_column_without_numbers_is_a_column_of_missing_numbers(array: Any) -> None:
    assert check_numbers(array).code.to_pylist() == ["identity.missing"] * 3


@pytest.mark.parametrize(
    "empty",
    [[], pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.array(["a"])[1:]],
)
def test_no_rows_give_no_rows_of_the_same_types(empty: Any) -> None:
    schema = check_numbers(["11010519491231002X"]).table().schema
    assert check_numbers(empty).table().schema == schema
    assert len(check_numbers(empty)) == 0


# Everything there is of a kind.


@pytest.mark.parametrize("start", ["11010519491231", "83000019900101", "93268219850101"])
@pytest.mark.parametrize("sequence", ["000", "001", "002", "010", "999"])
def test_of_all_last_characters_only_the_right_one_is_taken(start: str, sequence: str) -> None:
    column = [start + sequence + chr(code) for code in range(0x250)]
    assert_as_scalar(column)
    right = start + sequence + mod_11_2(start + sequence)
    taken = [number for number in check_numbers(column).number.to_pylist() if number]
    assert set(taken) == {right}


def test_every_weight_counts() -> None:
    bodies = [
        "0" * 17,
        *("0" * at + str(digit) + "0" * (16 - at) for at in range(17) for digit in range(1, 10)),
    ]
    column = [body + check for body in bodies for check in CHECKS]
    assert_as_scalar(column)
    assert_as_scalar(column, "resident-id")


def test_every_day_that_is_written_with_digits_is_judged_alike() -> None:
    for year in (
        "0000",
        "0001",
        "1600",
        "1899",
        "1900",
        "1904",
        "2000",
        "2026",
        "2027",
        "2100",
        "9999",
    ):
        ends = [f"{month:02}{day:02}" for month in range(15) for day in range(34)]
        assert_as_scalar([with_check(f"110105{year}{end}002") for end in (*ends, "9999", "1299")])


def test_every_division_of_two_provinces_warns_in_the_same_years() -> None:
    column = [
        with_check(f"{division}{year}0101001")
        for start in (1101, 5102)
        for division in range(start * 100, start * 100 + 100)
        for year in (1900, 1982, 1983, 1996, 1997, 2015, 2016)
    ]
    assert_as_scalar(column)


# Blocks, and what is put together after them.


def roster(count: int, odd_one_in: int) -> list[str | None]:
    chance = random.Random(5)
    start = date(1960, 1, 1)
    column: list[str | None] = []
    for _ in range(count):
        born = start + timedelta(days=chance.randrange(18_000))
        number = with_check(f"{chance.choice(DIVISIONS)}{born:%Y%m%d}{chance.randrange(1000):03}")
        if chance.randrange(odd_one_in) == 0:
            odd = (
                number + " ",
                number.lower(),
                number[:17],
                fullwidth(number),
                None,
                "",
                "E1234567",
            )
            column.append(chance.choice(odd))
        else:
            column.append(number)
    return column


@pytest.mark.parametrize("odd_one_in", [2, 20])
@pytest.mark.parametrize("size", ["block", "half"])
def test_rows_keep_their_places_across_blocks(
    odd_one_in: int, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_identity, "_BLOCK", 97)
    if size == "half":
        monkeypatch.setattr(bulk_identity, "_HALF", 0)
    column = roster(1_000, odd_one_in)
    assert_as_scalar(column)
    assert_as_scalar(column, [KINDS[row % 6] if row % 3 else None for row in range(len(column))])


def test_rows_keep_their_places_in_blocks_of_the_real_size() -> None:
    column = roster(2_000, 10)
    many = column * 20
    expected = [scalar(text) for text in column] * 20
    assert rows(check_numbers(many, today=TODAY)) == expected


def test_numbers_that_need_no_change_are_not_copied() -> None:
    array = pa.array(["11010519491231002X", "junk"] * 1_000)
    number = check_numbers(array, today=TODAY).number
    assert number.buffers()[2].address == array.buffers()[2].address
    assert number[:2].to_pylist() == ["11010519491231002X", None]


def test_divisions_of_more_rows_than_32_bits_count_are_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrow_texts, "_MOST", 6)
    checked = check_numbers(["11010519491231002X", None, "11010519491231002X"])
    assert checked.division.to_pylist() == ["110105", None, "110105"]
    checked.division.validate(full=True)


# Made for the next step.


def test_the_codes_are_those_of_the_catalogue_so_that_faults_can_be_made_of_them() -> None:
    checked = check_numbers(["11010519491331002X"])
    assert checked.code.dictionary.to_pylist() == list(CODES[1:])
    assert {"identity.checksum", "identity.missing", "identity.fifteen"} <= set(CODES)
    assert "identity.district-unknown" not in CODES


# Misuse.


@pytest.mark.parametrize(
    "wrong",
    [
        pa.array([110105194912310022]),
        pa.array([1.5]),
        pa.array([b"1"]),
        pa.array([1]).dictionary_encode(),
        pa.array([["1"]]),
        [110105194912310022],
        np.array([110105194912310022]),
        "11010519491231002X",
        b"1",
    ],
)
def test_numbers_that_lost_their_digits_are_no_texts(wrong: Any) -> None:
    with pytest.raises(TypeError):
        check_numbers(wrong)


@pytest.mark.parametrize("types", ["no-such", ["no-such"], [""], pa.array(["no-such"])])
def test_a_kind_that_does_not_exist_is_named(types: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid DocumentType"):
        check_numbers(["11010519491231002X"], types)


def test_more_kinds_than_numbers_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="1 identity numbers can't have 2 types"):
        check_numbers(["11010519491231002X"], ["passport", "passport"])


def test_types_may_be_the_values_of_the_enumeration() -> None:
    number = "11010519491231002X"
    assert_as_scalar([number, number], [DocumentType.RESIDENT_ID, DocumentType.PASSPORT])
    assert_as_scalar([number], DocumentType.RESIDENCE_PERMIT)


def test_without_the_extra_the_way_to_install_it_is_named() -> None:
    program = """
import json, sys
sys.modules["numpy"] = sys.modules["pyarrow"] = None
try:
    import socialins.bulk.identity
except ImportError as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    name, text = json.loads(done.stdout)
    assert name == "MissingExtra"
    assert "socialins[bulk]" in text
