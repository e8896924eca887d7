"""The bureau as a double (经办机构): the other side of filing, by the same rules, with a clock.

An application that files can be run against it for whole years. It audits, asks for papers at the
counter, returns and rejects, and it has the failings of a real one: it answers late, twice, or not
at all. Everything follows from a seed, so that what went wrong once goes wrong again.

It keeps a list of its own of whom it enrolled, made from what it decided and from nothing that the
unit says, so that the two can be compared. Where the rules want a signature, it proves it itself
and takes nothing without: what it says then can be rehearsed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

import attrs
from dateutil.relativedelta import relativedelta

from socialins.calendar import SHANGHAI, CalendarUnknown
from socialins.calendar.workdays import is_workday
from socialins.deciding import Refused, Values
from socialins.faults import Fault, FaultError
from socialins.filing import (
    Change,
    Command,
    ConfirmAtCounter,
    Declaration,
    DeclarationState,
    FilingRules,
    ImportResult,
    RecordResult,
    RecordStep,
    Rejection,
    Signature,
    SignatureCheck,
    StepState,
)
from socialins.filing.signature import proved
from socialins.filing.stating import submission_bytes
from socialins.rules.business import RosterEffect
from socialins.values import Money, Month

__all__ = ["Bureau", "Habits"]


@attrs.frozen(kw_only=True)
class Habits:
    """How often the bureau does what nobody likes; each is a share between 0 and 1.

    Arguments:
        loses: a declaration never arrives, or an answer does not.
        late: it takes twice as long as it should, and more.
        twice: an answer comes a second time.
        returns: a declaration is returned whole.
        rejects: a row is not taken.
    """

    loses: float = 0.05
    late: float = 0.1
    twice: float = 0.1
    returns: float = 0.1
    rejects: float = 0.1

    @classmethod
    def none(cls) -> Habits:
        """A bureau that takes everything in time."""
        return cls(loses=0, late=0, twice=0, returns=0, rejects=0)


@attrs.define(order=False)
class _Item:
    """A declaration at the bureau, as it arrived."""

    month: Month
    declaration: Declaration
    taken: tuple[Change, ...] = ()
    answers: list[Command] = attrs.field(factory=list)


@attrs.frozen
class _Enrolled:
    effect: Month
    submitted_at: datetime
    id: str
    change: Change
    kind: RosterEffect


class Bureau:
    """The bureau of a region.

    Arguments:
        rules: the region's rules of filing.
        seed: what everything that is left to chance follows from.
        habits: how often it fails the unit.
        signatures: proves the unit's signatures, as for `decide`; needed where the rules want any.

    >>> from socialins.filing import Desk, Draft, Ready, Submit
    >>> from socialins.testing.middle import middle
    >>> desk = Desk(middle().filing())
    >>> at = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
    >>> for command in (
    ...     Draft(at=at, declaration="D1", business="staff.stop", rows=[Change(row="1")]),
    ...     Ready(at=at, declaration="D1", heads=1, wages=Money(0)),
    ...     Submit(at=at, declaration="D1"),
    ... ):
    ...     _ = desk.book("2026-11").is_opened or desk.open("A1", "2026-11", at)
    ...     _ = desk.do("2026-11", command)
    >>> bureau = Bureau(desk.rules, seed=1, habits=Habits.none())
    >>> bureau.receive("2026-11", desk.book("2026-11").declarations["D1"], at)
    >>> for month, command in bureau.answers(at + timedelta(days=10)):
    ...     _ = desk.do(month, command)
    >>> desk.book("2026-11").declarations["D1"].state.value
    'passed'
    """

    def __init__(
        self,
        rules: FilingRules,
        *,
        seed: int = 0,
        habits: Habits | None = None,
        signatures: SignatureCheck | None = None,
    ) -> None:
        self.rules = rules
        self.signatures = signatures
        self.habits = habits or Habits()
        self.chance = Random(seed)  # noqa: S311  # chance that can be repeated is what is wanted
        self._at_work: dict[tuple[Month, str, datetime], _Item] = {}
        self._due: list[tuple[datetime, int, _Item]] = []
        self._sent: list[tuple[datetime, int, Month, Command]] = []
        self._order = count()
        self._enrolled: list[_Enrolled] = []
        self._closed: set[Month] = set()

    def receive(self, month: Month | str, declaration: Declaration, at: datetime) -> None:
        """A declaration arrives, unless it is lost on the way.

        Arguments:
            month: the month of its book.
            declaration: the declaration as it was submitted.
            at: the moment.

        The same declaration may be sent again: what was received is not audited twice, and what
        was answered is answered again.

        Raises:
            FaultError: if it has to be signed and is not, or its signature can't be proved; it did
                not arrive.
        """
        month = Month.of(month)
        submitted = declaration.submitted_at
        direct = declaration.state is DeclarationState.PASSED
        if submitted is None or not (direct or declaration.state.is_pending):
            raise ValueError(f"{declaration.id} was not submitted, so nothing can arrive")
        self._prove(month, declaration, submitted)
        key = month, declaration.id, submitted
        known = self._at_work.get(key)
        if known is not None:
            for answer in known.answers:
                self._send(known, answer, at, again=True)
            return
        # What is effective at once is so because it has arrived.
        if not direct and self._happens(self.habits.loses):
            return
        item = self._at_work[key] = _Item(month, declaration)
        if direct:
            item.taken = tuple(declaration.taken())
            self._enrol(item, month)
            return
        if declaration.state is DeclarationState.COUNTER:
            item.taken = declaration.rows
        else:
            self._plan(item, at)

    def withdraw(self, month: Month | str, declaration: Declaration) -> bool:
        """The unit takes a declaration back; whether that is still possible."""
        key = Month.of(month), declaration.id, declaration.submitted_at
        item = self._at_work.get(key)  # type: ignore[arg-type]
        if item is not None and any(isinstance(one, RecordResult) for one in item.answers):
            return False
        self._at_work.pop(key, None)  # type: ignore[arg-type]
        self._due = [planned for planned in self._due if planned[2] is not item]
        heapq.heapify(self._due)
        return True

    def visit(self, month: Month | str, declaration: Declaration, at: datetime) -> bool:
        """Somebody comes to the counter with the papers; whether they are confirmed.

        Arguments:
            month: the month of its book.
            declaration: what is to be confirmed.
            at: the moment.
        """
        key = Month.of(month), declaration.id, declaration.submitted_at
        item = self._at_work.get(key)  # type: ignore[arg-type]
        rule = self.rules.businesses[declaration.business].counter
        confirmed = item is not None and any(
            isinstance(one, ConfirmAtCounter) for one in item.answers
        )
        if item is None or not item.taken or rule is None or confirmed:
            return False
        here = at.astimezone(SHANGHAI)
        if rule.expires_months is not None and declaration.submitted_at is not None:
            submitted = declaration.submitted_at.astimezone(SHANGHAI)
            if here >= submitted + relativedelta(months=rule.expires_months):
                return False
        self._enrol(item, Month.of(here.date()) if rule.sets_effect else item.month)
        told = ConfirmAtCounter(
            at=at, by="经办机构", key=self._key(item, "counter"), declaration=declaration.id
        )
        item.answers.append(told)
        self._push(item, told, at)
        return True

    def close(self, month: Month | str) -> None:
        """The unit has closed a month: what is decided from now on counts for a later one."""
        self._closed.add(Month.of(month))

    def reopen(self, month: Month | str) -> None:
        """The closing of a month was taken back."""
        self._closed.discard(Month.of(month))

    def answers(self, until: datetime) -> Iterator[tuple[Month, Command]]:
        """What reaches the unit until a moment, in order, each with the month of its book."""
        while self._due and self._due[0][0] <= until:
            at, _, item = heapq.heappop(self._due)
            self._audit(item, at)
        while self._sent and self._sent[0][0] <= until:
            _, _, month, command = heapq.heappop(self._sent)
            yield month, command

    def enrolled(self, first: Iterable[tuple[str, Money]], month: Month | str) -> dict[str, Money]:
        """Whom it has enrolled in a month, by its own list: document number → declared wage.

        Arguments:
            first: whom it had enrolled before the first declaration.
            month: the month.
        """
        found = dict(first)
        of_month = [one for one in self._enrolled if one.effect <= Month.of(month)]
        for one in sorted(of_month, key=lambda one: (one.effect, one.submitted_at, one.id)):
            person, wage = one.change.person, one.change.wage
            if person is None:
                continue
            number = person.document.number
            if one.kind is RosterEffect.LEAVE:
                found.pop(number, None)
            elif wage is not None and (one.kind is RosterEffect.JOIN) is (number not in found):
                found[number] = wage
        return found

    # What it does with a declaration.

    def _prove(self, month: Month, declaration: Declaration, at: datetime) -> None:
        """Turn away what has to be signed and is not."""
        given, business = declaration.signature, declaration.business
        day = at.astimezone(SHANGHAI).date()
        if given is None:
            if self.rules.wants_signature(business, declaration.channel, day):
                values: Values = {"business": self.rules.title(business)}
                raise FaultError(Fault("filing.signature-missing", values))
            return
        check = self.signatures
        try:
            proved(
                Signature(given.content, given.cms),
                check.account.number if check else "",
                lambda account: submission_bytes(
                    declaration,
                    account,
                    division=self.rules.division,
                    month=month,
                    number=declaration.submissions,
                ),
                check,
                at,
            )
        except Refused as refused:
            raise FaultError(refused.faults[0]) from None

    def _audit(self, item: _Item, at: datetime) -> None:
        declaration = item.declaration
        for step in self.rules.businesses[declaration.business].steps:
            handler = self.chance.choice("甲乙丙丁")
            for state in (StepState.IN_HAND, StepState.DONE):
                noted = RecordStep(
                    at=at,
                    by="经办机构",
                    key=self._key(item, f"{step.id}-{state.value}"),
                    declaration=declaration.id,
                    step=step.id,
                    state=state,
                    handler=handler,
                )
                self._push(item, noted, at)
        rejected = tuple(self._rejected(declaration))
        item.taken = tuple(
            row for row in declaration.rows if row.row not in {one.row for one in rejected}
        )
        result = ImportResult.ALL
        if rejected:
            result = ImportResult.PART if item.taken else ImportResult.NONE
        told = RecordResult(
            at=at,
            by="经办机构",
            key=self._key(item, "result"),
            declaration=declaration.id,
            result=result,
            rejected=rejected,
        )
        self._send(item, told, at)
        if self.rules.businesses[declaration.business].counter is None:
            self._enrol(item, item.month)

    def _rejected(self, declaration: Declaration) -> Iterator[Rejection]:
        whole = self._happens(self.habits.returns)
        for row in declaration.rows:
            if whole or self._happens(self.habits.rejects):
                yield Rejection(row.row, code="E01", reason="材料不符")

    def _enrol(self, item: _Item, effect: Month) -> None:
        while effect in self._closed:
            effect = effect + 1
        declaration = item.declaration
        kind = self.rules.businesses[declaration.business].effect
        submitted = declaration.submitted_at
        if kind in (None, RosterEffect.NONE) or submitted is None:
            return
        for row in item.taken:
            self._enrolled.append(_Enrolled(effect, submitted, declaration.id, row, kind))

    # How its answers travel.

    def _plan(self, item: _Item, at: datetime) -> None:
        days = self.rules.businesses[item.declaration.business].result_workdays or 3
        wait = self.chance.randint(1, days)
        if self._happens(self.habits.late):
            wait += days + self.chance.randint(0, 2 * days)
        due = _workdays_later(at, wait)
        heapq.heappush(self._due, (due, next(self._order), item))

    def _send(self, item: _Item, answer: Command, at: datetime, *, again: bool = False) -> None:
        if not again:
            item.answers.append(answer)
            if self._happens(self.habits.loses):
                return
        self._push(item, answer, at)
        if self._happens(self.habits.twice):
            self._push(item, answer, at + timedelta(hours=self.chance.randint(1, 48)))

    def _push(self, item: _Item, answer: Command, at: datetime) -> None:
        heapq.heappush(self._sent, (at, next(self._order), item.month, answer))

    def _key(self, item: _Item, what: str) -> str:
        submitted = item.declaration.submitted_at
        return f"{item.declaration.id}@{submitted:%Y%m%dT%H%M%S}:{what}"

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share


def _workdays_later(at: datetime, days: int) -> datetime:
    """A moment some working days later; where a year's holidays are not known, weekdays count."""
    later = at.astimezone(SHANGHAI)
    while days:
        later += timedelta(days=1)
        try:
            works = is_workday(later.date())
        except CalendarUnknown:
            works = later.weekday() < 5
        days -= works
    return later
