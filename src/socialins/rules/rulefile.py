"""RuleFile: what one TOML file of a region may hold.

A division's rules may be spread over as many files as its author likes; each names the division it
speaks for. These classes are the whole format: the loader reads by them, and the JSON Schema for
editors is made from them.
"""

from __future__ import annotations

import re

import attrs

from socialins.identity import NumberShape
from socialins.identity.plain import LONGEST
from socialins.model.insurance import is_id
from socialins.rules.access import AccessTerms
from socialins.rules.arrears import (
    BackPaymentSeries,
    CreditOffsetSeries,
    LateFeeDaysSeries,
    LateFeeRateSeries,
    LateFeeRoundingSeries,
    UndeclaredSeries,
)
from socialins.rules.attachment import AttachmentRule
from socialins.rules.business import Business, ClosingRules
from socialins.rules.card import CardRules
from socialins.rules.collection import Collecting
from socialins.rules.figures import ordered
from socialins.rules.injury import InjuryBandSeries, InjuryMultiplierSeries
from socialins.rules.keys import key
from socialins.rules.relief import DeferralSeries, ReliefSeries
from socialins.rules.retirement import ContributionMonthsSeries, RetirementSeries
from socialins.rules.series import (
    AmountRoundingSeries,
    BaseRoundingSeries,
    BoundsSeries,
    CoverageSeries,
    FixedSeries,
    InjuryClassSeries,
    RateSeries,
    Series,
    UnitBaseSeries,
)
from socialins.rules.signing import SigningRules
from socialins.rules.source import Source, Text
from socialins.rules.windows import WindowSeries
from socialins.values import Month, MonthSpan

__all__ = [
    "COUNTRY",
    "AttachmentRule",
    "BackEnd",
    "Bundle",
    "Business",
    "CardRules",
    "Caveat",
    "InsuranceTitle",
    "ItemTitle",
    "NumberShapeRule",
    "RegionNames",
    "RuleFile",
    "TradeTitle",
    "is_division",
]

COUNTRY = "000000"
"""The division code of the country, where every cascade ends."""

_DIVISION = re.compile(r"\d{6}\Z")


def is_division(text: str) -> bool:
    """Whether a text has the shape of a GB/T 2260 code."""
    return _DIVISION.match(text) is not None


def _division(_instance: object, _attribute: object, value: str) -> None:
    if not is_division(value):
        raise ValueError(f"{value!r} is no division code; write six digits, such as '990100'")


def _id(_instance: object, _attribute: object, value: str) -> None:
    if not is_id(value):
        raise ValueError(f"{value!r} can't be an id; use lower-case words joined by hyphens")


@attrs.frozen(kw_only=True)
class RegionNames:
    """How a division is called.

    Arguments:
        slug: the name that code uses.
        name: the short name that people use.
        also: further names it is found by: full names, older names, slugs.
    """

    slug: str = key(doc="Name that code uses: lower-case words and hyphens", validator=_id)
    name: Text = key(doc="Short name")
    also: tuple[str, ...] = key(default=(), doc="Further names it is found by")


@attrs.frozen(kw_only=True)
class InsuranceTitle:
    """The title of an insurance."""

    id: str = key(doc="Id of the insurance", validator=_id)
    title: Text = key(doc="Its title")
    words: tuple[str, ...] = key(default=(), doc="Further words it is read from in a roster")


@attrs.frozen(kw_only=True)
class ItemTitle:
    """The title of an item (品目) of an insurance."""

    insurance: str = key(doc="Id of the insurance", validator=_id)
    id: str = key(doc="Id of the item", validator=_id)
    title: Text = key(doc="Its title")


@attrs.frozen(kw_only=True)
class Bundle:
    """Insurances that go together under a word (四险, 五险)."""

    words: tuple[str, ...] = key(doc="Words it is read from in a roster")
    insurances: tuple[str, ...] = key(doc="Ids of the insurances")


@attrs.frozen(kw_only=True)
class TradeTitle:
    """行业: a trade that some rule tells apart."""

    id: str = key(doc="Id of the trade", validator=_id)
    title: Text = key(doc="Its name")
    words: tuple[str, ...] = key(default=(), doc="Further words it is read from")


@attrs.frozen(kw_only=True)
class BackEnd:
    """后台系统: a system of the bureau's that settles some of the insurances of one declaration."""

    id: str = key(doc="Id of the system", validator=_id)
    title: Text = key(doc="Its name")
    insurances: tuple[str, ...] = key(doc="Ids of the insurances it settles")
    source: str = key(doc="Id of the source that says so")


@attrs.frozen(kw_only=True)
class Caveat:
    """What the files don't yet express for some months, told with every result that it touches."""

    start: Month = key(name="from", doc="First month")
    end: Month | None = key(
        name="to", default=None, doc="Last month; left out if open", validator=ordered
    )
    insurances: tuple[str, ...] = key(doc="Ids of the insurances it touches, or '*'")
    text: Text = key(doc="What is not expressed")

    @property
    def span(self) -> MonthSpan:
        """The months."""
        return MonthSpan(self.start, self.end)


@attrs.frozen(kw_only=True)
class NumberShapeRule:
    """The shape of a bureau number that a region states.

    Arguments:
        id: what the number is: ``unit-number``, ``key-id``, …
        title: its name.
        length: how many characters.
        letters: whether letters may stand in it.
        pad_from: the length of an older form that is filled up in front with zeros.
        source: id of the source.
    """

    id: str = key(doc="What the number is", validator=_id)
    title: Text = key(doc="Its name")
    length: int = key(doc="How many characters")
    letters: bool = key(default=False, doc="Whether letters may stand in it")
    pad_from: int | None = key(default=None, doc="Length of an older form, filled with zeros")
    source: str = key(doc="Id of the source")

    def shape(self) -> NumberShape:
        """The shape that numbers are checked by.

        Raises:
            ValueError: if no number could have it.
        """
        padding = "000"
        if self.pad_from is not None:
            # Bounded before the lengths are checked: a slip of the pen is no gigabyte of zeros.
            padding = "0" * max(0, min(self.length - self.pad_from, LONGEST))
        return NumberShape(
            zh=self.title.zh,
            en=self.title.en,
            length=self.length,
            alphabet="letters-digits" if self.letters else "digits",
            pad_with=padding,
            pad_from=self.pad_from,
            source=self.source,
        )


@attrs.frozen(kw_only=True)
class RuleFile:
    """One TOML file."""

    division: str = key(doc="GB/T 2260 code the file speaks for", validator=_division)
    region: RegionNames | None = key(default=None, doc="How the division is called")
    sources: dict[str, Source] = key(factory=dict, doc="Documents, by id")
    insurances: tuple[InsuranceTitle, ...] = key(default=(), doc="Titles of insurances")
    items: tuple[ItemTitle, ...] = key(default=(), doc="Titles of items")
    bundles: tuple[Bundle, ...] = key(default=(), doc="Insurances that go together")
    trades: tuple[TradeTitle, ...] = key(default=(), doc="Trades that rules tell apart")
    back_ends: tuple[BackEnd, ...] = key(
        default=(), doc="The bureau's systems that settle the insurances apart"
    )
    caveats: tuple[Caveat, ...] = key(default=(), doc="What the files don't yet express")
    businesses: tuple[Business, ...] = key(default=(), doc="Kinds of things a unit files")
    closing: ClosingRules | None = key(default=None, doc="How an account's month is closed")
    attachments: tuple[AttachmentRule, ...] = key(
        default=(), doc="What is wanted of pictures that are sent in"
    )
    cards: CardRules | None = key(default=None, doc="How social-security cards are applied for")
    access: AccessTerms | None = key(default=None, doc="Who may do what, and by which login")
    collection: Collecting | None = key(
        default=None, doc="How what was assessed is collected and paid"
    )
    signing: SigningRules | None = key(
        default=None, doc="Whose certificates are taken, and what stands where in them"
    )
    variants: dict[str, str] = key(
        factory=dict, doc="Business → name of the reading of its window to take"
    )
    numbers: tuple[NumberShapeRule, ...] = key(default=(), doc="Shapes of bureau numbers")
    bounds: tuple[BoundsSeries, ...] = key(default=(), doc="Floors and caps")
    rates: tuple[RateSeries, ...] = key(default=(), doc="Rates")
    fixed: tuple[FixedSeries, ...] = key(default=(), doc="Fixed sums")
    base_rounding: tuple[BaseRoundingSeries, ...] = key(default=(), doc="Rounding of bases")
    amount_rounding: tuple[AmountRoundingSeries, ...] = key(default=(), doc="Rounding of amounts")
    unit_base: tuple[UnitBaseSeries, ...] = key(default=(), doc="What unit shares rest on")
    injury_classes: tuple[InjuryClassSeries, ...] = key(default=(), doc="Rates of risk classes")
    injury_bands: tuple[InjuryBandSeries, ...] = key(
        default=(), doc="Floating bands of risk classes"
    )
    injury_multiplier: tuple[InjuryMultiplierSeries, ...] = key(
        default=(), doc="What all class rates are multiplied by"
    )
    coverage: tuple[CoverageSeries, ...] = key(default=(), doc="Who is in which insurance")
    reliefs: tuple[ReliefSeries, ...] = key(default=(), doc="Months in which less is collected")
    deferrals: tuple[DeferralSeries, ...] = key(
        default=(), doc="Months whose contributions may be paid later"
    )
    back_payment: tuple[BackPaymentSeries, ...] = key(
        default=(), doc="Which past months may be paid afterwards"
    )
    undeclared: tuple[UndeclaredSeries, ...] = key(
        default=(), doc="What is owed for a month that was not declared"
    )
    late_fee_rate: tuple[LateFeeRateSeries, ...] = key(default=(), doc="Late fee for each day")
    late_fee_days: tuple[LateFeeDaysSeries, ...] = key(
        default=(), doc="From which day to which day it counts"
    )
    late_fee_rounding: tuple[LateFeeRoundingSeries, ...] = key(
        default=(), doc="On what the fee is rounded, and how"
    )
    credit_offset: tuple[CreditOffsetSeries, ...] = key(
        default=(), doc="What a unit's credit balance goes to first"
    )
    windows: tuple[WindowSeries, ...] = key(default=(), doc="When a business may be submitted")
    retirement: tuple[RetirementSeries, ...] = key(
        default=(), doc="At what age one retires, by month of birth"
    )
    contribution_months: tuple[ContributionMonthsSeries, ...] = key(
        default=(), doc="How long one must have paid for a pension, by month of retirement"
    )

    def series(self) -> dict[str, tuple[Series, ...]]:  # type: ignore[type-arg]
        """All series, by the key they stand under."""
        keys = (
            "bounds",
            "rates",
            "fixed",
            "base_rounding",
            "amount_rounding",
            "unit_base",
            "injury_classes",
            "injury_bands",
            "injury_multiplier",
            "coverage",
            "reliefs",
            "deferrals",
            "back_payment",
            "undeclared",
            "late_fee_rate",
            "late_fee_days",
            "late_fee_rounding",
            "credit_offset",
            "windows",
            "retirement",
            "contribution_months",
        )
        return {name: getattr(self, name) for name in keys}
