"""The unit's data: read from a sheet or a file, and never half-read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import socialins as si
from socialins.forms import FormError, UnitFile, read_roster, read_unit
from socialins.forms.unitdata import ALWAYS
from socialins.model import AccountType
from socialins.testing.middle import middle

MONTH = si.Month(2026, 11)
ZH = ("姓名", "证件号码", "申报工资")
CODE = "91990100MA0000001G"
FULL = """
name = "中州某某有限公司"
credit_code = "91990100ma0000001g"
number = "0000000001"
division = "990100"
account_type = "机关事业单位"
size = "小型"
trade = "bakery"
injury_rate = "0.16%"
total_wages = "1,234,567.80"
insurances = ["养老", "injury"]
"""
ACCOUNT = si.UnitAccount(
    si.Unit("中州某某有限公司", si.CreditCode(CODE), si.UnitSize.SMALL, "bakery"),
    "0000000001",
    "990100",
    {"pension", "injury"},
    AccountType.STATE_ORGAN,
    [si.InjuryTerms(ALWAYS, rate=si.Rate("0.16%"))],
)

Number = Callable[[int], str]
Write = Callable[..., Path]


@pytest.fixture
def toml(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "unit.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def with_unit(book: Write, number: Number) -> Write:
    """Writes a roster with a unit sheet of these rows."""

    def write(*rows: tuple[Any, ...], title: str = "单位") -> Path:
        return book(花名册=[ZH, ("张三", number(1), 5000)], **{title: rows})

    return write


def read(path: Path, **arguments: Any) -> si.Roster:
    return read_roster(path, MONTH, middle().cascade, **arguments)


def refusal(path: Path) -> FormError:
    reading = read if path.suffix != ".toml" else lambda path: read_unit(path, middle().cascade)
    with pytest.raises(FormError) as caught:
        reading(path)
    for fault in caught.value.all:
        assert fault.place.file == str(path)
        for lang in ("zh", "en"):
            assert fault.message(lang)
            assert fault.remedy(lang)
            assert "?" not in fault.words(lang).values()
    return caught.value


# unit.toml --------------------------------------------------------------------------------------


def test_a_unit_file_says_all_there_is_to_say(toml: Write) -> None:
    unit = read_unit(toml(FULL), middle().cascade)
    assert unit == UnitFile(ACCOUNT, si.Money.yuan("1234567.80"))


def test_its_keys_may_be_chinese(toml: Write) -> None:
    unit = read_unit(toml('"单位名称" = "甲"\n"工伤风险类别" = 3'), middle().cascade)
    assert unit.account is not None
    assert unit.account.unit.name == "甲"
    assert [terms.risk_class for terms in unit.account.injury] == [3]


def test_an_injury_rate_that_changed_has_its_months(toml: Write) -> None:
    written = """
    [[injury]]
    class = 1
    to = "2023-12"
    [[injury]]
    rate = "0.16%"
    from = "2024-01"
    """
    account = read_unit(toml(written), middle().cascade).account
    assert account is not None
    assert account.injury == (
        si.InjuryTerms(si.MonthSpan("1900-01", "2023-12"), risk_class=1),
        si.InjuryTerms(si.MonthSpan("2024-01"), rate=si.Rate("0.16%")),
    )


@pytest.mark.parametrize(
    ("written", "size", "trade"),
    [
        ('size = "micro"\ntrade = "bakery"', "micro", "bakery"),
        ('size = "Small enterprise"\ntrade = "Baking"', "small", "bakery"),
        ('"单位规模" = "大型企业"\n"行业" = "烘焙业"', "large", "bakery"),
        ('"企业规模" = "其他参保单位"\n"所属行业" = "面包房"', "other", "bakery"),
        ('unit_size = "medium"\ntrade = "Ferry Transport"', "medium", "ferry-transport"),
    ],
)
def test_size_and_trade_are_read_in_either_language(
    written: str, size: str, trade: str, toml: Write
) -> None:
    account = read_unit(toml(written), middle().cascade).account
    assert account is not None
    assert (account.unit.size, account.unit.trade) == (size, trade)


def test_a_trade_that_no_rule_tells_apart_is_answered_with_those_that_are(toml: Write) -> None:
    fault = refusal(toml("trade = 'mining'")).fault
    assert "烘焙业、轮渡" in fault.remedy("zh")
    assert "bakery, ferry-transport" in fault.remedy("en")


def test_a_band_goes_with_its_class(toml: Write) -> None:
    for written in (
        'injury_band = "120%"\ninjury_class = 2',
        '"工伤风险类别" = "二类"\n"工伤浮动档次" = "1.2"',
        '"工伤风险类别" = 2\n"浮动档次" = 1.2',
        '[[injury]]\nclass = 2\nband = "120%"',
    ):
        account = read_unit(toml(written), middle().cascade).account
        assert account is not None
        assert account.injury == (si.InjuryTerms(ALWAYS, risk_class=2, band="120%"),)


def test_each_injury_table_has_its_own_band(toml: Write) -> None:
    written = """
    [[injury]]
    class = 2
    band = "150%"
    to = "2023-12"
    [[injury]]
    class = 2
    from = "2024-01"
    to = "2025-12"
    [[injury]]
    rate = "0.16%"
    from = "2026-01"
    """
    account = read_unit(toml(written), middle().cascade).account
    assert account is not None
    assert account.injury == (
        si.InjuryTerms(si.MonthSpan("1900-01", "2023-12"), risk_class=2, band="150%"),
        si.InjuryTerms(si.MonthSpan("2024-01", "2025-12"), risk_class=2),
        si.InjuryTerms(si.MonthSpan("2026-01"), rate=si.Rate("0.16%")),
    )


def test_a_figure_is_read_as_written_and_not_as_a_float(toml: Write) -> None:
    unit = read_unit(toml("total_wages = 1234567.85\ninjury_rate = 0.0016"), middle().cascade)
    assert unit.total_wages == si.Money.yuan("1234567.85")
    assert unit.account is not None
    assert unit.account.injury[0].rate == si.Rate("0.16%")


def test_a_file_that_says_nothing_makes_no_account(toml: Write) -> None:
    assert read_unit(toml(""), middle().cascade) == UnitFile()
    only_wages = read_unit(toml("total_wages = 5"), middle().cascade)
    assert only_wages == UnitFile(None, si.Money.yuan(5))


@pytest.mark.parametrize(
    ("written", "code", "key"),
    [
        ("nmae = 'x'", "unit.key.unknown", "nmae"),
        ("name = 7", "form.cell.not-text", "name"),
        ("name = 'a'\n'单位名称' = 'b'", "unit.key.twice", "单位名称"),
        ("name = ['a', 1]", "unit.value", "name"),
        ("name = { zh = 'a' }", "unit.value", "name"),
        ("name = 2026-01-01", "form.cell.not-text", "name"),
        ("number = 1234567890123456789", "form.cell.precision", "number"),
        ("number = nan", "form.cell.precision", "number"),
        ("number = true", "form.cell.not-text", "number"),
        ('number = "a\\nb"', "form.cell.control", "number"),
        ("credit_code = '91990100MA0000001H'", "credit-code.checksum", "credit_code"),
        ("credit_code = 919901000000000000", "credit-code.precision", "credit_code"),
        ("credit_code = true", "form.cell.not-text", "credit_code"),
        ("division = '中州'", "unit.division", "division"),
        ("account_type = 'guild'", "form.code.unknown", "account_type"),
        ("injury_class = 9", "unit.injury-class", "injury_class"),
        ("injury_class = 0", "unit.injury-class", "injury_class"),
        ("injury_class = '十一类'", "unit.injury-class", "injury_class"),
        ("injury_rate = 0.2", "form.rate.ambiguous", "injury_rate"),
        ("injury_rate = '0.2%'\ninjury_class = 1", "unit.injury.twice", "injury_class"),
        ("total_wages = -1", "form.amount.negative", "total_wages"),
        ("total_wages = '12万'", "form.amount.unit", "total_wages"),
        ("total_wages = 2026-01-01", "form.amount.date", "total_wages"),
        ("insurances = ['年金']", "roster.insurance.unknown", "insurances"),
        ("size = 'tiny'", "form.code.unknown", "size"),
        ("size = 3", "form.code.unknown", "size"),
        ("size = 'small'\n'企业规模' = 'large'", "unit.key.twice", "企业规模"),
        ("trade = 'mining'", "unit.trade", "trade"),
        ("trade = 5.5", "unit.trade", "trade"),
        ("injury_band = '120%'", "unit.injury-band.alone", "injury_band"),
        ("injury_rate = '1%'\ninjury_band = '120%'", "unit.injury-band.alone", "injury_band"),
        ("injury_class = 1\ninjury_band = '高'", "unit.injury-band", "injury_band"),
        ("injury_class = 1\ninjury_band = 120", "unit.injury-band", "injury_band"),
        ("injury_class = 1\ninjury_band = '0%'", "unit.injury-band", "injury_band"),
        ("injury_class = 1\ninjury_band = '-50%'", "unit.injury-band", "injury_band"),
        ("injury_class = 1\ninjury_band = true", "unit.injury-band", "injury_band"),
        (
            "injury_class = 1\ninjury_band = '50%'\n'浮动档次' = '80%'",
            "unit.injury-band.twice",
            "浮动档次",
        ),
        ("[[injury]]\nband = '120%'", "unit.value", "injury[0]"),
        ("[[injury]]\nrate = '1%'\nband = '120%'", "unit.injury-band.alone", "injury[0].band"),
        ("[[injury]]\nclass = 2\nband = 'high'", "unit.injury-band", "injury[0].band"),
        ("injury = 1", "unit.value", "injury[0]"),
        ("[[injury]]\nfrom = '2024-01'", "unit.value", "injury[0]"),
        ("[[injury]]\nrate = '1%'\nclass = 1", "unit.value", "injury[0]"),
        ("[[injury]]\nrate = '1%'\nsince = '2024-01'", "unit.value", "injury[0]"),
        ("[[injury]]\nrate = '1%'\nfrom = '2024-13'", "unit.months", "injury[0].rate"),
        (
            "[[injury]]\nclass = 1\nfrom = '2024-02'\nto = '2024-01'",
            "unit.months",
            "injury[0].class",
        ),
        ("name = ", "unit.file", None),
        (b"name = '\xff'", "unit.file", None),
        ("a = " + "[" * 5000, "unit.file", None),
        ("name = '" + "x" * 1_000_001 + "'", "unit.file", None),
    ],
)
def test_a_key_that_cannot_be_read_is_named(
    written: str | bytes, code: str, key: str | None, toml: Write
) -> None:
    error = refusal(toml(written))
    assert (error.fault.code, error.fault.place.field) == (code, key)


def test_every_key_that_is_wrong_is_told_at_once(toml: Write) -> None:
    error = refusal(toml("nmae = 'x'\ninjury_rate = 0.2\ndivision = 'x'"))
    assert [fault.place.field for fault in error.all] == ["nmae", "injury_rate", "division"]


def test_a_missing_unit_file_is_a_fault(tmp_path: Path) -> None:
    assert refusal(tmp_path / "unit.toml").fault.code == "form.file.unreadable"


# The unit sheet ---------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["单位", "unit", "Unit", " 单 位 "])
def test_a_unit_sheet_says_the_same(title: str, with_unit: Write) -> None:
    path = with_unit(
        ("单位信息表",),
        ("项目", "内容"),
        ("单位名称", "中州某某有限公司"),
        ("*统一社会信用代码：", CODE),
        ("单位编号", "0000000001"),
        ("行政区划", 990100),
        ("参保户类型", "state-organ"),
        ("单位规模", "小型企业"),
        ("行业", "面包房"),
        ("工伤费率", 0.0016),
        ("工资总额", 1234567.8),
        ("险种", "养老、工伤"),
        ("备用", None),
        title=title,
    )
    roster = read(path)
    assert roster.faults == ()
    assert roster.account == ACCOUNT
    assert roster.total_wages == si.Money.yuan("1234567.80")


def test_a_hidden_unit_sheet_is_read_and_never_taken_for_the_roster(
    with_unit: Write,
) -> None:
    path = with_unit(ZH, ("工伤风险类别", "第一类"), title="unit")
    made = openpyxl.load_workbook(path)
    made.move_sheet("unit", -1)
    made["unit"].sheet_state = "hidden"
    made.save(path)
    roster = read(path)
    assert [entry.person.name for entry in roster] == ["张三"]
    assert roster.account is not None
    assert [terms.risk_class for terms in roster.account.injury] == [1]


def test_a_sheet_called_unit_is_the_roster_if_there_is_no_other(
    book: Write, number: Number
) -> None:
    assert len(read(book(单位=[ZH, ("张三", number(1), 5000)]))) == 1


def test_a_key_that_is_not_known_is_a_warning_with_its_place(with_unit: Write) -> None:
    path = with_unit(("单位名称", "甲"), ("法定代表人", "王五"))
    roster = read(path)
    assert roster.account == si.UnitAccount(si.Unit("甲"))
    (fault,) = roster.faults
    assert (fault.code, fault.is_error) == ("unit.key.unknown", False)
    place = fault.place
    assert (place.sheet, place.row, place.column, place.value) == ("单位", 2, "法定代表人", "王五")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("工伤费率", 0.2), "form.rate.ambiguous"),
        (("工伤费率", "=B1"), "form.cell.formula"),
        (("工伤费率", "#N/A"), "form.cell.error"),
        (("参保户类型", "行会"), "form.code.unknown"),
        (("单位规模", "巨型"), "form.code.unknown"),
        (("行业", "采矿"), "unit.trade"),
        (("工伤浮动档次", "120%"), "unit.injury-band.alone"),
        (("工伤浮动档次", "高"), "unit.injury-band"),
        (("工伤浮动档次", "120%", "去年"), "unit.months"),
        (("工伤费率", "0.2%", "去年"), "unit.months"),
        (("统一社会信用代码", 919901000000000000), "credit-code.precision"),
    ],
)
def test_a_key_that_cannot_be_read_stops_the_file_since_it_bears_on_everybody(
    row: tuple[Any, ...], code: str, with_unit: Write
) -> None:
    error = refusal(with_unit(("单位名称", "甲"), row))
    place = error.fault.place
    assert (error.fault.code, place.sheet, place.row, place.column) == (code, "单位", 2, row[0])


def test_months_of_an_injury_rate_stand_in_the_third_column(with_unit: Write) -> None:
    path = with_unit(("工伤风险类别", 1, "2020-01..2023-12"), ("工伤费率", "0.16%", "2024-01.."))
    account = read(path).account
    assert account is not None
    assert account.injury == (
        si.InjuryTerms(si.MonthSpan("2020-01", "2023-12"), risk_class=1),
        si.InjuryTerms(si.MonthSpan("2024-01"), rate=si.Rate("0.16%")),
    )


def test_a_band_that_changes_cuts_the_months_of_its_class(with_unit: Write) -> None:
    path = with_unit(
        ("工伤浮动档次", 1.2, "2021-01..2023-12"),
        ("工伤风险类别", 2, "2020-01..2024-06"),
        ("injury_band", "150%", "2024-03..2024-12"),
        ("injury_class", 3, "2024-07.."),
        ("injury_band", "50%", "2026-01..2200-12"),
    )
    account = read(path).account
    assert account is not None
    assert [(str(one.span), one.risk_class, one.band) for one in account.injury] == [
        ("2020-01..2020-12", 2, None),
        ("2021-01..2023-12", 2, si.Rate("120%")),
        ("2024-01..2024-02", 2, None),
        ("2024-03..2024-06", 2, si.Rate("150%")),
        ("2024-07..2024-12", 3, si.Rate("150%")),
        ("2025-01..2025-12", 3, None),
        ("2026-01..2200-12", 3, si.Rate("50%")),
    ]


def test_a_band_without_months_goes_with_the_class_in_its_months(with_unit: Write) -> None:
    path = with_unit(
        ("工伤风险类别", 2, "2020-01..2023-12"),
        ("工伤费率", "0.3%", "2024-01.."),
        ("工伤浮动档次", "80%"),
    )
    account = read(path).account
    assert account is not None
    assert account.injury == (
        si.InjuryTerms(si.MonthSpan("2020-01", "2023-12"), risk_class=2, band="80%"),
        si.InjuryTerms(si.MonthSpan("2024-01"), rate=si.Rate("0.3%")),
    )


def test_a_band_that_outlasts_its_class_is_not_cut_short_in_silence(with_unit: Write) -> None:
    error = refusal(
        with_unit(("工伤风险类别", 2, "2020-01..2023-12"), ("浮动档次", "80%", "2020-01..2024-01"))
    )
    assert (error.fault.code, error.fault.place.row) == ("unit.injury-band.alone", 2)


def test_a_class_that_cannot_be_read_is_not_also_told_to_be_missing(with_unit: Write) -> None:
    error = refusal(with_unit(("工伤风险类别", 9), ("浮动档次", "80%")))
    assert [fault.code for fault in error.all] == ["unit.injury-class"]


# What goes first --------------------------------------------------------------------------------


def test_what_is_given_goes_before_what_the_file_says(with_unit: Write) -> None:
    path = with_unit(("单位名称", "甲"), ("工伤费率", "0.2%"), ("工资总额", 7))
    given = si.UnitAccount(si.Unit("乙"), injury=[si.InjuryTerms(ALWAYS, risk_class=5)])

    def names_and_terms(**arguments: Any) -> tuple[str, Any, Any]:
        roster = read(path, **arguments)
        assert roster.total_wages == si.Money.yuan(7)
        assert roster.account is not None
        terms = roster.account.injury_in(MONTH)
        assert terms is not None
        return roster.account.unit.name, terms.rate, terms.risk_class

    assert names_and_terms() == ("甲", si.Rate("0.2%"), None)
    assert names_and_terms(account=given) == ("乙", None, 5)
    assert names_and_terms(injury_class=2) == ("甲", None, 2)
    assert names_and_terms(account=given, injury_rate=si.Rate("0.3%")) == (
        "乙",
        si.Rate("0.3%"),
        None,
    )


def test_size_and_trade_that_are_given_leave_the_rest_of_the_file_as_it_is(
    with_unit: Write,
) -> None:
    path = with_unit(
        ("单位名称", "甲"), ("单位规模", "大型"), ("行业", "轮渡"), ("工伤费率", "0.2%")
    )
    account = read(path, unit_size=si.UnitSize.MICRO).account
    assert account is not None
    assert account.unit == si.Unit("甲", size=si.UnitSize.MICRO, trade="ferry-transport")
    assert account.injury[0].rate == si.Rate("0.2%")
    account = read(path, trade="bakery", injury_class=2, injury_band=si.Rate("50%")).account
    assert account is not None
    assert account.unit == si.Unit("甲", size=si.UnitSize.LARGE, trade="bakery")
    assert account.injury == (si.InjuryTerms(ALWAYS, risk_class=2, band="50%"),)


def test_a_region_takes_the_same_as_text(text: Write, number: Number) -> None:
    path = text(ZH, ("甲", number(1), "5000"))
    given: dict[str, Any] = {"injury_class": 2, "injury_band": "50%"}
    roster = middle().read_roster(path, MONTH, unit_size="small", trade="bakery", **given)
    assert roster.account == si.UnitAccount(
        si.Unit("", size=si.UnitSize.SMALL, trade="bakery"),
        injury=[si.InjuryTerms(ALWAYS, risk_class=2, band="50%")],
    )


@pytest.mark.parametrize("given", [{}, {"injury_rate": si.Rate("1%")}])
def test_a_band_that_is_given_without_a_class_is_an_error_of_the_caller(
    given: dict[str, Any], text: Write, number: Number
) -> None:
    with pytest.raises(ValueError, match="class"):
        read(text(ZH, ("甲", number(1), "5000")), injury_band=si.Rate("50%"), **given)


def test_a_rate_alone_makes_an_account_without_a_name(text: Write, number: Number) -> None:
    roster = read(text(ZH, ("甲", number(1), "5000")), injury_rate=si.Rate("0.2%"))
    assert roster.account == si.UnitAccount(
        si.Unit(""), injury=[si.InjuryTerms(ALWAYS, rate=si.Rate("0.2%"))]
    )


def test_a_rate_and_a_class_at_once_are_an_error_of_the_caller(text: Write, number: Number) -> None:
    with pytest.raises(ValueError, match="one of the two"):
        read(text(ZH, ("甲", number(1), "5000")), injury_rate=si.Rate("0.2%"), injury_class=1)


def test_a_date_where_months_belong_is_no_span(with_unit: Write) -> None:
    assert refusal(with_unit(("工伤费率", "0.2%", date(2024, 1, 1)))).fault.code == "unit.months"
