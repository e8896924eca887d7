"""The façade: the ten lines of Python that an application writes must mean what they say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given

import socialins as si
from socialins.rules import RuleFileError, build_rule_books, parse_rules
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONTH = "2026-11"
SOURCE = {"own": {"title": "集体合同", "seen": "the unit's files"}}


def own_bounds(floor: str, insurance: str = "pension", first: str = "2026-01") -> dict[str, Any]:
    figure = {"from": first, "floor": floor, "cap": "none", "sources": ["own"], "mark": "C"}
    return {"sources": SOURCE, "bounds": [{"insurances": [insurance], "values": [figure]}]}


def pension(roster: si.Roster) -> si.Roster:
    """The roster, everybody in pension insurance alone and at a low wage."""
    low = si.DeclaredWage(si.Money.yuan("100"))
    entries = [attrs.evolve(entry, insurances={"pension"}, wage=low) for entry in roster]
    return attrs.evolve(roster, entries=entries)


rosters = sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=2).map(pension)


def bases(bill: si.Settlement) -> set[str]:
    return {str(one.base) for one in bill.contributions}


def test_a_region_has_slug_code_and_name() -> None:
    assert (REGION.slug, REGION.code, REGION.name.zh) == ("middle", "990100", "中州")
    assert str(REGION) == "middle (990100)"
    assert repr(REGION) == "Region('middle', '990100')"
    assert middle("中省").code == "990000"
    assert [book.division for book in REGION.cascade.books] == ["990100", "990000", "000000"]
    assert REGION.cascade is middle().cascade, "put together once"


@given(rosters)
def test_months_may_be_text_everywhere(roster: si.Roster) -> None:
    assert REGION.settle(roster, MONTH) == REGION.settle(roster, si.Month(2026, 11))
    assert REGION.settle(roster) == REGION.settle(roster, MONTH)
    with pytest.raises(ValueError, match="month 31 does not exist"):
        REGION.settle(roster, "2026-31")
    assert REGION.rules(MONTH).month == si.Month(2026, 11)


@given(rosters)
def test_figures_of_the_units_own_come_before_the_regions(roster: si.Roster) -> None:
    own = REGION.settle(roster, overlay=own_bounds("6000"))
    assert bases(own) == {"6000.00"}
    assert all(any(one.own for one in each.citations) for each in own.contributions)
    without = REGION.settle(roster)
    assert bases(without) <= {"4310.00", "5000.00"}
    assert not any(one.own for each in without.contributions for one in each.citations)


@given(rosters)
def test_what_the_unit_does_not_state_stays_the_regions(roster: si.Roster) -> None:
    other = REGION.settle(roster, overlay=own_bounds("6000", "medical"))
    assert other.totals == REGION.settle(roster).totals


@given(rosters)
def test_the_units_own_figures_are_not_stretched_to_other_months(roster: si.Roster) -> None:
    with pytest.raises(si.RuleUnknown):
        REGION.settle(roster, overlay=own_bounds("6000", first="2027-01"))


def test_an_overlay_may_be_a_file_a_table_or_a_book(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'division = "990100"\n[sources.own]\ntitle = "合同"\nseen = "files"\n'
        '[[bounds]]\ninsurances = ["pension"]\nvalues = [{ from = "2026-01", floor = "6000", '
        'cap = "none", sources = ["own"], mark = "C" }]\n',
        "utf-8",
    )
    file = parse_rules({"division": "990100", **own_bounds("6000")}, "own")
    book = build_rule_books({"own": file}, overlay_of=REGION.book.names)["990100"]
    entry = si.RosterEntry(
        si.InsuredPerson("王一", si.IdDocument("passport", "E12345678")),
        si.DeclaredWage(si.Money.yuan("100")),
        insurances=frozenset({"pension"}),
    )
    roster = si.Roster(MONTH, [entry])
    for overlay in (path, str(path), own_bounds("6000"), book):
        assert bases(REGION.settle(roster, overlay=overlay)) == {"6000.00"}


@pytest.mark.parametrize(
    ("overlay", "named"),
    [
        ({"bound": []}, "overlay, bound: .*unknown key 'bound'"),
        ({"bounds": own_bounds("1")["bounds"]}, "overlay, .*unknown source 'own'"),
        (own_bounds("6000.005"), "overlay, .*floor: .*smaller than a fen"),
        (own_bounds("1", "pensoin"), "insurance 'pensoin' has no title"),
    ],
    ids=["unknown key", "no source", "no amount", "no insurance"],
)
def test_an_overlay_with_a_mistake_is_refused_by_name_and_key(
    overlay: dict[str, Any], named: str
) -> None:
    with pytest.raises(RuleFileError, match=named):
        REGION.settle(si.Roster(MONTH, ()), overlay=overlay)


def test_an_overlay_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"absent\.toml"):
        REGION.settle(si.Roster(MONTH, ()), overlay=tmp_path / "absent.toml")


def test_an_overlay_for_another_region_is_not_taken_for_this_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('division = "990200"\n', "utf-8")
    with pytest.raises(RuleFileError, match="990200"):
        REGION.settle(si.Roster(MONTH, ()), overlay=path)


@given(rosters)
def test_a_month_is_settled_by_what_was_known_on_the_day(roster: si.Roster) -> None:
    assert roster.account is not None
    enterprise = attrs.evolve(roster.account, account_type=si.AccountType.ENTERPRISE)
    roster = attrs.evolve(roster, account=enterprise)
    assert bases(REGION.settle(roster, known_on=date(2026, 7, 1))) == {"4300.00"}
    assert bases(REGION.settle(roster, known_on=date(2026, 9, 10))) == {"4310.00"}
    assert bases(REGION.settle(roster)) == {"4310.00"}
    before = REGION.settle(roster, known_on=date(2026, 6, 29))
    assert bases(before) == {"4200.00"}
    assert all(one.provisional for one in before.contributions), "last year's goes on till then"


def test_rules_of_a_month_are_told_as_known_on_a_day() -> None:
    early = REGION.rules(MONTH, known_on=date(2026, 7, 1)).bounds("pension")
    late = REGION.rules(MONTH).bounds("pension")
    assert early is not None
    assert late is not None
    assert (str(early.floor), str(late.floor)) == ("4300.00", "4310.00")


def test_a_province_is_a_region_too() -> None:
    province = middle("middle-province")
    assert province.rules(MONTH).bounds("pension") == REGION.rules(MONTH).bounds("pension")
    titles = [insurance.id for insurance in province.cascade.insurances()]
    assert titles == ["pension", "medical", "unemployment", "injury", "maternity"]
