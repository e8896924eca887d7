"""A bureau's own workbook, filled in: it must come back as the bureau made it, with our rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

import socialins as si
from socialins.facade import Region
from socialins.forms.errors import FormError
from socialins.forms.papers import Form
from socialins.forms.papers.formfile import FileFormat
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import RuleFileError, build_rule_books, read_rule_folder
from socialins.testing.middle import middle

Change = Callable[[Any], object]
NUMBER = "11010519491231002X"
HEADS = {"added_on": date(2026, 11, 1), "reason": "11", "pension": True}
YELLOW = PatternFill("solid", fgColor="FFFF00")


def template(path: Path, *changes: Change) -> Path:
    """What a bureau might hand out for the fictional region's paper, made by a script."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "增员"
    sheet["A1"] = "中州社会保险参保人员增加表（2026版）"
    sheet["A1"].font = Font(name="黑体", size=20, bold=True)
    sheet.merge_cells("A1:I1")
    sheet["A2"] = "填报单位 (盖章)："
    sheet["F2"] = "单位编号："
    upper = ("姓名", "*证件号码", "*参加险种", None, None, "增员原因", "*月工资收入(元)")
    sheet.append((*upper, "增加日期", "内部栏"))
    sheet.append((None, None, "养老", "医疗", "工伤"))
    sheet.merge_cells("C3:E3")
    for column in "ABFGHI":
        sheet.merge_cells(f"{column}3:{column}4")
    for column in range(1, 10):
        sheet.cell(5, column).fill = YELLOW
    sheet["G5"].number_format = '"¥"#,##0.00'
    sheet.row_dimensions[5].height = 33
    sheet["A3"].comment = Comment("与身份证一致", "bureau")
    reasons = DataValidation(type="list", formula1='"新参保,恢复缴费"')
    reasons.add("F5:F6")
    sheet.add_data_validation(reasons)
    sheet.freeze_panes = "A5"
    book.create_sheet("填表说明")["A1"] = "一行一人"
    book["填表说明"].sheet_state = "hidden"
    for change in changes:
        change(sheet)
    book.save(path)
    return path


@pytest.fixture
def form() -> Form:
    found = middle().forms["staff.add"]
    return attrs.evolve(found, layout=attrs.evolve(found.layout, rows_a_page=0))


@pytest.fixture
def people(number: Callable[[int], str]) -> Callable[[int], list[dict[str, Any]]]:
    def make(count: int) -> list[dict[str, Any]]:
        return [
            {"name": f"人{one}", "id_number": number(one), "wage": "5000.50", **HEADS}
            for one in range(1, count + 1)
        ]

    return make


def test_the_rows_stand_under_the_templates_headings_and_the_rest_is_as_it_was(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    blank = template(tmp_path / "blank.xlsx")
    filled = form.fill(people(3), si.Unit("中州某公司"))
    filled.save(tmp_path / "add.xlsx", template=blank)
    book = openpyxl.load_workbook(tmp_path / "add.xlsx")
    sheet = book["增员"]
    assert book.sheetnames == ["增员", "填表说明"]
    assert book["填表说明"].sheet_state == "hidden"
    assert (sheet["A1"].value, sheet["A1"].font.name) == (
        "中州社会保险参保人员增加表（2026版）",
        "黑体",
    )
    assert sheet["A2"].value == "填报单位 (盖章)：中州某公司", "the bureau's words stay"
    assert {str(one) for one in sheet.merged_cells.ranges} >= {"A1:I1", "C3:E3", "A3:A4"}
    assert sheet["A3"].comment.text == "与身份证一致"
    assert [sheet.cell(7, column).value for column in range(1, 10)] == [
        "人3", people(3)[2]["id_number"], "√", None, None, "11|新参保", 5000.5, "2026/11/1", None,
    ]  # fmt: skip
    for row in (5, 6, 7):
        assert sheet.cell(row, 1).fill.fgColor.rgb == "00FFFF00", "each row looks as the first"
        assert sheet.cell(row, 7).number_format == '"¥"#,##0.00'
    assert sheet.row_dimensions[7].height == 33
    (validation,) = sheet.data_validations.dataValidation
    assert str(validation.sqref) == "F5:F7", "what is checked of the first row, of all"
    assert sheet.freeze_panes == "A5"


def test_what_was_filled_in_reads_back_equal(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    blank = template(tmp_path / "blank.xlsx")
    filled = form.fill(people(7), si.UnitAccount(si.Unit("中州某公司"), number="007"))
    filled.save(tmp_path / "add.xlsx", template=blank)
    read = form.read(tmp_path / "add.xlsx")
    assert not read.errors
    assert read.rows == filled.rows
    assert read.head == filled.head
    filled.save(tmp_path / "again.xlsx", template=blank)
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "add.xlsx").read_bytes()


def test_a_name_like_a_formula_stays_text_in_a_template(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    rows = [{**people(1)[0], "name": "=1+1"}]
    form.fill(rows).save(tmp_path / "add.xlsx", template=template(tmp_path / "blank.xlsx"))
    cell = openpyxl.load_workbook(tmp_path / "add.xlsx")["增员"]["A5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@pytest.mark.parametrize(
    ("change", "count", "given", "code"),
    [
        (lambda sheet: sheet.__setitem__("A7", "备注：一行一人"), 3, {}, "form.template.full"),
        (lambda sheet: sheet.merge_cells("A6:B6"), 2, {}, "form.template.full"),
        (lambda sheet: None, 1, {"sex": "男"}, "form.template.column"),
        (lambda sheet: None, 1, {"clerk": "王五"}, "form.template.blank"),
        (lambda sheet: sheet.__setitem__("G3", "收入"), 1, {}, "form.column.missing"),
    ],
    ids=["a note below", "merged below", "no such column", "no such blank", "not the form"],
)
def test_a_template_without_room_is_refused_and_nothing_is_overwritten_or_dropped(
    form: Form,
    people: Callable[..., Any],
    tmp_path: Path,
    *,
    change: Change,
    count: int,
    given: dict[str, Any],
    code: str,
) -> None:
    blank = template(tmp_path / "blank.xlsx", change)
    before = blank.read_bytes()
    filled = form.fill(people(count), **given)
    assert not filled.errors
    with pytest.raises(FormError) as caught:
        filled.save(tmp_path / "add.xlsx", template=blank)
    assert caught.value.fault.code == code
    assert [path.name for path in tmp_path.iterdir()] == ["blank.xlsx"]
    assert blank.read_bytes() == before


def test_rows_that_just_fit_above_a_note_are_written(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    blank = template(tmp_path / "blank.xlsx", lambda sheet: sheet.__setitem__("A7", "备注"))
    form.fill(people(2)).save(tmp_path / "add.xlsx", template=blank)
    assert openpyxl.load_workbook(tmp_path / "add.xlsx")["增员"]["A7"].value == "备注"


def test_a_template_is_for_workbooks_alone(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    layout = attrs.evolve(form.layout, formats=(FileFormat.XLSX, FileFormat.CSV))
    filled = attrs.evolve(form, layout=layout).fill(people(1))
    with pytest.raises(FormError) as caught:
        filled.save(tmp_path / "add.csv", template=template(tmp_path / "blank.xlsx"))
    assert caught.value.fault.code == "form.file.suffix"


def test_a_template_that_is_a_bomb_of_merged_cells_is_refused(
    form: Form, people: Callable[..., Any], tmp_path: Path
) -> None:
    blank = template(tmp_path / "blank.xlsx")
    book = openpyxl.load_workbook(blank)
    book["增员"].merged_cells.ranges.add(openpyxl.worksheet.cell_range.CellRange("A20:XFD1048576"))
    book.save(blank)
    with pytest.raises(FormError) as caught:
        form.fill(people(1)).save(tmp_path / "add.xlsx", template=blank)
    assert caught.value.fault.code == "form.file.bomb"


# A template that a plugin ships.


LAYOUT = """
division = "990100"
id = "staff.list"
business = "staff.add"
title = { zh = "名单", en = "list" }
mark = "C"
sheet = "名单"
template = "blank.xlsx"
[sources.made-up]
title = "名单"
seen = "made up for tests"
[[columns]]
field = "name"
header = "姓名"
type = "name"
required = true
"""


def shipped(folder: Path) -> Region:
    rules = folder / "plugin" / "rules"
    rules.mkdir(parents=True)
    (rules / "region.toml").write_text(
        '# A\n\n# References\n# Checked with\n# Limitations\ndivision = "990100"\n[region]\n'
        'slug = "middle"\nname = { zh = "中州", en = "Middle City" }\n'
        '[[businesses]]\nid = "staff.add"\n', "utf-8"
    )  # fmt: skip
    forms = folder / "plugin" / "forms"
    forms.mkdir()
    (forms / "list.toml").write_text(LAYOUT, "utf-8")
    books = build_rule_books(read_rule_folder(rules))
    plugin = LoadedPlugin("made", books=books, package=folder / "plugin")
    registry = Registry((plugin,), HookManager())
    return Region(books["990100"], registry)


def test_a_layout_starts_from_the_workbook_beside_it(tmp_path: Path) -> None:
    region = shipped(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "名单"
    book.active["C2"] = "姓名"
    book.active["C2"].fill = YELLOW
    book.save(tmp_path / "plugin" / "forms" / "blank.xlsx")
    form = region.forms["staff.list"]
    form.fill([{"name": "张三"}]).save(tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert (sheet["C3"].value, sheet["C2"].fill.fgColor.rgb) == ("张三", "00FFFF00")


def test_a_layout_whose_workbook_is_not_there_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        dict(shipped(tmp_path).forms)
    assert [fault.place.field for fault in caught.value.faults] == ["template"]
