"""What was paid is in the journal, event for event, and folds to the same collection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins.collection import (
    MakeOrder,
    MakePlan,
    NoteAgreement,
    NoteCredit,
    Owed,
    PrintVoucher,
    RecordPayment,
    Reprint,
    events as ev,
)
from socialins.filing import Desk
from socialins.store import Conflict, StoreError
from socialins.store.collection_journal import CollectionFile
from socialins.store.filing_journal import BookFile
from socialins.testing.middle import middle
from socialins.values import Money

Opened = Callable[..., Any]
Lines = Callable[..., Owed]


@pytest.fixture
def desk(till: Opened, owed: Lines) -> Any:
    desk = till(middle(), "2026-11", "2026-11-03 10:00")
    desk.done(NoteCredit, balance=Money.yuan("7"))
    desk.done(NoteAgreement, signed=True)
    desk.declared("P1", owed("100"), owed("30", "medical", kind="late-fee"))
    desk.done(MakeOrder, order="O1", plan="P1", method="voucher")
    desk.done(PrintVoucher, order="O1", voucher="V1")
    desk.done(Reprint, voucher="V1", number="V2")
    desk.done(RecordPayment, voucher="V2")
    return desk


def test_a_collection_is_what_its_journal_says(desk: Any, tmp_path: Path) -> None:
    journal = CollectionFile(tmp_path / "pay.db")
    assert journal.read() == ()
    history = desk.cashier.history("2026-11")
    for number, event in enumerate(history):
        journal.append([event], number)
    assert journal.read() == history
    journal.append([], 0)
    with pytest.raises(Conflict):
        journal.append(history[-1:], 3)


def test_the_file_of_the_filing_book_takes_it_as_well(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "month.db"
    filing = Desk(middle().filing())
    filing.open("A1", "2026-11", desk.now)
    book = BookFile(path)
    book.append(filing.history("2026-11"), 0)
    assert CollectionFile(path).read() == ()
    history = desk.cashier.history("2026-11")
    CollectionFile(path).append(history, 0)
    assert (book.read(), CollectionFile(path).read()) == (filing.history("2026-11"), history)


def test_nothing_is_kept_of_what_was_never_begun(desk: Any, till: Opened, tmp_path: Path) -> None:
    journal = CollectionFile(tmp_path / "pay.db")
    with pytest.raises(StoreError) as told:
        journal.append(desk.cashier.history("2026-11")[1:], 0)
    assert told.value.fault.code == "store.no-collection"


def test_two_accounts_in_one_file_are_not_mixed_up(desk: Any, till: Opened, tmp_path: Path) -> None:
    from socialins.store import SqliteStore
    from socialins.store.collection_journal import CollectionJournal, collection_stream

    path = tmp_path / "pay.db"
    with SqliteStore(path) as store:
        for account in ("A1", "A2"):
            stream = collection_stream("990100", account, desk.month)
            CollectionJournal(store, stream).append(desk.cashier.history("2026-11")[:1], 0)
    with pytest.raises(StoreError) as told:
        CollectionFile(path).read()
    assert told.value.fault.code == "store.several-books"


def test_every_kind_of_event_is_kept(desk: Any) -> None:
    """Kinds that no test of this file has are met by the machine, which writes them all as JSON."""
    kept = {type(event) for event in desk.cashier.history("2026-11")}
    assert {ev.Planned, ev.OrderMade, ev.VoucherPrinted, ev.OrderPaid, ev.CreditNoted} <= kept


def test_a_makers_mistake_is_not_stored_as_money(desk: Any) -> None:
    with pytest.raises(TypeError):
        MakePlan(at=desk.now, plan="P", lines=[], back=Money(1.0))  # type: ignore[arg-type]
