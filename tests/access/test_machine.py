"""Access as a machine: units, operators and grants, in whatever order things happen to them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from stdnum.cn import uscc

from socialins.access import (
    EMPTY,
    AccessDesk,
    BureauRecord,
    Certificate,
    Decision,
    LogIn,
    Record,
    Records,
    Representative,
    Session,
    UnitState,
    commands as co,
    event_from_plain,
    event_to_plain,
    events as ev,
    evolve,
    fold,
)
from socialins.calendar import SHANGHAI
from socialins.faults import Fault
from socialins.filing import Desk, Draft
from socialins.identity import CreditCode, IdDocument
from socialins.testing.middle import middle

NUMBERS = ("0000000001", "0000000002", "0000000003", "0000000004")
PEOPLE = ("zhao", "qian", "sun", "li")
NODES = ("*", "staff", "stops", "staff.add", "staff.stop")
BUSINESSES = ("staff.add", "staff.stop", "wage.change")

people, numbers = st.sampled_from(PEOPLE), st.sampled_from(NUMBERS)
some_nodes = st.lists(st.sampled_from(NODES), min_size=1, max_size=2, unique=True)


def credit_code(number: int) -> CreditCode:
    body = f"91990100MA{number:07d}"
    return CreditCode(body + uscc.calc_check_digit(body + "0"))


def document(who: str) -> IdDocument:
    return IdDocument("passport", f"E{PEOPLE.index(who):08d}")


codes = st.integers(1, 3).map(credit_code)
names = st.sampled_from(["中州（集团）公司", "中州(集团)公司"])


class Access(RuleBasedStateMachine):
    """A few units, four people, and every command there is."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
        self.count = 0
        self.sessions: list[Session] = []

    @initialize(
        one_each=st.booleans(),
        approval=st.booleans(),
        days=st.none() | st.just(7),
        records=st.sampled_from([[], ["pension"]]),
        identical=st.sampled_from([[], ["bureau", "certificate", "account"]]),
    )
    def open(
        self,
        one_each: bool,
        approval: bool,
        days: int | None,
        records: list[str],
        identical: list[str],
    ) -> None:
        paper = {"id": "licence", "title": {"zh": "执照", "en": "licence"}}
        terms: dict[str, Any] = {
            "one_code_each": one_each,
            "approval": approval,
            "records": records,
            "identical": identical,
            "contact_once": True,
        }
        if days is not None:
            terms |= {"verify_days": days, "papers": [paper]}
        self.desk = AccessDesk(middle().access({"access": terms}))
        self.filing = Desk(middle().filing())
        # Two units that fit, so that there is something to grant.
        for number, (unit, who) in enumerate((("U1", "zhao"), ("U2", "qian")), start=1):
            self.apply(unit, credit_code(number), who, [NUMBERS[number - 1]], number)
            if approval:
                assert not self.want(co.RecordRegistration, unit=unit, passed=True).refused

    def apply(
        self, unit: str, code: CreditCode, who: str, own: list[str], contact: int, **said: Any
    ) -> Decision:
        """A registration that fits, but for what is said otherwise."""
        name = "中州（集团）公司"
        who_ = Representative(who, document(who))
        entry = BureauRecord(code=code, name=name, representative=who_)
        fitting: dict[str, Any] = {
            "unit": unit,
            "code": code,
            "name": name,
            "representative": who_,
            "head": who,
            "numbers": own,
            "records": Records(pension=Record(entry)),
            "certificate": Certificate(id=f"C{contact}", code=code, name=name),
            "phone": f"1390000000{contact}",
            "mail": f"{contact}@example.org",
            "papers": ["licence"],
        }
        return self.want(co.Register, by=who, **{**fitting, **said})

    def want(self, command: type[co.Command], by: str = "", **said: Any) -> Decision:
        """Carry out a command, and send it again."""
        self.count += 1
        made = command(at=self.now, by=by, key=f"k{self.count}", **said)
        before = self.desk.state
        found = self.desk.do(made)
        after = self.desk.state
        if found.refused or not found.events:
            assert not found.events
            assert after == before
        else:
            later = attrs.evolve(made, at=self.now + timedelta(days=1))
            assert self.desk.do(later) == Decision(), "sent again, it happens once"
            other = attrs.evolve(later, by="别人")
            again = self.desk.do(other)
            assert [fault.code for fault in again.faults] == ["command.key-reused"]
            assert self.desk.state == after
        return found

    @rule(hours=st.sampled_from([0, 1, 30, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        code=codes,
        who=people,
        own=st.lists(numbers, max_size=2, unique=True),
        contact=st.integers(1, 4),
        odd=st.sampled_from(["", "", "", "papers", "other", "absent", "unknown", "name"]),
        legal=st.booleans(),
    )
    def register(
        self, *, code: CreditCode, who: str, own: list[str], contact: int, odd: str, legal: bool
    ) -> None:
        other = BureauRecord(code=code, name="别的公司")
        answers = {"other": Record(other), "absent": Record.absent(), "unknown": None}
        said: dict[str, Any] = {"role": "legal" if legal else "admin"}
        if odd in answers:
            said["records"] = Records(pension=answers[odd])
        elif odd == "papers":
            said["papers"] = []
        elif odd == "name":
            said["name"] = "中州(集团)公司"
        self.apply(f"U{self.count + 10}", code, who, own, contact, **said)

    def unit(self, number: int, *states: str) -> str:
        """Mostly a unit that stands so; sometimes any."""
        known = self.desk.state.units.values()
        fitting = [one.id for one in known if not states or one.state.value in states]
        choices = fitting if fitting and number < 5 else [one.id for one in known]
        return choices[number % len(choices)]

    def account(self, one: int, number: str) -> str:
        """Mostly one of a unit's own numbers."""
        own = list(self.desk.state.units[self.unit(one)].accounts)
        return own[one % len(own)] if own and one < 4 else number

    picks = st.integers(0, 5)

    @rule(one=picks, own=st.lists(numbers, max_size=1), passed=st.booleans())
    def bureau_decides(self, one: int, own: list[str], passed: bool) -> None:
        said = {"passed": passed, "numbers": own if passed else []}
        self.want(co.RecordRegistration, unit=self.unit(one, "waiting"), **said)

    @rule(one=picks)
    def papers(self, one: int) -> None:
        unit = self.unit(one, "unverified", "waiting")
        self.want(co.HandInPapers, unit=unit, papers=["licence"])

    @rule()
    def drop(self) -> None:
        self.want(co.DropUnverified)

    @rule(one=picks, number=numbers, code=codes, name=names, known=st.booleans())
    def bureau_keeps(self, one: int, number: str, code: CreditCode, name: str, known: bool) -> None:
        record = BureauRecord(code=code, name=name) if known else None
        number = self.account(one, number)
        self.want(co.RecordAccount, unit=self.unit(one), number=number, record=record)

    @rule(one=picks, number=numbers, code=st.none() | codes, who=st.none() | people)
    def key_data(self, one: int, number: str, code: CreditCode | None, who: str | None) -> None:
        someone = who and Representative(who, document(who))
        number = self.account(one, number)
        said = {"number": number, "code": code, "representative": someone, "head": who}
        self.want(co.ChangeKeyData, unit=self.unit(one), **said)

    @rule(one=picks, number=numbers)
    def carry(self, one: int, number: str) -> None:
        number = self.account(one, number)
        self.want(co.CarryOver, unit=self.unit(one), number=number)

    @rule(one=picks, who=people, by=people)
    def list_operator(self, one: int, who: str, by: str) -> None:
        said = {"operator": who, "name": who, "document": document(who)}
        self.want(co.ListOperator, by=self.head(one, by), unit=self.unit(one), **said)

    @rule(
        one=picks,
        who=people,
        by=people,
        change=st.sampled_from([co.Suspend, co.Reinstate, co.LeaveUnit]),
    )
    def change_operator(self, one: int, who: str, by: str, change: type[co.Suspend]) -> None:
        self.want(change, by=self.head(one, by), unit=self.unit(one), operator=who)

    def head(self, one: int, otherwise: str) -> str:
        known = self.desk.state.units.get(self.unit(one))
        return known.head if known and otherwise != "li" else otherwise

    @rule(
        one=picks,
        other=picks,
        who=people,
        by=people,
        nodes=some_nodes,
        but=st.lists(st.sampled_from(NODES[2:]), max_size=1),
    )
    def give(self, one: int, other: int, who: str, by: str, **said: Any) -> None:
        accounts = list({self.account(each, NUMBERS[-1]): None for each in (one, other)})
        known = self.desk.state.unit_of(accounts[0])
        by = known.head if known and by != "li" else by
        self.want(co.Give, by=by, grant=f"G{self.count}", operator=who, accounts=accounts, **said)

    @rule(one=picks, who=people, nodes=some_nodes, business=st.sampled_from(BUSINESSES))
    def a_clerk_comes(self, one: int, who: str, nodes: list[str], business: str) -> None:
        """Somebody is listed and granted something, logs in and acts."""
        unit = self.desk.state.units[self.unit(one, "active")]
        listed = {"unit": unit.id, "operator": who, "name": who, "document": document(who)}
        self.want(co.ListOperator, by=unit.head, **listed)
        accounts = [self.account(one, NUMBERS[0])]
        grant = f"G{self.count}"
        said = {"grant": grant, "operator": who, "accounts": accounts, "nodes": nodes}
        self.want(co.Give, by=unit.head, **said)
        self.log_in(who, accounts[0])
        self.act(-1, business)

    @rule(one=picks, nodes=st.none() | some_nodes, by=people)
    def take_back(self, one: int, nodes: list[str] | None, by: str) -> None:
        known = list(self.desk.state.grants)
        grant = known[one % len(known)] if known else "G0"
        if known and by != "li":
            unit = self.desk.state.unit_of(self.desk.state.grants[grant].accounts[0])
            by = unit.head if unit else by
        if nodes is None:
            self.want(co.Revoke, by=by, grant=grant)
        else:
            self.want(co.TakeOut, by=by, grant=grant, nodes=nodes)

    @rule(who=people, account=st.none() | numbers)
    def log_in(self, who: str, account: str | None) -> None:
        attempt = LogIn(at=self.now, method="key", operator=who, account=account or "")
        found = self.desk.log_in(attempt)
        if isinstance(found, Session):
            assert found.operator == who
            assert account in (None, found.account)
            self.sessions.append(found)

    @rule(one=picks, business=st.sampled_from(BUSINESSES))
    def act(self, one: int, business: str) -> None:
        """What is logged in files something; what happens must have been allowed."""
        if not self.sessions:
            return
        session = self.sessions[one % len(self.sessions)]
        self.filing = Desk(middle().filing(), permit=self.desk.guard(session))
        opened = self.filing.open(session.account, "2026-11", self.now, by=session.operator)
        if opened.refused:
            assert opened.faults[0].code.startswith("access.")
            return
        made = Draft(at=self.now, by=session.operator, declaration="D", business=business, rows=())
        found = self.filing.do("2026-11", made)
        unit = self.desk.state.unit_of(session.account)
        assert unit is not None
        assert unit.state is UnitState.ACTIVE
        tree = self.desk.rules.tree
        granted = session.operator == unit.head or any(
            session.account in grant.accounts and tree.covers(grant.nodes, grant.but, business)
            for grant in self.desk.state.grants_of(session.operator)
        )
        if not granted:
            assert [fault.code for fault in found.faults] == ["access.not-granted"]
        elif found.refused:
            assert not found.faults[0].code.startswith("access."), "the filing rules refuse it"
        else:
            assert found.events[0].by == session.operator

    # What must hold, whatever happened.

    @invariant()
    def events_alone_give_the_state(self) -> None:
        history = self.desk.history
        assert fold(history) == self.desk.state
        lines = [json.dumps(event_to_plain(event)) for event in history]
        again = tuple(event_from_plain(json.loads(line)) for line in lines)
        assert again == history
        one_by_one = EMPTY
        for event in again:
            one_by_one = evolve(one_by_one, event)
        assert one_by_one == self.desk.state
        assert one_by_one.version == len(history)

    @invariant()
    def nothing_is_of_two_units(self) -> None:
        live = list(self.desk.state.live)
        for what in (
            [unit.code for unit in live],
            [number for unit in live for number in unit.accounts],
            [unit.phone for unit in live],
        ):
            assert len(set(what)) == len(what)
        if self.desk.rules.terms.one_code_each:
            held = [unit.certificate.id for unit in live if unit.certificate]
            assert len(set(held)) == len(held)
            assert all(len(unit.accounts) <= 1 for unit in live)

    @invariant()
    def only_a_head_grants(self) -> None:
        state = EMPTY
        for event in self.desk.history:
            if isinstance(event, ev.GrantGiven):
                units = {state.unit_of(account).id for account in event.accounts}  # type: ignore[union-attr]
                assert all(state.units[one].head == event.by for one in units)
                assert all(event.operator in state.units[one].members for one in units)
            state = evolve(state, event)

    @invariant()
    def a_unit_that_is_not_open_lets_nobody_in(self) -> None:
        for session in self.sessions[-3:]:
            unit = self.desk.state.unit_of(session.account)
            found = self.desk.permits(session, "", self.now)
            if unit is None or unit.state is not UnitState.ACTIVE:
                assert isinstance(found, Fault)


TestAccess = Access.TestCase
TestAccess.settings = settings(stateful_step_count=40)
