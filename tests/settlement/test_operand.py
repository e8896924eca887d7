"""The account's injury rate: whoever's rate it is, it is never a guess."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

REGION = middle()
MONTH = si.Month(2026, 11)
SPAN = si.MonthSpan("2026-01", "2026-12")
CLASSES = ["0.2%", "0.4%", "0.7%", "0.9%", "1.1%", "1.3%", "1.6%", "1.9%"]
rates = sis.rates(min_value="0%", max_value="3%", places=5)
entries = sis.roster_entries(region=REGION, month=MONTH).map(
    lambda entry: attrs.evolve(entry, insurances={"injury"}, injury_rate=None)
)


def settled(entry: si.RosterEntry, terms: si.InjuryTerms | None, **how: bool) -> si.Settlement:
    account = si.UnitAccount(si.Unit("甲公司"), injury=[terms] if terms else ())
    return REGION.settle(si.Roster(MONTH, [entry], account), **how)  # type: ignore[arg-type]


def injury(bill: si.Settlement) -> si.Contribution:
    (one,) = bill.contributions
    assert (one.insurance, one.payer) == ("injury", si.Payer.UNIT)
    return one


@pytest.mark.parametrize("risk_class", range(1, 9))
@given(entry=entries)
def test_an_accounts_class_is_paid_at_the_regions_rate_with_its_document(
    risk_class: int, entry: si.RosterEntry
) -> None:
    one = injury(settled(entry, si.InjuryTerms(SPAN, risk_class=risk_class)))
    assert one.rate == si.Rate(CLASSES[risk_class - 1])
    assert one.operand is not None
    assert "虚令〔2000〕1号" in [source.number for source in one.sources]


@given(entries, rates)
def test_an_accounts_own_rate_is_taken_as_it_is(entry: si.RosterEntry, rate: si.Rate) -> None:
    one = injury(settled(entry, si.InjuryTerms(SPAN, rate=rate)))
    assert one.rate == rate
    assert one.amount == si.Rounding.HALF_UP_FEN(rate.of(one.base))
    assert one.operand is None
    assert "the account's own, as given" in one.explain("en")
    assert "参保户自有费率" in one.explain("zh")


@given(entries, rates, st.integers(1, 8))
def test_a_rate_in_a_persons_row_comes_before_the_accounts(
    entry: si.RosterEntry, rate: si.Rate, risk_class: int
) -> None:
    stated = attrs.evolve(entry, injury_rate=rate)
    terms = si.InjuryTerms(SPAN, risk_class=risk_class)
    assert injury(settled(stated, terms)).rate == rate
    assert injury(settled(stated, None)).rate == rate


@given(entries)
def test_a_missing_rate_stops_strict_settling_and_says_how_to_give_it(
    entry: si.RosterEntry,
) -> None:
    for terms in (None, si.InjuryTerms(si.MonthSpan("2026-12"), risk_class=1)):
        with pytest.raises(si.OperandMissing, match="2026-11 was not given") as caught:
            settled(entry, terms)
        fault = caught.value.fault
        assert fault.code == "settle.injury-rate-missing"
        assert "--injury-class 1" in fault.remedy("en")
        bill = settled(entry, terms, strict=False)
        assert not bill.contributions, "no default stands in for it"
        (missing,) = bill.unsettled
        assert (missing.insurance, missing.person) == ("injury", entry.person)
        assert missing.reason("en") == fault.message("en")


@given(entries)
def test_somebody_without_injury_insurance_needs_no_rate(entry: si.RosterEntry) -> None:
    chosen = attrs.evolve(entry, insurances={"pension"})
    assert REGION.settle(si.Roster(MONTH, [chosen])).total > si.Money(0)


@given(sis.rosters(month=MONTH, region=REGION, min_size=1, max_size=4), rates)
def test_one_persons_rate_is_not_the_next_ones(roster: si.Roster, rate: si.Rate) -> None:
    first, *others = [
        attrs.evolve(entry, insurances={"injury"}, injury_rate=None) for entry in roster
    ]
    bill = REGION.settle(
        attrs.evolve(roster, entries=[attrs.evolve(first, injury_rate=rate), *others])
    )
    assert bill.of(first.person)[0].rate == rate
    alone = REGION.settle(attrs.evolve(roster, entries=[first, *others]))
    for entry in others:
        assert bill.of(entry.person)[0].rate == alone.of(entry.person)[0].rate


LAW = """
[[bounds]]
insurances = ["injury"]
values = [{ from = "2020-01", floor = "none", cap = "none", sources = ["s"], mark = "A" }]
[[rates]]
insurance = "injury"
payer = "unit"
values = [{ from = "2020-01", operand = "injury-rate", sources = ["s"], mark = "A" }]
[[injury_classes]]
values = [{ from = "2020-01", to = "2025-12", sources = ["s"], mark = "A", rates = { 1 = "0.2%" } }]
"""


@given(entries)
def test_a_class_without_a_known_rate_is_unknown_and_not_another_classes(
    cascade_of: Callable[..., Cascade], entry: si.RosterEntry
) -> None:
    cascade = cascade_of(LAW)

    def roster(risk_class: int, month: str) -> si.Roster:
        terms = si.InjuryTerms(si.MonthSpan("2020-01"), risk_class=risk_class)
        return si.Roster(month, [entry], si.UnitAccount(si.Unit("甲"), injury=[terms]))

    assert settle_roster(cascade, roster(1, "2025-12")).contributions[0].rate == si.Rate("0.2%")
    for risk_class, month in ((2, "2025-12"), (1, "2026-01")):
        with pytest.raises(si.RuleUnknown, match="injury rate of the class") as caught:
            settle_roster(cascade, roster(risk_class, month))
        assert (caught.value.insurance, caught.value.payer) == ("injury", "unit")
    # Carried leniently, and marked so.
    bill = settle_roster(cascade, roster(1, "2026-01"), strict=False)
    assert bill.contributions[0].provisional
