"""Entries and citations: what a list of a month's rules says of each figure and each gap.

Whoever checks a bill against the list must find the payer, the class, the document and the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from socialins.faults import Text
from socialins.model import Household, UnitSize
from socialins.model.codes import Payer
from socialins.rules import Cascade, RuleClass, Status
from socialins.rules.citation import cite
from socialins.rules.monthrules import MonthRules, RuleEntry
from socialins.values import Month

Make = Callable[..., Cascade]
CITED = 'sources = ["s"], mark = "A"'

CITY = f"""
items = [
  {{ insurance = "medical", id = "annuity", title = {{ zh = "别的年金", en = "another" }} }},
  {{ insurance = "pension", id = "annuity", title = {{ zh = "年金", en = "annuity" }} }},
]
caveats = [
  {{ from = "2024-01", to = "2024-12", insurances = ["*"], text = {{ zh = "旧", en = "old" }} }},
  {{ from = "2025-01", insurances = ["*"], text = {{ zh = "新", en = "new" }} }},
]
[[rates]]
insurance = "pension"
item = "annuity"
payer = "unit"
who = {{ household = ["rural-local"] }}
values = [
  {{ from = "2020-01", to = "2024-12", rate = "8%", note = {{ zh = "注", en = "note" }}, {CITED} }},
]
unknown = [{{ from = "2025-01", why = {{ zh = "未见。", en = "Not seen." }} }}]
[[fixed]]
insurance = "medical"
payer = "person"
values = [{{ from = "2020-01", amount = "3", announced = 2019-12-30, {CITED} }}]
"""


def entries(
    cascade: Cascade, month: str, kind: str, known_on: date | None = None
) -> list[RuleEntry]:
    rules = MonthRules(cascade, Month.of(month), known_on)
    return [entry for entry in rules if entry.kind == kind]


def test_a_listed_figure_names_item_payer_class_and_value_in_both_languages(
    cascade_of: Make,
) -> None:
    (entry,) = entries(cascade_of(CITY), "2024-06", "rate")
    assert (entry.insurance, entry.item, entry.payer) == ("pension", "annuity", Payer.UNIT)
    assert entry.title == Text("年金", "annuity")
    assert entry.who == Text(Household.RURAL_LOCAL.title("zh"), Household.RURAL_LOCAL.title("en"))
    assert (entry.why, entry.last) == (None, None)
    citation = entry.citation
    assert citation is not None
    assert (citation.kind, citation.value) == ("rate", Text("8%", "8%"))
    assert (citation.who, citation.note) == (entry.who, Text("注", "note"))


def test_a_listed_gap_has_the_files_reason_and_the_last_figure(cascade_of: Make) -> None:
    (entry,) = entries(cascade_of(CITY), "2025-06", "rate")
    assert entry.citation is None
    assert entry.why == Text("未见。", "Not seen.")
    assert entry.last == Text("8%（2020-01..2024-12）", "8% (2020-01..2024-12)")


def test_the_last_figure_is_told_in_both_languages(cascade_of: Make) -> None:
    city = CITY.replace('from = "2020-01", amount', 'from = "2020-01", to = "2020-12", amount')
    (entry,) = entries(cascade_of(city), "2025-06", "fixed")
    assert entry.last == Text("每月 3.00（2020-01..2020-12）", "3.00 a month (2020-01..2020-12)")
    assert entry.title == Text("医疗保险", "medical"), "the basic item is called as the insurance"
    assert entry.who is None


def test_what_holds_for_all_insurances_is_called_so(cascade_of: Make) -> None:
    (entry,) = entries(cascade_of(CITY), "2025-06", "amount-rounding")
    assert (entry.insurance, entry.item, entry.payer, entry.who) == ("*", None, None, None)
    assert entry.title == Text("全部险种", "all insurances")
    assert entry.citation is not None
    assert entry.citation.value == Text("四舍五入到分", "half up to the fen")
    assert entry.citation.who is None


def test_a_list_as_known_on_a_day_leaves_out_what_was_announced_later(cascade_of: Make) -> None:
    cascade = cascade_of(CITY)
    for day, known in ((date(2019, 12, 29), False), (date(2019, 12, 30), True)):
        (entry,) = entries(cascade, "2020-06", "fixed", day)
        assert (entry.citation is not None) is known


UNTIL = {
    day: f"intervals = [{{ first = {{ day = 1 }}, last = {{ day = {day} }} }}], {CITED}"
    for day in (5, 7, 9)
}
UNITS = f"""
[[bounds]]
insurances = ["pension"]
payer = "unit"
values = [{{ from = "2020-01", floor = "2", cap = "none", {CITED} }}]
"""
PERSONS = UNITS.replace('"unit"', '"person"')


def test_a_city_that_sets_the_units_bounds_does_not_hide_the_persons(cascade_of: Make) -> None:
    listed = entries(cascade_of(UNITS, UNITS + PERSONS), "2025-06", "bounds")
    assert [entry.payer for entry in listed] == [Payer.UNIT, Payer.PERSON]
    levels = [entry.citation.level.zh for entry in listed if entry.citation]
    assert levels == ["990100", "990000"]
    assert {entry.title.en for entry in listed} == {"pension"}


BOTH = UNITS.replace('["pension"]', '["pension", "medical"]')


def test_a_city_that_sets_one_insurance_does_not_hide_another(cascade_of: Make) -> None:
    listed = entries(cascade_of(UNITS, BOTH), "2025-06", "bounds")
    levels = [(entry.insurance, entry.citation.level.zh) for entry in listed if entry.citation]
    assert levels == [("pension", "990100"), ("medical", "990000")]


def test_each_insurance_that_nobody_speaks_for_is_listed(cascade_of: Make) -> None:
    ended = BOTH.replace('"2020-01",', '"2020-01", to = "2020-12",')
    ended = ended.replace("[[bounds]]", "[[bounds]]\ninherit_outside_span = true")
    listed = entries(cascade_of(ended), "2025-06", "bounds")
    assert [(entry.insurance, entry.citation) for entry in listed] == [
        ("pension", None),
        ("medical", None),
    ]


QUIET = f"""
[[injury_multiplier]]
inherit_outside_span = true
values = [{{ from = "2020-01", to = "2020-12", multiplier = "80%", {CITED} }}]
[[reliefs]]
insurances = ["pension"]
values = [{{ from = "2020-02", to = "2020-06", pays = "0%", {CITED} }}]
[[coverage]]
inherit_outside_span = true
values = [{{ from = "2020-01", to = "2020-12", insurances = ["pension"], {CITED} }}]
"""


def test_a_relief_that_is_over_is_not_missed_and_a_coverage_is(cascade_of: Make) -> None:
    kinds = ("injury-multiplier", "relief", "coverage")
    for month, expected in (("2020-03", [True] * 3), ("2025-06", [None, None, False])):
        cascade = cascade_of(QUIET)
        for kind, known in zip(kinds, expected, strict=True):
            found = [entry.citation is not None for entry in entries(cascade, month, kind)]
            assert found == ([] if known is None else [known]), (month, kind)


def test_calendars_do_not_end_a_list(cascade_of: Make) -> None:
    window = f"""
    [[windows]]
    businesses = ["staff.add"]
    values = [{{ from = "2020-01", {UNTIL[5]} }}]
    [[retirement]]
    category = "men"
    values = [{{ from = "1965-01", age = 60, {CITED} }}]
    """
    listed = list(MonthRules(cascade_of(CITY + window, UNITS), Month(2024, 6)))
    assert {entry.kind for entry in listed} >= {"rate", "fixed", "bounds", "base-rounding"}
    assert not {"window", "retirement"} & {entry.kind for entry in listed}


def test_notes_to_a_month_are_those_of_the_month(cascade_of: Make) -> None:
    cascade = cascade_of(CITY)
    for month, text in (("2024-12", "old"), ("2025-01", "new")):
        assert [caveat.text.en for caveat in cascade.caveats(Month.of(month))] == [text]
    assert not list(cascade.caveats(Month(2023, 12)))


def test_an_item_is_called_as_its_own_insurance_calls_it(cascade_of: Make) -> None:
    cascade = cascade_of(CITY)
    assert cascade.item_title("pension", "annuity") == Text("年金", "annuity")
    assert cascade.item_title("pension", "basic") == Text("养老保险", "pension")
    assert cascade.item_title("injury", "annuity") == Text("annuity", "annuity")
    assert cascade.title("nobodys") == Text("nobodys", "nobodys")


def test_items_are_collected_in_the_order_of_insurances_and_payers(cascade_of: Make) -> None:
    def rate(insurance: str, payer: str) -> str:
        value = f'{{ from = "2020-01", rate = "1%", {CITED} }}'
        return f'[[rates]]\ninsurance = "{insurance}"\npayer = "{payer}"\nvalues = [{value}]\n'

    text = CITY + rate("injury", "unit") + rate("pension", "person") + rate("pension", "unit")
    assert [(insurance, payer) for insurance, _, payer in cascade_of(text).items(RuleClass())] == [
        ("pension", Payer.UNIT),
        ("pension", Payer.PERSON),
        ("medical", Payer.PERSON),
        ("injury", Payer.UNIT),
    ]


SMALL, LARGE = (RuleClass(unit_size=size) for size in (UnitSize.SMALL, UnitSize.LARGE))
RELIEF = f"""
[[reliefs]]
insurances = ["pension"]
payer = "unit"
who = {{ unit_size = ["small"] }}
values = [{{ from = "2020-02", to = "2020-06", pays = "0%", {CITED} }}]
[[reliefs]]
insurances = ["unemployment"]
who = {{ unit_size = ["small"], trade = ["catering"] }}
values = [{{ from = "2020-02", to = "2020-06", pays = "50%", {CITED} }}]
[[reliefs]]
insurances = ["medical"]
who = {{ trade = ["catering"] }}
values = [{{ from = "2020-02", to = "2020-06", pays = "50%", {CITED} }}]
"""


@pytest.mark.parametrize(
    ("asking", "rule_class", "asked"),
    [
        (("2020-03", "pension", Payer.UNIT), RuleClass(), ("unit_size",)),
        (("2020-03", "pension", Payer.UNIT), LARGE, ()),
        (("2020-03", "pension", Payer.UNIT), SMALL, ()),
        (("2020-03", "pension", Payer.PERSON), RuleClass(), ()),
        (("2020-03", "medical", Payer.PERSON), RuleClass(), ("trade",)),
        (("2020-03", "unemployment", Payer.UNIT), RuleClass(), ("unit_size", "trade")),
        (("2020-03", "unemployment", Payer.UNIT), SMALL, ("trade",)),
        (("2020-03", "unemployment", Payer.UNIT), LARGE, ()),
        (("2020-03", "injury", Payer.UNIT), RuleClass(), ()),
        (("2020-07", "pension", Payer.UNIT), RuleClass(), ()),
    ],
    ids=["open", "large", "small", "person", "trade", "both", "one", "neither", "injury", "over"],
)
def test_what_must_be_known_of_a_unit_is_asked_only_where_it_matters(
    cascade_of: Make, asking: tuple[str, str, Payer], rule_class: RuleClass, asked: tuple[str, ...]
) -> None:
    month, insurance, payer = asking
    found = cascade_of(RELIEF).undecided(
        "relief", Month.of(month), rule_class, insurance=insurance, payer=payer
    )
    assert found == asked


WINDOW = f"""
[[windows]]
businesses = ["staff.add"]
insurances = ["pensoin"]
values = [{{ from = "2020-01", {UNTIL[5]} }}]
"""


def test_a_window_of_an_insurance_that_nobody_names_is_a_typing_error(cascade_of: Make) -> None:
    found = [insurance for _, insurance in cascade_of(WINDOW).untitled()]
    assert found == ["pensoin"]


READINGS = f"""
variants = {{ "staff.add" = "early", "staff.stop" = "late" }}
[[windows]]
businesses = ["staff.add"]
variant = "strict"
values = [{{ from = "2020-01", {UNTIL[5]} }}]
[[windows]]
businesses = ["staff.add"]
variant = "lax"
values = [{{ from = "2020-01", {UNTIL[9]} }}]
[[windows]]
businesses = ["staff.add"]
values = [{{ from = "2020-01", {UNTIL[7]} }}]
"""


def test_a_reading_that_nobody_states_is_told_with_those_that_are(cascade_of: Make) -> None:
    found = [one[1:] for one in cascade_of(READINGS).unheard_variants()]
    assert found == [("staff.add", "early", "lax, strict"), ("staff.stop", "late", "none")]


def test_what_was_not_found_cannot_be_cited(cascade_of: Make) -> None:
    cascade = cascade_of(CITY)
    located = cascade.find(
        "rate",
        Month(2025, 6),
        RuleClass(Household.RURAL_LOCAL),
        insurance="pension",
        item="annuity",
        payer=Payer.UNIT,
    )
    assert located is not None
    assert located.found.status is Status.CONFIRMED
    with pytest.raises(ValueError, match=r"^nothing was found that could be cited$"):
        located.citation()
    with pytest.raises(ValueError, match=r"^nothing was found that could be cited$"):
        cite(located.found, located.series, {}, Text("", ""), own=False)
