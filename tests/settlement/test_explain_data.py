"""Explanations as data: JSON and HTML must tell the numbers that were computed, and all of them."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest
from hypothesis import given

import socialins as si
from socialins.settlement import derive
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONTH = si.Month(2026, 11)
rosters = sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=3)
languages = pytest.mark.parametrize("lang", ["zh", "en"])
BOTH = frozenset({"pension", "medical"})
OWN = {"sources": {"own": {"title": "甲", "seen": "the unit's files"}}}


def as_read(plain: dict[str, Any]) -> dict[str, Any]:
    """The object as another program reads it, floats refused."""

    def refuse(text: str) -> float:
        raise AssertionError(f"{text} is a float")

    found: dict[str, Any] = json.loads(json.dumps(plain), parse_float=refuse)
    return found


def figures_of(plain: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {step["kind"]: step["figures"] for step in plain["steps"]}


def bill_of(
    *wages: str,
    name: str = "王一",
    month: str = "2026-11",
    insurances: frozenset[str] = frozenset({"pension"}),
    **how: Any,
) -> si.Settlement:
    entries = [
        si.RosterEntry(
            si.InsuredPerson(name, si.IdDocument("passport", f"E1234567{number}")),
            si.DeclaredWage(si.Money.yuan(wage)),
            insurances=insurances,
        )
        for number, wage in enumerate(wages)
    ]
    return REGION.settle(si.Roster(month, entries), **how)


@languages
@given(roster=rosters)
def test_the_numbers_of_the_json_are_those_that_were_computed(lang: str, roster: si.Roster) -> None:
    for one in REGION.settle(roster).contributions:
        plain = as_read(one.explain_plain(lang))
        found, told = derive(one.line, one.wage, one.rate), figures_of(plain)
        assert told["wage"] == {"wage": str(found.wage)}
        assert ("base-rounding" in told) is (found.rounded != found.wage)
        if "base-rounding" in told:
            assert told["base-rounding"] == {"rounded": str(found.rounded)}
        assert told["base"]["base"] == str(found.base) == str(one.base)
        for bound in ("floor", "cap"):
            fen = getattr(one.line, bound)
            assert told["base"].get(bound) == (None if fen is None else str(si.Money(fen)))
        product = told["product"]
        assert (product["base"], product["rate"]) == (str(found.base), found.rate.decimal())
        assert si.Rate(product["exact"]).fraction * 100 == found.exact
        assert ("amount-rounding" in told) is (found.exact != found.product.fen)
        if "amount-rounding" in told:
            assert told["amount-rounding"] == {"product": str(found.product)}
        assert ("fixed" in told) is bool(one.fixed)
        if "fixed" in told:
            parts = (found.product, one.fixed, found.amount)
            assert tuple(told["fixed"].values()) == tuple(map(str, parts))
        assert plain["amount"] == str(found.amount) == str(one.amount)


@languages
@given(roster=rosters)
def test_the_json_has_each_line_of_the_text_and_each_document(lang: str, roster: si.Roster) -> None:
    for one in REGION.settle(roster).contributions:
        text, plain = one.explain(lang), as_read(one.explain_plain(lang))
        lines = text.splitlines()
        steps = [line.strip() for line in lines[1 : 1 + len(plain["steps"])]]
        assert [step["text"] for step in plain["steps"]] == steps
        assert len(plain["citations"]) == len(one.citations)
        for told, citation in zip(plain["citations"], one.citations, strict=True):
            assert (told["mark"], told["status"]) == (citation.mark.value, citation.status.value)
            assert told["from"] == str(citation.span.first)
            assert [each["number"] or "" for each in told["sources"]] == [
                source.number for source in citation.sources
            ]
            assert all(each["seen"] for each in told["sources"])


@given(rosters)
def test_a_slip_adds_up_and_every_number_in_it_leads_to_a_figure(roster: si.Roster) -> None:
    bill = REGION.settle(roster)
    for entry in roster:
        parts = bill.of(entry.person)
        if not parts:
            continue
        plain = as_read(bill.explain_plain(entry.person))
        for payer in ("unit", "person"):
            total = si.Money.sum(one.amount for one in parts if one.payer == payer)
            assert plain[f"{payer}_total"] == str(total)
        assert plain["total"] == str(si.Money.sum(one.amount for one in parts))
        cited = {one["id"]: one for one in plain["citations"]}
        assert sorted(cited) == list(range(1, len(cited) + 1))
        for told, one in zip(plain["contributions"], parts, strict=True):
            values = [cited[number]["value"] for number in told["citations"]]
            assert values == [citation.value.zh for citation in one.citations]
        # What is the same for several amounts stands there once.
        assert len(cited) == len({citation for one in parts for citation in one.citations})


@languages
def test_a_slip_says_for_whom_and_what_each_side_pays(lang: str) -> None:
    bill = bill_of("4000.55")
    heading, unit, *_ = bill.explain("E12345670", lang).split("\n\n")
    lines = {
        "en": ["Middle City 990100, 2026-11", "王一, "],
        "zh": ["中州 990100，2026年11月", "王一，"],
    }
    totals = {
        "en": "Unit owes ¥689.60, person owes ¥344.80, ¥1,034.40 in all",
        "zh": "单位应缴 ¥689.60，个人应缴 ¥344.80，合计 ¥1,034.40",
    }
    assert heading.splitlines()[0] == lines[lang][0]
    assert heading.splitlines()[1].startswith(lines[lang][1])
    assert "E12345670" not in heading
    assert heading.splitlines()[2] == totals[lang]
    assert "689.60" in unit


def test_a_slip_cites_a_document_of_two_amounts_once() -> None:
    text = bill_of("4000").explain("E12345670", "en")
    assert text.count("floor 4,310.00, cap 21,500.00") == 1
    shared = text.count("[2]")
    assert shared == 3  # the unit's amount, the person's, and the list


def test_what_a_person_lacks_stands_in_the_slip() -> None:
    bill = bill_of("5000", month="2028-12", strict=False, insurances=BOTH)
    text = bill.explain("E12345670", "en")
    assert "Not settled:\n  pension · unit: " in text
    plain = as_read(bill.explain_plain("E12345670", "en"))
    assert {one["insurance"] for one in plain["unsettled"]} == {"pension"}


def test_a_line_of_the_unit_as_a_whole_has_steps_of_its_own() -> None:
    basis = {"from": "2026-01", "basis": "sum-of-bases", "sources": ["own"], "mark": "C"}
    series = [{"insurances": ["pension"], "values": [basis]}]
    rate = {"from": "2026-01", "rate": "0.333%", "sources": ["own"], "mark": "C"}
    rates = [{"insurance": "pension", "payer": "unit", "values": [rate]}]
    bill = bill_of("5001", "5001", "5001", overlay={**OWN, "unit_base": series, "rates": rates})
    (gap,) = (one for one in bill.contributions if one.person is None)
    plain = as_read(gap.explain_plain("en"))
    told = figures_of(plain)
    assert list(told) == ["unit-base", "unit-owed", "unit-shared"]
    owed = gap.line.amount_rounding(gap.rate.of(gap.base))
    shares = [one.amount for one in bill.contributions if one.person and one.payer == "unit"]
    assert told["unit-base"] == {"base": "15003.00"}
    assert told["unit-owed"]["owed"] == str(owed)
    assert told["unit-shared"]["shared"] == str(si.Money.sum(shares))
    assert told["unit-shared"]["amount"] == plain["amount"] == str(gap.amount)
    assert gap.amount == owed - si.Money.sum(shares) != si.Money(0)


def test_a_difference_tells_what_was_settled_before() -> None:
    bill = bill_of("1000", month="2025-07", known_on=date(2025, 8, 15))
    found = [
        one.contribution() for one in REGION.differences(bill, known_on=date(2025, 9, 30)).items
    ]
    assert found
    for one in found:
        settled = figures_of(as_read(one.explain_plain()))["settled"]
        assert settled["amount"] == str(one.amount)
        assert settled["settled"] == str(one.settled)
        assert si.Money.yuan(settled["now"]) == one.settled + one.amount


class Reader(HTMLParser):
    """Reads HTML: text, tags that are open, and whatever would be fetched or run."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag in {"script", "link", "img", "iframe", "style", "object"}:
            self.fetched.append(tag)
        self.fetched += [name for name, _ in given if name in {"src", "href"} or name[:2] == "on"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    assert not reader.fetched
    return "".join(reader.text)


HOSTILE = "<script>alert('一')</script>&amp;"


@languages
def test_a_notebook_shows_the_derivation_and_runs_nothing_of_it(lang: str) -> None:
    overlay = {
        "sources": {"own": {"title": HOSTILE, "seen": '"><img src=x>'}},
        "bounds": [
            {
                "insurances": ["pension"],
                "values": [
                    {
                        "from": "2026-01",
                        "floor": "5000",
                        "cap": "20000",
                        "sources": ["own"],
                        "mark": "C",
                    }
                ],
            }
        ],
    }
    bill = bill_of("4000", overlay=overlay)
    one = bill.contributions[0]
    text = read(one.explain_html(lang))
    for step in one.explain_plain(lang)["steps"]:
        assert step["text"] in text
    assert HOSTILE in text
    assert one.amount.format() in text
    assert one._repr_html_() == one.explain_html("zh")


@languages
def test_a_notebook_shows_a_bill_with_totals_and_what_is_missing(lang: str) -> None:
    bill = bill_of("5000", month="2028-12", strict=False, insurances=BOTH)
    found = [si.Fault("roster.wage.missing", {"person": HOSTILE}, si.Place(HOSTILE, row=9))]
    bill = attrs.evolve(bill, faults=found)
    text = read(bill.to_html(lang))
    for amount in (bill.total, bill.unit_total, bill.person_total):
        assert f"{amount:,}" in text
    assert bill.unsettled[0].reason(lang) in text
    assert HOSTILE in text
    assert bill._repr_html_() == bill.to_html("zh")


def test_a_large_bill_does_not_flood_the_notebook() -> None:
    entry = si.RosterEntry(
        si.InsuredPerson("甲", si.IdDocument("passport", "E12345678")),
        si.DeclaredWage(si.Money.yuan("5000")),
        insurances=frozenset({"pension"}),
    )
    entries = [
        attrs.evolve(
            entry, person=si.InsuredPerson("甲", si.IdDocument("passport", f"E1{number:07}"))
        )
        for number in range(120)
    ]
    text = read(REGION.settle(si.Roster("2026-11", entries)).to_html("en"))
    assert "70 more" in text
    assert "96,000.00" in text  # the unit's share of all 120
