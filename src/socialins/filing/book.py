"""FilingBook (台账): an account's month, its declarations and how it closed; a fold over events.

`evolve` takes one event, `fold` a whole history. Both use the same step, on a copy or in place: a
history of a large unit would otherwise copy its declarations once an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from socialins.filing import events as ev
from socialins.filing.codes import BookState, DeclarationState, ImportResult
from socialins.filing.declaration import AuditRecord, Declaration
from socialins.values import Money, Month

__all__ = ["EMPTY", "FilingBook", "evolve", "fold"]


@attrs.frozen(kw_only=True)
class FilingBook:
    """An account's month as it stands.

    Arguments:
        account: the account's number (单位编号); empty before the book is opened.
        division: the region's code.
        month: the month that its declarations count for.
        state: open or closed.
        declarations: by id, in order of entry; deleted ones stay, marked.
        closed_by: the business that closed it.
        assessed: the assessment of the closed month, once it was applied for.
        keys: keys of the commands that were carried out, with their digests.
        version: how many events it is made of.
    """

    account: str = ""
    division: str = ""
    month: Month | None = None
    state: BookState = BookState.OPEN
    declarations: Mapping[str, Declaration] = attrs.field(factory=dict, repr=False, hash=False)
    closed_by: str = ""
    assessed: Money | None = None
    keys: Mapping[str, str] = attrs.field(factory=dict, repr=False, hash=False)
    version: int = 0

    @property
    def is_opened(self) -> bool:
        """Whether it was opened at all."""
        return self.month is not None

    def of_state(self, *states: DeclarationState) -> Iterator[Declaration]:
        """The declarations that stand so."""
        return (one for one in self.declarations.values() if one.state in states)

    @property
    def pending(self) -> tuple[Declaration, ...]:
        """What the bureau still has to decide, or to confirm at the counter."""
        return tuple(one for one in self.declarations.values() if one.state.is_pending)

    @property
    def unsent(self) -> tuple[Declaration, ...]:
        """What is still with the unit: not sent, taken back, or returned and not filed anew."""
        anew = self.corrected_rows()
        return tuple(
            one
            for one in self.declarations.values()
            if one.state.is_with_unit
            and not (
                one.state is DeclarationState.RETURNED
                and {row.row for row in one.rows} == anew.get(one.id)
            )
        )

    def corrected_rows(self, *, but: str = "") -> dict[str, set[str]]:
        """By declaration, ids of the rows that others file again.

        Arguments:
            but: one that is not asked.
        """
        found: dict[str, set[str]] = {}
        for one in self.declarations.values():
            if one.corrects and one.id != but and one.state.is_live:
                found.setdefault(one.corrects, set()).update(row.row for row in one.rows)
        return found

    @property
    def effective(self) -> tuple[Declaration, ...]:
        """What was passed, or was effective at once."""
        return tuple(self.of_state(DeclarationState.PASSED))


EMPTY = FilingBook()
"""The state before anything happened."""


def evolve(book: FilingBook, event: ev.Event) -> FilingBook:
    """The state after an event.

    Arguments:
        book: the state before; `EMPTY` before the first event.
        event: what happened; nothing is checked here, that was for `decide`.
    """
    return fold((event,), book)


def fold(history: Iterable[ev.Event], book: FilingBook = EMPTY) -> FilingBook:
    """The state after a history of events.

    Arguments:
        history: the events in order.
        book: the state before the first of them.
    """
    made = attrs.asdict(book, recurse=False)
    made["declarations"] = dict(book.declarations)
    made["keys"] = dict(book.keys)
    for event in history:
        _STEPS[type(event)](made, event)
        if event.key:
            made["keys"][event.key] = event.digest
        made["version"] += 1
    return FilingBook(**made)


def _opened(made: dict[str, Any], event: ev.BookOpened) -> None:
    made.update(account=event.account, division=event.division, month=event.month)


def _drafted(made: dict[str, Any], event: ev.Drafted) -> None:
    made["declarations"][event.declaration] = Declaration(
        id=event.declaration,
        business=event.business,
        channel=event.channel,
        rows=event.rows,
        corrects=event.corrects,
    )


def _change(made: dict[str, Any], declaration: str, **changes: Any) -> None:
    known = made["declarations"]
    known[declaration] = attrs.evolve(known[declaration], **changes)


def _edited(made: dict[str, Any], event: ev.Edited) -> None:
    _change(
        made,
        event.declaration,
        rows=event.rows,
        state=DeclarationState.DRAFT,
        effect=None,
        result=None,
        rejected={},
        audit=(),
        signature=None,
    )


def _readied(made: dict[str, Any], event: ev.Readied) -> None:
    _change(made, event.declaration, state=DeclarationState.READY)


def _submitted(made: dict[str, Any], event: ev.Submitted) -> None:
    state = DeclarationState.SUBMITTED
    if event.awaits_counter:
        state = DeclarationState.COUNTER
    elif event.direct:
        state = DeclarationState.PASSED
    known = made["declarations"]
    before = known[event.declaration]
    known[event.declaration] = attrs.evolve(
        before,
        state=state,
        effect=event.effect,
        submitted_at=event.at,
        result=ImportResult.ALL if event.direct else None,
        rejected={},
        audit=(),
        submissions=before.submissions + 1,
        signature=event.signature,
    )


def _step(made: dict[str, Any], event: ev.StepRecorded) -> None:
    record = AuditRecord(event.step, event.state, event.handler, event.at)
    audit = made["declarations"][event.declaration].audit
    kept = tuple(one for one in audit if one.step != event.step)
    _change(made, event.declaration, audit=(*kept, record))


def _result(made: dict[str, Any], event: ev.ResultRecorded) -> None:
    known = made["declarations"][event.declaration]
    returned = event.result is ImportResult.NONE
    state = DeclarationState.RETURNED
    if not returned:
        state = DeclarationState.COUNTER if event.awaits_counter else DeclarationState.PASSED
    _change(
        made,
        event.declaration,
        state=state,
        effect=None if returned else event.effect or known.effect,
        result=event.result,
        rejected={one.row: one for one in event.rejected},
        returned=returned,
    )


def _confirmed(made: dict[str, Any], event: ev.CounterConfirmed) -> None:
    _change(made, event.declaration, state=DeclarationState.PASSED, effect=event.effect)


def _withdrawn(made: dict[str, Any], event: ev.Withdrawn) -> None:
    _change(
        made,
        event.declaration,
        state=DeclarationState.WITHDRAWN,
        effect=None,
        audit=(),
        returned=False,
        signature=None,
    )


def _moved_to(state: DeclarationState) -> Callable[[dict[str, Any], Any], None]:
    def step(made: dict[str, Any], event: Any) -> None:
        _change(made, event.declaration, state=state)

    return step


def _closed(made: dict[str, Any], event: ev.MonthClosed) -> None:
    made.update(state=BookState.CLOSED, closed_by=event.business)


def _assessed(made: dict[str, Any], event: ev.AssessmentApplied) -> None:
    made["assessed"] = event.total


def _rolled_back(made: dict[str, Any], _event: ev.MonthRolledBack) -> None:
    made.update(state=BookState.OPEN, closed_by="", assessed=None)


_STEPS: dict[type[ev.Event], Callable[[dict[str, Any], Any], None]] = {
    ev.BookOpened: _opened,
    ev.Drafted: _drafted,
    ev.Edited: _edited,
    ev.Readied: _readied,
    ev.Submitted: _submitted,
    ev.StepRecorded: _step,
    ev.ResultRecorded: _result,
    ev.CounterConfirmed: _confirmed,
    ev.Withdrawn: _withdrawn,
    ev.Deleted: _moved_to(DeclarationState.DELETED),
    ev.Lapsed: _moved_to(DeclarationState.LAPSED),
    ev.MonthClosed: _closed,
    ev.AssessmentApplied: _assessed,
    ev.MonthRolledBack: _rolled_back,
}
