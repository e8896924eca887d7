"""Amounts, rates, days and months: what is taken as meant, and what is asked about instead."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from socialins.faults import Fault
from socialins.forms.amounts import read_amount, read_rate
from socialins.forms.cells import KINDS, Context, read_cell
from socialins.forms.days import read_day, read_month
from socialins.forms.layout import Column, own_layout
from socialins.forms.sheets import ErrorCell, NoResult, Percent
from socialins.forms.vocabulary import Vocabulary
from socialins.testing.middle import middle
from socialins.values import Money, Month, Rate

VOCABULARY = Vocabulary.of(middle().cascade)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.decimals(),
    st.floats().map(Percent),
    st.sampled_from([ErrorCell("#N/A"), NoResult()]),
    st.integers(0, 400).map(lambda digits: 10**digits),
)


def code(read: object) -> str:
    assert isinstance(read, Fault), read
    return read.code


def column(kind: str) -> Column:
    columns = (*own_layout("roster").columns, *own_layout("unit").columns)
    return next(one for one in columns if one.kind == kind)


@pytest.mark.parametrize("kind", KINDS)
@given(value=values)
@example(value=10**400)
@example(value=math.inf)
@example(value=Decimal("NaN"))
@example(value="\0")
def test_no_cell_whatever_it_holds_stops_the_file(kind: str, value: Any) -> None:
    reading = read_cell(column(kind), value, Context(VOCABULARY))
    assert reading.value is None or not reading.failed
    for fault in reading.faults:
        assert "?" not in fault.words("en").values(), "a value that the text names was not given"
        for lang in ("zh", "en"):
            assert fault.message(lang)
            assert fault.remedy(lang)


# Amounts ----------------------------------------------------------------------------------------


@given(st.integers(0, 10**11 - 1))
def test_an_amount_is_read_to_the_fen_however_it_is_stored(fen: int) -> None:
    amount = Money(fen)
    yuan = str(amount)
    assert read_amount(float(yuan)) == amount
    assert read_amount(Decimal(yuan)) == amount
    for written in (yuan, f"{amount:,}", f"¥{yuan}", f"{amount:¥,}元", f"  {yuan}元 "):
        assert read_amount(written) == amount
        assert read_amount(written.translate(FULL_WIDTH)) == amount


@given(st.integers(1, 10**11 - 1), st.integers(1, 9), st.integers(3, 6))
def test_an_amount_is_never_rounded_behind_anybodys_back(fen: int, digit: int, place: int) -> None:
    yuan, rest = divmod(fen, 100)
    written = f"{yuan}.{rest:02}{'0' * (place - 3)}{digit}"
    assert code(read_amount(written)) == "form.amount.fen"
    if yuan < 10**8:
        assert code(read_amount(float(written))) == "form.amount.fen"


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("1.2万", "form.amount.unit"),
        ("１２千", "form.amount.unit"),
        ("12k", "form.amount.unit"),
        ("1.2万元", "form.amount.unit"),
        ("-", "form.amount.unreadable"),
        ("无", "form.amount.unreadable"),
        ("5e3", "form.amount.unreadable"),
        ("1,2345", "form.amount.unreadable"),
        ("5.000,00", "form.amount.unreadable"),
        ("٥٠٠٠", "form.amount.unreadable"),
        ("5000-6000", "form.amount.unreadable"),
        ("=A1", "form.amount.unreadable"),
        ("9" * 41, "form.amount.unreadable"),
        (True, "form.amount.unreadable"),
        (math.nan, "form.amount.unreadable"),
        (math.inf, "form.amount.unreadable"),
        (timedelta(days=5000), "form.amount.unreadable"),
        (time(12), "form.amount.unreadable"),
        (None, "form.amount.unreadable"),
        (10**9, "form.amount.too-large"),
        ("1000000000.00", "form.amount.too-large"),
        (1e300, "form.amount.too-large"),
        (110105194912310029, "form.amount.too-large"),
        (0.1 + 0.2, "form.amount.fen"),
    ],
)
def test_what_is_no_amount_says_why(value: Any, wrong: str) -> None:
    assert code(read_amount(value)) == wrong


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (0, "roster.wage.not-positive"),
        ("0.00", "roster.wage.not-positive"),
        (-5000, "roster.wage.not-positive"),
        ("-5,000", "roster.wage.not-positive"),
        (date(2026, 7, 1), "form.amount.date"),
        (datetime(2026, 7, 1), "form.amount.date"),  # noqa: DTZ001
        (ErrorCell("#REF!"), "form.cell.error"),
        (NoResult(), "form.cell.formula"),
        (False, "form.amount.unreadable"),
    ],
)
def test_a_wage_is_above_zero_and_no_date_error_or_formula(value: Any, wrong: str) -> None:
    assert [
        fault.code for fault in read_cell(column("wage"), value, Context(VOCABULARY)).faults
    ] == [wrong]


# Rates ------------------------------------------------------------------------------------------


@given(st.integers(0, 100_000))
def test_a_rate_with_its_sign_is_exact(hundred_thousandths: int) -> None:
    rate = Rate(Decimal(hundred_thousandths).scaleb(-5))
    assert read_rate(str(rate)) == rate
    assert read_rate(str(rate).translate(FULL_WIDTH)) == rate
    assert read_rate(Percent(float(rate.fraction))) == rate


@pytest.mark.parametrize("value", [0.2, "0.2 ", 1, "1.0", 0.03, Decimal("0.9"), "０．７"])
def test_a_rate_that_may_be_a_percentage_without_its_sign_is_asked_about(value: Any) -> None:
    assert code(read_rate(value)) == "form.rate.ambiguous"


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("一类", "form.rate.unreadable"),
        ("", "form.rate.unreadable"),
        ("1/0", "form.rate.unreadable"),
        (True, "form.rate.unreadable"),
        (math.nan, "form.rate.unreadable"),
        (date(2026, 1, 1), "form.rate.unreadable"),
        ("-0.2%", "form.rate.range"),
        ("120%", "form.rate.range"),
        (20, "form.rate.range"),
    ],
)
def test_what_is_no_rate_says_why(value: Any, wrong: str) -> None:
    assert code(read_rate(value)) == wrong


def test_rates_as_people_write_them() -> None:
    for written in ("0.2%", "0.20 %", "2‰", "0.002", 0.002, Percent(0.002), "1/500"):
        assert read_rate(written) == Rate("0.2%"), written


# Days and months --------------------------------------------------------------------------------


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_is_the_same_in_every_usual_spelling(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    written: list[Any] = [
        day,
        datetime(y, m, d, 8, 30),  # noqa: DTZ001
        day.isoformat(),
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        float(f"{day:%Y%m%d}"),
        f"{y}-{m:02}-{d:02} 00:00:00",
        f" {y}－{m}－{d} ".translate(FULL_WIDTH),
    ]
    for one in written:
        assert read_day(one) == day, one
        assert read_month(one) == Month(y, m), one
    for month in (f"{y}-{m:02}", f"{y}/{m}", f"{y}年{m}月", f"{y}{m:02}", int(f"{y}{m:02}")):
        assert read_month(month) == Month(y, m), month


@pytest.mark.parametrize(
    "value",
    ["05/01/1990", "90-01-05", "1990-02-30", "1990-13-01", 32874, 32874.5, True, "昨天", "", None],
)
def test_a_day_that_can_be_read_two_ways_or_none_is_asked_about(value: Any) -> None:
    assert code(read_day(value)) == "form.date.unreadable"


@pytest.mark.parametrize("value", [2026.1, 2026.07, "2026-13", "七月", 7, "1899-12", None, True])
def test_a_month_that_can_be_read_two_ways_or_none_is_asked_about(value: Any) -> None:
    assert code(read_month(value)) == "form.month.unreadable"


# Insurances -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("养老、医疗", {"pension", "medical"}),
        ("养老保险，失业保险；工伤", {"pension", "unemployment", "injury"}),
        ("pension,medical;injury", {"pension", "medical", "injury"}),
        ("Pension / work injury + long-term care", {"pension", "injury", "long-term-care"}),
        ("养老 医疗\n失业", {"pension", "medical", "unemployment"}),
        ("三险", {"pension", "unemployment", "injury"}),
        ("三险＋长护", {"pension", "unemployment", "injury", "long-term-care"}),
        ("work injury pension", {"injury", "pension"}),
        ("none", set()),
        ("无", set()),
    ],
)
def test_insurances_are_understood_as_people_write_them(text: str, ids: set[str]) -> None:
    assert VOCABULARY.read(text) == (frozenset(ids), ())


@pytest.mark.parametrize("text", ["all", "全部", "", "　"])
def test_all_insurances_are_left_to_the_rules(text: str) -> None:
    assert VOCABULARY.read(text) == (None, ())


def test_every_word_that_is_no_insurance_is_named() -> None:
    assert VOCABULARY.read("养老、年金/公积金 医疗")[1] == ("年金", "公积金")
    assert VOCABULARY.read("养老医疗")[1] == ("养老医疗",), "words run together are not guessed at"


def test_the_nearest_levels_bundle_goes_first() -> None:
    five = VOCABULARY.read("五险")[0]
    assert five is not None
    assert len(five) == 5
