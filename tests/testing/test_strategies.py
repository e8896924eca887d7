"""Strategies: what they draw must be legal, or a user's suite fails for no fault of the user's."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, find, given, settings, strategies as st

import socialins as si
from socialins.identity import read_credit_code, read_document
from socialins.rules import Bounds, Cascade
from socialins.testing import strategies as sis
from socialins.testing.middle import middle
from socialins.testing.registration import STRATEGIES

TODAY = date(2026, 11, 22)
everything = {name: getattr(sis, name) for name in sis.__all__ if name != "edges"}


@pytest.mark.parametrize("name", everything)
@settings(max_examples=15)
@given(data=st.data())
def test_every_strategy_draws_without_arguments(name: str, data: st.DataObject) -> None:
    data.draw(everything[name]())


@given(sis.documents())
def test_every_drawn_number_is_one_that_the_library_reads(document: si.IdDocument) -> None:
    read = read_document(document.number, document.type, TODAY)
    assert read.document == document
    assert not read.faults
    guessed = read_document(document.number, today=TODAY)
    assert guessed.document == document, "a roster without types must read back equal"


@given(sis.resident_ids(divisions=["440103"], born=(date(1999, 5, 1), date(1999, 5, 31))))
def test_drawn_numbers_keep_to_division_and_birth_dates(number: str) -> None:
    assert number.startswith("440103199905")


@given(sis.documents(types=[si.DocumentType.PASSPORT]))
def test_drawn_documents_keep_to_their_types(document: si.IdDocument) -> None:
    assert document.type is si.DocumentType.PASSPORT


@given(sis.credit_codes())
def test_every_drawn_credit_code_is_one_that_the_library_reads(code: si.CreditCode) -> None:
    assert read_credit_code(str(code)).code == code


@pytest.mark.parametrize("month", ["1995-01", "2000-01", "2026-11", "2150-06"])
@settings(max_examples=15)
@given(data=st.data())
def test_drawn_rosters_are_for_their_month_and_have_an_injury_rate(
    month: str, data: st.DataObject
) -> None:
    roster = data.draw(sis.rosters(month=month, min_size=1, max_size=3))
    assert str(roster.month) == month
    assert 1 <= len(roster) <= 3
    assert roster.account is not None
    assert roster.account.injury_in(roster.month) is not None
    assert all(entry.wage.since is None or entry.wage.since <= roster.month for entry in roster)


@given(sis.rosters())
def test_rosters_of_any_month_have_an_injury_rate_too(roster: si.Roster) -> None:
    assert roster.account is not None
    assert roster.account.injury_in(roster.month) is not None


@given(sis.rosters(region=middle(), month="2026-11"))
def test_a_drawn_roster_of_a_known_month_can_be_settled_strictly(roster: si.Roster) -> None:
    bill = middle().settle(roster)
    assert not bill.unsettled
    assert bill.persons == len(roster)


@settings(max_examples=20)
@given(sis.rosters(region=middle(), min_size=1, max_size=2))
def test_a_drawn_roster_of_any_month_can_be_settled_leniently(roster: si.Roster) -> None:
    bill = middle().settle(roster, strict=False)
    assert bill.persons == len(roster)


def test_drawn_bands_are_the_national_ones() -> None:
    rules = Path(__file__).parents[2] / "src" / "socialins_national" / "rules" / "defaults.toml"
    ((table,),) = (one["values"] for one in tomllib.loads(rules.read_text())["injury_bands"])
    stated = {
        (int(risk_class), si.Rate(band))
        for risk_class, bands in table["bands"].items()
        for band in bands
    }
    drawn: set[tuple[int, si.Rate]] = set()

    @settings(max_examples=1000, database=None)
    @given(sis.injury_terms())
    def draw(terms: si.InjuryTerms) -> None:
        if terms.band is not None:
            assert terms.risk_class is not None
            drawn.add((terms.risk_class, terms.band))

    draw()
    assert drawn <= stated
    assert {risk_class for risk_class, _ in drawn} == set(range(1, 9))


ACCOUNTS: dict[str, Callable[[si.UnitAccount], bool]] = {
    "a band": lambda account: any(terms.band is not None for terms in account.injury),
    "a trade": lambda account: account.unit.trade == "ferry-transport",
    "a size": lambda account: account.unit.size is si.UnitSize.OTHER,
    "no size": lambda account: account.unit.size is None,
}


@pytest.mark.parametrize("wanted", ACCOUNTS)
def test_a_region_s_accounts_come_with_what_its_rules_tell_apart(wanted: str) -> None:
    # One that is found will do; making it the smallest takes most of the time.
    few = settings(max_examples=1000, derandomize=True, database=None, phases=(Phase.generate,))
    kept = sis.rosters(region=middle(), month="2026-11").map(lambda roster: roster.account)
    find(kept, lambda account: account is not None and ACCOUNTS[wanted](account), settings=few)


def test_accounts_of_a_region_without_a_month_are_refused() -> None:
    with pytest.raises(ValueError, match="pass month= along with region="):
        sis.accounts(region=middle())


RELIEF = {
    "sources": {"notice": {"title": "关于阶段性减免的通知", "seen": "made up for tests"}},
    "reliefs": [
        {
            "insurances": ["pension"],
            "payer": "unit",
            "who": who,
            "values": [
                {"from": "2026-11", "to": "2026-11", "pays": "0%", "sources": ["notice"]}
                | {"mark": "A"}
            ],
        }
        for who in (
            {"account_type": ["enterprise"], "unit_size": ["small"]},
            {"account_type": ["state-organ"], "trade": ["bakery"]},
        )
    ],
}


@attrs.frozen
class Relieved:
    """The fictional region with a relief, as far as a strategy asks for it."""

    cascade: Cascade


RELIEVED: Any = Relieved(middle()._with(RELIEF))


@given(sis.rosters(region=RELIEVED, month="2026-11", max_size=2))
def test_what_a_relief_depends_on_is_drawn_and_never_left_open(roster: si.Roster) -> None:
    bill = middle().settle(roster, overlay=RELIEF)
    assert not bill.unsettled
    assert not bill.faults


BOUNDS = Bounds(
    start=si.Month(2026, 1), sources=(), mark="A", floor=si.Money(430000), cap=si.Money(2150000)
)


@pytest.mark.parametrize("edge", [430000, 429999, 430001, 2150000, 2149999, 2150001, 2150049])
def test_wages_come_upon_the_edges_of_the_bounds(edge: int) -> None:
    near = sis.wages(around=[BOUNDS, si.Money(1)])
    assert find(near, lambda wage: wage.fen == edge).fen == edge


@given(sis.wages(around=[si.Money(10)], min_value="0.05", max_value="1000"))
def test_wages_keep_to_their_least_amount(wage: si.Money) -> None:
    assert wage >= si.Money(5)


def test_the_edges_of_a_month_are_every_bound_of_every_class() -> None:
    # 2025 medical is not known, pension is 4 200 to 19 500.50, organs pay from 5 000.
    edges = sis.edges(region=middle(), month="2025-11")
    assert [str(one) for one in edges] == ["3992.00", "4200.00", "5000.00", "19500.50", "20000.00"]


def test_bounds_without_a_month_are_refused() -> None:
    with pytest.raises(ValueError, match="pass month= along with region="):
        sis.roster_entries(region=middle())


def test_rates_between_bounds_that_no_decimal_meets_are_refused() -> None:
    with pytest.raises(ValueError, match="no rate of 2 decimals"):
        sis.rates(min_value="0.1%", max_value="0.2%", places=2)


PLAINEST: dict[str, tuple[Callable[[], Any], Callable[[Any], bool]]] = {
    "money": (sis.money, lambda found: found == si.Money(0)),
    "months": (sis.months, lambda found: found == si.Month(2000, 1)),
    "rates": (sis.rates, lambda found: found == si.Rate(0)),
    "persons": (
        sis.persons,
        lambda found: len(found.name) == 2 and found.document.type == "resident-id",
    ),
    "injury_terms": (
        sis.injury_terms,
        lambda found: (found.risk_class, found.band, found.rate) == (1, None, None),
    ),
    "units": (
        sis.units,
        lambda found: found == si.Unit(found.name) and len(found.name) == 5,
    ),
    "accounts": (
        lambda: sis.accounts(region=middle(), month="2026-11"),
        lambda found: (
            found.unit == si.Unit(found.unit.name)
            and found.account_type is si.AccountType.ENTERPRISE
            and [(one.risk_class, one.band) for one in found.injury] == [(1, None)]
        ),
    ),
    "employments": (sis.employments, lambda found: found is si.Employment.FULL_TIME),
    "households": (sis.households, lambda found: found is si.Household.URBAN_LOCAL),
}


@pytest.mark.parametrize("name", PLAINEST)
def test_failures_shrink_to_the_plainest_legal_value(name: str) -> None:
    strategy, plain = PLAINEST[name]
    few = settings(max_examples=50, derandomize=True, database=None)
    assert plain(find(strategy(), lambda _: True, settings=few))


@pytest.mark.parametrize(
    "cls", [name for names in STRATEGIES.values() for name in names if name != "Rounding"]
)
@settings(max_examples=10)
@given(data=st.data())
def test_types_are_drawn_by_name_of_their_class(cls: str, data: st.DataObject) -> None:
    wanted = getattr(si, cls)
    assert isinstance(data.draw(st.from_type(wanted)), wanted)


def test_every_registered_strategy_exists_and_every_type_is_public() -> None:
    for package, names in STRATEGIES.items():
        for cls, strategy in names.items():
            assert cls in si.__all__
            assert getattr(si, cls).__module__.startswith(package)
            assert strategy in sis.__all__
