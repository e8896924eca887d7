"""Forms of regions without a plugin, kept with the examples: they have the templates' headings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.forms.papers import Form, load_form
from socialins.rules import Mark, RuleFileError
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

FOLDER = Path(__file__).parents[2] / "examples" / "forms"
FORMS = {path.stem: load_form(path, middle().cascade) for path in sorted(FOLDER.glob("*.toml"))}
NUMBER = "11010519491231002X"

TEMPLATES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("data").joinpath("example-forms.toml").read_text("utf-8")
)


def test_each_form_of_the_examples_is_compared_here() -> None:
    assert FORMS.keys() == TEMPLATES.keys()


@pytest.mark.parametrize("name", TEMPLATES)
def test_sheet_rows_and_headings_are_the_templates(name: str, tmp_path: Path) -> None:
    template = TEMPLATES[name]
    form = FORMS[name]
    form.fill([]).save(tmp_path / "form.xlsx")
    written = openpyxl.load_workbook(tmp_path / "form.xlsx")[template["sheet"]]
    assert [cell.value for cell in written[template["header_row"]]] == template["headings"]
    assert form.layout.table_row == template["first_row"]
    assert form.mark is Mark.B
    assert form.sources
    starred = {column.field for column in form.columns if column.spec.header.startswith("*")}
    needed = {column.field for column in form.columns if column.spec.required}
    ticks = {column.field for column in form.columns if column.spec.ticks}
    if starred:
        assert needed == starred - ticks, (
            "what has a star is needed; of a yes or no, either will do"
        )


@pytest.mark.parametrize("name", FORMS)
def test_each_file_says_what_it_rests_on_and_what_it_lacks(name: str) -> None:
    head = FOLDER.joinpath(f"{name}.toml").read_text("utf-8").partition("\ndivision")[0]
    for word in ("# References", "# Checked with", "# Limitations"):
        assert word in head


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=15)
@given(data=st.data())
def test_whatever_it_can_hold_reads_back_equal_in_each_of_its_formats(
    name: str, data: st.DataObject
) -> None:
    form: Form = FORMS[name]
    rows = data.draw(sis.form_rows(form=form, max_size=4))
    filled = form.fill(rows)
    assert not filled.errors
    for suffix in form.layout.suffixes:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"form{suffix}")
            filled.save(path)
            read = form.read(path)
        assert not read.errors
        assert list(read.rows) == rows


GUANGZHOU: dict[str, Any] = {
    "change": "1", "reason": "新参保", "id_type": "201", "id_number": NUMBER, "name": "张三",
    "sex": "女", "nationality": "中国", "wage": "8000", "birth_date": "1949-12-31",
    "category": "在职", "state": "正常", "employment_form": "合同制", "household_kind": "本地",
    "since": "2026-11", "mobile": "13800000000", "pension": True, "injury": True,
    "unemployment": False, "medical": True,
}  # fmt: skip


def test_codes_and_ticks_are_written_as_the_bureau_wants_them(tmp_path: Path) -> None:
    FORMS["guangzhou-add"].fill([GUANGZHOU]).save(tmp_path / "add.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "add.xlsx").active
    values = dict(
        zip((cell.value for cell in sheet[5]), (cell.value for cell in sheet[6]), strict=True)
    )
    assert values["*变动类型"] == "1|增员"
    assert values["*变动原因"] == "11|新参保"
    assert values["*证件类型"] == "201|居民身份证"
    assert values["*性别"] == "2|女"
    assert [values[f"*{one}"] for one in ("基本养老保险", "工伤保险", "失业保险")] == [
        "1",
        "1",
        "0",
    ]
    (row,) = FORMS["guangzhou-add"].read(tmp_path / "add.xlsx").rows
    assert (row["sex"], row["unemployment"]) == (si.Sex.FEMALE, False)


def test_codes_are_read_as_people_and_programs_write_them(tmp_path: Path) -> None:
    form = FORMS["guangzhou-add"]
    form.fill([GUANGZHOU]).save(tmp_path / "add.xlsx")
    book = openpyxl.load_workbook(tmp_path / "add.xlsx")
    for column, value in (("A", 1), ("B", "11"), ("G", 2), ("Q", 1), ("S", 0)):
        book.active[f"{column}6"] = value
    book.save(tmp_path / "add.xlsx")
    (row,) = form.read(tmp_path / "add.xlsx").rows
    assert (row["change"], row["reason"], row["sex"]) == ("1", "11", si.Sex.FEMALE)
    assert (row["pension"], row["unemployment"]) == (True, False)


def test_a_roster_fills_the_sex_as_the_bureaus_code() -> None:
    roster_has = {"name", "id_number", "id_type", "wage", "sex", "birth_date"}
    given = {key: GUANGZHOU[key] for key in GUANGZHOU.keys() - roster_has}
    person = si.InsuredPerson("张三", si.IdDocument("resident-id", NUMBER))
    roster = si.Roster("2026-11", [si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(8000)))])
    filled = FORMS["guangzhou-add"].fill(roster, **given)
    assert not filled.errors
    assert (filled.rows[0]["sex"], filled.rows[0]["id_type"]) == (si.Sex.FEMALE, "201")


def test_a_clients_export_is_read_with_its_total(tmp_path: Path) -> None:
    lines = [
        "序号,姓名,证件类型,证件号码,缴费工资,缴费基数,费率,应缴费额,减免费额,应补(退)费额,人员编号",
        f"1,张三,居民身份证,{NUMBER},10000,10000,0.08,800.00,0,800.00,100001",
        "合计,,,,,,,800.00,0,800.00,",
    ]
    path = tmp_path / "detail.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    read = FORMS["shanghai-detail"].read(path)
    assert not read.faults
    assert read.sums["payable"] == si.Money.yuan(800)
    assert read.rows[0]["rate"] == "0.08"


def test_the_disk_of_2015_is_written_as_an_old_workbook(tmp_path: Path) -> None:
    form = FORMS["base-disk-2015"]
    row = {"person_number": "0012345678", "name": "张三", "id_number": NUMBER, "wage": "8000"}
    form.fill([row]).save(tmp_path / "disk.xls")
    (read,) = form.read(tmp_path / "disk.xls").rows
    assert (read["person_number"], read["wage"]) == ("0012345678", si.Money.yuan(8000))


def test_a_form_of_ones_own_that_is_wrong_says_where(tmp_path: Path) -> None:
    text = FOLDER.joinpath("tianjin-detail.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(f'template = "blank.xlsx"\n{text}', "utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_form(tmp_path / "own.toml", middle().cascade)
    assert [fault.place.field for fault in caught.value.faults] == ["template"]
