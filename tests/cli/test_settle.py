"""Settling from the command line: amounts, papers, what is wrong, what is not known."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import socialins as si
from socialins.cli.errors import faults_of
from socialins.cli.screen import make_console, tell_faults
from socialins.facade import region

Call = Callable[..., Any]
Write = Callable[..., Path]
Number = Callable[[int], str]

MIDDLE = ("--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")
GAP = ("--region", "middle", "--month", "2025-11", "--injury-rate", "0.2%")

EMPTY = {"contributions": [], "total": "0.00", "unit_total": "0.00", "person_total": "0.00"}


@pytest.fixture
def good(roster: Write, number: Number) -> Path:
    """Below the floor, between, above the cap."""
    return roster(("甲", number(1), "3000"), ("乙", number(2), "10000"), ("丙", number(3), "50000"))


@pytest.fixture
def broken(roster: Write, number: Number) -> Path:
    """Rows 3 and 4 are wrong, each in its own way."""
    bad = number(4)[:-1] + ("0" if number(4)[-1] != "0" else "1")
    return roster(
        ("甲", number(1), "3000"), ("丁", bad, "10000"), ("戊", number(5), "many"),
        ("丙", number(3), "50000"),
    )  # fmt: skip


def bill_of(path: Path, month: str = "2026-11", **settings: Any) -> si.Settlement:
    middle = region("middle")
    return middle.settle(middle.read_roster(path, month, injury_rate="0.2%"), **settings)


def test_totals_are_shown_by_insurance_and_payer_in_digits_and_capitals(
    call: Call, good: Path
) -> None:
    ran = call("settle", good, *MIDDLE)
    assert (ran.status, ran.err) == (0, "")
    bill = bill_of(good)
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["Middle", "City", "990100,", "2026-11,", "3", "persons"]
    pension = bill.totals["pension", si.Payer.UNIT], bill.totals["pension", si.Payer.PERSON]
    expected = [*(f"{one:,}" for one in pension), f"{si.Money.sum(pension):,}"]
    assert ["pension", "3", *expected] in lines
    totals = bill.unit_total, bill.person_total, bill.total
    assert ["Total", "3", *(f"{one:,}" for one in totals)] in lines
    assert f"In capitals: {si.in_capitals(bill.total)}" in ran.out


def test_a_chinese_reader_gets_a_chinese_table(call: Call, good: Path) -> None:
    ran = call("settle", good, *MIDDLE, "--lang", "zh")
    assert ran.out.startswith("中州 990100，2026年11月，3 人\n")
    for word in ("养老保险", "单位应缴", "个人应缴", "大写：", "长期护理保险"):
        assert word in ran.out


def test_a_program_gets_one_object_and_nothing_else(call: Call, good: Path, tmp_path: Path) -> None:
    ran = call("settle", good, *MIDDLE, "--json", "--out", tmp_path / "out")
    assert ran.status == 0
    assert ran.json == bill_of(good).to_plain("en")
    assert ran.json["contributions"]
    assert str(tmp_path) in ran.err


def test_the_workbook_lies_where_the_command_says(call: Call, good: Path, tmp_path: Path) -> None:
    ran = call("settle", good, *MIDDLE, "--out", tmp_path / "a" / "b")
    path = tmp_path / "a" / "b" / "settlement-middle-2026-11.xlsx"
    assert ran.status == 0
    assert ran.out.splitlines()[-1] == f"The settlement workbook: {path}"
    assert load_workbook(path).sheetnames


def test_bad_rows_are_listed_with_remedies_and_the_good_ones_settled(
    call: Call, broken: Path, tmp_path: Path
) -> None:
    ran = call("settle", broken, *MIDDLE, "--out", tmp_path)
    assert ran.status == 1
    wrong = ran.out.partition("What is wrong (2)")[2]
    for row in (3, 4):
        (index,) = (index for index, line in enumerate(wrong.splitlines()) if f"row {row}," in line)
        assert wrong.splitlines()[index].startswith("error: ")
        assert wrong.splitlines()[index + 1].startswith("  What to do: ")
    assert "2 persons" in ran.out.splitlines()[0]
    assert (tmp_path / "settlement-middle-2026-11.xlsx").exists()


def test_bad_rows_are_status_1_and_faults_in_the_object_too(call: Call, broken: Path) -> None:
    ran = call("settle", broken, *MIDDLE, "--json")
    assert ran.status == 1
    assert ran.json == bill_of(broken).to_plain("en")
    assert {one["row"] for one in ran.json["faults"]} == {3, 4}
    assert {one["row"] for one in ran.json["contributions"]} == {2, 5}
    assert all(one["message"] and one["remedy"] for one in ran.json["faults"])


def test_strict_settling_names_every_unknown_figure_and_how_to_go_on(
    call: Call, good: Path, tmp_path: Path
) -> None:
    ran = call("settle", good, *GAP, "--out", tmp_path)
    assert ran.status == 1
    for payer in ("unit", "person"):
        (line,) = (line for line in ran.out.splitlines() if f"medical ({payer})" in line)
        assert "floor 3,800.00, cap 19,000.00 (2024-01..2024-12)" in line
    assert "--lenient" in ran.out
    assert "overlay" in ran.out
    assert not list(tmp_path.glob("*.xlsx"))


def test_strict_settling_that_stops_prints_a_valid_object(call: Call, good: Path) -> None:
    ran = call("settle", good, *GAP, "--json")
    assert (ran.status, ran.err) == (1, "")
    assert {key: ran.json[key] for key in EMPTY} == EMPTY
    assert (ran.json["region"], ran.json["month"]) == ("middle", "2025-11")
    reasons = {(one["insurance"], one["payer"], one["month"]) for one in ran.json["unsettled"]}
    assert reasons == {("medical", "unit", "2025-11"), ("medical", "person", "2025-11")}
    assert all("not known" in one["reason"] for one in ran.json["unsettled"])
    assert {one["code"] for one in ran.json["faults"]} == {"rules.unknown"}


def test_a_stop_does_not_hide_the_rows_that_are_wrong_anyway(call: Call, broken: Path) -> None:
    ran = call("settle", broken, *GAP)
    assert ran.status == 1
    assert "row 3," in ran.out
    assert "row 4," in ran.out
    plain = call("settle", broken, *GAP, "--json").json
    assert {one["row"] for one in plain["faults"]} >= {3, 4}


def test_an_insurance_that_nobody_knows_is_told_though_settling_stopped(
    call: Call, roster: Write, number: Number
) -> None:
    heading = "姓名,证件号码,申报工资,险种"
    path = roster(
        ("甲", number(1), "5000", ""), ("乙", number(2), "5000", "lunch"), heading=heading
    )
    ran = call("settle", path, *GAP)
    assert ran.status == 1
    assert "lunch" in ran.out
    assert "medical (unit)" in ran.out


def test_lenient_settling_gives_what_is_known_and_groups_the_rest(call: Call, good: Path) -> None:
    ran = call("settle", good, "--region", "middle", "--month", "2026-11", "--lenient")
    assert ran.status == 0
    assert "pension" in ran.out
    (line,) = (line for line in ran.out.splitlines() if line.startswith("  • "))
    assert line.startswith("  • work injury · unit · 3 persons: the account's injury rate")
    assert "--injury-rate 0.2%" in ran.out
    plain = call("settle", good, "--region", "middle", "--month", "2026-11", "--lenient", "--json")
    assert plain.status == 0
    assert len(plain.json["unsettled"]) == 3


def test_a_carried_figure_is_told_apart_from_a_confirmed_one(call: Call, good: Path) -> None:
    ran = call("settle", good, "--region", "middle", "--month", "2027-08", "--lenient")
    assert ran.status == 0
    assert "Figures not confirmed for the month" in ran.out
    assert "2026-07..2027-06; carried past its end, not confirmed" in ran.out


def test_a_missing_injury_rate_stops_with_the_options_that_give_it(call: Call, good: Path) -> None:
    ran = call("settle", good, "--region", "middle", "--month", "2026-11")
    assert ran.status == 1
    assert "--injury-class 1" in ran.out
    plain = call("settle", good, "--region", "middle", "--month", "2026-11", "--json").json
    assert {key: plain[key] for key in EMPTY} == EMPTY
    (one,) = plain["unsettled"]
    assert (one["insurance"], one["payer"]) == ("injury", "unit")


def test_a_risk_class_stands_for_its_rate(call: Call, good: Path) -> None:
    by_rate = call("settle", good, *MIDDLE, "--json").json
    asked = ("--region", "middle", "--month", "2026-11", "--injury-class", "1", "--json")
    assert call("settle", good, *asked).json == by_rate


def test_a_floating_band_is_a_part_of_the_rate_of_its_class(call: Call, good: Path) -> None:
    def owed(*asked: str) -> list[si.Money]:
        month = ("--region", "middle", "--month", "2026-11")
        ran = call("settle", good, *month, *asked, "--json")
        assert ran.status == 0
        told = [one for one in ran.json["contributions"] if one["insurance"] == "injury"]
        return [si.Money.yuan(one["amount"]) for one in told]

    plain = owed("--injury-class", "2")
    assert owed("--injury-class", "2", "--injury-band", "50%") == [
        si.Money(one.fen // 2) for one in plain
    ]
    assert owed("--injury-class", "2", "--injury-band", "1") == plain


def test_a_band_that_the_class_has_not_is_answered_with_those_it_has(
    call: Call, good: Path
) -> None:
    month = ("--region", "middle", "--month", "2026-11")
    ran = call("settle", good, *month, "--injury-class", "1", "--injury-band", "50%")
    assert ran.status == 1
    assert "[settle.injury-band-unheard]" in ran.out
    assert "100%, 120%, 150%" in ran.out


RELIEF = """
division = "990100"
sources.notice = { title = "关于阶段性减免的通知", seen = "made up for tests" }
[[reliefs]]
insurances = ["pension"]
payer = "unit"
who = { unit_size = ["micro", "small"] }
values = [{ from = "2026-11", to = "2026-11", pays = "0%", sources = ["notice"], mark = "A" }]
[[reliefs]]
insurances = ["medical"]
payer = "unit"
who = { trade = ["bakery"] }
values = [{ from = "2026-11", to = "2026-11", pays = "50%", sources = ["notice"], mark = "A" }]
"""


def test_reliefs_by_size_and_trade_are_settled_as_the_options_say(
    call: Call, good: Path, tmp_path: Path
) -> None:
    overlay, unit = tmp_path / "own.toml", tmp_path / "unit.toml"
    overlay.write_text(RELIEF, encoding="utf-8")
    unit.write_text('size = "small"\ntrade = "轮渡"', encoding="utf-8")

    def owed(*asked: str) -> tuple[si.Money, si.Money]:
        ran = call("settle", good, *MIDDLE, "--overlay", overlay, *asked, "--json")
        assert ran.status == 0
        pension, medical = (
            si.Money.sum(
                si.Money.yuan(one["amount"])
                for one in ran.json["contributions"]
                if (one["insurance"], one["payer"]) == (insurance, "unit")
            )
            for insurance in ("pension", "medical")
        )
        return pension, medical

    full = owed("--unit-size", "large", "--trade", "ferry-transport")
    assert owed("--unit", str(unit)) == (si.Money(0), full[1])
    assert owed("--unit", str(unit), "--unit-size", "other") == full
    halved = owed("--unit", str(unit), "--unit-size", "large", "--trade", "面包房")
    assert halved[0] == full[0]
    assert halved[1] < full[1]


def test_a_size_that_a_relief_needs_is_asked_for_by_its_option(
    call: Call, good: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "own.toml"
    overlay.write_text(RELIEF, encoding="utf-8")
    ran = call("settle", good, *MIDDLE, "--overlay", overlay)
    assert ran.status == 1
    assert "[settle.relief-undecided]" in ran.out
    for option in ("--unit-size", "--trade"):
        assert option in ran.out


def test_the_unit_file_gives_what_the_account_has(call: Call, good: Path, tmp_path: Path) -> None:
    unit = tmp_path / "unit.toml"
    unit.write_text('name = "中州某公司"\ninjury_rate = "0.2%"\n', encoding="utf-8")
    asked = ("--region", "middle", "--month", "2026-11", "--unit", unit, "--json")
    assert call("settle", good, *asked).json == call("settle", good, *MIDDLE, "--json").json
    unit.write_text('injury_rate = "much"\ncolour = "red"\n', encoding="utf-8")
    ran = call("settle", good, *asked)
    assert ran.status == 1
    assert {key: ran.json[key] for key in EMPTY} == EMPTY
    assert len(ran.json["faults"]) == 2


def test_total_wages_of_the_unit_file_reach_the_unit_s_share(
    call: Call, good: Path, tmp_path: Path
) -> None:
    overlay, unit = tmp_path / "own.toml", tmp_path / "unit.toml"
    overlay.write_text(
        """
        division = "990100"
        sources.own = { title = "单位自查", seen = "made up for tests" }
        [[unit_base]]
        insurances = ["pension"]
        values = [{ from = "2020-01", basis = "total-wages", sources = ["own"], mark = "C" }]
        """,
        encoding="utf-8",
    )
    unit.write_text('total_wages = "100000"', encoding="utf-8")
    ran = call("settle", good, *MIDDLE, "--overlay", overlay, "--unit", unit, "--json")
    assert ran.status == 0
    owed = [
        si.Money.yuan(one["amount"])
        for one in ran.json["contributions"]
        if (one["insurance"], one["payer"]) == ("pension", "unit")
    ]
    assert si.Money.sum(owed) == si.Money.yuan("16000")
    ran = call("settle", good, *MIDDLE, "--overlay", overlay, "--json")
    assert ran.status == 1
    (one,) = ran.json["unsettled"]
    assert (one["insurance"], one["payer"]) == ("pension", "unit")


def test_persons_are_counted_by_insurance(call: Call, roster: Write, number: Number) -> None:
    path = roster(
        ("甲", number(1), "5000", "养老"), ("乙", number(2), "5000", "三险"),
        heading="姓名,证件号码,申报工资,险种",
    )  # fmt: skip
    lines = [line.split() for line in call("settle", path, *MIDDLE).out.splitlines()]
    counted = {line[0]: line[1] for line in lines if len(line) > 3 and line[1].isdigit()}
    assert counted == {"pension": "2", "unemployment": "1", "Total": "2"}
    assert ["work", "injury", "1"] in [line[:3] for line in lines]


def test_a_warning_is_told_and_stops_nothing(call: Call, roster: Write) -> None:
    path = roster(("甲", "119999199001010020", "5000"))
    ran = call("settle", path, *MIDDLE)
    assert ran.status == 0
    wanted = ran.out.partition("To be looked at (1)")[2]
    assert "[identity.district-unknown]" in wanted
    assert "warning: " in wanted
    assert "1 person" in ran.out.splitlines()[0]


def test_a_month_is_settled_by_what_was_known_on_a_day(call: Call, good: Path) -> None:
    before = call("settle", good, *MIDDLE, "--known-on", "2026-09-09", "--json").json
    after = call("settle", good, *MIDDLE, "--json").json
    bases = [
        {
            (one["row"], one["base"])
            for one in plain["contributions"]
            if one["insurance"] == "pension"
        }
        for plain in (before, after)
    ]
    assert (2, "4300.00") in bases[0]
    assert (2, "4310.00") in bases[1]
    told = call("settle", good, *MIDDLE, "--known-on", "2026-09-09").out
    assert "by what was announced on 2026-09-09" in told.splitlines()[0]


OVERLAY = """
[sources.own]
title = "单位自查"
seen = "made up for tests"
[[bounds]]
insurances = ["medical"]
values = [
  { from = "2025-01", to = "2025-12", floor = "3900", cap = "19500", mark = "C", sources = ["own"] }
]
"""


def test_the_unit_can_fill_a_gap_with_its_own_figure(
    call: Call, good: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "own.toml"
    overlay.write_text(f'division = "990100"\n{OVERLAY}', encoding="utf-8")
    ran = call("settle", good, *GAP, "--overlay", overlay, "--json")
    assert ran.status == 0
    bases = {one["base"] for one in ran.json["contributions"] if one["insurance"] == "medical"}
    assert bases == {"3900.00", "10000.00", "19500.00"}


def test_a_mistake_in_the_overlay_is_named_by_file_and_key(
    call: Call, good: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "own.toml"
    text = OVERLAY.replace("19500", "1950").replace("3900", "39000")
    overlay.write_text(f'division = "990100"\n{text}', encoding="utf-8")
    ran = call("settle", good, *GAP, "--overlay", overlay)
    assert ran.status == 1
    assert "own.toml, bounds[0].values[0]" in ran.out
    assert "floor 39000.00 lies above cap 1950.00" in ran.out
    plain = call("settle", good, *GAP, "--overlay", overlay, "--json").json
    assert {key: plain[key] for key in EMPTY} == EMPTY


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 50, b"PK\x03\x04 no workbook"])
@pytest.mark.parametrize("name", ["roster.csv", "roster.xlsx"])
def test_a_file_that_is_no_roster_is_a_fault_and_no_traceback(
    call: Call, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ran = call("settle", path, *MIDDLE)
    assert ran.status == 1
    assert ran.out.startswith("Nothing was settled")
    assert "What to do: " in ran.out
    plain = call("settle", path, *MIDDLE, "--json")
    assert plain.status == 1
    assert {key: plain.json[key] for key in EMPTY} == EMPTY
    assert plain.json["faults"]


def test_a_file_that_cannot_be_read_is_named(
    call: Call, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_arguments: object, **_settings: object) -> None:
        raise PermissionError(13, "Permission denied", str(good))

    monkeypatch.setattr(si.Region, "read_roster", locked)
    ran = call("settle", good, *MIDDLE)
    assert ran.status == 1
    assert "[cli.unreadable]" in ran.out
    assert str(good) in ran.out
    monkeypatch.setattr(os, "access", lambda *_: False)
    ran = call("settle", good, *MIDDLE)
    assert ran.status == 2
    assert "[cli.file-closed]" in ran.err


def test_amounts_are_shown_though_their_workbook_could_not_be_written(
    call: Call, good: Path, tmp_path: Path
) -> None:
    (tmp_path / "settlement-middle-2026-11.xlsx").mkdir()
    ran = call("settle", good, *MIDDLE, "--out", tmp_path)
    assert ran.status == 1
    assert "[cli.workbook-failed]" in ran.out
    assert f"{bill_of(good).total:,}" in ran.out
    assert "The settlement workbook:" not in ran.out
    plain = call("settle", good, *MIDDLE, "--out", tmp_path, "--json").json
    assert plain["total"] == str(bill_of(good).total)


def test_a_missing_extra_is_status_2_with_the_line_that_installs_it(
    call: Call, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_arguments: object, **_settings: object) -> None:
        raise si.MissingExtra(
            si.Fault("install.extra-missing", {"module": "openpyxl", "extra": "xlsx"})
        )

    monkeypatch.setattr(si.Region, "read_roster", lacking)
    ran = call("settle", good, *MIDDLE, "--json")
    assert (ran.status, ran.out) == (2, "")
    assert "pip install 'socialins[xlsx]'" in ran.err


def test_an_error_without_a_fault_is_still_a_message() -> None:
    (fault,) = faults_of(si.SocialinsError("odd"))
    assert fault.code == "cli.failed"
    assert "odd" in fault.message("en")


def test_text_of_the_roster_can_neither_colour_nor_move_the_screen(
    call: Call, roster: Write, number: Number
) -> None:
    path = roster(("甲", number(1), "5000"), ("[bold]乙[/]", number(2), "\x1b[2J[red]much\u202e"))
    ran = call("settle", path, *MIDDLE)
    assert ran.status == 1
    assert "[red]much" in ran.out
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


def test_what_a_fault_quotes_is_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    place = si.Place(file="[/]\x1b]0;title\x07.csv", column="\u202e资工")
    fault = si.Fault("roster.duplicate", {"person": "[blink]甲\r\n乙", "others": "\x9b2J"}, place)
    tell_faults(make_console(), [fault], "en")
    told = capsys.readouterr().out
    assert "[/]" in told
    assert "[blink]甲 乙" in told
    assert not set("\x1b\x07\x9b\r\u202e") & set(told)
    assert told.count("\n") == 2


def test_a_pipe_gets_plain_text_of_the_width_it_asks_for(call: Call, good: Path) -> None:
    wide = call("settle", good, *MIDDLE, env={"COLUMNS": "60"}).out
    assert max(len(line) for line in wide.splitlines() if line.startswith("─")) <= 60
    assert "\x1b[" not in wide
    assert not any(line != line.rstrip() for line in wide.splitlines())


@pytest.mark.usefixtures("only_middle")
def test_a_shell_gets_status_object_and_messages_apart(
    shell: Call, good: Path, broken: Path, tmp_path: Path
) -> None:
    ran = shell("settle", good, *MIDDLE, "--json", "--out", tmp_path)
    assert (ran.status, ran.json["total"]) == (0, str(bill_of(good).total))
    assert "settlement-middle-2026-11.xlsx" in ran.err
    assert shell("settle", broken, *MIDDLE, "--json").status == 1
    ran = shell("settle", "nowhere.csv", *MIDDLE, "--json")
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err


def test_a_pipe_that_is_not_utf_8_gets_the_same_object(
    shell: Call, roster: Write, number: Number
) -> None:
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    path = roster(("甲", number(1), "5000"), ("乙", number(2), "très 𠮷"))
    ran = shell("settle", path, *MIDDLE, "--json", "--lang", "zh", env=env)
    assert ran.out.isascii()
    assert "très 𠮷" in ran.json["faults"][0]["message"]
    assert ran.json == shell("settle", path, *MIDDLE, "--json", "--lang", "zh").json
    assert shell("settle", path, *MIDDLE, "--lang", "zh", env=env).status == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_gets_colour(shell: Call, broken: Path) -> None:
    code = (
        "import pty, sys; status = pty.spawn([sys.executable, '-c', "
        "'from socialins.cli import main; main()', *sys.argv[1:]]); "
        "sys.exit(status >> 8)"
    )
    ran = shell("settle", broken, *MIDDLE, code=code, env={"TERM": "xterm-256color"})
    assert ran.status == 1
    assert "\x1b[1;31merror" in ran.out


def test_a_reader_that_goes_away_leaves_no_traceback(shell: Call, good: Path) -> None:
    code = (
        "import os, sys; read, write = os.pipe(); os.close(read); os.dup2(write, 1); "
        "from socialins.cli import main; main()"
    )
    for form in ((), ("--json",)):
        assert "Traceback" not in shell("settle", good, *MIDDLE, *form, code=code).err
