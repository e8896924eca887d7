"""Reading like a clerk: what people really hand in is read, told, marked and confirmed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import socialins as si
from socialins.forms.errors import FormError
from socialins.forms.papers import Form, ReadForm
from socialins.forms.sheets import Limits
from socialins.testing.middle import middle

Number = Callable[[int], str]
Change = Callable[[Any], object]
HEADS = (
    ("姓名", "证件号码", "参加险种", None, None, "增员原因", "月工资收入（元）", "增加日期"),
    (None, None, "养老", "医疗", "工伤"),
)


@pytest.fixture
def form() -> Form:
    return middle().forms["staff.add"]


@pytest.fixture
def paper(number: Number, tmp_path: Path) -> Callable[..., Path]:
    """Writes people under headings in two rows; `changes` are made to the sheet afterwards."""

    def write(count: int, *changes: Change, name: str = "in.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "名单"
        for row in HEADS:
            sheet.append(row)
        sheet.merge_cells("C1:E1")
        for column in "ABFGH":
            sheet.merge_cells(f"{column}1:{column}2")
        for one in range(1, count + 1):
            sheet.append((f"人{one}", number(one), "√", None, None, "新参保", 5000.5, "2026-11-01"))
        for change in changes:
            change(sheet)
        path = tmp_path / name
        book.save(path)
        return path

    return write


def put(cell: str, value: Any) -> Change:
    return lambda sheet: sheet.__setitem__(cell, value)


def codes(read: ReadForm) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.place.row) for fault in read.faults]


def test_headings_that_are_merged_in_two_rows_head_their_columns(
    form: Form, paper: Callable[..., Path]
) -> None:
    read = form.read(paper(2))
    assert not read.faults
    assert [(row["name"], row["pension"], row["medical"]) for row in read.rows] == [
        ("人1", True, False),
        ("人2", True, False),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (" 11010519491231002x\u200b　", "11010519491231002X"),
        ("'11010519491231002X", None),
    ],
)
def test_full_width_digits_and_trailing_blanks_are_no_mistake(
    form: Form, paper: Callable[..., Path], value: str, text: str | None
) -> None:
    read = form.read(paper(1, put("B3", value)))
    assert [row["id_number"].number for row in read.rows] == ([text] if text else [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (110105199003070107, "identity.precision"),
        (110105199003070100, "identity.precision"),
        (1.1010519900307e17, "identity.precision"),
        ("1.10105E+17", "identity.precision"),
        ("110105900307010", "identity.fifteen"),
        ("110105194912311000", "identity.precision"),
    ],
)
def test_a_number_that_lost_its_digits_is_reported_and_never_guessed(
    form: Form, paper: Callable[..., Path], value: object, code: str
) -> None:
    read = form.read(paper(2, put("B3", value)))
    (fault,) = read.errors
    assert (fault.code, fault.place.row, fault.place.field) == (code, 3, "id_number")
    assert read.cell_of(fault) == "B3"
    assert [row["name"] for row in read.rows] == ["人2"]


def test_a_number_that_ends_in_zeros_and_fits_by_chance_is_told(
    form: Form, paper: Callable[..., Path]
) -> None:
    read = form.read(paper(1, put("B3", "110105199003019000")))
    (fault,) = read.faults
    assert (fault.code, fault.is_error) == ("form.id-number.zeros", False)
    assert "fifteen digits" in fault.explanation("en")
    assert len(read.rows) == 1


def test_a_number_cell_that_kept_its_digits_is_repaired(
    form: Form, paper: Callable[..., Path]
) -> None:
    read = form.read(paper(1, put("F3", 11.0), put("G3", 5000), put("H3", 20261101)))
    assert not read.errors
    (row,) = read.rows
    assert (row["reason"], row["wage"]) == ("11", si.Money.yuan(5000))
    assert row["added_on"] == date(2026, 11, 1)


def test_hidden_rows_are_read_and_told_together(form: Form, paper: Callable[..., Path]) -> None:
    def hide(sheet: Any) -> None:
        for row in (4, 6):
            sheet.row_dimensions[row].hidden = True

    read = form.read(paper(5, hide))
    assert len(read.rows) == 5
    (fault,) = read.faults
    assert (fault.code, fault.place.row, fault.is_error) == ("form.row.hidden", 4, False)
    assert "4, 6" in fault.message("zh")


@pytest.mark.parametrize("label", ["合计", " 总 计：", "合计:"])
def test_a_row_of_totals_is_nobody_and_is_compared(
    form: Form, paper: Callable[..., Path], label: str
) -> None:
    right = form.read(paper(2, put("A5", label), put("G5", 10001)))
    assert (len(right.rows), right.faults) == (2, ())
    wrong = form.read(paper(2, put("A5", label), put("G5", "10,000.00")))
    (fault,) = wrong.faults
    assert (fault.code, fault.place.row, fault.place.field) == ("form.total.differs", 5, "wage")
    assert "10001.00" in fault.message("en")
    assert len(wrong.rows) == 2


def test_subtotals_and_a_grand_total_both_fit(
    form: Form, paper: Callable[..., Path], number: Number
) -> None:
    more = ("人3", number(3), "√", None, None, "11", 1, "2026-11-01")

    def change(sheet: Any) -> None:
        sheet.append(("小计", *[None] * 5, 10001))
        sheet.append(more)
        sheet.append(("小计", *[None] * 5, 1))
        sheet.append(("合计", *[None] * 5, 10002))

    read = form.read(paper(2, change))
    assert (len(read.rows), read.faults) == (3, ())


def test_a_person_called_like_a_total_is_a_person(form: Form, paper: Callable[..., Path]) -> None:
    assert len(form.read(paper(2, put("A4", "总计"))).rows) == 2


def test_the_same_number_twice_is_told_with_the_first_row(
    form: Form, paper: Callable[..., Path], number: Number
) -> None:
    read = form.read(paper(3, put("B5", number(1))))
    (fault,) = read.faults
    assert (fault.code, fault.place.row) == ("form.row.repeated", 5)
    assert "row 3" in fault.message("en")
    assert len(read.rows) == 3


# Confirmed before it is accepted.


def test_counts_and_sums_are_confirmed_before_a_file_is_accepted(
    form: Form, paper: Callable[..., Path]
) -> None:
    read = form.read(paper(3))
    assert read.sums == {"wage": si.Money.yuan("15001.50")}
    assert read.confirm(3, wage="15001.50") == ()
    differs = read.confirm(4, wage=si.Money.yuan(20000))
    assert [fault.code for fault in differs] == ["form.count.differs", "form.sum.differs"]
    assert "15001.50" in differs[1].message("en")
    with pytest.raises(FormError) as caught:
        read.confirm(3, wages="1")
    assert caught.value.fault.code == "form.field.unknown"


def test_a_row_that_failed_does_not_confirm(form: Form, paper: Callable[..., Path]) -> None:
    read = form.read(paper(3, put("G4", "五千")))
    (fault,) = read.confirm(3)
    assert "1 failed" in fault.message("en")


# What goes back to whoever filled it in.


def test_wrong_cells_come_back_coloured_with_the_reason_in_a_comment(
    form: Form, paper: Callable[..., Path], tmp_path: Path
) -> None:
    def dress(sheet: Any) -> None:
        sheet["G4"] = "五千"
        sheet["B5"] = "110105194912310020"
        sheet["A3"].font = openpyxl.styles.Font(bold=True)
        sheet["J9"] = "=SUM(G3:G5)"
        sheet.parent.create_sheet("另一张")["A1"] = "留着"

    read = form.read(paper(3, dress))
    assert read.mark(tmp_path / "marked.xlsx") == 2
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    sheet = book["名单"]
    for cell, word in (("G4", "不是金额"), ("B5", "校验码")):
        assert sheet[cell].fill.fgColor.rgb == "00FFC7CE"
        assert word in sheet[cell].comment.text
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == [
        "G4",
        "B5",
    ]
    assert sheet["A3"].font.bold
    assert sheet["J9"].value == "=SUM(G3:G5)", "what is the user's own stays"
    assert book["另一张"]["A1"].value == "留着"
    read.mark(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "marked.xlsx").read_bytes()


def test_the_comments_are_in_the_language_that_was_asked_for(
    form: Form, paper: Callable[..., Path], tmp_path: Path
) -> None:
    form.read(paper(1, put("G3", "五千"))).mark(tmp_path / "marked.xlsx", "en")
    comment = openpyxl.load_workbook(tmp_path / "marked.xlsx").active["G3"].comment
    assert "is no amount" in comment.text


def test_what_is_merely_unusual_has_another_colour(
    form: Form, paper: Callable[..., Path], number: Number, tmp_path: Path
) -> None:
    form.read(paper(2, put("B4", number(1)))).mark(tmp_path / "marked.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "marked.xlsx").active["B4"]
    assert cell.fill.fgColor.rgb == "00FFEB9C"


def test_a_text_file_comes_back_as_a_marked_workbook(
    form: Form, number: Number, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    rows = [
        ("姓名", "证件号码", "参加险种", "增员原因", "月工资收入（元）", "增加日期"),
        ("", "", "养老"),
        ("=1+1", number(1), "√", "新参保", "一万", "2026-11-01"),
    ]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    assert form.read(path).mark(tmp_path / "marked.xlsx") == 1
    sheet = openpyxl.load_workbook(tmp_path / "marked.xlsx").active
    assert (sheet["E3"].value, sheet["E3"].fill.fgColor.rgb) == ("一万", "00FFC7CE")
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=1+1", "s")


def test_a_corrected_copy_of_the_marked_file_is_read(
    form: Form, paper: Callable[..., Path], tmp_path: Path
) -> None:
    form.read(paper(3, put("G4", "五千"))).mark(tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    book.active["G4"] = 5000
    book.save(tmp_path / "corrected.xlsx")
    read = form.read(tmp_path / "corrected.xlsx")
    assert (len(read.rows), read.faults) == (3, ())


def test_a_merged_cell_with_a_fault_is_marked_where_it_shows(
    form: Form, paper: Callable[..., Path], tmp_path: Path
) -> None:
    read = form.read(paper(2, put("G3", None), lambda sheet: sheet.merge_cells("F3:G3")))
    assert [fault.code for fault in read.errors] == ["form.value.missing"]
    read.mark(tmp_path / "marked.xlsx")
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").active["F3"].comment is not None


def test_the_failed_rows_are_listed_with_their_reasons_and_can_be_read_again(
    form: Form, paper: Callable[..., Path], number: Number, tmp_path: Path
) -> None:
    read = form.read(paper(3, put("G4", "五千"), put("F4", "退休")))
    assert [(row.number, len(row.faults)) for row in read.failed] == [(4, 2)]
    read.save_failed(tmp_path / "failed.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "failed.xlsx").active
    headings = [cell.value for cell in sheet[2]]
    assert headings[-2:] == ["原行号", "失败原因"]
    values = dict(zip(headings, [cell.value for cell in sheet[3]], strict=True))
    assert (values["*姓名"], values["*证件号码"], values["原行号"]) == ("人2", number(2), 4)
    assert "不是金额" in values["失败原因"]
    assert "可选范围" in values["失败原因"]
    assert sheet.max_row == 3
    sheet.cell(3, headings.index("*月工资收入（元）") + 1).value = 5000
    sheet.cell(3, headings.index("*增加原因") + 1).value = "12"
    sheet.parent.save(tmp_path / "corrected.xlsx")
    again = form.read(tmp_path / "corrected.xlsx")
    assert not again.errors
    assert [row["name"] for row in again.rows] == ["人2"]
    assert again.rows[0]["pension"] is True


def test_macros_are_told_never_run_and_not_written_back(
    form: Form, paper: Callable[..., Path], tmp_path: Path
) -> None:
    import zipfile

    path = paper(1, put("G3", "五千"), name="in.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    read = form.read(path)
    assert codes(read) == [("form.file.macros", None), ("form.amount.unreadable", 3)]
    read.mark(tmp_path / "marked.xlsx")
    with zipfile.ZipFile(tmp_path / "marked.xlsx") as archive:
        assert not any("vba" in name for name in archive.namelist())


def test_marking_obeys_the_limits_that_reading_had(
    form: Form, paper: Callable[..., Path], tmp_path: Path
) -> None:
    read = form.read(paper(3, put("G4", "五千")), limits=Limits(cells=10))
    with pytest.raises(FormError) as caught:
        read.mark(tmp_path / "marked.xlsx")
    assert caught.value.fault.code == "form.file.bomb"
    assert not (tmp_path / "marked.xlsx").exists()


@pytest.mark.parametrize("name", ["marked.csv", "marked.xls", "marked"])
def test_what_is_marked_is_a_workbook(
    form: Form, paper: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    read = form.read(paper(1))
    for write in (read.mark, read.save_failed):
        with pytest.raises(FormError) as caught:
            write(tmp_path / name)
        assert caught.value.fault.code == "form.file.suffix"


def test_totals_are_not_compared_where_a_row_is_missing_from_the_sum(
    form: Form, paper: Callable[..., Path]
) -> None:
    read = form.read(paper(2, put("G4", "五千"), put("A5", "合计"), put("G5", 10001)))
    assert [fault.code for fault in read.faults] == ["form.amount.unreadable"]
