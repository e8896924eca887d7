"""Files that somebody unkind made, or nobody meant: a clear fault, within bounds, or plain data."""

from __future__ import annotations

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import example, given, settings, strategies as st

from socialins.forms.errors import FormError
from socialins.forms.opening import open_book
from socialins.forms.papers import Form
from socialins.forms.papers.catalogue import parse_form
from socialins.forms.sheets import Limits, Percent
from socialins.testing.middle import middle

Write = Callable[..., Path]
NUMBER = "11010519491231002X"
LIST = Form(
    parse_form(
        {
            "division": "990100",
            "id": "staff.list",
            "business": "staff.add",
            "title": {"zh": "名单", "en": "list"},
            "mark": "C",
            "sources": {"made-up": {"title": "名单", "seen": "made up for tests"}},
            "sheet": "名单",
            "formats": ["xlsx", "xls", "csv", "fixed", "jsonl"],
            "columns": [
                {"field": "name", "header": "姓名", "type": "name", "required": True, "length": 60},
                {"field": "wage", "header": "申报工资", "type": "wage", "length": 16},
                {"field": "id_number", "header": "证件号码", "type": "id-number", "length": 20},
            ],
        },
        "list.toml",
    ),
    middle().cascade,
)


def refused(path: Path, **how: Any) -> str:
    """The code of the fault, which comes within bounded memory and time."""
    tracemalloc.start()
    begun = time.monotonic()
    try:
        with pytest.raises(FormError) as caught:
            LIST.read(path, **how)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert time.monotonic() - begun < 60
    fault = caught.value.fault
    assert fault.place.file == str(path)
    assert fault.message("zh")
    assert fault.remedy("en")
    return fault.code


# Workbooks.


def sheet_rows(count: int) -> Iterator[str]:
    for row in range(2, count + 2):
        yield (
            f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>人{row}</t></is></c>'
            f'<c r="B{row}"><v>{5000 + row}.{row % 90 + 10}</v></c></row>'
        )


def test_a_sheet_of_a_million_rows_is_refused_where_the_limit_is(
    raw: Write, sheet_xml: Callable[..., str]
) -> None:
    sheet = sheet_xml().replace("</sheetData>", "".join(sheet_rows(1_048_575)) + "</sheetData>")
    path = raw(sheet)
    assert refused(path, max_rows=1000) == "form.file.rows"
    assert refused(path, limits=Limits(records=100_000)) == "form.file.bomb"
    assert refused(path, limits=Limits(unpacked=10_000_000)) == "form.file.bomb"


def test_a_zip_bomb_is_refused_by_each_of_its_marks(book: Write) -> None:
    path = book(名单=[("姓名", "申报工资", "证件号码"), ("甲", 1, NUMBER)])
    assert len(LIST.read(path).rows) == 1
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.emf", bytes(60_000_000))
    assert refused(path) == "form.file.bomb"
    assert refused(path, limits=Limits(ratio=10_000, unpacked=1_000_000)) == "form.file.bomb"
    assert len(LIST.read(path, limits=Limits(ratio=10_000)).rows) == 1, "limits are parameters"


def test_a_billion_laughs_are_refused(raw: Write, sheet_xml: Callable[..., str]) -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;">]>'
    assert refused(raw(sheet_xml(head=laughs))) == "form.file.entities"


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\secret.xml"]
)
def test_parts_that_point_outside_the_workbook_read_nothing_there(
    target: str, raw: Write, sheet_xml: Callable[..., str]
) -> None:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/worksheet" '
        f'Target="{target}"/></Relationships>'
    )
    path = raw(sheet_xml(), **{"xl/_rels/workbook.xml.rels": rels})
    assert refused(path) in ("form.file.damaged", "form.header.missing")


def test_names_with_path_tricks_in_an_archive_write_nothing(book: Write, tmp_path: Path) -> None:
    path = book(名单=[("姓名", "申报工资", "证件号码"), ("甲", "很多", NUMBER)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../escaped.xml", "<a/>")
        archive.writestr("/tmp/escaped.xml", "<a/>")
    LIST.read(path).mark(tmp_path / "marked.xlsx")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["marked.xlsx", "roster.xlsx"]
    assert not tmp_path.parent.joinpath("escaped.xml").exists()


@pytest.mark.parametrize("name", ["../名单", "..\\名单", "C:名单", "名单\x00", "a" * 300, "[名]*?"])
def test_a_sheet_with_a_tricky_name_goes_no_further_than_its_tab(name: str, tmp_path: Path) -> None:
    table = {**_table(), "sheet": name}
    form = Form(parse_form(table, "list.toml"), middle().cascade)
    for suffix in (".xlsx", ".xls"):
        form.fill([{"name": "甲", "wage": "1"}]).save(tmp_path / f"list{suffix}")
        assert len(form.read(tmp_path / f"list{suffix}").rows) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["list.xls", "list.xlsx"]


def _table() -> dict[str, Any]:
    return {
        "division": "990100", "id": "staff.list", "business": "staff.add", "mark": "C",
        "title": {"zh": "名单", "en": "list"}, "formats": ["xlsx", "xls"],
        "sources": {"made-up": {"title": "名单", "seen": "made up for tests"}},
        "columns": [
            {"field": "name", "header": "姓名", "type": "name", "required": True},
            {"field": "wage", "header": "申报工资", "type": "wage"},
        ],
    }  # fmt: skip


# What is called .xls.


def old(*rows: tuple[Any, ...]) -> bytes:
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("名单")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


HEADINGS = ("姓名", "申报工资", "证件号码")
GOOD = old(HEADINGS, ("张三", 5000.5, NUMBER), ("李四", 6000, None))


def records(raw: bytes, kind: int) -> Iterator[int]:
    """Where the records of a kind begin in the stream, which lies in one piece in such a file."""
    at = 512
    while at + 4 <= len(raw):
        found, size = struct.unpack_from("<HH", raw, at)
        if found == kind:
            yield at
        at += 4 + size
        if found == 0 and size == 0:
            return


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>\xe5\xa7\x93</td></tr></table></html>", "form.file.html"),
        (b"<?xml version='1.0'?><Workbook/>", "form.file.html"),
        (b"\xef\xbb\xbf\r\n <META charset=gbk><table>", "form.file.html"),
        (b"%PDF-1.7", "form.file.kind"),
        (b"Rar!\x1a\x07", "form.file.kind"),
        (GOOD[:600], "form.file.damaged"),
        (GOOD[:3000], "form.file.damaged"),
        (GOOD[:512] + bytes(5000), "form.file.damaged"),
        (b"", "form.file.empty"),
    ],
    ids=range(9),
)
def test_what_is_only_called_xls_says_what_it_is(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(content)
    assert refused(path) == code


def test_an_old_workbook_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("list.xls", "list.xlsx", "list.csv", "list"):
        (tmp_path / name).write_bytes(GOOD)
        assert [row["name"] for row in LIST.read(tmp_path / name).rows] == ["张三", "李四"]


def test_an_old_workbook_with_a_password_is_told(tmp_path: Path) -> None:
    raw = bytearray(GOOD)
    (at,) = list(records(GOOD, 0x0042))[:1] or [0]
    assert at, "the record of the code page gives its place to that of a password"
    raw[at : at + 2] = struct.pack("<H", 0x002F)
    path = tmp_path / "list.xls"
    path.write_bytes(raw)
    assert refused(path) == "form.file.encrypted"


def test_a_cell_at_the_far_end_of_an_old_sheet_takes_no_memory(tmp_path: Path) -> None:
    # The library that reads such files elsewhere makes room for every cell before it, and dies.
    raw = bytearray(GOOD)
    wages = [at for kind in (0x0203, 0x027E) for at in records(GOOD, kind)]
    raw[wages[-1] + 4 : wages[-1] + 8] = struct.pack("<HH", 65_535, 65_535)
    path = tmp_path / "list.xls"
    path.write_bytes(raw)
    assert refused(path) == "form.file.columns"


def test_an_old_workbook_with_more_cells_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(old(HEADINGS, *[("甲", 1, None)] * 2000))
    assert refused(path, limits=Limits(cells=1000)) == "form.file.bomb"
    assert len(LIST.read(path).rows) == 2000


def test_rows_that_are_hidden_in_an_old_workbook_are_told(tmp_path: Path) -> None:
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("名单")
    for number, row in enumerate((HEADINGS, ("张三", 1, NUMBER), ("李四", 1, ""))):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    sheet.row(2).hidden = True
    sheet.row(2).height_mismatch = True
    made.save(str(tmp_path / "list.xls"))
    read = LIST.read(tmp_path / "list.xls")
    assert [(fault.code, fault.place.row) for fault in read.faults] == [("form.row.hidden", 3)]
    assert len(read.rows) == 2


def test_cells_of_an_old_workbook_keep_what_they_show(tmp_path: Path) -> None:
    import datetime as dt

    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("名单")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    percent = xlwt.easyxf(num_format_str="0.00%")
    sheet.write(0, 0, dt.date(2026, 11, 1), day)
    sheet.write(0, 1, 0.002, percent)
    sheet.write(0, 3, True)
    sheet.write(0, 4, 712.43)
    sheet.write(0, 5, "x" * 20_000)
    made.save(str(tmp_path / "list.xls"))
    book = open_book(tmp_path / "list.xls", Limits())
    (row,) = book.sheets[0].rows()
    book.close()
    assert row.cells[0] == dt.datetime(2026, 11, 1)  # noqa: DTZ001 - cells have no zone
    assert isinstance(row.cells[1], Percent)
    assert row.cells[3] is True
    assert row.cells[4] == 712.43
    assert row.cells[5] == "x" * 20_000


# Any bytes at all.


def survives(content: bytes, suffix: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"list{suffix}")
        path.write_bytes(content)
        with contextlib.suppress(FormError):
            read = LIST.read(path)
            assert len(read.rows) + len(read.failed) <= 1000


@settings(max_examples=150)
@given(
    edits=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8),
    end=st.integers(0, len(GOOD)) | st.just(len(GOOD)),
)
def test_an_old_workbook_with_any_bytes_changed_is_no_more_than_a_fault(
    edits: list[tuple[int, int]], end: int
) -> None:
    raw = bytearray(GOOD)
    for at, byte in edits:
        raw[at] = byte
    survives(bytes(raw[:end]), ".xls")


@settings(max_examples=150)
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".txt", ".jsonl", ".xls", ".csv"]))
@example(content=b'{"name": "\\ud800", "wage": "1"}', suffix=".jsonl")
@example(content=b'{"name": {"a": []}}', suffix=".jsonl")
@example(content=b'{"": 1}\n{"name": "x"}', suffix=".jsonl")
@example(content=b"\xff" * 96 + b"\r\n", suffix=".txt")
def test_no_bytes_at_all_are_more_than_a_fault(content: bytes, suffix: str) -> None:
    survives(content, suffix)


@settings(max_examples=60)
@given(
    lines=st.lists(
        st.dictionaries(
            st.sampled_from(["name", "wage", "id_number", "$form", "$head", "other", ""]),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
            | st.lists(st.integers(), max_size=2),
            max_size=4,
        ),
        max_size=5,
    )
)  # fmt: skip
def test_no_json_at_all_is_more_than_a_fault(lines: list[dict[str, Any]]) -> None:
    import json

    content = "\n".join(json.dumps(line) for line in lines)
    survives(content.encode(), ".jsonl")


# What leaves here and is opened by a spreadsheet program.


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝", '=cmd|"/c calc"!A1', "'="])
def test_no_format_lets_a_text_become_a_formula(start: str, tmp_path: Path) -> None:
    name = f"{start}HYPERLINK(1)".strip()
    filled = LIST.fill([{"name": name, "wage": "1"}])
    for suffix in (".xlsx", ".xls", ".csv"):
        filled.save(tmp_path / f"list{suffix}")
        assert LIST.read(tmp_path / f"list{suffix}").rows[0]["name"] == name
    cell = openpyxl.load_workbook(tmp_path / "list.xlsx").active["A2"]
    assert (cell.data_type, cell.value) == ("s", name)
    raw = (tmp_path / "list.xls").read_bytes()
    assert not list(records(raw, 0x0006)), "no record of a formula"
    line = (tmp_path / "list.csv").read_text("utf-8-sig").splitlines()[1]
    assert line.lstrip('"').startswith("'")
