"""Amounts on the sheets: in capitals, with arrears, with what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.faults import FaultError, Text
from socialins.filing import FilingBook
from socialins.model import Payer
from socialins.notices import (
    PaymentFact,
    assessment_sheet,
    payment_certificate,
    payment_notice,
    payment_slips,
)
from socialins.notices.common import capitals
from socialins.testing.middle import middle
from socialins.values import Money, in_capitals

Bill = Callable[..., si.Settlement]
LABEL = Text("合计", "Total")


@given(st.integers(0, 10**15))
def test_capitals_and_figures_on_a_sheet_are_the_same_amount(fen: int) -> None:
    (_, figures), (_, words) = capitals("zh", LABEL, Money(fen))
    assert Money.yuan(str(figures)) == Money(fen)
    assert words == in_capitals(Money(fen))


def test_an_amount_that_no_capitals_can_hold_is_printed_in_figures_alone() -> None:
    (only,) = capitals("en", LABEL, Money(10**18))
    assert only == ("Total (In figures)", "¥10,000,000,000,000,000.00")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_of_every_sheet_add_up_to_the_bill(bill: Bill, lang: str) -> None:
    whole = bill(7)
    by_insurance, people = payment_notice(whole, lang).sections[0].tables
    assert by_insurance.sums()[-3:] == (whole.unit_total, whole.person_total, whole.total)
    assert people.sums()[4:7] == (whole.unit_total, whole.person_total, whole.total)
    items, *details = assessment_sheet(whole, lang).sections[0].tables
    assert items.sums()[-1] == whole.total
    summed = [sum_ for table in details for sum_ in table.sums() if isinstance(sum_, Money)]
    assert Money.sum(summed) == whole.total
    slips = [section.tables[0].sums() for section in payment_slips(whole, lang).sections]
    assert (
        Money.sum(sum_ for sums in slips for sum_ in sums if isinstance(sum_, Money)) == whole.total
    )
    assert len(slips) == 7


def test_late_fees_and_undeclared_months_are_owed_besides(bill: Bill) -> None:
    whole = bill(3)
    undeclared = tuple(middle().arrears.undeclared(whole))
    back = whole.contributions[:2]
    document = payment_notice(whole, arrears=[*undeclared, *back])
    table = document.sections[0].tables[2]
    owed = Money.sum(one.amount for one in (*undeclared, *back))
    assert table.sums()[-1] == owed
    assert ("应缴总计（大写）", in_capitals(whole.total + owed)) in document.sections[0].lines
    assert len(table.rows) == len(undeclared) + 2


def test_a_late_fee_stands_with_what_is_overdue_and_for_how_many_days(bill: Bill) -> None:
    fees = middle().arrears.late_fee(bill(2), date(2026, 12, 20), due=date(2026, 11, 30))
    document = payment_notice(bill(2, "2026-12"), "en", arrears=fees.items)
    table = document.sections[0].tables[2]
    assert table.sums()[-1] == fees.total
    for row, fee in zip(table.rows, fees.items, strict=True):
        assert (row[0], row[2:]) == (
            fee.period,
            ("late fee", fee.principal, fee.days, fee.amount),
        )


def test_what_could_not_be_settled_stands_on_the_sheet(
    roster: Callable[..., si.Roster],
) -> None:
    # Nobody says what the account pays for work injury.
    lenient = middle().settle(attrs.evolve(roster(2), account=None), strict=False)
    assert lenient.unsettled
    for make in (payment_notice, assessment_sheet):
        said = [str(value) for _, value in make(lenient).sections[0].lines]
        assert any(f"有 {len(lenient.unsettled)} 项应缴未能结算" in one for one in said)
    people = payment_notice(lenient).sections[0].tables[1]
    assert people.columns[-1].label == "备注"
    assert people.rows[0][-1] == "有未结算部分"


def test_rows_that_were_wrong_are_counted_on_the_sheet(roster: Callable[..., si.Roster]) -> None:
    entry = roster(1).entries[0]
    broken = si.Roster.gather("2026-11", [*roster(3).entries, entry], account=roster(1).account)
    assert len(broken.faults) == 2
    document = middle().notices.roster(broken).document
    assert document.notes[0].startswith("花名册有 2 行有错误")
    assert len(document.sections[0].tables[0].rows) == 2


def test_an_empty_bill_is_a_sheet_of_nothing_and_no_crash() -> None:
    empty = middle().settle(si.Roster("2026-11", ()), strict=False)
    notices = middle().notices
    for made in (notices.payment_notice(empty), notices.assessment(empty)):
        assert made.to_pdf()[:5] == b"%PDF-"
    with pytest.raises(FaultError) as caught:
        notices.slips(empty)
    assert caught.value.fault.code == "notice.nothing"


def test_a_person_who_was_not_settled_has_no_slip(bill: Bill) -> None:
    with pytest.raises(FaultError) as caught:
        payment_slips(bill(1), persons=["nobody"])
    assert caught.value.fault.code == "notice.person.unknown"


def test_a_certificate_counts_its_months_alone_and_names_those_without_a_payment() -> None:
    paid = [
        PaymentFact("B", date(2026, 11, 16), Money.yuan(980)),
        PaymentFact("A", date(2026, 9, 15), Money.yuan("1200.5")),
        PaymentFact("late", date(2027, 1, 5), Money.yuan("7"), "2026-10"),
        PaymentFact("other", date(2026, 12, 15), Money.yuan(1)),
    ]
    document = payment_certificate(paid, "2026-08..2026-11")
    (table,) = document.sections[0].tables
    assert [row[3] for row in table.rows] == ["A", "late", "B"]
    assert table.sums()[-1] == Money.yuan("2187.5")
    assert document.notes[0] == "以下月份没有缴款记录：2026-08。"
    with pytest.raises(FaultError) as caught:
        payment_certificate(paid, "2020-01..2020-02")
    assert caught.value.fault.code == "notice.nothing"
    with pytest.raises(FaultError) as caught:
        payment_certificate(paid, "2020-01..")
    assert caught.value.fault.code == "notice.months.open"


def test_a_kind_that_does_not_exist_is_told_with_those_that_do(bill: Bill) -> None:
    with pytest.raises(FaultError) as caught:
        middle().notices(bill(1), "invoice")
    assert caught.value.fault.code == "notice.kind.unknown"
    assert "payment-notice" in caught.value.fault.remedy("en")
    with pytest.raises(TypeError, match="made of a Roster"):
        middle().notices(bill(1), "roster")


def test_books_of_two_accounts_are_not_put_on_one_sheet(book: FilingBook) -> None:
    other = attrs.evolve(book, account="0000000002", month=si.Month(2026, 12))
    for make in (middle().notices.changes, middle().notices.progress):
        with pytest.raises(FaultError) as caught:
            make([book, other])
        assert caught.value.fault.code == "notice.books.mixed"
        both = make([book, attrs.evolve(other, account=book.account)]).document
        assert dict(both.sections[0].fields)["月份"] == "2026-11、2026-12"
        with pytest.raises(FaultError) as caught:
            make(FilingBook())
        assert caught.value.fault.code == "notice.nothing"


def test_the_units_share_alone_has_a_slip_for_nobody(bill: Bill) -> None:
    for section in payment_slips(bill(2)).sections:
        paid = section.tables[0].sums()
        unit, own = paid[-2:]
        assert isinstance(unit, Money)
        assert isinstance(own, Money)
        number = next(value for label, value in section.fields if label == "证件号码")
        mine = [
            one
            for one in bill(2).contributions
            if one.person is not None and one.person.document.masked() == number
        ]
        assert own == Money.sum(one.amount for one in mine if one.payer is Payer.PERSON)
        assert unit == Money.sum(one.amount for one in mine if one.payer is Payer.UNIT)
