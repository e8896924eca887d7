"""Deciding: a command against a batch and the region's rules gives events, or says why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeAlias

from socialins import deciding
from socialins.calendar import SHANGHAI
from socialins.cards import commands as co, events as ev
from socialins.cards.batch import Batch
from socialins.cards.codes import BatchState, CardKind, RowState
from socialins.cards.correction import changed
from socialins.cards.reissue import check_bank
from socialins.cards.schedule import card_days
from socialins.deciding import Refused, Values
from socialins.faults import Fault, Place, Text
from socialins.rules.card import CardRules

__all__ = ["Decision", "decide"]

Decision = deciding.Decision[ev.Event]
"""What comes of a command: events, or why there are none."""

Outcome: TypeAlias = tuple[Iterable[ev.Event], Iterable[Fault]]

_OPEN = (BatchState.OPEN,)


def decide(batch: Batch, command: co.Command, rules: CardRules) -> Decision:
    """Say what comes of a command.

    Arguments:
        batch: the batch as it stands; `EMPTY` before it is opened.
        command: what somebody wants.
        rules: the region's rules (`Region.card_rules`).

    Returns:
        Events to be stored and folded into the state, or the faults for which there are none. The
        same command sent again, known by its key, gives neither.
    """

    def handle(command: co.Command) -> Outcome:
        if batch.is_opened is isinstance(command, co.OpenBatch):
            code = "cards.already-open" if batch.is_opened else "cards.not-opened"
            raise Refused(Fault(code, {"batch": batch.id}))
        return _HANDLERS[type(command)](batch, command, rules)

    return deciding.decided(command, batch.keys, deciding.digest_of, handle)


def _open(_batch: Batch, command: co.OpenBatch, rules: CardRules) -> Outcome:
    faults = [*_open_faults(command, rules)]
    if any(fault.is_error for fault in faults):
        raise Refused(*faults)
    opened = ev.BatchOpened(
        at=command.at,
        batch=command.batch,
        division=command.division,
        kind=command.kind,
        rows=command.rows,
        enrolled=command.enrolled,
    )
    return (opened,), faults


def _open_faults(command: co.OpenBatch, rules: CardRules) -> Iterator[Fault]:
    if not command.rows:
        yield Fault("cards.empty", {})
    rows = Counter(row.row for row in command.rows)
    people = Counter(row.person.key for row in command.rows)
    for row in command.rows:
        place = Place(field=row.row)
        if rows[row.row] > 1:
            yield Fault("cards.row-twice", {"row": row.row}, place)
        if people[row.person.key] > 1:
            yield Fault("cards.person-twice", {"person": row.person.document.masked()}, place)
        if command.kind is CardKind.CORRECTION and not changed(row.person, row.changes):
            yield Fault("cards.nothing-corrected", {"row": row.row}, place)
        yield from (fault.at(place) for fault in check_bank(row, rules))
        if command.kind is CardKind.REISSUE and rules.reissue and not (row.bank and row.old_bank):
            yield Fault("cards.bank-unsaid", {"person": row.person.name}, place)


def _confirm(batch: Batch, command: co.Confirm, _rules: CardRules) -> Outcome:
    _standing(batch, _OPEN)
    rows = command.rows or tuple(row.row for row in batch.of_state(RowState.ENTERED))
    _known(batch, rows)
    return ([ev.Confirmed(at=command.at, rows=rows)] if rows else ()), ()


def _note(batch: Batch, command: co.NoteErrors, _rules: CardRules) -> Outcome:
    _standing(batch, _OPEN)
    _known(batch, command.errors)
    blank = [row for row, fields in command.errors.items() if not any(fields.values())]
    if blank:
        raise Refused(*(Fault("cards.error-blank", {"row": row}) for row in blank))
    return (ev.ErrorsNoted(at=command.at, errors=command.errors),), ()


def _photos(batch: Batch, command: co.AddPhotos, rules: CardRules) -> Outcome:
    _standing(batch, _OPEN)
    _known(batch, (photo.row for photo in command.photos))
    after = {**batch.photos, **{photo.row: photo for photo in command.photos}}
    names = Counter(photo.name.casefold() for photo in after.values())
    twice = [photo for photo in after.values() if names[photo.name.casefold()] > 1]
    rows = Counter(photo.row for photo in command.photos)
    twice += [photo for photo in command.photos if rows[photo.row] > 1]
    if twice:
        names_ = sorted({photo.name for photo in twice})
        raise Refused(*(Fault("cards.photo-twice", {"name": name}) for name in names_))
    late: tuple[Fault, ...] = ()
    if batch.enrolled is not None:
        days = card_days(rules, batch.enrolled)
        late = days.late(_day(command), photographed=False, formed=True)
    return (ev.PhotosAdded(at=command.at, photos=command.photos),), late


def _submit(batch: Batch, command: co.Submit, rules: CardRules) -> Outcome:
    _standing(batch, _OPEN)
    faults = [*_submit_faults(batch, rules), *_day_faults(batch, rules, _day(command))]
    if any(fault.is_error for fault in faults):
        raise Refused(*faults)
    return (ev.Submitted(at=command.at),), faults


def _submit_faults(batch: Batch, rules: CardRules) -> Iterator[Fault]:
    if batch.kind is not CardKind.REQUEST:
        return
    least = rules.group_from
    if least is not None and len(batch.rows) < least:
        values = {"people": str(len(batch.rows)), "least": str(least)}
        yield Fault("cards.group-small", values)
    for row in batch.rows.values():
        place = Place(field=row.row)
        who = {"person": f"{row.person.name} {row.person.document.masked()}"}
        if rules.confirmed and batch.states[row.row] is RowState.ENTERED:
            yield Fault("cards.unconfirmed", who, place)
        if rules.photo and row.row not in batch.photos:
            yield Fault("cards.photo-missing", who, place)


def _day_faults(batch: Batch, rules: CardRules, day: date) -> Iterator[Fault]:
    """Whether it is too early: what all hand in goes to the centre after the last day for it."""
    days = card_days(rules, batch.enrolled) if batch.enrolled is not None else None
    if days is not None and not days.handing_in(day):
        yield Fault("cards.too-early", {"day": str(days.forms_by), "today": str(day)})


def _receipt(batch: Batch, command: co.RecordReceipt, rules: CardRules) -> Outcome:
    _standing(batch, (BatchState.SUBMITTED,))
    if rules.ready_on_receipt and command.ready_on is None:
        raise Refused(Fault("cards.receipt-day", {}))
    if command.ready_on is not None and command.ready_on < _day(command):
        values = {"day": str(command.ready_on), "today": str(_day(command))}
        raise Refused(Fault("cards.receipt-past", values))
    made = ev.ReceiptRecorded(at=command.at, number=command.number, ready_on=command.ready_on)
    return (made,), ()


def _result(batch: Batch, command: co.RecordResult, _rules: CardRules) -> Outcome:
    _standing(batch, (BatchState.SUBMITTED, BatchState.RECEIVED))
    _known(batch, command.rejected)
    return (ev.ResultRecorded(at=command.at, rejected=command.rejected),), ()


def _collect(batch: Batch, command: co.Collect, _rules: CardRules) -> Outcome:
    _standing(batch, (BatchState.RECEIVED, BatchState.MADE))
    if batch.ready_on is not None and _day(command) < batch.ready_on:
        values = {"day": str(batch.ready_on), "today": str(_day(command))}
        raise Refused(Fault("cards.not-ready", values))
    # Who has the cards in hand knows that they were made, whether or not anybody noted it.
    events: list[ev.Event] = []
    if batch.state is BatchState.RECEIVED:
        events.append(ev.ResultRecorded(at=command.at, rejected={}))
    return (*events, ev.Collected(at=command.at)), ()


def _hand_out(batch: Batch, command: co.HandOut, _rules: CardRules) -> Outcome:
    _standing(batch, (BatchState.COLLECTED,))
    _known(batch, command.rows)
    wrong = [row for row in command.rows if batch.states[row] is not RowState.COLLECTED]
    if wrong:
        raise Refused(*(_not_here(batch, row) for row in wrong))
    return ([ev.HandedOut(at=command.at, rows=command.rows)] if command.rows else ()), ()


def _withdraw(batch: Batch, command: co.Withdraw, _rules: CardRules) -> Outcome:
    _standing(batch, (BatchState.OPEN, BatchState.SUBMITTED))
    return (ev.Withdrawn(at=command.at),), ()


def _standing(batch: Batch, states: tuple[BatchState, ...]) -> None:
    if batch.state not in states:
        wanted = Text(
            "、".join(state.title("zh") for state in states),
            ", ".join(state.title("en") for state in states),
        )
        values: Values = {"batch": batch.id, "state": batch.state.text, "wanted": wanted}
        raise Refused(Fault("cards.wrong-state", values))


def _known(batch: Batch, rows: Iterable[str]) -> None:
    unknown = [row for row in rows if row not in batch.rows]
    if unknown:
        raise Refused(*(Fault("cards.no-such-row", {"row": row}) for row in unknown))


def _not_here(batch: Batch, row: str) -> Fault:
    values: Values = {"row": row, "state": batch.states[row].text}
    return Fault("cards.not-collected", values, Place(field=row))


def _day(command: co.Command) -> date:
    return command.at.astimezone(SHANGHAI).date()


_HANDLERS: dict[type[co.Command], Callable[[Batch, Any, CardRules], Outcome]] = {
    co.OpenBatch: _open,
    co.Confirm: _confirm,
    co.NoteErrors: _note,
    co.AddPhotos: _photos,
    co.Submit: _submit,
    co.RecordReceipt: _receipt,
    co.RecordResult: _result,
    co.Collect: _collect,
    co.HandOut: _hand_out,
    co.Withdraw: _withdraw,
}
