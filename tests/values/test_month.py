"""Months: a month that slips by one is a month too much, or one that is not insured."""

from __future__ import annotations

import calendar
import operator
import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, strategies as st

from socialins.testing import strategies as sis
from socialins.values import Month, MonthSpan

months = sis.months()
spans = sis.month_spans(min_value="2015-01", max_value="2035-12")
closed = sis.month_spans(min_value="2015-01", max_value="2035-12", open_ended=False)
YEARS = range(1900, 2201)


@given(months, st.integers(-600, 600))
def test_adding_months_is_what_a_calendar_says(month: Month, count: int) -> None:
    expected = month.first_day + relativedelta(months=count)
    assert (month + count).first_day == expected
    assert (month - -count).first_day == expected
    assert (month + count) - month == count


@given(months, months)
def test_the_distance_of_two_months_is_what_a_calendar_says(one: Month, other: Month) -> None:
    apart = relativedelta(one.first_day, other.first_day)
    assert one - other == apart.years * 12 + apart.months


@given(months, months)
def test_months_are_ordered_in_time(one: Month, other: Month) -> None:
    for compare in (operator.lt, operator.le, operator.eq, operator.gt, operator.ge):
        assert compare(one, other) is compare(one.first_day, other.first_day)


@given(months)
def test_a_month_begins_and_ends_where_the_calendar_says(month: Month) -> None:
    assert month.first_day.day == 1
    assert month.last_day + timedelta(days=1) == (month + 1).first_day
    assert month.last_day.day == calendar.monthrange(month.year, month.month)[1]


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_belongs_to_its_month(day: date) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
    assert Month.of(datetime(day.year, day.month, day.day, tzinfo=UTC)) == month


@given(months)
def test_every_spelling_of_a_month_reads_back_equal(month: Month) -> None:
    year, number = month.year, month.month
    for text in (
        str(month),
        f"{month:zh}",
        f"{year}-{number}",
        f"{year}/{number:02}",
        f"{year}.{number}",
        f"{year}{number:02}",
        f" {year}年{number}月 ",
    ):
        assert Month.of(text) == month
    assert Month.of(month) is month
    assert Month.from_index(month.index) == month
    assert eval(repr(month), {"Month": Month}) == month
    assert pickle.loads(pickle.dumps(month)) == month


NO_MONTHS = "|2026|2026-13|2026-00|2026-31|2024-01-07|20261|26-11|2026-11-|x|2026年|2026-1 1"


@pytest.mark.parametrize("text", [*NO_MONTHS.split("|"), "1899-12", "2201-01"])
def test_text_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|year"):
        Month.of(text)


@pytest.mark.parametrize("value", [2026.11, 202611, None, (2026, 11)])
def test_what_is_no_month_at_all_is_refused_with_what_to_pass(value: object) -> None:
    with pytest.raises(TypeError, match="pass '2026-11'"):
        Month.of(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "month"), [(2026.0, 11), (2026, 11.0), (True, 1), (2026, True), ("2026", 11)]
)
def test_a_month_is_made_of_whole_numbers(year: object, month: object) -> None:
    with pytest.raises(TypeError, match=r"Month\(2026, 11\)"):
        Month(year, month)  # type: ignore[arg-type]


def test_adding_anything_but_months_is_refused() -> None:
    for other in (1.0, True, "1", None):
        with pytest.raises(TypeError):
            Month(2026, 11) + other  # type: ignore[operator]
        with pytest.raises(TypeError):
            Month(2026, 11) - other  # type: ignore[operator]


def test_running_out_of_the_calendar_is_an_error() -> None:
    with pytest.raises(ValueError, match="outside 1900"):
        Month(1900, 1) - 1
    with pytest.raises(ValueError, match="outside 1900"):
        Month(2200, 12) + 1


def test_the_calendar_reaches_from_1900_through_2200() -> None:
    assert Month(1900, 1) + (301 * 12 - 1) == Month(2200, 12)


def as_set(span: MonthSpan) -> set[Month]:
    """The months of a span, up to a year beyond all that these tests draw."""
    last = span.last or Month(2036, 12)
    return {Month.from_index(index) for index in range(span.first.index, last.index + 1)}


@given(closed)
def test_a_span_is_its_months_in_order_both_ends_included(span: MonthSpan) -> None:
    listed = list(span)
    assert listed == sorted(as_set(span))
    assert listed[0] == span.first
    assert listed[-1] == span.last
    assert span.count() == len(listed)
    assert all(month in span for month in listed)
    assert span.first - 1 not in span
    assert listed[-1] + 1 not in span


@given(spans, spans)
def test_an_overlap_is_the_months_that_lie_in_both(one: MonthSpan, other: MonthSpan) -> None:
    common = one.overlap(other)
    assert common == other.overlap(one)
    assert (as_set(common) if common else set()) == as_set(one) & as_set(other)
    if common:
        assert (common.last is None) is (one.last is None and other.last is None)


def test_spans_that_share_one_month_overlap_in_it() -> None:
    common = MonthSpan("2026-01", "2026-07").overlap(MonthSpan("2026-07", "2026-12"))
    assert common == MonthSpan("2026-07", "2026-07")


@given(spans)
def test_a_span_that_was_written_reads_back_equal(span: MonthSpan) -> None:
    assert MonthSpan.parse(str(span)) == span
    assert pickle.loads(pickle.dumps(span)) == span


@given(months)
def test_a_single_month_is_a_span_of_one(month: Month) -> None:
    span = MonthSpan.parse(str(month))
    assert span == month.to(month) == MonthSpan(month, month)
    assert span.count() == 1


@given(spans)
def test_an_open_span_has_no_end_and_no_count(span: MonthSpan) -> None:
    endless = MonthSpan(span.first)
    assert Month(2200, 12) in endless
    for use in (list, MonthSpan.count):
        with pytest.raises(ValueError, match="open; cut it with overlap"):
            use(endless)


@given(months, st.integers(1, 100))
def test_a_span_that_ends_before_it_begins_is_refused(month: Month, back: int) -> None:
    with pytest.raises(ValueError, match="before it begins"):
        MonthSpan(month, month - back)


@given(st.lists(spans))
def test_spans_sort_by_their_beginning_and_keep_their_order_otherwise(
    listed: list[MonthSpan],
) -> None:
    assert sorted(listed) == sorted(listed, key=lambda span: span.first)
    assert not any(span < span for span in listed)  # noqa: PLR0124


@given(sis.month_spans(containing="2026-11"))
def test_drawn_spans_contain_the_month_asked_for(span: MonthSpan) -> None:
    assert Month(2026, 11) in span
