"""Hooks that change rows: what they say is settled, what they can't say stops the bill by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.hookspecs import SettleBatch
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.settlement.adjust import HookFailed
from socialins.testing.middle import middle

MONTH = si.Month(2026, 11)
Batch = Callable[[SettleBatch], object]


def entry(number: int, wage: str, **more: Any) -> si.RosterEntry:
    person = si.InsuredPerson(f"甲{number}", si.IdDocument("passport", f"E{number:08}"))
    return si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(wage)), **more)


def roster(*entries: si.RosterEntry, **more: Any) -> si.Roster:
    unit = si.Unit("某公司", size=si.UnitSize.SMALL, trade="catering")
    terms = si.InjuryTerms(si.MonthSpan("2010-01"), rate=si.Rate("0.3%"))
    account = si.UnitAccount(unit, injury=(terms,))
    return si.Roster(MONTH, entries, **{"account": account, **more})


def hooked(**hooks: Any) -> si.Region:
    """The fictional region with a plugin each for country, province and city."""
    codes = {"country": "000000", "province": "990000", "city": "990100"}
    books = middle().registry.books
    manager = HookManager()
    plugins = [LoadedPlugin(name, books={code: books[code]}) for name, code in codes.items()] + [
        LoadedPlugin("others", books={c: b for c, b in books.items() if c not in codes.values()})
    ]
    for name, function in hooks.items():
        manager.register(type(name, (), {"socialins_settle_batch": staticmethod(function)}), name)
    registry = Registry(tuple(plugins), manager)
    return type(middle())(registry.book("middle"), registry)


def changing(**columns: list[Any]) -> Callable[[SettleBatch], None]:
    def socialins_settle_batch(batch: SettleBatch) -> None:
        for name, values in columns.items():
            batch.set(name, values)

    return socialins_settle_batch


LOW, HIGH = entry(1, "5000"), entry(2, "9000", household=si.Household.RURAL_LOCAL)


def test_what_a_hook_says_is_settled_and_the_roster_stays_as_it_was_given() -> None:
    given = roster(LOW, HIGH)
    changed: dict[str, list[Any]] = {
        "wage_fen": [6000_00, 7000_00],
        "household": ["foreign", None],
        "employment": [None, "part-time"],
        "insurances": ["pension, medical", None],
        "injury_rate": [None, "0.7%"],
    }
    said = roster(
        attrs.evolve(
            entry(1, "6000"), household=si.Household.FOREIGN, insurances={"pension", "medical"}
        ),
        attrs.evolve(
            entry(2, "7000"), employment=si.Employment.PART_TIME, injury_rate=si.Rate("0.7%")
        ),
    )
    bill = hooked(city=changing(**changed)).settle(given)
    expected = middle().settle(said)
    owed = [
        (one.person, one.insurance, one.item, one.payer, one.amount) for one in bill.contributions
    ]
    assert owed == [
        (one.person, one.insurance, one.item, one.payer, one.amount)
        for one in expected.contributions
    ]
    assert bill.roster == given


def test_a_hook_reads_what_the_roster_has_as_a_table_would() -> None:
    seen: dict[str, list[Any]] = {}

    def look(batch: SettleBatch) -> None:
        seen.update({name: batch.get(name) for name in batch.columns})
        assert len(batch) == 3

    rated = entry(3, "1.23", insurances={"pension", "injury"}, injury_rate=si.Rate("0.9%"))
    none = entry(4, "2", insurances=frozenset())
    bill = hooked(city=look).settle(roster(HIGH, rated, none))
    assert bill.contributions == middle().settle(roster(HIGH, rated, none)).contributions
    assert seen == {
        "wage_fen": [9000_00, 123, 200],
        "household": ["rural-local", "urban-local", "urban-local"],
        "employment": ["full-time"] * 3,
        "insurances": [None, "injury,pension", "none"],
        "injury_rate": [None, "0.9%", None],
        "id_number": ["E00000002", "E00000003", "E00000004"],
        "account_type": ["enterprise"] * 3,
        "unit_size": ["small"] * 3,
        "trade": ["catering"] * 3,
    }


def test_without_an_account_a_hook_sees_no_column_of_it() -> None:
    def look(batch: SettleBatch) -> None:
        assert not {"account_type", "unit_size", "trade"} & set(batch.columns)
        assert batch.get("unit_size") == [None]

    hooked(city=look).settle(roster(LOW, account=None), strict=False)


def test_an_account_of_unknown_size_has_none() -> None:
    sizes: list[Any] = []

    def look(batch: SettleBatch) -> None:
        sizes.extend(batch.get("unit_size"))

    hooked(city=look).settle(roster(LOW, account=si.UnitAccount(si.Unit("某公司"))), strict=False)
    assert sizes == [None]


def test_nothing_is_settled_for_whom_a_hook_leaves_no_insurance() -> None:
    bill = hooked(city=changing(insurances=["none", None])).settle(roster(LOW, HIGH))
    assert not bill.of(LOW.person)
    assert bill.of(HIGH.person) == middle().settle(roster(LOW, HIGH)).of(HIGH.person)


def test_hooks_are_called_from_the_country_to_the_city_with_division_and_month() -> None:
    called: list[tuple[str, Any, Any]] = []

    def hook(name: str) -> Callable[..., None]:
        def socialins_settle_batch(month: si.Month, division: str, batch: SettleBatch) -> None:
            called.append((name, division, month))
            batch.set("wage_fen", [fen + 100 for fen in batch.get("wage_fen")])

        return socialins_settle_batch

    names = ("city", "country", "province", "others")
    bill = hooked(**{name: hook(name) for name in names}).settle(roster(LOW))
    assert called == [(name, "990100", MONTH) for name in ("country", "province", "city")]
    assert {one.wage for one in bill.of(LOW.person)} == {si.Money.yuan("5003")}


def test_a_hook_that_changes_nothing_changes_nothing() -> None:
    def idle(division: str) -> None:
        assert division == "990100"

    given = roster(LOW, HIGH)
    assert hooked(city=idle).settle(given).contributions == middle().settle(given).contributions


def test_hooks_of_other_divisions_are_not_asked() -> None:
    def never() -> None:
        raise AssertionError

    given = roster(LOW)
    assert hooked(others=never).settle(given).contributions == middle().settle(given).contributions


@pytest.mark.parametrize(
    ("hooks", "plugin", "reason"),
    [
        ({"city": lambda: 1 / 0}, "city", "ZeroDivisionError: division by zero"),
        (
            {"city": changing(rate=["1%"])},
            "city",
            "ValueError: rate can't be changed; these can: ",
        ),
        (
            {"city": changing(household=["rural"])},
            "city",
            "ValueError: 'rural' is no household; use one of ",
        ),
        (
            {"country": changing(wage_fen=[1.5]), "city": changing()},
            "country, city",
            "TypeError: float 1.5 can't be an amount",
        ),
        ({"city": changing(injury_rate=["x"])}, "city", "ValueError: 'x' can't be a rate"),
    ],
    ids=["raises", "column", "household", "wage", "rate"],
)
def test_a_hook_that_fails_stops_the_bill_and_is_named(
    hooks: dict[str, Any], plugin: str, reason: str
) -> None:
    with pytest.raises(HookFailed) as caught:
        hooked(**hooks).settle(roster(LOW))
    fault = caught.value.fault
    assert fault.code == "plugin.hook-failed"
    assert fault.values["plugin"] == plugin
    assert fault.values["hook"] == "socialins_settle_batch"
    assert str(fault.values["reason"]).startswith(reason)
