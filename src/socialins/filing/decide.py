"""Deciding: a command against the state and the region's rules gives events, or says why not.

Windows gate what goes to the bureau: submitting, withdrawing, closing. Entering, editing, viewing
and recording what the bureau did are possible at any time: an audit goes on after its window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from socialins import deciding
from socialins.deciding import Needed, Permit, Refused
from socialins.faults import Fault
from socialins.filing import auditing, closing, commands as co, entering, events as ev, sending
from socialins.filing.book import FilingBook
from socialins.filing.case import Case, Outcome
from socialins.filing.rules import FilingRules
from socialins.filing.signature import SignatureCheck

__all__ = ["Decision", "decide", "needed"]


Decision = deciding.Decision[ev.Event]
"""What comes of a command: events, or why there are none."""


def decide(
    book: FilingBook,
    command: co.Command,
    rules: FilingRules,
    *,
    others: Iterable[FilingBook] = (),
    permit: Permit | None = None,
    signatures: SignatureCheck | None = None,
) -> Decision:
    """Say what comes of a command.

    Arguments:
        book: the account's month as it stands.
        command: what somebody wants to happen.
        rules: the region's rules.
        others: the account's books of other months, if there are any: what an earlier one has for
            this month counts when it is closed, what is decided late counts for a month that none
            of them has closed, and months are closed in order and taken back in reverse.
        permit: says whether the command may be given (`socialins.access.guard` makes one); it is
            not asked about what the bureau does. Without one, everything may.
        signatures: proves the signature that a command brings (`socialins.signing.UnitSignatures`
            does); without it, a command that brings one is refused.

    Returns:
        Events to be stored and folded into the state, or the faults for which there are none. The
        same command sent again, known by its key, gives neither.
    """

    def handle(command: co.Command) -> Outcome:
        others_ = tuple(one for one in others if one.month != book.month)
        return _handle(Case(book, rules, others_, signatures), command)

    return deciding.decided(
        command,
        book.keys,
        deciding.digest_of,
        handle,
        permit=permit,
        needed=lambda command: needed(book, command),
    )


def needed(book: FilingBook, command: co.Command) -> Needed | None:
    """What somebody must be allowed to do to give a command; None for what the bureau does.

    Arguments:
        book: the account's month.
        command: the command.

    >>> from datetime import UTC, datetime
    >>> from socialins.values import Month
    >>> at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    >>> opened = FilingBook(account="A1", division="990100", month=Month(2026, 11))
    >>> needed(opened, co.Draft(at=at, declaration="D1", business="staff.add", rows=()))
    Needed(account='A1', business='staff.add')
    >>> needed(opened, co.Expire(at=at)) is None
    True
    """
    if isinstance(command, co.OpenBook):
        return Needed(command.account)
    if not book.is_opened:
        return None  # refused, whoever wants it
    match command:
        case co.RecordStep() | co.RecordResult() | co.ConfirmAtCounter() | co.Expire():
            return None
        case co.Draft(business=business) | co.CloseMonth(business=business):
            return Needed(book.account, business)
        case co.ApplyAssessment() | co.RollBack():
            return Needed(book.account, book.closed_by)
        case co.Edit() | co.Ready() | co.Submit() | co.Withdraw() | co.Delete():
            known = book.declarations.get(command.declaration)
            return Needed(book.account, known.business if known else "")
        case _:
            raise TypeError(f"{type(command).__name__} is no command of filing")


def _handle(case: Case, command: co.Command) -> Outcome:
    book, rules = case.book, case.rules
    if not isinstance(command, co.OpenBook):
        if not book.is_opened:
            raise Refused(Fault("filing.not-opened", {}))
        if book.division != rules.division:
            values = {"division": book.division, "wanted": rules.division}
            raise Refused(Fault("filing.other-division", values))
    return _HANDLERS[type(command)](case, command)


_HANDLERS: dict[type[co.Command], Callable[[Case, Any], Outcome]] = {
    co.OpenBook: entering.open_book,
    co.Draft: entering.draft,
    co.Edit: entering.edit,
    co.Ready: entering.ready,
    co.Delete: entering.delete,
    co.Submit: sending.submit,
    co.Withdraw: sending.withdraw,
    co.RecordStep: auditing.record_step,
    co.RecordResult: auditing.record_result,
    co.ConfirmAtCounter: auditing.confirm,
    co.Expire: auditing.expire,
    co.CloseMonth: closing.close,
    co.ApplyAssessment: closing.assess,
    co.RollBack: closing.roll_back,
}
