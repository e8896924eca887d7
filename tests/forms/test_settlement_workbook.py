"""The settlement's workbook: every fen of the bill, as numbers, and nothing that runs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings

import socialins as si
from socialins.faults import Fault, Place
from socialins.forms import FormError, settlement_workbook, write_settlement
from socialins.forms.spreadsheet import WorkbookWriter
from socialins.model import Household, Payer
from socialins.rules import Status
from socialins.testing import strategies as sis
from socialins.testing.middle import middle
from socialins.values import in_capitals

MONTH = si.Month(2026, 11)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = {"zh": ["汇总", "人员", "明细"], "en": ["summary", "persons", "details"]}

Number = Callable[[int], str]


def entry(number: str, name: str = "张三", wage: str = "5000.55", **more: Any) -> si.RosterEntry:
    person = si.InsuredPerson(name, si.IdDocument("resident-id", number))
    return si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(wage)), **more)


def account(**more: Any) -> si.UnitAccount:
    terms = si.InjuryTerms(si.MonthSpan("2020-01"), risk_class=1)
    return si.UnitAccount(si.Unit("中州某某有限公司"), "0000000001", injury=[terms], **more)


def settle(
    entries: list[si.RosterEntry], month: str = "2026-11", **arguments: Any
) -> si.Settlement:
    roster = si.Roster(month, entries, account(), si.Money.yuan(123456))
    return middle().settle(roster, strict=False, **arguments)


class Table:
    """A sheet as a user reads it: rows by their heading."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        heading, *rows = sheet.iter_rows()
        self.heading = [cell.value for cell in heading]
        self.rows = [dict(zip(self.heading, row, strict=True)) for row in rows]

    def column(self, heading: str) -> list[Any]:
        return [row[heading].value for row in self.rows]


def cents(value: Any) -> int | None:
    """The fen of a cell, exactly as a spreadsheet shows its float."""
    if value is None or isinstance(value, str):
        return None
    amount = Decimal(repr(value)) * 100
    assert amount == int(amount)
    return int(amount)


def texts(sheet: Any) -> Iterator[str]:
    for row in sheet.iter_rows(values_only=True):
        yield from (value for value in row if isinstance(value, str))


def numbers_in(path: Path, sheet: int) -> set[str]:
    """The text of every number in a sheet's XML."""
    with zipfile.ZipFile(path) as archive:
        root = fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    cells = root.iter(f"{MAIN}c")
    found = (cell.findtext(f"{MAIN}v") for cell in cells if cell.get("t", "n") == "n")
    return {text for text in found if text is not None}


# Every fen is there -----------------------------------------------------------------------------


@given(sis.rosters(month=MONTH, region=middle(), max_size=5))
@settings(max_examples=40)
def test_the_workbook_has_every_fen_of_the_bill_and_no_other(roster: si.Roster) -> None:
    bill = middle().settle(roster, strict=False)
    with TemporaryDirectory() as folder:
        path = Path(folder, "bill.xlsx")
        middle().save_settlement(bill, path)
        book = openpyxl.load_workbook(path)
    assert book.sheetnames == (NAMES["zh"] if bill.contributions else NAMES["zh"][:2])

    if bill.contributions:
        details = Table(book["明细"])
        assert [cents(value) for value in details.column("应缴额")] == [
            one.amount.fen for one in bill.contributions
        ]
        assert [cents(value) for value in details.column("缴费基数")] == [
            one.base.fen for one in bill.contributions
        ]
        assert [(value and Decimal(repr(value))) or 0 for value in details.column("费率")] == [
            Decimal(one.rate.decimal()) for one in bill.contributions
        ]

    persons = Table(book["人员"])
    *rows, totals = persons.rows
    for heading, payer in (("单位合计", Payer.UNIT), ("个人合计", Payer.PERSON)):
        expected = bill.unit_total if payer is Payer.UNIT else bill.person_total
        assert cents(totals[heading].value) == expected.fen
        assert sum(cents(row[heading].value) or 0 for row in rows) == expected.fen
    assert cents(totals["合计"].value) == bill.total.fen
    for heading in persons.heading:
        if str(heading).endswith((" 单位", " 个人")):
            column = [cents(row[heading].value) or 0 for row in rows]
            assert sum(column) == cents(totals[heading].value)
    assert len([row for row in rows if row["证件号码"].value]) == bill.persons

    shown = {
        row[0]: (cents(row[1]), cents(row[2]), cents(row[3]))
        for row in book["汇总"].iter_rows(values_only=True)
        if row[0] in {one.line.title.zh for one in bill.contributions}
    }
    assert shown == {
        next(one.line.title.zh for one in bill.contributions if one.insurance == insurance): (
            fen(bill, insurance, Payer.UNIT),
            fen(bill, insurance, Payer.PERSON),
            (fen(bill, insurance, Payer.UNIT) or 0) + (fen(bill, insurance, Payer.PERSON) or 0),
        )
        for insurance in {one.insurance for one in bill.contributions}
    }


def fen(bill: si.Settlement, insurance: str, payer: Payer) -> int | None:
    total = bill.totals.get((insurance, payer))
    return None if total is None else total.fen


def test_amounts_are_written_exactly_as_they_are_owed(number: Number, tmp_path: Path) -> None:
    bill = settle([entry(number(1), wage="9499.47")])
    path = tmp_path / "bill.xlsx"
    write_settlement(bill, path)
    written = numbers_in(path, 3)
    for one in bill.contributions:
        amount = str(one.amount)
        assert amount in written
    assert {one for one in written if re.search(r"\.\d{4}", one)} == {"0.0015"}, (
        "floats in disguise"
    )
    medical = [one for one in bill.contributions if one.insurance == "medical"]
    assert str(medical[0].amount) == "712.43"
    assert "712.43" in written


def test_an_amount_that_no_spreadsheet_could_hold_is_kept_as_text(tmp_path: Path) -> None:
    large = si.Money(10**15 + 1)
    with WorkbookWriter("x", MONTH) as book:
        book.sheet("x", [20]).row([si.Money(10**15 - 1), large])
        book.save(tmp_path / "x.xlsx")
    first, second = openpyxl.load_workbook(tmp_path / "x.xlsx")["x"][1]
    assert numbers_in(tmp_path / "x.xlsx", 1) == {"9999999999999.99"}
    assert (first.data_type, second.data_type, second.value) == ("n", "s", str(large))


def test_each_number_looks_like_what_it_is(number: Number, tmp_path: Path) -> None:
    write_settlement(settle([entry(number(1))]), tmp_path / "bill.xlsx")
    row = Table(openpyxl.load_workbook(tmp_path / "bill.xlsx")["明细"]).rows[0]
    formats = {heading: row[heading].number_format for heading in ("应缴额", "费率", "证件号码")}
    assert formats == {"应缴额": "#,##0.00", "费率": "0.00##%", "证件号码": "@"}
    assert row["证件号码"].data_type == "s", "as a number it would lose its last digits"
    assert row["应缴额"].data_type == row["费率"].data_type == "n"


# What a row of a person says --------------------------------------------------------------------


def test_a_person_has_one_row_with_the_base_of_each_insurance(
    number: Number, tmp_path: Path
) -> None:
    bill = settle([entry(number(1), household=Household.RURAL_OUTSIDE, row=7), entry(number(2))])
    write_settlement(bill, tmp_path / "bill.xlsx")
    first, second, _ = Table(openpyxl.load_workbook(tmp_path / "bill.xlsx")["人员"]).rows
    shown = {heading: cell.value for heading, cell in first.items()}
    assert (shown["行号"], shown["姓名"], shown["证件号码"]) == (7, "张三", number(1))
    assert (shown["申报工资"], shown["户籍"], shown["用工形式"]) == (5000.55, "外埠农村", "全日制")
    assert (shown["养老保险 基数"], shown["养老保险 单位"], shown["养老保险 个人"]) == (
        5001,
        800.16,
        400.08,
    )
    # Rural workers from elsewhere have another medical base, and an item more than the basic one.
    assert (shown["医疗保险 基数"], shown["医疗保险 单位"], shown["医疗保险 个人"]) == (
        3992,
        319.36,
        101.84,
    )
    assert "工伤保险 个人" not in shown
    assert second["医疗保险 基数"].value == 5001
    assert second["行号"].value is None


def test_bases_that_differ_between_payers_stand_in_two_columns(
    number: Number, tmp_path: Path
) -> None:
    bill = settle([entry(number(1))])
    contributions = [
        attrs.evolve(one, base=one.base + si.Money(100))
        if (one.insurance, one.payer) == ("pension", Payer.UNIT)
        else one
        for one in bill.contributions
    ]
    bill = attrs.evolve(bill, contributions=contributions)
    write_settlement(bill, tmp_path / "bill.xlsx", "en")
    row = Table(openpyxl.load_workbook(tmp_path / "bill.xlsx")["persons"]).rows[0]
    assert row["pension unit base"].value == 5002
    assert row["pension person base"].value == 5001
    assert "pension base" not in row
    assert row["medical base"].value == 5001


def test_what_is_owed_by_the_account_as_a_whole_has_a_row_of_its_own(
    number: Number, tmp_path: Path
) -> None:
    bill = settle([entry(number(1))])
    one = next(one for one in bill.contributions if one.insurance == "injury")
    gap = attrs.evolve(one, person=None, row=None, amount=si.Money(-3))
    bill = attrs.evolve(bill, contributions=(*bill.contributions, gap))
    write_settlement(bill, tmp_path / "bill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    rows = Table(book["人员"]).rows
    assert [row["姓名"].value for row in rows] == ["张三", "整户", None]
    assert rows[1]["工伤保险 单位"].value == rows[1]["合计"].value == -0.03
    assert Table(book["明细"]).column("姓名")[-1] == "整户"


# What is not known, carried or wrong is said ----------------------------------------------------


def test_what_is_unsettled_is_never_an_empty_cell_that_looks_like_nothing_owed(
    number: Number, tmp_path: Path
) -> None:
    roster = si.Roster(MONTH, [entry(number(1)), entry(number(2))])
    bill = middle().settle(roster, strict=False)
    assert {gap.insurance for gap in bill.unsettled} == {"injury"}
    write_settlement(bill, tmp_path / "bill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    *rows, total = Table(book["人员"]).rows
    assert [row["工伤保险 单位"].value for row in rows] == ["未结算"] * 2
    assert total["工伤保险 单位"].value is None, "a zero would say that nothing is owed"
    summary = list(book["汇总"].iter_rows(values_only=True))
    (remark,) = [
        line[4] for line in summary if line[0] == "工伤保险" and line[1] is None and line[4]
    ]
    assert remark == "有未结算部分"
    listed = summary[[line[0] for line in summary].index("未结算") + 2]
    reason = bill.unsettled[0]
    assert listed[:5] == (
        "工伤保险",
        "单位",
        2,
        reason.reason("zh"),
        reason.fault.remedy("zh"),
    )


def test_nobody_is_missing_for_whom_nothing_is_owed_or_known(
    number: Number, tmp_path: Path
) -> None:
    # Maternity is collected no more, the injury rate is not known, the annuity unheard of.
    chosen = ["maternity", "pension", "injury", "annuity", "maternity"]
    entries = [
        entry(number(index), insurances={one}, row=index) for index, one in enumerate(chosen, 1)
    ]
    bill = middle().settle(si.Roster(MONTH, entries), strict=False)
    assert bill.persons == 4
    write_settlement(bill, tmp_path / "bill.xlsx", "en")
    *rows, _ = Table(openpyxl.load_workbook(tmp_path / "bill.xlsx")["persons"]).rows
    assert [row["row"].value for row in rows] == [1, 2, 3, 5], "in order, the faulty one absent"
    assert [row["total"].value == 0 for row in rows] == [True, False, True, True]
    assert [row["work injury unit"].value for row in rows] == [None, None, "unsettled", None]


def test_provisional_figures_are_marked_at_the_totals_and_at_the_amounts(
    number: Number, tmp_path: Path
) -> None:
    bill = settle([entry(number(1))], "2025-08", known_on=date(2025, 8, 15))
    assert any(one.provisional for one in bill.contributions)
    write_settlement(bill, tmp_path / "bill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    details = Table(book["明细"])
    assert [bool(value) for value in details.column("暂定")] == [
        one.provisional for one in bill.contributions
    ]
    summary = list(book["汇总"].iter_rows(values_only=True))
    assert any(line[0] == "养老保险" and "含暂定数值" in str(line[4]) for line in summary)
    assert Status.PROVISIONAL.title() in set(texts(book["汇总"]))
    assert "2025-08-15" in set(texts(book["汇总"]))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_faults_stand_in_the_summary_with_place_and_remedy(
    lang: str, number: Number, tmp_path: Path
) -> None:
    place = Place(file="花名册.xlsx", sheet="Sheet1", row=9, column="申报工资", value="=面议")
    fault = Fault("form.amount.unreadable", {"value": "=面议"}, place)
    bill = attrs.evolve(settle([entry(number(1))]), faults=(fault,))
    write_settlement(bill, tmp_path / "bill.xlsx", lang)
    summary = openpyxl.load_workbook(tmp_path / "bill.xlsx").worksheets[0]
    shown = set(texts(summary))
    wanted = {place.describe(lang), fault.message(lang), fault.remedy(lang), fault.code, "=面议"}
    assert wanted <= shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_says_whose_bill_it_is_in_digits_and_capitals(
    lang: str, number: Number, tmp_path: Path
) -> None:
    bill = settle([entry(number(1))])
    write_settlement(bill, tmp_path / "bill.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    assert book.sheetnames == NAMES[lang]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    shown = {value for row in rows for value in row}
    assert {"中州某某有限公司", "0000000001"} <= shown
    assert any("990100" in str(value) for value in shown)
    for total in (bill.total, bill.unit_total, bill.person_total):
        assert any(
            cents(row[1]) == total.fen and row[3] == in_capitals(total)
            for row in rows
            if not isinstance(row[1], str)
        )


def test_every_document_is_listed_once_and_every_amount_points_to_its_own(
    number: Number, tmp_path: Path
) -> None:
    bill = settle([entry(number(1))])
    write_settlement(bill, tmp_path / "bill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    listed = {
        row[0]: row[1]
        for row in book["汇总"].iter_rows(values_only=True)
        if re.fullmatch(r"\[\d+\]", str(row[0]))
    }
    documents = {source.describe() for one in bill.contributions for source in one.sources}
    assert set(listed.values()) == documents
    assert len(listed) == len(documents)
    for one, shown in zip(bill.contributions, Table(book["明细"]).column("依据"), strict=True):
        pointed = [listed[number] for number in re.findall(r"\[\d+\]", shown)]
        assert pointed == [source.describe() for source in one.sources]


# Nothing runs, nothing breaks -------------------------------------------------------------------

EVIL = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1+cmd|'/c calc'!A1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "#N/A",
    "TRUE",
    "{=1+1}",
]


@pytest.mark.parametrize("name", EVIL)
def test_text_never_becomes_a_formula(name: str, number: Number, tmp_path: Path) -> None:
    roster = si.Roster(
        MONTH, [entry(number(1), name)], attrs.evolve(account(), unit=si.Unit(name), number=name)
    )
    fault = Fault("form.amount.unreadable", {"value": name}, Place(file=name, value=name))
    bill = attrs.evolve(middle().settle(roster, strict=False), faults=(fault,))
    path = tmp_path / "bill.xlsx"
    write_settlement(bill, path)
    found = 0
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.coordinate
                if isinstance(cell.value, str) and cell.value.strip() == name.strip():
                    found += 1
                    assert cell.quotePrefix is (name[0] in "=+-@\t\r＝")
    assert found >= 5
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            assert b"<f>" not in archive.read(part), part


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张\x00三", "张�三"),
        ("\x0b\x1f", "��"),
        ("a\ufffeb\uffff", "a�b�"),
        ("\ud800", "�"),
        ("张\x7f三", "张\x7f三"),
        ("𠮷", "𠮷"),
        ("]]><&", "]]><&"),
    ],
)
def test_what_a_workbook_cannot_hold_is_made_visible_and_breaks_nothing(
    name: str, shown: str, number: Number, tmp_path: Path
) -> None:
    path = tmp_path / "bill.xlsx"
    roster = si.Roster(MONTH, [entry(number(1), name)], account())
    write_settlement(middle().settle(roster), path)
    assert Table(openpyxl.load_workbook(path)["人员"]).column("姓名")[0] == shown


def test_a_text_longer_than_a_cell_is_cut_where_it_can_be_seen(
    number: Number, tmp_path: Path
) -> None:
    path = tmp_path / "bill.xlsx"
    roster = si.Roster(MONTH, [entry(number(1), "长" * 40_000)], account())
    write_settlement(middle().settle(roster), path)
    name = Table(openpyxl.load_workbook(path)["人员"]).column("姓名")[0]
    assert len(name) == 32_767
    assert name.endswith("…")


# The file ---------------------------------------------------------------------------------------


def test_the_same_bill_gives_the_same_bytes(number: Number, tmp_path: Path) -> None:
    contents = []
    for name in ("a.xlsx", "b.xlsx"):
        write_settlement(settle([entry(number(1)), entry(number(2))]), tmp_path / name)
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "2026-11-01" in core
    assert "openpyxl" not in core


def test_it_prints_on_a4_across_with_headings_on_every_page(number: Number, tmp_path: Path) -> None:
    write_settlement(settle([entry(number(1))]), tmp_path / "bill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert all(sheet.column_dimensions[letter].width > 5 for letter in "ABC")
    for name in ("人员", "明细"):
        assert book[name].print_title_rows == "$1:$1"
        assert book[name].freeze_panes == "D2"


@pytest.mark.parametrize("name", ["bill.xls", "bill.csv", "bill"])
def test_another_ending_is_refused(name: str, number: Number, tmp_path: Path) -> None:
    with pytest.raises(FormError) as caught:
        write_settlement(settle([entry(number(1))]), tmp_path / name)
    assert caught.value.fault.code == "form.file.suffix"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_could_not_be_finished_leaves_the_old_one(
    number: Number, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bill.xlsx"
    bill = settle([entry(number(1))])
    write_settlement(bill, path)
    before = path.read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        write_settlement(attrs.evolve(bill, contributions=()), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["bill.xlsx"]


def test_details_beyond_a_sheets_rows_go_on_in_the_next(
    number: Number, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlement_workbook, "_MOST_ROWS", 6)
    bill = settle([entry(number(1)), entry(number(2))])
    write_settlement(bill, tmp_path / "bill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bill.xlsx")
    sheets = [book[name] for name in book.sheetnames if name.startswith("明细")]
    assert [sheet.title for sheet in sheets][:2] == ["明细", "明细 2"]
    assert all(sheet.max_row <= 6 for sheet in sheets)
    amounts = [value for sheet in sheets for value in Table(sheet).column("应缴额")]
    assert [cents(value) for value in amounts] == [one.amount.fen for one in bill.contributions]


def test_details_can_be_left_out(number: Number, tmp_path: Path) -> None:
    write_settlement(settle([entry(number(1))]), tmp_path / "bill.xlsx", details=False)
    assert openpyxl.load_workbook(tmp_path / "bill.xlsx").sheetnames == ["汇总", "人员"]


def test_a_long_bill_needs_no_more_memory_than_a_short_one(number: Number, tmp_path: Path) -> None:
    import tracemalloc

    bill = settle([entry(number(1))])
    peaks = []
    for times in (20, 120):
        long = attrs.evolve(bill, contributions=bill.contributions * times)
        tracemalloc.start()
        write_settlement(long, tmp_path / "bill.xlsx")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000
