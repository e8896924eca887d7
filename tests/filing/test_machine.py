"""Whatever is wanted in whatever order: nothing is lost, counted twice, or effective unaudited."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from socialins.calendar import SHANGHAI
from socialins.filing import (
    EMPTY,
    Change,
    Decision,
    DeclarationState,
    Facts,
    FilingBook,
    ImportResult,
    PersonFacts,
    Rejection,
    StepState,
    commands as co,
    event_from_plain,
    event_to_plain,
    events as ev,
    evolve,
    fold,
)
from socialins.filing.desk import Desk
from socialins.identity import IdDocument
from socialins.model import InsuredPerson
from socialins.rules.business import Channel
from socialins.testing.middle import middle
from socialins.values import Money, Month

MONTHS = (Month(2026, 11), Month(2026, 12))
ROWS = ("1", "2", "3")
BUSINESSES = (
    "staff.add",  # a window, audited, corrected and sent again
    "staff.stop",  # a window, audited, filed anew
    "m.direct",
    "m.direct-counter",
    "m.counter",  # the counter sets the month, for three months
    "m.single",  # one person at a time, not to be deleted, next month's
    "m.unit",  # counts for nothing
    "m.checked",
    "m.none",  # not in the catalogue
    "month.settle-changed",
)
CHECKS = [
    {"id": "no-arrears"},
    {"id": "not-insured-elsewhere"},
    {"id": "age-within", "sex": "male", "at_least": 16},
    {"id": "of-no-plugin", "counter": True},
]


def overlay(**closing: Any) -> dict[str, Any]:
    """Businesses of every kind, laid over the fictional region."""
    kinds: dict[str, dict[str, Any]] = {
        "staff.add": {"handling": "audited", "after_rejection": "resubmit", "effect": "join"},
        "staff.stop": {"handling": "audited", "after_rejection": "anew", "effect": "leave"},
        "m.direct": {"handling": "direct", "effect": "change"},
        "m.direct-counter": {"handling": "direct", "counter": {}},
        "m.counter": {
            "handling": "audited",
            "after_rejection": "resubmit",
            "counter": {"expires_months": 3, "sets_effect": True},
        },
        "m.single": {"batch": False, "deletable": False, "takes_effect": 1, "fields": ["wage"]},
        "m.unit": {"handling": "direct", "effect": "none", "channels": ["online"]},
        "m.checked": {"handling": "direct", "requires": CHECKS},
        "month.settle-changed": {},
    }
    return {"businesses": [{"id": id_, **kind} for id_, kind in kinds.items()], "closing": closing}


def person(row: str) -> InsuredPerson:
    return InsuredPerson("某", IdDocument("passport", f"E0000000{row}"))


moves = st.sampled_from([0, 1, 1, 5, 24, 24 * 3, 24 * 8, 24 * 40])
months = st.sampled_from(MONTHS)
picks = st.integers(0, 7)
wages = st.none() | st.integers(-1, 10_000).map(Money)
changes = st.builds(
    lambda row, wage, whom, reason: Change(
        row=row, person=person(row) if whom else None, wage=wage, reason=reason
    ),
    st.sampled_from(ROWS),
    wages,
    st.booleans() | st.just(True),
    st.sampled_from(["", "", "辞职"]),
)
some_rows = st.lists(changes, max_size=3)
good_rows = st.lists(
    st.sampled_from(ROWS).map(lambda row: Change(row=row, person=person(row), wage=Money(100))),
    min_size=1,
    max_size=3,
    unique_by=lambda change: change.row,
)
rejections = st.lists(st.sampled_from((*ROWS, "9")).map(Rejection), max_size=3)
facts = st.builds(
    Facts,
    arrears=st.none() | st.sampled_from([Money(0), Money(1)]),
    persons=st.dictionaries(
        st.sampled_from([f"E0000000{row}" for row in ROWS]),
        st.builds(PersonFacts, insured_elsewhere=st.none() | st.booleans()),
        max_size=3,
    ),
)


def bare(book: FilingBook) -> FilingBook:
    """A state without what counts commands."""
    return attrs.evolve(book, version=0, keys={})


class Filing(RuleBasedStateMachine):
    """Two months of an account, with whatever commands come."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 10, 5, 9, tzinfo=SHANGHAI)
        self.count = 0

    @initialize(
        late=st.sampled_from(["next-month", "refused"]),
        after=st.booleans(),
        back=st.sampled_from([True, True, False]),
        waits=st.sampled_from([["online", "counter"], ["online"], []]),
        one=st.booleans(),
    )
    def open(self, late: str, after: bool, back: bool, waits: list[str], one: bool) -> None:
        rules = middle().filing(
            overlay(
                late_changes=late,
                resubmit_after_window=after,
                rollback=back,
                waits_for=waits,
                unchanged_by="month.settle-changed" if one else "month.settle-unchanged",
            )
        )
        self.rules = rules
        self.desk = Desk(rules)
        for month in MONTHS:
            assert not self.desk.open("A1", month, self.now).refused

    def want(self, month: Month, command: type[co.Command], **said: Any) -> Decision:
        """Carry out a command, and send it again."""
        self.count += 1
        made = command(at=self.now, by="经办人", key=f"k{self.count}", **said)
        before = self.desk.book(month)
        found = self.desk.do(month, made)
        after = self.desk.book(month)
        if found.refused or not found.events:
            assert not found.events
            assert after == before
        else:
            later = attrs.evolve(made, at=self.now + timedelta(days=1))
            assert self.desk.do(month, later) == Decision(), "sent again, it happens once"
            other = attrs.evolve(later, by="别人")
            again = self.desk.do(month, other)
            assert [fault.code for fault in again.faults] == ["command.key-reused"]
            assert self.desk.book(month) == after
        return found

    def pick(self, month: Month, number: int, *states: str) -> str:
        """Mostly a declaration that stands so; sometimes any, or none that exists."""
        known = self.desk.book(month).declarations
        fitting = [one.id for one in known.values() if one.state.value in states]
        choices = fitting if fitting and number < 6 else list(known)
        return choices[number % len(choices)] if choices and number < 7 else "D0"

    @rule(hours=moves)
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        month=months,
        again=picks,
        business=st.sampled_from(BUSINESSES),
        rows=good_rows | some_rows,
        channel=st.sampled_from([Channel.ONLINE, Channel.ONLINE, Channel.PAPER, Channel.COUNTER]),
    )
    def draft(
        self, month: Month, again: int, business: str, rows: list[Change], channel: Channel
    ) -> None:
        id_ = self.pick(month, 6) if again == 7 else f"D{self.count + 1}"
        said = {"business": business, "rows": rows, "channel": channel}
        self.want(month, co.Draft, declaration=id_, **said)

    @rule(month=months, one=picks, rows=good_rows, all_failed=st.booleans())
    def correct(self, month: Month, one: int, rows: list[Change], all_failed: bool) -> None:
        corrects = self.pick(month, one, "returned", "passed", "counter")
        known = self.desk.book(month).declarations.get(corrects)
        if known is not None and all_failed:
            rows = [row for row, _ in known.failed()] or rows
        business = known.business if known else "staff.add"
        said = {"business": business, "rows": rows, "corrects": corrects}
        self.want(month, co.Draft, declaration=f"D{self.count + 1}", **said)

    @rule(
        month=months,
        business=st.sampled_from(BUSINESSES[:8]),
        rows=good_rows,
        result=st.sampled_from([None, *ImportResult]),
        facts=facts,
    )
    def send(
        self,
        month: Month,
        business: str,
        rows: list[Change],
        result: ImportResult | None,
        facts: Facts,
    ) -> None:
        """A declaration that goes as far as the rules let it."""
        id_ = f"D{self.count + 1}"
        if business == "m.single":
            rows = [attrs.evolve(rows[0], person=None)]
        if self.want(month, co.Draft, declaration=id_, business=business, rows=rows).refused:
            return
        heads, wages = len(rows), Money(100 * len(rows))
        assert not self.want(month, co.Ready, declaration=id_, heads=heads, wages=wages).refused
        sent = self.want(month, co.Submit, declaration=id_, facts=facts)
        if result is not None and not sent.refused:
            rejected = (Rejection(rows[0].row),) if result is ImportResult.PART else ()
            self.want(month, co.RecordResult, declaration=id_, result=result, rejected=rejected)

    @rule(month=months, one=picks, rows=good_rows | some_rows)
    def edit(self, month: Month, one: int, rows: list[Change]) -> None:
        id_ = self.pick(month, one, "draft", "ready", "returned", "withdrawn")
        self.want(month, co.Edit, declaration=id_, rows=rows)

    @rule(month=months, one=picks, wrong=st.sampled_from([0, 0, 0, 1]))
    def ready(self, month: Month, one: int, wrong: int) -> None:
        id_ = self.pick(month, one, "draft")
        known = self.desk.book(month).declarations.get(id_)
        heads, wages = (known.heads, known.wages) if known else (1, Money(1))
        self.want(month, co.Ready, declaration=id_, heads=heads + wrong, wages=wages)

    @rule(month=months, one=picks, facts=facts)
    def submit(self, month: Month, one: int, facts: Facts) -> None:
        id_ = self.pick(month, one, "ready", "withdrawn")
        self.want(month, co.Submit, declaration=id_, facts=facts)

    @rule(month=months, one=picks)
    def withdraw(self, month: Month, one: int) -> None:
        id_ = self.pick(month, one, "submitted")
        self.want(month, co.Withdraw, declaration=id_)

    @rule(month=months, one=picks)
    def delete(self, month: Month, one: int) -> None:
        id_ = self.pick(month, one, "draft", "ready", "returned")
        self.want(month, co.Delete, declaration=id_)

    @rule(month=months, one=picks, state=st.sampled_from(StepState))
    def step(self, month: Month, one: int, state: StepState) -> None:
        id_ = self.pick(month, one, "submitted")
        self.want(month, co.RecordStep, declaration=id_, step="accept", state=state)

    @rule(month=months, one=picks, result=st.sampled_from(ImportResult), rejected=rejections)
    def result(
        self, month: Month, one: int, result: ImportResult, rejected: list[Rejection]
    ) -> None:
        id_ = self.pick(month, one, "submitted")
        self.want(month, co.RecordResult, declaration=id_, result=result, rejected=rejected)

    @rule(month=months, one=picks)
    def confirm(self, month: Month, one: int) -> None:
        id_ = self.pick(month, one, "counter")
        self.want(month, co.ConfirmAtCounter, declaration=id_)

    @rule(month=months)
    def expire(self, month: Month) -> None:
        self.want(month, co.Expire)

    @rule(
        month=months,
        business=st.sampled_from(["month.settle-changed", "month.settle-unchanged", "staff.add"]),
        leave=st.booleans(),
    )
    def close(self, month: Month, business: str, leave: bool) -> None:
        self.want(month, co.CloseMonth, business=business, leave_unsent=leave)

    @rule(month=months)
    def assess(self, month: Month) -> None:
        self.want(month, co.ApplyAssessment, total=Money(500))

    @precondition(lambda self: any(book.closed_by for book in self.desk.books))
    @rule(month=months)
    def roll_back(self, month: Month) -> None:
        self.want(month, co.RollBack)

    # What must hold, whatever happened.

    @invariant()
    def no_declaration_is_lost(self) -> None:
        for month in MONTHS:
            book, history = self.desk.book(month), self.desk.history(month)
            entered = [event.declaration for event in history if isinstance(event, ev.Drafted)]
            assert list(book.declarations) == entered
            assert len(set(entered)) == len(entered)
            for one in book.declarations.values():
                outcomes = [row.row for row, _ in one.outcomes()]
                assert outcomes == [row.row for row in one.rows]
                taken, failed = list(one.taken()), list(one.failed())
                assert len(taken) + len(failed) <= one.heads
                if one.state is DeclarationState.PASSED:
                    assert len(taken) + len(failed) == one.heads
                    assert taken

    @invariant()
    def nothing_is_effective_without_the_bureau_or_a_direct_business(self) -> None:
        for month in MONTHS:
            effective = set()
            for event in self.desk.history(month):
                match event:
                    case ev.Submitted(direct=True, awaits_counter=False) | ev.CounterConfirmed():
                        effective.add(event.declaration)
                    case ev.ResultRecorded(awaits_counter=False) if event.result != "none":
                        effective.add(event.declaration)
            assert {one.id for one in self.desk.book(month).effective} == effective

    @invariant()
    def a_month_closes_once(self) -> None:
        for month in MONTHS:
            standing = 0
            for event in self.desk.history(month):
                standing += isinstance(event, ev.MonthClosed)
                standing -= isinstance(event, ev.MonthRolledBack)
                assert standing in {0, 1}
            book = self.desk.book(month)
            assert (book.state.value == "closed") is bool(standing) is bool(book.closed_by)
            assert book.assessed is None or standing

    @invariant()
    def what_is_effective_counts_in_one_month_that_is_closed_or_can_be(self) -> None:
        for month in MONTHS:
            book = self.desk.book(month)
            if book.state.value != "closed":
                continue
            closing = [
                event for event in self.desk.history(month) if isinstance(event, ev.MonthClosed)
            ][-1]
            uncounted = {"m.unit", "month.settle-changed"}
            own = {
                one.id
                for one in book.effective
                if one.effect == month and one.business not in uncounted
            }
            others = [
                one.id
                for other in self.desk.books
                if other.month != month
                for one in other.effective
                if one.effect == month
            ]
            assert set(closing.changes) == own
            assert sorted(closing.carried) == sorted(others)

    @invariant()
    def events_alone_give_the_state(self) -> None:
        for month in MONTHS:
            book, history = self.desk.book(month), self.desk.history(month)
            assert fold(history) == book
            one_by_one = EMPTY
            for event in history:
                one_by_one = evolve(one_by_one, event)
            assert one_by_one == book
            lines = [json.dumps(event_to_plain(event)) for event in history]
            again = [event_from_plain(json.loads(line)) for line in lines]
            assert tuple(again) == history
            assert fold(again) == book
            assert book.version == len(history)

    @invariant()
    def a_rolled_back_closing_leaves_no_trace(self) -> None:
        for month in MONTHS:
            kept: list[ev.Event] = []
            marks: list[int] = []
            for event in self.desk.history(month):
                if isinstance(event, ev.MonthClosed):
                    marks.append(len(kept))
                kept.append(event)
                if isinstance(event, ev.MonthRolledBack):
                    since = kept[marks.pop() :]
                    del kept[len(kept) - len(since) :]
                    undone = ev.MonthClosed | ev.AssessmentApplied | ev.MonthRolledBack
                    kept += [one for one in since if not isinstance(one, undone)]
            assert bare(fold(kept)) == bare(self.desk.book(month))


TestFiling = Filing.TestCase
TestFiling.settings = settings(stateful_step_count=40)
