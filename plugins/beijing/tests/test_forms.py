"""Beijing's papers: columns, pages and signatures as on the forms that the bureau takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings, strategies as st
from stdnum.cn.ric import calc_check_digit

import socialins as si
from socialins.forms.papers import Form
from socialins.identity import parse_document
from socialins.testing import strategies as sis

BEIJING = si.region("110000")
FORMS = dict(BEIJING.forms)
OWN = [
    "person.register",
    "rights.changes",
    "rights.detail",
    "roster.printed",
    "staff.add",
    "staff.add.online",
    "staff.stop.online",
    "wage.declare.online",
    "wage.declare.online-organ",
]
MONTH = "2026-11"
UNIT = si.UnitAccount(si.Unit("示例科技有限公司", si.CreditCode("91990100MA0000001G")))
GIVEN = {
    "payer_category": "本市城镇职工",
    "reason": "其他新参统",
    "added_on": date(2018, 5, 1),
}


def entries(count: int) -> Iterator[si.RosterEntry]:
    for index in range(1, count + 1):
        digits = f"11010519900307{index:03}"
        number = digits + calc_check_digit(f"{digits}0")
        person = si.InsuredPerson(f"人{index}", parse_document(number))
        yield si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(5000 + index)))


def test_the_papers_are_there_under_their_ids() -> None:
    assert [name for name in FORMS if FORMS[name].layout.division == "110000"] == OWN
    assert "wage.declare.tax" in FORMS, "the country's form is used here too"
    businesses = {FORMS[name].business for name in FORMS}
    assert businesses <= set(BEIJING.businesses)


@pytest.mark.parametrize("name", OWN)
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_a_form_can_hold_reads_back_equal(name: str, data: st.DataObject) -> None:
    form: Form = FORMS[name]
    rows = data.draw(sis.form_rows(form=form, max_size=15))
    head = data.draw(sis.form_heads(form=form))
    filled = form.fill(rows, **head)
    assert not filled.errors
    with TemporaryDirectory() as folder:
        path = Path(folder, "form.xlsx")
        filled.save(path)
        read = form.read(path)
    assert not read.errors
    assert list(read.rows) == rows
    assert read.head == head


# 北京市社会保险参保人员增加表


def test_thirty_people_take_three_pages_of_twelve_rows(tmp_path: Path) -> None:
    filled = FORMS["staff.add"].fill(si.Roster(MONTH, list(entries(30))), UNIT, **GIVEN)
    assert not filled.faults
    assert filled.pages == 3
    filled.save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    assert sheet.title == "北京市社会保险参保人员增加表"
    assert sheet.max_row == 63
    assert [page.id for page in sheet.row_breaks.brk] == [21, 42]
    assert sheet.print_area == "'北京市社会保险参保人员增加表'!$A$1:$N$63"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    for page in range(3):
        top = 21 * page
        numbers = [sheet.cell(top + row, 1).value for row in range(7, 19)]
        assert numbers == list(range(1, 13))
        names = [sheet.cell(top + row, 2).value for row in range(7, 19)]
        expected = [f"人{12 * page + row}" for row in range(1, 13)]
        assert names == [name if int(name[1:]) <= 30 else None for name in expected]
    read = FORMS["staff.add"].read(tmp_path / "add.xlsx")
    assert read.rows == filled.rows
    assert read.head == filled.head
    assert not read.faults


def test_head_headings_and_foot_are_those_of_the_paper(tmp_path: Path) -> None:
    filled = FORMS["staff.add"].fill(
        si.Roster(MONTH, list(entries(1))),
        UNIT,
        registration_number="110105000001",
        clerk="王五",
        filed_on=date(2026, 11, 5),
        **GIVEN,
    )
    filled.save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    rows = list(sheet.values)
    assert [row[0] for row in rows[:4]] == [
        "北京市社会保险参保人员增加表",
        "填报单位(盖章) : 示例科技有限公司",
        "统一社会信用代码(组织机构代码) : 91990100MA0000001G",
        "社会保险登记证编码 : 110105000001",
    ]
    assert [cell for cell in rows[4] if cell] == [
        "序号",
        "姓名",
        "性别",
        "*公民身份号码",
        "*缴费人员类别",
        "*参加险种",
        "*个人缴费（恢复）原因",
        "*申报月工资收入\\档次(元",
        "*增加日期",
    ]
    assert rows[5] == (
        *[None] * 5,
        "养老",
        "失业",
        "工伤",
        "生育",
        "医疗",
        "四险",
        "医疗",
        None,
        None,
    )
    assert rows[6] == (
        1,
        "人1",
        "男",
        "110105199003070017",
        "本市城镇职工",
        *["√"] * 5,
        "其他新参统",
        None,
        5001,
        "2018/5/1",
    )
    feet = [" ".join(str(row[0]).split()) for row in rows[18:]]
    assert feet == [
        "单位负责人: 社保经（代）办机构经办人员（签章）:",
        "单位经办人: 王五 社保经（代）办机构（盖章）:",
        "填报日期: 2026年11月5日 办理日期: 年 月 日",
    ]
    merged = {str(one) for one in sheet.merged_cells}
    assert {"A1:N1", "A4:N4", "F5:J5", "K5:L5", "A5:A6", "M5:M6", "A19:N19", "A21:N21"} <= merged
    assert len(merged) == 4 + 2 + 7 + 3


def test_a_paper_without_category_reason_or_day_is_not_complete() -> None:
    filled = FORMS["staff.add"].fill(si.Roster(MONTH, list(entries(2))), UNIT)
    assert not filled.rows
    missing = [(fault.place.row, fault.place.field) for fault in filled.faults]
    assert missing == [
        (row, field) for row in (1, 2) for field in ("payer_category", "added_on", "reason")
    ]


def test_an_add_form_is_read_as_a_roster_and_settled(tmp_path: Path) -> None:
    path = tmp_path / "add.xlsx"
    FORMS["staff.add"].fill(si.Roster(MONTH, list(entries(14))), UNIT, **GIVEN).save(path)
    roster = BEIJING.read_roster(path, MONTH, injury_rate="0.2%")
    assert not roster.faults
    assert [entry.person.name for entry in roster] == [f"人{index}" for index in range(1, 15)]
    assert roster.account is not None
    assert roster.account.unit == UNIT.unit
    assert BEIJING.settle(roster).persons == 14


@pytest.mark.parametrize(
    "name",
    ["staff.add.online", "wage.declare.online", "wage.declare.online-organ", "wage.declare.tax"],
)
def test_what_the_online_service_and_the_tax_side_hold_is_read_as_a_roster(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "form.xlsx"
    form = FORMS[name]
    given: dict[str, object] = {}
    if "taxpayer_number" in form.blanks:
        given["taxpayer_number"] = "91990100MA0000001G"
    if name.endswith("-organ"):
        given["organ_pension_wage"] = si.Money.yuan("4000")
    filled = form.fill(si.Roster(MONTH, list(entries(3))), **given)
    assert not filled.faults
    filled.save(path)
    roster = BEIJING.read_roster(path, MONTH)
    assert not roster.faults
    assert [one.wage.amount for one in roster] == [one.wage.amount for one in entries(3)]


def test_the_insurances_that_the_online_service_names_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    rows = [
        {"name": one.person.name, "id_number": one.person.document, "wage": one.wage.amount}
        for one in entries(3)
    ]
    rows[0]["insurances"], rows[1]["insurances"] = "养老、失业", "车险"
    FORMS["staff.add.online"].fill(rows).save(path)
    roster = BEIJING.read_roster(path, MONTH)
    assert [entry.insurances for entry in roster] == [{"pension", "unemployment"}, None]
    (fault,) = roster.faults
    assert (fault.code, fault.place.row, fault.place.column) == (
        "roster.insurance.unknown",
        3,
        "参加险种",
    )


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        (
            "staff.add.online",
            (
                "姓名|公民身份证号码|缴费人员类别|月均工资收入|参加险种|医疗参保人员类别|增员原因"
                "|公费医疗补充医疗保险补助标识"
            ),
        ),
        (
            "staff.stop.online",
            "申报流水号|姓名|身份证号|停止缴费险种|四险缴费截止月份|停止缴费原因|创建时间",
        ),
        ("wage.declare.online", "姓名|身份证号|网上申报职工上年月均工资"),
        (
            "wage.declare.online-organ",
            "姓名|身份证号|网上申报职工上年月均工资|网上申报机关事业养老上年月均工资",
        ),
    ],
)
def test_online_data_have_the_services_own_columns(
    name: str, headings: str, tmp_path: Path
) -> None:
    FORMS[name].fill([]).save(tmp_path / "form.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "form.xlsx").active
    (row,) = sheet.values
    assert "|".join(row) == headings


# What the bureau prints for a person, and what is gathered of one.


def test_the_rows_of_a_record_of_rights_are_read_under_their_two_headings(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        (None, "养老", None, None, "失业", None, None, "工伤", None, "医疗", None, None, "生育"),
        ("缴费起止年月", *["月数", "年缴费基数", "个人缴费"] * 2, "月数", "年缴费基数",
         "月数", "年缴费基数", "个人缴费", "月数", "年缴费基数"),
        ("202501-202512", 12, 120000, 9600, 12, 120000, 600, 12, 120000,
         12, 120000, 2436, None, None),
    ):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "rights.xlsx")
    read = FORMS["rights.detail"].read(tmp_path / "rights.xlsx")
    assert not read.faults
    (row,) = read.rows
    assert (row["months_of"], row["medical_months"]) == ("202501-202512", "12")
    assert row["pension_person"] == si.Money.yuan(9600)
    assert row["medical_person"] == si.Money.yuan(2436)
    assert row["maternity_base"] is None


def test_the_printed_roster_gives_names_numbers_and_insurances(tmp_path: Path) -> None:
    (one,) = entries(1)
    lines = ["序号,姓名,社会保障号码,险种", f"1,人1,{one.person.document.number},养老"]
    (tmp_path / "roster.csv").write_text("\n".join(lines), "utf-8")
    read = FORMS["roster.printed"].read(tmp_path / "roster.csv")
    assert [(row["name"], row["insurances"]) for row in read.rows] == [("人1", "养老")]
    assert not read.faults


def test_a_sheet_of_personal_information_wants_all_that_has_a_star() -> None:
    form = FORMS["person.register"]
    starred = {column.field for column in form.columns if column.spec.header.startswith("*")}
    assert {
        fault.place.field for fault in form.fill([{"email": "a@example.org"}]).errors
    } == starred
    assert len(form.columns) == 41
    assert [column.spec.header for column in form.columns][:3] == [
        "*参加险种",
        "*姓名",
        "*公民身份号码(社会保障号码)",
    ]
