"""The calendar file: a filing that the calendar program shows on a wrong day is missed."""

from __future__ import annotations

import warnings
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from socialins.calendar import SHANGHAI
from socialins.forms.ics import calendar_to_ics, write_ics
from socialins.testing.middle import middle

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that reader's own imports warn
    import vobject


def events(raw: bytes) -> dict[str, Any]:
    """The events as another library reads them, by the start of their identity."""
    read = vobject.readOne(raw.decode("utf-8"))
    return {event.uid.value.partition("-2026")[0]: event for event in read.vevent_list}


def test_another_library_reads_the_days_of_a_window() -> None:
    found = events(calendar_to_ics(middle().calendar("2026-11"), "middle"))
    add = found["staff.add"]
    assert add.dtstart.value == date(2026, 10, 11)
    assert add.dtend.value == date(2026, 11, 8), "the end of whole days is the day after"
    assert add.summary.value == "人员增加：2026-11 申报期"


def test_a_window_that_closes_at_an_hour_keeps_the_hour() -> None:
    raw = calendar_to_ics(middle().calendar("2026-11"), "middle", "en").decode("utf-8")
    read = [one for one in vobject.readOne(raw).vevent_list if "wage.declare" in one.uid.value]
    assert len(read) == 2, "one event a run of days"
    assert read[1].dtend.value.astimezone(SHANGHAI) == datetime(2026, 11, 29, 22, tzinfo=SHANGHAI)


def test_the_alarm_rings_in_the_morning_of_the_last_day() -> None:
    add = events(calendar_to_ics(middle().calendar("2026-11"), "middle"))["staff.add"]
    rings = datetime(2026, 11, 8) + add.valarm.trigger.value  # noqa: DTZ001
    assert rings == datetime(2026, 11, 7, 9)  # noqa: DTZ001
    assert add.valarm.trigger.value == timedelta(hours=-15)


def test_writing_again_replaces_events_instead_of_doubling_them(tmp_path: Path) -> None:
    one, other = tmp_path / "1.ics", tmp_path / "2.ics"
    for path in (one, other):
        write_ics(middle().calendar("2026-11"), path, "middle")
    assert one.read_bytes() == other.read_bytes()
    uids = [event.uid.value for event in vobject.readOne(one.read_text("utf-8")).vevent_list]
    assert len(uids) == len(set(uids))


def test_the_rule_and_its_document_stand_in_the_event() -> None:
    found = events(calendar_to_ics(middle().calendar("2026-11"), "middle"))
    assert "上月11日至7日" in found["staff.add"].description.value
    assert "网上申报须知" in found["staff.add"].description.value
