"""Windows: a filing is late or early by one wrong day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st

from socialins.calendar import SHANGHAI, CalendarUnknown, Window, window_of
from socialins.rules import Cascade, RuleFileError, RuleUnknown, build_rule_books, parse_rules
from socialins.testing.middle import middle
from socialins.values import Month

MONTHS = st.integers(min_value=2015 * 12, max_value=2026 * 12 + 10).map(Month.from_index)


def cascade_with(*windows: dict[str, Any], **keys: Any) -> Cascade:
    """A region that has these windows and nothing else."""
    table = {
        "division": "990300",
        "region": {"slug": "w", "name": {"zh": "窗", "en": "W"}},
        "sources": {"s": {"title": "须知", "seen": "made up"}},
        "windows": list(windows),
        **keys,
    }
    return Cascade((build_rule_books({"w.toml": parse_rules(table, "w.toml")})["990300"],))


def window(
    *intervals: dict[str, Any], businesses: tuple[str, ...] = ("staff.add",)
) -> dict[str, Any]:
    return {
        "businesses": list(businesses),
        "values": [
            {"from": "2010-01", "intervals": list(intervals), "sources": ["s"], "mark": "B"}
        ],
    }


def opened(*intervals: dict[str, Any], month: str = "2026-11") -> Window:
    return window_of(cascade_with(window(*intervals)), "staff.add", Month.of(month))


def test_a_window_may_begin_in_the_month_before() -> None:
    found = middle().window("staff.add", "2026-11")
    assert found.opens == datetime(2026, 10, 11, tzinfo=SHANGHAI)
    assert found.last_day == date(2026, 11, 7)
    assert found.closes == datetime(2026, 11, 8, tzinfo=SHANGHAI)


def test_the_last_day_counts_to_its_end_and_not_a_moment_longer() -> None:
    found = opened({"first": {"day": 5}, "last": {"day": 22}})
    assert not found.contains(found.opens - timedelta(microseconds=1))
    assert found.contains(found.opens)
    assert found.contains(found.closes - timedelta(microseconds=1))
    assert not found.contains(found.closes)


def test_a_moment_is_the_same_in_every_zone() -> None:
    found = opened({"first": {"day": 5}, "last": {"day": 22}})
    # 16:00 UTC on the 22nd is midnight in Shanghai: the 23rd.
    assert found.contains(datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    assert not found.contains(datetime(2026, 11, 22, 16, 0, tzinfo=UTC))
    assert found.contains(datetime(2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=-7)))) is True


def test_a_moment_without_a_zone_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        opened({"first": {"day": 1}, "last": {"day": 5}}).contains(datetime(2026, 11, 2))  # noqa: DTZ001


def test_between_two_intervals_nothing_can_be_filed() -> None:
    found = opened(
        {"first": {"day": 20}, "last": {"day": 25}}, {"first": {"day": 1}, "last": {"day": 10}}
    )
    assert [opening.opens.day for opening in found.openings] == [1, 20]
    assert found.contains(datetime(2026, 11, 10, 12, tzinfo=SHANGHAI))
    assert not found.contains(datetime(2026, 11, 15, 12, tzinfo=SHANGHAI))
    assert found.last_day == date(2026, 11, 25)


def test_hours_of_the_day_are_kept() -> None:
    found = opened(
        {
            "first": {"day": 1},
            "last": {"day": "last"},
            "daily_from": "06:00",
            "daily_to": "22:00",
        }
    )
    assert not found.contains(datetime(2026, 11, 3, 5, 59, tzinfo=SHANGHAI))
    assert found.contains(datetime(2026, 11, 3, 6, 0, tzinfo=SHANGHAI))
    assert not found.contains(datetime(2026, 11, 3, 22, 0, tzinfo=SHANGHAI))


def test_a_closing_hour_ends_the_last_day_early() -> None:
    found = opened(
        {"first": {"day": 1, "month": 0}, "last": {"day": "last", "plus": -1}, "closes_at": "22:00"}
    )
    assert found.closes == datetime(2026, 11, 29, 22, tzinfo=SHANGHAI)
    assert found.last_day == date(2026, 11, 29)


def test_midnight_as_closing_hour_is_the_end_of_the_day() -> None:
    found = opened({"first": {"day": 1}, "last": {"day": 22}, "closes_at": "24:00"})
    assert found.closes == datetime(2026, 11, 23, tzinfo=SHANGHAI)


def test_the_last_workday_within_a_day_is_before_a_weekend() -> None:
    # 2026-10-25 is a Sunday, the 24th a Saturday that nobody works on.
    rule = {"first": {"day": 1}, "last": {"day": 25, "workday": "previous"}}
    assert opened(rule, month="2026-10").last_day == date(2026, 10, 23)


def test_a_deadline_on_a_holiday_moves_past_it() -> None:
    # 2026-10-01 begins the National Day holiday; the first workday after it is the 8th.
    rule = {"first": {"day": 1, "workday": "next"}, "last": {"day": 15}}
    assert opened(rule, month="2026-10").opens.date() == date(2026, 10, 8)


def test_a_made_up_workday_counts_as_one() -> None:
    # Saturday 2026-10-10 is worked.
    rule = {"first": {"day": 1}, "last": {"day": 10, "workday": "previous"}}
    assert opened(rule, month="2026-10").last_day == date(2026, 10, 10)


def test_a_year_whose_holidays_are_unknown_is_a_named_fault_and_never_a_guess() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        opened({"first": {"day": 1}, "last": {"day": 25, "workday": "previous"}}, month="2027-10")
    assert caught.value.fault.code == "calendar.year-unknown"
    assert "2027" in caught.value.fault.message("zh")


def test_a_plain_day_rule_needs_no_holiday_calendar() -> None:
    found = opened({"first": {"day": 5}, "last": {"day": 22}}, month="2031-03")
    assert found.last_day == date(2031, 3, 22)


@given(month=MONTHS, day=st.integers(1, 31))
def test_a_day_that_a_month_lacks_is_its_last(month: Month, day: int) -> None:
    found = window_of(
        cascade_with(window({"first": {"day": 1}, "last": {"day": day}})), "staff.add", month
    )
    assert found.last_day == date(month.year, month.month, min(day, month.last_day.day))


@given(
    month=MONTHS,
    first=st.integers(1, 31),
    length=st.integers(0, 40),
    moment=st.datetimes(datetime(2014, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_a_window_holds_a_moment_just_when_its_days_do(
    month: Month, first: int, length: int, moment: datetime
) -> None:
    begins = min(first, month.last_day.day)
    rule = {"first": {"day": first}, "last": {"day": first, "plus": length}}
    found = window_of(cascade_with(window(rule)), "staff.add", month)
    local = moment.replace(tzinfo=SHANGHAI)
    first_day = date(month.year, month.month, begins)
    inside = first_day <= local.date() <= first_day + timedelta(days=length)
    assert found.contains(local) is inside


def test_an_overlay_chooses_among_readings_that_disagree() -> None:
    region = middle()
    chosen = region.window(
        "staff.add", "2026-11", overlay={"variants": {"staff.add": "calendar-month"}}
    )
    assert chosen.variant == "calendar-month"
    assert chosen.opens.date() == date(2026, 11, 1)
    assert region.window("staff.stop", "2026-11").opens.date() == date(2026, 10, 11)


def test_choosing_a_reading_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(RuleFileError, match="no reading 'typo'"):
        middle().window("staff.add", "2026-11", overlay={"variants": {"staff.add": "typo"}})


def test_a_window_nobody_stated_is_not_invented() -> None:
    with pytest.raises(RuleUnknown) as caught:
        middle().window("refund.apply", "2026-11")
    assert caught.value.fault.code == "calendar.window-unknown"


def test_an_admitted_gap_names_its_reason() -> None:
    with pytest.raises(RuleUnknown, match="2019 were not seen"):
        middle().window("collection.deduct", "2019-06", insurance="medical")


def test_the_calendar_of_a_month_has_what_is_known_and_says_what_is_not() -> None:
    found = middle().calendar("2026-11")
    assert [one.business for one in found] == [
        "staff.add",
        "staff.stop",
        "wage.declare",
        "collection.deduct",
    ]
    assert not found.unknown
    later = middle().calendar("2027-10")
    assert [fault.code for fault in later.unknown] == ["calendar.year-unknown"]
    assert len(later) == 3


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ({"first": {"day": 32}, "last": {"day": 1}}, "day 32"),
        ({"first": {"day": 1}, "last": {"day": "end"}}, "end"),
        ({"first": {"day": 1}, "last": {"day": 2}, "closes_at": "25:00"}, "25:00"),
        ({"first": {"day": 1}, "last": {"day": 2}, "daily_from": "08:00"}, "daily_to"),
        ({"first": {"day": 9}, "last": {"day": 2}}, "ends before it begins"),
    ],
)
def test_a_window_that_makes_no_sense_does_not_load(broken: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleFileError, match=problem) as caught:
        cascade_with(window(broken))
    assert "windows[0].values[0].intervals" in str(caught.value)


def test_windows_of_an_insurance_come_before_those_of_all() -> None:
    general = window({"first": {"day": 1}, "last": {"day": 5}})
    medical = {**window({"first": {"day": 1}, "last": {"day": 9}}), "insurances": ["medical"]}
    cascade = cascade_with(general, medical)
    month = Month(2026, 11)
    assert window_of(cascade, "staff.add", month, insurance="medical").last_day.day == 9
    assert window_of(cascade, "staff.add", month, insurance="pension").last_day.day == 5
