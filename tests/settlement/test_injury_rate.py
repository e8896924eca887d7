"""Floating bands and local multipliers: an injury rate is exactly the rules' product."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.identity import IdDocument
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.settlement.derivation import explain_steps
from socialins.testing.middle import middle

REGION = middle()
CLASSES = {1: "0.2%", 2: "0.4%", 3: "0.7%"}
BANDS = {1: "100% 120% 150%", 2: "50% 80% 100% 120% 150%", 3: "50% 80% 100% 120% 150%"}
ALLOWED = [(risk, band) for risk, listed in BANDS.items() for band in listed.split()]


def roster(month: str, wage: str = "10000.37", **terms: object) -> si.Roster:
    person = si.InsuredPerson("甲", IdDocument("passport", "E12345678"))  # type: ignore[arg-type]
    entry = si.RosterEntry(
        person, si.DeclaredWage(si.Money.yuan(wage)), insurances=frozenset({"injury"})
    )
    injury = si.InjuryTerms(si.MonthSpan("2010-01"), **terms)  # type: ignore[arg-type]
    return si.Roster(month, [entry], si.UnitAccount(si.Unit("甲公司"), injury=[injury]))


def settled(month: str, **terms: object) -> si.Contribution:
    (one,) = REGION.settle(roster(month, **terms)).contributions
    return one


@pytest.mark.parametrize(("risk", "band"), ALLOWED)
def test_a_floating_band_scales_its_classs_rate_exactly(risk: int, band: str) -> None:
    one = settled("2026-11", risk_class=risk, band=band)
    expected = Fraction(CLASSES[risk].rstrip("%")) / 100 * Fraction(band.rstrip("%")) / 100
    assert one.rate.fraction == expected
    assert one.amount == si.Rounding.HALF_UP_FEN(expected * one.base.fen)


@given(case=st.sampled_from(ALLOWED))
def test_without_a_band_the_class_rate_holds_as_it_is(case: tuple[int, str]) -> None:
    risk, _ = case
    plain, full = (
        settled("2026-11", risk_class=risk),
        settled("2026-11", risk_class=risk, band="100%"),
    )
    assert plain.rate == full.rate == si.Rate(CLASSES[risk])
    assert plain.amount == full.amount


@pytest.mark.parametrize(
    ("month", "rate"),
    [("2024-12", "0.6%"), ("2025-01", "0.3%"), ("2025-03", "0.3%"), ("2025-04", "0.6%")],
)
def test_a_regions_multiplier_holds_for_its_months_only(month: str, rate: str) -> None:
    one = settled(month, risk_class=2, band="150%")
    assert one.rate == si.Rate(rate)
    kinds = [citation.kind for citation in one.citations]
    assert ("injury-multiplier" in kinds) == (rate == "0.3%")
    if rate == "0.3%":
        told = one.explain("en")
        assert "Injury rate 0.4% (class) × 50% (multiplier) × 150% (band) = 0.3%" in told
        assert "州人社〔2020〕5号" in told


def test_a_rate_that_was_stated_is_not_multiplied() -> None:
    one = settled("2025-02", rate="0.4%")
    assert one.rate == si.Rate("0.4%")
    assert one.operand is None


def test_each_factor_is_cited_and_the_product_told() -> None:
    bill = REGION.settle(roster("2026-11", risk_class=2, band="150%"))
    (one,) = bill.contributions
    assert [citation.kind for citation in one.citations][-2:] == ["injury-classes", "injury-bands"]
    assert "Injury rate 0.4% (class) × 150% (band) = 0.6%" in one.explain("en")
    assert "工伤费率 0.4%（行业费率） × 150%（浮动档次） = 0.6%" in one.explain("zh")
    assert "class 2 50%/80%/100%/120%/150%" in one.explain("en")
    (step,) = [step for step in explain_steps(one).steps if step.kind == "operand"]
    assert step.figures == {"injury-classes": "0.004", "injury-bands": "1.5", "rate": "0.006"}
    assert one.explain_plain("en")["steps"]


@pytest.mark.parametrize(("risk", "band"), [(1, "80%"), (2, "151%"), (3, "0.5%")])
def test_a_band_that_the_rules_do_not_have_is_refused_with_those_they_have(
    risk: int, band: str
) -> None:
    wrong = roster("2026-11", risk_class=risk, band=band)
    with pytest.raises(si.OperandMissing) as caught:
        REGION.settle(wrong)
    fault = caught.value.fault
    assert fault.code == "settle.injury-band-unheard"
    assert band in fault.message("zh")
    assert f"class {risk} has no floating band of {band}" in fault.message("en")
    assert ", ".join(BANDS[risk].split()) in fault.remedy("en")
    bill = REGION.settle(wrong, strict=False)
    assert not bill.contributions, "a wrong band is not settled as if there were none"
    assert [one.fault.code for one in bill.unsettled] == ["settle.injury-band-unheard"]


def test_a_class_whose_bands_are_not_known_is_unknown() -> None:
    with pytest.raises(si.RuleUnknown, match="floating bands"):
        settled("2026-11", risk_class=4, band="100%")


LAW = """
[[bounds]]
insurances = ["injury"]
values = [{ from = "2020-01", floor = "none", cap = "none", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "injury"
payer = "unit"
values = [{ from = "2020-01", operand = "injury-rate", sources = ["s"], mark = "A" }]
[[injury_classes]]
values = [{ from = "2020-01", sources = ["s"], mark = "A", rates = { 1 = "0.2%", 8 = "1.9%" } }]
"""
MULTIPLIER = """
[[injury_multiplier]]
values = [
  { from = "2020-01", to = "2021-12", multiplier = "80%", sources = ["s"], mark = "B" },
  { from = "2022-01", to = "2023-12", multiplier = "120%", sources = ["s"], mark = "B" },
]
"""


@pytest.mark.parametrize(
    ("month", "risk", "rate"),
    [
        ("2021-12", 1, "0.16%"),
        ("2021-12", 8, "1.52%"),
        ("2022-01", 1, "0.24%"),
        ("2023-12", 8, "2.28%"),
    ],
)
def test_the_multipliers_seen_in_the_country_give_the_printed_rates(
    cascade_of: Callable[..., Cascade], month: str, risk: int, rate: str
) -> None:
    # × 0.8 (Shanghai 2019-05) prints 0.16 % and 1.52 %; × 1.2 (Sichuan 2026-07) 0.24 % and 2.28 %.
    cascade = cascade_of(MULTIPLIER, LAW)
    (one,) = settle_roster(cascade, roster(month, risk_class=risk)).contributions
    assert one.rate == si.Rate(rate)


def test_a_multiplier_whose_end_is_past_stops_strict_settling(
    cascade_of: Callable[..., Cascade],
) -> None:
    cascade = cascade_of(MULTIPLIER, LAW)
    late = roster("2024-01", risk_class=1)
    with pytest.raises(si.RuleUnknown, match="multiplier of the class rates") as caught:
        settle_roster(cascade, late)
    assert "120%" in caught.value.last_known
    (one,) = settle_roster(cascade, late, strict=False).contributions
    assert one.rate == si.Rate("0.24%")
    assert one.provisional, "carried, and marked so"


def test_a_band_without_any_rule_on_bands_is_unknown(cascade_of: Callable[..., Cascade]) -> None:
    with pytest.raises(si.RuleUnknown, match="floating bands"):
        settle_roster(cascade_of(LAW), roster("2024-01", risk_class=1, band="120%"))


def test_a_band_goes_with_a_class_and_lies_above_zero() -> None:
    span = si.MonthSpan("2026-01")
    with pytest.raises(ValueError, match="goes with an injury class"):
        si.InjuryTerms(span, rate="0.2%", band="120%")
    with pytest.raises(ValueError, match="above 0 %"):
        si.InjuryTerms(span, risk_class=1, band="0%")


@given(case=st.sampled_from(ALLOWED))
def test_a_band_survives_json(case: tuple[int, str]) -> None:
    risk, band = case
    terms = si.InjuryTerms(si.MonthSpan("2026-01"), risk_class=risk, band=band)
    account = si.UnitAccount(si.Unit("甲公司"), injury=[terms])
    assert si.from_json(si.UnitAccount, si.to_json(account)) == account
    assert si.from_json(si.InjuryTerms, '{"span": "2026-01..", "risk_class": 1}').band is None
