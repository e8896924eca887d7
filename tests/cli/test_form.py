"""Forms from the command line: the paper is written, and what is wrong is told with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from socialins.facade import region

Call = Callable[..., Any]
Write = Callable[..., Path]
Number = Callable[[int], str]

FILL = ("--month", "2026-11", "--set", "added_on=2026-11-01", "--set", "reason=新参保")


@pytest.fixture
def good(roster: Write, number: Number) -> Path:
    return roster(
        *((f"人{index}", number(index), "5000") for index in range(1, 5)),
    )


@pytest.fixture
def paper(call: Call, good: Path, tmp_path: Path) -> Path:
    path = tmp_path / "out" / "add.xlsx"
    assert call("form", "fill", "middle", "staff.add", good, *FILL, "--out", path).status == 0
    return path


# What there is.


def test_forms_are_listed_with_business_and_where_they_were_seen(call: Call) -> None:
    ran = call("form", "list", "middle")
    assert ran.status == 0
    (line,) = (line for line in ran.out.splitlines() if line.startswith("staff.add "))
    assert "Middle City's form" in line
    assert "unconfirmed" in line
    assert "wage.declare" in ran.out


def test_the_columns_of_a_form_tell_what_set_can_name(call: Call) -> None:
    out = call("form", "list", "middle", "staff.add").out
    row = next(line for line in out.splitlines() if line.startswith("reason"))
    assert "*增加原因" in row
    assert "11 新参保" in row
    assert "one of its group" in next(line for line in out.splitlines() if "pension" in line)
    assert "filed_on  day of filing" in out
    needed = call("form", "list", "middle", "wage.declare").out
    assert "payer_number  payer's number (required)" in needed


def test_forms_as_json_have_columns_blanks_and_sources(call: Call) -> None:
    found = call("form", "list", "middle", "--json").json
    add = found["forms"][0]
    assert (add["id"], add["mark"], add["rows_a_page"], add["roster"]) == (
        "staff.add",
        "C",
        3,
        True,
    )
    assert add["columns"][1] == {
        "field": "name",
        "header": "*姓名",
        "group": "",
        "type": "name",
        "required": True,
        "default": "",
        "codes": {},
    }
    assert add["blanks"]["filed_on"] == {"title": "day of filing", "required": False}
    assert add["sources"]


def test_help_is_in_the_language_that_was_asked_for(call: Call) -> None:
    assert "列出一个地区的表单" in call("--lang", "zh", "form", "--help").out
    assert "经办机构的表单" in call("--help", "--lang", "zh").out
    assert "字段=值" in call("form", "fill", "--help", "--lang", "zh").out
    assert call("form").status == 2


# Filling in.


def test_a_roster_becomes_a_paper(call: Call, good: Path, tmp_path: Path) -> None:
    out = tmp_path / "papers" / "add.xlsx"
    ran = call(
        "form", "fill", "middle", "staff.add", good, *FILL, "--out", out, "--set", "clerk=王五"
    )
    assert (ran.status, ran.err) == (0, "")
    assert f"4 persons, 2 pages: {out}" in ran.out
    read = region("middle").forms["staff.add"].read(out)
    assert [row["name"] for row in read.rows] == ["人1", "人2", "人3", "人4"]
    assert read.head == {"clerk": "王五"}


def test_the_units_file_fills_the_head(call: Call, good: Path, tmp_path: Path) -> None:
    unit = tmp_path / "unit.toml"
    unit.write_text('name = "中州某公司"\nnumber = "0001234567"\n', encoding="utf-8")
    out = tmp_path / "add.xlsx"
    call("form", "fill", "middle", "staff.add", good, *FILL, "--out", out, "--unit", unit)
    assert region("middle").forms["staff.add"].read(out).head["unit.name"] == "中州某公司"


def test_heads_of_the_units_own_template_can_be_given(
    call: Call, good: Path, tmp_path: Path
) -> None:
    out = tmp_path / "wage.xlsx"
    ran = call(
        *("form", "fill", "middle", "wage.declare", good, "--month", "2026-11", "--out", out),
        *("--heads", "wage=30|工伤保险, 40|失业保险", "--set", "payer_number=1"),
    )
    assert ran.status == 0
    sheet = load_workbook(out).worksheets[0]
    assert [cell.value for cell in sheet[2]][3:] == ["30|工伤保险", "40|失业保险"]


def test_rows_that_can_not_stand_on_the_paper_are_told_and_the_others_are_written(
    call: Call, roster: Write, number: Number, tmp_path: Path
) -> None:
    path = roster(
        ("甲", number(1), "5000", "养老"),
        ("乙", "123", "5000", "养老"),
        ("丙", number(3), "5000", "失业"),
        heading="姓名,证件号码,申报工资,险种",
    )
    out = tmp_path / "add.xlsx"
    ran = call("form", "fill", "middle", "staff.add", path, *FILL, "--out", out)
    assert ran.status == 1
    assert "1 persons, 1 pages" in ran.out
    assert "[identity.length]" in ran.err
    assert "row 3" in ran.err
    assert "[form.group.missing]" in ran.err
    assert "row 4" in ran.err


def test_nothing_is_written_when_nobody_can_be_filled_in(
    call: Call, good: Path, tmp_path: Path
) -> None:
    out = tmp_path / "add.xlsx"
    ran = call("form", "fill", "middle", "staff.add", good, "--month", "2026-11", "--out", out)
    assert ran.status == 1
    assert "Nothing was written" in ran.out
    assert ran.err.count("[form.value.missing]") == 8
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("staff.ad", *FILL), "form.unknown"),
        (("staff.add", *FILL, "--set", "salary=1"), "form.field.unknown"),
        (("staff.add", *FILL, "--set", "reason"), "cli.pair"),
        (("staff.add", *FILL, "--heads", "wage=1|甲"), "form.field.unknown"),
        (("wage.declare", *FILL[:2], "--heads", "wage=1|甲,1|乙"), "form.heads.twice"),
        (("staff.add", "--month", "2026-13"), "cli.month"),
        (("staff.add",), "cli.parameter-missing"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(
    call: Call, good: Path, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    name, *rest = arguments
    ran = call("form", "fill", "middle", name, good, "--out", tmp_path / "add.xlsx", *rest)
    assert ran.status == 2
    assert f"[{code}]" in ran.err
    assert not (tmp_path / "add.xlsx").exists()


def test_another_ending_than_the_workbooks_is_refused(
    call: Call, good: Path, tmp_path: Path
) -> None:
    ran = call("form", "fill", "middle", "staff.add", good, *FILL, "--out", tmp_path / "add.pdf")
    assert ran.status == 1
    assert "[form.file.suffix]" in ran.err


def test_a_folder_is_no_file_to_write(call: Call, good: Path, tmp_path: Path) -> None:
    ran = call("form", "fill", "middle", "staff.add", good, *FILL, "--out", tmp_path)
    assert ran.status == 2
    assert "[cli.file-new]" in ran.err


def test_a_file_in_the_way_of_the_folder_is_told(call: Call, good: Path, tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("")
    out = tmp_path / "papers" / "add.xlsx"
    ran = call("form", "fill", "middle", "staff.add", good, *FILL, "--out", out)
    assert ran.status == 1
    assert "[cli.workbook-failed]" in ran.err


# Reading.


def test_a_paper_is_read_with_its_head_and_rows(call: Call, paper: Path) -> None:
    ran = call("form", "read", "middle", "staff.add", paper, env={"COLUMNS": "120"})
    assert (ran.status, ran.err) == (0, "")
    assert "4 rows" in ran.out
    (line,) = (line for line in ran.out.splitlines() if "人4" in line)
    assert line.split()[:4:3] == ["14", "5000.00"]
    assert "参加险种 养老" in line


def test_a_paper_as_json_has_typed_text_and_row_numbers(
    call: Call, paper: Path, number: Number
) -> None:
    found = call("form", "read", "middle", "staff.add", paper, "--json").json
    assert found["rows"][3] == {
        "row": 14,
        "name": "人4",
        "sex": "female",
        "id_number": number(4),
        "pension": True,
        "medical": True,
        "injury": True,
        "reason": "11",
        "wage": "5000.00",
        "added_on": "2026-11-01",
        "since": None,
    }
    assert found["head"] == {}
    assert found["faults"] == []


def test_wrong_cells_are_told_with_their_place_and_the_status_says_so(
    call: Call, paper: Path
) -> None:
    book = load_workbook(paper)
    book.active["I6"].value = "很多"
    book.save(paper)
    ran = call("form", "read", "middle", "staff.add", paper)
    assert ran.status == 1
    assert "3 rows" in ran.out
    assert "参保人员增加表, row 6, *月工资收入（元）" in ran.err
    as_json = call("form", "read", "middle", "staff.add", paper, "--json")
    assert as_json.status == 1
    (fault,) = as_json.json["faults"]
    assert (fault["code"], fault["row"], fault["field"]) == ("form.amount.unreadable", 6, "wage")


def test_a_file_that_is_not_the_form_is_told(call: Call, good: Path) -> None:
    ran = call("form", "read", "middle", "staff.add", good)
    assert ran.status == 1
    assert "[form.column.missing]" in ran.err


def test_a_form_is_taken_wherever_a_roster_is(call: Call, paper: Path) -> None:
    ran = call(
        "settle",
        paper,
        "--region",
        "middle",
        "--month",
        "2026-11",
        "--injury-rate",
        "0.2%",
        "--json",
    )
    assert ran.status == 0
    assert {one["row"] for one in ran.json["contributions"]} == {5, 6, 7, 14}


# What goes back to whoever filled it in.


def test_wrong_cells_are_marked_and_failed_rows_listed_in_files_of_their_own(
    call: Call, paper: Path, tmp_path: Path
) -> None:
    book = load_workbook(paper)
    book.active["I6"].value = "很多"
    book.save(paper)
    marked, failed = tmp_path / "back" / "marked.xlsx", tmp_path / "back" / "failed.xlsx"
    ran = call("form", "read", "middle", "staff.add", paper, "--mark", marked, "--failed", failed)
    assert ran.status == 1
    assert "is no amount" in load_workbook(marked).active["I6"].comment.text
    assert "人2" in {cell.value for cell in load_workbook(failed).active[3]}
    (tmp_path / "file").write_text("")
    ran = call("form", "read", "middle", "staff.add", paper, "--mark", tmp_path / "file" / "x.xlsx")
    assert "[cli.workbook-failed]" in ran.err


def test_count_and_sum_are_confirmed_before_a_file_is_taken(call: Call, paper: Path) -> None:
    read = ("form", "read", "middle", "staff.add", paper)
    right = call(*read, "--count", "4", "--sum", "wage=20,000.00", "--json")
    assert (right.status, right.json["sums"]) == (0, {"wage": "20000.00"})
    wrong = call(*read, "--count", "5", "--sum", "wage=1")
    assert wrong.status == 1
    assert "[form.count.differs]" in wrong.err
    assert "[form.sum.differs]" in wrong.err
    wrong_sums = {"wage": "cli.pair", "wage=很多": "cli.pair", "name=1": "form.field.unknown"}
    for text, code in wrong_sums.items():
        ran = call(*read, "--sum", text)
        assert ran.status == 2
        assert f"[{code}]" in ran.err


def test_a_bureaus_own_workbook_is_filled_in(
    call: Call, good: Path, paper: Path, tmp_path: Path
) -> None:
    book = load_workbook(paper)
    for row in range(5, book.active.max_row + 1):
        for column in range(1, 12):
            if type(book.active.cell(row, column)).__name__ == "Cell":
                book.active.cell(row, column).value = None
    for merged in [str(one) for one in book.active.merged_cells if one.min_row > 4]:
        book.active.unmerge_cells(merged)
    book.active["A1"].value = "本单位的模板"
    book.save(tmp_path / "blank.xlsx")
    out = tmp_path / "add.xlsx"
    ran = call(
        *("form", "fill", "middle", "staff.add", good, *FILL, "--out", out),
        *("--template", tmp_path / "blank.xlsx"),
    )
    assert (ran.status, ran.err) == (0, "")
    sheet = load_workbook(out).active
    assert (sheet["A1"].value, sheet["B8"].value) == ("本单位的模板", "人4")
