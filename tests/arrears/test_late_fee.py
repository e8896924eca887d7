"""Late fee: each day at its own rate, from the right day to the right day, rounded once."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.arrears import LateFees
from socialins.faults import Severity
from socialins.testing.middle import middle

PERSON = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))


def bill(month: str, *, insurances: set[str], wage: str = "8000", **unit: object) -> si.Settlement:
    account = si.UnitAccount(si.Unit("某公司", **unit), insurances=frozenset(insurances))  # type: ignore[arg-type]
    entry = si.RosterEntry(PERSON, si.DeclaredWage(si.Money.yuan(wage)))
    return middle().settle(si.Roster(month, [entry], account))


def charge(owed: si.Settlement, due: date, paid: date, **how: object) -> LateFees:
    return middle().arrears.late_fee(owed, paid, due=due, **how)  # type: ignore[arg-type]


def test_the_fee_counts_from_the_day_after_the_last_day_to_the_day_before_payment() -> None:
    pension = bill("2026-01", insurances={"pension"})
    due = date(2026, 1, 25)
    days = [charge(pension, due, due + timedelta(days=late)).total.fen for late in range(4)]
    # 1280.00 + 640.00 at 0.05 % a day is 0.96.
    assert days == [0, 0, 96, 192]


def test_paid_in_time_there_is_no_day_that_counts_and_the_explanation_says_so() -> None:
    (fee,) = charge(bill("2026-01", insurances={"pension"}), date(2026, 1, 25), date(2026, 1, 20))
    assert (fee.days, fee.amount) == (0, si.Money(0))
    assert "No day counts" in fee.explain("en")


def test_a_debt_older_than_the_change_of_the_rate_is_charged_at_both() -> None:
    (fee,) = charge(bill("2024-12", insurances={"pension"}), date(2025, 12, 29), date(2026, 1, 4))
    assert [(span.days, str(span.daily)) for span in fee.spans] == [(2, "0.2%"), (3, "0.05%")]
    assert fee.amount == si.Money.yuan("10.56")  # 1920 × (2 × 0.2 % + 3 × 0.05 %)


def test_the_month_is_rounded_as_a_whole_and_not_piece_by_piece() -> None:
    owed = bill("2026-01", insurances={"pension", "unemployment"}, wage="4321.23")
    due = date(2026, 1, 25)
    (fee,) = charge(owed, due, due + timedelta(days=8))
    exact = Fraction(owed.total.fen) * 7 * Fraction(5, 10_000)
    assert abs(fee.amount.fen - exact) <= Fraction(1, 2)
    assert fee.principal == owed.total


def test_an_insurance_with_days_of_its_own_is_charged_apart() -> None:
    owed = bill("2026-01", insurances={"pension", "medical"})
    fees = charge(owed, date(2026, 1, 25), date(2026, 3, 3))
    medical = next(fee for fee in fees if fee.insurances == ("medical",))
    # From the 1st of the second month after January, the day of payment included.
    assert [(span.first, span.last) for span in medical.spans] == [
        (date(2026, 3, 1), date(2026, 3, 3))
    ]
    pension = next(fee for fee in fees if fee.insurances == ("pension",))
    assert pension.days == 36


@given(
    late=st.integers(1, 1500),
    due=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    wage=st.integers(0, 10_000_000),
)
def test_a_fee_is_the_sum_of_its_days_and_never_falls(late: int, due: date, wage: int) -> None:
    owed = bill("2026-01", insurances={"pension"}, wage=str(si.Money(wage)))
    paid = due + timedelta(days=late)
    (fee,) = charge(owed, due, paid)
    counted = [due + timedelta(days=day) for day in range(1, late)]
    rates = [Fraction(2, 1000) if day.year < 2026 else Fraction(5, 10_000) for day in counted]
    assert fee.days == len(counted)
    assert abs(fee.amount.fen - owed.total.fen * sum(rates, Fraction(0))) <= Fraction(1, 2)
    assert charge(owed, due, paid + timedelta(days=1)).total >= fee.amount


def test_a_granted_deferral_moves_the_unit_s_last_day_and_leaves_the_person_s() -> None:
    owed = bill("2026-02", insurances={"pension"}, trade="catering")
    due, paid = date(2026, 2, 25), date(2026, 3, 28)
    assert charge(owed, due, paid).items[0].principal == owed.total
    deferred = charge(owed, due, paid, deferred=True)
    assert sum(fee.amount.fen for fee in deferred if fee.due == date(2026, 9, 30)) == 0
    (late,) = (fee for fee in deferred if fee.due == due)
    assert (late.principal, late.amount) == (si.Money.yuan("640"), si.Money.yuan("9.60"))
    over = charge(owed, due, date(2026, 10, 3), deferred=True)
    assert next(fee for fee in over if fee.due == date(2026, 9, 30)).days == 2
    assert not deferred.faults


@pytest.mark.parametrize(
    ("month", "trade", "code"),
    [("2026-04", "catering", "arrears.deferral-open"), ("2026-02", None, "arrears.deferral-none")],
)
def test_a_deferral_that_is_open_or_does_not_hold_is_told(
    month: str, trade: str | None, code: str
) -> None:
    owed = bill(month, insurances={"pension"}, trade=trade)
    fees = charge(owed, date(2026, 5, 25), date(2026, 6, 1), deferred=True)
    assert [(fault.code, fault.severity) for fault in fees.faults] == [(code, Severity.WARNING)]


def test_without_a_known_last_day_of_payment_nothing_is_guessed() -> None:
    with pytest.raises(si.RuleUnknown):
        middle().arrears.late_fee(bill("2026-01", insurances={"pension"}), date(2026, 3, 1))


def test_an_explanation_shows_days_rate_and_the_law() -> None:
    (fee,) = charge(bill("2024-12", insurances={"pension"}), date(2025, 12, 29), date(2026, 1, 4))
    zh, en = fee.explain("zh"), fee.explain("en")
    assert zh.splitlines()[:5] == [
        "养老保险 · 2024年12月 · 滞纳金：¥10.56",
        "  缴费期限 2025-12-29，缴纳 2026-01-04",
        "  2025-12-30 至 2025-12-31：1,920.00 × 2 × 0.2% = 7.68",
        "  2026-01-01 至 2026-01-03：1,920.00 × 3 × 0.05% = 2.88",
        "  进位（四舍五入到分）10.56",
    ]
    assert "社会保险费补缴办法" in zh
    assert "2026-01-01 to 2026-01-03: 1,920.00 × 3 × 0.05% = 2.88" in en


def test_the_law_of_2011_replaced_the_regulation_s_two_per_mille() -> None:
    owed = bill("2026-01", insurances={"pension"})
    beijing = si.region("110000").arrears
    older = beijing.late_fee(owed, date(2011, 7, 3), due=date(2011, 6, 28))
    assert [(span.days, str(span.daily)) for span in older.items[0].spans] == [
        (2, "0.2%"),
        (2, "0.05%"),
    ]
    marks = {citation.kind: citation.mark.value for citation in older.items[0].citations}
    assert marks == {"late-fee-rate": "A", "late-fee-days": "B", "late-fee-rounding": "B"}
