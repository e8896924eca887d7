"""A journal keeps what it acknowledged, whole, in order, and for one writer at a time."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, strategies as st

from socialins.calendar import SHANGHAI
from socialins.filing import Event
from socialins.filing.events import Lapsed
from socialins.filing.journal import FileJournal, JournalBroken, JournalConflict

AT = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)


def happened(*ids: str) -> list[Event]:
    return [Lapsed(at=AT, by="甲", declaration=id_) for id_ in ids]


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "book.jsonl")
    assert journal.read() == ()
    journal.append([], 0)
    assert not journal.path.exists()
    journal.append(happened("a"), 0)
    journal.append(happened("b", "c"), 1)
    assert journal.read() == tuple(happened("a", "b", "c"))
    lines = journal.path.read_text("utf-8").splitlines()
    assert [json.loads(line)["version"] for line in lines] == [1, 2, 3]
    assert "甲" in lines[0]


def test_of_two_writers_one_wins_and_the_other_learns_it(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "book.jsonl")
    journal.append(happened("a"), 0)
    with pytest.raises(JournalConflict) as caught:
        journal.append(happened("b"), 0)
    assert caught.value.fault.values["found"] == "1"
    won = []

    def write(name: str) -> None:
        try:
            FileJournal(journal.path).append(happened(name), 1)
            won.append(name)
        except JournalConflict:
            pass

    threads = [Thread(target=write, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert journal.read() == tuple(happened("a", *won))


@given(cut=st.integers(0, 600))
def test_an_append_that_was_cut_off_never_happened(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = FileJournal(tmp_path_factory.mktemp("cut") / "book.jsonl")
    journal.append(happened("a"), 0)
    acknowledged = journal.path.stat().st_size
    journal.append(happened("b", "c", "d"), 1)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[: acknowledged + cut])
    survived = len(whole) <= acknowledged + cut
    expected = happened("a", *("bcd" if survived else ""))
    assert journal.read() == tuple(expected)
    journal.append(happened("e"), len(expected))
    assert journal.read() == (*expected, *happened("e"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [lines[0], b"nonsense", lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[0], lines[1].replace(b'"Lapsed"', b'"Nothing"'), lines[2]],
        lambda lines: [lines[0], lines[1].replace(b'"at"', b'"when"'), lines[2]],
        lambda lines: [lines[0], b"[]", lines[2]],
        lambda lines: [lines[0], b'{"version": 2, "left": 0, "type": "Lapsed"}', lines[2]],
    ],
    ids=["no JSON", "missing", "unknown type", "unknown key", "no object", "incomplete"],
)
def test_a_line_that_is_not_what_was_written_is_named(damage: object, tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "book.jsonl")
    for version, name in enumerate("abc"):
        journal.append(happened(name), version)
    lines = damage(journal.path.read_bytes().splitlines())  # type: ignore[operator]
    journal.path.write_bytes(b"\n".join([*lines, b""]))
    with pytest.raises(JournalBroken) as caught:
        journal.read()
    assert caught.value.fault.place.row == 2
    with pytest.raises(JournalBroken):
        journal.append(happened("d"), 3)
