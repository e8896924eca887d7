"""Reconciling from the command line: what a specialist does each month."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

Call = Callable[..., Any]
Write = Callable[..., Path]
Number = Callable[[int], str]

MIDDLE = ("--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")
HEADINGS = (
    "序号,姓名,证件类型,证件号码,缴费工资,缴费基数,费率,应缴费额,减免费额,应补(退)费额,人员编号"
)


@pytest.fixture
def good(roster: Write, number: Number) -> Path:
    return roster(("甲", number(1), "10000"), ("乙", number(2), "8000"))


@pytest.fixture
def details(tmp_path: Path, number: Number) -> Callable[..., Path]:
    """Writes the unit's share of the pension of some persons: who, base, amount."""

    def write(*rows: tuple[int, str, str], name: str = "unit.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEADINGS.split(","))
            for serial, (who, base, due) in enumerate(rows, start=1):
                named = {1: "甲", 2: "乙"}.get(who, "丙")
                out.writerow(
                    [serial, named, "居民身份证", number(who), base, base, "16%", due, "0", due, ""]
                )
        return path

    return write


GOOD = ((1, "10000.00", "1600.00"), (2, "8000.00", "1280.00"))


def test_all_equal_is_status_0(call: Call, good: Path, details: Write) -> None:
    for ran in (
        call("reconcile", good, f"pension:unit={details(*GOOD)}", *MIDDLE),
        call(
            "reconcile", good, details(*GOOD), *MIDDLE, "--insurance", "pension", "--payer", "unit"
        ),
    ):
        assert (ran.status, ran.err) == (0, "")
        assert "All 2 amounts are the same on both sides." in ran.out
        assert ["pension", "unit", "2,880.00", "2,880.00", "0.00"] in [
            line.split() for line in ran.out.splitlines()
        ]


def test_differences_are_status_1_with_cause_and_a_workbook(
    call: Call, good: Path, details: Write, tmp_path: Path, number: Number
) -> None:
    path = details((1, "12000.00", "1920.00"), (3, "8000.00", "1280.00"))
    out = tmp_path / "a" / "found.xlsx"
    ran = call("reconcile", good, f"pension:unit={path}", *MIDDLE, "--out", out)
    assert ran.status == 1
    assert "another base" in ran.out
    assert "enrolment not passed" in ran.out
    assert "stop not passed" in ran.out
    assert number(1) not in ran.out
    assert ran.out.splitlines()[-1] == f"The workbook: {out}"
    assert load_workbook(out).sheetnames == ["summary", "missing", "extra", "differing"]
    ran = call("reconcile", good, f"pension:unit={path}", *MIDDLE, "--out", tmp_path / "b")
    assert (tmp_path / "b" / "reconcile-middle-2026-11.xlsx").exists()
    zh = call("reconcile", good, f"pension:unit={path}", *MIDDLE, "--lang", "zh")
    for word in ("基数不同", "增员未通过", "减员未通过", "账单有、明细没有", "对账"):
        assert word in zh.out


def test_a_workbook_that_can_not_be_written_takes_nothing_away(
    call: Call, good: Path, details: Write, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "x.xlsx"
    ran = call("reconcile", good, f"pension:unit={details(*GOOD)}", *MIDDLE, "--out", out)
    assert ran.status == 1
    assert "All 2 amounts" in ran.out
    assert "[cli.workbook-failed]" in ran.err


def test_a_program_gets_one_object(
    call: Call, good: Path, details: Write, roster: Write, number: Number
) -> None:
    path = details((1, "10000.00", "1600.00"), (3, "8000.00", "1280.00"))
    before = roster(("甲", number(1), "10000"), ("丙", number(3), "8000"))
    ran = call("reconcile", good, f"pension:unit={path}", *MIDDLE, "--previous", before, "--json")
    assert ran.status == 1
    assert ran.json["clean"] is False
    assert [one["cause"] for one in ran.json["missing"]] == ["enrolment-not-passed"]
    assert [one["cause"] for one in ran.json["extra"]] == ["stop-not-passed"]
    assert "month before" in ran.json["extra"][0]["likely"][0]["why"]
    assert ran.json["extra"][0]["id_number"] == number(3)
    assert (ran.json["ours"], ran.json["theirs"]) == ("2880.00", "2880.00")


def test_a_wrong_row_of_the_month_before_is_told(
    call: Call, good: Path, details: Write, roster: Write, number: Number
) -> None:
    before = roster(("甲", number(1), "10000"), ("丙", number(3), "many"))
    spec = f"pension:unit={details(*GOOD)}"
    ran = call("reconcile", good, spec, *MIDDLE, "--previous", before)
    assert (ran.status, "row 3" in ran.err) == (1, True)


def test_faults_are_status_1_and_have_remedies(
    call: Call, good: Path, details: Write, tmp_path: Path
) -> None:
    ran = call("reconcile", good, details(*GOOD), *MIDDLE)
    assert ran.status == 1
    assert "[reconcile.insurance-unknown]" in ran.err
    assert "--insurance" in ran.err
    as_json = call("reconcile", good, details(*GOOD), *MIDDLE, "--json")
    assert "reconcile.insurance-unknown" in [one["code"] for one in as_json.json["faults"]]
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    ran = call("reconcile", good, other, *MIDDLE)
    assert (ran.status, "[reconcile.header]" in ran.err) == (1, True)
    ran = call("reconcile", good, other, *MIDDLE, "--json")
    assert ran.status == 1
    assert [one["code"] for one in ran.json["faults"]] == ["reconcile.header"]
    assert ran.json["missing"] == []


def test_a_roster_that_can_not_be_settled_is_told_as_settle_tells_it(
    call: Call, good: Path, details: Write
) -> None:
    asked = ("--region", "middle", "--month", "2025-11", "--injury-rate", "0.2%")
    ran = call("reconcile", good, details(*GOOD), *asked)
    assert ran.status == 1
    assert "Nothing was settled" in ran.out
    ran = call("reconcile", good, details(*GOOD), *asked, "--json")
    assert ran.status == 1
    assert ran.json["faults"]
    lenient = call("reconcile", good, f"pension:unit={details(*GOOD)}", *asked, "--lenient")
    assert "pension" in lenient.out


def test_wrong_rows_of_the_roster_are_told_along(
    call: Call, roster: Write, number: Number, details: Write
) -> None:
    broken = roster(("甲", number(1), "10000"), ("乙", number(2), "many"))
    ran = call("reconcile", broken, f"pension:unit={details(*GOOD)}", *MIDDLE)
    assert ran.status == 1
    assert "row 3" in ran.err
    as_json = call("reconcile", broken, f"pension:unit={details(*GOOD)}", *MIDDLE, "--json")
    assert as_json.json["clean"] is False
    assert {one["row"] for one in as_json.json["faults"]} == {3}


@pytest.mark.parametrize(
    "wrong",
    [
        ("--insurance", "a b"),
        ("--payer", "boss"),
        ("--word", "大病"),
        ("--word", "大病=a b"),
        ("--rate-unit", "permille"),
    ],
)
def test_wrong_usage_is_status_2(
    call: Call, good: Path, details: Write, wrong: tuple[str, str]
) -> None:
    ran = call("reconcile", good, details(*GOOD), *MIDDLE, *wrong)
    assert (ran.status, ran.out) == (2, "")
    assert wrong[1].rpartition("=")[2] in ran.err


def test_a_file_that_is_not_there_is_status_2(call: Call, good: Path, tmp_path: Path) -> None:
    for spec in (tmp_path / "none.csv", f"pension:unit={tmp_path / 'none.csv'}"):
        ran = call("reconcile", good, spec, *MIDDLE)
        assert ran.status == 2
        assert "none.csv" in ran.err
    assert call("reconcile", good, *MIDDLE).status == 2


def test_words_of_the_file_can_be_explained(
    call: Call, good: Path, tmp_path: Path, details: Write
) -> None:
    path = details(*GOOD)
    text = path.read_text("utf-8").replace("人员编号", "险种")
    lines = text.splitlines()
    path.write_text(
        "\n".join([lines[0], *(f"{line}统筹甲" for line in lines[1:])]), encoding="utf-8"
    )
    asked = (*MIDDLE, "--insurance", "pension", "--payer", "unit")
    assert "[reconcile.word-unknown]" in call("reconcile", good, path, *asked).err
    assert call("reconcile", good, path, *asked, "--word", "统筹甲=pension").status == 0
