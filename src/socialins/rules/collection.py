"""Collecting (征缴): how what was assessed reaches the tax side, and how it is paid there.

On which days something is deducted, and until when it must be paid, are windows like any other
(`collection.deduct`, `collection.declare`); what they don't say stands here. A region's levels are
put together key by key, as businesses are. What nobody says stays unknown: the rules hold no
default for it, and deciding takes the careful answer or warns.
"""

from __future__ import annotations

import attrs

from socialins.model.codes import Code
from socialins.rules.figures import ordered
from socialins.rules.keys import key, said_by
from socialins.rules.windows import DayRule
from socialins.values import Month, MonthSpan

__all__ = ["Collecting", "CollectionMode", "Handover", "ModeRule", "VoidPlace"]


class CollectionMode(Code):
    """征缴方式: who says what is owed, and how it comes to the tax side."""

    ASSESSED = "assessed", "核定征收", "assessed", "核定"
    SELF_DECLARED = "self-declared", "自行申报", "self-declared"
    SPECIAL = "special", "特殊缴费", "special payment"


class Handover(Code):
    """When an assessment reaches the tax side (核定数据传递)."""

    DAILY_MIDNIGHT = (
        "daily-midnight",
        "每日零点传递，次日可缴",
        "at midnight, payable from the next day",
    )
    AT_ONCE = "at-once", "实时传递", "at once"


class VoidPlace(Code):
    """Where a printed voucher is voided (凭证作废)."""

    BUREAU = "bureau", "只能在税务局端作废", "only at the tax bureau"
    UNIT = "unit", "单位可自行作废", "by the unit itself"


def _some(_instance: object, _attribute: object, insurances: tuple[str, ...]) -> None:
    if not insurances:
        raise ValueError("name at least one insurance, or '*'")


@attrs.frozen(kw_only=True)
class ModeRule:
    """In which way some insurances are collected, over a span of months."""

    insurances: tuple[str, ...] = key(doc="Ids of the insurances, or '*'", validator=_some)
    start: Month = key(name="from", doc="First month")
    end: Month | None = key(
        name="to", default=None, doc="Last month; left out if open", validator=ordered
    )
    mode: CollectionMode = key(doc="'assessed', 'self-declared' or 'special'")
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources that say so")

    def holds(self, insurance: str, month: Month) -> bool:
        """Whether it speaks of an insurance in a month."""
        named = insurance in self.insurances or "*" in self.insurances
        return named and month in MonthSpan(self.start, self.end)


def _a_day_or_more(_instance: object, _attribute: object, days: int | None) -> None:
    if days is not None and days < 0:
        raise ValueError(f"a voucher can't end {-days} days before it is printed")


@attrs.frozen(kw_only=True)
class Collecting:
    """征缴规则: every key may be left to other levels.

    Arguments:
        handover: when an assessment reaches the tax side.
        modes: in which way insurances are collected; the first that fits counts.
        credited: the day, relative to the month of collection, on which a deduction shows on the
            account.
        part_payment: whether less than what is open may be paid.
        voucher_days: for how many days after printing a bank voucher can be paid (限缴日期).
        void_voucher: where a printed voucher is voided.
        sources: ids of the documents that say so.
    """

    handover: Handover | None = key(default=None, doc="'daily-midnight' or 'at-once'")
    modes: tuple[ModeRule, ...] = key(default=(), doc="Ways of collecting; the first that fits")
    credited: DayRule | None = key(default=None, doc="Day on which a deduction is credited")
    part_payment: bool | None = key(default=None, doc="Whether a part of it may be paid")
    voucher_days: int | None = key(
        default=None, doc="Days after printing until which it is valid", validator=_a_day_or_more
    )
    void_voucher: VoidPlace | None = key(default=None, doc="'bureau' or 'unit'")
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources that say so")

    def over(self, farther: Collecting) -> Collecting:
        """This table over a farther level's: what is said here comes first, key by key.

        >>> city = Collecting(handover=Handover.AT_ONCE)
        >>> country = Collecting(handover=Handover.DAILY_MIDNIGHT, part_payment=False)
        >>> found = city.over(country)
        >>> found.handover.value, found.part_payment
        ('at-once', False)
        """
        # A nearer level's ways come first, and leave to the farther ones what they don't name.
        return attrs.evolve(farther, **{**said_by(self), "modes": (*self.modes, *farther.modes)})

    def mode(self, insurance: str, month: Month) -> CollectionMode | None:
        """In which way an insurance is collected in a month; None where nobody says.

        >>> tax = ModeRule(insurances=("*",), start=Month(2024, 1), mode="self-declared")
        >>> Collecting(modes=(tax,)).mode("pension", Month(2023, 12)) is None
        True
        """
        return next((rule.mode for rule in self.modes if rule.holds(insurance, month)), None)
