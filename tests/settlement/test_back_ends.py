"""Back ends: a bill split by the bureau's systems adds up to the bill."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given

import socialins as si
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONTH = si.Month(2026, 11)


@given(roster=sis.rosters(month=MONTH, region=REGION))
def test_the_parts_of_a_split_bill_are_the_whole_bill(roster: si.Roster) -> None:
    bill = REGION.settle(roster, MONTH)
    shares = bill.by_back_end()
    assert si.Money.sum(share.total for share in shares) == bill.total
    assert si.Money.sum(share.unit_total for share in shares) == bill.unit_total
    assert si.Money.sum(share.person_total for share in shares) == bill.person_total
    for share in shares:
        assert share.back_end is not None
        assert {one.insurance for one in share.contributions} <= set(share.back_end.insurances)
        assert share.total == si.Money.sum(one.amount for one in share.contributions)
    assert sum(len(share.contributions) for share in shares) == len(bill.contributions)


def test_a_region_names_its_systems_with_what_they_settle() -> None:
    assert {one.id: one.insurances for one in REGION.back_ends} == {
        "medical-system": ("medical", "maternity", "long-term-care"),
        "main-system": ("pension", "unemployment", "injury"),
    }
    assert middle("middle-province").back_ends == ()


LAW = """
[[bounds]]
insurances = ["*"]
values = [{ from = "2020-01", floor = "none", cap = "none", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "pension"
payer = "unit"
values = [{ from = "2020-01", rate = "16%", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "medical"
payer = "person"
values = [{ from = "2020-01", rate = "2%", sources = ["s"], mark = "A" }]
"""
SYSTEM = """
[[back_ends]]
id = "medical-system"
title = { zh = "医保系统", en = "medical system" }
insurances = ["medical"]
source = "s"
"""


@given(entry=sis.roster_entries(region=REGION, month=MONTH))
def test_what_no_system_is_known_for_is_not_lost(
    cascade_of: Callable[..., Cascade], entry: si.RosterEntry
) -> None:
    roster = si.Roster(
        MONTH, [si.RosterEntry(entry.person, entry.wage)], si.UnitAccount(si.Unit("甲公司"))
    )
    bill = settle_roster(cascade_of(SYSTEM, LAW), roster)
    medical, rest = bill.by_back_end()
    assert medical.back_end is not None
    assert (medical.back_end.id, medical.unit_total) == ("medical-system", si.Money(0))
    assert medical.person_total == bill.person_total
    assert rest.back_end is None
    assert (rest.unit_total, rest.person_total) == (bill.unit_total, si.Money(0))
    (whole,) = settle_roster(cascade_of(LAW), roster).by_back_end()
    assert whole.back_end is None
    assert whole.total == bill.total
