"""The check-up from the command line: what a clerk wants to know before settling and filing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]
Write = Callable[..., Path]
Number = Callable[..., str]

MIDDLE = ("--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")
TODAY = ("--today", "2026-11-03")
GAP = ("--region", "middle", "--month", "2025-11", "--injury-rate", "0.2%", *TODAY)


@pytest.fixture
def good(roster: Write, number: Number) -> Path:
    """Below the floor, on it, between, on the cap, above it."""
    return roster(
        ("甲", number(1), "3000"),
        ("乙", number(2), "4310"),
        ("丙", number(3), "10000"),
        ("丁", number(4), "21500"),
        ("戊", number(5), "50000"),
    )


def bounds(found: dict[str, Any], insurance: str = "pension") -> dict[str, tuple[str, str]]:
    return {
        one["name"]: (one["edge"], one["base"])
        for one in found["bounds"]
        if one["insurance"] == insurance
    }


# Bounds.


def test_whose_wage_meets_floor_or_cap_is_told_and_nobody_else(call: Call, good: Path) -> None:
    found = call("check", good, *MIDDLE, *TODAY, "--json").json
    assert bounds(found) == {
        "甲": ("floor", "4310.00"),
        "乙": ("floor", "4310.00"),
        "丁": ("cap", "21500.00"),
        "戊": ("cap", "21500.00"),
    }
    assert found["persons"] == 5


def test_bounds_differ_by_insurance_and_each_is_told_once(call: Call, good: Path) -> None:
    found = call("check", good, *MIDDLE, *TODAY, "--json").json
    of_first = [one for one in found["bounds"] if one["name"] == "甲"]
    assert len({one["insurance"] for one in of_first}) == len(of_first) > 2
    # Long-term care has neither floor nor cap.
    assert "long-term-care" not in {one["insurance"] for one in found["bounds"]}


def test_a_wage_that_rounding_carries_to_the_floor_meets_it(
    call: Call, roster: Write, number: Number
) -> None:
    path = roster(("甲", number(1), "4310.49"), ("乙", number(2), "4310.50"))
    found = call("check", path, *MIDDLE, *TODAY, "--json").json
    assert bounds(found) == {"甲": ("floor", "4310.00")}, "pension bases are whole yuan here"
    assert bounds(found, "unemployment") == {}, "those of unemployment are not"


def test_bounds_are_shown_with_the_insurances_that_share_them(call: Call, good: Path) -> None:
    ran = call("check", good, *MIDDLE, *TODAY, env={"COLUMNS": "160"})
    assert ran.status == 0
    (line,) = (line for line in ran.out.splitlines() if line.split()[1:2] == ["甲"] and "," in line)
    assert "4,310.00 pension, unemployment, work injury" in line
    assert "Wages that meet a floor or a cap" in ran.out


def test_nobody_at_a_bound_is_said_in_a_sentence(call: Call, roster: Write, number: Number) -> None:
    path = roster(("丙", number(3), "10000"))
    assert "No wage meets a floor or a cap." in call("check", path, *MIDDLE, *TODAY).out


# What is not known, and windows.


def test_figures_that_strict_settling_would_stop_at_are_listed(call: Call, good: Path) -> None:
    ran = call("check", good, *GAP, "--json")
    missing = ran.json["missing"]
    assert missing
    assert {one["code"] for one in missing} == {"rules.unknown"}
    assert ran.status == 1, "the month can't be settled as it stands"
    assert bounds(ran.json), "what is known is checked all the same"
    lenient = call("check", good, *GAP, "--lenient")
    assert lenient.status == 0
    assert "strict settling stops here" in lenient.out


def test_a_missing_injury_rate_is_listed(call: Call, good: Path) -> None:
    ran = call("check", good, "--region", "middle", "--month", "2026-11", *TODAY, "--json")
    assert [one["code"] for one in ran.json["missing"]] == ["settle.injury-rate-missing"]
    assert ran.status == 1


@pytest.mark.parametrize(("today", "is_open"), [("2026-11-07", True), ("2026-11-08", False)])
def test_windows_that_are_open_today_are_told_with_their_last_day(
    call: Call, good: Path, today: str, is_open: bool
) -> None:
    found = call("check", good, *MIDDLE, "--today", today, "--json").json
    add = next(one for one in found["windows"] if one["business"] == "staff.add")
    assert (add["last_day"], add["open"]) == ("2026-11-07", is_open)
    shown = call("check", good, *MIDDLE, "--today", today).out
    assert ("staff.add" in shown.partition("Open now")[2]) is is_open


def test_today_is_the_day_in_china_where_none_is_given(call: Call, good: Path) -> None:
    found = call("check", good, *MIDDLE, "--json").json
    assert len(found["today"]) == 10


# What is due.


def test_with_last_months_roster_what_is_due_is_told(
    call: Call, roster: Write, number: Number, tmp_path: Path
) -> None:
    before = roster(("甲", number(1), "5000"), ("乙", number(2), "6000"))
    before = before.rename(tmp_path / "before.csv")
    now = roster(("乙", number(2), "6500"), ("丙", number(3), "7000"))
    ran = call("check", now, *MIDDLE, *TODAY, "--before", before, "--json")
    due = {one["business"]: one for one in ran.json["due"]}
    assert {name: [who["name"] for who in one["persons"]] for name, one in due.items()} == {
        "staff.add": ["丙"],
        "staff.stop": ["甲"],
        "wage.change": ["乙"],
    }
    assert due["staff.add"]["status"] == "open"
    assert due["staff.add"]["last_day"] == "2026-11-07"
    assert due["staff.add"]["materials"] == ["labour contract"]
    shown = call("check", now, *MIDDLE, *TODAY, "--before", before).out
    assert "What is due" in shown
    assert "2026-11-07" in shown
    assert call("check", now, *MIDDLE, *TODAY, "--json").json["due"] is None


def test_nothing_due_is_said_and_a_wrong_row_makes_leavers_doubtful(
    call: Call, roster: Write, number: Number, tmp_path: Path
) -> None:
    rows = [("甲", number(1), "5000"), ("乙", number(2), "6000")]
    before = roster(*rows).rename(tmp_path / "before.csv")
    now = roster(*rows)
    out = call("check", now, *MIDDLE, *TODAY, "--before", before).out
    assert "Nothing changed since last month." in out
    assert "look like leavers" not in out
    now = roster(rows[0], ("乙", number(2), "many"))
    ran = call("check", now, *MIDDLE, *TODAY, "--before", before)
    assert "look like leavers" in ran.out
    assert ran.status == 1


# What is wrong.


def test_wrong_rows_and_persons_named_twice_are_told_and_the_status_says_so(
    call: Call, roster: Write, number: Number
) -> None:
    path = roster(
        ("甲", number(1), "3000"),
        ("乙", "123", "5000"),
        ("丙", number(3), "5000"),
        ("丙", number(3), "6000"),
    )
    ran = call("check", path, *MIDDLE, *TODAY, "--json")
    assert ran.status == 1
    found = [
        (fault["code"], fault["row"])
        for fault in ran.json["faults"]
        if fault["severity"] == "error"
    ]
    assert sorted(found) == [
        ("identity.length", 3),
        ("roster.duplicate", 4),
        ("roster.duplicate", 5),
    ]
    assert bounds(ran.json) == {"甲": ("floor", "4310.00")}, "the good row is checked"
    out = call("check", path, *MIDDLE, *TODAY).out
    assert "[identity.length]" in out
    assert "What to do" in out


def test_a_file_that_is_no_roster_still_gives_one_object(call: Call, roster: Write) -> None:
    path = roster(("甲", "乙"), heading="某,某某")
    ran = call("check", path, *MIDDLE, *TODAY, "--json")
    assert ran.status == 1
    assert ran.json["persons"] == 0
    assert [fault["code"] for fault in ran.json["faults"]] == ["roster.header.missing"]
    assert ran.json["windows"]
    out = call("check", path, *MIDDLE, *TODAY).out
    assert "Open now" in out
    assert "[roster.header.missing]" in out


def test_an_earlier_roster_that_can_not_be_read_is_told(
    call: Call, good: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before.csv"
    before.write_text("某,某某\n1,2\n", encoding="utf-8")
    ran = call("check", good, *MIDDLE, *TODAY, "--before", before, "--json")
    assert ran.status == 1
    assert [fault["file"] for fault in ran.json["faults"]] == [str(before)]
    assert ran.json["due"] is None


def test_it_speaks_chinese_too(call: Call, good: Path) -> None:
    out = call("check", good, *MIDDLE, *TODAY, "--lang", "zh").out
    for words in ("达到基数上下限的人员", "现在可以申报", "没有发现问题。", "2026年11月", "5 人"):
        assert words in out
