"""The sheets that the manuals of real systems print, made of the library's own objects.

Each test is named after the row of a system. None imitates the bureau's paper: what is compared is
that the unit's own sheet says the same things.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from openpyxl import load_workbook

import socialins as si
from socialins.filing import FilingBook
from socialins.notices import NoticeKind, PaymentFact
from socialins.testing.middle import middle
from socialins.values import Money, in_capitals

Bill = Callable[..., si.Settlement]
Read = Callable[[bytes], list[str]]


def test_s04_notice_assessment_and_certificate_print_as_pdf_by_a_range_of_months(
    bill: Bill, account: Callable[..., si.UnitAccount], read: Read
) -> None:
    notices = middle().notices
    bills = [bill(3, month) for month in ("2026-11", "2026-10", "2026-09")]
    for kind in ("缴费通知单", "核定表"):
        notice = notices(bills, kind)
        assert len(list(notice.document.parts())) == 3
        pages = read(notice.to_pdf())
        months = ["结算期2026-09", "结算期2026-10", "结算期2026-11"]
        assert [month for page in pages for month in months if month in page] == months
        for one in bills:
            assert any(in_capitals(one.total) in page for page in pages)
    paid = [PaymentFact(f"P{one.month}", one.month.last_day, one.total, one.month) for one in bills]
    certificate = notices.certificate(paid, "2026-09..2026-11", account=account())
    text = "".join(read(certificate.to_pdf()))
    assert in_capitals(Money.sum(one.total for one in bills)) in text
    assert "没有缴款记录" not in text


def test_s13_a_notice_printed_before_the_assessment_was_taken_back_no_longer_agrees(
    bill: Bill,
) -> None:
    notices = middle().notices
    before = notices.payment_notice(bill(3))
    assert notices.payment_notice(bill(3)).verify(before.digest) is None
    after = notices.payment_notice(bill(2))
    fault = after.verify(before.digest)
    assert fault is not None
    assert fault.code == "notice.digest.differs"


def test_s14_a_certificate_of_what_was_paid_says_when_and_by_which_order(
    read: Read, source: Callable[..., Any]
) -> None:
    paid, more = source(NoticeKind.CERTIFICATE)
    text = "".join(read(middle().notices.certificate(paid, **more).to_pdf()))
    for fact in paid:
        assert f"{fact.month}{fact.day}{fact.order}{fact.amount:,}" in text


def test_s16_the_months_change_list_and_the_failed_list_give_each_rows_reason(
    book: FilingBook, read: Read
) -> None:
    changes = "".join(read(middle().notices.changes(book).to_pdf()))
    joining, leaving = changes.index("一、增加"), changes.index("二、减少")
    assert joining < changes.index("钱芳芳") < changes.index("孙秀英") < leaving
    assert leaving < changes.index("李㛃") < changes.index("解除劳动合同")
    assert "增加人数1" in changes
    progress = "".join(read(middle().notices.progress(book).to_pdf()))
    assert "未通过的人员" in progress
    assert "E07已在其他单位参保" in progress


def test_s16_assessment_sheet_and_notice_agree_on_every_total(bill: Bill) -> None:
    notices = middle().notices
    ends = [
        dict(notices(bill(4), kind).document.sections[0].lines)["单位应缴（大写）"]
        for kind in ("payment-notice", "assessment")
    ]
    assert ends == [in_capitals(bill(4).unit_total)] * 2


def test_s27_an_old_seven_digit_unit_number_is_printed_with_its_leading_zeros(
    account: Callable[..., si.UnitAccount],
    roster: Callable[..., si.Roster],
    read: Read,
    tmp_path: Path,
) -> None:
    number, _ = middle().numbers["unit-number"].check("1234567")
    assert number == "0001234567"
    kept = attrs.evolve(roster(2), account=account(number=number))
    notice = middle().notices.roster(kept)
    assert "单位编号0001234567" in "".join(read(notice.to_pdf()))
    book = load_workbook(notice.save(tmp_path / "roster.xlsx"))
    assert "0001234567" in [cell.value for row in book.active.iter_rows() for cell in row]
