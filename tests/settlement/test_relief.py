"""A relief takes a part of one payer's rate in its own months, from those it is meant for."""

from __future__ import annotations

from datetime import date

import pytest

import socialins as si
from socialins.rules import RuleClass
from socialins.settlement.compile import compile_schedule
from socialins.testing.middle import middle

CITED = {"sources": ["notice"], "mark": "A"}
RELIEF = {
    "sources": {"notice": {"title": "关于阶段性减免的通知", "seen": "made up for tests"}},
    "reliefs": [
        {
            "insurances": ["pension", "injury"],
            "payer": "unit",
            "who": {"account_type": ["enterprise"], "unit_size": ["micro", "small", "medium"]},
            "values": [
                {"from": "2026-02", "to": "2026-04", "pays": "0%", **CITED},
                {
                    "from": "2026-05",
                    "to": "2026-06",
                    "pays": "0%",
                    "announced": date(2026, 4, 20),
                    **CITED,
                },
            ],
        },
        {
            "insurances": ["pension", "injury"],
            "payer": "unit",
            "who": {"account_type": ["enterprise"], "unit_size": ["large", "other"]},
            "values": [{"from": "2026-02", "to": "2026-04", "pays": "50%", **CITED}],
        },
    ],
}
PERSON = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))


def settle(month: str, size: si.UnitSize | None, **settings: object) -> si.Settlement:
    account = si.UnitAccount(
        si.Unit("某公司", size=size),
        injury=(si.InjuryTerms(si.MonthSpan("2010-01"), rate=si.Rate("0.3%")),),
    )
    wage = si.DeclaredWage(si.Money.yuan("8000"))
    roster = si.Roster(month, [si.RosterEntry(PERSON, wage)], account)
    return middle().settle(roster, overlay=RELIEF, **settings)  # type: ignore[arg-type]


def shares(bill: si.Settlement, insurance: str) -> dict[str, si.Money]:
    return {one.payer.value: one.amount for one in bill.contributions if one.insurance == insurance}


@pytest.mark.parametrize(
    ("size", "pension", "injury"),
    [
        ("micro", 0, 0),
        ("small", 0, 0),
        ("medium", 0, 0),
        ("large", 64000, 1200),
        ("other", 64000, 1200),
    ],
)
def test_a_relief_lowers_the_unit_s_share_by_size_and_leaves_the_person_s(
    size: str, pension: int, injury: int
) -> None:
    bill = settle("2026-03", si.UnitSize(size))
    assert shares(bill, "pension") == {"unit": si.Money(pension), "person": si.Money(64000)}
    assert shares(bill, "injury") == {"unit": si.Money(injury)}
    assert shares(bill, "unemployment") == {"unit": si.Money(4000), "person": si.Money(4000)}


@pytest.mark.parametrize("month", ["2026-01", "2026-07"])
def test_outside_its_months_there_is_no_relief_and_nothing_missing(month: str) -> None:
    bill = settle(month, None)
    assert shares(bill, "pension")["unit"] == si.Money(128000)
    assert not bill.unsettled


def test_a_relief_that_depends_on_an_unknown_size_is_not_guessed() -> None:
    with pytest.raises(si.OperandMissing, match="size"):
        settle("2026-03", None)
    lenient = settle("2026-03", None, strict=False)
    assert {(one.insurance, one.payer.value) for one in lenient.unsettled} == {
        ("pension", "unit"),
        ("injury", "unit"),
    }
    assert shares(lenient, "pension") == {"person": si.Money(64000)}


def test_state_organs_get_no_relief_and_need_not_say_their_size() -> None:
    account = si.UnitAccount(si.Unit("某局"), account_type=si.AccountType.STATE_ORGAN)
    wage = si.DeclaredWage(si.Money.yuan("8000"))
    entry = si.RosterEntry(PERSON, wage, injury_rate=si.Rate("0.3%"))
    bill = middle().settle(si.Roster("2026-03", [entry], account), overlay=RELIEF)
    assert shares(bill, "pension")["unit"] == si.Money(128000)


def test_an_extension_is_unknown_until_it_is_announced_and_then_takes_the_difference_back() -> None:
    early = settle("2026-05", si.UnitSize.SMALL, known_on=date(2026, 4, 1))
    assert shares(early, "pension")["unit"] == si.Money(128000)
    changed = middle().differences(early, date(2026, 5, 1), overlay=RELIEF)
    assert {(one.insurance, one.amount.fen) for one in changed} == {
        ("pension", -128000),
        ("injury", -2400),
    }


def test_lenient_settling_never_carries_a_relief_past_its_end() -> None:
    lenient = settle("2026-06", si.UnitSize.LARGE, strict=False)
    assert shares(lenient, "pension")["unit"] == si.Money(128000)


def test_an_explanation_states_the_rate_before_and_after_and_who_granted_it() -> None:
    bill = settle("2026-03", si.UnitSize.LARGE)
    pension, injury = (
        next(one for one in bill.contributions if one.insurance == name and one.payer == "unit")
        for name in ("pension", "injury")
    )
    assert "减免后费率 16% × 50% = 8%" in pension.explain("zh")
    assert "关于阶段性减免的通知" in pension.explain("zh")
    english = injury.explain("en")
    assert "Rate after the relief 0.3% × 50% = 0.15%" in english
    assert "Injury rate 0.3%: the account's own, as given" in english


def test_a_trade_that_no_rule_names_is_a_typing_error_and_not_silence() -> None:
    account = si.UnitAccount(si.Unit("某公司", trade="catring"))
    bill = middle().settle(si.Roster("2026-03", [], account))
    assert [fault.code for fault in bill.faults] == ["settle.trade-unheard"]


def test_a_fixed_sum_is_collected_in_full() -> None:
    overlay = {
        "sources": RELIEF["sources"],
        "reliefs": [
            {
                "insurances": ["medical"],
                "values": [{"from": "2026-02", "pays": "0%", **CITED}],
            }
        ],
    }
    cascade = middle()._with(overlay)
    schedule = compile_schedule(cascade, si.Month(2026, 3), RuleClass())
    aid = [line for line in schedule.lines if line.item == "large-aid" and line.payer == "person"]
    assert [line.fixed for line in aid] == [2200]


@pytest.mark.parametrize(
    ("who", "zh", "en"),
    [
        ({"unit_size": ["small"]}, "单位规模（size）", "size"),
        ({"trade": ["catering"]}, "单位行业（trade）", "trade"),
        (
            {"unit_size": ["small"], "trade": ["catering"]},
            "单位规模（size）、单位行业（trade）",
            "size and trade",
        ),
    ],
    ids=["size", "trade", "both"],
)
def test_a_unit_is_asked_for_what_a_relief_depends_on(
    who: dict[str, list[str]], zh: str, en: str
) -> None:
    overlay = {
        "sources": RELIEF["sources"],
        "trades": [{"id": "catering", "title": {"zh": "餐饮", "en": "catering"}}],
        "reliefs": [
            {
                "insurances": ["pension"],
                "payer": "unit",
                "who": who,
                "values": [{"from": "2026-02", "to": "2026-04", "pays": "0%", **CITED}],
            }
        ],
    }
    account = si.UnitAccount(si.Unit("某公司"))
    roster = si.Roster(
        "2026-03", [si.RosterEntry(PERSON, si.DeclaredWage(si.Money.yuan("8000")))], account
    )
    bill = middle().settle(roster, overlay=overlay, strict=False)
    (asked,) = (one for one in bill.unsettled if one.insurance == "pension")
    assert f"取决于{zh}，" in asked.reason("zh")
    assert f"the unit's {en}, which" in asked.reason("en")
