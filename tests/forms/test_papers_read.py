"""Reading a form: people move, rename and merge; a row is read, or told with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import socialins as si
from socialins.forms.errors import FormError
from socialins.forms.papers import Form
from socialins.testing.middle import middle

NUMBER = "11010519491231002X"
HEADS = {"added_on": date(2026, 11, 1), "reason": "11"}
Change = Callable[[Any], object]
Paper = Callable[..., Path]


@pytest.fixture
def form() -> Form:
    return middle().forms["staff.add"]


@pytest.fixture
def paper(form: Form, number: Callable[[int], str], tmp_path: Path) -> Paper:
    """Writes a form of some people, changed as somebody with a spreadsheet program might."""

    def write(count: int, *changes: Change, **given: Any) -> Path:
        rows = [
            {"name": f"人{index}", "id_number": number(index), "pension": True, "wage": "5000.50"}
            for index in range(1, count + 1)
        ]
        path = tmp_path / "add.xlsx"
        form.fill(rows, si.Unit("中州某公司"), **{**HEADS, **given}).save(path)
        book = openpyxl.load_workbook(path)
        for change in changes:
            change(book.active)
        book.save(path)
        return path

    return write


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as they stand into a workbook."""

    def write(*rows: tuple[Any, ...], name: str = "Sheet1") -> Path:
        book = openpyxl.Workbook()
        book.active.title = name
        for row in rows:
            book.active.append(row)
        path = tmp_path / "made.xlsx"
        book.save(path)
        return path

    return write


def put(cell: str, value: Any) -> Change:
    def change(sheet: Any) -> None:
        sheet[cell].value = value

    return change


def names(form: Form, path: Path) -> list[object]:
    return [row["name"] for row in form.read(path).rows]


# Faults, with the place that somebody can go to.


def test_a_wrong_cell_is_told_with_file_sheet_row_heading_and_value_and_the_others_go_on(
    form: Form, paper: Paper
) -> None:
    path = paper(3, put("I6", "一万二"))
    read = form.read(path)
    (fault,) = read.faults
    assert fault.code == "form.amount.unreadable"
    assert fault.place == si.Place(
        str(path), "参保人员增加表", 6, "*月工资收入（元）", "wage", "一万二"
    )
    assert fault.remedy("zh")
    assert [row["name"] for row in read.rows] == ["人1", "人3"]
    assert read.numbers == (5, 7)


@pytest.mark.parametrize(
    ("cell", "value", "code", "field"),
    [
        ("B5", None, "form.value.missing", "name"),
        ("D5", "110105194912310020", "identity.checksum", "id_number"),
        ("D5", 1.1010519491231e17, "identity.precision", "id_number"),
        ("E5", None, "form.group.missing", "pension"),
        ("E5", "参保", "form.tick.unknown", "pension"),
        ("H5", "13|退休", "form.code.unknown", "reason"),
        ("I5", -1, "roster.wage.not-positive", "wage"),
        ("I5", 5000.005, "form.amount.fen", "wage"),
        ("I5", "=B5", "form.cell.formula", "wage"),
        ("J5", "11/1/2026", "form.date.unreadable", "added_on"),
        ("K5", 2026.1, "form.month.unreadable", "since"),
    ],
)
def test_each_kind_of_cell_has_its_faults(
    form: Form, paper: Paper, *, cell: str, value: object, code: str, field: str
) -> None:
    read = form.read(paper(1, put(cell, value)))
    (fault,) = read.errors
    assert (fault.code, fault.place.field, fault.place.row) == (code, field, 5)
    assert not read.rows


@pytest.mark.parametrize(
    ("cell", "value", "field", "expected"),
    [
        ("E5", "√ ", "pension", True),
        ("E5", "是", "pension", True),
        ("E5", 1, "pension", True),
        ("F5", "×", "medical", False),
        ("F5", False, "medical", False),
        ("H5", 11, "reason", "11"),
        ("H5", "续保", "reason", "12"),
        ("I5", "¥6,000.00", "wage", si.Money.yuan(6000)),
        ("I5", 6000, "wage", si.Money.yuan(6000)),
        ("J5", date(2026, 11, 2), "added_on", date(2026, 11, 2)),
        ("J5", "2026年11月2日", "added_on", date(2026, 11, 2)),
        ("K5", "2026年11月", "since", si.Month(2026, 11)),
        ("K5", 202611, "since", si.Month(2026, 11)),
        ("C5", "男性", "sex", si.Sex.MALE),
    ],
)
def test_cells_are_read_in_the_spellings_that_people_use(
    form: Form, paper: Paper, *, cell: str, value: object, field: str, expected: object
) -> None:
    (row,) = form.read(paper(1, put(cell, value))).rows
    assert row[field] == expected


def test_a_sex_that_differs_from_the_number_is_a_warning_and_the_row_stands(
    form: Form, paper: Paper
) -> None:
    read = form.read(paper(1, put("C5", "女")))
    (fault,) = read.faults
    assert (fault.code, fault.is_error) == ("roster.sex.differs", False)
    assert len(read.rows) == 1


# Where the table stands, and what stands about it.


def test_headings_repeated_on_each_page_and_signatures_are_no_people(
    form: Form, paper: Paper
) -> None:
    assert names(form, paper(7)) == [f"人{index}" for index in range(1, 8)]


def test_rows_that_somebody_inserted_are_read_and_shift_nothing(form: Form, paper: Paper) -> None:
    def insert(sheet: Any) -> None:
        for merged in [str(one) for one in sheet.merged_cells]:
            sheet.unmerge_cells(merged)
        sheet.insert_rows(1, 2)
        sheet.insert_rows(8)
        for column in range(1, 12):
            sheet.cell(8, column).value = sheet.cell(7, column).value

    read = form.read(paper(4, insert))
    assert [row["name"] for row in read.rows] == ["人1", "人1", "人2", "人3", "人4"]
    assert read.head["unit.name"] == "中州某公司"


def test_columns_are_known_by_their_headings_in_any_order(
    form: Form, sheet: Callable[..., Path]
) -> None:
    path = sheet(
        ("", "", "*参加险种", "", "", "增员原因", "*月工资收入(元)", "增加日期"),
        ("＊ 证件号码 ", "姓 名", "医疗", "养老", "工伤", "", "", ""),
        (NUMBER, "张三", "", "√", "", "12", 5000.5, "2026-11-01"),
    )
    read = form.read(path)
    assert not read.faults
    (row,) = read.rows
    assert (row["name"], row["pension"], row["medical"]) == ("张三", True, False)
    assert row["wage"] == si.Money.yuan("5000.50")


def test_columns_that_the_form_has_not_are_told_once(form: Form, paper: Paper) -> None:
    read = form.read(paper(1, put("L3", "备注"), put("L5", "试用")))
    (fault,) = read.faults
    assert (fault.code, fault.is_error) == ("form.column.unknown", False)
    assert "备注" in fault.message("zh")
    assert len(read.rows) == 1


def test_a_column_that_stands_there_twice_is_not_chosen_from(form: Form, paper: Paper) -> None:
    with pytest.raises(FormError) as caught:
        form.read(paper(1, put("L3", "*姓名"), put("L5", "李四")))
    assert caught.value.fault.code == "form.column.twice"
    assert caught.value.fault.place.field == "name"


def test_a_file_without_the_headings_says_which_are_missing(
    form: Form, sheet: Callable[..., Path], paper: Paper
) -> None:
    with pytest.raises(FormError) as caught:
        form.read(paper(1, put("I3", "工资")))
    fault = caught.value.fault
    assert fault.code == "form.column.missing"
    assert "*月工资收入（元）" in fault.message("zh")
    assert (fault.place.row, fault.place.field) == (4, "wage")
    with pytest.raises(FormError) as caught:
        form.read(sheet(("甲", "乙"), (1, 2)))
    assert caught.value.fault.code == "form.header.missing"


def test_the_sheet_of_the_forms_name_is_taken_first_and_hidden_ones_are_not(
    form: Form, paper: Paper
) -> None:
    path = paper(1)
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book.active)
    copy["B5"].value = "副本"
    book.move_sheet(copy, -1)
    book.save(path)
    assert names(form, path) == ["人1"]
    book["参保人员增加表"].sheet_state = "hidden"
    book.save(path)
    assert names(form, path) == ["副本"]


def test_a_text_file_in_the_forms_columns_is_read_too(
    form: Form, number: Callable[[int], str], tmp_path: Path
) -> None:
    lines = [
        "姓名,证件号码,参加险种,增加原因,月工资收入（元）,增加日期",
        ",,养老,,,",
        f"张三,{number(1)},√,新参保,5000,2026-11-01",
    ]
    path = tmp_path / "add.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    assert names(form, path) == ["张三"]


def test_more_rows_than_were_asked_for_are_refused(form: Form, paper: Paper) -> None:
    path = paper(7)
    assert len(form.read(path, max_rows=7).rows) == 7
    with pytest.raises(FormError) as caught:
        form.read(path, max_rows=6)
    assert caught.value.fault.code == "form.file.rows"


# Above and below the table.


def test_head_and_foot_are_read_however_wide_their_brackets_are(form: Form, paper: Paper) -> None:
    path = paper(
        1,
        put("A2", "填报单位(盖章) :  中州（某）公司 "),
        put("G2", "单位编号：0001234567"),
        put("A9", "填报日期: 2026年11月5日"),
    )
    assert form.read(path).head == {
        "unit.name": "中州（某）公司",
        "unit.number": "0001234567",
        "filed_on": date(2026, 11, 5),
    }


def test_pages_of_different_units_are_told(form: Form, paper: Paper) -> None:
    read = form.read(paper(4, put("A11", "填报单位（盖章）：另一家公司")))
    (fault,) = read.faults
    assert (fault.code, fault.is_error) == ("form.head.differs", False)
    assert (fault.place.row, fault.place.value) == (11, "另一家公司")
    assert read.head["unit.name"] == "中州某公司"
    assert len(read.rows) == 4


def test_a_day_that_can_not_be_read_is_told_with_its_place(form: Form, paper: Paper) -> None:
    read = form.read(paper(1, put("A9", "填报日期：十一月五日")))
    (fault,) = read.faults
    assert (fault.code, fault.place.row) == ("form.date.unreadable", 9)
    assert len(read.rows) == 1


# Columns that a form repeats.


def test_heads_are_those_of_the_file_known_or_not(sheet: Callable[..., Path]) -> None:
    path = sheet(
        ("年度缴费工资申报",),
        ("*识别号：", "9199", None, "20|医疗保险", "77|新险种", "养老保险"),
        ("*姓名", "*证件类型代码", "*证件号码", "缴费工资", "缴费工资", "缴费工资"),
        ("张三", "", NUMBER, 1000, 2000, 3000),
    )
    read = middle().forms["wage.declare"].read(path)
    assert not read.faults
    (row,) = read.rows
    assert row["wage_20"] == si.Money.yuan(1000)
    assert row["wage_77"] == si.Money.yuan(2000)
    assert row["wage_10"] == si.Money.yuan(3000), "a head without its code is known by its words"
    assert read.form.heads == {"wage": ("20|医疗保险", "77|新险种", "10|养老保险")}
    assert row["id_type"] == "201", "an empty cell stands for the default"
    assert read.head == {"payer_number": "9199"}


def test_the_kind_of_document_decides_how_the_number_is_read(sheet: Callable[..., Path]) -> None:
    rows = [
        ("*识别号：", 91990100, None, "10|养老保险"),
        ("*姓名", "*证件类型代码", "*证件号码", "缴费工资"),
        ("ANNA", "208", "12345678", 1000),
        ("李四", "201", "12345678", 1000),
        ("王五", "999", NUMBER, 1000),
    ]
    read = middle().forms["wage.declare"].read(sheet(*rows))
    assert [row["id_number"] for row in read.rows] == [si.IdDocument("passport", "12345678")]
    codes = [(fault.code, fault.place.row) for fault in read.errors]
    assert codes == [("identity.length", 4), ("form.code.unknown", 5)]
    assert read.head == {"payer_number": "91990100"}


def test_a_place_for_a_day_that_nobody_filled_in_is_empty_however_it_is_spaced(
    form: Form, paper: Paper
) -> None:
    for text in ("填报日期：", "填报日期：年月日", "填报日期：  年      月  日"):
        read = form.read(paper(1, put("A9", text)))
        assert "filed_on" not in read.head
        assert not read.faults
