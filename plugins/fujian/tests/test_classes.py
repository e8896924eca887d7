"""What depends on the class of a person: non-local persons' medical in Xiamen rests on one base."""

from __future__ import annotations

from importlib.resources import files

import pytest

import socialins as si
from socialins.facade import Region
from socialins.identity import IdDocument
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import RuleBook, build_rule_books, read_rule_folder


def _books(package: str) -> dict[str, RuleBook]:
    return build_rule_books(read_rule_folder(files(package).joinpath("rules")))


BOOKS = _books("socialins_national") | _books("socialins_fujian")
XIAMEN = Region(
    BOOKS["350200"],
    Registry((LoadedPlugin("fujian", books=BOOKS),), HookManager()),
)


def medical(month: str, household: str, wage: str) -> dict[str, tuple[str, str]]:
    """Payer → base and amount."""
    person = si.InsuredPerson("甲", IdDocument("passport", "E12345678"))  # type: ignore[arg-type]
    entry = si.RosterEntry(
        person,
        si.DeclaredWage(si.Money.yuan(wage)),
        household=si.Household(household),
        insurances=frozenset({"medical"}),
    )
    bill = XIAMEN.settle(si.Roster(month, [entry]), month, strict=False)
    return {one.payer.value: (str(one.base), str(one.amount)) for one in bill.contributions}


@pytest.mark.parametrize("household", ["urban-outside", "rural-outside"])
@pytest.mark.parametrize("wage", ["1000", "3992", "8000", "50000"])
def test_non_local_medical_rests_on_the_floor_whatever_the_wage(household: str, wage: str) -> None:
    found = medical("2022-10", household, wage)
    assert found == {"unit": ("3992.00", "119.76"), "person": ("3992.00", "79.84")}


@pytest.mark.parametrize("household", ["urban-local", "rural-local"])
def test_local_persons_pay_medical_on_their_wage(household: str) -> None:
    found = medical("2022-10", household, "8000")
    assert {base for base, _ in found.values()} == {"8000.00"}
