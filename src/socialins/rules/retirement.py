"""Personal dates as rules: the statutory retirement month, and how long one must have paid.

A rule of retirement is dated by birth: its ``from`` and ``to`` are months of birth, since people
born in the same month retire by the same rule, whenever that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs

from socialins.model.codes import Payer, RetirementCategory
from socialins.model.insurance import PENSION
from socialins.rules.figures import Figure
from socialins.rules.keys import key
from socialins.rules.series import Series
from socialins.values import Month

__all__ = [
    "ContributionMonths",
    "ContributionMonthsSeries",
    "RetirementFigure",
    "RetirementSeries",
]


def _not_negative(_instance: object, attribute: attrs.Attribute[int], years: int) -> None:
    if years < 0:
        raise ValueError(f"{attribute.name!r} is {years}; no number of years is negative")


def _an_age(_instance: object, _attribute: object, age: int | None) -> None:
    if age is not None and not 1 <= age <= 120:
        raise ValueError(f"{age} is no age in years")


def _step_fits(figure: RetirementFigure, _attribute: object, per: int | None) -> None:
    if (per is None) != (figure.limit is None):
        raise ValueError("give both 'limit' and 'births_per_month', or neither")
    if per is not None and per < 1:
        raise ValueError(f"'births_per_month' is {per}; at least one month of birth makes a step")
    if figure.limit is not None and figure.limit <= figure.age:
        raise ValueError(f"'limit' {figure.limit} must lie above 'age' {figure.age}")


@attrs.frozen(kw_only=True)
class RetirementFigure(Figure):
    """法定退休年龄: at what age those born in some months retire.

    Its ``from`` and ``to`` are months of birth. Those born in the first of them retire a month
    after the old age; the delay grows by a month for every so many months of birth.

    Arguments:
        age: the old statutory age (原法定退休年龄), in years.
        limit: the age at which the delay ends; None where there is no delay.
        births_per_month: how many months of birth add one month of delay.
        early_years: by how many years one may retire earlier, but not below the old age.
        late_years: by how many years unit and person may agree on a later month.
    """

    age: int = key(doc="Old statutory age in years", validator=_an_age)
    limit: int | None = key(
        default=None, doc="Age in years where the delay ends", validator=_an_age
    )
    births_per_month: int | None = key(
        default=None,
        doc="Months of birth that add one month of delay",
        validator=_step_fits,
    )
    early_years: int = key(
        default=0,
        doc="Years it may be earlier, not below the old age",
        validator=_not_negative,
    )
    late_years: int = key(
        default=0, doc="Years it may be later, by agreement", validator=_not_negative
    )

    def delay(self, birth: Month) -> int:
        """By how many months those born in a month retire after the old age."""
        if self.limit is None or self.births_per_month is None:
            return 0
        steps = (birth - self.start) // self.births_per_month + 1
        return min(steps, 12 * (self.limit - self.age))

    def describe(self, lang: str = "zh") -> str:
        """The rule in words."""
        if self.limit is None:
            return f"at {self.age}" if lang == "en" else f"{self.age}周岁"
        if lang == "en":
            return (
                f"{self.age}, a month later for every {self.births_per_month} months of birth from "
                f"{self.start} on, up to {self.limit}; up to {self.early_years} years earlier, "
                f"{self.late_years} later"
            )
        return (
            f"{self.age}周岁起，{self.start}起出生的每{self.births_per_month}个月延迟1个月，至"
            f"{self.limit}周岁；可提前不超过{self.early_years}年，延迟不超过{self.late_years}年"
        )


@attrs.frozen(kw_only=True)
class RetirementSeries(Series[RetirementFigure]):
    """The retirement ages of a category, by month of birth.

    Arguments:
        category: whom it is about; a category takes the place that an insurance has elsewhere.
    """

    kind = "retirement"
    of_calendar = True

    values: tuple[RetirementFigure, ...] = key(doc="Ages, in order of the months of birth")
    category: RetirementCategory = key(doc="men, women-55 or women-50")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """The one scope."""
        yield self.category.value, None, None


def _positive(_instance: object, _attribute: object, months: int) -> None:
    if months < 1:
        raise ValueError(f"{months} months of contributions would be none; give at least one")


@attrs.frozen(kw_only=True)
class ContributionMonths(Figure):
    """最低缴费年限: how long one must have paid, to draw the pension monthly from some month on."""

    months: int = key(doc="Months of contributions: 180 for 15 years", validator=_positive)

    @property
    def years(self) -> Decimal:
        """The same in years: 15, 15.5, …"""
        return Decimal(self.months) / 12

    def describe(self, lang: str = "zh") -> str:
        """The years in words."""
        return f"{self.years} years" if lang == "en" else f"{self.years}年"


@attrs.frozen(kw_only=True)
class ContributionMonthsSeries(Series[ContributionMonths]):
    """The least time of contributions, by month of retirement."""

    kind = "contribution-months"
    of_calendar = True

    values: tuple[ContributionMonths, ...] = key(doc="Times, in order of their months")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """The one scope."""
        yield PENSION, None, None
