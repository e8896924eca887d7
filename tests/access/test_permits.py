"""Permits: nothing passes without its grant, whatever operators, grants and commands come.

What the library says is held against a model that is written from the words alone: it keeps no
state but the list of what happened, and looks through all of it for each question.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from socialins.access import (
    AccessDesk,
    Give,
    LeaveUnit,
    ListOperator,
    LogIn,
    Reinstate,
    Revoke,
    Session,
    Suspend,
    TakeOut,
    commands as co,
    guard,
    permits,
)
from socialins.calendar import SHANGHAI
from socialins.deciding import Needed, decided
from socialins.faults import Fault
from socialins.filing import (
    Change,
    Desk,
    Draft,
    Ready,
    RecordResult,
    Submit,
    commands as filing,
)
from socialins.filing.decide import needed
from socialins.identity import IdDocument
from socialins.model import InsuredPerson
from socialins.testing.middle import middle
from socialins.values import Money, Month

NODES = ("*", "staff", "stops", "month", "staff.add", "staff.stop", "wage.change")
BUSINESSES = ("staff.add", "staff.stop", "month.settle-changed", "wage.change")
ABOVE = {
    "staff.add": ("staff.add", "staff", "*"),
    "staff.stop": ("staff.stop", "stops", "staff", "*"),
    "month.settle-changed": ("month.settle-changed", "month", "*"),
    "wage.change": ("wage.change", "*"),
    "staff": ("staff", "*"),
    "stops": ("stops", "staff", "*"),
    "month": ("month", "*"),
    "*": ("*",),
}
OPERATORS = ("li", "wang")
ACCOUNTS = ("0000000001", "0000000002")  # of two units, whose head is the same
UNITS = {"0000000001": "U1", "0000000002": "U2"}
START = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
DAYS = [date(2026, 11, day) for day in range(1, 8)]

nodes = st.lists(st.sampled_from(NODES), min_size=1, max_size=3, unique=True)
days = st.none() | st.sampled_from(DAYS)


@attrs.frozen
class Told:
    """A command that was not refused, and when."""

    command: co.Command
    at: datetime


def standing(history: list[Told], operator: str, unit: str) -> tuple[str, int]:
    """How an operator stands with a unit, and since which of the commands."""
    state, joined = "none", 0
    for number, told in enumerate(history):
        command = told.command
        if not isinstance(command, ListOperator | Suspend | Reinstate | LeaveUnit):
            continue
        if (command.unit, command.operator) != (unit, operator):
            continue
        if not isinstance(command, ListOperator):
            state = {Suspend: "suspended", Reinstate: "active", LeaveUnit: "left"}[type(command)]
        elif state in {"none", "left"}:
            state, joined = "active", number
    return state, joined


def said_of(history: list[Told], grant: Give, number: int) -> dict[str, bool] | None:
    """The last word on each node that a grant and what came after it say; None if revoked."""
    words = dict.fromkeys(grant.nodes, True) | dict.fromkeys(grant.but, False)
    for told in history[number:]:
        match told.command:
            case Revoke(grant=grant.grant):
                return None
            case TakeOut(grant=grant.grant, nodes=taken):
                words |= {one: False for one, above in ABOVE.items() if {*above} & {*taken}}
    return words


def naively(history: list[Told], operator: str, account: str, business: str, at: datetime) -> bool:
    """Whether something may be done, by going through all that happened."""
    if operator == "zhao":
        return True
    state, joined = standing(history, operator, UNITS[account])
    if state != "active":
        return False
    day = at.astimezone(SHANGHAI).date()
    for number, told in enumerate(history):
        one = told.command
        if not isinstance(one, Give) or one.operator != operator or account not in one.accounts:
            continue
        words = said_of(history, one, number)
        if words is None or number < joined:
            continue
        in_time = (one.first or day) <= day <= (one.last or day)
        if in_time and next((words[node] for node in ABOVE[business] if node in words), False):
            return True
    return False


@st.composite
def happenings(draw: st.DrawFn) -> list[Told]:
    """What somebody wants in a week, by whoever: much of it will be refused."""
    at = START
    pairs = [(unit, who) for unit in ("U1", "U2") for who in OPERATORS]
    wanted: list[co.Command] = [
        ListOperator(at=at, by="zhao", unit=unit, operator=who, name=who)
        for unit, who in draw(st.just(pairs) | st.lists(st.sampled_from(pairs), unique=True))
    ]
    for number in range(draw(st.integers(0, 14))):
        at += timedelta(hours=draw(st.sampled_from([0, 1, 20])))
        who = draw(st.sampled_from(OPERATORS))
        unit = draw(st.sampled_from(["U1", "U2"]))
        by = draw(st.sampled_from(["zhao", "zhao", "zhao", "zhao", "li"]))
        said: dict[str, Any] = {"at": at, "by": by}
        kind = draw(st.sampled_from(["list", "give", "give", "take", "revoke", "state"]))
        if kind == "list":
            wanted.append(ListOperator(**said, unit=unit, operator=who, name=who))
        elif kind == "give":
            first, last = draw(days), draw(days)
            if first and last and last < first:
                first, last = last, first
            accounts = draw(st.lists(st.sampled_from(ACCOUNTS), min_size=1, unique=True))
            granted = draw(nodes)
            but = draw(st.lists(st.sampled_from(NODES), max_size=2, unique=True))
            span = {"first": first, "last": last}
            parts = {"grant": f"G{number}", "operator": who, "accounts": accounts}
            wanted.append(Give(**said, **parts, nodes=granted, but=but, **span))
        elif kind == "state":
            change = draw(st.sampled_from([Suspend, Reinstate, LeaveUnit]))
            wanted.append(change(**said, unit=unit, operator=who))
        else:
            given = [one.grant for one in wanted if isinstance(one, Give)]
            if given:
                one = draw(st.sampled_from(given))
                if kind == "take":
                    wanted.append(TakeOut(**said, grant=one, nodes=draw(nodes)))
                else:
                    wanted.append(Revoke(**said, grant=one))
    return [Told(one, one.at) for one in wanted]


def opened(unit_of: Callable[..., dict[str, Any]]) -> AccessDesk:
    desk = AccessDesk(middle().access())
    for number, unit in ((1, "U1"), (2, "U2")):
        known = co.Register(at=START, unit=unit, **unit_of(number))
        assert not desk.do(known).refused
    return desk


@given(wanted=happenings())
@settings(max_examples=400)
def test_nothing_passes_without_its_grant(
    wanted: list[Told], unit_of: Callable[..., dict[str, Any]]
) -> None:
    desk = opened(unit_of)
    history: list[Told] = []
    asked = START
    for told in wanted:
        if not desk.do(told.command).refused:
            history.append(told)
        asked = told.at
    assert all(one.command.by == "zhao" for one in history), "a clerk grants nothing"
    for operator in (*OPERATORS, "zhao", "nobody"):
        for account in ACCOUNTS:
            session = Session(operator=operator, login="key", account=account, since=asked)
            permit = guard(desk.state, session, desk.rules)
            for business in BUSINESSES:
                for later in (timedelta(0), timedelta(days=1), timedelta(days=4)):
                    at = asked + later
                    found = permits(desk.state, session, business, at, desk.rules)
                    expected = naively(history, operator, account, business, at)
                    assert isinstance(found, Fault) is not expected
                    command = Draft(at=at, by=operator, declaration="D", business=business, rows=())
                    refusal = permit(command, Needed(account, business))
                    assert (refusal is None) is expected
                    if not isinstance(found, Fault):
                        assert found.operator == operator
                        assert account in found.accounts


class TestFilingAsks:
    """A desk of filing with a permit carries out what is granted, and nothing else."""

    @pytest.fixture
    def desk(self, unit_of: Callable[..., dict[str, Any]]) -> AccessDesk:
        desk = opened(unit_of)
        said = {"at": START, "by": "zhao"}
        listed = ListOperator(**said, unit="U1", operator="li", name="李二")
        given = Give(
            **said,
            grant="G1",
            operator="li",
            accounts=["0000000001"],
            nodes=["staff"],
            but=["stops"],
        )
        for command in (listed, given):
            assert not desk.do(command).refused
        return desk

    def filing(self, desk: AccessDesk, operator: str = "li") -> Desk:
        session = desk.log_in(
            LogIn(at=START, method="key", operator=operator, account="0000000001")
        )
        assert isinstance(session, Session), str(session)
        office = Desk(middle().filing(), permit=desk.guard(session))
        assert not office.open("0000000001", "2026-11", START, by=operator).refused
        return office

    def draft(self, by: str = "li", business: str = "staff.add", **said: Any) -> Draft:
        person = InsuredPerson("某一", IdDocument("passport", "E00000009"))
        rows = [Change(row="1", person=person, wage=Money.yuan("8000"))]
        declared = {"declaration": "D1", "business": business, "rows": rows, **said}
        return Draft(at=START, by=by, **declared)

    def test_what_is_granted_goes_its_way_and_the_bureau_needs_no_grant(
        self, desk: AccessDesk
    ) -> None:
        office = self.filing(desk)
        wages = Money.yuan("8000")
        for command in (
            self.draft(),
            Ready(at=START, by="li", declaration="D1", heads=1, wages=wages),
            Submit(at=START, by="li", declaration="D1"),
            RecordResult(at=START, by="经办机构", declaration="D1", result="all"),
        ):
            found = office.do("2026-11", command)
            assert not found.refused, [str(fault) for fault in found.faults]
            assert found.events

    def test_what_is_not_granted_is_refused_and_leaves_the_book_as_it_is(
        self, desk: AccessDesk
    ) -> None:
        office = self.filing(desk)
        before = office.book("2026-11")
        for command, told in (
            (self.draft(business="staff.stop"), "access.not-granted"),
            (self.draft(by="wang"), "access.other-name"),
            (self.draft(by=""), "access.other-name"),
        ):
            found = office.do("2026-11", command)
            assert [fault.code for fault in found.faults] == [told]
            assert not found.events
        assert office.book("2026-11") == before

    def test_a_grant_for_one_business_files_no_declaration_of_another(
        self, desk: AccessDesk
    ) -> None:
        office = self.filing(desk)
        head = self.filing(desk, "zhao")
        office.keep("2026-11", head.do("2026-11", self.draft("zhao", "staff.stop")).events)
        for command in (
            Ready(at=START, by="li", declaration="D1", heads=1, wages=Money.yuan("8000")),
            Submit(at=START, by="li", declaration="D1"),
        ):
            found = office.do("2026-11", command)
            assert [fault.code for fault in found.faults] == ["access.not-granted"]

    def test_revoking_stops_who_is_logged_in_before_the_next_command(
        self, desk: AccessDesk
    ) -> None:
        office = self.filing(desk)
        assert not office.do("2026-11", self.draft()).refused
        assert not desk.do(Revoke(at=START, by="zhao", grant="G1")).refused
        found = office.do("2026-11", self.draft(declaration="D2"))
        assert [fault.code for fault in found.faults] == ["access.nothing-granted-here"]

    def test_another_account_needs_another_login(self, desk: AccessDesk) -> None:
        session = desk.log_in(LogIn(at=START, method="key", operator="li"))
        assert isinstance(session, Session)
        office = Desk(middle().filing(), permit=desk.guard(session))
        found = office.open("0000000002", "2026-11", START, by="li")
        assert [fault.code for fault in found.faults] == ["access.other-account"]

    def test_a_key_that_was_used_tells_nothing_to_who_may_not_use_it(
        self, desk: AccessDesk
    ) -> None:
        office = self.filing(desk)
        assert not office.do("2026-11", self.draft(key="k1")).refused
        assert office.do("2026-11", self.draft(key="k1")).events == ()
        found = office.do("2026-11", self.draft(by="wang", key="k1"))
        assert [fault.code for fault in found.faults] == ["access.other-name"]

    def test_a_session_from_before_a_correction_is_over(self, desk: AccessDesk) -> None:
        session = desk.log_in(LogIn(at=START, method="key", operator="li"))
        assert isinstance(session, Session)
        later = START + timedelta(hours=1)
        renamed = ListOperator(at=later, by="zhao", unit="U1", operator="li", name="李儿")
        assert not desk.do(renamed).refused
        found = desk.permits(session, "staff.add", later)
        assert isinstance(found, Fault)
        assert found.code == "access.session-over"
        early = attrs.evolve(session, since=later + timedelta(hours=1))
        found = desk.permits(early, "staff.add", later)
        assert isinstance(found, Fault)
        assert found.code == "access.session-over", "nobody acts before logging in"


def test_a_permit_that_is_not_told_what_is_needed_lets_nothing_through() -> None:
    command = Draft(at=START, declaration="D1", business="staff.add", rows=())
    with pytest.raises(TypeError, match="has to be told"):
        decided(command, {}, lambda _: "", lambda _: ((), ()), permit=lambda *_: None)


def test_every_command_of_filing_is_the_units_or_the_bureaus() -> None:
    from socialins.filing.book import FilingBook

    book = FilingBook(account="A1", division="990100", month=Month(2026, 11))
    said = {
        "declaration": "D1",
        "business": "staff.add",
        "rows": (),
        "account": "A1",
        "division": "990100",
        "month": "2026-11",
        "heads": 0,
        "wages": Money(0),
        "total": Money(0),
        "step": "s",
        "state": "done",
        "result": "all",
    }
    bureau = set()
    for name in filing.__all__:
        kind = getattr(filing, name)
        if name == "Command":
            continue
        names = {field.name for field in attrs.fields(kind)}
        made = kind(at=START, **{key: value for key, value in said.items() if key in names})
        if needed(book, made) is None:
            bureau.add(name)
    assert bureau == {"RecordStep", "RecordResult", "ConfirmAtCounter", "Expire"}
