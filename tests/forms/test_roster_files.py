"""Files of every make: what can be read is read, what can't says so, and none does harm."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.forms import FormError, archive, own_layout, read_roster
from socialins.forms.archive import check_archive
from socialins.forms.opening import open_book
from socialins.forms.sheets import Limits, Row
from socialins.forms.textbook import protect
from socialins.testing.middle import middle

MONTH = si.Month(2026, 11)
ZH = ("姓名", "证件号码", "申报工资")
SOURCES = Path(__file__).parents[2] / "src"

Number = Callable[[int], str]
Write = Callable[..., Path]


def read(path: Path, **arguments: Any) -> si.Roster:
    return read_roster(path, MONTH, middle().cascade, **arguments)


def refusal(path: Path, **arguments: Any) -> FormError:
    with pytest.raises(FormError) as caught:
        read(path, **arguments)
    fault = caught.value.fault
    assert fault.place.file == str(path)
    for lang in ("zh", "en"):
        assert fault.message(lang)
        assert fault.remedy(lang)
        assert "?" not in fault.words(lang).values()
    return caught.value


# Text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_encoding_and_delimiter_are_found_and_not_asked_for(
    encoding: str, delimiter: str, text: Write, number: Number
) -> None:
    rows = [
        ("某公司", "a,b;c\td"),
        (*ZH, "备注"),
        ("张三", number(1), "5,000.50", "一;二,三"),
        ("欧阳·娜", number(2), "6000", ""),
    ]
    roster = read(text(*rows, encoding=encoding, delimiter=delimiter))
    assert [entry.person.name for entry in roster] == ["张三", "欧阳·娜"]
    assert [str(entry.wage.amount) for entry in roster] == ["5000.50", "6000.00"]
    assert [entry.row for entry in roster] == [3, 4]


def test_a_rare_character_of_gb18030_is_no_question_mark(text: Write, number: Number) -> None:
    roster = read(text(ZH, ("㛃𠮷", number(1), "5000"), encoding="gb18030"))
    assert roster.entries[0].person.name == "㛃𠮷"


def test_rows_are_counted_as_a_spreadsheet_counts_them(text: Write, number: Number) -> None:
    path = text(("title\nin two lines",), (), ZH, ("", "", ""), ("甲", number(1), "x"))
    assert [fault.place.row for fault in read(path).faults] == [5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "form.file.empty"),
        (b"\xef\xbb\xbf \r\n", "form.file.empty"),
        ("姓名,证件号码,申报工资\n张三,1,\0".encode(), "form.file.binary"),
        (b"\xff\xff\xff\xff\xff", "form.file.encoding"),
        (b"\xff\xfen", "form.file.encoding"),
        ('姓名,证件号码,申报工资\n"张三,1,2\n'.encode() + b"x,1,2\n" * 2000, "form.file.field"),
        ("姓名,证件号码,申报工资\n".encode() + b"x" * 40_000 + b",1,2\n", "form.file.field"),
        ('姓名,证件号码,申报工资\n"'.encode() + (b"x" * 999 + b"\n") * 500, "form.file.field"),
        ("姓名,证件号码,申报工资\n".encode() + b"x" * 400_000, "form.file.field"),
        ("姓名,证件号码,申报工资\n".encode() + b"x," * 201, "form.file.columns"),
        (b"%PDF-1.7 ...", "form.file.kind"),
        (b"\x89PNG\r\n", "form.file.kind"),
        (b"\x1f\x8b\x08", "form.file.kind"),
        (b"<!DOCTYPE html><table><tr><td>", "form.file.html"),
        (b'\xef\xbb\xbf  <html xmlns="x">', "form.file.html"),
        (b'<?xml version="1.0"?><ss:Workbook>', "form.file.html"),
        ("<html>".encode("utf-16"), "form.file.html"),
    ],
)
@pytest.mark.parametrize("name", ["roster.csv", "roster.xlsx"])
def test_what_is_no_text_and_no_workbook_says_what_it_is(
    content: bytes, code: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    expected = {code}
    if name == "roster.xlsx" and code not in (
        "form.file.empty",
        "form.file.html",
        "form.file.kind",
    ):
        expected = {"form.file.not-xlsx"}
    assert {refusal(path).fault.code} == expected


def test_a_missing_file_and_a_folder_are_faults_and_no_traceback(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx").fault.code == "form.file.unreadable"
    assert refusal(tmp_path).fault.code == "form.file.unreadable"


def test_a_field_limit_that_an_application_raised_does_not_open_the_door(tmp_path: Path) -> None:
    import csv

    path = tmp_path / "roster.csv"
    path.write_bytes('姓名,证件号码,申报工资\n"'.encode() + b"x\n" * 3_000_000)
    before = csv.field_size_limit(2**31 - 1)
    try:
        assert refusal(path).fault.code == "form.file.field"
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_more_rows_than_asked_for_are_refused_and_not_cut_off(
    suffix: str, text: Write, book: Write, number: Number
) -> None:
    rows = [ZH, *[("甲", number(index), "5000") for index in range(1, 6)], ("合计", "", "")]
    path = text(*rows) if suffix == "csv" else book(Sheet1=rows)
    assert len(read(path, max_rows=5)) == 5
    error = refusal(path, max_rows=4)
    assert (error.fault.code, error.fault.place.row) == ("form.file.rows", 6)


@given(st.text(st.sampled_from("=+-@\t\r'＝＋－＠a张1")))
def test_text_that_looks_like_a_formula_is_written_so_that_it_stays_text(name: str) -> None:
    from socialins.forms.textbook import _unprotect

    written = protect(name)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert _unprotect(written) == name


def test_formulas_in_a_text_file_are_text(text: Write, number: Number) -> None:
    roster = read(text(ZH, ("=cmd|'/c calc'!A1", number(1), "=1+1")))
    assert [fault.code for fault in roster.faults] == ["form.amount.unreadable"]


@given(st.binary(max_size=300))
def test_no_bytes_at_all_are_more_than_a_fault(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("roster.csv", "roster.xlsx"):
            path = Path(folder, name)
            path.write_bytes(content)
            with pytest.raises(FormError):
                read(path)


# Workbooks --------------------------------------------------------------------------------------


def test_cells_are_read_as_the_user_sees_them(
    raw: Write, sheet_xml: Callable[..., str], cell_xml: Callable[[str], str], number: Number
) -> None:
    wages = [
        "<c><v>5000.5500000000002</v></c>",
        "<c><v>5.00055E3</v></c>",
        '<c t="str"><f>A1</f><v>¥5,000.55</v></c>',
        "<c><f>B2*1.1</f><v>5000.55</v></c>",
        "<c><f>B2*1.1</f></c>",
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c t="b"><v>1</v></c>',
        '<c s="1"><v>46204</v></c>',
        '<c s="1"><v>99999999</v></c>',
        "<c><v>1e999</v></c>",
        "<c/>",
    ]
    rows = [
        cell_xml("甲") + cell_xml(number(index)) + wage for index, wage in enumerate(wages, start=1)
    ]
    roster = read(raw(sheet_xml(*rows)))
    assert [str(entry.wage.amount) for entry in roster] == ["5000.55"] * 4
    assert [(fault.place.row, fault.code) for fault in roster.faults] == [
        (6, "form.cell.formula"),
        (7, "form.cell.error"),
        (8, "form.amount.unreadable"),
        (9, "form.amount.date"),
        (10, "form.cell.error"),
        (11, "form.amount.unreadable"),
        (12, "roster.wage.missing"),
    ]


def test_a_percentage_is_read_as_shown(
    raw: Write, cell_xml: Callable[[str], str], number: Number
) -> None:
    heading = "".join(map(cell_xml, (*ZH, "工伤费率")))
    rows = "".join(
        f"<row>{cell_xml('甲')}{cell_xml(number(index))}<c><v>5000</v></c>{rate}</row>"
        for index, rate in enumerate(
            ('<c s="2"><v>0.05</v></c>', "<c><v>0.004</v></c>", "<c><v>0.05</v></c>"), start=1
        )
    )
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData><row>{heading}</row>{rows}</sheetData></worksheet>"
    )
    roster = read(raw(sheet))
    assert [entry.injury_rate for entry in roster] == [si.Rate("5%"), si.Rate("0.4%")]
    assert [fault.code for fault in roster.faults] == ["form.rate.ambiguous"]


def test_a_sheet_that_claims_a_million_rows_costs_what_it_holds(
    raw: Write, sheet_xml: Callable[..., str], cell_xml: Callable[[str], str], number: Number
) -> None:
    row = cell_xml("甲") + cell_xml(number(1)) + "<c><v>5000</v></c>"
    sheet = sheet_xml(row).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    far = sheet.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"/></row></sheetData>')
    assert len(read(raw(far))) == 1
    beyond = far.replace('r="XFD1048576"/>', 'r="XFD1048576"><v>1</v></c>')
    error = refusal(raw(beyond))
    assert (error.fault.code, error.fault.place.row) == ("form.file.columns", 1048576)


def test_extensions_of_newer_versions_are_no_warnings(
    raw: Write, sheet_xml: Callable[..., str], cell_xml: Callable[[str], str], number: Number
) -> None:
    sheet = sheet_xml(cell_xml("甲") + cell_xml(number(1)) + "<c><v>5000</v></c>").replace(
        "</sheetData>",
        '</sheetData><dataValidations count="bad"/><pageSetup orientation="none of these"/>'
        '<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst>',
    )
    assert len(read(raw(sheet))) == 1


BOMB = 120_000_000


def bomb(book: Path) -> None:
    """A part that was a hundred times smaller than what it unpacks to."""
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.emf", bytes(BOMB))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(book: Write, number: Number) -> None:
    path = book(Sheet1=[ZH, ("甲", number(1), 5000)])
    bomb(path)
    tracemalloc.start()
    try:
        assert refusal(path).fault.code == "form.file.bomb"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "filling",
    [
        "<row>" + "<c/>" * 600_000 + "</row>",
        "<row><c t='str'><v>" + "字" * 1_000_000 + "</v></c></row>",
        "</sheetData>" + "<mergeCell ref='A1'/>" * 600_000 + "<sheetData>",
    ],
    ids=["a row without end", "a text without end", "tags without end"],
)
def test_a_part_that_a_parser_would_hold_as_a_whole_is_refused(
    filling: str, raw: Write, sheet_xml: Callable[..., str]
) -> None:
    path = raw(sheet_xml().replace("</sheetData>", filling + "</sheetData>"))
    tracemalloc.start()
    try:
        assert refusal(path).fault.code == "form.file.bomb"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_limits_of_an_archive_hold_at_their_edges(
    raw: Write, sheet_xml: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = raw(sheet_xml("<c/>" * 20, *["<c/>"] * 20))
    check_archive(path, Limits())
    for name, most in (("_TAGS", 2), ("_PARTS", 4)):
        with monkeypatch.context() as patch:
            patch.setattr(archive, name, most)
            with pytest.raises(FormError) as caught:
                check_archive(path, Limits())
            assert caught.value.fault.code == "form.file.bomb", name


def test_a_cell_longer_than_any_spreadsheets_is_refused(
    raw: Write, sheet_xml: Callable[..., str], cell_xml: Callable[[str], str]
) -> None:
    error = refusal(raw(sheet_xml(cell_xml("x" * 32_768))))
    assert (error.fault.code, error.fault.place.row) == ("form.file.field", 2)


def test_entities_are_refused_by_the_parser_too(
    raw: Write,
    sheet_xml: Callable[..., str],
    cell_xml: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "_DECLARATIONS", ())
    assert refusal(raw(sheet_xml(cell_xml("&i;"), head=LAUGHS))).fault.code == "form.file.entities"


def test_limits_hold_for_all_parts_together(book: Write, number: Number) -> None:
    path = book(Sheet1=[ZH, ("甲", number(1), 5000)])
    for limits in (Limits(unpacked=1000), attrs.evolve(Limits(), unpacked=5000)):
        with pytest.raises(FormError) as caught:
            check_archive(path, limits)
        assert caught.value.fault.code == "form.file.bomb"
    with pytest.raises(FormError) as caught:
        open_book(path, Limits(size=100))
    assert caught.value.fault.code == "form.file.too-large"


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_not_laughed(
    part: str,
    encoding: str,
    raw: Write,
    sheet_xml: Callable[..., str],
    cell_xml: Callable[[str], str],
) -> None:
    sheet = sheet_xml(cell_xml("&i;"), head=LAUGHS).replace("UTF-8", encoding)
    path = raw(sheet_xml(), **{part: sheet.encode(encoding)})
    assert refusal(path).fault.code == "form.file.entities"


def test_a_truncated_workbook_says_so_wherever_it_was_cut(
    book: Write, number: Number, tmp_path: Path
) -> None:
    whole = book(Sheet1=[ZH, *[("甲", number(index), 5000) for index in range(300)]]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in (30, len(whole) // 3, len(whole) - 10):
        path.write_bytes(whole[:length])
        assert refusal(path).fault.code == "form.file.damaged"
    # A byte that fell over in the sheet itself: found by its checksum, or as XML that is none.
    broken = bytearray(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    broken[start + 600] ^= 0xFF
    path.write_bytes(broken)
    assert refusal(path).fault.code == "form.file.damaged"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/workbook.xml", "no xml"),
        ("[Content_Types].xml", "<Types/>"),
        ("xl/styles.xml", "<styleSheet>"),
        ("xl/worksheets/sheet1.xml", "<worksheet>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships/>"),
    ],
)
def test_a_workbook_of_broken_parts_is_a_fault_and_no_traceback(
    part: str, content: str, raw: Write, sheet_xml: Callable[..., str]
) -> None:
    code = refusal(raw(sheet_xml(), **{part: content})).fault.code
    assert code in ("form.file.damaged", "roster.header.missing")


@pytest.mark.parametrize(
    "cell",
    [
        '<c t="s"><v>7</v></c>',
        '<c t="s"><v>x</v></c>',
        '<c r="17"><v>1</v></c>',
        '<c r="ZZZZZ1"><v>1</v></c>',
        "<c><v>NaN</v></c>",
        '<c t="d"><v>yesterday</v></c>',
        f"<c><v>{'9' * 5000}</v></c>",
    ],
)
def test_a_cell_that_makes_no_sense_is_a_fault_and_no_traceback(
    cell: str,
    raw: Write,
    sheet_xml: Callable[..., str],
    cell_xml: Callable[[str], str],
    number: Number,
) -> None:
    path = raw(sheet_xml(cell_xml("甲") + cell_xml(number(1)) + cell))
    assert refusal(path).fault.code == "form.file.damaged"


def ole(*names: str) -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 5000 + "".join(names).encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ole("Workbook"), "form.file.damaged"),
        (ole("EncryptionInfo", "EncryptedPackage"), "form.file.encrypted"),
        (b"PK\x05\x06" + b"\0" * 18, "form.file.damaged"),
        (b"PK\x03\x04 and nothing more", "form.file.damaged"),
    ],
)
@pytest.mark.parametrize("name", ["roster.xlsx", "roster.xls", "roster.csv"])
def test_old_and_encrypted_workbooks_say_what_to_do(
    content: bytes, code: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path).fault.code == code


@pytest.mark.parametrize(
    ("part", "content", "word"),
    [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("word/document.xml", "<document/>", "without a workbook"),
    ],
)
def test_another_kind_of_archive_says_what_it_is(
    part: str, content: str, word: str, tmp_path: Path
) -> None:
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, content)
    fault = refusal(path).fault
    assert fault.code == "form.file.kind"
    assert word in fault.message("en")


def test_an_archive_with_a_password_is_told_from_a_damaged_one(book: Write, number: Number) -> None:
    path = book(Sheet1=[ZH, ("甲", number(1), 5000)])
    whole = bytearray(path.read_bytes())
    position = 0
    while (position := whole.find(b"PK\x01\x02", position)) >= 0:
        whole[position + 8] |= 1
        position += 4
    path.write_bytes(whole)
    assert refusal(path).fault.code == "form.file.encrypted"


def test_no_file_is_left_open(book: Write, number: Number, raw: Write) -> None:
    # An open file would keep its user from saving it on Windows; here it is a ResourceWarning.
    import gc
    import warnings

    good = book(Sheet1=[ZH, ("甲", number(1), 5000)])
    bad = raw("<worksheet>", name="bad.xlsx")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(good)
        with pytest.raises(FormError):
            read(bad)
        gc.collect()
    assert [warning for warning in caught if warning.category is ResourceWarning] == []


def test_rows_come_one_by_one(book: Write, number: Number) -> None:
    path = book(Sheet1=[ZH, *[("甲", number(index), 5000) for index in range(3)]])
    opened = open_book(path, Limits())
    try:
        rows = opened.sheets[0].rows()
        assert next(rows) == Row(1, {0: "姓名", 1: "证件号码", 2: "申报工资"})
        assert next(rows).number == 2
    finally:
        opened.close()


# Extras -----------------------------------------------------------------------------------------


def run(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=SOURCES, check=False
    )
    assert done.returncode == 0, done.stderr


def test_text_files_need_no_extra_and_forms_load_none(text: Write, number: Number) -> None:
    path = text(ZH, ("甲", number(1), "5000"))
    run(
        "import sys\n"
        "for extra in ('openpyxl', 'defusedxml', 'lxml', 'click', 'rich', 'hypothesis'):\n"
        "    sys.modules[extra] = None\n"
        "import socialins.forms\n"
        "from socialins.testing.middle import middle\n"
        "from socialins.values import Month\n"
        "from pathlib import Path\n"
        f"path = Path({str(path)!r})\n"
        "roster = socialins.forms.read_roster(path, Month(2026, 11), middle().cascade)\n"
        "assert len(roster) == 1\n"
        "socialins.forms.write_roster(roster, path.with_name('copy.csv'))\n"
    )


@pytest.mark.parametrize("missing", ["openpyxl", "defusedxml"])
def test_a_workbook_without_its_extra_says_how_to_get_it(
    missing: str, book: Write, number: Number
) -> None:
    path = book(Sheet1=[ZH, ("甲", number(1), 5000)])
    run(
        "import sys\n"
        f"sys.modules[{missing!r}] = None\n"
        "from socialins import MissingExtra\n"
        "from socialins.forms import read_roster\n"
        "from socialins.testing.middle import middle\n"
        "from socialins.values import Month\n"
        "from pathlib import Path\n"
        "try:\n"
        f"    read_roster(Path({str(path)!r}), Month(2026, 11), middle().cascade)\n"
        "except MissingExtra as error:\n"
        "    assert \"pip install 'socialins[xlsx]'\" in str(error), error\n"
        "else:\n"
        "    raise SystemExit('no error')\n"
    )


def test_the_layouts_travel_with_the_package() -> None:
    for name in ("roster", "unit"):
        assert own_layout(name).columns
    assert openpyxl.DEFUSEDXML, "the sheets would be parsed by a parser that expands entities"
