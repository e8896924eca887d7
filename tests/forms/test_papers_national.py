"""The yearly import of wages, national: a head too few and a person's wage is not declared."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.forms.papers import Form, forms_of
from socialins.identity import parse_document
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import COUNTRY, Cascade, build_rule_books, read_rule_folder
from socialins.testing import strategies as sis

HEADS = [
    "120|机关事业单位养老保险",
    "180|职业年金",
    "210|失业保险",
    "310|职工基本医疗保险",
    "330|大额医疗费用补助",
    "410|工伤保险",
    "510|生育保险",
]


def national() -> Form:
    package = files("socialins_national")
    books = build_rule_books(read_rule_folder(package.joinpath("rules")))
    plugin = LoadedPlugin("national", books=books, package=package)
    registry = Registry((plugin,), HookManager())
    return forms_of(registry, Cascade((books[COUNTRY],)))["wage.declare.tax"]


FORM = national()


def entry(name: str, number: str) -> si.RosterEntry:
    person = si.InsuredPerson(name, parse_document(number))
    return si.RosterEntry(person, si.DeclaredWage(si.Money.yuan("5000.50")))


def test_the_sheet_is_the_template_cell_by_cell(tmp_path: Path) -> None:
    roster = si.Roster("2026-11", [entry("张三", "11010519491231002X")])
    FORM.fill(roster, taxpayer_number="91990100MA0000001G").save(tmp_path / "wage.xlsx")
    book = openpyxl.load_workbook(tmp_path / "wage.xlsx")
    assert book.sheetnames == ["缴费工资申报数据", "填表说明"]
    title, heads, headings, person = book.worksheets[0].values
    assert title == ("单位社保费缴费工资年度申报", *[None] * 10)
    assert heads == ("*缴费人识别号：", "91990100MA0000001G", None, None, *HEADS)
    assert headings == (
        "*姓名",
        "*身份证件类型代码",
        "*身份证件号码",
        "分组",
        *["缴费工资"] * 7,
    )
    assert person == ("张三", "201", "11010519491231002X", None, *[5000.5] * 7)
    assert {str(one) for one in book.worksheets[0].merged_cells} == {"A1:D1", "B2:D2"}
    assert len([row for row in book.worksheets[1].values if row[0]]) == 3


@settings(max_examples=30)
@given(data=st.data())
def test_whatever_it_can_hold_reads_back_equal(data: st.DataObject) -> None:
    rows = data.draw(sis.form_rows(form=FORM))
    head = data.draw(sis.form_heads(form=FORM))
    filled = FORM.fill(rows, **head)
    assert not filled.errors
    with TemporaryDirectory() as folder:
        path = Path(folder, "wage.xlsx")
        filled.save(path)
        read = FORM.read(path)
    assert not read.errors
    assert list(read.rows) == rows
    assert read.head == head


def test_an_enterprises_own_heads_are_read_and_written_though_the_layout_has_others(
    tmp_path: Path,
) -> None:
    heads = ["110|企业职工基本养老保险", "210|失业保险"]
    form = FORM.with_heads(wage=heads)
    row: dict[str, Any] = {
        "name": "张三",
        "id_number": "11010519491231002X",
        "wage_110": "6000",
        "wage_210": "5000",
    }
    form.fill([row], taxpayer_number="1").save(tmp_path / "wage.xlsx")
    read = FORM.read(tmp_path / "wage.xlsx")
    assert read.form.heads["wage"] == tuple(heads)
    assert read.rows[0]["wage_110"] == si.Money.yuan(6000)
    assert not read.faults


@pytest.mark.parametrize(
    ("number", "code"),
    [("E12345678", "208"), ("H12345678", "210"), ("12345678", "213")],
)
def test_documents_of_other_kinds_get_their_code(number: str, code: str) -> None:
    (row,) = FORM.fill(si.Roster("2026-11", [entry("ANNA", number)]), taxpayer_number="1").rows
    assert row["id_type"] == code


def test_a_kind_of_document_whose_code_is_not_known_can_be_given_its_code() -> None:
    permit = si.Roster("2026-11", [entry("李四", "830000199001010012")])
    filled = FORM.fill(permit, taxpayer_number="1")
    assert [fault.code for fault in filled.faults] == ["form.code.unknown"]
    row = {"name": "李四", "id_type": "238", "id_number": "830000199001010012", "wage": "5000"}
    filled = FORM.fill([row], taxpayer_number="1")
    assert not filled.faults
    assert filled.rows[0]["id_type"] == "238"
