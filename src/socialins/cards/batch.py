"""Batch: a unit's cards as they stand; a fold over events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from socialins.cards import events as ev
from socialins.cards.codes import BatchState, CardKind, RowState
from socialins.cards.rows import CardRow, Photo
from socialins.values import Month

__all__ = ["EMPTY", "Batch", "evolve", "fold"]


@attrs.frozen(kw_only=True)
class Batch:
    """A batch of cards as it stands.

    Arguments:
        id: its id; empty before it is opened.
        division: the region's code.
        kind: what is wanted.
        state: where it stands.
        rows: the persons, by row id, in order of entry.
        states: where each row stands.
        errors: the errors that the unit noted: row → field → what is right.
        photos: the photographs, by row.
        enrolled: the month in which its people were enrolled, if that was stated.
        receipt: the number of the receipt.
        ready_on: the day from which cards can be collected, if the receipt names one.
        rejected: reasons of the rows that were rejected.
        keys: keys of the commands that were carried out, with their digests.
        version: how many events it is made of.
    """

    id: str = ""
    division: str = ""
    kind: CardKind = CardKind.REQUEST
    state: BatchState = BatchState.OPEN
    rows: Mapping[str, CardRow] = attrs.field(factory=dict, repr=False, hash=False)
    states: Mapping[str, RowState] = attrs.field(factory=dict, repr=False, hash=False)
    errors: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, repr=False, hash=False)
    photos: Mapping[str, Photo] = attrs.field(factory=dict, repr=False, hash=False)
    enrolled: Month | None = None
    receipt: str = ""
    ready_on: date | None = None
    rejected: Mapping[str, str] = attrs.field(factory=dict, repr=False, hash=False)
    keys: Mapping[str, str] = attrs.field(factory=dict, repr=False, hash=False)
    version: int = 0

    @property
    def is_opened(self) -> bool:
        """Whether it was begun at all."""
        return bool(self.id)

    def of_state(self, *states: RowState) -> Iterator[CardRow]:
        """The rows that stand so, in order."""
        return (row for id_, row in self.rows.items() if self.states[id_] in states)

    def row_of(self, named: str) -> str:
        """The id of a row that is named by itself, or by the number of its person's document.

        Arguments:
            named: the id or the number; what fits no row comes back as it is.
        """
        if named in self.rows:
            return named
        numbers = (id_ for id_, row in self.rows.items() if row.person.document.number == named)
        return next(numbers, named)


EMPTY = Batch()
"""The state before anything happened."""


def evolve(batch: Batch, event: ev.Event) -> Batch:
    """The state after an event.

    Arguments:
        batch: the state before; `EMPTY` before the first event.
        event: what happened; nothing is checked here, that was for `decide`.
    """
    return fold((event,), batch)


def fold(history: Iterable[ev.Event], batch: Batch = EMPTY) -> Batch:
    """The state after a history of events.

    Arguments:
        history: the events in order.
        batch: the state before the first of them.
    """
    made = attrs.asdict(batch, recurse=False)
    for name in ("states", "errors", "photos", "keys"):
        made[name] = dict(made[name])
    for event in history:
        _STEPS[type(event)](made, event)
        if event.key:
            made["keys"][event.key] = event.digest
        made["version"] += 1
    return Batch(**made)


def _opened(made: dict[str, Any], event: ev.BatchOpened) -> None:
    rows = {row.row: row for row in event.rows}
    states = dict.fromkeys(rows, RowState.ENTERED)
    made.update(id=event.batch, division=event.division, kind=event.kind, enrolled=event.enrolled)
    made.update(rows=rows, states=states)


def _mark(made: dict[str, Any], rows: Iterable[str], state: RowState) -> None:
    made["states"].update(dict.fromkeys(rows, state))


def _confirmed(made: dict[str, Any], event: ev.Confirmed) -> None:
    _mark(made, event.rows, RowState.CONFIRMED)
    for row in event.rows:
        made["errors"].pop(row, None)


def _noted(made: dict[str, Any], event: ev.ErrorsNoted) -> None:
    _mark(made, event.errors, RowState.ERROR)
    made["errors"].update(event.errors)


def _photos(made: dict[str, Any], event: ev.PhotosAdded) -> None:
    made["photos"].update({photo.row: photo for photo in event.photos})


def _submitted(made: dict[str, Any], _event: ev.Submitted) -> None:
    made["state"] = BatchState.SUBMITTED


def _receipt(made: dict[str, Any], event: ev.ReceiptRecorded) -> None:
    made.update(state=BatchState.RECEIVED, receipt=event.number, ready_on=event.ready_on)


def _result(made: dict[str, Any], event: ev.ResultRecorded) -> None:
    _mark(made, event.rejected, RowState.REJECTED)
    _mark(made, made["rows"].keys() - event.rejected.keys(), RowState.MADE)
    some = len(event.rejected) < len(made["rows"])
    made.update(state=BatchState.MADE if some else BatchState.REJECTED, rejected=event.rejected)


def _collected(made: dict[str, Any], _event: ev.Collected) -> None:
    ready = [row for row, state in made["states"].items() if state is RowState.MADE]
    _mark(made, ready, RowState.COLLECTED)
    made["state"] = BatchState.COLLECTED


def _handed_out(made: dict[str, Any], event: ev.HandedOut) -> None:
    _mark(made, event.rows, RowState.HANDED_OUT)
    if RowState.COLLECTED not in made["states"].values():
        made["state"] = BatchState.DONE


def _withdrawn(made: dict[str, Any], _event: ev.Withdrawn) -> None:
    made["state"] = BatchState.WITHDRAWN


_STEPS: dict[type[ev.Event], Callable[[dict[str, Any], Any], None]] = {
    ev.BatchOpened: _opened,
    ev.Confirmed: _confirmed,
    ev.ErrorsNoted: _noted,
    ev.PhotosAdded: _photos,
    ev.Submitted: _submitted,
    ev.ReceiptRecorded: _receipt,
    ev.ResultRecorded: _result,
    ev.Collected: _collected,
    ev.HandedOut: _handed_out,
    ev.Withdrawn: _withdrawn,
}
