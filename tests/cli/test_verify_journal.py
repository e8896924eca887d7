"""`socialins verify-journal`: an auditor is told which event is wrong, a script by status."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialins.store import Head, Record, SqliteStore, export_lines

Call = Callable[..., Any]
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal of three events in two streams."""
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        store.append("a", [Record("Filed", {"n": 1}, AT), Record("Filed", {"n": 2}, AT)], 0)
        store.append("b", [Record("Filed", {"n": 3}, AT)], 0)
    return path


@pytest.fixture
def export(journal: Path) -> Path:
    """Its export."""
    path = journal.with_name("journal.jsonl")
    with SqliteStore(journal) as store:
        path.write_text("".join(export_lines(store)), encoding="utf-8", newline="\n")
    return path


def tamper(journal: Path, *statements: str) -> None:
    connection = sqlite3.connect(journal, isolation_level=None)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = dict(rows.fetchall())
    for statement in (
        *(f"DROP TRIGGER {name}" for name in triggers),
        *statements,
        *triggers.values(),
    ):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("kind", ["journal", "export"])
def test_a_sound_journal_passes_with_its_counts_and_head(
    call: Call, kind: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    found = call("verify-journal", path, "--json")
    assert found.status == 0
    plain = found.json
    assert (plain["sound"], plain["events"], plain["streams"]) == (True, 3, 2)
    assert plain["errors"] == plain["warnings"] == []
    assert Head.parse(plain["head"]).sequence == 3
    shown = call("verify-journal", path)
    assert shown.status == 0
    assert plain["head"] in shown.out
    assert "Every event is as it was written." in shown.out
    assert shown.err == ""
    again = call("verify-journal", path, "--head", plain["head"])
    assert again.status == 0


def test_an_altered_event_is_named_and_ends_with_status_1(call: Call, journal: Path) -> None:
    tamper(journal, "UPDATE events SET payload = '{}' WHERE sequence = 2")
    found = call("verify-journal", journal)
    assert found.status == 1
    assert "not as it was written" in found.out
    assert "event 2 (a 2)" in found.err
    assert "[store.altered]" in found.err
    plain = call("verify-journal", journal, "--json")
    assert plain.status == 1
    assert plain.json["sound"] is False
    assert [one["code"] for one in plain.json["errors"]] == ["store.altered"]
    assert "第 2 条" in call("verify-journal", journal, "--lang", "zh").err


def test_a_missing_event_is_named(call: Call, journal: Path) -> None:
    tamper(journal, "DELETE FROM events WHERE sequence = 1")
    found = call("verify-journal", journal, "--json")
    assert found.status == 1
    messages = {one["code"]: one["message"] for one in found.json["errors"]}
    assert messages["store.missing"].endswith("event 1")


def test_an_altered_line_of_an_export_is_named_by_its_row(call: Call, export: Path) -> None:
    lines = export.read_text("utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace('"n":2', '"n":7')
    export.write_text("".join(lines), encoding="utf-8", newline="\n")
    found = call("verify-journal", export, "--json")
    assert found.status == 1
    assert [(one["code"], one["row"]) for one in found.json["errors"]] == [("store.altered", 3)]


def test_a_journal_cut_off_since_its_head_was_noted_is_told(call: Call, journal: Path) -> None:
    with SqliteStore(journal) as store:
        noted = store.head()
        first = next(store.read_all())
    tamper(
        journal,
        "DELETE FROM events WHERE sequence > 1",
        "UPDATE streams SET version = 1 WHERE id = 1",
        "DELETE FROM streams WHERE id = 2",
        f"UPDATE head SET sequence = 1, digest = x'{first.digest}'",
    )
    assert call("verify-journal", journal).status == 0, "by itself it can't know"
    found = call("verify-journal", journal, "--head", noted, "--json")
    assert found.status == 1
    assert [one["code"] for one in found.json["errors"]] == ["store.noted"]


def test_a_head_that_is_none_is_wrong_usage(call: Call, journal: Path) -> None:
    found = call("verify-journal", journal, "--head", "12")
    assert found.status == 2
    assert "[cli.head]" in found.err


def test_a_clock_set_back_is_a_warning_and_no_error(call: Call, journal: Path) -> None:
    with SqliteStore(journal) as store:
        store.append("b", [Record("Filed", {}, datetime(2020, 1, 1, tzinfo=UTC))], 1)
    found = call("verify-journal", journal, "--json")
    assert found.status == 0
    assert [one["code"] for one in found.json["warnings"]] == ["store.clock-back"]


@pytest.mark.parametrize("content", [b"hello\n", b"", b"\x00" * 5000, b"{}\n", b"\xff\xfe"])
def test_a_file_that_is_no_journal_is_told_without_a_traceback(
    call: Call, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    found = call("verify-journal", path, "--json")
    assert found.status == 1
    assert len(found.json["errors"]) == 1
    assert found.json["errors"][0]["code"] in {
        "store.not-a-journal",
        "store.empty-file",
        "store.damaged",
    }


def test_a_journal_whose_first_bytes_are_damaged_is_not_taken_for_text(
    call: Call, journal: Path
) -> None:
    data = bytearray(journal.read_bytes())
    data[0] ^= 1
    journal.write_bytes(data)
    found = call("verify-journal", journal, "--json")
    assert found.status == 1
    assert [one["code"] for one in found.json["errors"]] == ["store.damaged"]


def test_verifying_changes_nothing(call: Call, journal: Path) -> None:
    before = journal.read_bytes()
    call("verify-journal", journal)
    assert journal.read_bytes() == before


def test_a_database_server_that_is_not_there_is_told(call: Call, tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    found = call("verify-journal", f"postgresql://nobody@/none?host={tmp_path}", "--json")
    assert found.status == 1
    assert [one["code"] for one in found.json["errors"]] == ["store.unreachable"]


# `socialins file` keeps a book in such a journal, if its file is one.


def test_a_book_filed_in_a_journal_is_read_again_and_verified(call: Call, tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    named = ("--region", "middle", "--account", "A1", "--month", "2026-11")
    opened = call("file", "open", *named, "--book", book, "--at", "2026-10-12T09:00")
    assert opened.status == 0, opened.err
    assert book.read_bytes()[:6] == b"SQLite"
    shown = call("file", "status", "--book", book, "--json")
    assert shown.status == 0, shown.err
    again = call("file", "open", *named, "--book", book, "--at", "2026-10-12T09:00")
    assert again.status != 0 or "before" in again.out
    found = call("verify-journal", book, "--json")
    assert (found.status, found.json["events"], found.json["streams"]) == (0, 1, 1)
