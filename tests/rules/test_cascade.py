"""The cascade: whose figure holds. The wrong level's floor is a wrong bill for a whole city."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from hypothesis import given, strategies as st

from socialins.model import AccountType, Employment, Household, Payer
from socialins.rules import Cascade, RuleClass
from socialins.rules.monthrules import MonthRules
from socialins.testing import strategies as sis
from socialins.testing.middle import middle
from socialins.values import Month

Make = Callable[..., Cascade]
CITED = 'sources = ["s"], mark = "A"'
EVERYBODY = RuleClass()
RURAL = RuleClass(Household.RURAL_LOCAL)


def bounds(*spans: str, who: str = "", insurances: str = '"pension"', more: str = "") -> str:
    """A series of bounds; each span is ``from..to floor``, the cap always 20 000."""
    values = []
    for text in spans:
        span, floor = text.split()
        first, _, last = span.partition("..")
        end = f', to = "{last}"' if last else ""
        values.append(f'{{ from = "{first}"{end}, floor = "{floor}", cap = "20000", {CITED} }}')
    who = f"who = {{ {who} }}\n" if who else ""
    head = f"[[bounds]]\ninsurances = [{insurances}]\n{who}{more}"
    return f"{head}\nvalues = [{', '.join(values)}]\n"


def floor(
    cascade: Cascade,
    month: str,
    rule_class: RuleClass = EVERYBODY,
    *,
    insurance: str = "pension",
    lenient: bool = False,
) -> str | None:
    """The floor that holds; None where a series says that it is not known."""
    located = cascade.find(
        "bounds", Month.of(month), rule_class, insurance=insurance, lenient=lenient
    )
    assert located is not None
    return str(located.figure.floor) if located.figure else None


def test_a_city_that_sets_a_figure_hides_the_provinces_for_all_months(cascade_of: Make) -> None:
    city, province = bounds("2025-01..2025-12 5000"), bounds("2020-01.. 4000")
    cascade = cascade_of(city, province)
    assert floor(cascade, "2025-06") == "5000.00"
    # Before and after, the city's own floor is not known; the province's is not put in its place.
    assert floor(cascade, "2024-12") is None
    assert floor(cascade, "2026-01") is None
    assert floor(cascade, "2026-01", lenient=True) == "5000.00"


def test_a_city_may_leave_other_months_to_the_province(cascade_of: Make) -> None:
    city = bounds("2025-01..2025-12 5000", more="inherit_outside_span = true")
    cascade = cascade_of(city, bounds("2020-01.. 4000"))
    assert floor(cascade, "2025-12") == "5000.00"
    assert floor(cascade, "2024-12") == "4000.00"
    assert floor(cascade, "2026-01") == "4000.00"
    assert floor(cascade, "2019-12") is None
    # Nothing farther has a word: then the city's own last figure may be carried.
    assert floor(cascade_of(city, ""), "2026-01", lenient=True) == "5000.00"


def test_admitted_gaps_are_a_word_too_and_nothing_farther_fills_them(cascade_of: Make) -> None:
    gap = 'unknown = [{ from = "2026-01", why = { zh = "未见。", en = "Not seen." } }]'
    city = bounds("2025-01..2025-12 5000", more=f"inherit_outside_span = true\n{gap}")
    cascade = cascade_of(city, bounds("2020-01.. 4000"))
    assert floor(cascade, "2026-01") is None
    located = cascade.find("bounds", Month(2026, 1), EVERYBODY, insurance="pension")
    assert located is not None
    assert located.found.why is not None
    assert located.found.why.en == "Not seen."


def test_what_a_city_does_not_speak_of_is_the_provinces(cascade_of: Make) -> None:
    cascade = cascade_of(bounds("2025-01.. 5000"), bounds("2020-01.. 4000", insurances='"medical"'))
    assert floor(cascade, "2025-06", insurance="medical") == "4000.00"
    assert cascade.find("bounds", Month(2025, 6), EVERYBODY, insurance="injury") is None


def test_a_class_of_persons_has_its_own_series_for_all_months(cascade_of: Make) -> None:
    own = bounds("2025-01..2025-12 3000", who='household = ["rural-local"]')
    cascade = cascade_of(own + bounds("2020-01.. 4000"))
    assert floor(cascade, "2025-06") == "4000.00"
    assert floor(cascade, "2025-06", RURAL) == "3000.00"
    assert floor(cascade, "2026-06", RURAL) is None, "a class series restates all months it wants"


def test_the_nearer_level_wins_even_against_the_closer_class(cascade_of: Make) -> None:
    province = bounds("2020-01.. 3000", who='household = ["rural-local"]')
    assert floor(cascade_of(bounds("2020-01.. 5000"), province), "2025-06", RURAL) == "5000.00"


def test_more_keys_of_a_class_are_closer_than_fewer(cascade_of: Make) -> None:
    one = bounds("2020-01.. 3000", who='household = ["rural-local"]')
    two = bounds(
        "2020-01.. 2000", who='household = ["rural-local"], account_type = ["state-organ"]'
    )
    cascade = cascade_of(one + two + bounds("2020-01.. 4000"))
    organ = RuleClass(Household.RURAL_LOCAL, account_type=AccountType.STATE_ORGAN)
    assert floor(cascade, "2025-06", organ) == "2000.00"
    assert floor(cascade, "2025-06", RURAL) == "3000.00"


@pytest.mark.parametrize("turned", [False, True])
def test_a_named_insurance_comes_before_all_insurances(turned: bool, cascade_of: Make) -> None:
    bodies = [bounds("2020-01.. 4000", insurances='"*"'), bounds("2020-01.. 5000")]
    cascade = cascade_of("".join(bodies[::-1] if turned else bodies))
    assert floor(cascade, "2025-06") == "5000.00"
    assert floor(cascade, "2025-06", insurance="medical") == "4000.00"


@pytest.mark.parametrize("named_first", [True, False])
def test_a_named_insurance_comes_before_a_named_payer_whatever_stands_first(
    named_first: bool, cascade_of: Make
) -> None:
    named = bounds("2020-01.. 5000")
    for_payer = bounds("2020-01.. 4000", insurances='"*"', more='payer = "unit"')
    cascade = cascade_of(named + for_payer if named_first else for_payer + named)
    asked = {"insurance": "pension", "payer": Payer.UNIT}
    located = cascade.find("bounds", Month(2025, 6), EVERYBODY, **asked)  # type: ignore[arg-type]
    assert located is not None
    assert str(located.figure.floor) == "5000.00"


def test_bounds_for_one_payer_come_before_bounds_for_both(cascade_of: Make) -> None:
    cascade = cascade_of(bounds("2020-01.. 4000") + bounds("2020-01.. 0", more='payer = "unit"'))
    found = {
        payer: cascade.find("bounds", Month(2025, 6), EVERYBODY, insurance="pension", payer=payer)
        for payer in Payer
    }
    assert {payer: str(one.figure.floor) for payer, one in found.items() if one} == {
        Payer.UNIT: "0.00",
        Payer.PERSON: "4000.00",
    }


RATE = f"""
[[rates]]
insurance = "x"
payer = "unit"
values = [{{ from = "2020-01", rate = "1%", {CITED} }}]
"""


@pytest.mark.parametrize(
    ("body", "spoken"),
    [
        (bounds("2020-01.. 1", insurances='"pensoin"'), "pensoin"),
        (RATE, "x"),
        (
            f'[[coverage]]\nvalues = [{{ from = "2020-01", insurances = ["injuri"], {CITED} }}]',
            "injuri",
        ),
        ('[[bundles]]\nwords = ["三险"]\ninsurances = ["pension", "y"]', "y"),
        ('[[caveats]]\nfrom = "2020-01"\ninsurances = ["z"]\ntext = { zh = "", en = "" }', "z"),
        ('[[items]]\ninsurance = "w"\nid = "a"\ntitle = { zh = "", en = "" }', "w"),
    ],
    ids=["bounds", "rates", "coverage", "bundles", "caveats", "items"],
)
def test_an_insurance_that_nobody_names_is_a_typing_error_wherever_it_stands(
    body: str, spoken: str, cascade_of: Make
) -> None:
    found = [(book.division, insurance) for book, insurance in cascade_of(body).untitled()]
    assert found == [("990100", spoken)]


def test_the_shipped_fictional_region_names_all_it_speaks_of() -> None:
    assert not list(middle().cascade.untitled())


def test_titles_come_from_the_nearest_level(cascade_of: Make) -> None:
    title = (
        '[[insurances]]\nid = "medical"\ntitle = { zh = "职工医保", en = "employees\' medical" }'
    )
    cascade = cascade_of(title, "")
    assert cascade.title("medical").zh == "职工医保"
    assert cascade.item_title("medical", "basic").zh == "职工医保"
    assert cascade.item_title("medical", "aid").zh == "aid"
    assert cascade.title("unheard").en == "unheard"
    assert [one.id for one in cascade.insurances()] == ["pension", "medical", "injury"]


# What people are shown is what is settled by.


def rule_classes() -> Iterator[RuleClass]:
    return (RuleClass(*parts) for parts in product(Household, Employment, AccountType))


def answers(cascade: Cascade, month: Month, kind: str) -> set[tuple[object, ...]]:
    """Every series that some class of persons meets when it asks for something."""
    found: set[tuple[object, ...]] = set()
    for rule_class in rule_classes():
        for insurance, item, payer in cascade.items(rule_class):
            located = cascade.find(
                kind, month, rule_class, insurance=insurance, item=item, payer=payer
            )
            if located is not None:
                found.add((located.book.division, id(located.series)))
    return found


@pytest.mark.parametrize("kind", ["bounds", "rate", "fixed", "base-rounding", "amount-rounding"])
@given(month=sis.months(min_value="2019-01", max_value="2028-12"))
def test_every_figure_that_somebody_meets_is_listed_for_the_month(kind: str, month: Month) -> None:
    cascade = middle().cascade
    series = {
        id(placed.series): (book.division, placed.series)
        for book in cascade.books
        for placed in book.series
    }
    listed = [entry for entry in MonthRules(cascade, month) if entry.kind == kind]
    for division, key in answers(cascade, month, kind):
        found = series[key][1].find(month, None, lenient=False)
        if found.figure is not None:
            described = found.figure.describe("en")
            assert any(
                entry.citation is not None and entry.citation.value.en == described
                for entry in listed
            ), (division, described)


def test_a_figure_that_nobody_meets_is_not_listed(cascade_of: Make) -> None:
    province = bounds("2020-01.. 3000", who='household = ["rural-local"]')
    province += bounds("2020-01.. 4000")
    rules = MonthRules(cascade_of(bounds("2020-01.. 5000"), province), Month(2025, 6))
    listed = [entry.citation for entry in rules if entry.kind == "bounds"]
    assert [one.value.en for one in listed if one] == ["floor 5,000.00, cap 20,000.00"]


def test_a_general_series_of_a_nearer_level_hides_a_named_one_farther_off(
    cascade_of: Make,
) -> None:
    cascade = cascade_of(bounds("2020-01.. 5000", insurances='"*"'), bounds("2020-01.. 4000"))
    assert floor(cascade, "2025-06") == "5000.00"
    listed = [entry for entry in MonthRules(cascade, Month(2025, 6)) if entry.kind == "bounds"]
    assert [entry.insurance for entry in listed] == ["*"]


def test_a_series_that_leaves_the_month_to_nobody_is_listed_as_unknown(cascade_of: Make) -> None:
    city = bounds("2025-01..2025-12 5000", more="inherit_outside_span = true")
    alone = [one for one in MonthRules(cascade_of(city), Month(2026, 1)) if one.kind == "bounds"]
    assert [one.citation for one in alone] == [None]
    assert alone[0].last is not None
    assert alone[0].last.en == "floor 5,000.00, cap 20,000.00 (2025-01..2025-12)"
    cascade = cascade_of(city, bounds("2020-01.. 4000"))
    (entry,) = [one for one in MonthRules(cascade, Month(2026, 1)) if one.kind == "bounds"]
    assert entry.citation is not None


@given(sis.months(min_value="2000-01", max_value="2030-12"))
def test_what_is_not_known_is_listed_with_its_reason_or_the_last_figure(month: Month) -> None:
    every = [placed.series for book in middle().cascade.books for placed in book.series]
    for entry in middle().rules(month):
        if entry.citation is not None:
            assert entry.citation.sources
            assert entry.citation.span.first <= month
            continue
        about = [
            value
            for series in every
            if series.kind == entry.kind
            and (entry.insurance, entry.item, entry.payer) in set(series.scopes())
            and series.who.describe() == (entry.who.zh if entry.who else "")
            for value in series.values
        ]
        assert entry.last or entry.why or all(value.start > month for value in about)
        assert month not in (Month(2026, 7), Month(2026, 11)), "all is known of these"


@given(st.sampled_from(list(rule_classes())))
def test_asking_for_rules_by_name_gives_what_settling_uses(rule_class: RuleClass) -> None:
    month = Month(2026, 11)
    rules = middle().rules(month)
    cascade = middle().cascade
    for insurance in ("pension", "medical", "unemployment"):
        bounds = rules.bounds(insurance, rule_class=rule_class)
        located = cascade.find("bounds", month, rule_class, insurance=insurance)
        assert located is not None
        assert bounds == located.figure
        rate = rules.rate(insurance, "person", rule_class=rule_class)
        assert rate is not None
        assert rate.rate is not None
