"""Lookups: who asks for a name, a shape or a figure gets the nearest level's, or a plain none."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from socialins.faults import Fault, Text
from socialins.model import Household
from socialins.model.codes import Payer
from socialins.rules import (
    Cascade,
    InjuryBands,
    Mark,
    RateFigure,
    RuleClass,
    RuleFileError,
    RuleUnknown,
)
from socialins.rules.business import ClosingRules
from socialins.rules.monthrules import MonthRules
from socialins.rules.windows import clock
from socialins.values import Money, Month, Rate

Make = Callable[..., Cascade]
CITED = 'sources = ["s"], mark = "A"'
RURAL = RuleClass(household=Household.RURAL_LOCAL)

CITY = """
businesses = [{ id = "staff.add", title = { zh = "市增员", en = "add (city)" }, batch = true }]
bundles = [{ words = ["四险"], insurances = ["pension"] }]
trades = [{ id = "catering", title = { zh = "市餐饮", en = "catering (city)" } }]
closing = { changed_by = "month.close" }
[[numbers]]
id = "unit-number"
title = { zh = "单位编号", en = "unit" }
length = 8
pad_from = 6
source = "s"
"""
PROVINCE = """
businesses = [
  { id = "staff.add", title = { zh = "省增员", en = "add" }, batch = false, deletable = false },
  { id = "staff.stop", title = { zh = "减员", en = "stop" } },
]
bundles = [{ words = ["三险"], insurances = ["medical"] }]
trades = [
  { id = "catering", title = { zh = "省餐饮", en = "catering (province)" } },
  { id = "retail", title = { zh = "零售", en = "retail" } },
]
closing = { changed_by = "month.end" }
[[numbers]]
id = "unit-number"
title = { zh = "单位编号", en = "unit" }
length = 12
source = "s"
[[numbers]]
id = "person-number"
title = { zh = "个人编号", en = "person" }
length = 10
letters = true
source = "s"
"""


def test_a_business_is_called_as_the_nearest_level_calls_it(cascade_of: Make) -> None:
    cascade = cascade_of(CITY, PROVINCE)
    assert cascade.business_title("staff.add") == Text("市增员", "add (city)")
    assert cascade.business_title("staff.stop") == Text("减员", "stop")
    assert cascade.business_title("staff.none") == Text("staff.none", "staff.none")


def test_a_number_has_the_shape_that_the_nearest_level_gives_it(cascade_of: Make) -> None:
    shapes = cascade_of(CITY, PROVINCE).numbers()
    unit, person = shapes["unit-number"], shapes["person-number"]
    assert (unit.zh, unit.en, unit.length, unit.source) == ("单位编号", "unit", 8, "s")
    assert (unit.alphabet, unit.pad_with, unit.pad_from) == ("digits", "00", 6)
    assert (person.length, person.alphabet) == (10, "letters-digits")
    assert (person.pad_with, person.pad_from) == ("000", None)


def test_a_business_keeps_what_only_the_farther_level_says(cascade_of: Make) -> None:
    found = cascade_of(CITY, PROVINCE).businesses()
    assert {name: (one.batch, one.deletable) for name, one in found.items()} == {
        "staff.add": (True, False),
        "staff.stop": (None, None),
    }


def test_months_are_closed_as_the_nearest_level_says(cascade_of: Make) -> None:
    assert cascade_of(CITY, PROVINCE).closing().changed_by == "month.close"
    assert cascade_of("", PROVINCE).closing().changed_by == "month.end"
    assert cascade_of("").closing() == ClosingRules()


def test_a_trade_is_called_as_the_nearest_level_calls_it(cascade_of: Make) -> None:
    found = cascade_of(CITY, PROVINCE).trades()
    assert [(trade.id, trade.title.en) for trade in found] == [
        ("catering", "catering (city)"),
        ("retail", "retail"),
    ]


def test_bundles_of_all_levels_are_known_the_nearest_first(cascade_of: Make) -> None:
    assert [bundle.words for bundle in cascade_of(CITY, PROVINCE).bundles()] == [
        ("四险",),
        ("三险",),
    ]


FIGURES = f"""
[[bounds]]
insurances = ["pension"]
values = [{{ from = "2020-01", to = "2025-12", floor = "1", cap = "9", {CITED} }}]
[[bounds]]
insurances = ["pension"]
payer = "unit"
values = [{{ from = "2020-01", floor = "2", cap = "none", {CITED} }}]
[[rates]]
insurance = "pension"
payer = "person"
values = [{{ from = "2020-01", rate = "8%", {CITED} }}]
[[rates]]
insurance = "pension"
payer = "person"
who = {{ household = ["rural-local"] }}
values = [{{ from = "2020-01", rate = "4%", {CITED} }}]
"""


def test_a_figure_is_asked_for_by_payer_and_class(cascade_of: Make) -> None:
    rules = MonthRules(cascade_of(FIGURES), Month(2025, 1))
    shared, units = rules.bounds("pension"), rules.bounds("pension", payer=Payer.UNIT)
    assert shared is not None
    assert units is not None
    assert (shared.floor, units.floor) == (Money(100), Money(200))
    for rule_class, expected in ((None, Rate("8%")), (RURAL, Rate("4%"))):
        found = rules.rate("pension", "person", rule_class=rule_class)
        assert isinstance(found, RateFigure)
        assert found.rate == expected


def test_a_figure_that_nobody_states_or_knows_is_none(cascade_of: Make) -> None:
    rules = MonthRules(cascade_of(FIGURES), Month(2026, 1))
    assert rules.bounds("pension") is None, "its months are over"
    assert rules.bounds("medical") is None
    assert rules.rate("medical", "person") is None
    assert rules.rate("pension", "person", item="annuity") is None


def test_a_class_without_bands_has_none() -> None:
    plain: dict[str, Any] = {"start": Month(2020, 1), "sources": ("s",), "mark": Mark.A}
    bands = InjuryBands(bands={"2": (Rate(1), Rate("1.2"))}, **plain)
    assert bands.of(2) == (Rate(1), Rate("1.2"))
    assert bands.of(3) == bands.of(None) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("08:30", time(8, 30)), ("23:59", time(23, 59)), ("00:00", time(0)), ("24:00", None)],
)
def test_a_time_of_day_has_its_minutes(text: str, expected: time | None) -> None:
    assert clock(text) == expected


FAULT, OTHER = (Fault("rules.invalid", {"problem": text}) for text in ("one", "two"))


def test_what_is_unknown_keeps_its_first_fault_and_all_others_in_another_process() -> None:
    error = RuleUnknown(FAULT, [OTHER])
    for found in (error, pickle.loads(pickle.dumps(error))):
        assert isinstance(found, RuleUnknown)
        assert (found.fault, found.all) == (FAULT, (FAULT, OTHER))


def test_what_is_wrong_with_files_is_told_in_full_in_another_process() -> None:
    error = RuleFileError([FAULT, OTHER])
    found = pickle.loads(pickle.dumps(error))
    assert isinstance(found, RuleFileError)
    assert found.faults == (FAULT, OTHER)
    assert str(found) == str(error) == f"{FAULT}\n{OTHER}"
