"""Sheets from the command line: written as the file's name asks, or compared with a paper."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from socialins.facade import region
from socialins.values import in_capitals

Call = Callable[..., Any]
Write = Callable[..., Path]
Number = Callable[[int], str]

MIDDLE = ("--region", "middle", "--month", "2026-11")
RATE = ("--injury-rate", "0.2%")


@pytest.fixture
def good(roster: Write, number: Number) -> Path:
    return roster(("甲", number(1), "3000"), ("乙", number(2), "10000"))


def text_of(path: Path) -> str:
    pages = PdfReader(BytesIO(path.read_bytes())).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("kind", ["payment-notice", "assessment", "slip"])
def test_a_sheet_of_the_bill_is_written_with_its_total_and_its_digest(
    call: Call, good: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "sheet.pdf"
    ran = call("print", kind, good, *MIDDLE, *RATE, "--out", out, "--day", "2026-11-20")
    assert (ran.status, ran.err) == (0, "")
    middle = region("middle")
    bill = middle.settle(middle.read_roster(good, "2026-11", injury_rate="0.2%"))
    text = text_of(out)
    assert "2026-11-20" in text
    if kind != "slip":
        assert in_capitals(bill.total) in text
    digest = ran.out.split()[-1]
    again = call("print", kind, good, *MIDDLE, *RATE, "--day", "2026-11-20", "--digest", digest)
    assert again.status == 0
    assert "agrees" in again.out
    other = call("print", kind, good, *MIDDLE, *RATE, "--digest", digest)
    assert other.status == 1
    assert "[notice.digest.differs]" in other.err


def test_only_the_slips_that_are_asked_for_are_printed(
    call: Call, good: Path, number: Number, tmp_path: Path
) -> None:
    out = tmp_path / "slips.pdf"
    asked = ("--person", number(2), "--full-numbers")
    assert call("print", "slip", good, *MIDDLE, *RATE, "--out", out, *asked).status == 0
    assert number(2) in text_of(out)
    assert number(1) not in text_of(out)
    ran = call("print", "slip", good, *MIDDLE, *RATE, "--out", out, "--person", "nobody")
    assert ran.status == 1
    assert "[notice.person.unknown]" in ran.err


def test_a_roster_is_printed_as_a_workbook_in_chinese(
    call: Call, good: Path, tmp_path: Path
) -> None:
    out = tmp_path / "roster.xlsx"
    env = {"SOCIALINS_LANG": "zh"}
    assert call("print", "roster", good, *MIDDLE, "--out", out, env=env).status == 0
    sheet = load_workbook(out).active
    assert sheet is not None
    assert sheet["A1"].value == "2026年11月参保人员花名册"


def test_a_certificate_is_printed_of_a_list_of_payments(call: Call, tmp_path: Path) -> None:
    paid, out = tmp_path / "paid.csv", tmp_path / "paid.pdf"
    paid.write_text(
        "金额,缴款单号,缴款日期,费款所属期\n1200.50,P1,2026-11-15,\n80,P2,2026/12/15,2026年10月\n\n",
        encoding="utf-8",
    )
    span = ("--from", "2026-10", "--to", "2026-11", "--region", "middle")
    ran = call("print", "certificate", paid, *span, "--out", out)
    assert (ran.status, ran.err) == (0, "")
    text = text_of(out)
    assert "2026-102026-12-15P280.00" in text
    assert "¥1,280.50" in text


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("order,day\nP1,2026-11-15\n", "notice.payment.columns"),
        ("order,day,amount\nP1,someday,12\n", "form.date.unreadable"),
        ("order,day,amount\nP1,2026-11-15,much\n", "form.amount.unreadable"),
        ("order,day,amount\n,2026-11-15,12\n", "notice.payment.order"),
        ("order,day,amount,month\nP1,2026-11-15,12,13\n", "form.month.unreadable"),
        ("", "form.file.empty"),
    ],
)
def test_a_payment_that_cannot_be_read_stops_the_certificate(
    call: Call, tmp_path: Path, rows: str, code: str
) -> None:
    paid, out = tmp_path / "paid.csv", tmp_path / "paid.pdf"
    paid.write_text(rows, encoding="utf-8")
    span = ("--from", "2026-10", "--to", "2026-11", "--region", "middle")
    ran = call("print", "certificate", paid, *span, "--out", out)
    assert ran.status == 1
    assert f"[{code}]" in ran.err
    assert not out.exists()


def test_changes_and_progress_are_printed_of_a_book(call: Call, tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    at = ("--book", book, "--at", "2026-11-02T10:00")
    opened = ("--region", "middle", "--month", "2026-11", "--account", "A1")
    assert call("file", "open", *opened, *at).status == 0
    person = ("--person", "某1", "E00000001", "--wage", "5000")
    ran = call("file", "add", "D1", "staff.add", *person, *at)
    assert ran.status == 0, ran.err
    for kind in ("changes", "progress"):
        out = tmp_path / f"{kind}.pdf"
        ran = call("print", kind, book, "--out", out)
        assert ran.status == 0, ran.err
        assert "D1" in text_of(out)
        assert "A1" in text_of(out)


def test_plans_are_printed_with_the_orders_that_pay_them(call: Call, tmp_path: Path) -> None:
    at = ("--book", tmp_path / "pay.db", "--at", "2026-11-02T10:00")
    opened = ("--region", "middle", "--month", "2026-11", "--account", "A1")
    assert call("pay", "open", *opened, *at).status == 0
    line = ("--line", "pension", "unit", "1280", "--mode", "self-declared")
    for plan in ("P1", "P2"):
        ran = call("pay", "plan", plan, *line, *at)
        assert ran.status == 0, ran.err
    assert call("pay", "declare", "P1", *at).status == 0
    assert call("pay", "feedback", "P1", "accepted", *at).status == 0
    assert call("pay", "order", "O7", "P1", "voucher", *at).status == 0
    out = tmp_path / "plans.pdf"
    ran = call("print", "plan", at[1], "--out", out)
    assert ran.status == 0, ran.err
    told = text_of(out)
    assert all(word in told for word in ("P1", "P2", "O7", "A1", "2,560.00"))
    assert call("print", "plan", at[1], "--plan", "P2", "--out", out).status == 0
    assert "O7" not in text_of(out)
    ran = call("print", "plan", at[1], "--plan", "P3", "--out", out)
    assert "[collection.no-such-plan]" in ran.err


def test_it_must_be_said_where_to_write_and_in_which_format(
    call: Call, good: Path, tmp_path: Path
) -> None:
    ran = call("print", "payment-notice", good, *MIDDLE, *RATE)
    assert ran.status == 2
    assert "[notice.out-missing]" in ran.err
    ran = call("print", "payment-notice", good, *MIDDLE, *RATE, "--out", tmp_path / "a.docx")
    assert ran.status == 1
    assert "[form.file.suffix]" in ran.err


def test_what_cannot_be_settled_is_told_and_not_printed(
    call: Call, good: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.pdf"
    ran = call("print", "payment-notice", good, *MIDDLE, "--out", out)
    assert ran.status == 1
    assert ran.err
    assert not out.exists()


def test_a_rare_character_is_named_and_the_way_out_with_it(
    call: Call, roster: Write, number: Number, tmp_path: Path
) -> None:
    out = tmp_path / "a.pdf"
    rare = roster(("王\U00031234", number(1), "3000"))
    ran = call("print", "payment-notice", rare, *MIDDLE, *RATE, "--out", out)
    assert ran.status == 1
    assert "U+31234" in ran.err
    assert "--font" in ran.err
    assert not out.exists()


def test_the_help_lists_the_kinds_in_both_languages(call: Call) -> None:
    assert "certificate" in call("print", "--help").out
    assert "缴费证明" in call("print", "--help", env={"SOCIALINS_LANG": "zh"}).out
