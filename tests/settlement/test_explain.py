"""Explanations: an employee who doubts a payslip must find every step and every document in it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

import socialins as si
from socialins.settlement import derive
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONTH = si.Month(2026, 11)
rosters = sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=3)
languages = pytest.mark.parametrize("lang", ["zh", "en"])
few = settings(max_examples=15)  # every example is a whole bill, explained line by line


@few
@languages
@given(roster=rosters)
def test_an_explanation_has_every_step_from_the_wage_to_the_amount(
    lang: str, roster: si.Roster
) -> None:
    for one in REGION.settle(roster).contributions:
        text = one.explain(lang)
        line, steps = one.line, derive(one.line, one.wage, one.rate)
        shown = [line.title.get(lang), one.payer.title(lang), one.amount.format()]
        shown += [f"{amount:,}" for amount in (one.wage, steps.rounded, one.base, steps.product)]
        shown += [str(one.rate), line.base_rounding.title(lang), line.amount_rounding.title(lang)]
        for bound in (line.floor, line.cap):
            if bound is not None:
                shown.append(f"{si.Money(bound):,}")
        if one.fixed:
            shown.append(f"{one.fixed:,}")
        for part in shown:
            assert part in text, part
        assert ("floor)" in text or "下限，" in text) is (one.base > steps.rounded)
        assert ("the cap)" in text or "上限，" in text) is (one.base < steps.rounded)


@few
@languages
@given(roster=rosters)
def test_an_explanation_names_every_document_its_mark_and_its_months(
    lang: str, roster: si.Roster
) -> None:
    for one in REGION.settle(roster).contributions:
        text = one.explain(lang)
        assert one.citations
        for citation in one.citations:
            assert citation.value.get(lang) in text
            assert str(citation.span) in text or f"{citation.span.first:zh}" in text
            assert citation.mark.title(lang) in text
            assert citation.level.get(lang) in text
            if citation.announced is not None:
                assert citation.announced.isoformat() in text
            for source in citation.sources:
                assert source.title in text
                assert source.number in text
                assert source.seen in text


@few
@given(rosters)
def test_an_explanation_is_written_in_one_language(roster: si.Roster) -> None:
    for one in REGION.settle(roster).contributions:
        english = one.explain("en")
        # Titles, numbers and issuers of documents stay as they are; all else is English.
        for source in one.sources:
            for part in (source.title, source.number, source.issuer):
                english = english.replace(part, "")
        assert not re.search("[\u4e00-\u9fff]", english)
        assert "None" not in english
        assert one.explain() == one.explain("zh")


@few
@given(rosters)
def test_a_person_is_explained_whole(roster: si.Roster) -> None:
    bill = REGION.settle(roster)
    for entry in roster:
        parts = bill.of(entry.person)
        if parts:
            whole = bill.explain(entry.person, "en")
            assert whole == bill.explain(entry.person.document.number, "en")
            _, *amounts, rests = whole.split("\n\n")
            assert rests.startswith("Rests on:")
            for told, one in zip(amounts, parts, strict=True):
                steps = one.explain("en").partition("\nRests on:")[0]
                assert told.startswith(f"{steps}\n  Rests on: [")


def bill_of(wage: str, *, overlay: Any = None, known_on: date | None = None) -> si.Settlement:
    entry = si.RosterEntry(
        si.InsuredPerson("王一", si.IdDocument("passport", "E12345678")),
        si.DeclaredWage(si.Money.yuan(wage)),
        insurances=frozenset({"pension"}),
    )
    return REGION.settle(si.Roster("2026-11", [entry]), overlay=overlay, known_on=known_on)


def test_an_explanation_reads_as_it_should() -> None:
    unit = bill_of("4000.55").contributions[0]
    assert unit.explain("en").splitlines()[:5] == [
        "pension · unit · 2026-11 · regular: ¥689.60",
        "  Declared wage 4,000.55",
        "  Rounded (half up to the yuan) 4,001.00",
        "  Base 4,310.00 (raised to the floor)",
        "  4,310.00 × 16% = 689.60",
    ]
    assert unit.explain("zh").splitlines()[:5] == [
        "养老保险 · 单位 · 2026年11月 · 正常应缴：¥689.60",
        "  申报工资 4,000.55",
        "  进位（四舍五入到元）4,001.00",
        "  基数 4,310.00（低于下限，按下限）",
        "  应缴 4,310.00 × 16% = 689.60",
    ]


OVERLAY = {
    "sources": {"own": {"title": "单位集体合同", "number": "甲字1号", "seen": "the unit's files"}},
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
                    "note": {"zh": "暂定。", "en": "For the time being."},
                    "derived": "60 % of 8333.33",
                }
            ],
        }
    ],
}


def test_the_units_own_figure_is_told_from_the_regions() -> None:
    bill = bill_of("4000", overlay=OVERLAY)
    assert {one.base for one in bill.contributions} == {si.Money.yuan("5000")}
    english, chinese = bill.contributions[0].explain("en"), bill.contributions[0].explain("zh")
    for part in ("the unit's own figure", "单位集体合同 (甲字1号)", "For the time being.", "60 %"):
        assert part in english
    for part in ("单位自有数值", "《单位集体合同》（甲字1号）", "暂定。", "60 %"):
        assert part in chinese
    assert "announcement day not known" in english
    assert "公布日期未知" in chinese


def test_what_was_known_on_a_day_is_explained_by_what_was_known_on_that_day() -> None:
    earlier = bill_of("1000", known_on=date(2026, 7, 1)).contributions[0]
    later = bill_of("1000", known_on=date(2026, 9, 10)).contributions[0]
    assert (str(earlier.base), str(later.base)) == ("4300.00", "4310.00")
    assert "announced 2026-06-30" in earlier.explain("en")
    assert "announced 2026-09-10" in later.explain("en")
    assert attrs.evolve(earlier, row=3).explain("en") == earlier.explain("en")
