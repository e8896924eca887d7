"""Deciding how a month ends: closed once, assessed, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialins.deciding import Refused
from socialins.faults import Fault
from socialins.filing import commands as co, events as ev
from socialins.filing.book import FilingBook
from socialins.filing.case import Case, Outcome, listed
from socialins.filing.codes import BookState, DeclarationState
from socialins.filing.declaration import Declaration
from socialins.filing.rules import FilingRules
from socialins.filing.stating import closing_bytes
from socialins.model.unit import UnitAccount
from socialins.rules.business import Channel

__all__ = ["assess", "close", "closing_content", "roll_back"]


def close(case: Case, command: co.CloseMonth) -> Outcome:
    """Close the month by the one business that fits what happened in it."""
    book, closing = case.book, case.rules.closing
    if book.state is BookState.CLOSED:
        raise Refused(Fault("filing.closed-before", {"month": str(case.month)}))
    possible = tuple(dict.fromkeys((closing.changed_by, closing.unchanged_by)))
    if command.business not in possible:
        values = {"business": command.business, "choices": ", ".join(possible)}
        raise Refused(Fault("filing.closing-business", values))
    if earlier := [one for one in case.others if _is_open(one) and _before(one, book)]:
        shown = ", ".join(str(one.month) for one in earlier)
        raise Refused(Fault("filing.earlier-open", {"month": str(case.month), "earlier": shown}))
    unknown = case.window_allows(command.business, command)
    waits_for = set(closing.waits_for)
    if waiting := [one for one in book.pending if _channel_of(one) in waits_for]:
        raise Refused(listed("filing.pending", waiting))
    if (unsent := book.unsent) and not command.leave_unsent:
        raise Refused(listed("filing.unsent", unsent))
    changes, carried = _counted(case)
    changed = bool(changes or carried)
    if len(possible) == 2 and (command.business == closing.changed_by) != changed:
        code = "filing.changed" if changed else "filing.nothing-changed"
        values = {"month": str(case.month), "count": str(len(changes) + len(carried))}
        raise Refused(Fault(code, values))
    signature = case.signed(
        command.business,
        Channel.ONLINE,
        command.signature,
        command.at,
        lambda account: closing_bytes(
            book, account, business=command.business, changes=changes, carried=carried
        ),
    )
    event = ev.MonthClosed(
        at=command.at,
        business=command.business,
        changes=changes,
        carried=carried,
        signature=signature,
    )
    left = tuple(_not_filed_again(book))
    return (event,), (*unknown, *((listed("filing.failed-left", left),) if left else ()))


def assess(case: Case, command: co.ApplyAssessment) -> Outcome:
    """Note what the closed month was assessed at."""
    if case.book.state is not BookState.CLOSED:
        raise Refused(Fault("filing.not-closed", {"month": str(case.month)}))
    if case.book.assessed is not None:
        raise Refused(Fault("filing.assessed-before", {"month": str(case.month)}))
    return (ev.AssessmentApplied(at=command.at, total=command.total),), ()


def roll_back(case: Case, command: co.RollBack) -> Outcome:
    """Take closing and assessment back."""
    if case.book.state is not BookState.CLOSED:
        raise Refused(Fault("filing.not-closed", {"month": str(case.month)}))
    if later := [one for one in case.others if not _is_open(one) and _before(case.book, one)]:
        shown = ", ".join(str(one.month) for one in later)
        raise Refused(Fault("filing.later-closed", {"month": str(case.month), "later": shown}))
    if not case.rules.closing.rollback:
        raise Refused(Fault("filing.no-rollback", {"month": str(case.month)}))
    return (ev.MonthRolledBack(at=command.at),), ()


def closing_content(
    book: FilingBook,
    business: str,
    rules: FilingRules,
    account: UnitAccount,
    *,
    others: Iterable[FilingBook] = (),
) -> bytes:
    """What a unit signs to close a month as it stands; any further event makes it another content.

    Arguments:
        book: the account's month, opened.
        business: the business that closes it.
        rules: the region's rules.
        account: the account, with its unit.
        others: the account's books of other months, as for `decide`.
    """
    case = Case(book, rules, tuple(one for one in others if one.month != book.month))
    changes, carried = _counted(case)
    return closing_bytes(book, account, business=business, changes=changes, carried=carried)


def _counted(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of what the month counts: of its own declarations, and of those in other books."""
    own = tuple(one.id for one in case.counting((case.book,)))
    return own, tuple(one.id for one in case.counting(case.others))


def _is_open(book: FilingBook) -> bool:
    return book.state is BookState.OPEN


def _before(one: FilingBook, other: FilingBook) -> bool:
    return one.month is not None and other.month is not None and one.month < other.month


def _channel_of(one: Declaration) -> str:
    return "counter" if one.state is DeclarationState.COUNTER else one.channel.value


def _not_filed_again(book: FilingBook) -> Iterator[Declaration]:
    """Declarations of which the bureau took a part, and whose other rows nobody filed again."""
    anew = book.corrected_rows()
    for one in book.effective:
        if one.rejected and one.rejected.keys() - anew.get(one.id, set()):
            yield one
