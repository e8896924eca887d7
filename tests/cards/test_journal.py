"""What a unit did for its people's cards is in the journal, and folds to the same batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.cards import (
    AddPhotos,
    Batch,
    CardRow,
    Collect,
    Confirm,
    HandOut,
    NoteErrors,
    OpenBatch,
    Photo,
    RecordReceipt,
    RecordResult,
    Submit,
    Withdraw,
    events as ev,
    fold,
)
from socialins.rules.card import CardRules
from socialins.store import Conflict, Damaged, Record, SqliteStore, StoreError
from socialins.store.card_journal import CardFile, CardJournal, card_stream
from socialins.store.event_journal import event_of, record_of
from socialins.testing.middle import middle
from socialins.testing.roundtrip import example_person

People = Callable[[int], list[si.InsuredPerson]]
Opened = Callable[..., Any]


@pytest.fixture
def done(people: People, desk: Opened) -> Any:
    """A desk at which a batch was begun, corrected, made, collected and handed out."""
    made = desk(CardRules())
    first, second, third = people(3)
    rows = [
        CardRow(row="1", person=first, bank="甲银行", old_bank="乙银行"),
        CardRow(row="2", person=second, stated={"name": "张更正", "sex": ""}),
        CardRow(row="3", person=third),
    ]
    made.done(OpenBatch, batch="B1", division="990100", kind="request", rows=rows, key="k")
    made.done(Confirm, rows=["1"])
    made.done(NoteErrors, errors={"2": {"name": "张更正"}})
    made.done(AddPhotos, photos=[Photo(row="1", name="a.jpg", digest="ab")])
    made.done(Submit)
    made.done(RecordReceipt, number="R1", ready_on=date(2026, 11, 20))
    made.done(RecordResult, rejected={"3": "照片不合格"})
    made.at("2026-11-20 09:00").done(Collect)
    made.done(HandOut, rows=["1", "2"])
    return made


def test_a_batch_is_what_its_journal_says(done: Any, tmp_path: Path) -> None:
    journal = CardFile(tmp_path / "cards.db")
    assert journal.read() == ()
    for number, event in enumerate(done.history):
        journal.append([event], number)
    assert journal.read() == tuple(done.history)
    assert fold(journal.read()) == done.batch
    journal.append([], 0)
    with pytest.raises(Conflict):
        journal.append(done.history[-1:], 3)


def test_every_kind_of_event_is_kept(done: Any) -> None:
    kept = {type(event) for event in done.history} | {ev.Withdrawn}
    assert {one.__name__ for one in kept} == {name for name in ev.__all__ if name != "Event"}
    for event in (*done.history, ev.Withdrawn(at=done.now, by="经办人")):
        record = record_of(event, CardFile.wire)
        assert event_of(record, CardFile.wire) == event
        # What was written is text; no person stands in a repr.
        assert "1101051990" not in repr(record)


COMMANDS: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (Confirm, {}),
    (NoteErrors, {"errors": {"0": {"name": "更正"}}}),
    (AddPhotos, {"photos": [Photo(row=str(n), name=f"{n}.jpg") for n in range(3)]}),
    (Submit, {}),
    (RecordReceipt, {"number": "R", "ready_on": date(2026, 12, 3)}),
    (RecordResult, {"rejected": {"1": "x"}}),
    (Collect, {}),
    (HandOut, {"rows": ["0", "2"]}),
    (Withdraw, {}),
)


@settings(max_examples=25, deadline=None)
@given(plan=st.lists(st.integers(0, len(COMMANDS) - 1), max_size=9), cut=st.integers(1, 9))
def test_any_course_of_things_is_read_back_as_it_was(
    desk: Opened, tmp_path_factory: pytest.TempPathFactory, plan: list[int], cut: int
) -> None:
    made = desk(CardRules(), "2026-12-03 10:00").open([example_person(n) for n in range(3)])
    for index in plan:
        command, said = COMMANDS[index]
        made(command, **said)
    journal = CardFile(tmp_path_factory.mktemp("cards") / "cards.db")
    journal.append(made.history[:cut], 0)
    journal.append(made.history[cut:], len(made.history[:cut]))
    assert fold(journal.read()) == made.batch


def test_two_batches_in_one_store_do_not_mix_and_a_file_has_one(done: Any, tmp_path: Path) -> None:
    path = tmp_path / "cards.db"
    other = [attrs.evolve(done.history[0], batch="B2"), *done.history[1:2]]
    with SqliteStore(path) as store:
        for batch, history in (("B1", done.history), ("B2", other)):
            CardJournal(store, card_stream("990100", batch)).append(history, 0)
        assert CardJournal(store, card_stream("990100", "B1")).batch() == done.batch
        second = CardJournal(store, card_stream("990100", "B2")).batch()
        assert (second.id, second.state.value) == ("B2", "open")
    with pytest.raises(StoreError) as told:
        CardFile(path).read()
    assert told.value.fault.code == "store.several-books"


def test_nothing_is_kept_of_a_batch_that_was_never_begun(done: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as told:
        CardFile(tmp_path / "cards.db").append(done.history[1:], 0)
    assert told.value.fault.code == "store.no-cards"


def test_the_file_of_a_filing_book_takes_a_batch_as_well(done: Any, tmp_path: Path) -> None:
    from socialins.filing import Desk
    from socialins.store.filing_journal import BookFile

    path = tmp_path / "month.db"
    filing = Desk(middle().filing())
    filing.open("A1", "2026-11", done.now)
    BookFile(path).append(filing.history("2026-11"), 0)
    CardFile(path).append(done.history, 0)
    assert BookFile(path).read() == filing.history("2026-11")
    assert fold(CardFile(path).read()) == done.batch


def _alter(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET payload = replace(payload, 'a.jpg', 'b.jpg')",
        "UPDATE events SET type = 'Collected' WHERE type = 'Submitted'",
        "DELETE FROM events WHERE type = 'Submitted'",
    ],
)
def test_a_photograph_or_a_step_that_somebody_altered_is_told(
    done: Any, tmp_path: Path, statement: str
) -> None:
    path = tmp_path / "cards.db"
    CardFile(path).append(done.history, 0)
    _alter(path, statement)
    with SqliteStore(path) as store:
        assert store.verify()


def test_a_file_that_is_cut_off_is_a_fault_and_no_batch(done: Any, tmp_path: Path) -> None:
    path = tmp_path / "cards.db"
    CardFile(path).append(done.history, 0)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(StoreError) as told:
        CardFile(path).read()
    assert told.value.fault.code in {"store.damaged", "store.schema-altered"}


@pytest.mark.parametrize("kind", ["ErrorsNoted", "Laminated"])
def test_an_event_that_no_release_wrote_is_a_fault_without_what_it_says(
    done: Any, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "cards.db"
    CardFile(path).append(done.history[:1], 0)
    number = example_person(0).document.number
    with SqliteStore(path) as store:
        record = Record(kind, {"errors": number}, done.now)
        store.append(card_stream("990100", "B1"), [record], 1)
    with pytest.raises(Damaged) as told:
        CardFile(path).read()
    assert told.value.fault.code == "store.event"
    assert kind in told.value.fault.message("en")
    assert number not in str(told.value)
    assert told.value.__cause__ is None


def test_a_batch_that_was_read_back_goes_on(done: Any, tmp_path: Path, desk: Opened) -> None:
    """A command that was sent before the machine stopped happens once."""
    path = tmp_path / "cards.db"
    CardFile(path).append(done.history[:5], 0)
    again = desk(CardRules())
    again.history = list(CardFile(path).read())
    batch: Batch = again.batch
    rows = [*batch.rows.values()]
    sent = again(OpenBatch, batch="B1", division="990100", kind="request", rows=rows, key="k")
    assert (sent.events, sent.faults) == ((), ())
    again.done(RecordReceipt, number="R1")
    CardFile(path).append(again.history[5:], 5)
    assert fold(CardFile(path).read()).receipt == "R1"
