"""Filling a form in: nobody is filed half, nothing that was entered is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.forms.errors import FormError
from socialins.forms.papers import FilledForm, Form
from socialins.identity import parse_document
from socialins.model import Employment
from socialins.testing.middle import middle

NUMBER = "11010519491231002X"
GIVEN = {"added_on": date(2026, 11, 1), "reason": "新参保"}
NOON = datetime(2026, 11, 1, 12, tzinfo=SHANGHAI)
UNIT = si.UnitAccount(
    si.Unit("中州（某）公司", si.CreditCode("91990100MA0000001G")), number="0001234567"
)


@pytest.fixture
def form() -> Form:
    return middle().forms["staff.add"]


@pytest.fixture
def people(number: Callable[[int], str]) -> Callable[[int], list[dict[str, Any]]]:
    """Makes rows that nothing is wrong with, of synthetic people."""

    def make(count: int) -> list[dict[str, Any]]:
        return [
            {"name": f"人{index}", "id_number": number(index), "pension": True, "wage": "5000.50"}
            for index in range(1, count + 1)
        ]

    return make


def wrong(filled: FilledForm) -> list[tuple[str, str | None, int | None]]:
    return [(fault.code, fault.place.field, fault.place.row) for fault in filled.faults]


def entry(name: str, text: str, **rest: Any) -> si.RosterEntry:
    person = si.InsuredPerson(name, parse_document(text))
    return si.RosterEntry(person, si.DeclaredWage(si.Money.yuan("5000.50")), **rest)


# What a row needs, and what it can't be.


def test_a_row_without_a_needed_value_stands_in_the_faults_and_in_no_page(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    rows = people(3)
    del rows[1]["wage"]
    filled = form.fill(rows, **GIVEN)
    assert wrong(filled) == [("form.value.missing", "wage", 2)]
    assert filled.faults[0].place.column == "*月工资收入（元）"
    assert [row["name"] for row in filled.rows] == ["人1", "人3"]
    filled.save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    assert "人2" not in {cell for row in sheet.values for cell in row}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("wage", "一万", "form.amount.unreadable"),
        ("wage", "0", "roster.wage.not-positive"),
        ("wage", 5000.5, "form.value.float"),
        ("wage", b"5000", "form.value.type"),
        ("id_number", "110105194912310020", "identity.checksum"),
        ("id_number", "", "form.value.missing"),
        ("name", None, "form.value.missing"),
        ("name", "张\n三", "form.cell.control"),
        ("name", "张\ud800", "form.cell.control"),
        ("sex", "人", "form.code.unknown"),
        ("reason", "退休", "form.code.unknown"),
        ("reason", "13", "form.code.unknown"),
        ("added_on", "2026-13-01", "form.date.unreadable"),
        ("added_on", True, "form.value.type"),
        ("since", "十一月", "form.month.unreadable"),
        ("pension", "大概", "form.tick.unknown"),
    ],
)
def test_a_value_that_can_not_stand_in_its_column_is_told_with_row_and_field(
    form: Form, people: Callable[..., Any], field: str, value: object, code: str
) -> None:
    rows = [{**GIVEN, **row} for row in people(3)]
    rows[2][field] = value
    filled = form.fill(rows)
    assert len(filled.rows) == 2
    assert (code, field) in {(fault.code, fault.place.field) for fault in filled.faults}
    assert all(fault.place.row == 3 for fault in filled.errors)


def test_of_ticks_that_are_needed_together_one_is_enough_and_none_is_told(
    form: Form, people: Callable[..., Any]
) -> None:
    ticked, unticked = people(2)
    unticked["pension"] = False
    filled = form.fill([ticked, unticked], **GIVEN)
    (fault,) = filled.faults
    assert (fault.code, fault.place.row) == ("form.group.missing", 2)
    assert "养老" in fault.message("zh")
    assert "医疗" in fault.message("zh")


def test_a_field_that_the_form_has_not_is_not_dropped_in_silence(
    form: Form, people: Callable[..., Any]
) -> None:
    (row,) = people(1)
    filled = form.fill([{**row, "wagee": "1"}], **GIVEN)
    assert wrong(filled) == [("form.field.unknown", "wagee", 1)]
    assert "wage" in filled.faults[0].remedy("en")
    assert not filled.rows
    with pytest.raises(FormError, match="adde_on") as caught:
        form.fill([row], adde_on="2026-11-01")
    assert "added_on" in caught.value.fault.remedy("zh")


def test_what_would_read_back_as_something_else_is_refused(
    form: Form, people: Callable[..., Any]
) -> None:
    # A passport of eight digits reads as a pass for Taiwan where no column states its kind.
    document = si.IdDocument("passport", "12345678")
    filled = form.fill([{**people(1)[0], "id_number": document}], **GIVEN)
    assert wrong(filled) == [("form.value.unwritable", "id_number", 1)]


def test_a_kind_of_document_that_the_form_can_state_is_kept() -> None:
    form = middle().forms["wage.declare"]
    roster = si.Roster("2026-11", [entry("ANNA", "E12345678")])
    (row,) = form.fill(roster, payer_number="1").rows
    assert row["id_type"] == "208"
    assert row["id_number"] == si.IdDocument("passport", "E12345678")


def test_a_kind_of_document_without_a_code_is_told_and_not_taken_for_the_usual_one() -> None:
    form = middle().forms["wage.declare"]
    roster = si.Roster("2026-11", [entry("李四", "830000199001010012")])
    filled = form.fill(roster, payer_number="1")
    assert wrong(filled) == [("form.code.unknown", "id_type", 1)]
    assert not filled.rows


# Values in every shape that a caller may have them in.


@pytest.mark.parametrize(
    "values",
    [
        {"wage": si.Money.yuan("5000.50"), "added_on": date(2026, 11, 1), "sex": si.Sex.FEMALE},
        {"wage": "¥5,000.50", "added_on": "2026年11月1日", "sex": "女"},
        {"wage": Decimal("5000.50"), "added_on": NOON, "sex": "female"},
        {"wage": "５０００．５０", "added_on": "2026/11/1", "sex": "2"},
    ],
)
def test_values_are_taken_typed_or_as_people_write_them(
    form: Form, people: Callable[..., Any], values: dict[str, object]
) -> None:
    (row,) = form.fill([{**people(1)[0], **values}], reason="12|续保", since="2026-11").rows
    assert row["wage"] == si.Money.yuan("5000.50")
    assert row["added_on"] == date(2026, 11, 1)
    assert row["sex"] is si.Sex.FEMALE
    assert row["reason"] == "12"
    assert row["since"] == si.Month(2026, 11)
    assert (row["pension"], row["medical"]) == (True, False)


@pytest.mark.parametrize(
    ("given", "code"),
    [("11", "11"), ("新参保", "11"), ("11|新参保", "11"), ("续保", "12"), ("４００", "400")],
)
def test_a_code_is_taken_as_code_as_word_or_as_both(
    form: Form, people: Callable[..., Any], given: str, code: str
) -> None:
    (row,) = form.fill(people(1), **{**GIVEN, "reason": given}).rows
    assert row["reason"] == code


def test_a_rows_own_value_comes_before_the_one_for_all(
    form: Form, people: Callable[..., Any]
) -> None:
    one, other = people(2)
    other["reason"] = "12"
    filled = form.fill([one, other], **GIVEN)
    assert [row["reason"] for row in filled.rows] == ["11", "12"]


# From a roster.


def test_a_roster_fills_what_it_knows_and_its_rows_are_named_as_in_its_file(form: Form) -> None:
    chosen = frozenset({"pension", "injury"})
    roster = si.Roster("2026-11", [entry("张三", NUMBER, insurances=chosen, row=7)], account=UNIT)
    (row,) = form.fill(roster, **GIVEN).rows
    assert row == {
        "name": "张三",
        "sex": si.Sex.FEMALE,
        "id_number": parse_document(NUMBER),
        "pension": True,
        "medical": False,
        "injury": True,
        "reason": "11",
        "wage": si.Money.yuan("5000.50"),
        "added_on": date(2026, 11, 1),
        "since": None,
    }
    (fault,) = form.fill(roster, added_on=date(2026, 11, 1)).faults
    assert (fault.place.row, fault.place.field) == (7, "reason")


def test_nobody_is_ticked_for_an_insurance_that_the_regions_rules_leave_out(form: Form) -> None:
    roster = si.Roster("2026-11", [entry("张三", NUMBER, employment=Employment.PART_TIME)])
    (row,) = form.fill(roster, **GIVEN).rows
    ticks = {field for field in ("pension", "medical", "injury") if row[field]}
    assert ticks == {"injury"}, "part-time workers are in work injury alone here"
    # Without a month no rule can be asked, and nothing is guessed.
    filled = form.fill(roster.entries, **GIVEN)
    assert [fault.code for fault in filled.faults] == ["form.group.missing"]


def test_the_account_leaves_out_what_it_does_not_keep(form: Form) -> None:
    account = attrs.evolve(UNIT, insurances=frozenset({"medical"}))
    roster = si.Roster("2026-11", [entry("张三", NUMBER)], account=account)
    (row,) = form.fill(roster, **GIVEN).rows
    assert [row["pension"], row["medical"], row["injury"]] == [False, True, False]


def test_a_roster_fills_every_insurance_of_a_form_that_repeats_the_wage() -> None:
    form = middle().forms["wage.declare"]
    (row,) = form.fill(si.Roster("2026-11", [entry("张三", NUMBER)]), payer_number="1").rows
    assert row["wage_10"] == row["wage_20"] == si.Money.yuan("5000.50")
    assert row["id_type"] == "201"


# Above and below the table.


def test_head_and_foot_are_filled_from_unit_and_arguments(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    filled = form.fill(people(1), UNIT, clerk="王五", filed_on=date(2026, 11, 5), **GIVEN)
    filled.save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    texts = [value for row in sheet.values for value in row if isinstance(value, str)]
    assert "填报单位（盖章）：中州（某）公司" in texts
    assert "单位编号：0001234567" in texts
    assert "填报日期：2026年11月5日" in texts
    assert any(
        text.startswith("单位经办人：王五 ") and "经办机构（盖章）：" in text for text in texts
    )


def test_what_is_not_filled_in_leaves_its_place_on_the_paper(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    filled = form.fill(people(1), **GIVEN)
    assert filled.head == {}
    assert not filled.faults
    filled.save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    texts = [value for row in sheet.values for value in row if isinstance(value, str)]
    assert "填报日期：    年  月  日" in texts


def test_a_blank_that_the_paper_needs_is_told_and_the_rows_stand() -> None:
    form = middle().forms["wage.declare"]
    roster = si.Roster("2026-11", [entry("张三", NUMBER)])
    filled = form.fill(roster)
    assert wrong(filled) == [("form.value.missing", "payer_number", None)]
    assert len(filled.rows) == 1
    assert not form.fill(roster, payer_number="91990100MA0000001G").faults


def test_a_blank_that_can_not_be_read_back_is_told(form: Form, people: Callable[..., Any]) -> None:
    filled = form.fill(people(1), filed_on="昨天", clerk="王\x07五", **GIVEN)
    assert wrong(filled) == [
        ("form.value.unwritable", "clerk", None),
        ("form.date.unreadable", "filed_on", None),
    ]
    assert filled.head == {}


# The sheet.


def test_pages_have_a_fixed_number_of_rows_numbered_anew_and_a_break_after_each(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    filled = form.fill(people(7), **GIVEN)
    assert filled.pages == 3
    filled.save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    assert [page.id for page in sheet.row_breaks.brk] == [9, 18]
    assert sheet.print_area == "'参保人员增加表'!$A$1:$K$27"
    numbers = [sheet.cell(row, 1).value for page in (0, 9, 18) for row in range(page + 5, page + 8)]
    assert numbers == [1, 2, 3] * 3, "empty rows have their number too"
    names = [sheet.cell(row, 2).value for page in (0, 9, 18) for row in range(page + 5, page + 8)]
    assert names == [*(f"人{index}" for index in range(1, 8)), None, None]
    titles = [sheet.cell(page + 1, 1).value for page in (0, 9, 18)]
    assert titles == ["中州社会保险参保人员增加表"] * 3
    assert sheet.page_setup.orientation == "landscape"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage, "that would undo the page breaks"


def test_an_empty_form_is_one_page_to_be_filled_in_by_hand(form: Form, tmp_path: Path) -> None:
    filled = form.fill([])
    assert (filled.pages, filled.faults) == (1, ())
    filled.save(tmp_path / "empty.xlsx")
    read = form.read(tmp_path / "empty.xlsx")
    assert (read.rows, read.faults) == ((), ())


def test_headings_in_two_rows_are_merged_as_on_the_paper(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    form.fill(people(4), **GIVEN).save(tmp_path / "add.xlsx")
    merged = {str(one) for one in openpyxl.load_workbook(tmp_path / "add.xlsx").active.merged_cells}
    assert {"E3:G3", "A3:A4", "K3:K4", "A1:K1", "A2:F2", "G2:K2", "A8:K8"} <= merged
    assert {"E12:G12", "A12:A13", "A10:K10", "A17:K17"} <= merged, "on the second page too"


def test_text_that_looks_like_a_formula_stays_text(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    unit = si.Unit('=HYPERLINK("http://x")')
    rows = [{**people(1)[0], "name": "=1+1"}, {**people(2)[1], "name": "+SUM(A1)"}]
    form.fill(rows, unit, clerk="@x", **GIVEN).save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    assert [sheet["B5"].data_type, sheet["B6"].data_type] == ["s", "s"]
    assert (sheet["B5"].value, sheet["B6"].value) == ("=1+1", "+SUM(A1)")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["B5"].quotePrefix, "editing the cell would turn it into a formula"


def test_a_further_sheet_carries_its_fixed_text(tmp_path: Path) -> None:
    form = middle().forms["wage.declare"]
    form.fill([], payer_number="1").save(tmp_path / "wage.xlsx")
    book = openpyxl.load_workbook(tmp_path / "wage.xlsx")
    assert book.sheetnames == ["申报数据", "填表说明"]
    assert [row[0] for row in book["填表说明"].values] == ["一行一人。", "证件类型代码默认为 201。"]


def test_a_form_is_saved_as_a_workbook_or_not_at_all(form: Form, tmp_path: Path) -> None:
    with pytest.raises(FormError) as caught:
        form.fill([]).save(tmp_path / "add.xls")
    assert caught.value.fault.code == "form.file.suffix"
    assert not list(tmp_path.iterdir())


def test_heads_are_chosen_for_a_column_that_is_repeated_and_for_no_other(form: Form) -> None:
    wage = middle().forms["wage.declare"]
    chosen = wage.with_heads(wage=["30|工伤保险"])
    assert [column.field for column in chosen.columns][-1] == "wage_30"
    assert [column.field for column in wage.columns][-1] == "wage_20", "the form itself stays"
    with pytest.raises(FormError) as caught:
        wage.with_heads(wages=["30|工伤保险"])
    assert caught.value.fault.code == "form.field.unknown"
    with pytest.raises(FormError) as caught:
        wage.with_heads(wage=["30|工伤保险", "30|失业保险"])
    assert caught.value.fault.code == "form.heads.twice"
    with pytest.raises(FormError):
        form.with_heads(wage=["30|工伤保险"])


@pytest.mark.parametrize("value", [":", "*", "_", "年月日", "{unit.name}", "单位编号："])
def test_odd_text_in_a_blank_is_kept_as_it_is(form: Form, tmp_path: Path, value: str) -> None:
    filled = form.fill([], si.Unit(value), clerk=value)
    assert filled.head == {"unit.name": value, "clerk": value}
    filled.save(tmp_path / "add.xlsx")
    assert form.read(tmp_path / "add.xlsx").head == filled.head
