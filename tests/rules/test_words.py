"""Words: what an explanation says of a figure has to be the figure, in both languages.

An employee who complains reads these words and no table; a window told a month off is missed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from socialins.model import Household, UnitSize
from socialins.model.codes import Kind
from socialins.rules import (
    Bounds,
    ContributionMonths,
    Coverage,
    Figure,
    FixedSum,
    InjuryBands,
    InjuryClasses,
    InjuryMultiplier,
    Mark,
    Operand,
    RateFigure,
    RetirementFigure,
    RoundingFigure,
    Source,
    Status,
    UnitBase,
    UnitBasis,
    Who,
)
from socialins.rules.arrears import (
    BackPaymentFigure,
    BackPaymentKind,
    CreditOffset,
    FeeCarrier,
    FirstDay,
    LastDay,
    LateFeeDays,
    LateFeeRate,
    LateFeeRounding,
    Undeclared,
)
from socialins.rules.business import (
    AfterRejection,
    Channel,
    Handling,
    LateChanges,
    Material,
    RosterEffect,
)
from socialins.rules.gaps import GapKind
from socialins.rules.relief import Deferral, Relief
from socialins.rules.windows import DayRule, Interval, Shift, WindowFigure
from socialins.values import Money, Month, Rate, Rounding

PLAIN: dict[str, Any] = {"start": Month(2020, 1), "sources": ("s",), "mark": Mark.A}
FIRST, LAST = DayRule(day=5), DayRule(day=25)

FIGURES: list[tuple[Figure, str, str]] = [
    (
        Bounds(floor=Money.yuan("7162"), cap=Money.yuan("35811"), **PLAIN),
        "下限 7,162.00，上限 35,811.00",
        "floor 7,162.00, cap 35,811.00",
    ),
    (Bounds(floor="none", cap=Money(1), **PLAIN), "下限 无，上限 0.01", "floor none, cap 0.01"),
    (RateFigure(rate=Rate("9.8%"), **PLAIN), "9.8%", "9.8%"),
    (RateFigure(none=True, **PLAIN), "不征收", "not collected"),
    (
        RateFigure(operand=Operand.INJURY_RATE, **PLAIN),
        "参保户工伤费率",
        "the account's injury rate",
    ),
    (FixedSum(amount=Money(300), **PLAIN), "每月 3.00", "3.00 a month"),
    (
        FixedSum(amount=Money(300), months=(1, 7), **PLAIN),
        "1/7 月收 3.00",
        "3.00 in month 1/7",
    ),
    (
        FixedSum(by_month=(Money(100), *[Money(200)] * 11), **PLAIN),
        "按月份 1.00/" + "/".join(["2.00"] * 11),
        "by calendar month 1.00/" + "/".join(["2.00"] * 11),
    ),
    (
        RoundingFigure(rounding=Rounding.HALF_UP_FEN, **PLAIN),
        "四舍五入到分",
        "half up to the fen",
    ),
    (
        UnitBase(basis=UnitBasis.SUM_OF_BASES, **PLAIN),
        "职工缴费基数之和",
        "the sum of the persons' bases",
    ),
    (Coverage(insurances=("pension", "injury"), **PLAIN), "pension、injury", "pension, injury"),
    (
        InjuryClasses(rates={"1": Rate("0.2%"), "8": Rate("1.9%")}, **PLAIN),
        "1类 0.2%，8类 1.9%",
        "class 1 0.2%, class 8 1.9%",
    ),
    (
        InjuryBands(bands={"1": (Rate(1), Rate("1.2")), "2": (Rate(1),)}, **PLAIN),
        "1类 100%/120%，2类 100%",
        "class 1 100%/120%, class 2 100%",
    ),
    (InjuryMultiplier(multiplier=Rate("80%"), **PLAIN), "行业费率 × 80%", "class rates × 80%"),
    (RetirementFigure(age=60, **PLAIN), "60周岁", "at 60"),
    (
        RetirementFigure(
            age=60, limit=63, births_per_month=4, early_years=3, late_years=2, **PLAIN
        ),
        "60周岁起，2020-01起出生的每4个月延迟1个月，至63周岁；可提前不超过3年，延迟不超过2年",
        (
            "60, a month later for every 4 months of birth from 2020-01 on, up to 63; "
            "up to 3 years earlier, 2 later"
        ),
    ),
    (ContributionMonths(months=186, **PLAIN), "15.5年", "15.5 years"),
    (Relief(pays=Rate(0), **PLAIN), "免征", "exempt"),
    (Relief(pays=Rate("50%"), **PLAIN), "按 50% 征收", "50% is collected"),
    (
        Deferral(**PLAIN),
        "可缓缴，补缴期限未见，免收滞纳金",
        "payment may be put off to a day not stated, no late fee",
    ),
    (
        Deferral(pay_by=Month(2023, 12), late_fee=True, **PLAIN),
        "可缓缴，最迟 2023-12 底缴纳，照收滞纳金",
        "payment may be put off to the end of 2023-12, with late fee",
    ),
    (BackPaymentFigure(kinds=(), **PLAIN), "不得补缴", "may not be paid afterwards"),
    (
        BackPaymentFigure(kinds=(BackPaymentKind.GAP,), months=3, **PLAIN),
        "断缴补缴，最多往前 3 个月",
        "missed months, at most 3 months back",
    ),
    (
        BackPaymentFigure(kinds=tuple(BackPaymentKind), **PLAIN),
        "断缴补缴、补差",
        "missed months and differences",
    ),
    (Undeclared(share=Rate("110%"), **PLAIN), "上月缴费额的 110%", "110% of the month before"),
    (LateFeeRate(daily=Rate("0.05%"), **PLAIN), "每日 0.05%", "0.05% a day"),
    (
        LateFeeDays(first=FirstDay.DAY_AFTER, last=LastDay.DAY_BEFORE, **PLAIN),
        "自缴费期限届满次日至缴纳前一日",
        "from the day after the last day of payment to the day before payment",
    ),
    (
        LateFeeDays(first_on=DayRule(day=1, month=1), last=LastDay.PAYMENT_DAY, **PLAIN),
        "自次月1日至缴纳当日",
        "from the 1st of the next month to the day of payment",
    ),
    (
        LateFeeRounding(per=FeeCarrier.MONTH, rounding=Rounding.HALF_UP_FEN, **PLAIN),
        "按月合计，四舍五入到分",
        "the month as a whole, half up to the fen",
    ),
    (
        CreditOffset(kinds=(Kind.REGULAR, Kind.REFUND), **PLAIN),
        f"{Kind.REGULAR.title('zh')}，再{Kind.REFUND.title('zh')}",
        f"{Kind.REGULAR.title('en')}, then {Kind.REFUND.title('en')}",
    ),
    (
        WindowFigure(
            intervals=(
                Interval(first=FIRST, last=LAST),
                Interval(first=DayRule(day="last"), last=DayRule(day=3, month=1)),
            ),
            **PLAIN,
        ),
        "5日至25日；月末至次月3日",
        "the 5th to the 25th and the last day to the 3rd of the next month",
    ),
]


@pytest.mark.parametrize(("figure", "zh", "en"), FIGURES, ids=[en[:40] for _, _, en in FIGURES])
def test_a_figure_in_words_is_the_figure(figure: Figure, zh: str, en: str) -> None:
    assert figure.describe() == figure.describe("zh") == zh
    assert figure.describe("en") == en


DAYS: list[tuple[DayRule, str, str]] = [
    (DayRule(day=1), "1日", "the 1st"),
    (DayRule(day=2), "2日", "the 2nd"),
    (DayRule(day=3), "3日", "the 3rd"),
    (DayRule(day=4), "4日", "the 4th"),
    (DayRule(day=11), "11日", "the 11th"),
    (DayRule(day=12), "12日", "the 12th"),
    (DayRule(day=13), "13日", "the 13th"),
    (DayRule(day=21), "21日", "the 21st"),
    (DayRule(day=22), "22日", "the 22nd"),
    (DayRule(day=23), "23日", "the 23rd"),
    (DayRule(day=31), "31日", "the 31st"),
    (DayRule(day="last"), "月末", "the last day"),
    (DayRule(day=26, month=-1), "上月26日", "the 26th of the month before"),
    (DayRule(day=26, month=1), "次月26日", "the 26th of the next month"),
    (DayRule(day=26, month=-2), "-2个月26日", "the 26th -2 months"),
    (DayRule(day=26, month=3), "+3个月26日", "the 26th +3 months"),
    (DayRule(day="last", plus=-5), "月末-5天", "the last day -5 days"),
    (DayRule(day=1, month=1, plus=2), "次月1日+2天", "the 1st of the next month +2 days"),
    (
        DayRule(day=25, workday=Shift.NEXT),
        "25日（遇非工作日顺延）",
        "the 25th (moved to the next workday)",
    ),
    (
        DayRule(day="last", workday=Shift.PREVIOUS),
        "月末（该日及以前最后一个工作日）",
        "the last day (the last workday within it)",
    ),
]


@pytest.mark.parametrize(("rule", "zh", "en"), DAYS, ids=[en for *_, en in DAYS])
def test_a_day_in_words_is_that_day(rule: DayRule, zh: str, en: str) -> None:
    assert rule.describe() == rule.describe("zh") == zh
    assert rule.describe("en") == en


INTERVALS: list[tuple[dict[str, str], str, str]] = [
    ({}, "5日至25日", "the 5th to the 25th"),
    ({"opens_at": "08:00"}, "5日 08:00至25日", "the 5th 08:00 to the 25th"),
    ({"closes_at": "22:00"}, "5日至25日 22:00", "the 5th to the 25th 22:00"),
    (
        {"daily_from": "08:30", "daily_to": "18:00"},
        "5日至25日，每日 08:30–18:00",
        "the 5th to the 25th, 08:30–18:00 each day",
    ),
]


@pytest.mark.parametrize(("hours", "zh", "en"), INTERVALS, ids=[en for *_, en in INTERVALS])
def test_an_interval_in_words_has_its_hours(hours: dict[str, str], zh: str, en: str) -> None:
    interval = Interval(first=FIRST, last=LAST, **hours)
    assert interval.describe() == interval.describe("zh") == zh
    assert interval.describe("en") == en


CODES: list[Any] = [
    *Mark,
    *Status,
    *GapKind,
    *Shift,
    *UnitBasis,
    *Operand,
    *BackPaymentKind,
    *FirstDay,
    *LastDay,
    *FeeCarrier,
    *Handling,
    *Channel,
    *AfterRejection,
    *RosterEffect,
    *LateChanges,
]


@pytest.mark.parametrize("kind", CODES, ids=repr)
def test_a_word_of_either_language_is_not_the_others(kind: Any) -> None:
    if kind is Status.CONFIRMED:  # what is usual needs no word
        assert (kind.title(), kind.title("en")) == ("", "")
        return
    assert kind.title() == kind.title("zh")
    assert not kind.title("zh").isascii()
    assert kind.title("en").isascii()


SOURCES: list[tuple[Source, str, str]] = [
    (Source(title="某表", seen="-"), "《某表》", "某表"),
    (Source(title="某表", number="1号", seen="-"), "《某表》（1号）", "某表 (1号)"),
    (
        Source(title="某表", issuer="某局", issued=date(2026, 6, 30), seen="-"),
        "《某表》（某局，2026-06-30）",
        "某表 (某局, 2026-06-30)",
    ),
]


@pytest.mark.parametrize(("source", "zh", "en"), SOURCES, ids=[en for *_, en in SOURCES])
def test_a_document_is_named_by_what_was_seen_of_it(source: Source, zh: str, en: str) -> None:
    assert source.describe() == source.describe("zh") == zh
    assert source.describe("en") == en


def test_for_whom_a_figure_holds_is_told_in_the_same_order_every_time() -> None:
    who = Who(
        household=frozenset({Household.RURAL_LOCAL, Household.FOREIGN}),
        unit_size=frozenset({UnitSize.SMALL}),
    )
    assert who.describe() == who.describe("zh")
    assert who.describe("en") == (
        f"{Household.FOREIGN.title('en')}/{Household.RURAL_LOCAL.title('en')}, "
        f"{UnitSize.SMALL.title('en')}"
    )
    assert who.describe("zh").count("，") == 1
    assert who.describe("zh").count("/") == 1


def test_a_paper_is_named_in_the_language_asked_for() -> None:
    material = Material(zh="合同", en="contract")
    assert (material.get("zh"), material.get("en")) == ("合同", "contract")


def test_a_trade_is_told_by_its_id() -> None:
    assert Who(trade=frozenset({"catering"})).describe() == "catering"
