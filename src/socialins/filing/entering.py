"""Deciding what happens on the unit's side: opening a month, entering, editing, deleting."""

from __future__ import annotations

from socialins.deciding import Refused
from socialins.faults import Fault, Text
from socialins.filing import commands as co, events as ev
from socialins.filing.case import Case, Outcome
from socialins.filing.changes import Change
from socialins.filing.codes import DeclarationState
from socialins.rules.business import Business

__all__ = ["delete", "draft", "edit", "open_book", "ready"]

_DRAFTS = (DeclarationState.DRAFT, DeclarationState.READY)
_TAKEN_BACK = DeclarationState.WITHDRAWN
_RETURNED = DeclarationState.RETURNED


def open_book(case: Case, command: co.OpenBook) -> Outcome:
    """Open the month, once."""
    if case.book.is_opened:
        raise Refused(Fault("filing.already-open", {"month": str(case.month)}))
    if command.division != case.rules.division:
        values = {"division": command.division, "wanted": case.rules.division}
        raise Refused(Fault("filing.other-division", values))
    event = ev.BookOpened(
        at=command.at, account=command.account, division=command.division, month=command.month
    )
    return (event,), ()


def draft(case: Case, command: co.Draft) -> Outcome:
    """Enter a declaration under a new id."""
    case.must_be_open()
    business = case.business(command.business)
    if command.declaration in case.book.declarations:
        raise Refused(Fault("filing.id-taken", {"declaration": command.declaration}))
    if business.channels and command.channel not in business.channels:
        choices = Text(
            *("/".join(one.title(lang) for one in business.channels) for lang in ("zh", "en"))
        )
        raise Refused(Fault("filing.channel", {"business": business.name, "choices": choices}))
    _check_rows(business, command.rows)
    _check_correction(case, command.corrects, command.rows, command.declaration)
    event = ev.Drafted(
        at=command.at,
        declaration=command.declaration,
        business=command.business,
        channel=command.channel,
        rows=command.rows,
        corrects=command.corrects,
    )
    return (event,), ()


def edit(case: Case, command: co.Edit) -> Outcome:
    """Replace the rows of what is with the unit."""
    case.must_be_open()
    found = case.declaration(command.declaration, *_DRAFTS, _TAKEN_BACK, _RETURNED)
    business = case.business(found.business)
    if found.state is _RETURNED and not business.may_be_resubmitted:
        raise Refused(Fault("filing.file-anew", {"declaration": found.id}))
    if found.state is _RETURNED and (anew := case.book.corrected_rows().get(found.id)):
        values = {"declaration": found.id, "row": min(anew)}
        raise Refused(Fault("filing.corrected", values))
    _check_rows(business, command.rows)
    _check_correction(case, found.corrects, command.rows, found.id)
    return (ev.Edited(at=command.at, declaration=found.id, rows=command.rows),), ()


def ready(case: Case, command: co.Ready) -> Outcome:
    """Confirm heads and sum of wages; they must be what was entered."""
    case.must_be_open()
    found = case.declaration(command.declaration, DeclarationState.DRAFT)
    if not found.rows:
        raise Refused(Fault("filing.empty", {"declaration": found.id}))
    wages = found.wages
    if (command.heads, command.wages) != (found.heads, wages):
        values = {
            "heads": str(found.heads),
            "wages": str(wages),
            "stated_heads": str(command.heads),
            "stated_wages": str(command.wages),
        }
        raise Refused(Fault("filing.sums-differ", values))
    event = ev.Readied(at=command.at, declaration=found.id, heads=command.heads, wages=wages)
    return (event,), ()


def delete(case: Case, command: co.Delete) -> Outcome:
    """Delete what was not sent, or was returned."""
    found = case.declaration(command.declaration, *_DRAFTS, _TAKEN_BACK, _RETURNED)
    kept = not case.business(found.business).may_be_deleted
    if found.state is not _RETURNED and kept:
        raise Refused(Fault("filing.not-deletable", {"declaration": found.id}))
    return (ev.Deleted(at=command.at, declaration=found.id),), ()


def _check_rows(business: Business, rows: tuple[Change, ...]) -> None:
    if len(rows) > 1 and business.batch is False:
        raise Refused(Fault("filing.no-batch", {"business": business.name}))
    seen: set[str] = set()
    persons: set[tuple[str, str]] = set()
    allowed = set(business.fields)
    for row in rows:
        if row.row in seen:
            raise Refused(Fault("filing.row-twice", {"row": row.row}))
        seen.add(row.row)
        if row.person is not None:
            if row.person.key in persons:
                values = {"row": row.row, "person": row.person.document.masked()}
                raise Refused(Fault("filing.person-twice", values))
            persons.add(row.person.key)
        if row.wage is not None and row.wage.fen < 0:
            raise Refused(Fault("filing.wage-negative", {"row": row.row}))
        beyond = sorted(set(row.fields()) - allowed) if allowed else []
        if beyond:
            choices = ", ".join(business.fields)
            values = {"row": row.row, "fields": ", ".join(beyond), "choices": choices}
            raise Refused(Fault("filing.field", values))


def _check_correction(case: Case, corrects: str, rows: tuple[Change, ...], own: str) -> None:
    """A correction files again what failed, and nothing that another one files again."""
    if not corrects:
        return
    corrected = case.declaration(
        corrects,
        DeclarationState.PASSED,
        DeclarationState.COUNTER,
        DeclarationState.RETURNED,
        DeclarationState.DELETED,
    )
    failed = {row.row for row, _ in corrected.failed()}
    already = case.book.corrected_rows(but=own).get(corrects, set())
    for row in rows:
        values = {"declaration": corrects, "row": row.row}
        if row.row not in failed:
            raise Refused(Fault("filing.not-failed", values))
        if row.row in already:
            raise Refused(Fault("filing.corrected", values))
