"""Two readers of the same sheet: a cell that one of them reads otherwise is a wrong wage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings, strategies as st
from openpyxl import Workbook

from socialins.forms import sheetxml, workbook
from socialins.forms.cellxml import NotPlain, plain_strings
from socialins.forms.errors import FormError
from socialins.forms.opening import open_book
from socialins.forms.sheets import Limits, Row
from socialins.forms.sheetxml import SheetXml

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LIMITS = Limits(columns=12, field=60)
VALUES = (
    "张三",
    "A&B <1>",
    " 前后 ",
    "\u3000",
    "多\n行",
    "=1+1",
    "1.0",
    "x005F_x0041_",
    "𠮷",
    "长" * 70,
    0,
    -0.0,
    5000,
    5000.5,
    712.43,
    1e21,
    1.5e-7,
    True,
    None,
    datetime(1990, 1, 5),  # noqa: DTZ001 - a cell knows no zone
)


def rows_of(path: Path, limits: Limits = LIMITS) -> list[Row] | tuple[str, dict[str, Any]]:
    """The rows of the first sheet, or the fault that it has."""
    try:
        book = open_book(path, limits)
    except FormError as error:
        return error.fault.code, dict(error.fault.values)
    try:
        return list(book.sheets[0].rows())
    except FormError as error:
        return error.fault.code, dict(error.fault.values)
    finally:
        book.close()


@contextmanager
def by_openpyxl() -> Iterator[None]:
    """Everything is left to openpyxl."""

    def refuse(*_given: object) -> Any:
        raise NotPlain

    with patch.object(SheetXml, "rows", refuse), patch.object(workbook, "plain_strings", refuse):
        yield


def kinds(rows: Any) -> Any:
    """Rows with the type of each value: 5000 and 5000.0 are equal and shown otherwise."""
    if isinstance(rows, tuple):
        return rows
    return [
        (row.number, row.hidden, {at: (type(one), repr(one)) for at, one in row.cells.items()})
        for row in rows
    ]


def same(path: Path, limits: Limits = LIMITS) -> None:
    quick = rows_of(path, limits)
    with by_openpyxl():
        slow = rows_of(path, limits)
    assert kinds(quick) == kinds(slow)


def changed(book: bytes, part: str, make: Any) -> bytes:
    """A workbook with one part written anew."""
    made = BytesIO()
    with ZipFile(BytesIO(book)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, make(content) if name == part else content)
    return made.getvalue()


def by_program(program: str, rows: list[list[Any]]) -> bytes:
    """A workbook as some program writes it."""
    made = BytesIO()
    if program == "xlsxwriter":
        options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "d/m/y"}
        with xlsxwriter.Workbook(made, options) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
        return made.getvalue()
    writing = Workbook(write_only=program == "openpyxl, streaming")
    sheet = writing.create_sheet("S", 0)
    for row in rows:
        sheet.append(row)
    writing.save(made)
    return made.getvalue()


PROGRAMS = ("openpyxl", "openpyxl, streaming", "xlsxwriter")
tables = st.lists(st.lists(st.sampled_from(VALUES), min_size=1, max_size=6), min_size=1, max_size=8)
# What programs write that we did not try, what people change by hand, and what is damage.
CHANGES = (
    (b't="n"', b't="s"'),
    (b't="n"', b't="str"'),
    (b't="n"', b't="e"'),
    (b't="n"', b't="b"'),
    (b't="n"', b't="d"'),
    (b't="n"', b't="x"'),
    (b't="s"', b't="n"'),
    (b't="inlineStr"', b't="str"'),
    (b't="inlineStr"', b't="n"'),
    (b"<v>", b"<v >"),
    (b"<v>", b"<f>A1</f><v>"),
    (b"<v>", b"<f>A1</f>"),
    (b"<v>", b"<v>1"),
    (b"<v>", b"<v> "),
    (b"<v>", b"<v>-"),
    (b"</v>", b"E2</v>"),
    (b"</v>", b".0</v>"),
    (b"</v>", b"</v><v>3</v>"),
    (b"<t>", b'<t xml:space="preserve"> '),
    (b"<t>", b"<t>&#24352;&lt;"),
    (b"<t>", b"<t>&#0;"),
    (b"<t>", b"<t>&nbsp;"),
    (b"<t>", b"<t>]]>"),
    (b"<t>", b"<t>\r\n"),
    (b"<t>", b"<t>\x01"),
    (b"<t>", b"<t>\xef\xbf\xbf"),
    (b"<t>", b"<t>\xff"),
    (b"<t>", b"<t><!-- -->"),
    (b"<t>", b"<t><![CDATA[x]]>"),
    (b"</t></is>", b"</t><r><t>r</t></r></is>"),
    (b"</t></si>", b'</t><phoneticPr fontId="1" type="noConversion"/></si>'),
    (b"</t></si>", b"</t><rPh sb='0' eb='1'><t>x</t></rPh></si>"),
    (b"<si>", b"<si><r><t>r</t></r></si><si>"),
    (b"</sst>", b"<si><t/></si></sst>"),
    (b"<sst ", b"<!-- --><sst "),
    (b"</c>", b""),
    (b"</c>", b"</c>x"),
    (b"</c>", b"</c>\n "),
    (b"</c>", b'</c><c r="B1"><v>7</v></c>'),
    (b"</c>", b"</c><c><v>7</v></c>"),
    (b"</row>", b""),
    (b"</row>", b"</row><row><c><v>9</v></c></row>"),
    (b"</row>", b'</row><row r="2"><c r="A2"><v>9</v></c></row>'),
    (b'<row r="2"', b'<row r="2" hidden="1"'),
    (b'<row r="2"', b'<row r="2" hidden="true" ht="20"'),
    (b'<row r="2"', b'<row r="2" r="2"'),
    (b'<row r="2"', b'<row r="7"'),
    (b'<row r="2"', b'<row r="02"'),
    (b'<row r="2"', b'<row r="2.0"'),
    (b'<row r="2"', b'<row x:y="1" r="2"'),
    (b'<row r="2"', b'<row r="2" x:y="1"'),
    (b'r="A2"', b'r="B2"'),
    (b'r="A2"', b'r="A9"'),
    (b'r="A2"', b'r="AZ2"'),
    (b'r="A2"', b""),
    (b's="1"', b's="2"'),
    (b's="1"', b's="1" s="1"'),
    (b's="1"', b's="99"'),
    (b"<sheetData>", b"<sheetData><!-- -->"),
    (b"<sheetData>", b'<sheetData x="1">'),
    (b"</sheetData>", b"</sheetData><sheetData><row><c><v>5</v></c></row></sheetData>"),
    (b"</worksheet>", b""),
    (b"</worksheet>", b"</worksheet><x/>"),
    (b"main", b"strict"),
    (b"UTF-8", b"GBK"),
    (b"UTF-8", b"utf-8"),
    (b"<worksheet ", b'<worksheet a="&lt;!" '),
)


@settings(max_examples=150, deadline=None)
@given(program=st.sampled_from(PROGRAMS), rows=tables)
def test_a_sheet_holds_the_same_whoever_reads_it(program: str, rows: list[list[Any]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(by_program(program, rows))
        same(path)


@settings(max_examples=400, deadline=None)
@given(
    program=st.sampled_from(PROGRAMS),
    rows=tables,
    changes=st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 5)), min_size=1, max_size=3
    ),
    part=st.sampled_from((SHEET, SHEET, SHEET, STRINGS)),
)
def test_a_sheet_that_no_program_wrote_holds_the_same_or_is_refused_for_the_same(
    program: str, rows: list[list[Any]], changes: list[tuple[tuple[bytes, bytes], int]], part: str
) -> None:
    def make(xml: bytes) -> bytes:
        for (old, new), which in changes:
            pieces = xml.split(old)
            at = which % len(pieces) + 1
            xml = old.join(pieces[:at]) + (new + old.join(pieces[at:]) if pieces[at:] else b"")
        return xml

    with TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(changed(by_program(program, rows), part, make))
        same(path)


@settings(max_examples=200, deadline=None)
@given(
    program=st.sampled_from(PROGRAMS),
    place=st.floats(0, 1),
    cut=st.integers(0, 9),
    put=st.binary(max_size=3),
)
def test_a_damaged_sheet_is_never_read_as_another(
    program: str, place: float, cut: int, put: bytes
) -> None:
    rows = [["张三", 5000.5, "A&B", None], ["李四", 6000, " ", True]] * 2

    def make(xml: bytes) -> bytes:
        at = int(len(xml) * place)
        return xml[:at] + put + xml[at + cut :]

    with TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(changed(by_program(program, rows), SHEET, make))
        same(path)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_large_sheet_is_read_by_patterns_to_its_end(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it takes twenty times as long, and no other test would tell."""
    head = [["职工花名册"], [], ["姓名", "工资", "备注"]]
    body = [[f"某{number}", number + 0.5, None if number % 3 else "注"] for number in range(3000)]
    path = tmp_path / "book.xlsx"
    path.write_bytes(by_program(program, [*head, *body]))
    met: list[int] = []
    slowly = SheetXml._slowly

    def counted(self: SheetXml, *given: Any) -> Any:
        met.append(1)
        return slowly(self, *given)

    def never(_self: object) -> Iterator[Row]:
        raise AssertionError("left to openpyxl")

    monkeypatch.setattr(SheetXml, "_slowly", counted)
    monkeypatch.setattr(workbook.WorkbookSheet, "_parsed_slowly", never)
    rows = rows_of(path)
    assert isinstance(rows, list)
    assert [row.number for row in rows] == [1, *range(3, 3004)]
    assert dict(rows[-1].cells) == {0: "某2999", 1: 2999.5}
    assert len(met) < 12


def test_a_formula_far_down_does_not_lose_the_rows_before_it_nor_read_them_twice(
    tmp_path: Path,
) -> None:
    rows: list[list[Any]] = [[f"某{number}", number + 0.25] for number in range(2000)]
    rows[1500] = ["某1500", "=1+1"]
    path = tmp_path / "book.xlsx"
    path.write_bytes(by_program("openpyxl", rows))
    same(path)
    read = rows_of(path)
    assert isinstance(read, list)
    assert [row.number for row in read] == list(range(1, 2001))


def test_rows_of_all_looks_are_the_same(tmp_path: Path) -> None:
    """Patterns are bounded: more ways to write a cell than they hold are read all the same."""
    rows = [[("字", 1, 2.5, True, None, "&")[(row * 7 + at * at) % 6] for at in range(9)]
            for row in range(400)]  # fmt: skip
    for program in PROGRAMS:
        path = tmp_path / "book.xlsx"
        path.write_bytes(by_program(program, rows))
        same(path)


@pytest.mark.parametrize("limits", [Limits(columns=2), Limits(field=3)])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_pattern_lets_nothing_beyond_the_limits_pass(
    tmp_path: Path, program: str, limits: Limits
) -> None:
    path = tmp_path / "book.xlsx"
    for last in (["甲", "乙", "丙"], ["甲乙丙丁", 1]):
        path.write_bytes(by_program(program, [["甲", "乙"]] * 20 + [last]))
        same(path, limits)


def test_rows_longer_than_a_piece_are_whole(tmp_path: Path) -> None:
    rows = [["长" * 50] * 12] * 700
    path = tmp_path / "book.xlsx"
    path.write_bytes(by_program("openpyxl, streaming", rows))
    with patch.object(sheetxml, "_PIECE", 997):
        same(path)


@pytest.mark.parametrize(
    "xml", [b"<sst>", b"\xff", b'<sst xmlns="x"></sst>', b"<sst count='1'></sst>"]
)
def test_texts_that_are_not_plain_are_left_to_openpyxl(xml: bytes) -> None:
    with pytest.raises(NotPlain):
        plain_strings(xml)
