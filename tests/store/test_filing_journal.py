"""What was filed is in the journal, event for event, and folds to the same book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialins.filing.book import fold
from socialins.filing.changes import Change
from socialins.filing.events import BookOpened, Drafted, Event, MonthClosed, Readied, Submitted
from socialins.filing.journal import FileJournal
from socialins.filing.wire import WIRE
from socialins.identity import IdDocument
from socialins.model.person import InsuredPerson
from socialins.rules.business import Channel
from socialins.store import Conflict, Damaged, SqliteStore, StoreError
from socialins.store.event_journal import event_of, record_of
from socialins.store.filing_journal import (
    BookFile,
    FilingJournal,
    journal_at,
    stream_of,
)
from socialins.store.sql import SqlStore
from socialins.values import Money, Month

MONTH = Month(2026, 11)
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
NUMBER = "11010519491231002X"


def history(account: str = "A1", month: Month = MONTH) -> list[Event]:
    person = InsuredPerson("王一", IdDocument("resident-id", NUMBER))
    rows = (Change(row="1", person=person, wage=Money.yuan("5000.01"), extra={"银行": "甲"}),)
    moments = [AT + timedelta(minutes=number) for number in range(5)]
    return [
        BookOpened(at=moments[0], by="甲", account=account, division="990100", month=month),
        Drafted(
            at=moments[1], declaration="d1", business="join", channel=Channel.ONLINE, rows=rows
        ),
        Readied(at=moments[2], declaration="d1", heads=1, wages=Money.yuan("5000.01")),
        Submitted(at=moments[3], declaration="d1", effect=month, key="k", digest="ab"),
        MonthClosed(at=moments[4], business="changed", changes=("d1",)),
    ]


def test_a_book_is_what_its_journal_says(store: SqlStore) -> None:
    journal = FilingJournal(store, stream_of("990100", "A1", MONTH))
    events = history()
    journal.append(events[:2], 0)
    journal.append(events[2:], 2)
    assert journal.read() == tuple(events)
    assert journal.book() == fold(events)
    assert store.verify() == ()
    assert [one.type for one in store.read(journal.stream)] == [type(e).__name__ for e in events]


@pytest.mark.parametrize("event", history(), ids=lambda event: type(event).__name__)
def test_an_event_comes_back_equal(event: Event) -> None:
    assert event_of(record_of(event, WIRE), WIRE) == event


def test_two_clerks_can_not_both_decide_on_the_same_state(store: SqlStore) -> None:
    one = FilingJournal(store, "filing/a")
    events = history()
    one.append(events[:1], 0)
    one.append(events[1:2], 1)
    with pytest.raises(Conflict):
        FilingJournal(store, "filing/a").append(events[1:2], 1)
    assert one.read() == tuple(events[:2])


def test_books_in_one_journal_do_not_mix(store: SqlStore) -> None:
    months = [MONTH, MONTH + 1]
    for month in months:
        journal = FilingJournal(store, stream_of("990100", "A1", month))
        journal.append(history(month=month), 0)
    for month in months:
        journal = FilingJournal(store, stream_of("990100", "A1", month))
        assert journal.book().month == month


def test_a_book_in_a_file_of_its_own(tmp_path: Path) -> None:
    book = BookFile(tmp_path / "book.db")
    events = history()
    assert book.read() == ()
    book.append([], 0)
    assert not book.path.exists()
    with pytest.raises(StoreError) as caught:
        book.append(events[1:], 0)
    assert caught.value.fault.code == "store.no-book"
    book.append(events[:1], 0)
    book.append(events[1:], 1)
    assert BookFile(book.path).read() == tuple(events)
    with SqliteStore(book.path) as store:
        assert list(store.streams()) == ["filing/990100/A1/2026-11"]
        FilingJournal(store, stream_of("990100", "B", MONTH)).append(history("B"), 0)
    with pytest.raises(StoreError) as caught:
        book.read()
    assert caught.value.fault.code == "store.several-books"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("book.db", None, BookFile),
        ("book.SQLITE3", None, BookFile),
        ("book.jsonl", None, FileJournal),
        ("book.db", b"", BookFile),
        ("book.jsonl", b"", FileJournal),
        ("book.db", b'{"version":1}\n', FileJournal),
        ("book", b"SQLite format 3\x00", BookFile),
    ],
)
def test_a_book_is_kept_as_its_file_is(
    tmp_path: Path, name: str, content: bytes | None, kind: type[Any]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert isinstance(journal_at(path), kind)


def test_an_event_of_no_known_type_is_told_apart(
    journal: SqliteStore, records: Callable[..., Any]
) -> None:
    journal.append("filing/a", records(1, 1), 0)
    with pytest.raises(Damaged) as told:
        FilingJournal(journal, "filing/a").read()
    assert told.value.fault.code == "store.event"
    assert "filing/a 1" in told.value.fault.message("en")
