"""A month's windows as an iCalendar file, for the calendar program that people look at."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from socialins.calendar import SHANGHAI, MonthCalendar, Opening, Window
from socialins.faults import Text, require

__all__ = ["calendar_to_ics", "write_ics"]

_WINDOW = Text("{title}：{month} 申报期", "{title}: window for {month}")
_LAST = Text("最后一天：{title}（{month}）", "Last day: {title} ({month})")
_RULE = Text("规则：", "Rule: ")
_SOURCE = Text("依据：", "Rests on: ")


def write_ics(calendar: MonthCalendar, path: Path, place: str, lang: str = "zh") -> None:
    """Write a month's windows to an .ics file.

    Arguments:
        calendar: the windows; what is unknown can't stand in a calendar and is left to the caller.
        path: where to write.
        place: slug of the region; part of each event's identity, so that a newer file replaces an
            older one instead of doubling its events.
        lang: language of the titles.

    Raises:
        MissingExtra: if icalendar is not installed.
    """
    path.write_bytes(calendar_to_ics(calendar, place, lang))


def calendar_to_ics(calendar: MonthCalendar, place: str, lang: str = "zh") -> bytes:
    """The bytes of the .ics file; the same windows give the same bytes."""
    icalendar = require("icalendar", "ics")
    made = icalendar.Calendar()
    made.add("prodid", "-//socialins//windows//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    for window in calendar:
        for number, opening in enumerate(window.openings, start=1):
            made.add_component(_event(icalendar, window, opening, f"{place}-{number}", lang))
    return bytes(made.to_ical())


def _event(icalendar: Any, window: Window, opening: Opening, key: str, lang: str) -> Any:
    title, month = window.title.get(lang), str(window.month)
    event = icalendar.Event()
    insurance = f"-{window.insurance}" if window.insurance else ""
    event.add("uid", f"{window.business}{insurance}-{month}-{key}@socialins")
    # When the event was made says nothing here; the rule's month does, and keeps the file the same.
    event.add("dtstamp", datetime.combine(window.month.first_day, time(), SHANGHAI))
    event.add("summary", _WINDOW.get(lang).format(title=title, month=month))
    sources = "; ".join(source.describe(lang) for source in window.sources)
    event.add(
        "description",
        f"{_RULE.get(lang)}{window.citation.value.get(lang)}\n{_SOURCE.get(lang)}{sources}",
    )
    whole_days = opening.opens.time() == time() == opening.closes.time()
    event.add("dtstart", opening.opens.date() if whole_days else opening.opens)
    event.add("dtend", opening.closes.date() if whole_days else opening.closes)
    event.add("transp", "TRANSPARENT")  # an open window keeps nobody busy
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _LAST.get(lang).format(title=title, month=month))
    alarm.add("trigger", timedelta(days=-1, hours=9), parameters={"RELATED": "END"})
    event.add_component(alarm)
    return event
