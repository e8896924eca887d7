"""Events: what happened to an account's month, in the order in which it happened.

State is a fold over these, so an event says all that the state needs and nothing that could be
computed anew differently later: the month that a submission counts for is in the event, since the
rules that gave it may be corrected one day.
"""

from __future__ import annotations

import attrs

from socialins.deciding import ADDED, Event
from socialins.filing.changes import Change
from socialins.filing.codes import ImportResult, StepState
from socialins.filing.declaration import Rejection
from socialins.filing.signature import ProvedSignature
from socialins.rules.business import Channel
from socialins.values import Money, Month
from socialins.values.masking import masked

__all__ = [
    "AssessmentApplied",
    "BookOpened",
    "CounterConfirmed",
    "Deleted",
    "Drafted",
    "Edited",
    "Event",
    "Lapsed",
    "MonthClosed",
    "MonthRolledBack",
    "Readied",
    "ResultRecorded",
    "StepRecorded",
    "Submitted",
    "Withdrawn",
]


@attrs.frozen(kw_only=True)
class BookOpened(Event):
    """An account's month was opened."""

    account: str
    division: str
    month: Month


@attrs.frozen(kw_only=True)
class Drafted(Event):
    """A declaration was entered."""

    declaration: str
    business: str
    channel: Channel
    rows: tuple[Change, ...] = attrs.field(repr=lambda rows: f"<{len(rows)} rows>")
    corrects: str = ""


@attrs.frozen(kw_only=True)
class Edited(Event):
    """The rows of a declaration were replaced; a returned one is a draft again."""

    declaration: str
    rows: tuple[Change, ...] = attrs.field(repr=lambda rows: f"<{len(rows)} rows>")


@attrs.frozen(kw_only=True)
class Readied(Event):
    """Heads and wages of a declaration were confirmed; it can be submitted."""

    declaration: str
    heads: int
    wages: Money = attrs.field(repr=masked)


@attrs.frozen(kw_only=True)
class Submitted(Event):
    """A declaration went to the bureau.

    Arguments:
        declaration: its id.
        effect: the first month it counts for.
        window_known: whether a rule says when it may be submitted; if not, nothing was checked.
        direct: nobody audits it; it is effective at once, unless it awaits the counter.
        awaits_counter: without an audit, it is to be confirmed at the counter.
        signature: what the unit signed, with its signature, as it was proved at the time; None
            where nothing was signed.
    """

    declaration: str
    effect: Month
    window_known: bool = True
    direct: bool = False
    awaits_counter: bool = False
    signature: ProvedSignature | None = attrs.field(default=None, metadata=ADDED)


@attrs.frozen(kw_only=True)
class StepRecorded(Event):
    """A step of the audit moved on."""

    declaration: str
    step: str
    state: StepState
    handler: str = ""


@attrs.frozen(kw_only=True)
class ResultRecorded(Event):
    """The bureau said what it took.

    Arguments:
        declaration: its id.
        result: all, part, none.
        rejected: the rows that were not taken; of the other rows all were.
        awaits_counter: what was taken is to be confirmed at the counter.
        effect: the first month it counts for, where that is no longer the month it was submitted
            for, since that month was closed meanwhile; None where it is.
    """

    declaration: str
    result: ImportResult
    rejected: tuple[Rejection, ...] = ()
    awaits_counter: bool = False
    effect: Month | None = None


@attrs.frozen(kw_only=True)
class CounterConfirmed(Event):
    """The papers were confirmed at the counter."""

    declaration: str
    effect: Month


@attrs.frozen(kw_only=True)
class Withdrawn(Event):
    """The unit took a declaration back before the bureau decided."""

    declaration: str


@attrs.frozen(kw_only=True)
class Deleted(Event):
    """A declaration that the bureau has not, or has returned, was deleted."""

    declaration: str


@attrs.frozen(kw_only=True)
class Lapsed(Event):
    """A declaration was not confirmed at the counter in time."""

    declaration: str


@attrs.frozen(kw_only=True)
class MonthClosed(Event):
    """The month was closed.

    Arguments:
        business: the business that closed it: with changes or without.
        changes: ids of the declarations that the month counts.
        carried: ids of those in earlier books that count for this month as well.
        signature: what the unit signed, with its signature; None where nothing was signed.
    """

    business: str
    changes: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    signature: ProvedSignature | None = attrs.field(default=None, metadata=ADDED)


@attrs.frozen(kw_only=True)
class AssessmentApplied(Event):
    """The closed month was assessed (核定)."""

    total: Money


@attrs.frozen(kw_only=True)
class MonthRolledBack(Event):
    """Closing and assessment were taken back (核定回退)."""
