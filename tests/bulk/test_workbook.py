"""Large rosters: the fast way gives every amount and every fault of the slow one, or steps back."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("python_calamine", reason="needs the extra workbooks")
pytest.importorskip("rustpy_xlsxwriter", reason="needs the extra workbooks")

import openpyxl
import xlsxwriter
from rustpy_xlsxwriter import write_worksheet
from stdnum.cn.ric import calc_check_digit

from socialins.bulk import large
from socialins.bulk.people_reading import read_people
from socialins.bulk.workbook import settle_workbook
from socialins.faults import Fault
from socialins.forms.errors import FormError
from socialins.forms.roster import read_roster
from socialins.forms.settlement_workbook import write_settlement
from socialins.rules import RuleUnknown
from socialins.settlement import Settlement, settle_roster
from socialins.testing.middle import middle
from socialins.values import Month, Rate

CASCADE = middle().cascade
MONTH = Month(2026, 11)
RATE = {"injury_rate": Rate("0.2%")}
HEADS = (
    *("姓名", "证件号码", "申报工资", "证件类型", "户籍", "用工形式", "险种"),
    *("工资来源", "起始月份", "出生日期", "性别", "备注"),
)
Rows = Sequence[Sequence[Any]]


def number(index: int) -> str:
    born = date(1970, 1, 1) + timedelta(days=37 * index % 11_000)
    digits = f"110105{born:%Y%m%d}{index % 999:03}"
    return digits + calc_check_digit(f"{digits}0")


def wrong(index: int) -> str:
    right = number(index)
    return right[:-1] + ("0" if right[-1] != "0" else "1")


def good_rows(count: int) -> list[list[Any]]:
    made = random.Random(5)
    rows = []
    for index in range(count):
        id_number = number(index)
        rows.append([
            f"示例{index}",
            id_number,
            made.choice([made.randrange(200_000, 6_000_000) / 100, made.randrange(3000, 40_000)]),
            made.choice(["", "居民身份证", "resident-id"]),
            made.choice(["本地城镇", "外埠农村", "rural-local", ""]),
            made.choice(["", "全日制", "非全日制"]),
            made.choice(["", "", "养老、失业", "all", "无"]),
            made.choice(["", "上年月平均工资"]),
            made.choice(["", "2026-07"]),
            made.choice(["", f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"]),
            made.choice(["", "男" if int(id_number[16]) % 2 else "女"]),
            "",
        ])  # fmt: skip
    return rows


SEEDS: dict[str, tuple[int, Any]] = {
    "no name": (0, ""),
    "a name that is a number": (0, 12.5),
    "a hidden character in a name": (0, "张\u200d三"),
    "a name too long": (0, "长" * 101),
    "blanks around a name": (0, " 张三 "),
    "a formula for a name": (0, "=1+1"),
    "no number": (1, ""),
    "a wrong check digit": (1, wrong(1000)),
    "a number too short": (1, "1101051949123100"),
    "a number in full width": (1, "".join(chr(ord(one) + 0xFEE0) for one in number(1001))),
    "a small x": (1, "11010519491231002x"),
    "a passport": (1, "E12345678"),
    "a permit": (1, "810000199408230021"),
    "no wage": (2, ""),
    "a wage of nothing": (2, 0),
    "a wage below nothing": (2, -5000),
    "half a fen": (2, 5000.005),
    "a wage as text": (2, "5000.5"),
    "a wage with a sign": (2, "¥5,000.50元"),
    "a wage in tens of thousands": (2, "1.2万"),
    "a slip of the hand": (2, 10**9),
    "more than tables take": (2, 3 * 10**8),
    "many": (2, "many"),
    "a kind unheard of": (3, "工作证"),
    "a kind that the number is not of": (3, "护照"),
    "a household unheard of": (4, "火星"),
    "employment unheard of": (5, "兼职"),
    "an insurance unheard of": (6, "年金"),
    "a month that is none": (8, "2026-13"),
    "a month as a number": (8, 202607),
    "another birth date": (9, "1990-01-05"),
    "a birth date to come": (9, "2030-01-01"),
    "no birth date at all": (9, "昨天"),
    "another sex": (10, "both"),
}


def seeded(count: int = 400) -> list[list[Any]]:
    """Good rows with every seed in one, persons named twice, a blank row and one of totals."""
    rows = good_rows(count)
    for place, (column, value) in enumerate(SEEDS.values()):
        rows[7 + 9 * place][column] = value
    rows[350][10] = "女" if rows[350][1][16] in "13579" else "男"
    rows[360][1] = rows[20][1]
    rows[370][1] = rows[21][1].lower()
    rows[371][1] = "11010519491231002X"
    rows[372] = [""] * len(HEADS)
    rows.append(["合计", "", 123456, *[""] * (len(HEADS) - 3)])
    return rows


def by_openpyxl(path: Path, rows: Rows, title: Rows = ()) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (*title, HEADS, *rows):
        sheet.append([None if one == "" else one for one in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)


def by_xlsxwriter(path: Path, rows: Rows, title: Rows = ()) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((*title, HEADS, *rows)):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(at, column, value)


def by_rust(path: Path, rows: Rows, title: Rows = ()) -> None:
    assert not title
    records = [dict(zip(HEADS, (None if one == "" else one for one in row), strict=True))
               for row in rows]  # fmt: skip
    write_worksheet(iter(records), str(path))


WRITERS: dict[str, Callable[..., None]] = {
    "openpyxl": by_openpyxl,
    "xlsxwriter": by_xlsxwriter,
    "rust": by_rust,
}


def slow(path: Path, out: Path, **settings: Any) -> Settlement:
    bill = settle_roster(CASCADE, read_roster(path, MONTH, CASCADE, **RATE), **settings)
    write_settlement(bill, out, details=False)
    return bill


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """The cells of a workbook; rows and columns without any at the end are nothing."""
    found = {}
    for sheet in openpyxl.load_workbook(path):
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        for row in rows:
            while row and row[-1] in (None, ""):
                row.pop()
        found[sheet.title] = [[None if one == "" else one for one in row] for row in rows]
    return found


def told(faults: Iterable[Fault]) -> list[tuple[Any, ...]]:
    return [
        (one.code, one.place, one.severity, one.message("en"), one.remedy("zh")) for one in faults
    ]


@pytest.mark.parametrize("writer", WRITERS)
def test_no_amount_and_no_fault_differs_from_the_slow_way(tmp_path: Path, writer: str) -> None:
    path = tmp_path / "roster.xlsx"
    WRITERS[writer](path, seeded())
    before = slow(path, tmp_path / "slow.xlsx")
    assert len(before.errors) > len(SEEDS) / 2
    assert read_people(path, MONTH, CASCADE, **RATE) is not None
    after = settle_workbook(CASCADE, path, MONTH, tmp_path / "fast.xlsx", least=100, **RATE)
    assert told(after.faults) == told(before.faults)
    assert after.totals == before.totals
    assert list(after.totals) == list(before.totals)
    assert after.persons == before.persons
    assert (after.total, after.unit_total) == (before.total, before.unit_total)
    assert sheets(tmp_path / "fast.xlsx") == sheets(tmp_path / "slow.xlsx")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_reads_the_same_in_both_languages(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "roster.xlsx"
    by_openpyxl(path, good_rows(120), title=[["二〇二六年花名册"], []])
    bill = settle_roster(CASCADE, read_roster(path, MONTH, CASCADE, **RATE))
    write_settlement(bill, tmp_path / "slow.xlsx", lang, details=False)
    settle_workbook(CASCADE, path, MONTH, tmp_path / "fast.xlsx", least=10, lang=lang, **RATE)
    assert sheets(tmp_path / "fast.xlsx") == sheets(tmp_path / "slow.xlsx")


def test_what_the_file_says_of_the_unit_holds_for_a_large_roster_too(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    by_openpyxl(path, seeded())
    book = openpyxl.load_workbook(path)
    unit = book.create_sheet("单位")
    for row in (["单位名称", "甲公司"], ["工伤风险类别", 2], ["单位规模", "小型企业"], ["别的", 1]):
        unit.append(row)
    book.save(path)
    bill = settle_roster(CASCADE, read_roster(path, MONTH, CASCADE))
    write_settlement(bill, tmp_path / "slow.xlsx", details=False)
    assert read_people(path, MONTH, CASCADE) is not None
    after = settle_workbook(CASCADE, path, MONTH, tmp_path / "fast.xlsx", least=100)
    assert (told(after.faults), after.totals) == (told(bill.faults), bill.totals)
    assert sheets(tmp_path / "fast.xlsx") == sheets(tmp_path / "slow.xlsx")


def test_a_name_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    rows = good_rows(30)
    rows[3][0], rows[4][0] = "=HYPERLINK(1)", "@SUM(1)"
    by_openpyxl(tmp_path / "roster.xlsx", rows)
    settle_workbook(
        CASCADE, tmp_path / "roster.xlsx", MONTH, tmp_path / "out.xlsx", least=1, **RATE
    )
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = {cell.value: cell.data_type for row in book.worksheets[1].iter_rows() for cell in row}
    assert cells["=HYPERLINK(1)"] == cells["@SUM(1)"] == "s"


def not_plain(tmp_path: Path) -> dict[str, Path]:
    """Workbooks that only the slow reader reads as they are meant."""
    made = {}

    def write(name: str, change: Callable[[Any], None]) -> None:
        book = openpyxl.Workbook()
        sheet: Any = book.active
        for row in ((*HEADS, "工伤费率"), *good_rows(40)):
            sheet.append([None if one == "" else one for one in row])
        change(sheet)
        made[name] = tmp_path / f"{name}.xlsx"
        book.save(made[name])

    def put(cell: str, value: Any, number_format: str | None = None) -> Callable[[Any], None]:
        def change(sheet: Any) -> None:
            sheet[cell] = value
            if number_format:
                sheet[cell].number_format = number_format

        return change

    write("formula", put("C5", "=4000+1000"))
    write("error", put("C5", "#N/A"))
    write("date", put("J5", datetime(1990, 1, 5)))  # noqa: DTZ001 - openpyxl wants no zone
    write("wage shown as a date", put("C5", 5000, "yyyy-mm-dd"))
    write("wage shown as a percentage", put("C5", 5000.5, "0.00%"))
    write("rate", put("M5", 0.002, "0.0%"))
    write("number in a number cell", put("B5", 110105194912310020))
    write("escape", put("A5", "张_x000D_三"))
    write("far cell", put("BA9", "x"))
    write("far row", put("A900000", "x"))
    return made


def test_what_the_fast_reader_might_read_otherwise_is_left_to_the_slow_one(tmp_path: Path) -> None:
    for name, path in not_plain(tmp_path).items():
        assert read_people(path, MONTH, CASCADE, **RATE) is None, name
        before = slow(path, tmp_path / "slow.xlsx")
        after = settle_workbook(CASCADE, path, MONTH, tmp_path / "fast.xlsx", least=1, **RATE)
        assert told(after.faults) == told(before.faults), name
        if name != "escape":  # the writers write such a text each in its own way
            assert sheets(tmp_path / "fast.xlsx") == sheets(tmp_path / "slow.xlsx"), name


def test_a_small_roster_is_written_with_its_details(tmp_path: Path) -> None:
    by_openpyxl(tmp_path / "roster.xlsx", good_rows(20))
    settle_workbook(CASCADE, tmp_path / "roster.xlsx", MONTH, tmp_path / "out.xlsx", **RATE)
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["汇总", "人员", "明细"]


def test_a_text_file_takes_the_fast_way_from_settling_on(tmp_path: Path) -> None:
    lines = [",".join(map(str, row)) for row in (HEADS, *good_rows(60))]
    path = tmp_path / "roster.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    before = slow(path, tmp_path / "slow.xlsx")
    after = settle_workbook(CASCADE, path, MONTH, tmp_path / "fast.xlsx", least=10, **RATE)
    assert len(after.contributions) < len(before.contributions)
    assert sheets(tmp_path / "fast.xlsx") == sheets(tmp_path / "slow.xlsx")


def test_strict_settling_stops_and_lenient_lists_as_for_a_small_roster(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    by_openpyxl(path, good_rows(40))
    month = Month(2025, 11)
    with pytest.raises(RuleUnknown):
        settle_workbook(CASCADE, path, month, tmp_path / "out.xlsx", least=10, **RATE)
    assert not (tmp_path / "out.xlsx").exists()
    bill = settle_workbook(CASCADE, path, month, tmp_path / "out.xlsx", least=10, strict=False,
                           **RATE)  # fmt: skip
    assert (
        bill.unsettled
        == settle_roster(CASCADE, read_roster(path, month, CASCADE, **RATE), strict=False).unsettled
    )


def test_too_many_rows_and_bombs_are_refused_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    by_openpyxl(path, good_rows(40))
    with pytest.raises(FormError) as caught:
        settle_workbook(CASCADE, path, MONTH, tmp_path / "out.xlsx", least=1, max_rows=30, **RATE)
    assert caught.value.fault.code == "form.file.rows"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 20_000_000)
    with pytest.raises(FormError) as caught:
        settle_workbook(CASCADE, path, MONTH, tmp_path / "out.xlsx", least=1, **RATE)
    assert caught.value.fault.code == "form.file.bomb"


def test_the_extra_is_known_to_be_missing_without_loading_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert large.can_be_fast()
    monkeypatch.setattr(large, "_MODULES", ("numpy", "no_such_module"))
    assert not large.can_be_fast()
