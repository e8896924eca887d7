"""No secret and nobody's number or wage in what is printed, logged or raised, over a whole month.

The journal holds numbers and wages, as it is the record; a password stands nowhere at all.
"""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from stdnum.cn.ric import calc_check_digit

from socialins import access, filing
from socialins.access import (
    AccessDesk,
    Card,
    Give,
    ListOperator,
    LogIn,
    Register,
    Representative,
    Session,
)
from socialins.calendar import SHANGHAI
from socialins.faults import Fault
from socialins.filing import (
    Change,
    CloseMonth,
    Desk,
    Draft,
    Ready,
    RecordResult,
    Submit,
    wire as filing_wire,
)
from socialins.identity import IdDocument, IdentityError, parse_document
from socialins.model import DeclaredWage, InsuredPerson, Roster, RosterEntry
from socialins.store import SqliteStore
from socialins.store.event_journal import EventJournal
from socialins.testing.middle import middle
from socialins.testing.portal import PasswordHabits, Portal, Secret, Visit
from socialins.values import Money

LOG = logging.getLogger("application")
AT = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
LEGAL, CLERK, ONE, OTHER = (
    digits + calc_check_digit(f"{digits}0")
    for digits in (
        "11010519491231002",
        "11010519690615003",
        "44052419880101001",
        "11010519900202007",
    )
)
STAFF = {ONE: "7654.32", OTHER: "9876.54"}
SLIP = "110105194912310020"
PASSWORDS = ("Abc-123-first", "Xyz-987-second", "wrong-Secret-7")


def unmarked(wage: str) -> tuple[str, ...]:
    """A wage as it may be written."""
    fen = wage.replace(".", "")
    return wage, f"{int(fen) // 100:,}.{fen[-2:]}", fen


@attrs.define
class Watch:
    """Everything there was: its objects, what was raised, what is kept."""

    unit: dict[str, Any]
    folder: Path
    seen: list[Any] = attrs.field(factory=list)
    raised: list[str] = attrs.field(factory=list)
    kept: str = ""

    def saw(self, thing: Any) -> Any:
        self.seen.append(thing)
        LOG.debug("%s %r", thing, thing)
        return thing

    def let_in(self) -> tuple[AccessDesk, Session]:
        """A unit, its head and a clerk, who is kept out twice before he gets in."""
        desk = AccessDesk(middle().access())
        clerk = IdDocument("resident-id", CLERK)
        listed = {"unit": "U1", "operator": "qian", "name": "钱二", "document": clerk}
        for command in (
            Register(at=AT, unit="U1", **self.unit),
            ListOperator(at=AT, by="zhao", **listed),
            Give(at=AT, by="zhao", grant="G1", operator="qian", accounts=["0000000001"]),
        ):
            assert not self.saw(desk.do(self.saw(command))).refused
        self.saw(desk.log_in(LogIn(at=AT, method="scan", card=Card("钱三", clerk))))
        other = Card("钱二", IdDocument("resident-id", LEGAL))
        self.saw(desk.log_in(self.saw(LogIn(at=AT, method="scan", card=other))))
        session = self.saw(desk.log_in(LogIn(at=AT, method="scan", card=Card("钱二", clerk))))
        assert isinstance(session, Session)
        self.saw(desk.state)
        self.seen.extend(desk.history)
        return desk, session

    def be_refused(self) -> None:
        """The portal: every refusal that has to do with a password."""
        habits = PasswordHabits(must_change=True, slips=2, shortest=8)
        portal = self.saw(Portal(middle().access(), self.saw(habits)))
        first, second, wrong = (self.saw(Secret(text)) for text in PASSWORDS)
        opened = {"phone": "13900000000", "question": "?", "answer": wrong}
        portal.open("0000000001", password=first, **opened)
        self.saw(portal.log_in("0000000001", wrong, AT))
        visit = self.saw(portal.log_in("0000000001", first, AT))
        assert isinstance(visit, Visit)
        self.saw(portal.act(visit, AT))
        for new in (Secret("x"), first):
            self.saw(portal.change_password(visit, first, new, AT))
        assert portal.change_password(visit, first, second, AT) is None
        portal.send_code("0000000001", AT)
        assert self.saw(portal.messages)
        for _ in range(3):
            self.saw(portal.log_in("0000000001", wrong, AT))
        self.saw(vars(portal))
        for wanted in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, len):
            with pytest.raises((TypeError, AttributeError)) as caught:
                wanted(second)
            self.raised.append("".join(traceback.format_exception(caught.value)))

    def file(self, desk: AccessDesk, session: Session) -> Desk:
        """A declaration, refused twice and then filed; the month closed and settled."""
        persons = [
            self.saw(InsuredPerson(f"某{number}", IdDocument("resident-id", id_)))
            for number, id_ in enumerate(STAFF)
        ]
        wages = [Money.yuan(wage) for wage in STAFF.values()]
        entries = [
            self.saw(RosterEntry(one, DeclaredWage(wage)))
            for one, wage in zip(persons, wages, strict=True)
        ]
        self.saw(Roster.gather("2026-11", [*entries, entries[0]]))
        rows = [
            self.saw(Change(row=one.name, person=one, wage=wage))
            for one, wage in zip(persons, wages, strict=True)
        ]
        office = Desk(middle().filing(), permit=desk.guard(session))
        self.saw(office.open("0000000001", "2026-11", AT, by="qian"))
        said = {"declaration": "D1", "business": "staff.add", "rows": rows}
        for command in (
            Draft(at=AT, by="somebody", **said),
            Draft(at=AT, by="qian", **said),
            Ready(at=AT, by="qian", declaration="D1", heads=1, wages=Money.sum(wages)),
            Ready(at=AT, by="qian", declaration="D1", heads=2, wages=Money.sum(wages)),
            Submit(at=AT, by="qian", declaration="D1"),
            RecordResult(at=AT, declaration="D1", result="all"),
            CloseMonth(at=AT, by="qian", business="month.settle-changed"),
        ):
            found = self.saw(office.do("2026-11", self.saw(command)))
            self.seen.extend((*found.events, *found.faults))
        self.saw(office.books)
        after = self.saw(office.roster_after(Roster("2026-10", ()), "2026-11"))
        bill = self.saw(middle().settle(after.roster, strict=False))
        assert bill.contributions
        self.seen.extend(bill.contributions)
        return office

    def mistype(self) -> None:
        """What can't be right is quoted to whoever typed it, not to the log."""
        person = InsuredPerson("某0", IdDocument("resident-id", next(iter(STAFF))))
        entry = RosterEntry(person, DeclaredWage(Money.yuan("7654.32")))
        for attempt in (
            lambda: parse_document(SLIP),
            lambda: IdDocument("resident-id", SLIP),
            lambda: Roster("2026-11", [entry, entry]),
        ):
            try:
                attempt()
            except (IdentityError, ValueError) as error:
                LOG.warning("not read: %s", error)
                told = traceback.format_exception_only(error)
                self.raised.append("".join(told) + repr(error))

    def keep(self, desk: AccessDesk, office: Desk) -> None:
        """Both histories in a journal, read back."""
        journals: tuple[tuple[Any, str, Any], ...] = (
            (filing_wire.WIRE, "filing/990100/0000000001/2026-11", office.history("2026-11")),
            (access.WIRE, "access/990100", desk.history),
        )
        path = self.folder / "journal.db"
        with SqliteStore(path) as store:
            for wire, stream, history in journals:
                journal: EventJournal[Any] = self.saw(EventJournal(store, stream, wire))
                journal.append(history, 0)
                assert journal.read() == tuple(history)
                self.seen.extend(store.read(stream))
        self.kept = path.read_bytes().decode("utf-8", "replace")


@pytest.fixture
def month(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, unit_of: Callable[..., dict[str, Any]]
) -> Watch:
    """A month from login to journal, with all that was seen of it."""
    caplog.set_level(logging.DEBUG)
    head = Representative("赵一", IdDocument("resident-id", LEGAL))
    watch = Watch(unit_of(representative=head), tmp_path)
    desk, session = watch.let_in()
    watch.be_refused()
    office = watch.file(desk, session)
    watch.mistype()
    watch.keep(desk, office)
    watch.raised.append(caplog.text)
    assert "RosterEntry" in caplog.text
    return watch


def test_no_log_no_repr_and_no_error_shows_a_secret_a_number_or_a_wage(
    month: Watch,
) -> None:
    shown = [words for one in month.seen for words in (repr(one), str(one))] + month.raised
    assert len(shown) > 80
    hidden = [*PASSWORDS, LEGAL, CLERK, *STAFF, SLIP]
    for wage in (*STAFF.values(), "17530.86"):
        hidden += unmarked(wage)
    for secret in hidden:
        leaks = [words for words in shown if secret in words]
        assert not leaks, (secret, leaks[0][:600])
    # A birth date beside the masked number would give nearly all of it away.
    for number in (LEGAL, CLERK, *STAFF):
        born = IdDocument("resident-id", number).birth_date
        for words in (number[6:14], repr(born), str(born)):
            assert not any(words in one for one in shown)


def test_the_journal_is_the_record_and_holds_no_secret(
    month: Watch,
) -> None:
    kept = month.kept
    for number, wage in STAFF.items():
        assert number in kept
        assert wage in kept
    assert LEGAL in kept
    assert not any(secret in kept for secret in PASSWORDS)


def test_no_event_and_no_command_has_a_field_for_a_secret() -> None:
    for module in (access.commands, access.events, filing.commands, filing.events):
        for name in module.__all__:
            for field in attrs.fields(getattr(module, name)):
                assert not {"password", "secret", "pin", "answer"} & set(field.name.split("_"))


def test_a_fault_tells_the_user_what_was_typed_and_the_log_less() -> None:
    with pytest.raises(IdentityError) as caught:
        parse_document(SLIP)
    fault = caught.value.fault
    assert SLIP in fault.message("zh"), "whoever typed it has to find it"
    assert isinstance(fault, Fault)
    assert SLIP not in str(fault) + repr(fault) + str(caught.value)
    assert "110***0020" in str(fault)
