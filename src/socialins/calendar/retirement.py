"""Personal dates: when a person reaches the statutory retirement age, and whom that concerns soon.

The month follows from the month of birth and the category: men, women who formerly retired at 55,
women who formerly retired at 50. No document of identity tells which of the two a woman is in, so
without being told the library names both months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from socialins.faults import Fault, Text
from socialins.identity import Sex
from socialins.model.codes import RetirementCategory
from socialins.model.insurance import PENSION
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster
from socialins.rules import (
    Cascade,
    Citation,
    ContributionMonths,
    RetirementFigure,
    RuleClass,
    RuleUnknown,
)
from socialins.values import Month

__all__ = [
    "RetirementDate",
    "RetirementReminder",
    "RetirementReminders",
    "RetirementStatus",
    "retirement_categories",
    "retirement_category",
    "retirement_month",
    "retirement_reminders",
]


class RetirementStatus(StrEnum):
    """How near retirement is, the most pressing first."""

    OVER_AGE = "over-age"
    THIS_MONTH = "this-month"
    WITHIN_3_MONTHS = "within-3-months"
    WITHIN_6_MONTHS = "within-6-months"

    def title(self, lang: str = "zh") -> str:
        """The status in words."""
        return _STATUSES[self][lang == "en"]


_STATUSES = {
    RetirementStatus.OVER_AGE: ("已超过法定退休年龄", "past the statutory retirement age"),
    RetirementStatus.THIS_MONTH: ("本月达到法定退休年龄", "reaches it this month"),
    RetirementStatus.WITHIN_3_MONTHS: ("三个月内达到法定退休年龄", "reaches it within 3 months"),
    RetirementStatus.WITHIN_6_MONTHS: ("六个月内达到法定退休年龄", "reaches it within 6 months"),
}


@attrs.frozen(kw_only=True)
class RetirementDate:
    """When those born in a month reach the statutory retirement age (法定退休年龄).

    Arguments:
        birth: the month of birth.
        category: by which of the old ages it is reckoned.
        month: the month in which the age is reached.
        delay_months: by how many months that is later than under the old age.
        earliest: the first month one may choose (弹性提前退休), if one has paid long enough.
        latest: the last month that unit and person may agree on (弹性延迟退休).
        minimum_months: how many months one must have paid, to draw the pension monthly from
            `month` on; None where no rule is known.
        citation: the rule of the age, whose span is one of months of birth.
        minimum_citation: the rule of the least time of contributions.
    """

    birth: Month
    category: RetirementCategory
    month: Month
    delay_months: int
    earliest: Month
    latest: Month
    minimum_months: int | None = None
    citation: Citation = attrs.field(repr=False)
    minimum_citation: Citation | None = attrs.field(default=None, repr=False)

    @property
    def minimum_years(self) -> Decimal | None:
        """The least time of contributions in years: 15, 15.5, …"""
        return None if self.minimum_months is None else Decimal(self.minimum_months) / 12

    def status_in(self, month: Month) -> RetirementStatus | None:
        """How near it is in a month; None while it is more than six months away."""
        left = self.month - month
        if left < 0:
            return RetirementStatus.OVER_AGE
        if left == 0:
            return RetirementStatus.THIS_MONTH
        if left <= 3:
            return RetirementStatus.WITHIN_3_MONTHS
        return RetirementStatus.WITHIN_6_MONTHS if left <= 6 else None


@attrs.frozen(kw_only=True)
class RetirementReminder:
    """A person who is near retirement, or past it.

    Arguments:
        person: who.
        status: how near; by the first of the dates, if several may hold.
        dates: the date; for a woman whose category was not told, both.
        row: the row of the roster's file.
    """

    person: InsuredPerson
    status: RetirementStatus
    dates: tuple[RetirementDate, ...]
    row: int | None = None

    @property
    def certain(self) -> bool:
        """Whether only one date may hold."""
        return len(self.dates) == 1

    def message(self, lang: str = "zh") -> str:
        """The reminder in a sentence."""
        status = self.status.title(lang)
        if self.certain:
            month = self.dates[0].month
            return f"{status}: {month}" if lang == "en" else f"{status}：{month:zh}"
        if lang == "en":
            listed = "; ".join(f"{one.category.en}: {one.month}" for one in self.dates)
            return f"{status}, or later: the category is not known ({listed})"
        listed = "；".join(f"{one.category.zh}：{one.month:zh}" for one in self.dates)
        return f"可能{status}：退休类别未知（{listed}）"


@attrs.frozen(kw_only=True)
class RetirementReminders:
    """Whom of a roster retirement concerns, the most pressing first.

    Arguments:
        month: the month it is asked for.
        items: the reminders.
        unknown: persons of whom nothing can be said, since their birth date or sex is not known
            or no rule covers their birth.
    """

    month: Month
    items: tuple[RetirementReminder, ...]
    unknown: tuple[InsuredPerson, ...] = ()

    def of(self, status: RetirementStatus) -> tuple[RetirementReminder, ...]:
        """The reminders of one status."""
        return tuple(one for one in self.items if one.status is status)

    def __iter__(self) -> Iterator[RetirementReminder]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def retirement_category(category: RetirementCategory | str) -> RetirementCategory:
    """The category for a code or a word for it.

    Raises:
        ValueError: for anything else; the message lists the categories.

    >>> retirement_category("F55")
    <RetirementCategory.WOMEN_55: 'women-55'>
    """
    found = RetirementCategory.read(category)
    if found is None:
        choices = RetirementCategory.choices("en")
        raise ValueError(f"{category!r} is no category of retirement; use one of {choices}")
    return found


def retirement_month(
    cascade: Cascade,
    birth: Month,
    category: RetirementCategory,
    *,
    known_on: date | None = None,
) -> RetirementDate:
    """When those born in a month reach the statutory retirement age.

    Arguments:
        cascade: the region's rules.
        birth: the month of birth.
        category: men, women formerly retiring at 55, or at 50.
        known_on: as known on this day; None for all that is installed.

    Raises:
        RuleUnknown: if no rule covers the month of birth.
    """
    located = cascade.find(
        "retirement", birth, RuleClass(), insurance=category.value, known_on=known_on
    )
    figure: RetirementFigure | None = located.figure if located else None
    if located is None or figure is None:
        values: dict[str, str | Text] = {
            "region": cascade.nearest.names.name,
            "birth": str(birth),
            "category": category.text,
            "month": str(birth),
            "insurance_id": PENSION,
            "payer_id": "",
            "last": "nothing",
        }
        raise RuleUnknown(Fault("calendar.retirement-unknown", values))
    old = birth + 12 * figure.age
    delay = figure.delay(birth)
    month = old + delay
    least = cascade.find(
        "contribution-months", month, RuleClass(), insurance=PENSION, known_on=known_on
    )
    minimum: ContributionMonths | None = least.figure if least else None
    return RetirementDate(
        birth=birth,
        category=category,
        month=month,
        delay_months=delay,
        earliest=max(old, month - 12 * figure.early_years),
        latest=month + 12 * figure.late_years,
        minimum_months=minimum.months if minimum else None,
        citation=located.citation(),
        minimum_citation=least.citation() if least and minimum else None,
    )


def retirement_categories(person: InsuredPerson) -> tuple[RetirementCategory, ...]:
    """The categories a person can be in, by sex alone; none where it is not known."""
    if person.sex is Sex.MALE:
        return (RetirementCategory.MEN,)
    if person.sex is Sex.FEMALE:
        return RetirementCategory.WOMEN_50, RetirementCategory.WOMEN_55
    return ()


def retirement_reminders(
    cascade: Cascade,
    roster: Roster,
    month: Month,
    *,
    categories: Mapping[str, RetirementCategory | str] | None = None,
) -> RetirementReminders:
    """Who of a roster retires within six months, or should have (退休提醒, 超龄名单).

    Arguments:
        cascade: the region's rules.
        roster: the persons.
        month: the month to count from.
        categories: document number → category, for those of whom it is known. A man needs none; a
            woman without one is reminded of by both dates that may hold.

    Returns:
        The reminders, the most pressing first and in order of the roster; and of whom nothing can
        be said.

    Raises:
        ValueError: if `categories` names something that is no category.
    """
    told = {number: retirement_category(one) for number, one in (categories or {}).items()}
    items: list[RetirementReminder] = []
    unknown: list[InsuredPerson] = []
    # Many persons share a month of birth and a category; the rules are asked once for each.
    asked: dict[tuple[Month, RetirementCategory], RetirementDate | None] = {}
    for entry in roster:
        person = entry.person
        stated = told.get(person.document.number)
        possible = (stated,) if stated else retirement_categories(person)
        if person.birth_date is None or not possible:
            unknown.append(person)
            continue
        dates = []
        for category in possible:
            question = Month.of(person.birth_date), category
            if question not in asked:
                asked[question] = _date(cascade, *question)
            dates.append(asked[question])
        known = sorted((one for one in dates if one is not None), key=lambda one: one.month)
        if len(known) < len(dates):
            unknown.append(person)
            continue
        status = known[0].status_in(month)
        if status is not None:
            items.append(
                RetirementReminder(person=person, status=status, dates=tuple(known), row=entry.row)
            )
    pressing = list(RetirementStatus)
    items.sort(key=lambda one: pressing.index(one.status))
    return RetirementReminders(month=month, items=tuple(items), unknown=tuple(unknown))


def _date(cascade: Cascade, birth: Month, category: RetirementCategory) -> RetirementDate | None:
    try:
        return retirement_month(cascade, birth, category)
    except RuleUnknown:
        return None
