"""`socialins file`: a whole month is walked in a terminal, and nothing of it is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]

SYSTEMS = Path(__file__).parents[1] / "filing" / "systems"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.jsonl"


class Terminal:
    """A shell in which commands of a book are typed."""

    def __init__(self, call: Call, book: Path, *always: str) -> None:
        self.call = call
        self.book = book
        self.always = always

    def __call__(self, command: str, *arguments: object, at: str = "", status: int = 0) -> Any:
        timed = ("--at", at) if at else ()
        found = self.call("file", command, *arguments, "--book", self.book, *timed, *self.always)
        assert found.status == status, found.out + found.err
        return found

    def open(self, month: str = "2026-11", at: str = "2026-10-12T09:00") -> None:
        named = ("--region", "middle", "--account", "A1", "--month", month)
        self("open", *named, at=at)

    def send(self, id_: str, business: str, *rows: object, at: str, facts: object = "") -> Any:
        self("add", id_, business, *rows, at=at)
        one = self.listed(id_)
        self("ready", id_, "--heads", one["heads"], "--wages", one["wages"], at=at)
        known = ("--facts", facts) if facts else ()
        return self("submit", id_, *known, at=at)

    def listed(self, id_: str) -> Any:
        return self.call("file", "list", id_, "--book", self.book, "--json").json

    def state(self, id_: str) -> str:
        return self.listed(id_)["state"]


@pytest.fixture
def terminal(call: Call, book: Path) -> Terminal:
    return Terminal(call, book)


def persons(tmp_path: Path, *wages: int, name: str = "persons.csv") -> Path:
    file = tmp_path / name
    lines = [f"某{number},E{number:08d},{wage}" for number, wage in enumerate(wages, start=1)]
    file.write_text("\n".join(["姓名,证件号码,申报工资", *lines]) + "\n", "utf-8")
    return file


def test_the_month_of_s04_is_walked_from_entry_to_closing(
    call: Call, book: Path, tmp_path: Path
) -> None:
    rules = (SYSTEMS / "s04_tianjin.toml").read_text("utf-8")
    head, _, rest = rules.partition("[region]")
    _, _, rest = rest.partition("\n\n")
    overlay = tmp_path / "s04.toml"
    overlay.write_text(head.replace("990004", "990100") + rest, "utf-8")
    shell = Terminal(call, book, "--overlay", str(overlay))
    facts = tmp_path / "facts.toml"
    facts.write_text('arrears = "0"\n[everybody]\nemployment_registered = true\n', "utf-8")
    shell.open()
    november = {"at": "2026-11-03T09:00"}
    shell("add", "D0", "staff.add", "--person", "某9", "E00000009", "--wage", "1", **november)
    shell("delete", "D0", **november)
    joiner = ("--person", "某1", "E00000001", "--wage", "8000", "--set", "scope=rural-worker")
    shell.send("D1", "staff.add", *joiner, facts=facts, **november)
    leaver = ("--person", "某2", "E00000002", "--reason", "停缴费")
    shell.send("D2", "staff.stop", *leaver, facts=facts, **november)
    refused = shell("close", "changed", at="2026-11-09T09:00", status=1)
    assert "[filing.pending]" in refused.err
    assert "D1, D2" in refused.err
    for one in ("D1", "D2"):
        shell("result", one, "all", at="2026-11-06T09:00")
    refused = shell("close", "unchanged", at="2026-11-09T09:00", status=1)
    assert "[filing.changed]" in refused.err
    told = shell("status", at="2026-11-09T09:00").out
    assert "month.settle-changed" in told
    assert "settle-unchanged" not in told
    shell("close", "changed", at="2026-11-09T09:00")
    shell("assess", "--total", "1234.56", at="2026-11-09T09:05")
    told = shell("status").out
    assert "closed" in told
    assert "1,234.56" in told
    again = shell("close", "changed", at="2026-11-09T10:00", status=1)
    assert "[filing.closed-before]" in again.err


def test_the_month_of_s30_waits_for_the_counter_and_lapses(
    terminal: Terminal, call: Call, book: Path, tmp_path: Path
) -> None:
    terminal.open()
    rows = ("--rows", persons(tmp_path, 5000))
    terminal.send("D1", "staff.new", *rows, at="2026-11-05T09:00")
    two = ("--person", "乙", "E00000009", "--wage", "6000")
    terminal.send("D2", "staff.new", *two, at="2026-11-05T09:00")
    terminal("step", "D1", "accept", "in-hand", "--handler", "甲", at="2026-11-06T09:00")
    told = terminal("list", "D1").out
    assert "acceptance" in told
    assert "甲" in told
    for one in ("D1", "D2"):
        terminal("result", one, "all", at="2026-11-10T09:00")
        assert terminal.state(one) == "counter"
    # Who is not confirmed counts as not added.
    terminal("close", "unchanged", at="2026-11-25T09:00")
    terminal("confirm", "D1", at="2026-12-02T09:00")
    assert terminal.listed("D1")["effect"] == "2026-12"
    late = terminal("confirm", "D2", at="2027-02-05T09:00", status=1)
    assert "[filing.lapsed]" in late.err
    terminal("expire", at="2027-02-05T09:00")
    assert terminal.state("D2") == "lapsed"
    # The month of the confirmation closes with the change that an earlier book has for it.
    december = Terminal(call, tmp_path / "december.jsonl", "--other", str(book))
    december.open("2026-12", at="2026-12-01T09:00")
    refused = december("close", "unchanged", at="2026-12-26T09:00", status=1)
    assert "[filing.changed]" in refused.err
    events = december("close", "changed", "--json", at="2026-12-26T09:00").json["events"]
    assert events[0]["carried"] == ["D1"]


def test_a_batch_fails_in_part_and_is_corrected_from_a_file(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.open()
    november = {"at": "2026-11-03T09:00"}
    terminal.send("D1", "staff.add", "--rows", persons(tmp_path, 5000, 6000, 7000), **november)
    failures = tmp_path / "failures.csv"
    failures.write_text("证件号码,原因\nE00000002,姓名不符\nE00000003,重复\n", "utf-8")
    terminal("result", "D1", "part", "--failed", failures, **november)
    out = tmp_path / "failed.csv"
    told = terminal("failed", "D1", "--out", out).out
    assert "姓名不符" in told
    assert "某1" not in told
    corrected = out.read_text("utf-8-sig").replace("6000.00", "6600.00")
    out.write_text(corrected, "utf-8")
    terminal("correct", "D1", "D2", "--rows", out, **november)
    two = terminal.listed("D2")
    assert [(row["row"], row["wage"]) for row in two["rows"]] == [
        ("3", "6600.00"),
        ("4", "7000.00"),
    ]
    assert two["corrects"] == "D1"
    # The same again is done once; a row that did not fail is refused.
    assert "done before" in terminal("correct", "D1", "D2", "--rows", out, **november).out
    every = persons(tmp_path, 1, 2, 3, name="every.csv")
    refused = terminal("correct", "D1", "D3", "--rows", every, status=1, **november)
    assert "[filing.not-failed]" in refused.err
    terminal("withdraw", "D1", status=1, **november)
    assert terminal("failed", "D1", "--json").json["failed"][0]["reason"] == "姓名不符"


def test_a_returned_declaration_is_edited_and_sent_again(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.open()
    one = ("--person", "某1", "E00000001")
    terminal.send("D1", "staff.add", *one, "--wage", "5000", at="2026-11-03T09:00")
    terminal("result", "D1", "none", "--reject", "1", "材料不清", at="2026-11-04T09:00")
    terminal("edit", "D1", *one, "--wage", "5,500.50", at="2026-11-05T09:00")
    terminal("ready", "D1", "--heads", "1", "--wages", "5500.50", at="2026-11-05T09:00")
    terminal("submit", "D1", at="2026-11-05T09:00")
    terminal("withdraw", "D1", at="2026-11-05T10:00")
    assert terminal.state("D1") == "withdrawn"
    late = terminal("submit", "D1", at="2026-11-08T00:00", status=1)
    assert "[filing.window-closed]" in late.err


def test_the_assessment_is_computed_from_last_month_s_roster_and_taken_back(
    terminal: Terminal, call: Call, tmp_path: Path
) -> None:
    terminal.open()
    before = persons(tmp_path, 5000, 6000, name="october.csv")
    joiner = ("--person", "丙", "E00000008", "--wage", "7000")
    terminal.send("D1", "staff.add", *joiner, at="2026-11-03T09:00")
    leaver = ("--person", "某1", "E00000001")
    terminal.send("D2", "staff.stop", *leaver, at="2026-11-03T09:00")
    for one in ("D1", "D2"):
        terminal("result", one, "all", at="2026-11-04T09:00")
    terminal("close", "changed", at="2026-11-09T09:00")
    given = ("--before", before, "--injury-rate", "0.2%")
    terminal("assess", *given, at="2026-11-09T09:00")
    after = tmp_path / "november.csv"
    after.write_text("姓名,证件号码,申报工资\n某2,E00000002,6000\n丙,E00000008,7000\n", "utf-8")
    settled = call(
        "settle", after, "--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%",
        "--json",
    ).json  # fmt: skip
    status = terminal("status", "--json").json
    assert status["assessed"] == settled["total"]
    terminal("rollback", at="2026-11-09T10:00")
    status = terminal("status", "--json").json
    assert (status["state"], status["assessed"]) == ("open", None)
    told = terminal("history").out
    assert told.count("\n") > 10
    assert "taken back" in told
    assert terminal("history", "--json").json["events"][-1]["type"] == "MonthRolledBack"


def test_two_terminals_on_one_book_cannot_both_win_and_keys_repeat_nothing(
    terminal: Terminal, book: Path
) -> None:
    terminal.open()
    said = ("add", "D1", "staff.add", "--person", "某1", "E00000001", "--key", "k1")
    first = terminal(*said, "--json", at="2026-11-03T09:00").json
    assert [event["type"] for event in first["events"]] == ["Drafted"]
    again = terminal(*said, "--json", at="2026-11-03T10:00").json
    assert again["done"] is True
    assert again["events"] == []
    other = terminal("add", "D2", "staff.add", "--key", "k1", "--json", status=1).json
    assert [fault["code"] for fault in other["faults"]] == ["command.key-reused"]
    assert len(book.read_text("utf-8").splitlines()) == 2
    # The lines of the journal hold the very events.
    line = json.loads(book.read_text("utf-8").splitlines()[1])
    assert (line["type"], line["declaration"], line["version"]) == ("Drafted", "D1", 2)


def test_what_is_left_with_the_unit_is_named_and_can_be_left(terminal: Terminal) -> None:
    terminal.open()
    terminal("add", "D1", "staff.add", "--person", "某1", "E00000001", at="2026-11-03T09:00")
    refused = terminal("close", "unchanged", at="2026-11-09T09:00", status=1)
    assert "[filing.unsent]" in refused.err
    assert "D1" in refused.err
    terminal("close", "unchanged", "--leave-unsent", at="2026-11-09T09:00")
    closed = terminal("add", "D2", "staff.add", at="2026-11-10T09:00", status=1)
    assert "[filing.closed-next]" in closed.err
    assert "2026-12" in closed.err


def test_both_languages_tell_it(call: Call, book: Path) -> None:
    Terminal(call, book).open()
    told = call("file", "status", "--book", book, "--lang", "zh").out
    assert "未结算" in told
    page = call("file", "--help", "--lang", "zh").out
    assert "结算本月" in page


def test_wrong_usage_is_told_before_anything_is_written(
    terminal: Terminal, book: Path, tmp_path: Path
) -> None:
    terminal.open()
    size = book.stat().st_size
    wrong = terminal("expire", at="yesterday", status=2)
    assert "[cli.moment]" in wrong.err
    one = ("--person", "某1", "E00000001")
    wrong = terminal("add", "D1", "staff.add", *one, "--set", "phone", status=2)
    assert "[cli.pair]" in wrong.err
    wrong = terminal("add", "D1", "staff.add", *one, "--rows", persons(tmp_path, 1), status=2)
    assert "[cli.one-of]" in wrong.err
    wrong = terminal("assess", status=2)
    assert "[cli.one-of]" in wrong.err
    bad = persons(tmp_path, 5000, -1, name="bad.csv")
    wrong = terminal("add", "D1", "staff.add", "--rows", bad, status=1)
    assert "bad.csv" in wrong.err
    assert book.stat().st_size == size, "a file of which a row is wrong is not entered in part"


@pytest.mark.parametrize(
    "text", ["arrears = 5", "debts = '1'", "[everybody]\nhappy = true", "not toml", "persons = 1"]
)
def test_a_file_of_facts_that_says_something_else_is_refused(
    terminal: Terminal, tmp_path: Path, text: str
) -> None:
    terminal.open()
    terminal("add", "D1", "staff.add", "--person", "某1", "E00000001", at="2026-11-03T09:00")
    terminal("ready", "D1", "--heads", "1", at="2026-11-03T09:00")
    facts = tmp_path / "facts.toml"
    facts.write_text(text, "utf-8")
    wrong = terminal("submit", "D1", "--facts", facts, at="2026-11-03T09:00", status=1)
    assert "[cli.facts]" in wrong.err
    assert terminal.state("D1") == "ready"


def test_a_list_of_failures_without_its_columns_is_refused(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.open()
    terminal.send("D1", "staff.add", "--person", "某1", "E00000001", at="2026-11-03T09:00")
    failures = tmp_path / "failures.csv"
    failures.write_text("who,why\n1,x\n", "utf-8")
    wrong = terminal("result", "D1", "none", "--failed", failures, status=1)
    assert "[cli.failures]" in wrong.err


def test_a_book_that_is_none_is_named(call: Call, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")
    assert "[filing.not-opened]" in call("file", "status", "--book", empty).err
    empty.write_text("{}\n", "utf-8")
    found = call("file", "status", "--book", empty)
    assert found.status == 1
    assert "[filing.journal-broken]" in found.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_told(terminal: Terminal, book: Path) -> None:
    terminal.open()
    book.chmod(0o400)
    wrong = terminal("expire", status=0)
    assert "nothing" in wrong.out
    wrong = terminal("add", "D1", "staff.add", at="2026-11-03T09:00", status=1)
    assert "[cli.write-failed]" in wrong.err


def test_a_failed_list_that_cannot_be_written_is_told(terminal: Terminal, tmp_path: Path) -> None:
    terminal.open()
    terminal("add", "D1", "staff.add", at="2026-11-03T09:00")
    wrong = terminal("failed", "D1", "--out", "/dev/full/x", status=2)
    assert "[cli.file-new]" in wrong.err
    if Path("/dev/full").exists():
        wrong = terminal("failed", "D1", "--out", "/dev/full", status=1)
        assert "[cli.write-failed]" in wrong.err
