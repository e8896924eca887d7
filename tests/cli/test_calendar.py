"""`socialins calendar`: a unit sees in time what may be filed until when."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Call = Callable[..., Any]


def test_each_window_stands_there_with_its_last_day_and_document(call: Call) -> None:
    result = call("calendar", "middle", "--month", "2026-11", "--lang", "en")
    assert result.status == 0
    row = next(line for line in result.out.splitlines() if "staff.add" in line)
    assert "2026-10-11" in row
    assert "2026-11-07" in row
    assert "网上申报须知" in result.out


def test_the_picture_shows_the_month_before_when_a_window_reaches_into_it(
    call: Call,
) -> None:
    output = call("calendar", "middle", "--month", "2026-11", "--lang", "en").out
    picture = output[output.index("\n2026-10\n") :]
    assert "11 ab" in picture, "the 11th of October is open for both businesses"
    assert "10 ab" not in picture[: picture.index("2026-11")]


def test_what_is_not_known_is_named_with_its_reason(call: Call) -> None:
    result = call("calendar", "middle", "--month", "2027-10", "--lang", "en")
    assert "the holidays of 2027 are not known" in result.out
    assert result.status == 0


def test_json_is_one_object_with_aware_moments(call: Call) -> None:
    found = json.loads(call("calendar", "middle", "--month", "2026-11", "--json").out)
    add = next(one for one in found["windows"] if one["business"] == "staff.add")
    assert add["opens"] == "2026-10-11T00:00:00+08:00"
    assert add["closes"] == "2026-11-08T00:00:00+08:00"
    assert add["last_day"] == "2026-11-07"
    assert found["unknown"] == []


def test_the_calendar_file_is_written_where_it_was_asked_for(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "windows.ics"
    result = call("calendar", "middle", "--month", "2026-11", "--ics", str(file), "--lang", "en")
    assert result.status == 0
    assert str(file) in result.out
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_calendar_file_in_no_folder_is_wrong_usage(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "windows.ics"
    result = call("calendar", "middle", "--month", "2026-11", "--ics", str(file))
    assert result.status == 2
    assert "[cli.file-new]" in result.err


def test_an_overlay_chooses_the_reading(call: Call, tmp_path: Path) -> None:
    overlay = tmp_path / "own.toml"
    overlay.write_text(
        'division = "990100"\n[variants]\n"staff.add" = "calendar-month"\n', encoding="utf-8"
    )
    output = call(
        "calendar", "middle", "--month", "2026-11", "--overlay", str(overlay), "--json"
    ).out
    add = next(one for one in json.loads(output)["windows"] if one["business"] == "staff.add")
    assert add["opens"].startswith("2026-11-01")
    assert add["variant"] == "calendar-month"
