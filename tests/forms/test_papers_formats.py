"""One layout, several formats: what a bureau is handed holds what was filled in, in each."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
import python_calamine
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.forms.errors import FormError
from socialins.forms.papers import Form
from socialins.forms.papers.catalogue import parse_form
from socialins.forms.papers.formfile import FileFormat
from socialins.forms.sheets import Limits
from socialins.rules import RuleFileError
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

NUMBER = "11010519491231002X"
BATCH: dict[str, Any] = {
    "division": "990100",
    "id": "staff.add.batch",
    "business": "staff.add",
    "title": {"zh": "批量增员", "en": "adding in a batch"},
    "mark": "C",
    "sources": {"made-up": {"title": "批量", "seen": "made up for tests"}},
    "sheet": "批量",
    "formats": ["xlsx", "xls", "csv", "fixed", "jsonl"],
    "encoding": "gb18030",
    "columns": [
        {"field": "number", "header": "序号", "type": "sequence", "length": 6},
        {"field": "name", "header": "姓名", "type": "name", "required": True, "length": 120},
        {
            "field": "id_number",
            "header": "证件号码",
            "type": "id-number",
            "required": True,
            "length": 30,
        },
        {
            "field": "reason",
            "header": "变动原因",
            "type": "code",
            "codes": {"11": ["新参保"], "12": ["恢复缴费"]},
            "written": "code|words",
            "length": 20,
        },
        {
            "field": "household",
            "header": "户籍",
            "type": "code",
            "codes": {"1": ["本地"], "2": ["外地"]},
            "written": "code",
            "length": 2,
        },
        {"field": "wage", "header": "工资", "type": "wage", "required": True, "length": 12},
        {"field": "since", "header": "起缴月份", "type": "month", "format": "yyyymm", "length": 6},
        {"field": "added_on", "header": "日期", "type": "date", "format": "yyyymmdd", "length": 8},
        {"field": "pension", "header": "养老", "type": "tick", "length": 2},
        {"field": "note", "header": "备注", "length": 600},
    ],
}


def made(**changes: Any) -> Form:
    return Form(parse_form({**BATCH, **changes}, "batch.toml"), middle().cascade)


BATCH_FORM = made()
PAPER = middle().forms["staff.add"]
WAGES = middle().forms["wage.declare"]


def with_formats(form: Form, *formats: FileFormat, encoding: str = "utf-8-sig") -> Form:
    return attrs.evolve(form, layout=attrs.evolve(form.layout, formats=formats, encoding=encoding))


def round_trip(form: Form, suffix: str, rows: list[dict[str, Any]], head: dict[str, Any]) -> None:
    filled = form.fill(rows, **head)
    assert not filled.errors
    with TemporaryDirectory() as folder:
        path = Path(folder, f"form{suffix}")
        filled.save(path)
        read = form.read(path)
    assert not read.errors
    assert list(read.rows) == rows
    assert read.head == head


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv", ".txt", ".jsonl"])
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_a_layout_allows_reads_back_equal_from_every_format(
    suffix: str, data: st.DataObject
) -> None:
    # Fixed-width text of nobody is an empty file, which is refused like any other.
    rows = data.draw(sis.form_rows(form=BATCH_FORM, min_size=int(suffix == ".txt")))
    round_trip(BATCH_FORM, suffix, rows, {})


@pytest.mark.parametrize("name", ["staff.add", "wage.declare"])
@pytest.mark.parametrize("suffix", [".xls", ".csv", ".jsonl"])
@settings(max_examples=25)
@given(data=st.data())
def test_a_paper_with_pages_heads_and_blanks_reads_back_equal_from_other_formats(
    name: str, suffix: str, data: st.DataObject
) -> None:
    kinds = (FileFormat.XLS, FileFormat.CSV, FileFormat.JSON_LINES)
    encoding = data.draw(st.sampled_from(["utf-8-sig", "gb18030"]))
    form = with_formats(middle().forms[name], *kinds, encoding=encoding)
    rows = data.draw(sis.form_rows(form=form))
    head = data.draw(sis.form_heads(form=form))
    round_trip(form, suffix, rows, head)


ROW = {"name": "张三", "id_number": NUMBER, "wage": "5000.50", "reason": "11", "household": "2"}


def saved(folder: Path, suffix: str, **more: Any) -> Path:
    path = folder / f"batch{suffix}"
    BATCH_FORM.fill([{**ROW, **more}]).save(path)
    return path


# Each format, seen by another reader than ours.


def test_an_old_workbook_is_read_by_another_library(tmp_path: Path) -> None:
    path = saved(tmp_path, ".xls", note="=1+1", added_on=date(2026, 11, 1))
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("批量").to_python()
    assert rows[0][:4] == ["序号", "姓名", "证件号码", "变动原因"]
    assert rows[1][:6] == [1, "张三", NUMBER, "11|新参保", "2", 5000.5]
    assert rows[1][-1] == "=1+1", "text, and no formula"


def test_an_old_workbook_keeps_pages_and_what_is_merged(
    tmp_path: Path, number: Callable[[int], str]
) -> None:
    form = with_formats(PAPER, FileFormat.XLS)
    people = [{"name": f"人{one}", "id_number": number(one), "wage": "1"} for one in range(4)]
    filled = form.fill(people, pension=True, reason="11", added_on="2026-11-01")
    filled.save(tmp_path / "add.xls")
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "add.xls")
    sheet = book.get_sheet_by_index(0)
    assert ((2, 4), (2, 6)) in sheet.merged_cell_ranges, "the heading of a group"
    assert [row["name"] for row in form.read(tmp_path / "add.xls").rows] == [
        "人0", "人1", "人2", "人3",
    ]  # fmt: skip


def test_an_old_workbook_that_is_too_long_is_refused_and_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socialins.forms import oldwriter

    monkeypatch.setattr(oldwriter, "_ROWS", 2)
    filled = BATCH_FORM.fill([ROW, {**ROW, "name": "李四"}])
    with pytest.raises(FormError) as caught:
        filled.save(tmp_path / "long.xls")
    assert caught.value.fault.code == "form.xls.size"
    assert not list(tmp_path.iterdir())


def test_a_text_file_has_the_bytes_that_the_bureau_asked_for(tmp_path: Path) -> None:
    raw = saved(tmp_path, ".csv", note="=1+1").read_bytes()
    assert raw.decode("gb18030").splitlines()[1].startswith(f"1,张三,{NUMBER},11|新参保,2,5000.50")
    assert raw.decode("gb18030").splitlines()[1].endswith(",'=1+1"), "no spreadsheet runs it"
    utf = with_formats(BATCH_FORM, FileFormat.CSV)
    utf.fill([ROW]).save(tmp_path / "utf.csv")
    assert (tmp_path / "utf.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "utf.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["姓名", "张三"]


def test_fixed_width_text_is_counted_in_bytes(tmp_path: Path) -> None:
    raw = saved(tmp_path, ".txt").read_bytes()
    assert raw.endswith(b"\r\n")
    line = raw.removesuffix(b"\r\n")
    assert len(line) == sum(one["length"] for one in BATCH["columns"])
    assert line[:6] == b"     1"
    assert line[6:10].decode("gb18030") == "张三"
    assert line[178:190] == b"     5000.50"


def test_json_lines_hold_amounts_as_text(tmp_path: Path) -> None:
    first, row = map(json.loads, saved(tmp_path, ".jsonl").read_text("utf-8").splitlines())
    assert first == {"$form": "staff.add.batch"}
    assert row == {
        "name": "张三", "id_number": NUMBER, "wage": "5000.50",
        "reason": "11", "household": "2", "pension": False,
    }  # fmt: skip


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv", ".txt", ".jsonl"])
def test_the_same_content_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    for name in "ab":
        BATCH_FORM.fill([ROW]).save(tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_a_format_that_the_layout_has_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormError) as caught:
        made(formats=["csv"]).fill([ROW]).save(tmp_path / "batch.xlsx")
    assert caught.value.fault.code == "form.file.suffix"
    assert ".csv" in caught.value.fault.message("en")


# Codes in place of words.


def test_codes_are_written_as_the_layout_says_and_read_in_every_spelling(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    lines = ["姓名,证件号码,变动原因,户籍,工资"]
    spellings = (("11|新参保", "2"), ("新参保", "外地"), ("１１", "2|外地"), ("11", "２"))
    lines += [f"张三,{NUMBER},{reason},{place},1" for reason, place in spellings]
    path.write_text("\n".join(lines), "utf-8")
    read = BATCH_FORM.read(path)
    assert not read.errors
    assert {(row["reason"], row["household"]) for row in read.rows} == {("11", "2")}


def test_headings_of_required_columns_are_red_where_the_bureau_has_them_so(tmp_path: Path) -> None:
    import openpyxl

    made(page={"red_required": True}).fill([ROW]).save(tmp_path / "red.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "red.xlsx").active
    red = [cell.value for cell in sheet[1] if cell.font.color and cell.font.color.rgb == "00FF0000"]
    assert red == ["姓名", "证件号码", "工资"]


# What does not fit.


def test_a_value_longer_than_its_column_is_told_and_not_cut() -> None:
    filled = BATCH_FORM.fill([{**ROW, "note": "字" * 301}, ROW])
    (fault,) = filled.errors
    assert (fault.code, fault.place.field, fault.place.row) == ("form.value.long", "note", 1)
    assert "602" in fault.message("en")
    assert len(filled.rows) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw[:-3] + b"\r\n", "form.fixed.length"),
        (lambda raw: raw.replace("张三".encode("gb18030"), b"\xff\xff\xff\xff"), "form.fixed.cut"),
        (lambda raw: b"x" * 5_000_000, "form.fixed.length"),
    ],
    ids=["short", "cut", "without end"],
)
def test_a_line_that_is_not_of_the_form_is_refused_with_its_number(
    change: Callable[[bytes], bytes], code: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, ".txt")
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(FormError) as caught:
        BATCH_FORM.read(path)
    assert (caught.value.fault.code, caught.value.fault.place.row) == (code, 1)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "form.json.line"),
        (b'{"name": 1, "name": 2}', "form.json.line"),
        (b'{"wage": NaN}', "form.json.line"),
        (b'{"wage": 1e999999999}', "form.json.line"),
        (b'{"a":' + b"[" * 100_000, "form.json.line"),
        (b'{"wage": ' + b"9" * 5000 + b"}", "form.json.line"),
        (b'{"name": "\xff"}', "form.json.line"),
        (b'{"name": "' + b"x" * 400_000 + b'"}', "form.json.line"),
        (b'{"$form": "staff.stop"}', "form.json.other"),
        (b'{"$form": "staff.add.batch", "$heads": 1}', "form.json.line"),
        (b'{"$head": []}', "form.json.line"),
    ],
    ids=range(11),
)
def test_a_line_that_is_no_object_of_the_form_is_refused_with_its_number(
    line: bytes, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(FormError) as caught:
        BATCH_FORM.read(path)
    assert (caught.value.fault.code, caught.value.fault.place.row) == (code, 1)


def test_a_wrong_value_in_json_keeps_its_row_out_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    good = {"name": "张三", "id_number": NUMBER, "wage": 5000.5}
    rows = [good, {**good, "wage": [1]}, {**good, "salary": 1}, {**good, "wage": 0.001}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    read = BATCH_FORM.read(path)
    assert [row["wage"] for row in read.rows] == [si.Money.yuan("5000.50")]
    assert [(fault.code, fault.place.row) for fault in read.errors] == [
        ("form.value.type", 2),
        ("form.field.unknown", 3),
        ("form.amount.fen", 4),
    ]
    assert [row.number for row in read.failed] == [2, 3, 4]


def test_a_blank_of_json_that_the_form_has_not_is_told(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text('{"$head": {"clerk": "王五"}}\n', "utf-8")
    assert [fault.code for fault in BATCH_FORM.read(path).errors] == ["form.field.unknown"]


def test_more_rows_than_were_asked_for_are_refused_in_every_format(tmp_path: Path) -> None:
    people = [ROW, {**ROW, "name": "李四"}]
    for suffix in (".xlsx", ".xls", ".csv", ".txt", ".jsonl"):
        path = tmp_path / f"two{suffix}"
        BATCH_FORM.fill(people).save(path)
        assert len(BATCH_FORM.read(path, max_rows=2).rows) == 2
        with pytest.raises(FormError) as caught:
            BATCH_FORM.read(path, max_rows=1)
        assert caught.value.fault.code == "form.file.rows"
        with pytest.raises(FormError) as caught:
            BATCH_FORM.read(path, limits=Limits(size=10))
        assert caught.value.fault.code == "form.file.too-large"


# Layouts that could not keep their promise.


def one(**column: Any) -> dict[str, Any]:
    return {"formats": ["xlsx"], "columns": [{"field": "x", "header": "某", **column}]}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (one(type="text", ticks=["1", "0"]), "ticks"),
        (one(type="tick", ticks=["1"]), "ticks"),
        (one(type="tick", ticks=["0", "1"]), "ticks"),
        (one(type="tick", ticks=["1", ""]), "ticks"),
        (one(type="sex", codes={"1": ["男"]}), "codes"),
        (one(type="sex", codes={"1": ["M"], "2": ["F"]}), "codes"),
        (one(type="text", codes={"1": ["甲"]}), "codes"),
    ],
)
def test_a_yes_and_a_no_that_would_be_mixed_up_do_not_load(
    changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(RuleFileError) as caught:
        made(**changes)
    assert {fault.place.field for fault in caught.value.faults} == {f"columns[0].{key}"}


def test_own_words_for_yes_and_no_are_read_back(tmp_path: Path) -> None:
    form = made(**one(type="tick", ticks=["参保", "不参保"]))
    rows = [{"x": True}, {"x": False}]
    form.fill(rows).save(tmp_path / "ticks.xlsx")
    assert list(form.read(tmp_path / "ticks.xlsx").rows) == rows


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"formats": []}, None),
        ({"formats": ["ods"]}, "formats[0]"),
        ({"formats": ["csv", "csv"]}, "formats"),
        ({"encoding": "gbk"}, "encoding"),
        ({"template": "../blank.xlsx"}, None),
        ({"template": "C:\\blank.xlsx"}, None),
        ({"template": "blank.xlsm"}, None),
        ({"template": "blank.xlsx", "formats": ["csv"]}, "template"),
        ({"template": "blank.xlsx", "rows_a_page": 3}, "template"),
        (
            {"header_row": 2, "head": [{"row": 1, "text": "单位：{unit.name}"}]},
            "head[0].text",
        ),
        ({"columns": [{"field": "name", "header": "姓名", "type": "name"}]}, "columns[0].length"),
        (
            {
                "header_row": 2,
                "columns": [
                    {
                        "field": "wage",
                        "header": "工资",
                        "type": "wage",
                        "length": 9,
                        "heads": ["1|甲"],
                    }
                ],
            },
            "columns[0].heads",
        ),
    ],
)
def test_a_layout_that_promises_what_a_format_can_not_hold_does_not_load(
    changes: dict[str, Any], path: str | None
) -> None:
    with pytest.raises(RuleFileError) as caught:
        made(**changes)
    assert path in {fault.place.field for fault in caught.value.faults}


def test_an_old_workbook_without_its_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlwt", None)
    with pytest.raises(si.MissingExtra, match=r"pip install 'socialins\[xls\]'"):
        BATCH_FORM.fill([ROW]).save(tmp_path / "batch.xls")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".txt", ".jsonl"])
def test_lines_come_back_as_a_marked_workbook_under_the_forms_headings(
    suffix: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, suffix)
    raw = path.read_bytes()
    line = raw.splitlines(keepends=True)[-1]
    path.write_bytes(raw + line.replace(b"5000.50", b"5000.5x"))
    read = BATCH_FORM.read(path)
    (fault,) = read.errors
    assert fault.place.row is not None
    assert read.cell_of(fault) is None, "a line has no cells"
    assert [one.code for one in read.faults] == ["form.amount.unreadable"]
    read.mark(tmp_path / "marked.xlsx")
    import openpyxl

    sheet = openpyxl.load_workbook(tmp_path / "marked.xlsx").active
    assert [cell.value for cell in sheet[1]][:3] == ["序号", "姓名", "证件号码"]
    wrong = sheet.cell(fault.place.row + 1, 6)
    assert (wrong.value, wrong.fill.fgColor.rgb) == ("5000.5x", "00FFC7CE")
    assert sheet.cell(fault.place.row, 6).value == "5000.50"


def test_the_conformance_suite_tries_every_format_of_a_form(tmp_path: Path) -> None:
    from socialins.testing.roundtrip import form_differences

    assert list(form_differences(BATCH_FORM, tmp_path)) == []
    suffixes = sorted(path.suffix for path in tmp_path.iterdir())
    assert suffixes == [".csv", ".jsonl", ".txt", ".xls", ".xlsx"]
