"""Whole years against the bureau's double: at the end both sides have the same people insured."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.filing import (
    ApplyAssessment,
    Change,
    CloseMonth,
    Command,
    Declaration,
    DeclarationState,
    Delete,
    Desk,
    Draft,
    Edit,
    Expire,
    Facts,
    PersonFacts,
    Ready,
    RollBack,
    Signature,
    Submit,
    Withdraw,
    check_signatures,
    closing_content,
    correction,
    event_from_plain,
    event_to_plain,
    fold,
    submission_content,
)
from socialins.filing.events import MonthClosed, Submitted
from socialins.model.unit import UnitAccount
from socialins.signing import Scheme, sign_cms
from socialins.testing.bureau import Bureau, Habits
from socialins.testing.middle import middle
from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted
from socialins.values import Money, Month

FIRST, LAST = Month(2025, 12), Month(2026, 12)
FINAL = {
    DeclarationState.PASSED,
    DeclarationState.RETURNED,
    DeclarationState.DELETED,
    DeclarationState.LAPSED,
}
EXPECTED = {
    "filing.wrong-state",  # an answer came late
    "filing.window-unknown",
    "filing.failed-left",
    # It tries to close the month every day, either way.
    "filing.pending",
    "filing.unsent",
    "filing.earlier-open",
    "filing.changed",
    "filing.nothing-changed",
}
"""What may be said to a unit that does everything right."""


def somebody(number: int) -> si.InsuredPerson:
    return si.InsuredPerson(f"某{number}", si.IdDocument("passport", f"E{number:08d}"))


@attrs.define
class Wish:
    """A change that the unit wants; it goes on wanting it until the bureau has passed it."""

    kind: str
    number: int
    wage: Money | None
    passed: int = 0


class Unit:
    """A specialist who does each day what there is to do."""

    def __init__(self, region: si.Region, seed: int, habits: Habits) -> None:
        self.region = region
        self.rules = region.filing()
        self.desk = Desk(self.rules)
        self.bureau = Bureau(self.rules, seed=seed, habits=habits)
        self.chance = Random(seed + 1)
        self.first = {number: Money(500_000 + number) for number in range(12)}
        self.people = 12
        self.wishes: dict[Month, list[Wish]] = {}
        self.filed: dict[tuple[str, str], Wish] = {}
        self.every: list[Wish] = []
        self.said: Counter[str] = Counter()
        self.count = 0
        self.rolled_back: set[Month] = set()
        self.visits: dict[str, datetime | None] = {}
        self.now = datetime.combine(FIRST.first_day, time(10), SHANGHAI)
        stated = [
            one
            for one in ("staff.new", "staff.transfer-in")
            if one in self.rules.businesses and self.rules.businesses[one].sources
        ]
        self.joining = stated or ["staff.add"]

    # What it wants.

    def wish(self, month: Month) -> None:
        """What changes in a month: some come, some go, some earn more."""
        wishes = []
        for _ in range(self.chance.randint(0, 3)):
            wage = Money(self.chance.randint(300_000, 3_000_000))
            wishes.append(Wish(self.chance.choice(self.joining), self.people, wage))
            self.people += 1
        busy = {wish.number for wish in self.every if not wish.passed or wish.kind == "staff.stop"}
        listed = [int(entry.person.document.number[1:]) for entry in self.roster(month - 1)]
        here = [number for number in listed if number not in busy]
        self.chance.shuffle(here)
        leaving, changing = here[: self.chance.randint(0, 2)], self.chance.randint(0, 2)
        wishes += [Wish("staff.stop", number, None) for number in leaving]
        wages = [Money(self.chance.randint(1, 9) * 100_000) for _ in range(changing)]
        changed = zip(here[2:], wages, strict=False)
        wishes += [Wish("wage.change", number, wage) for number, wage in changed]
        self.every += wishes
        self.wishes.setdefault(month, []).extend(wishes)

    def roster(self, month: Month) -> si.Roster:
        """The roster of a month, from the first one and the books."""
        entries = [
            si.RosterEntry(somebody(number), si.DeclaredWage(wage))
            for number, wage in self.first.items()
        ]
        roster = si.Roster(FIRST - 1, entries)
        for index in range(FIRST.index, month.index + 1):
            found = self.desk.roster_after(roster, Month.from_index(index))
            # A wage may rise when somebody has left meanwhile; nothing else is out of place.
            assert {fault.code for fault in found.faults} <= {"filing.not-there"}
            roster = found.roster
        return roster

    # What it does.

    def do(self, month: Month, command: Command) -> Any:
        found = self.desk.do(month, command)
        self.said.update(fault.code for fault in found.faults)
        return found

    def want(self, month: Month, command: type[Command], **said: Any) -> Any:
        return self.do(month, command(at=self.now, by="经办人", **said))

    def live(self) -> None:
        """A year, and as long as it takes until everything is decided."""
        ends = datetime.combine(LAST.last_day, time(23), SHANGHAI) + timedelta(days=400)
        while self.now < ends:
            self.listen()
            coming = Month.of(self.now.date()) + 1
            for index in range(FIRST.index, coming.index + 1):
                month = Month.from_index(index)
                known = self.desk.book(month).is_opened
                if month <= LAST or known or self.wishes.get(month):
                    self.work(month)
            self.now += timedelta(days=1)
            months = [book.month for book in self.desk.books]
            if LAST in months and self.now.year > 2026 and self.at_rest():
                break

    def listen(self) -> None:
        """Take what the bureau says."""
        for month, answer in self.bureau.answers(self.now):
            self.do(month, answer)

    def at_rest(self) -> bool:
        closed = all(book.state.value == "closed" for book in self.desk.books)
        return closed and not any(book.pending for book in self.desk.books)

    def open_now(self, business: str, month: Month) -> bool:
        window = self.rules.window(business, month)
        if window is not None:
            return window.contains(self.now)
        ahead = self.rules.businesses[business].takes_effect or 0
        return Month.of(self.now.date()) == month - ahead and 8 <= self.now.day <= 18

    def over(self, business: str, month: Month) -> bool:
        window = self.rules.window(business, month)
        if window is not None:
            return self.now >= window.closes
        ahead = self.rules.businesses[business].takes_effect or 0
        today = Month.of(self.now.date())
        return today > month - ahead or (today == month - ahead and self.now.day > 18)

    def work(self, month: Month) -> None:
        book = self.desk.book(month)
        used = [*self.joining, "staff.stop", "wage.change"]
        if not book.is_opened:
            if not any(self.open_now(business, month) for business in used):
                return
            assert not self.desk.open("A1", month, self.now).refused
            if month <= LAST:
                self.wish(month)
        if self.desk.book(month).state.value == "open":
            self.file(month)
            for one in list(self.desk.book(month).declarations.values()):
                self.follow(month, one)
            if all(self.over(business, month) for business in used):
                self.close(month)
        else:
            for one in list(self.desk.book(month).declarations.values()):
                self.wait(month, one)
        self.want(month, Expire)

    def file(self, month: Month) -> None:
        """Send what is wanted, those of one business together; keep what can't be sent."""
        kept: list[Wish] = []
        together: dict[str, list[Wish]] = {}
        for wish in self.wishes.get(month, []):
            fitting = together if self.open_now(wish.kind, month) else None
            if fitting is not None:
                fitting.setdefault(wish.kind, []).append(wish)
            elif self.over(wish.kind, month):
                self.wishes.setdefault(month + 1, []).append(wish)
            else:
                kept.append(wish)
        self.wishes[month] = kept
        for business, wishes in together.items():
            self.count += 1
            id_ = f"D{self.count:04d}"
            rows = []
            for number, wish in enumerate(wishes):
                rows.append(Change(row=str(number), person=somebody(wish.number), wage=wish.wage))
                self.filed[id_, str(number)] = wish
            entered = self.want(month, Draft, declaration=id_, business=business, rows=rows)
            assert not entered.refused, entered.faults
            self.send(month, id_)

    def send(self, month: Month, id_: str) -> None:
        one = self.desk.book(month).declarations[id_]
        if one.state is DeclarationState.DRAFT:
            self.want(month, Ready, declaration=id_, heads=one.heads, wages=one.wages)
        met = PersonFacts(employment_registered=True, enrolled=True, insured_elsewhere=False)
        persons = {row.person.document.number: met for row in one.rows if row.person}
        facts = Facts(persons=persons, arrears=Money(0), yearly_check_done=True)
        sent = self.want(month, Submit, declaration=id_, facts=facts)
        assert not sent.refused, [str(fault) for fault in sent.faults]
        self.settle(month, id_)
        self.bureau.receive(month, self.desk.book(month).declarations[id_], self.now)

    def settle(self, month: Month, id_: str) -> None:
        """Tick off what was passed."""
        one = self.desk.book(month).declarations[id_]
        for row in one.taken():
            wish = self.filed[id_, row.row]
            assert wish.passed == 0, "counted twice"
            wish.passed += 1

    def follow(self, month: Month, one: Declaration) -> None:
        """Do with a declaration whatever is the next thing."""
        self.wait(month, one)
        sent = one.submitted_at
        rare = self.chance.random()
        if one.state is DeclarationState.SUBMITTED and sent is not None:
            can = rare < 0.02 and self.open_now(one.business, month)
            if can and self.bureau.withdraw(month, one):
                assert not self.want(month, Withdraw, declaration=one.id).refused
                self.later(month, one)
        elif one.state is DeclarationState.RETURNED:
            business = self.rules.businesses[one.business]
            if not self.open_now(one.business, month):
                self.later(month, one)
            elif business.may_be_resubmitted:
                assert not self.want(month, Edit, declaration=one.id, rows=one.rows).refused
                self.send(month, one.id)
            else:
                self.later(month, one, again=month)

    def later(self, month: Month, one: Declaration, again: Month | None = None) -> None:
        """Delete a declaration, and want its rows again."""
        assert not self.want(month, Delete, declaration=one.id).refused
        for row in one.rows:
            self.wishes.setdefault(again or month + 1, []).append(self.filed[one.id, row.row])

    def wait(self, month: Month, one: Declaration) -> None:
        """Ask for an answer, go to the counter, file again what failed."""
        sent = one.submitted_at
        if one.state is DeclarationState.SUBMITTED and sent and self.now - sent > timedelta(days=9):
            self.bureau.receive(month, one, self.now)
        elif one.state is DeclarationState.COUNTER and sent is not None:
            if one.id not in self.visits:
                forgets = self.chance.random() < 0.2 and bool(self.lapses(one))
                wait = timedelta(days=self.chance.randint(1, 50))
                self.visits[one.id] = None if forgets else self.now + wait
            when = self.visits[one.id]
            if when is not None and self.now >= when:
                assert self.bureau.visit(month, one, self.now)
                self.listen()
        elif one.state is DeclarationState.PASSED and one.id not in self.visits:
            self.visits[one.id] = None
        self.correct(month, one)

    def lapses(self, one: Declaration) -> int | None:
        rule = self.rules.businesses[one.business].counter
        return rule.expires_months if rule else None

    def correct(self, month: Month, one: Declaration) -> None:
        """File failed rows again: as a correction within the window, else next month."""
        if one.state not in (DeclarationState.PASSED, DeclarationState.COUNTER) or not one.rejected:
            return
        if (one.id, "done") in self.filed:
            return
        self.filed[one.id, "done"] = Wish("", 0, None)
        rows = [row for row, _ in one.failed()]
        is_open = self.desk.book(month).state.value == "open"
        if is_open and self.open_now(one.business, month):
            self.count += 1
            id_ = f"D{self.count:04d}"
            found = correction(one, rows, into=id_, at=self.now)
            assert found.command is not None
            assert not self.do(month, found.command).refused
            for row in rows:
                self.filed[id_, row.row] = self.filed[one.id, row.row]
            self.send(month, id_)
        else:
            wishes = self.wishes.setdefault(self.next_month(month), [])
            wishes += [self.filed[one.id, row.row] for row in rows]

    def next_month(self, month: Month) -> Month:
        """A month in which something can still be filed."""
        while self.desk.book(month).state.value == "closed" or month <= LAST - 400:
            month = month + 1
        return month + 1 if self.over("staff.stop", month) else month

    def close(self, month: Month) -> None:
        book, closing = self.desk.book(month), self.rules.closing
        for business in dict.fromkeys((closing.changed_by, closing.unchanged_by)):
            found = self.want(month, CloseMonth, business=business)
            if found.events:
                break
        else:
            return
        self.bureau.close(month)
        bill = self.region.settle(self.roster(month), month, strict=False)
        assert not self.want(month, ApplyAssessment, total=bill.total).refused
        if month not in self.rolled_back and self.chance.random() < 0.2:
            self.rolled_back.add(month)
            assert not self.want(month, RollBack).refused
            self.bureau.reopen(month)
            plain = {"version": 0, "keys": {}}
            now = self.desk.book(month)
            assert attrs.evolve(now, **plain) == attrs.evolve(book, **plain)


class SigningUnit(Unit):
    """A specialist of a unit whose bureau takes nothing that is not signed."""

    def __init__(self, seed: int, habits: Habits) -> None:
        super().__init__(middle(), seed, habits)
        account = UnitAccount(UNIT, "A1")
        trusted = (authority(P256).certificate,)
        self.check = middle().signatures(account, overlay=SIGNED, authorities=trusted)
        self.rules = middle().filing(SIGNED)
        self.desk = Desk(self.rules, signatures=self.check)
        self.bureau = Bureau(self.rules, seed=seed, habits=habits, signatures=self.check)
        _, signer = inserted(P256)
        self.session = signer.open(signer.list_tokens()[0])

    def do(self, month: Month, command: Command) -> Any:
        """Sign what is refused for want of a signature, and want it again."""
        found = self.desk.do(month, command)
        if [fault.code for fault in found.faults] == ["filing.signature-missing"]:
            book, account = self.desk.book(month), self.check.account
            if isinstance(command, Submit):
                content = submission_content(book, command.declaration, account)
            else:
                assert isinstance(command, CloseMonth)
                others = self.desk.books
                content = closing_content(
                    book, command.business, self.rules, account, others=others
                )
            cms = sign_cms(self.session, content, Asked(), at=self.now)
            signed = Signature(content.decode(), cms)
            return super().do(month, attrs.evolve(command, signature=signed))
        self.said.update(fault.code for fault in found.faults)
        return found


P256 = Scheme.ECDSA_P256_SHA256
SIGNED = {
    "sources": {"note": {"title": "通知", "seen": "made up"}},
    "signing": {"required": [{"source": "note"}]},
}
REGIONS = [*(one.slug for one in si.regions()), "middle"]


def the_year(slug: str, seed: int, habits: Habits) -> Unit:
    unit = Unit(middle() if slug == "middle" else si.region(slug), seed, habits)
    unit.live()
    return unit


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("slug", REGIONS)
def test_at_the_end_of_the_year_both_sides_have_the_same_people_insured(
    slug: str, seed: int
) -> None:
    unit = the_year(slug, seed, Habits(loses=0.1, late=0.2, twice=0.2, returns=0.15, rejects=0.15))
    assert unit.at_rest()
    first = [(f"E{number:08d}", wage) for number, wage in unit.first.items()]
    last = max(book.month for book in unit.desk.books if book.month is not None)
    for index in range(FIRST.index, last.index + 1):
        month = Month.from_index(index)
        ours = {entry.person.document.number: entry.wage.amount for entry in unit.roster(month)}
        theirs = unit.bureau.enrolled(first, month)
        assert ours == theirs, month
        book = unit.desk.book(month)
        by_hand = si.Roster(
            month,
            [
                si.RosterEntry(somebody(int(number[1:])), si.DeclaredWage(wage))
                for number, wage in theirs.items()
            ],
        )
        assert book.assessed == unit.region.settle(by_hand, strict=False).total


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("slug", REGIONS)
def test_every_declaration_and_every_wish_is_accounted_for(slug: str, seed: int) -> None:
    unit = the_year(slug, 100 + seed, Habits(loses=0.1, twice=0.3, returns=0.2, rejects=0.2))
    declared = [one for book in unit.desk.books for one in book.declarations.values()]
    assert len(declared) == unit.count > 15
    assert {one.state for one in declared} <= FINAL
    waiting = {id(wish) for wishes in unit.wishes.values() for wish in wishes}
    lapsed = {
        id(unit.filed[one.id, row.row])
        for one in declared
        if one.state is DeclarationState.LAPSED
        for row in one.rows
    }
    wishes = {id(wish): wish for key, wish in unit.filed.items() if key[1] != "done"}
    effective = Counter(id(unit.filed[one.id, row.row]) for one in declared for row in one.taken())
    for one, wish in wishes.items():
        assert effective[one] <= 1, "counted twice"
        assert effective[one] == 1 or one in waiting or one in lapsed, f"lost: {wish}"
    assert unit.said.keys() <= EXPECTED


@pytest.mark.parametrize("slug", REGIONS)
def test_the_journal_alone_gives_the_year(slug: str) -> None:
    unit = the_year(slug, 7, Habits())
    for book in unit.desk.books:
        assert book.month is not None
        lines = [json.dumps(event_to_plain(one)) for one in unit.desk.history(book.month)]
        assert fold(event_from_plain(json.loads(line)) for line in lines) == book


def test_a_year_at_a_bureau_that_wants_everything_signed_proves_each_step_of_it() -> None:
    habits = Habits(loses=0.1, late=0.2, twice=0.2, returns=0.2, rejects=0.2)
    unit = SigningUnit(3, habits)
    unit.live()
    assert unit.at_rest()
    assert unit.said.keys() <= EXPECTED
    first = [(f"E{number:08d}", wage) for number, wage in unit.first.items()]
    proved = sent = 0
    for book in unit.desk.books:
        assert book.month is not None
        ours = {one.person.document.number: one.wage.amount for one in unit.roster(book.month)}
        assert ours == unit.bureau.enrolled(first, book.month)
        history = unit.desk.history(book.month)
        sent += sum(isinstance(one, Submitted | MonthClosed) for one in history)
        found = check_signatures(history, unit.rules, unit.check)
        assert all(one.ok for one in found), [str(one.faults) for one in found if not one.ok]
        proved += len(found)
    assert proved == sent > 30


def test_the_same_seed_gives_the_same_year() -> None:
    one, two = (the_year("middle", 5, Habits()) for _ in range(2))
    assert one.desk.books == two.desk.books
    assert the_year("middle", 6, Habits()).desk.books != one.desk.books


def test_a_bureau_without_failings_passes_everything_that_reaches_the_counter() -> None:
    unit = the_year("middle", 5, Habits.none())
    declared = [one for book in unit.desk.books for one in book.declarations.values()]
    assert DeclarationState.RETURNED not in {one.state for one in declared}
    assert not any(one.rejected for one in declared)
