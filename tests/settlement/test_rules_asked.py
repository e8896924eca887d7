"""Which rule a figure is asked of: for whom, and known when; and where a fault points."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import socialins as si
from socialins.rules import RuleUnknown
from socialins.testing.middle import middle

MONTH = "2026-05"
BEFORE, AFTER = date(2026, 4, 30), date(2026, 5, 20)
SOURCES = {"notice": {"title": "关于调整的通知", "seen": "made up for tests"}}
CITED = {"sources": ["notice"], "mark": "A"}
LATER = {"announced": date(2026, 5, 15), **CITED}
RISKY = si.InjuryTerms(si.MonthSpan("2010-01"), risk_class=2, band=si.Rate("100%"))


def roster(*entries: dict[str, Any], account: si.UnitAccount | None = None) -> si.Roster:
    made = [
        si.RosterEntry(
            si.InsuredPerson("甲", si.IdDocument("passport", f"E{row:08}")),
            si.DeclaredWage(si.Money.yuan("8000")),
            row=row,
            **entry,
        )
        for row, entry in enumerate(entries, start=2)
    ]
    account = account or si.UnitAccount(si.Unit("某公司"), injury=(RISKY,))
    return si.Roster(MONTH, made, account)


def settled(given: si.Roster, **settings: Any) -> si.Settlement:
    return middle().settle(given, **settings)


def of(bill: si.Settlement, insurance: str) -> list[si.Contribution]:
    return [one for one in bill.contributions if one.insurance == insurance]


def test_a_class_is_covered_as_was_known_on_the_day() -> None:
    overlay = {
        "sources": SOURCES,
        "coverage": [
            {
                "values": [
                    {"from": "2020-01", "insurances": ["pension", "injury"], **CITED},
                    {"from": "2026-05", "insurances": ["pension"], "revises": True, **LATER},
                ]
            }
        ],
    }
    covered = {}
    for day in (BEFORE, AFTER):
        bill = settled(roster({}), overlay=overlay, known_on=day)
        covered[day] = {one.insurance for one in bill.contributions}
    assert covered == {BEFORE: {"pension", "injury"}, AFTER: {"pension"}}


def test_a_class_s_coverage_is_carried_where_figures_may_be() -> None:
    overlay = {
        "sources": SOURCES,
        "coverage": [
            {"values": [{"from": "2020-01", "to": "2026-04", "insurances": ["pension"], **CITED}]}
        ],
    }
    with pytest.raises(RuleUnknown) as stopped:
        settled(roster({}), overlay=overlay)
    assert stopped.value.fault.values["what_id"] == "coverage"
    bill = settled(roster({}), overlay=overlay, strict=False)
    assert {one.insurance for one in bill.contributions} == {"pension"}
    assert not bill.unsettled
    assert all(one.provisional for one in bill.contributions)


def test_an_injury_rate_is_that_of_the_class_as_was_known_on_the_day() -> None:
    overlay = {
        "sources": SOURCES,
        "injury_classes": [
            {
                "values": [
                    {"from": "2020-01", "rates": {"2": "0.4%"}, **CITED},
                    {"from": "2026-05", "rates": {"2": "0.5%"}, "revises": True, **LATER},
                ]
            },
            {
                "who": {"employment": ["part-time"]},
                "values": [{"from": "2020-01", "rates": {"2": "0.6%"}, **CITED}],
            },
        ],
    }
    given = roster({}, {"employment": si.Employment.PART_TIME, "insurances": {"injury"}})
    rates = {
        day: [str(one.rate) for one in of(settled(given, overlay=overlay, known_on=day), "injury")]
        for day in (BEFORE, AFTER)
    }
    assert rates == {BEFORE: ["0.4%", "0.6%"], AFTER: ["0.5%", "0.6%"]}


def test_a_relief_admitted_to_be_unknown_is_the_figure_that_is_missed() -> None:
    overlay = {
        "sources": SOURCES,
        "reliefs": [
            {
                "insurances": ["pension"],
                "payer": "unit",
                "values": [{"from": "2026-02", "to": "2026-04", "pays": "50%", **CITED}],
                "unknown": [
                    {
                        "from": "2026-05",
                        "to": "2026-05",
                        "why": {"zh": "文件未见。", "en": "Not seen."},
                    }
                ],
            }
        ],
    }
    with pytest.raises(RuleUnknown) as stopped:
        settled(roster({}), overlay=overlay)
    fault = stopped.value.fault
    assert (fault.values["insurance_id"], fault.values["payer_id"]) == ("pension", "unit")
    assert fault.values["what_id"] == "relief"
    assert "50%" in fault.message("en")
    assert "Not seen." in fault.message("en")


def test_a_relief_that_needs_the_unit_s_size_points_at_the_size() -> None:
    overlay = {
        "sources": SOURCES,
        "reliefs": [
            {
                "insurances": ["pension"],
                "payer": "unit",
                "who": {"unit_size": ["micro"]},
                "values": [{"from": "2026-05", "to": "2026-05", "pays": "50%", **CITED}],
            }
        ],
    }
    bill = settled(roster({}), overlay=overlay, strict=False)
    (one,) = bill.unsettled
    assert one.fault.code == "settle.relief-undecided"
    assert one.fault.place.field == "unit_size"
    zh, en = one.fault.message("zh"), one.fault.message("en")
    assert "养老保险" in zh
    assert MONTH in zh
    assert "单位规模" in zh or "规模" in zh
    assert "size" in en


def test_what_an_account_leaves_out_is_not_missed_either() -> None:
    account = si.UnitAccount(si.Unit("某公司"), insurances={"pension"})
    bill = settled(roster({}, account=account), strict=False)
    assert {one.insurance for one in bill.contributions} == {"pension"}
    assert not bill.unsettled, "no injury rate is needed where no injury insurance is kept"


def test_a_typing_error_is_shown_where_it_stands() -> None:
    account = si.UnitAccount(si.Unit("某公司", trade="catreing"), insurances={"pension", "b", "a"})
    bill = settled(roster({"insurances": {"pension", "z", "y"}}, account=account))
    kept, traded, chosen = sorted(bill.faults, key=lambda one: one.code + str(one.place.row))[:3]
    found = {(one.code, one.place.field, one.place.row, one.place.value) for one in bill.faults}
    assert found >= {
        ("settle.insurance-unheard", "insurances", None, "a, b"),
        ("settle.insurance-unheard", "insurances", 2, "y, z"),
        ("settle.trade-unheard", "trade", None, None),
    }
    told = {one.code: one.message("en") for one in (kept, traded, chosen)}
    assert "catreing" in told["settle.trade-unheard"]
    assert "Middle" in told["settle.trade-unheard"]
    assert "y, z" in told["settle.insurance-unheard"] or "a, b" in told["settle.insurance-unheard"]


def test_a_missing_injury_rate_points_at_the_field() -> None:
    bill = settled(roster({}, account=si.UnitAccount(si.Unit("某公司"))), strict=False)
    (one,) = bill.unsettled
    assert (one.fault.code, one.fault.place.field) == ("settle.injury-rate-missing", "injury_rate")
