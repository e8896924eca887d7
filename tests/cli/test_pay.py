"""`socialins pay`: a month is walked from the assessment to the bank, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]

OVERLAY = """
division = "990100"
[sources.own]
title = "own"
seen = "made up"
[[windows]]
businesses = ["collection.declare"]
[[windows.values]]
from = "2020-01"
intervals = [{ first = { day = 1 }, last = { day = 20 } }]
sources = ["own"]
mark = "C"
[[windows]]
businesses = ["collection.deduct"]
[[windows.values]]
from = "2020-01"
intervals = [{ first = { day = 11 }, last = { day = 22 } }]
sources = ["own"]
mark = "C"
"""


class Terminal:
    """A shell in which commands of one journal are typed."""

    def __init__(self, call: Call, book: Path, group: str = "pay", *always: object) -> None:
        self.call = call
        self.book = book
        self.group = group
        self.always = always

    def __call__(self, command: str, *arguments: object, at: str = "", status: Any = 0) -> Any:
        timed = ("--at", at) if at else ()
        words = (*arguments, "--book", self.book, *timed, *self.always)
        found = self.call(self.group, command, *words)
        assert found.status == status, found.out + found.err
        return found

    def open(self, month: str = "2026-11", at: str = "2026-11-03T09:00") -> None:
        self("open", "--region", "middle", "--account", "A1", "--month", month, at=at)

    def state(self, plan: str) -> str:
        found: str = self.call("pay", "list", plan, "--book", self.book, "--json").json["state"]
        return found

    def status(self, at: str = "2026-11-30T09:00") -> Any:
        return self.call("pay", "status", "--book", self.book, "--at", at, "--json").json


@pytest.fixture
def shell(call: Call, tmp_path: Path) -> Terminal:
    overlay = tmp_path / "own.toml"
    overlay.write_text(OVERLAY, "utf-8")
    return Terminal(call, tmp_path / "pay.db", "pay", "--overlay", overlay)


def test_a_month_is_walked_by_voucher(shell: Terminal) -> None:
    shell.open()
    day = {"at": "2026-11-03T10:00"}
    shell("note", "--credit", "100", **day)
    lines = ("--line", "pension", "unit", "1280", "--line", "pension", "person", "640")
    planned = shell("plan", "P1", *lines, **day)
    assert "1,920.00" in planned.out
    assert "100.00" in planned.out
    refused = shell("declare", "P1", at="2026-11-03T23:59", status=1)
    assert "[collection.not-handed-over]" in refused.err
    assert "2026-11-04 00:00" in refused.err
    day = {"at": "2026-11-04T09:00"}
    shell("handover", "P1", **day)
    shell("declare", "P1", **day)
    shell("feedback", "P1", "refused", "--reason", "金额不符", **day)
    shell("declare", "P1", **day)
    shell("feedback", "P1", "accepted", "--number", "2", **day)
    shell("void", "P1", **day)
    shell("declare", "P1", **day)
    shell("feedback", "P1", "accepted", **day)
    shell("order", "O1", "P1", "voucher", **day)
    printed = shell("voucher", "O1", "V1", "--deadline", "2026-11-06", **day)
    assert "2026-11-06" in printed.out
    day = {"at": "2026-11-09T09:00"}
    assert "[collection.voucher-expired]" in shell("paid", "O1", status=1, **day).err
    again = shell("reprint", "V1", "--from", "voucher-list", **day)
    assert "[collection.old-deadline]" in again.err
    shell("reprint", "V1", "V2", **day)
    assert "[collection.void-at-bureau]" in shell("void", "O1", status=1, **day).err
    assert "[collection.invoiced]" in shell("revoke", "P1", status=1, **day).err
    old = shell("paid", "O1", "--voucher", "V1", status=1, **day)
    assert "[collection.voucher-not-valid]" in old.err
    paid = shell("paid", "O1", "--amount", "1825", "--on", "2026-11-09", at="2026-11-10T09:00")
    assert "[collection.overpaid]" in paid.err
    shell("refund", "5", at="2026-11-12T09:00")
    found = shell.status()
    assert found["plans"][0]["state"] == "paid"
    sums = found["totals"]
    assert (sums["assessed"], sums["credited"], sums["paid"], sums["overpaid"], sums["open"]) == (
        "1920.00",
        "100.00",
        "1825.00",
        "5.00",
        "0.00",
    )
    assert sums["settled"] is True
    assert (found["credit"], found["next"]) == ("0.00", [])
    history = shell.call("pay", "history", "--book", shell.book)
    assert history.status == 0
    assert "voucher printed again from the list" in history.out
    kept = shell.call("pay", "history", "--book", shell.book, "--json").json["events"]
    assert len(kept) == len(history.out.strip().splitlines()) - 2


def test_a_month_is_walked_by_agreement_through_a_lock(shell: Terminal) -> None:
    shell.open()
    day = {"at": "2026-11-03T10:00"}
    shell("plan", "P1", "--line", "pension", "unit", "10000", "--mode", "self-declared", **day)
    shell("declare", "P1", **day)
    shell("feedback", "P1", "accepted", **day)
    unsaid = shell("order", "O1", "P1", "agreement", status=1, **day)
    assert "[collection.agreement-unknown]" in unsaid.err
    shell("note", "--agreement", "yes", **day)
    shell("order", "O1", "P1", "agreement", **day)
    early = shell("deduct", "O1", status=1, **day)
    assert "[collection.deduction-days]" in early.err
    shell("deduct", "O1", at="2026-11-11T09:00")
    shell("failed", "O1", "--reason", "余额不足", at="2026-11-11T10:00")
    shell("deduct", "O1", at="2026-11-22T09:00")
    shell("lock", "O1", at="2026-11-22T09:01")
    assert shell.state("P1") == "locked"
    assert "[collection.locked]" in shell("void", "O1", status=1, at="2026-11-22T10:00").err
    shell("clear", "O1", "unpaid", at="2026-11-22T11:00")
    sent = shell("deduct", "O1", "--json", at="2026-11-22T12:00").json
    # Due on the 20th; the 21st counts, the day of payment does not.
    assert sent["events"][0]["late_fees"][0]["amount"] == "5.00"
    shell("paid", "O1", at="2026-11-23T09:00")
    found = shell.call("pay", "list", "--book", shell.book)
    assert "2026-11-27" in found.out, "the day on which it shows on the account"
    assert "5.00" in found.out
    one = shell.call("pay", "list", "P1", "--book", shell.book)
    assert "late fee" in one.out
    assert shell.status()["totals"]["paid"] == "10005.00"


def test_the_same_key_plans_once_and_a_refusal_is_json_as_well(shell: Terminal) -> None:
    shell.open()
    said = ("--line", "pension", "unit", "5", "--key", "k1")
    shell("plan", "P1", *said, at="2026-11-03T10:00")
    again = shell("plan", "P1", *said, at="2026-11-03T11:00")
    assert "done before" in again.out
    refused = shell("revoke", "P9", "--json", at="2026-11-03T11:00", status=1)
    assert refused.json["done"] is False
    assert [fault["code"] for fault in refused.json["faults"]] == ["collection.no-such-plan"]
    shell("revoke", "P1", at="2026-11-03T12:00")
    assert shell.state("P1") == "revoked"


def test_what_comes_next_is_told(shell: Terminal) -> None:
    shell.open()
    empty = shell.call("pay", "list", "--book", shell.book)
    assert "There are no plans yet." in empty.out

    def told(at: str) -> str:
        found = shell.call("pay", "status", "--book", shell.book, "--at", at)
        assert found.status == 0
        return str(found.out)

    shell("note", "--agreement", "no", at="2026-11-03T10:00")
    shell("plan", "P1", "--line", "pension", "unit", "5", at="2026-11-03T10:00")
    assert "P1: to be declared from 2026-11-04 00:00" in told("2026-11-03T11:00")
    assert "P1: can be declared" in told("2026-11-04T11:00")
    shell("declare", "P1", at="2026-11-04T11:00")
    assert "P1: fetch the feedback" in told("2026-11-04T11:00")
    shell("feedback", "P1", "accepted", at="2026-11-04T12:00")
    assert "P1: can be paid" in told("2026-11-04T12:00")
    shell("order", "O1", "P1", "voucher", at="2026-11-04T12:00")
    assert "O1: print the voucher" in told("2026-11-04T12:00")
    shell("voucher", "O1", "V1", at="2026-11-04T12:00")
    assert "O1: pay voucher V1 at the bank by 2026-11-09" in told("2026-11-09T12:00")
    assert "O1: voucher V1 ended on 2026-11-09; print it again" in told("2026-11-10T12:00")
    assert "No tripartite agreement is signed" in told("2026-11-10T12:00")


def test_wrong_usage_is_told_as_such(shell: Terminal, tmp_path: Path, call: Call) -> None:
    shell.open()
    assert "[cli.one-of]" in shell("note", status=2).err
    assert "[cli.one-of]" in shell("plan", "P1", status=2).err
    missing = call("pay", "paid", "O1", "--book", shell.book)
    assert (missing.status, "[collection.no-such-order]" in missing.err) == (1, True)
    missing = call("pay", "list", "P1", "--book", shell.book)
    assert (missing.status, "[collection.no-such-plan]" in missing.err) == (1, True)
    other = tmp_path / "filing.db"
    named = ("--region", "middle", "--account", "A1", "--month", "2026-11")
    assert call("file", "open", "--book", other, *named).status == 0
    missing = call("pay", "status", "--book", other)
    assert (missing.status, "[collection.not-opened]" in missing.err) == (1, True)


@pytest.fixture
def month(call: Call, tmp_path: Path) -> Terminal:
    """A filed, closed month, in a file that has room for its collection."""
    shell = Terminal(call, tmp_path / "month.db", "file")
    named = ("--region", "middle", "--account", "A1", "--month", "2026-11")
    shell("open", *named, at="2026-10-12T09:00")
    return shell


def roster(tmp_path: Path) -> Path:
    file = tmp_path / "october.csv"
    head = "姓名,证件号码,申报工资,险种"
    file.write_text(f"{head}\n某1,E00000001,8000,养老\n", "utf-8")
    return file


def test_the_filed_month_is_paid_from_its_own_file(
    month: Terminal, call: Call, tmp_path: Path
) -> None:
    before = ("--before", roster(tmp_path))
    at = {"at": "2026-11-09T09:00"}
    assert "[collection.month-open]" in month("pay", "P1", *before, status=1, **at).err
    month("close", "unchanged", **at)
    assert "[collection.not-assessed]" in month("pay", "P1", *before, status=1, **at).err
    month("assess", *before, **at)
    wrong = month("pay", "P1", "--line", "pension", "unit", "5", status=1, **at)
    assert "[collection.other-total]" in wrong.err
    made = month("pay", "P1", *before, "--json", **at).json
    assert [event["type"] for event in made["events"]] == ["CollectionOpened", "Planned"]
    assert made["collection"]["totals"]["assessed"] == "1920.00"
    assert made["collection"]["plans"][0]["mode"] == "special"
    # Nothing of it is rolled back while a plan stands.
    refused = month("rollback", status=1, **at)
    assert "[collection.planned]" in refused.err
    pay = Terminal(call, month.book)
    pay("revoke", "P1", **at)
    month("rollback", **at)
    month("close", "unchanged", **at)
    month("assess", *before, **at)
    month("pay", "P2", *before, **at)
    pay("declare", "P2", at="2026-11-10T09:00")
    pay("feedback", "P2", "accepted", at="2026-11-10T09:05")
    pay("order", "O1", "P2", "voucher", at="2026-11-10T09:06")
    pay("voucher", "O1", "V1", at="2026-11-10T09:07")
    assert "[collection.invoiced]" in month("rollback", status=1, **at).err
    pay("paid", "O1", at="2026-11-11T09:07")
    assert "[collection.paid-before]" in month("rollback", status=1, **at).err
    assert pay.status()["totals"]["settled"] is True
    assert month("status").status == 0
    sound = call("verify-journal", month.book)
    assert sound.status == 0


def test_a_book_of_lines_is_paid_into_another_file(call: Call, tmp_path: Path) -> None:
    shell = Terminal(call, tmp_path / "month.jsonl", "file")
    named = ("--region", "middle", "--account", "A1", "--month", "2026-11")
    shell("open", *named, at="2026-10-12T09:00")
    at = {"at": "2026-11-09T09:00"}
    shell("close", "unchanged", **at)
    shell("assess", "--total", "5", **at)
    said = ("--line", "pension", "unit", "5", "--insurance", "pension")
    assert "[cli.pay-into]" in shell("pay", "P1", *said, status=2, **at).err
    assert "[cli.one-of]" in shell("pay", "P1", status=2, **at).err
    into = tmp_path / "pay.db"
    shell("pay", "P1", *said, "--into", into, **at)
    # Told where it is collected, it looks there.
    assert "[collection.planned]" in shell("rollback", "--pay", into, status=1, **at).err
    # A second plan of the same file: refused as a whole, with what is wrong.
    again = shell("pay", "P1", *said, "--into", into, status=1, **at)
    assert "[collection.id-taken]" in again.err


def test_a_plan_is_made_of_a_roster(shell: Terminal, tmp_path: Path) -> None:
    shell.open()
    made = shell("plan", "P1", "--roster", roster(tmp_path), "--json", at="2026-11-03T10:00").json
    assert made["collection"]["totals"]["assessed"] == "1920.00"
    broken = tmp_path / "broken.csv"
    broken.write_text("姓名,证件号码,申报工资\n某1,E00000001,-1\n", "utf-8")
    shell("plan", "P2", "--roster", broken, at="2026-11-03T10:00", status=1)


def test_a_deferral_is_noted_with_the_plan_and_no_trade_without_one(shell: Terminal) -> None:
    shell.open()
    line = ("--line", "pension", "unit", "1280", "--trade", "catering", "--unit-size", "small")
    refused = shell("plan", "P1", *line, status=2)
    assert "--deferred" in refused.err
    shell("plan", "P1", *line, "--deferred", at="2026-11-03T10:00")
    shell("declare", "P1", at="2026-11-04T10:00")
    shell("feedback", "P1", "accepted", at="2026-11-04T10:05")
    told = shell("order", "O1", "P1", "voucher", at="2026-11-24T10:00")
    assert "arrears.deferral-none" in told.out + told.err, "no rule defers this month"


def test_every_command_of_the_group_has_its_help_in_both_languages(call: Call) -> None:
    from socialins.cli.commands.pay import NAMES

    for name in NAMES:
        for lang, word in (("en", "Usage"), ("zh", "用法")):
            found = call("pay", name, "--help", "--lang", lang)
            assert found.status == 0
            assert word in found.out
