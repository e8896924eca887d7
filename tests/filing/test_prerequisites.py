"""A prerequisite that nobody can judge stops the declaration; it is never taken to be met."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from socialins.facade import Region
from socialins.faults import Fault, FaultError
from socialins.filing import Change, Facts, PersonFacts
from socialins.filing.pluginchecks import checks_for
from socialins.filing.prerequisites import CHECKS, failed_requirements
from socialins.identity import IdDocument, Sex
from socialins.model import InsuredPerson
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules.business import Business, Channel, Requirement
from socialins.testing.middle import middle, middle_registry
from socialins.values import Money, Month

ON = date(2026, 11, 3)
MONTH = Month(2026, 11)
SOMEBODY = InsuredPerson("某", IdDocument("passport", "E00000001"))
BOUNDS: dict[str, dict[str, Any]] = {
    "age-within": {"at_least": 16, "at_most": 59},
    "balance-at-least": {"amount": Money(100)},
    "months-back": {"at_least": 1, "at_most": 3},
    "insurances-among": {"insurances": ("pension",)},
}


def asked(
    requires: Requirement | str,
    rows: list[Change] | Change,
    facts: Facts | None = None,
    **more: Any,
) -> list[Fault]:
    if isinstance(requires, str):
        requires = Requirement(id=requires, **BOUNDS.get(requires, {}))
    business = Business(id="a.b", requires=(requires,))
    listed = [rows] if isinstance(rows, Change) else rows
    checks = more.pop("checks", CHECKS)
    return list(
        failed_requirements(business, listed, facts or Facts(), ON, checks, month=MONTH, **more)
    )


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_not_known_stops_and_names_the_fact(name: str) -> None:
    bare = attrs.evolve(SOMEBODY, birth_date=None, sex=None)
    (fault,) = asked(name, Change(row="1", person=bare))
    assert fault.is_error
    if name != "insurances-among":  # a row that names none means all, which are too many
        assert fault.code == "filing.fact-unknown"
        assert fault.values["fact"]


@given(
    row=st.builds(
        Change,
        row=st.just("1"),
        person=st.none() | st.just(SOMEBODY),
        first=st.none() | st.integers(1, 12).map(lambda number: Month(2026, number)),
        insurances=st.none() | st.frozensets(st.sampled_from(["pension", "medical"])),
    ),
    facts=st.builds(
        Facts,
        persons=st.dictionaries(
            st.just("E00000001"),
            st.builds(
                PersonFacts,
                employment_registered=st.none() | st.booleans(),
                enrolled=st.none() | st.booleans(),
                insured_elsewhere=st.none() | st.booleans(),
                balance=st.none() | st.integers(-1, 200).map(Money),
            ),
        ),
        arrears=st.none() | st.integers(-1, 1).map(Money),
        certificate_until=st.none() | st.dates(),
        yearly_check_done=st.none() | st.booleans(),
    ),
    name=st.sampled_from(sorted(CHECKS)),
)
def test_a_check_passes_only_for_a_fact_that_says_so(row: Change, facts: Facts, name: str) -> None:
    known = facts.of(row.person)
    met = {
        "employment-registered": known.employment_registered is True,
        "enrolled": known.enrolled is True,
        "no-arrears": facts.arrears is not None and facts.arrears <= Money(0),
        "age-within": False,  # a travel document tells no birth date
        "not-insured-elsewhere": known.insured_elsewhere is not None,
        "balance-at-least": known.balance is not None and known.balance >= Money(100),
        "certificate-valid": bool(facts.certificate_until and facts.certificate_until >= ON),
        "yearly-check-done": facts.yearly_check_done is True,
        "months-back": row.first is not None and 1 <= MONTH - row.first <= 3,
        "insurances-among": row.insurances is not None and row.insurances <= {"pension"},
    }
    errors = [fault for fault in asked(name, row, facts) if fault.is_error]
    assert (not errors) is met[name]


@pytest.mark.parametrize(
    ("born", "fits"),
    [
        (date(2010, 11, 3), True),
        (date(2010, 11, 4), False),
        (date(1966, 11, 4), True),
        (date(1966, 11, 3), False),
    ],
)
def test_an_age_is_counted_in_full_years_on_the_day_of_filing(born: date, fits: bool) -> None:
    row = Change(row="1", person=attrs.evolve(SOMEBODY, birth_date=born))
    assert (asked("age-within", row) == []) is fits


def test_an_age_for_one_sex_is_not_asked_of_the_other_and_not_guessed() -> None:
    men = Requirement(id="age-within", sex=Sex.MALE, at_least=16)
    child = attrs.evolve(SOMEBODY, birth_date=date(2020, 1, 1))
    assert asked(men, Change(row="1", person=attrs.evolve(child, sex=Sex.FEMALE))) == []
    (fault,) = asked(men, Change(row="1", person=attrs.evolve(child, sex=Sex.MALE)))
    assert fault.code == "filing.age"
    (fault,) = asked(men, Change(row="1", person=child))
    assert fault.values["fact"] == "sex"


def test_the_counter_takes_what_it_takes_all_the_same() -> None:
    requirement = Requirement(id="enrolled", counter=True)
    row = Change(row="1", person=SOMEBODY)
    outsider = Facts(persons={"E00000001": PersonFacts(enrolled=False)})
    (fault,) = asked(requirement, row, outsider)
    assert "counter" in fault.message("en")
    assert "柜台" in fault.message("zh")
    assert asked(requirement, row, outsider, channel=Channel.COUNTER) == []
    strict = Requirement(id="enrolled")
    (fault,) = asked(strict, row, outsider, channel=Channel.COUNTER)
    assert "counter" not in fault.message("en")


def test_what_the_unit_lacks_is_told_once_and_what_persons_lack_for_each() -> None:
    rows = [Change(row=str(number), person=SOMEBODY) for number in range(5)]
    assert len(asked("yearly-check-done", rows)) == 1
    assert len(asked("no-arrears", rows, Facts(arrears=Money(1)))) == 1
    faults = asked("enrolled", rows)
    assert [fault.place.field for fault in faults] == ["0", "1", "2", "3", "4"]
    unknown = asked("of-nobody", rows)
    assert [fault.code for fault in unknown] == ["filing.check-unknown"]


def test_no_number_of_a_document_stands_in_a_fault() -> None:
    (fault,) = asked("enrolled", Change(row="1", person=SOMEBODY))
    assert "E00000001" not in fault.message() + str(fault)


def region_with(**hooks: object) -> Region:
    """The fictional region, brought by a plugin with hooks of its own."""
    manager = HookManager()
    manager.register(SimpleNamespace(**hooks), name="own")
    books = middle_registry().books
    registry = Registry((LoadedPlugin("own", books=dict(books)),), manager)
    return Region(registry.book("middle"), registry)


def overlay(check: str) -> dict[str, Any]:
    return {"businesses": [{"id": "staff.add", "requires": [{"id": check}]}]}


def test_a_plugin_brings_checks_of_its_own() -> None:
    def recorded(question: Any) -> Fault | None:
        known = question.facts.other.get("contracts")
        if known is None:
            return question.unknown("contracts")
        return None if known == "recorded" else Fault("filing.yearly-check", {})

    region = region_with(socialins_prerequisites=lambda: {"contract": recorded})
    rules = region.filing(overlay("contract"))
    business = rules.businesses["staff.add"]
    row = Change(row="1", person=SOMEBODY)

    def codes(facts: Facts) -> list[str]:
        found = failed_requirements(business, [row], facts, ON, rules.checks, month=MONTH)
        return [fault.code for fault in found]

    assert codes(Facts()) == ["filing.fact-unknown"]
    assert codes(Facts(other={"contracts": "no"})) == ["filing.yearly-check"]
    assert codes(Facts(other={"contracts": "recorded"})) == []
    assert rules.checks.keys() - CHECKS.keys() == {"contract"}


def test_a_plugin_of_another_division_is_not_asked() -> None:
    def never() -> Mapping[str, Any]:
        raise AssertionError("asked for a division that is not its own")

    manager = HookManager()
    manager.register(SimpleNamespace(socialins_prerequisites=never), name="elsewhere")
    own = LoadedPlugin("middle", books=dict(middle_registry().books))
    registry = Registry((own, LoadedPlugin("elsewhere")), manager)
    assert checks_for(registry, middle().cascade) == CHECKS


def test_a_plugin_that_raises_is_named_and_refuses_instead_of_letting_through() -> None:
    def broken() -> Mapping[str, Any]:
        raise OSError("no licence")

    with pytest.raises(FaultError, match=r"own.*no licence"):
        region_with(socialins_prerequisites=broken).filing()
    with pytest.raises(FaultError, match="is no check"):
        region_with(socialins_prerequisites=lambda: {"x": 1}).filing()

    def raising(_question: Any) -> Fault | None:
        raise ZeroDivisionError("by zero")

    for check in (raising, lambda _question: "fine"):
        region = region_with(socialins_prerequisites=lambda check=check: {"own": check})
        (fault,) = asked("own", Change(row="1"), checks=region.filing().checks)
        assert fault.code == "filing.check-failed"
        assert fault.is_error
