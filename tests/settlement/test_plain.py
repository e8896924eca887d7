"""The JSON of a bill: what another program reads must have the promised keys, and add up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import given, strategies as st

import socialins as si
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONEY = re.compile(r"-?\d+\.\d\d")
RATE = re.compile(r"\d+(\.\d+)?")

TOP = {"region", "month", "contributions", "total", "unit_total", "person_total"}
TOP |= {"unsettled", "faults"}
ENTRY = {"row", "id_number", "insurance", "payer", "period", "kind", "base", "rate", "fixed"}
ENTRY |= {"amount", "items"}
UNSETTLED = {"row", "insurance", "payer", "month", "reason"}
FAULT = {"code", "row", "field", "message", "remedy"}


@st.composite
def bills(draw: st.DrawFn) -> si.Settlement:
    """Lenient bills with rows, faults and gaps."""
    month = draw(st.sampled_from(["2023-12", "2025-11", "2026-01", "2026-11"]))
    roster = draw(sis.rosters(month=month, region=REGION, max_size=3))
    entries = [attrs.evolve(entry, row=row) for row, entry in enumerate(roster, start=2)]
    fault = si.Fault("roster.wage.missing", {"person": "110*"}, si.Place("a.xlsx", row=9))
    found = draw(st.lists(st.just(fault), max_size=1))
    roster = attrs.evolve(roster, entries=entries, faults=found)
    return REGION.settle(roster, strict=False)


def plain(bill: si.Settlement, lang: str = "zh") -> dict[str, Any]:
    """The object as another program reads it, floats refused."""

    def refuse(text: str) -> float:
        raise AssertionError(f"{text} is a float")

    text = json.dumps(bill.to_plain(lang), ensure_ascii=False)
    found: dict[str, Any] = json.loads(text, parse_float=refuse)
    return found


@given(bills())
def test_the_object_has_the_keys_that_were_promised(bill: si.Settlement) -> None:
    found = plain(bill)
    assert found.keys() == TOP
    for entry in found["contributions"]:
        assert entry.keys() == ENTRY
        assert entry["items"]
    assert all(one.keys() >= UNSETTLED for one in found["unsettled"])
    assert all(one.keys() >= FAULT for one in found["faults"])
    assert (found["region"], found["month"]) == ("middle", str(bill.month))


@given(bills())
def test_money_and_rates_are_text_that_reads_back_exactly(bill: si.Settlement) -> None:
    found = plain(bill)
    for key in ("total", "unit_total", "person_total"):
        assert MONEY.fullmatch(found[key])
        assert si.Money.yuan(found[key]) == getattr(bill, key)
    for entry in found["contributions"]:
        for part in (entry, *entry["items"]):
            assert all(MONEY.fullmatch(part[key]) for key in ("base", "fixed", "amount"))
            assert RATE.fullmatch(part["rate"])


@given(bills())
def test_the_object_adds_up(bill: si.Settlement) -> None:
    found = plain(bill)
    total = sum(Decimal(entry["amount"]) for entry in found["contributions"])
    assert total == Decimal(found["total"])
    assert Decimal(found["unit_total"]) + Decimal(found["person_total"]) == total
    for entry in found["contributions"]:
        for key in ("amount", "fixed", "rate"):
            parts = (Decimal(item[key]) for item in entry["items"])
            assert sum(parts) == Decimal(entry[key]), key
        assert entry["base"] == entry["items"][0]["base"]


@given(bills())
def test_there_is_one_entry_per_person_insurance_and_payer(bill: si.Settlement) -> None:
    found = plain(bill)
    keys = [
        (entry["row"], entry["id_number"], entry["insurance"], entry["payer"])
        for entry in found["contributions"]
    ]
    assert len(keys) == len(set(keys))
    assert sum(len(entry["items"]) for entry in found["contributions"]) == len(bill.contributions)
    assert set(keys) == {
        (one.row, one.person.document.number, one.insurance, one.payer.value)
        for one in bill.contributions
        if one.person
    }


@given(bills(), st.sampled_from(["zh", "en"]))
def test_what_is_missing_and_what_is_wrong_is_told_in_the_language_asked_for(
    bill: si.Settlement, lang: str
) -> None:
    found = plain(bill, lang)
    assert [one["reason"] for one in found["unsettled"]] == [
        one.fault.message(lang) for one in bill.unsettled
    ]
    assert [(one["code"], one["message"], one["remedy"]) for one in found["faults"]] == [
        (fault.code, fault.message(lang), fault.remedy(lang)) for fault in bill.faults
    ]


LAW = """
[[bounds]]
insurances = ["medical"]
values = [{ from = "2020-01", floor = "none", cap = "none", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "medical"
payer = "unit"
values = [{ from = "2020-01", rate = "7%", sources = ["s"], mark = "A" }]
[[unit_base]]
insurances = ["medical"]
values = [{ from = "2020-01", basis = "total-wages", sources = ["s"], mark = "A" }]
"""


@given(roster=sis.rosters(month="2026-11", min_size=1, max_size=3))
def test_a_line_of_the_unit_as_a_whole_has_no_row_and_no_person(
    cascade_of: Callable[..., Cascade], roster: si.Roster
) -> None:
    medical = [attrs.evolve(entry, insurances={"medical"}, row=5) for entry in roster]
    whole = attrs.evolve(roster, entries=medical, total_wages=si.Money.yuan("1"))
    found = plain(settle_roster(cascade_of(LAW), whole))
    gap = found["contributions"][-1]
    assert (gap["row"], gap["id_number"], gap["base"]) == (None, None, "1.00")
    assert sum(Decimal(one["amount"]) for one in found["contributions"]) == Decimal("0.07")
