"""What depends on the class of a person or on the system: rural workers, two back ends (S21)."""

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


BOOKS = _books("socialins_national") | _books("socialins_beijing")
REGION = Region(
    BOOKS["110000"],
    Registry((LoadedPlugin("beijing", books=BOOKS),), HookManager()),
)


def bill(month: str, household: str, wage: str = "10000") -> si.Settlement:
    person = si.InsuredPerson("甲", IdDocument("passport", "E12345678"))  # type: ignore[arg-type]
    entry = si.RosterEntry(
        person, si.DeclaredWage(si.Money.yuan(wage)), household=si.Household(household)
    )
    injury = si.InjuryTerms(si.MonthSpan("2009-01"), rate="0.2%")  # type: ignore[arg-type]
    account = si.UnitAccount(si.Unit("甲公司"), injury=[injury])
    return REGION.settle(si.Roster(month, [entry], account), month, strict=False)


@pytest.mark.parametrize(
    ("month", "household", "person", "unit"),
    [
        ("2021-04", "urban-local", "20.00", "80.00"),
        ("2021-04", "rural-local", None, "80.00"),
        ("2021-04", "rural-outside", None, "80.00"),
        ("2021-05", "urban-local", "50.00", "50.00"),
        ("2021-05", "rural-local", "50.00", "50.00"),
        ("2021-05", "rural-outside", "50.00", "50.00"),
    ],
)
def test_rural_workers_pay_unemployment_themselves_from_the_unification_on(
    month: str, household: str, person: str | None, unit: str
) -> None:
    found = {
        one.payer: one.amount
        for one in bill(month, household).contributions
        if one.insurance == "unemployment"
    }
    expected = {si.Payer.UNIT: si.Money.yuan(unit)}
    if person:
        expected[si.Payer.PERSON] = si.Money.yuan(person)
    assert found == expected


def test_s21_one_declaration_is_split_between_medical_and_the_other_four() -> None:
    medical, four = REGION.back_ends
    assert medical.insurances == ("medical",)
    assert set(four.insurances) == {"pension", "unemployment", "injury", "maternity"}
    settled = bill("2026-11", "urban-local")
    first, second = settled.by_back_end()
    assert (first.back_end, second.back_end) == (medical, four)
    assert (str(first.unit_total), str(first.person_total)) == ("980.00", "203.00")
    assert (str(second.unit_total), str(second.person_total)) == ("1670.00", "850.00")
    assert first.total + second.total == settled.total
    old = bill("2019-11", "urban-local").by_back_end()[1]
    assert "maternity" in {one.insurance for one in old.contributions}
