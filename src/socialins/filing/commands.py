"""Commands: what somebody wants to happen. `decide` says whether it does."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialins.deciding import ADDED, Command, named, of_these_times
from socialins.filing.changes import Change
from socialins.filing.codes import ImportResult, StepState
from socialins.filing.declaration import Rejection
from socialins.filing.facts import Facts
from socialins.filing.signature import Signature
from socialins.rules.business import Channel
from socialins.values import Money, Month, as_month
from socialins.values.masking import masked

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


@attrs.frozen(kw_only=True)
class OpenBook(Command):
    """Open an account's month."""

    account: str = attrs.field(validator=named)
    division: str
    month: Month = attrs.field(converter=as_month, validator=of_these_times)


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

    declaration: str = attrs.field(validator=named)
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
    wages: Money = attrs.field(repr=masked)


@attrs.frozen(kw_only=True)
class Submit(Command):
    """Send a declaration to the bureau.

    Arguments:
        declaration: its id.
        facts: what is known of unit and persons, for the prerequisites.
        signature: what the unit signed (`submission_content`) and its signature; `decide` has it
            proved before it is believed. Each submission needs one of its own, a resubmission too.
    """

    declaration: str
    facts: Facts = attrs.field(factory=Facts)
    signature: Signature | None = attrs.field(default=None, metadata=ADDED)


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
        signature: what the unit signed (`closing_content`) and its signature.
    """

    business: str
    leave_unsent: bool = False
    signature: Signature | None = attrs.field(default=None, metadata=ADDED)


@attrs.frozen(kw_only=True)
class ApplyAssessment(Command):
    """Record the assessment of the closed month."""

    total: Money


@attrs.frozen(kw_only=True)
class RollBack(Command):
    """Take closing and assessment back."""
