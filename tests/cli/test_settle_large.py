"""Large rosters on the command line: the same words, sheets and status, only sooner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("python_calamine", reason="needs the extra workbooks")
pytest.importorskip("rustpy_xlsxwriter", reason="needs the extra workbooks")

from openpyxl import Workbook, load_workbook

from socialins.bulk import large

Call = Callable[..., Any]
Number = Callable[[int], str]

MIDDLE = ("--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")
PATH = "settlement-middle-2026-11.xlsx"


def book(folder: Path, number: Number, *, wrong: bool) -> Path:
    made = Workbook()
    sheet: Any = made.active
    sheet.append(["姓名", "证件号码", "申报工资", "户籍", "用工形式"])
    for index in range(1, 41):
        words = ["外埠农村" if index % 3 else "本地城镇", "非全日制" if index % 7 == 0 else ""]
        sheet.append([f"示例{index}", number(index), 3000.5 + 700 * index, *words])
    if wrong:
        sheet["C9"], sheet["B11"], sheet["B12"] = "many", number(2), None
    path = folder / "large.xlsx"
    made.save(path)
    return path


@pytest.mark.parametrize("way", [("zh", True), ("en", False)])
def test_what_is_told_and_written_does_not_depend_on_the_way(
    call: Call,
    number: Number,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: tuple[str, bool],
) -> None:
    lang, wrong = way
    path = book(tmp_path, number, wrong=wrong)
    asked = ("settle", path, *MIDDLE, "--lang", lang, "--out", tmp_path / "out")
    before = call(*asked)
    details = load_workbook(tmp_path / "out" / PATH).sheetnames
    monkeypatch.setattr(large, "LARGE", 10)
    after = call(*asked)
    assert (after.out, after.err, after.status) == (before.out, before.err, before.status)
    assert after.status == int(wrong)
    assert load_workbook(tmp_path / "out" / PATH).sheetnames == details[:-1]


def test_json_lists_every_amount_of_a_large_roster_too(
    call: Call, number: Number, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, number, wrong=True)
    before = call("settle", path, *MIDDLE, "--json")
    monkeypatch.setattr(large, "LARGE", 10)
    after = call("settle", path, *MIDDLE, "--json")
    assert after.json == before.json
    assert (after.status, after.err) == (1, "")


def test_without_the_extra_it_goes_on_as_ever_and_says_what_would_help(
    call: Call, number: Number, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, number, wrong=False)
    before = call("settle", path, *MIDDLE)
    monkeypatch.setattr(large, "_MODULES", ("no_such_module",))
    monkeypatch.setattr(large, "LARGE", 10)
    after = call("settle", path, *MIDDLE)
    assert (after.out, after.status) == (before.out, before.status)
    assert "socialins[workbooks]" in after.err


@pytest.mark.parametrize("lenient", [(), ("--lenient",)])
def test_a_figure_that_is_not_known_is_told_as_of_a_small_roster(
    call: Call,
    number: Number,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lenient: tuple[str, ...],
) -> None:
    path = book(tmp_path, number, wrong=True)
    asked = ("settle", path, "--region", "middle", "--month", "2025-11", *lenient)
    before = call(*asked)
    monkeypatch.setattr(large, "LARGE", 10)
    after = call(*asked)
    assert (after.out, after.err, after.status) == (before.out, before.err, before.status)
