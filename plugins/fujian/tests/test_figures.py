"""Fujian's figures, month by month, against tables written from the sources and not from the rules.

The tables stand beside this file: `facts_fujian.csv` for floors and caps, `facts_fujian_rates.csv`
for rates. An empty end is open. What no row covers must be unknown: a figure too many would settle
a month that nobody can vouch for.
"""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

from socialins.model.codes import AccountType, Household, Payer
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import (
    COUNTRY,
    Bounds,
    Cascade,
    InjuryClasses,
    RuleBook,
    RuleClass,
    build_rule_books,
    read_rule_folder,
)
from socialins.testing.facts import bounds_that_differ, rates_that_differ, read_facts
from socialins.values import Money, Month, MonthSpan, Rate

HERE = Path(__file__).parent
INSURANCES = ("pension", "medical", "unemployment", "injury", "maternity")
REGIONS = {"fujian-province": "350000", "fujian": "350100", "xiamen": "350200"}
MONTHS = tuple(MonthSpan(Month(2009, 1), Month(2028, 12)))
CLASSES = (
    RuleClass(),
    RuleClass(household=Household.RURAL_LOCAL),
    RuleClass(household=Household.RURAL_OUTSIDE),
    RuleClass(household=Household.HK_MACAO_TAIWAN),
    RuleClass(account_type=AccountType.STATE_ORGAN),
)


def _books(package: str) -> dict[str, RuleBook]:
    return build_rule_books(read_rule_folder(files(package).joinpath("rules")))


BOOKS = _books("socialins_national") | _books("socialins_fujian")


def _cascade(region: str) -> Cascade:
    division = REGIONS[region]
    codes = dict.fromkeys((division, f"{division[:2]}0000", COUNTRY))
    return Cascade(tuple(BOOKS[code] for code in codes))


BOUNDS = read_facts(HERE / "facts_fujian.csv")
RATES = read_facts(HERE / "facts_fujian_rates.csv")


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


def _pension(region: str, month: Month, known_on: date | None) -> Bounds | None:
    located = _cascade(region).find(
        "bounds", month, RuleClass(), insurance="pension", known_on=known_on
    )
    assert located is not None
    figure: Bounds | None = located.figure
    return figure


@pytest.mark.parametrize(
    ("month", "known_on", "floor", "cap"),
    [
        (Month(2024, 3), date(2024, 7, 11), "3300", "21060"),
        (Month(2024, 3), date(2024, 7, 12), "3300", "22164"),
        (Month(2024, 8), date(2024, 8, 1), "3300", "22164"),
        (Month(2025, 3), date(2025, 9, 21), "4043", "22164"),
        (Month(2025, 3), date(2025, 9, 22), "4043", "22607"),
        (Month(2025, 11), None, "4043", "22607"),
    ],
)
@pytest.mark.parametrize("region", REGIONS)
def test_a_cap_that_came_late_is_not_known_before_its_day(
    region: str, month: Month, known_on: date | None, floor: str, cap: str
) -> None:
    bounds = _pension(region, month, known_on)
    assert bounds is not None
    assert (bounds.floor, bounds.cap) == (Money.yuan(floor), Money.yuan(cap))


def test_november_2025_settles_pension_and_owns_up_to_the_rest() -> None:
    cascade = _cascade("fujian")
    month = Month(2025, 11)
    unknown = set()
    for insurance, item, payer in cascade.items(RuleClass()):
        kinds = [
            cascade.find(
                kind,
                month,
                RuleClass(),
                insurance=insurance,
                item=item,
                payer=payer,
                lenient=True,
            )
            for kind in ("rate", "bounds")
        ]
        if any(located is None or located.figure is None for located in kinds):
            unknown.add(insurance)
            last = kinds[-1]
            assert last is not None
            assert last.found.why is not None
    assert unknown == {"medical", "maternity", "injury", "unemployment"}


def test_old_xiamen_tables_are_not_carried_into_years_that_had_their_own() -> None:
    cascade = _cascade("xiamen")
    for insurance in INSURANCES:
        located = cascade.find(
            "bounds", Month(2021, 7), RuleClass(), insurance=insurance, lenient=True
        )
        assert located is not None
        assert located.figure is None


def test_only_fuzhou_halved_its_risk_classes_and_no_table_falls_back_to_the_national_one() -> None:
    def rates(region: str, month: Month) -> dict[str, Rate] | None:
        located = _cascade(region).find("injury-classes", month, RuleClass(), insurance="injury")
        assert located is not None
        table: InjuryClasses | None = located.figure
        return dict(table.rates) if table else None

    assert rates("fujian", Month(2019, 12)) == {
        name: Rate(text)
        for name, text in zip(
            "12345678",
            ("0.1%", "0.2%", "0.35%", "0.45%", "0.55%", "0.65%", "0.8%", "0.95%"),
            strict=True,
        )
    }
    assert rates("xiamen", Month(2019, 12)) is None
    for region in REGIONS:
        assert rates(region, Month(2025, 11)) is None
        assert rates(region, Month(2026, 11)) == {"1": Rate("0.2%")}


@pytest.mark.parametrize(
    ("name", "division"),
    [
        ("fujian", "350100"),
        ("Fujian", "350100"),
        ("福建", "350100"),
        ("fuzhou", "350100"),
        ("福州", "350100"),
        ("福州市", "350100"),
        ("350100", "350100"),
        ("350000", "350000"),
        ("福建省", "350000"),
        ("fujian-province", "350000"),
        ("xiamen", "350200"),
        ("厦门", "350200"),
        ("厦门市", "350200"),
    ],
)
def test_fujian_means_fuzhou_and_every_name_finds_its_own_division(
    name: str, division: str
) -> None:
    plugin = LoadedPlugin("fujian", books=BOOKS)
    registry = Registry((plugin,), HookManager())
    assert registry.book(name).division == division


def test_the_computer_code_has_thirteen_digits() -> None:
    (shape,) = BOOKS["350100"].numbers
    assert (shape.id, shape.length, shape.letters) == ("computer-code", 13, False)
