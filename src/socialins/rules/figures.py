"""Figures: the dated values that rules are made of.

Each figure says for which months it holds, since when it was known, what it rests on, and how well
that is confirmed. What kind of value it is, is the only difference between the classes below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

import attrs

from socialins.rules.keys import key
from socialins.rules.source import Mark, Text
from socialins.values import Money, Month, MonthSpan, Rate, Rounding

__all__ = [
    "Bounds",
    "Coverage",
    "Figure",
    "FixedSum",
    "InjuryClasses",
    "Operand",
    "RateFigure",
    "RoundingFigure",
    "UnitBase",
    "UnitBasis",
    "ordered",
]


def ordered(part: Any, _attribute: object, end: Month | None) -> None:
    """Let nothing end before it begins: a validator of ``end``."""
    if end is not None and end < part.start:
        raise ValueError(f"'to' {end} lies before 'from' {part.start}")


@attrs.frozen(kw_only=True)
class Figure:
    """What every figure carries.

    Arguments:
        start: the first month it holds for.
        end: the last month; None while no end is known.
        sources: ids of the documents it rests on.
        mark: how well the value is confirmed.
        dates_mark: how well the months are confirmed, where that differs.
        announced: the day it was announced; without one it counts as known from its first month.
        last_confirmed: the day it was last seen to hold, though unchanged.
        revises: it takes the place of figures announced earlier for the same months.
        provisional_until_announced: id of the source that says this figure goes on after its end
            until the next is announced.
        carry_months: how many months lenient settling may carry it past its end.
        derived: how the value was computed, where it was not itself seen.
        note: what to know when using it.
    """

    start: Month = key(name="from", doc="First month, as '2026-07'")
    end: Month | None = key(
        name="to",
        default=None,
        doc="Last month; left out while no end is known",
        validator=ordered,
    )
    sources: tuple[str, ...] = key(doc="Ids of the sources it rests on")
    mark: Mark = key(doc="A official text, B secondary, C unconfirmed")
    dates_mark: Mark | None = key(default=None, doc="Mark of the months, where it differs")
    announced: date | None = key(default=None, doc="Day it was announced")
    last_confirmed: date | None = key(default=None, doc="Day it was last seen to hold")
    revises: bool = key(
        default=False, doc="Takes the place of figures announced earlier for the same months"
    )
    provisional_until_announced: str = key(
        default="", doc="Source saying that it goes on until the next one is announced"
    )
    carry_months: int = key(
        default=12, doc="Months that lenient settling may carry it past its end"
    )
    derived: str = key(default="", doc="How it was computed, where it was not itself seen")
    note: Text | None = key(default=None, doc="What to know when using it")

    @cached_property
    def span(self) -> MonthSpan:
        """The months it holds for."""
        return MonthSpan(self.start, self.end)

    @property
    def known_from(self) -> date:
        """The day it counts as known from: its announcement, else its first month's first day."""
        return self.announced or self.start.first_day

    def describe(self, lang: str = "zh") -> str:
        """The value in words."""
        raise NotImplementedError

    @property
    def weakest_mark(self) -> Mark:
        """The weaker of the marks of value and months."""
        return max(self.mark, self.dates_mark or self.mark)


NO_CAP: Literal["none"] = "none"


def _not_negative(amounts: Iterable[Money | str | None]) -> None:
    for amount in amounts:
        if isinstance(amount, Money) and amount.fen < 0:
            raise ValueError(f"{amount} is negative; nobody's base or sum is")


def _cap_above_floor(bounds: Bounds, _attribute: object, cap: Money | Literal["none"]) -> None:
    _not_negative((bounds.floor, cap))
    if isinstance(cap, Money) and isinstance(bounds.floor, Money) and cap < bounds.floor:
        raise ValueError(f"floor {bounds.floor} lies above cap {cap}")


@attrs.frozen(kw_only=True)
class Bounds(Figure):
    """基数上下限: the floor and the cap of a base, per month.

    Arguments:
        floor: the lowest base; ``"none"`` where a source says there is none.
        cap: the highest base; ``"none"`` where a source says there is none.
    """

    floor: Money | Literal["none"] = key(
        doc="Lowest base in yuan, as text; 'none' if there is none"
    )
    cap: Money | Literal["none"] = key(
        doc="Highest base in yuan, as text; 'none' if there is none", validator=_cap_above_floor
    )

    @property
    def floor_fen(self) -> int | None:
        """The floor in fen, or None."""
        return self.floor.fen if isinstance(self.floor, Money) else None

    @property
    def cap_fen(self) -> int | None:
        """The cap in fen, or None."""
        return self.cap.fen if isinstance(self.cap, Money) else None

    def describe(self, lang: str = "zh") -> str:
        """The bounds in words."""
        none = "none" if lang == "en" else "无"
        floor, cap = (f"{x:,}" if isinstance(x, Money) else none for x in (self.floor, self.cap))
        return f"floor {floor}, cap {cap}" if lang == "en" else f"下限 {floor}，上限 {cap}"


class Operand(StrEnum):
    """A rate that comes from the account rather than from the region."""

    INJURY_RATE = "injury-rate"

    def title(self, lang: str = "zh") -> str:
        """The operand in words."""
        return "the account's injury rate" if lang == "en" else "参保户工伤费率"


def _one_of_three(figure: RateFigure, _attribute: object, _value: object) -> None:
    given = [figure.rate is not None, figure.operand is not None, figure.none]
    if sum(given) != 1:
        raise ValueError("give one of 'rate', 'operand' and 'none'")
    if figure.rate is not None:
        _no_more_than_all(figure.rate)


def _no_more_than_all(rate: Rate) -> None:
    if not 0 <= rate.fraction <= 1:
        raise ValueError(f"rate {rate} lies outside 0 % to 100 %")


@attrs.frozen(kw_only=True)
class RateFigure(Figure):
    """费率: a rate; or the name of an operand; or the statement that nothing is collected.

    Arguments:
        rate: the rate.
        operand: the account's own figure that takes the rate's place.
        none: nothing is collected in these months (an insurance that was merged, for one).
    """

    rate: Rate | None = key(default=None, doc="The rate, as '9.8%'")
    operand: Operand | None = key(default=None, doc="The account's own figure in its place")
    none: bool = key(
        default=False, doc="True: nothing is collected in these months", validator=_one_of_three
    )

    def describe(self, lang: str = "zh") -> str:
        """The rate in words."""
        if self.none:
            return "not collected" if lang == "en" else "不征收"
        if self.operand is not None:
            return self.operand.title(lang)
        return str(self.rate)


def _twelve(_instance: object, _attribute: object, value: tuple[Money, ...]) -> None:
    if len(value) not in (0, 12):
        raise ValueError(f"'by_month' has {len(value)} amounts; give twelve, January first")


def _real_months(_instance: object, _attribute: object, value: tuple[int, ...]) -> None:
    if wrong := [month for month in value if not 1 <= month <= 12]:
        raise ValueError(f"month {wrong[0]} does not exist; months run from 1 to 12")


def _amount_or_table(figure: FixedSum, _attribute: object, amount: Money | None) -> None:
    if (amount is None) == (not figure.by_month):
        raise ValueError("give 'amount' or 'by_month', one of the two")
    if figure.by_month and figure.months:
        raise ValueError("'months' goes with 'amount', not with 'by_month'")
    _not_negative((amount, *figure.by_month))


@attrs.frozen(kw_only=True)
class FixedSum(Figure):
    """定额: a sum that is added to what base and rate give.

    A monthly sum has an ``amount``; a yearly one has an ``amount`` and the ``months`` it is
    collected in; one that differs by calendar month has ``by_month``.

    Arguments:
        by_month: twelve amounts, January first.
        months: the calendar months the amount is collected in; empty for every month.
        amount: the amount.
    """

    by_month: tuple[Money, ...] = key(
        default=(), doc="Twelve amounts in yuan, January first", validator=_twelve
    )
    months: tuple[int, ...] = key(
        default=(),
        doc="Calendar months it is collected in; every month if left out",
        validator=_real_months,
    )
    amount: Money | None = key(default=None, doc="Amount in yuan", validator=_amount_or_table)

    def due_in(self, month: Month) -> Money:
        """The sum of a month."""
        if self.by_month:
            return self.by_month[month.month - 1]
        if self.amount is None or (self.months and month.month not in self.months):
            return Money(0)
        return self.amount

    def describe(self, lang: str = "zh") -> str:
        """The sum in words."""
        if self.by_month:
            listed = "/".join(str(amount) for amount in self.by_month)
            return f"by calendar month {listed}" if lang == "en" else f"按月份 {listed}"
        when = "/".join(str(month) for month in self.months)
        if not when:
            return f"{self.amount} a month" if lang == "en" else f"每月 {self.amount}"
        return f"{self.amount} in month {when}" if lang == "en" else f"{when} 月收 {self.amount}"


@attrs.frozen(kw_only=True)
class RoundingFigure(Figure):
    """进位方式: how a base or an amount is rounded."""

    rounding: Rounding = key(doc="Kind of rounding")

    def describe(self, lang: str = "zh") -> str:
        """The rounding in words."""
        return self.rounding.title(lang)


def _real_classes(_instance: object, _attribute: object, rates: Mapping[str, Rate]) -> None:
    wrong = [name for name in rates if name not in {"1", "2", "3", "4", "5", "6", "7", "8"}]
    if wrong:
        raise ValueError(f"injury class {wrong[0]!r} does not exist; classes run from 1 to 8")
    for rate in rates.values():
        _no_more_than_all(rate)


@attrs.frozen(kw_only=True)
class InjuryClasses(Figure):
    """工伤行业费率: the rate of each risk class that is known."""

    rates: dict[str, Rate] = key(doc="Class '1' to '8' and its rate", validator=_real_classes)

    def describe(self, lang: str = "zh") -> str:
        """The table in words."""
        word = "class" if lang == "en" else "类"
        if lang == "en":
            return ", ".join(f"{word} {name} {rate}" for name, rate in self.rates.items())
        return "，".join(f"{name}{word} {rate}" for name, rate in self.rates.items())


class UnitBasis(StrEnum):
    """What a unit's share rests on (单位缴费基数口径)."""

    PERSONS = "persons"
    SUM_OF_BASES = "sum-of-bases"
    TOTAL_WAGES = "total-wages"
    LARGER = "larger"

    def title(self, lang: str = "zh") -> str:
        """The basis in words."""
        return _BASES[self][lang == "en"]


_BASES = {
    UnitBasis.PERSONS: ("逐人计算后加总", "each person's amount, summed"),
    UnitBasis.SUM_OF_BASES: ("职工缴费基数之和", "the sum of the persons' bases"),
    UnitBasis.TOTAL_WAGES: ("单位工资总额", "the unit's total wages"),
    UnitBasis.LARGER: (
        "基数之和与工资总额的较大者",
        "the larger of the bases' sum and total wages",
    ),
}


@attrs.frozen(kw_only=True)
class UnitBase(Figure):
    """单位基数: what the unit's share of an insurance rests on."""

    basis: UnitBasis = key(doc="What the unit's share rests on")

    def describe(self, lang: str = "zh") -> str:
        """The basis in words."""
        return self.basis.title(lang)


@attrs.frozen(kw_only=True)
class Coverage(Figure):
    """参保范围: which insurances hold for a class of persons."""

    insurances: tuple[str, ...] = key(doc="Ids of the insurances that hold")

    def describe(self, lang: str = "zh") -> str:
        """The insurances by id."""
        return (", " if lang == "en" else "、").join(self.insurances)
