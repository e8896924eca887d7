"""Rules of what was not paid, or not declared, in time: back payment, late fee, credit.

The law fixes the late fee's rate and leaves open from which day it counts, how it is rounded, and
what a credit goes to first. Each of these is a series of its own, since each has another source and
another mark.
"""

from __future__ import annotations

import attrs

from socialins.model.codes import Code, Kind
from socialins.rules.figures import Figure
from socialins.rules.keys import key
from socialins.rules.series import PerInsurances
from socialins.rules.windows import DayRule
from socialins.values import Rate, Rounding

__all__ = [
    "BackPaymentFigure",
    "BackPaymentKind",
    "BackPaymentSeries",
    "CreditOffset",
    "CreditOffsetSeries",
    "FeeCarrier",
    "FirstDay",
    "LastDay",
    "LateFeeDays",
    "LateFeeDaysSeries",
    "LateFeeRate",
    "LateFeeRateSeries",
    "LateFeeRounding",
    "LateFeeRoundingSeries",
    "Undeclared",
    "UndeclaredSeries",
]


class BackPaymentKind(Code):
    """What is paid afterwards."""

    GAP = "gap", "断缴补缴", "missed months"
    DIFFERENCE = "difference", "补差", "differences"


class FirstDay(Code):
    """The first day that a late fee counts, relative to the last day of payment."""

    DUE_DAY = "due-day", "缴费期限最后一日", "the last day of payment"
    DAY_AFTER = "day-after", "缴费期限届满次日", "the day after the last day of payment"


class LastDay(Code):
    """The last day that a late fee counts, relative to the day of payment."""

    PAYMENT_DAY = "payment-day", "缴纳当日", "the day of payment"
    DAY_BEFORE = "day-before", "缴纳前一日", "the day before payment"


class FeeCarrier(Code):
    """What one late fee is computed and rounded for."""

    CONTRIBUTION = "contribution", "逐笔", "each contribution"
    INSURANCE = "insurance", "逐险种", "each insurance"
    MONTH = "month", "按月合计", "the month as a whole"


def _some_months(_instance: object, _attribute: object, months: int | None) -> None:
    if months is not None and months < 1:
        raise ValueError(f"'months' is {months}; where nothing may be paid, leave 'kinds' empty")


@attrs.frozen(kw_only=True)
class BackPaymentFigure(Figure):
    """补缴: what of past months may be paid afterwards. Its months are those it is paid in.

    Arguments:
        kinds: missed months, differences, both; empty where nothing may be paid afterwards.
        months: how many months back at most; None where no limit is stated.
    """

    kinds: tuple[BackPaymentKind, ...] = key(doc="'gap', 'difference', both, or none at all")
    months: int | None = key(
        default=None,
        doc="How many months back at most; left out if unlimited",
        validator=_some_months,
    )

    def describe(self, lang: str = "zh") -> str:
        """The rule in words."""
        if not self.kinds:
            return "may not be paid afterwards" if lang == "en" else "不得补缴"
        kinds = (" and " if lang == "en" else "、").join(kind.title(lang) for kind in self.kinds)
        if self.months is None:
            return kinds
        return (
            f"{kinds}, at most {self.months} months back"
            if lang == "en"
            else f"{kinds}，最多往前 {self.months} 个月"
        )


@attrs.frozen(kw_only=True)
class BackPaymentSeries(PerInsurances[BackPaymentFigure]):
    """What of past months may be paid afterwards, by insurance."""

    kind = "back-payment"
    of_calendar = True
    values: tuple[BackPaymentFigure, ...] = key(doc="Rules, in order of the months of payment")


def _above_zero(_instance: object, _attribute: object, rate: Rate) -> None:
    if not 0 < rate.fraction <= 10:
        raise ValueError(f"rate {rate} is out of range; give a share above 0 %")


@attrs.frozen(kw_only=True)
class Undeclared(Figure):
    """未申报核定: what is owed for a month that was not declared.

    Arguments:
        share: of what was owed for the month before.
    """

    share: Rate = key(doc="Share of the month before, as '110%'", validator=_above_zero)

    def describe(self, lang: str = "zh") -> str:
        """The rule in words."""
        return f"{self.share} of the month before" if lang == "en" else f"上月缴费额的 {self.share}"


@attrs.frozen(kw_only=True)
class UndeclaredSeries(PerInsurances[Undeclared]):
    """What is owed for a month that was not declared, by insurance."""

    kind = "undeclared"
    of_calendar = True
    values: tuple[Undeclared, ...] = key(doc="Shares, in order of the undeclared months")


@attrs.frozen(kw_only=True)
class LateFeeRate(Figure):
    """滞纳金费率: the late fee for each day. Its months are those of the days that count.

    Arguments:
        daily: the share of the overdue amount for one day.
    """

    daily: Rate = key(doc="Share for one day, as '0.05%'", validator=_above_zero)

    def describe(self, lang: str = "zh") -> str:
        """The rate in words."""
        return f"{self.daily} a day" if lang == "en" else f"每日 {self.daily}"


@attrs.frozen(kw_only=True)
class LateFeeRateSeries(PerInsurances[LateFeeRate]):
    """Late fees for each day."""

    kind = "late-fee-rate"
    of_calendar = True
    values: tuple[LateFeeRate, ...] = key(doc="Rates, in order of the months of the days")


def _one_first(days: LateFeeDays, _attribute: object, first_on: DayRule | None) -> None:
    if (days.first is None) == (first_on is None):
        raise ValueError("give 'first' or 'first_on', one of the two")


@attrs.frozen(kw_only=True)
class LateFeeDays(Figure):
    """滞纳金起止日: from which day to which day a late fee counts, both included.

    Its months are those of the overdue contributions.

    Arguments:
        first: the first day, relative to the last day of payment.
        first_on: the first day, relative to the month of the contributions.
        last: the last day, relative to the day of payment.
    """

    first: FirstDay | None = key(default=None, doc="'due-day' or 'day-after'")
    first_on: DayRule | None = key(
        default=None,
        doc="In its place: a day relative to the month of the contributions",
        validator=_one_first,
    )
    last: LastDay = key(doc="'payment-day' or 'day-before'")

    def describe(self, lang: str = "zh") -> str:
        """The days in words."""
        if self.first is not None:
            first = self.first.title(lang)
        elif self.first_on is not None:
            first = self.first_on.describe(lang)
        last = self.last.title(lang)
        return f"from {first} to {last}" if lang == "en" else f"自{first}至{last}"


@attrs.frozen(kw_only=True)
class LateFeeDaysSeries(PerInsurances[LateFeeDays]):
    """Which days count for a late fee."""

    kind = "late-fee-days"
    of_calendar = True
    values: tuple[LateFeeDays, ...] = key(doc="Rules, in order of the overdue months")


@attrs.frozen(kw_only=True)
class LateFeeRounding(Figure):
    """滞纳金进位: for what one late fee is computed, and how it is rounded.

    Its months are those of the overdue contributions.

    Arguments:
        per: each contribution, each insurance of a month, or the month as a whole.
        rounding: how the fee is rounded.
    """

    per: FeeCarrier = key(doc="'contribution', 'insurance' or 'month'")
    rounding: Rounding = key(doc="Kind of rounding")

    def describe(self, lang: str = "zh") -> str:
        """The rule in words."""
        joint = ", " if lang == "en" else "，"
        return f"{self.per.title(lang)}{joint}{self.rounding.title(lang)}"


@attrs.frozen(kw_only=True)
class LateFeeRoundingSeries(PerInsurances[LateFeeRounding]):
    """For what a late fee is computed, and how it is rounded."""

    kind = "late-fee-rounding"
    of_calendar = True
    values: tuple[LateFeeRounding, ...] = key(doc="Rules, in order of the overdue months")


def _each_once(_instance: object, _attribute: object, kinds: tuple[Kind, ...]) -> None:
    if not kinds or len(set(kinds)) != len(kinds):
        raise ValueError("name each kind of amount once, in order")


@attrs.frozen(kw_only=True)
class CreditOffset(Figure):
    """待转金冲抵: what a unit's credit balance goes to, in order. Its months are those of the plan.

    Arguments:
        kinds: kinds of amounts, the first to be offset first; within a kind the oldest month goes
            first. What is not named is not offset.
    """

    kinds: tuple[Kind, ...] = key(doc="Kinds of amounts in order", validator=_each_once)

    def describe(self, lang: str = "zh") -> str:
        """The order in words."""
        joint = ", then " if lang == "en" else "，再"
        return joint.join(kind.title(lang) for kind in self.kinds)


@attrs.frozen(kw_only=True)
class CreditOffsetSeries(PerInsurances[CreditOffset]):
    """What a credit balance goes to first."""

    kind = "credit-offset"
    of_calendar = True
    values: tuple[CreditOffset, ...] = key(doc="Orders, in order of the months of the plan")
