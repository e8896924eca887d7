"""Harbin's figures, month by month, against tables written from the sources and not from the rules.

The tables stand beside this file: `facts_harbin.csv` for floors and caps, `facts_harbin_rates.csv`
for rates. An empty end is open. What no row covers must be unknown: a figure too many would settle
a month that nobody can vouch for.
"""

from __future__ import annotations

from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

from socialins.model.codes import AccountType, Household, Payer
from socialins.rules import (
    COUNTRY,
    Cascade,
    RuleBook,
    RuleClass,
    build_rule_books,
    read_rule_folder,
)
from socialins.testing.facts import bounds_that_differ, rates_that_differ, read_facts
from socialins.values import Month, MonthSpan, Rate

HERE = Path(__file__).parent
INSURANCES = ("pension", "medical", "unemployment", "injury", "maternity")
REGIONS = {"heilongjiang": "230000", "harbin": "230100"}
MONTHS = tuple(MonthSpan(Month(2009, 1), Month(2028, 12)))
CLASSES = (
    RuleClass(),
    RuleClass(household=Household.RURAL_OUTSIDE),
    RuleClass(account_type=AccountType.STATE_ORGAN),
)


def _books(package: str) -> dict[str, RuleBook]:
    return build_rule_books(read_rule_folder(files(package).joinpath("rules")))


BOOKS = _books("socialins_national") | _books("socialins_harbin")


def _cascade(region: str) -> Cascade:
    division = REGIONS[region]
    codes = dict.fromkeys((division, f"{division[:2]}0000", COUNTRY))
    return Cascade(tuple(BOOKS[code] for code in codes))


BOUNDS = read_facts(HERE / "facts_harbin.csv")
RATES = read_facts(HERE / "facts_harbin_rates.csv")


@pytest.mark.parametrize(("region", "insurance"), list(product(REGIONS, INSURANCES)))
def test_floors_and_caps_are_those_of_the_sources_and_no_others(
    region: str, insurance: str
) -> None:
    wrong = bounds_that_differ(
        BOUNDS, _cascade(region), region, insurance, months=MONTHS, classes=CLASSES
    )
    assert not wrong, f"{len(wrong)} months differ, the first: {wrong[0]}"


@pytest.mark.parametrize(
    ("region", "insurance", "payer"), list(product(REGIONS, INSURANCES, Payer))
)
def test_rates_are_those_of_the_sources_and_no_others(
    region: str, insurance: str, payer: Payer
) -> None:
    wrong = rates_that_differ(
        RATES, _cascade(region), region, insurance, payer, months=MONTHS, classes=CLASSES
    )
    assert not wrong, f"{len(wrong)} months differ, the first: {wrong[0]}"


@pytest.mark.parametrize("month", [Month(2021, 1), Month(2024, 6), Month(2026, 11)])
def test_missing_medical_bounds_say_why_and_are_never_guessed(month: Month) -> None:
    for lenient in (False, True):
        located = _cascade("harbin").find(
            "bounds", month, RuleClass(), insurance="medical", lenient=lenient
        )
        assert located is not None
        assert located.figure is None
        assert located.found.why is not None
        assert "100%" in located.found.why.zh


def test_risk_classes_that_were_not_seen_are_not_filled_from_the_national_table() -> None:
    cascade = _cascade("harbin")
    now = cascade.find("injury-classes", Month(2026, 11), RuleClass(), insurance="injury")
    assert now is not None
    assert now.figure.rates == {"1": Rate("0.2%")}
    before = cascade.find("injury-classes", Month(2025, 12), RuleClass(), insurance="injury")
    assert before is not None
    assert before.figure is None


def test_an_ended_year_is_carried_for_a_year_at_most_and_only_leniently() -> None:
    cascade = _cascade("harbin")
    for month, lenient, known in (
        (Month(2027, 1), False, False),
        (Month(2027, 12), True, True),
        (Month(2028, 1), True, False),
    ):
        located = cascade.find("bounds", month, RuleClass(), insurance="pension", lenient=lenient)
        assert located is not None
        assert (located.figure is not None) is known


def test_what_medical_lacks_is_told() -> None:
    cascade = _cascade("harbin")
    texts = {
        month: "".join(caveat.text.zh for caveat in cascade.caveats(month))
        for month in (Month(2020, 2), Month(2021, 1), Month(2026, 11))
    }
    assert "大额医疗" not in texts[Month(2020, 2)]
    assert "大额医疗" in texts[Month(2026, 11)]


def test_the_key_id_has_twelve_digits() -> None:
    (shape,) = BOOKS["230100"].numbers
    assert (shape.id, shape.length, shape.letters) == ("key-id", 12, False)
