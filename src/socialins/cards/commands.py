"""Commands: what somebody wants to happen to a batch of cards. `decide` says whether it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from socialins.cards.codes import CardKind
from socialins.cards.rows import CardRow, Photo
from socialins.deciding import Command, named
from socialins.values import Month

__all__ = [
    "AddPhotos",
    "Collect",
    "Command",
    "Confirm",
    "HandOut",
    "NoteErrors",
    "OpenBatch",
    "RecordReceipt",
    "RecordResult",
    "Submit",
    "Withdraw",
]


def _rows(rows: Iterable[CardRow]) -> tuple[CardRow, ...]:
    return tuple(rows)


def _ids(rows: Iterable[str]) -> tuple[str, ...]:
    return tuple(rows)


def _photos(photos: Iterable[Photo]) -> tuple[Photo, ...]:
    return tuple(photos)


def _kind(kind: str) -> CardKind:
    return CardKind(kind)


def _copied(values: Mapping[str, str]) -> dict[str, str]:
    return dict(values)


def _deep(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {row: dict(found) for row, found in values.items()}


@attrs.frozen(kw_only=True)
class OpenBatch(Command):
    """Begin a batch.

    Arguments:
        batch: its id.
        division: the region's code.
        kind: what is wanted.
        rows: the persons.
        enrolled: the month in which they were enrolled, if all were in one: days are then held
            against it where the rules state any.
    """

    batch: str = attrs.field(validator=named)
    division: str
    kind: CardKind = attrs.field(converter=_kind)
    rows: tuple[CardRow, ...] = attrs.field(
        converter=_rows, repr=lambda rows: f"<{len(rows)} rows>"
    )
    enrolled: Month | None = None


@attrs.frozen(kw_only=True)
class Confirm(Command):
    """Confirm that the data of rows are without error; all rows that are merely entered if none."""

    rows: tuple[str, ...] = attrs.field(default=(), converter=_ids)


@attrs.frozen(kw_only=True)
class NoteErrors(Command):
    """Note errors in what the bureau has: row → field → what is right."""

    errors: Mapping[str, Mapping[str, str]] = attrs.field(converter=_deep)


@attrs.frozen(kw_only=True)
class AddPhotos(Command):
    """Take in photographs that were checked (`socialins.attachments`)."""

    photos: tuple[Photo, ...] = attrs.field(converter=_photos)


@attrs.frozen(kw_only=True)
class Submit(Command):
    """Hand the batch to the card centre."""


@attrs.frozen(kw_only=True)
class RecordReceipt(Command):
    """Note the centre's receipt.

    Arguments:
        number: its number, if it has one.
        ready_on: the day from which cards can be collected, if it names one.
    """

    number: str = ""
    ready_on: date | None = None


@attrs.frozen(kw_only=True)
class RecordResult(Command):
    """Note that the cards were made, but for those rejected: row → reason."""

    rejected: Mapping[str, str] = attrs.field(factory=dict, converter=_copied)


@attrs.frozen(kw_only=True)
class Collect(Command):
    """Collect the cards for the unit."""


@attrs.frozen(kw_only=True)
class HandOut(Command):
    """Hand cards to their people, who sign for them."""

    rows: tuple[str, ...] = attrs.field(converter=_ids)


@attrs.frozen(kw_only=True)
class Withdraw(Command):
    """Take a batch back that the centre has not accepted yet."""
