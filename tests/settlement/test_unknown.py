"""What is not known is said: no default may stand in for a figure that nobody has seen."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.rules import Cascade, Status
from socialins.settlement import settle_roster
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
Make = Callable[..., Cascade]


def rosters(month: str) -> st.SearchStrategy[si.Roster]:
    """Rosters of local full-timers in pension and medical insurance."""
    plain = sis.roster_entries(region=REGION, month=month).map(
        lambda entry: attrs.evolve(
            entry,
            household=si.Household.URBAN_LOCAL,
            employment=si.Employment.FULL_TIME,
            insurances={"pension", "medical"},
        )
    )
    accounts = sis.accounts(month=month, account_type=si.AccountType.ENTERPRISE)
    return sis.rosters(month=month, min_size=1, max_size=3, entries=plain, accounts=accounts)


@given(roster=rosters("2025-11"))
def test_strict_settling_stops_and_names_what_is_missing(roster: si.Roster) -> None:
    with pytest.raises(si.RuleUnknown) as caught:
        REGION.settle(roster)
    error = caught.value
    assert error.region == "中州"
    assert error.insurance == "medical"
    assert error.payer in {"unit", "person"}
    assert error.month == "2025-11"
    assert error.last_known == "floor 3,800.00, cap 19,000.00 (2024-01..2024-12)"
    assert error.fault.code == "rules.unknown"
    assert "The document of 2025 was not seen." in str(error)
    assert "2025年的文件未见。" in error.fault.message("zh")
    assert "overlay" in error.fault.remedy("en")
    payers = {one.words("en")["payer_id"] for one in error.all}
    assert payers == {"unit", "person"}, "every gap is listed, not only the first"


def test_an_error_survives_the_way_between_processes() -> None:
    fault = si.Fault("rules.unknown", {"insurance_id": "medical", "last": "nothing"})
    error = pickle.loads(pickle.dumps(si.RuleUnknown(fault, [fault])))
    assert error.all == (fault, fault)
    assert (error.insurance, error.last_known) == ("medical", "")


@given(roster=rosters("2025-11"))
def test_lenient_settling_carries_marks_and_lists(roster: si.Roster) -> None:
    # Medical of 2024 may be carried through 2025; a year on, it may not.
    bill = REGION.settle(roster, strict=False)
    assert not bill.unsettled
    carried = [one for one in bill.contributions if one.insurance == "medical"]
    assert carried
    assert all(one.provisional for one in carried)
    assert all(not one.provisional for one in bill.contributions if one.insurance == "pension")
    text = carried[0].explain("en")
    assert Status.CARRIED.title("en") in text
    assert Status.CARRIED.title("zh") in carried[0].explain("zh")


@given(roster=rosters("2023-12"))
def test_lenient_settling_settles_what_is_known_and_lists_the_rest(roster: si.Roster) -> None:
    # No bounds are known before 2024, so there is nothing to settle, and nothing is made up.
    bill = REGION.settle(roster, strict=False)
    assert not bill.contributions
    assert bill.total == si.Money(0)
    listed = {(one.insurance, one.item, one.payer.value) for one in bill.unsettled}
    assert {("pension", "basic", "unit"), ("medical", "large-aid", "person")} <= listed
    assert len(bill.unsettled) == len(listed) * len(roster)
    assert all(one.reason("en").endswith("Last known: nothing") for one in bill.unsettled)


@given(roster=rosters("2025-08"))
def test_a_figure_announced_late_is_provisional_before_its_day(roster: si.Roster) -> None:
    pension = attrs.evolve(
        roster, entries=[attrs.evolve(entry, insurances={"pension"}) for entry in roster]
    )
    before = REGION.settle(pension, known_on=date(2025, 9, 17))
    after = REGION.settle(pension, known_on=date(2025, 9, 18))
    assert all(one.provisional for one in before.contributions)
    assert not any(one.provisional for one in after.contributions)
    assert {one.line.floor for one in before.contributions} == {400_000}
    assert {one.line.floor for one in after.contributions} == {420_000}
    assert after.totals == REGION.settle(pension).totals
    explained = before.contributions[0].explain("en")
    assert Status.PROVISIONAL.title("en") in explained


PART_TIME = """
[[bounds]]
insurances = ["*"]
values = [{ from = "2000-01", floor = "none", cap = "none", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "pension"
payer = "unit"
values = [{ from = "2000-01", rate = "16%", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "injury"
payer = "unit"
values = [{ from = "2000-01", rate = "0.2%", sources = ["s"], mark = "A" }]
[[coverage]]
who = { employment = ["part-time"] }
values = [{ from = "2011-07", insurances = ["injury"], sources = ["s"], mark = "A" }]
"""


@given(entry=sis.roster_entries())
def test_part_timers_are_not_put_into_everything_before_the_rule_on_them_is_known(
    cascade_of: Make, entry: si.RosterEntry
) -> None:
    cascade = cascade_of(PART_TIME)
    part_timer = attrs.evolve(entry, employment=si.Employment.PART_TIME, insurances=None)
    known = settle_roster(cascade, si.Roster("2011-07", [part_timer]))
    assert {one.insurance for one in known.contributions} == {"injury"}
    with pytest.raises(si.RuleUnknown, match="coverage"):
        settle_roster(cascade, si.Roster("2011-06", [part_timer]))
    lenient = settle_roster(cascade, si.Roster("2011-06", [part_timer]), strict=False)
    assert not lenient.contributions
    assert {one.insurance for one in lenient.unsettled} == {"pension", "injury"}
    # A choice comes before the rule, and a full-timer needs none.
    chosen = attrs.evolve(part_timer, insurances={"pension"})
    full_timer = attrs.evolve(part_timer, employment=si.Employment.FULL_TIME)
    for other in (chosen, full_timer):
        bill = settle_roster(cascade, si.Roster("2011-06", [other]))
        assert "pension" in {one.insurance for one in bill.contributions}


@given(entry=sis.roster_entries())
def test_the_coverage_rule_is_among_the_documents_of_what_it_covers(
    cascade_of: Make, entry: si.RosterEntry
) -> None:
    part_timer = attrs.evolve(entry, employment=si.Employment.PART_TIME, insurances=None)
    bill = settle_roster(cascade_of(PART_TIME), si.Roster("2020-01", [part_timer]))
    assert bill.contributions[0].citations[0].kind == "coverage"


@pytest.mark.parametrize(
    "gone", ["bounds", "base_rounding", "amount_rounding", "unit_base"], ids=str
)
@given(entry=sis.roster_entries())
def test_any_figure_that_no_level_has_is_unknown_and_never_assumed(
    cascade_of: Make, gone: str, entry: si.RosterEntry
) -> None:
    law = "[[insurances]]\nid = 'pension'\ntitle = { zh = '养老', en = 'pension' }\n"
    law += "[[insurances]]\nid = 'injury'\ntitle = { zh = '工伤', en = 'injury' }\n"
    for key, figure in (
        ("base_rounding", "rounding = 'half-up-fen'"),
        ("amount_rounding", "rounding = 'half-up-fen'"),
        ("unit_base", "basis = 'persons'"),
        ("bounds", "floor = 'none', cap = 'none'"),
    ):
        if key != gone:
            law += f"[[{key}]]\ninsurances = ['*']\n"
            law += f"values = [{{ from = '2000-01', {figure}, sources = ['s'], mark = 'A' }}]\n"
    city = PART_TIME.partition("[[rates]]")[1] + PART_TIME.partition("[[rates]]")[2]
    full_timer = attrs.evolve(entry, employment=si.Employment.FULL_TIME, insurances={"pension"})
    with pytest.raises(si.RuleUnknown) as caught:
        settle_roster(cascade_of(city, law=law), si.Roster("2020-01", [full_timer]))
    assert caught.value.fault.words("en")["what_id"] == gone.replace("_", "-")
    assert caught.value.last_known == ""


@given(roster=rosters("2026-11"))
def test_settling_strictly_and_leniently_agree_where_all_is_known(roster: si.Roster) -> None:
    assert REGION.settle(roster).contributions == REGION.settle(roster, strict=False).contributions


# Caveats.


CAVEAT = """
[[caveats]]
from = "2020-02"
to = "2020-12"
insurances = ["pension"]
text = { zh = "阶段性减免尚未表达。", en = "The relief is not expressed yet." }
"""


@given(entry=sis.roster_entries())
def test_what_the_files_do_not_express_is_a_warning_on_every_bill_it_touches(
    cascade_of: Make, entry: si.RosterEntry
) -> None:
    cascade = cascade_of(PART_TIME + CAVEAT)
    pension = attrs.evolve(entry, insurances={"pension"})
    bill = settle_roster(cascade, si.Roster("2020-12", [pension]))
    (fault,) = bill.faults
    assert (fault.code, fault.is_error, bill.errors) == ("rules.caveat", False, ())
    assert fault.message("en") == "pension: The relief is not expressed yet."
    assert fault.message("zh") == "养老保险：阶段性减免尚未表达。"
    for month, insurance in (("2020-01", "pension"), ("2021-01", "pension"), ("2020-06", "injury")):
        other = attrs.evolve(entry, insurances={insurance})
        assert not settle_roster(cascade, si.Roster(month, [other])).faults
