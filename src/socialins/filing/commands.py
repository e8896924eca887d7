"""Commands: what somebody wants to happen. `decide` says whether it does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialins.filing.changes import Change
from socialins.filing.codes import ImportResult, StepState
from socialins.filing.declaration import Rejection
from socialins.filing.facts import Facts
from socialins.rules.business import Channel
from socialins.values import Money, Month, as_month

__all__ = [
    "ApplyAssessment",
    "CloseMonth",
    "Command",
    "ConfirmAtCounter",
    "Delete",
    "Draft",
    "Edit",
    "Expire",
    "OpenBook",
    "Ready",
    "RecordResult",
    "RecordStep",
    "RollBack",
    "Submit",
    "Withdraw",
]


_YEARS = range(1950, 2190)
"""Years of moments and months; a moment beyond them is a slip of the keyboard."""


def _aware(_instance: object, _attribute: object, moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; pass an aware moment")
    if moment.year not in _YEARS:
        raise ValueError(f"{moment} is not of these times; pass the moment of filing")


def _of_these_times(_instance: object, _attribute: object, month: Month) -> None:
    if month.year not in _YEARS:
        raise ValueError(f"{month} is not of these times; pass the month of the book")


def _rows(rows: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(rows)


def _rejections(rejected: Iterable[Rejection]) -> tuple[Rejection, ...]:
    return tuple(rejected)


def _result(result: str) -> ImportResult:
    return ImportResult(result)


def _step_state(state: str) -> StepState:
    return StepState(state)


def _channel(channel: str) -> Channel:
    return Channel(channel)


def _an_id(_instance: object, attribute: attrs.Attribute[str], id_: str) -> None:
    if not id_:
        raise ValueError(f"{attribute.name!r} can't be empty")


@attrs.frozen(kw_only=True)
class Command:
    """What every command carries.

    Arguments:
        at: the moment, aware.
        by: who wants it.
        key: the caller's own key; the same command sent again with it happens once.
    """

    at: datetime = attrs.field(validator=_aware)
    by: str = ""
    key: str = ""


@attrs.frozen(kw_only=True)
class OpenBook(Command):
    """Open an account's month."""

    account: str = attrs.field(validator=_an_id)
    division: str
    month: Month = attrs.field(converter=as_month, validator=_of_these_times)


@attrs.frozen(kw_only=True)
class Draft(Command):
    """Enter a declaration.

    Arguments:
        declaration: a new id within the account.
        business: the business's id.
        rows: the rows.
        channel: the way in which it is filed.
        corrects: the declaration whose rejected rows it files again.
    """

    declaration: str = attrs.field(validator=_an_id)
    business: str
    rows: tuple[Change, ...] = attrs.field(converter=_rows, repr=lambda rows: f"<{len(rows)} rows>")
    channel: Channel = attrs.field(default=Channel.ONLINE, converter=_channel)
    corrects: str = ""


@attrs.frozen(kw_only=True)
class Edit(Command):
    """Replace the rows of a draft, of one that was taken back, or of a returned one.

    A returned declaration can only be edited where the region allows it.
    """

    declaration: str
    rows: tuple[Change, ...] = attrs.field(converter=_rows, repr=lambda rows: f"<{len(rows)} rows>")


@attrs.frozen(kw_only=True)
class Ready(Command):
    """Confirm a draft's heads and sum of wages (提交前核对人数和工资合计)."""

    declaration: str
    heads: int
    wages: Money


@attrs.frozen(kw_only=True)
class Submit(Command):
    """Send a declaration to the bureau.

    Arguments:
        declaration: its id.
        facts: what is known of unit and persons, for the prerequisites.
    """

    declaration: str
    facts: Facts = attrs.field(factory=Facts)


@attrs.frozen(kw_only=True)
class Withdraw(Command):
    """Take a submitted declaration back."""

    declaration: str


@attrs.frozen(kw_only=True)
class Delete(Command):
    """Delete a declaration that was not submitted, or was returned."""

    declaration: str


@attrs.frozen(kw_only=True)
class RecordStep(Command):
    """Record how a step of the audit stands."""

    declaration: str
    step: str
    state: StepState = attrs.field(converter=_step_state)
    handler: str = ""


@attrs.frozen(kw_only=True)
class RecordResult(Command):
    """Record what the bureau took: all, part or none of the rows."""

    declaration: str
    result: ImportResult = attrs.field(converter=_result)
    rejected: tuple[Rejection, ...] = attrs.field(default=(), converter=_rejections)


@attrs.frozen(kw_only=True)
class ConfirmAtCounter(Command):
    """Record that the papers were confirmed at the counter."""

    declaration: str


@attrs.frozen(kw_only=True)
class Expire(Command):
    """Let lapse what was not confirmed at the counter in time."""


@attrs.frozen(kw_only=True)
class CloseMonth(Command):
    """Close the month.

    Arguments:
        business: the business that closes it.
        leave_unsent: close it though declarations are still with the unit: entered and not sent,
            taken back, or returned and not filed anew. Without it, closing is refused, so that no
            change is forgotten.
    """

    business: str
    leave_unsent: bool = False


@attrs.frozen(kw_only=True)
class ApplyAssessment(Command):
    """Record the assessment of the closed month."""

    total: Money


@attrs.frozen(kw_only=True)
class RollBack(Command):
    """Take closing and assessment back."""
