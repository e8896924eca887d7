"""Rows of a roster: good ones become entries, bad ones say what is wrong, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import socialins as si
from socialins.faults import Place, Severity
from socialins.forms import FormError, own_layout, read_roster
from socialins.identity import DocumentType, Sex
from socialins.model import Employment, Household, WageOrigin
from socialins.testing.middle import middle

MONTH = si.Month(2026, 11)
ZH = ("姓名", "证件号码", "申报工资")

Number = Callable[[int], str]
Write = Callable[..., Path]


def read(path: Path) -> si.Roster:
    return read_roster(path, MONTH, middle().cascade)


def refusal(path: Path) -> FormError:
    with pytest.raises(FormError) as caught:
        read(path)
    return caught.value


# What a good row says ---------------------------------------------------------------------------


def test_a_row_with_everything_is_read_as_it_stands(book: Write, number: Number) -> None:
    heading = [column.title.zh for column in own_layout("roster").columns]
    row = [
        "张三",
        number(1),
        5000.5,
        "居民身份证",
        "外埠农村",
        "非全日制",
        "养老、工伤",
        0.004,
        "变更申报",
        datetime(2026, 7, 1),  # noqa: DTZ001
        datetime(1990, 3, 7),  # noqa: DTZ001
        "男",
    ]
    roster = read(book(花名册=[heading, row]))
    assert roster.faults == ()
    (entry,) = roster
    assert entry.person.name == "张三"
    assert entry.person.document == si.IdDocument("resident-id", number(1))
    assert (entry.person.birth_date, entry.person.sex) == (date(1990, 3, 7), Sex.MALE)
    assert entry.wage == si.DeclaredWage(
        si.Money.yuan("5000.50"), WageOrigin.CHANGED, si.Month(2026, 7)
    )
    assert entry.household is Household.RURAL_OUTSIDE
    assert entry.employment is Employment.PART_TIME
    assert entry.insurances == {"pension", "injury"}
    assert entry.injury_rate == si.Rate("0.4%")
    assert entry.row == 2


@pytest.mark.parametrize("column", own_layout("roster").columns, ids=lambda one: one.field)
def test_every_heading_is_understood_whatever_its_width_or_case(
    column: Any, text: Write, number: Number
) -> None:
    sample = {
        "name": "张三",
        "id_number": number(1),
        "wage": "5000",
        "id_type": "resident-id",
        "household": "foreign",
        "employment": "part-time",
        "insurances": "pension",
        "injury_rate": "0.4%",
        "wage_origin": "changed",
        "wage_since": "2026-07",
        "birth_date": "1990-03-07",
        "sex": "男",
    }
    others = {one: one for one in ("name", "id_number", "wage") if one != column.field}
    full_width = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    plain = read(
        text([*others.values(), column.field], [*map(sample.get, others), sample[column.field]])
    )
    assert plain.faults == ()
    for heading in column.headings:
        for written in (
            heading,
            f"  *{heading} ",
            f"＊{heading.upper().translate(full_width)}",
            f"{heading[:1]} {heading[1:]}\n",
        ):
            path = text([written, *others], [sample[column.field], *map(sample.get, others)])
            assert read(path) == plain, written


def test_what_is_not_stated_has_the_documented_defaults(text: Write, number: Number) -> None:
    permit = "830000199001010012"
    rows = [("甲", number(1)), ("乙", permit), ("丙", "H12345678"), ("丁", "12345678")]
    rows += [("戊", "911124198108030024"), ("己", "E12345678")]
    path = text(ZH, *[(*row, "5000") for row in rows])
    roster = read(path)
    assert roster.faults == ()
    assert [entry.household.value for entry in roster] == [
        "urban-local",
        "hmt",
        "hmt",
        "hmt",
        "foreign",
        "foreign",
    ]
    first = roster.entries[0]
    assert first.employment is Employment.FULL_TIME
    assert first.insurances is None
    assert first.injury_rate is None
    assert first.wage == si.DeclaredWage(si.Money.yuan(5000), WageOrigin.LAST_YEAR_AVERAGE, None)
    assert (roster.account, roster.total_wages) == (None, None)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("居民身份证", DocumentType.RESIDENT_ID),
        ("身份证", DocumentType.RESIDENT_ID),
        (201, DocumentType.RESIDENT_ID),
        ("208", DocumentType.PASSPORT),
        ("外国护照", DocumentType.PASSPORT),
        ("Passport", DocumentType.PASSPORT),
        (210.0, DocumentType.HK_MACAO_PASS),
        ("港澳通行证", DocumentType.HK_MACAO_PASS),
        ("２１３", DocumentType.TAIWAN_PASS),
        ("台胞证", DocumentType.TAIWAN_PASS),
        ("residence-permit", DocumentType.RESIDENCE_PERMIT),
        ("外国人永久居留身份证", DocumentType.FOREIGN_PERMANENT),
    ],
)
def test_a_stated_type_decides_what_a_number_is(
    word: Any, kind: DocumentType, book: Write, number: Number
) -> None:
    numbers = {
        DocumentType.RESIDENT_ID: number(1),
        DocumentType.PASSPORT: "123456789",
        DocumentType.HK_MACAO_PASS: "M12345678",
        DocumentType.TAIWAN_PASS: "0123456789",
        DocumentType.RESIDENCE_PERMIT: "830000199001010012",
        DocumentType.FOREIGN_PERMANENT: "911124198108030024",
    }
    path = book(Sheet1=[(*ZH, "证件类型"), ("甲", numbers[kind], 5000, word)])
    roster = read(path)
    assert roster.faults == ()
    assert roster.entries[0].person.document.type is kind


def test_titles_blank_rows_totals_and_other_columns_are_passed_over(
    book: Write, number: Number
) -> None:
    rows = [
        ("中州某公司2026年11月花名册",),
        (),
        ("序号", "姓名", "证件号码", "申报工资", "备注"),
        (1, "甲", number(1), 5000, "小计"),
        (None, "  ", "　", None, None),
        (2, "乙", number(2), 6000, None),
        (3, None, None, None, None),
        ("合计", None, None, 11000, None),
        (None, "总 计：", None, 11000, None),
    ]
    roster = read(book(Sheet1=rows))
    assert [(entry.person.name, entry.row) for entry in roster] == [("甲", 4), ("乙", 6)]
    (warning,) = roster.faults
    assert warning.code == "roster.column.unknown"
    assert warning.severity is Severity.WARNING
    assert (warning.place.row, warning.place.sheet) == (3, "Sheet1")
    assert "序号、备注" in warning.message()


def test_a_person_called_total_is_not_taken_for_a_row_of_totals(
    text: Write, number: Number
) -> None:
    roster = read(text(ZH, ("总计", number(1), "5000")))
    assert len(roster) == 1


def test_a_total_wages_row_without_its_word_is_not_dropped_in_silence(
    text: Write, number: Number
) -> None:
    roster = read(text(ZH, ("甲", number(1), "5000"), ("", "", "5000")))
    assert [(fault.code, fault.place.row) for fault in roster.faults] == [
        ("roster.name.missing", 3),
        ("identity.missing", 3),
    ]


# What a bad row says ----------------------------------------------------------------------------

BAD: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "no name": ({"姓名": None}, {"roster.name.missing": "姓名"}),
    "name in two lines": ({"姓名": "张\n三"}, {"form.cell.control": "姓名"}),
    "name is a number": ({"姓名": 7}, {"form.cell.not-text": "姓名"}),
    "name is a story": ({"姓名": "甲" * 101}, {"form.cell.long": "姓名"}),
    "no number": ({"证件号码": None}, {"identity.missing": "证件号码"}),
    "wrong check digit": ({"证件号码": "110105194912310020"}, {"identity.checksum": "证件号码"}),
    "old number": ({"证件号码": "110105491231002"}, {"identity.fifteen": "证件号码"}),
    "digits lost": ({"证件号码": 1.1010519491231e17}, {"identity.precision": "证件号码"}),
    "digits lost, whole": ({"证件号码": 110105194912310029}, {"identity.precision": "证件号码"}),
    "number is a date": ({"证件号码": date(1990, 1, 1)}, {"form.cell.not-text": "证件号码"}),
    "not the stated type": (
        {"证件号码": "830000199001010012", "证件类型": "居民身份证"},
        {"identity.type": "证件号码"},
    ),
    "type unheard of": ({"证件类型": "驾驶证"}, {"form.code.unknown": "证件类型"}),
    "no wage": ({"申报工资": None}, {"roster.wage.missing": "申报工资"}),
    "wage a dash": ({"申报工资": "-"}, {"form.amount.unreadable": "申报工资"}),
    "wage in ten thousands": ({"申报工资": "1.2万"}, {"form.amount.unit": "申报工资"}),
    "wage negative": ({"申报工资": -5000}, {"roster.wage.not-positive": "申报工资"}),
    "wage zero": ({"申报工资": 0}, {"roster.wage.not-positive": "申报工资"}),
    "wage unrounded": ({"申报工资": 5000 / 3}, {"form.amount.fen": "申报工资"}),
    "wage a date": ({"申报工资": date(2026, 7, 1)}, {"form.amount.date": "申报工资"}),
    "wage true": ({"申报工资": True}, {"form.amount.unreadable": "申报工资"}),
    "wage an error": ({"申报工资": "#N/A"}, {"form.cell.error": "申报工资"}),
    "wage a formula": ({"申报工资": "=B2*2"}, {"form.cell.formula": "申报工资"}),
    "wage too large": ({"申报工资": 13800138000}, {"form.amount.too-large": "申报工资"}),
    "household unheard of": ({"户籍": "火星"}, {"form.code.unknown": "户籍"}),
    "employment unheard of": ({"用工形式": "机器人"}, {"form.code.unknown": "用工形式"}),
    "insurance unheard of": ({"险种": "养老、年金"}, {"roster.insurance.unknown": "险种"}),
    "rate without sign": ({"工伤费率": 0.2}, {"form.rate.ambiguous": "工伤费率"}),
    "rate a word": ({"工伤费率": "一类"}, {"form.rate.unreadable": "工伤费率"}),
    "rate beyond all": ({"工伤费率": "120%"}, {"form.rate.range": "工伤费率"}),
    "origin unheard of": ({"工资来源": "猜的"}, {"form.code.unknown": "工资来源"}),
    "month in doubt": ({"起始月份": 2026.1}, {"form.month.unreadable": "起始月份"}),
    "birth date in doubt": ({"出生日期": "7/3/90"}, {"form.date.unreadable": "出生日期"}),
    "born tomorrow": ({"出生日期": date(2026, 12, 1)}, {"roster.birth-date.future": "出生日期"}),
    "sex in doubt": ({"性别": "x"}, {"form.code.unknown": "性别"}),
    "three things at once": (
        {"姓名": None, "证件号码": "110105194912310020", "申报工资": "面议", "户籍": "?"},
        {
            "roster.name.missing": "姓名",
            "identity.checksum": "证件号码",
            "form.amount.unreadable": "申报工资",
            "form.code.unknown": "户籍",
        },
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_says_what_is_wrong_where_and_what_to_do_and_the_others_go_on(
    case: str, book: Write, number: Number
) -> None:
    changes, wrong = BAD[case]
    good = {"姓名": "张三", "证件号码": number(2), "申报工资": 5000}
    heading = [column.title.zh for column in own_layout("roster").columns]
    bad = {**good, **changes}
    path = book(
        人员=[
            heading,
            [{**good, "证件号码": number(1)}.get(one) for one in heading],
            [bad.get(one) for one in heading],
            [{**good, "证件号码": number(3)}.get(one) for one in heading],
        ]
    )
    roster = read(path)
    assert [entry.row for entry in roster] == [2, 4], "a bad row is wholly absent, and only it"
    assert {fault.code: fault.place.column for fault in roster.faults} == wrong
    for fault in roster.faults:
        assert fault.is_error
        place = fault.place
        assert (place.file, place.sheet, place.row) == (str(path), "人员", 3)
        assert own_layout("roster").column(place.field or "").title.zh == place.column
        for lang in ("zh", "en"):
            assert fault.message(lang)
            assert fault.remedy(lang)
            assert "{" not in fault.message(lang) + fault.remedy(lang) + fault.explanation(lang)
        if bad.get(place.column or "") is not None:
            assert place.value
            assert len(place.value) <= 40


def test_a_fault_shows_the_value_as_it_stands_so_that_it_can_be_found(text: Write) -> None:
    path = text(ZH, ("张三", "11010519491231002Y", "5000"), ("李四", "1" * 60, "5000"))
    roster = read(path)
    assert [fault.place.value for fault in roster.faults] == ["11010519491231002Y", "1" * 39 + "…"]
    assert str(roster.faults[0].place) == f"{path}, row 2, 证件号码"


@pytest.mark.parametrize(
    ("changes", "code", "kept"),
    [
        ({"出生日期": "1990-03-08"}, "roster.birth-date.differs", {"birth_date": date(1990, 3, 8)}),
        ({"性别": "女"}, "roster.sex.differs", {"sex": Sex.FEMALE}),
        ({"姓名": "张\u200d三"}, "form.cell.invisible", {"name": "张\u200d三"}),
    ],
)
def test_what_is_merely_odd_is_told_and_the_row_is_kept(
    changes: dict[str, Any],
    code: str,
    kept: dict[str, Any],
    text: Write,
    number: Number,
) -> None:
    row = {"姓名": "张三", "证件号码": number(1), "申报工资": "5000", **changes}
    roster = read(text(list(row), list(row.values())))
    assert [(fault.code, fault.is_error) for fault in roster.faults] == [(code, False)]
    person = roster.entries[0].person
    assert {field: getattr(person, field) for field in kept} == kept


def test_a_number_cell_that_kept_its_digits_is_read_with_a_warning(book: Write) -> None:
    roster = read(book(Sheet1=[ZH, ("甲", 12345678, 5000)]))
    assert roster.entries[0].person.document.number == "12345678"
    (fault,) = roster.faults
    assert (fault.code, fault.is_error) == ("roster.id-number.number", False)


def test_both_rows_of_a_person_named_twice_say_so_with_file_and_heading(
    book: Write, number: Number
) -> None:
    rows = [("姓名", "身份证号", "申报工资"), ("甲", number(1), 5000), ("乙", number(2), 5000)]
    path = book(Sheet1=[*rows, ("甲", f" {number(1)}", 6000)])
    roster = read(path)
    assert [entry.person.name for entry in roster] == ["乙"]
    assert [fault.code for fault in roster.faults] == ["roster.duplicate"] * 2
    assert [fault.place for fault in roster.faults] == [
        Place(str(path), "Sheet1", row, "身份证号", "id_number", value)
        for row, value in ((2, number(1)), (4, f" {number(1)}"))
    ]
    assert "4" in roster.faults[0].message()


def test_faults_come_in_the_order_of_the_file(text: Write, number: Number) -> None:
    path = text(
        ("申报工资", "证件号码", "姓名"),
        ("5000", number(1), "甲"),
        ("x", "y", ""),
        ("5000", number(1), "甲"),
    )
    places = [(fault.place.row, fault.place.field) for fault in read(path).faults]
    assert places == [
        (2, "id_number"),
        (3, "wage"),
        (3, "id_number"),
        (3, "name"),
        (4, "id_number"),
    ]


# What makes a file no roster --------------------------------------------------------------------


def test_a_missing_column_is_named_with_the_headings_it_could_have(book: Write) -> None:
    error = refusal(book(Sheet1=[("姓名", "身份证", "申报工资"), ("甲", "1", 1)]))
    assert error.fault.code == "roster.column.missing"
    assert "证件号码" in error.fault.message("zh")
    assert "身份证号" in error.fault.remedy("zh")
    assert (error.fault.place.sheet, error.fault.place.row) == ("Sheet1", 1)


def test_two_columns_of_one_meaning_are_not_chosen_between(text: Write) -> None:
    path = text(
        ("姓名", "身份证号", "社会保障号码", "缴费工资", "wage"), ("甲", "1", "2", "3", "4")
    )
    error = refusal(path)
    assert [fault.code for fault in error.all] == ["roster.column.twice"] * 2
    assert "身份证号, 社会保障号码" in error.all[0].message("en")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([()], "form.file.empty"),
        ([("a", "b"), ("1", "2")], "roster.header.missing"),
        ([ZH], "roster.empty"),
        ([ZH, (), ("合计", "", "0")], "roster.empty"),
        ([*[("标题",)] * 20, ZH, ("甲", "1", "2")], "roster.header.missing"),
    ],
)
def test_a_file_without_headings_or_rows_is_refused(rows: Any, code: str, text: Write) -> None:
    error = refusal(text(*rows))
    assert error.fault.code == code
    assert error.fault.place.file is not None
    for lang in ("zh", "en"):
        assert error.fault.remedy(lang)


def test_the_first_visible_sheet_with_the_headings_is_read(tmp_path: Path, number: Number) -> None:
    made = openpyxl.Workbook()
    made.active.append(["说明"])
    old = made.create_sheet("旧")
    old.sheet_state = "hidden"
    for sheet, name in (
        (old, "旧人"),
        (made.create_sheet("新"), "新人"),
        (made.create_sheet("三"), "三"),
    ):
        for row in (("说明",), ZH, (name, number(1), 5000)):
            sheet.append(row)
    made.save(tmp_path / "roster.xlsx")
    roster = read(tmp_path / "roster.xlsx")
    assert [entry.person.name for entry in roster] == ["新人"]


def test_the_fault_survives_being_sent_to_another_process(text: Write) -> None:
    import pickle

    error = refusal(text(("姓名", "姓名", "证件号码", "证件号码", "申报工资"), ("1",)))
    assert pickle.loads(pickle.dumps(error)).all == error.all
