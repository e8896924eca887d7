"""Series: what holds in a month, and what was known of it on a day.

A figure taken too early, carried too long or kept after its revision is a wrong bill for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from socialins.rules import Cascade, RuleClass, Series, Status
from socialins.rules.figures import Bounds
from socialins.testing import strategies as sis
from socialins.testing.middle import middle
from socialins.values import Month

Make = Callable[..., Cascade]
CITED = 'sources = ["s"], mark = "A"'


def series(make: Make, values: str, more: str = "") -> Series[Any]:
    """The one series of bounds of these values."""
    body = f'[[bounds]]\ninsurances = ["pension"]\n{more}\nvalues = [{values}]\n'
    (found,) = make(body).books[0].of_kind("bounds")
    return found


def value(span: str, floor: str, more: str = "") -> str:
    first, _, last = span.partition("..")
    end = f', to = "{last}"' if last else ""
    extra = f", {more}" if more else ""
    return f'{{ from = "{first}"{end}, floor = "{floor}", cap = "none", {CITED}{extra} }},'


def floor(found: Any) -> str | None:
    return None if found.figure is None else str(found.figure.floor)


def test_a_figure_holds_from_its_first_month_through_its_last(cascade_of: Make) -> None:
    one = series(cascade_of, value("2024-07..2025-06", "1") + value("2025-07..", "2"))
    holds = {month: floor(one.find(Month.of(month), None, lenient=False)) for month in MONTHS}
    assert holds == dict(zip(MONTHS, [None, "1.00", "1.00", "2.00", "2.00"], strict=True))


MONTHS = ["2024-06", "2024-07", "2025-06", "2025-07", "2099-12"]


@pytest.mark.parametrize("carry", [0, 1, 3, 12])
def test_lenient_settling_carries_an_ended_figure_for_its_months_and_not_one_more(
    carry: int, cascade_of: Make
) -> None:
    one = series(cascade_of, value("2024-07..2025-06", "1", f"carry_months = {carry}"))
    last = Month(2025, 6)
    for past in range(1, 15):
        found = one.find(last + past, None, lenient=True)
        if past <= carry:
            assert (floor(found), found.status) == ("1.00", Status.CARRIED)
        else:
            assert found.figure is None
            assert found.last is not None
        strict = one.find(last + past, None, lenient=False)
        assert strict.figure is None
        assert strict.last is not None


def test_twelve_months_are_carried_where_the_file_says_nothing(cascade_of: Make) -> None:
    one = series(cascade_of, value("2024-07..2025-06", "1"))
    assert floor(one.find(Month(2026, 6), None, lenient=True)) == "1.00"
    assert floor(one.find(Month(2026, 7), None, lenient=True)) is None


def test_a_figure_that_a_source_lets_go_on_is_provisional_even_in_strict_settling(
    cascade_of: Make,
) -> None:
    one = series(cascade_of, value("2024-07..2025-06", "1", 'provisional_until_announced = "s"'))
    found = one.find(Month(2025, 7), None, lenient=False)
    assert (floor(found), found.status) == ("1.00", Status.PROVISIONAL)
    assert one.find(Month(2025, 6), None, lenient=False).status is Status.CONFIRMED


def test_nothing_goes_on_into_months_that_are_admitted_to_be_unknown(cascade_of: Make) -> None:
    gap = 'unknown = [{ from = "2025-07", why = { zh = "未见。", en = "Not seen." } }]'
    going = value("2024-07..2025-06", "1", 'provisional_until_announced = "s"')
    found = series(cascade_of, going, gap).find(Month(2025, 7), None, lenient=False)
    assert found.figure is None
    assert found.why is not None
    assert found.why.en == "Not seen."
    assert found.last is not None


LATE = value("2024-07..2025-06", "1", "announced = 2024-06-20, provisional_until_announced = 's'")
LATE += value("2025-07..2026-06", "2", "announced = 2025-09-18")


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_what_was_announced_late_is_not_known_before_its_day(
    cascade_of: Make, known_on: date
) -> None:
    one = series(cascade_of, LATE)
    found = one.find(Month(2025, 7), known_on, lenient=False)
    if known_on < date(2025, 9, 18):
        assert (floor(found), found.status) == ("1.00", Status.PROVISIONAL)
    else:
        assert (floor(found), found.status) == ("2.00", Status.CONFIRMED)
    assert floor(one.find(Month(2025, 7), None, lenient=False)) == "2.00"


@given(st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.booleans())
def test_a_figure_without_an_announcement_is_known_from_its_first_month(
    cascade_of: Make, known_on: date, lenient: bool
) -> None:
    one = series(cascade_of, value("2024-07..", "1"))
    found = one.find(Month(2024, 8), known_on, lenient=lenient)
    assert (floor(found) == "1.00") is (known_on >= date(2024, 7, 1))


REVISED = value("2026-07..2027-06", "1", "announced = 2026-06-30")
REVISED += value("2026-07..2027-06", "2", "announced = 2026-09-10, revises = true")
REVISED += value("2027-01..2027-06", "3", "announced = 2026-12-01, revises = true")


@pytest.mark.parametrize(
    ("month", "known_on", "expected"),
    [
        ("2026-08", date(2026, 6, 29), None),
        ("2026-08", date(2026, 6, 30), "1.00"),
        ("2026-08", date(2026, 9, 9), "1.00"),
        ("2026-08", date(2026, 9, 10), "2.00"),
        ("2026-08", None, "2.00"),
        ("2027-01", date(2026, 11, 30), "2.00"),
        ("2027-01", date(2026, 12, 1), "3.00"),
        ("2027-06", None, "3.00"),
    ],
)
def test_a_revision_takes_its_figures_place_from_its_day_on(
    month: str, known_on: date | None, expected: str | None, cascade_of: Make
) -> None:
    one = series(cascade_of, REVISED)
    assert floor(one.find(Month.of(month), known_on, lenient=False)) == expected


def test_what_is_carried_is_the_revised_figure_and_not_the_one_it_replaced(
    cascade_of: Make,
) -> None:
    one = series(cascade_of, REVISED)
    assert floor(one.find(Month(2027, 7), None, lenient=True)) == "3.00"
    assert floor(one.find(Month(2027, 7), date(2026, 10, 1), lenient=True)) == "2.00"
    last = one.find(Month(2028, 7), None, lenient=True).last
    assert last is not None
    assert str(last.floor) == "3.00"


@given(
    month=sis.months(min_value="2023-01", max_value="2029-12"),
    known_on=st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    lenient=st.booleans(),
)
def test_no_figure_is_used_before_it_was_known_or_outside_its_months(
    month: Month, known_on: date | None, lenient: bool
) -> None:
    for book in middle().cascade.books:
        for placed in book.series:
            found = placed.series.find(month, known_on, lenient=lenient)
            figure = found.figure
            if figure is None:
                continue
            assert known_on is None or figure.known_from <= known_on
            if found.status is Status.CONFIRMED:
                assert month in figure.span
            else:
                assert figure.end is not None
                assert figure.end < month
                assert lenient or found.status is Status.PROVISIONAL
                if found.status is Status.CARRIED:
                    assert month - figure.end <= figure.carry_months


@given(
    month=sis.months(min_value="2023-01", max_value="2029-12"),
    known_on=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    later=st.integers(0, 1000),
)
def test_knowing_more_never_unlearns_a_confirmed_month(
    month: Month, known_on: date, later: int
) -> None:
    for book in middle().cascade.books:
        for placed in book.series:
            before = placed.series.find(month, known_on, lenient=False)
            after = placed.series.find(month, known_on + timedelta(days=later), lenient=False)
            if before.figure is not None and before.status is Status.CONFIRMED:
                assert after.status is Status.CONFIRMED
                assert after.figure is not None


def test_the_citation_of_a_figure_has_its_document_day_and_level() -> None:
    located = middle().cascade.find(
        "bounds", Month(2025, 8), RuleClass(), insurance="pension", known_on=date(2025, 8, 1)
    )
    assert located is not None
    citation = located.citation()
    assert citation.status is Status.PROVISIONAL
    assert [source.number for source in citation.sources] == ["中人社〔2024〕1号"]
    assert citation.announced == date(2024, 6, 20)
    assert citation.level.en == "Middle Province"
    assert citation.dates_mark is citation.mark


def test_bounds_in_words_name_what_is_missing() -> None:
    figure = Bounds(start=Month(2026, 1), sources=(), mark="A", floor="none", cap="none")  # type: ignore[arg-type]
    assert figure.describe() == "下限 无，上限 无"
    assert (figure.floor_fen, figure.cap_fen) == (None, None)
