"""Declaration (申报): one filed instance of a business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from socialins.filing.changes import Change
from socialins.filing.codes import DeclarationState, ImportResult, RowOutcome, StepState
from socialins.filing.signature import ProvedSignature
from socialins.rules.business import Channel
from socialins.values import Money, Month

__all__ = ["AuditRecord", "Declaration", "Rejection"]


@attrs.frozen
class Rejection:
    """Why a row was not taken.

    Arguments:
        row: the row's id.
        code: the bureau's result code, if it gave one.
        reason: why, in the bureau's words.
    """

    row: str
    code: str = ""
    reason: str = ""


@attrs.frozen
class AuditRecord:
    """How a step of the audit stands.

    Arguments:
        step: its id.
        state: waiting, in hand, done.
        handler: who has it.
        at: since when.
    """

    step: str
    state: StepState
    handler: str
    at: datetime


@attrs.frozen(kw_only=True)
class Declaration:
    """A declaration as it stands.

    Arguments:
        id: its id within the account.
        business: the business's id.
        channel: the way in which it is filed.
        rows: what is stated, a row a person.
        state: where it stands.
        effect: the first month it counts for; None until that is settled.
        submitted_at: when it was last submitted.
        result: what of its rows was taken; None until the bureau said so.
        rejected: the rows that were not taken, by row id.
        audit: how the steps of the audit stand, in order.
        corrects: the declaration whose rejected rows this one files again.
        returned: the bureau has returned it, and the unit has not taken it back since.
        submissions: how often it was submitted.
        signature: what the unit signed when it was last submitted; None if nothing, or if it was
            edited or taken back since.
    """

    id: str
    business: str
    channel: Channel = Channel.ONLINE
    rows: tuple[Change, ...] = attrs.field(repr=lambda rows: f"<{len(rows)} rows>")
    state: DeclarationState = DeclarationState.DRAFT
    effect: Month | None = None
    submitted_at: datetime | None = None
    result: ImportResult | None = None
    rejected: Mapping[str, Rejection] = attrs.field(factory=dict, repr=False, hash=False)
    audit: tuple[AuditRecord, ...] = ()
    corrects: str = ""
    returned: bool = False
    submissions: int = 0
    signature: ProvedSignature | None = None

    @property
    def heads(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    @property
    def wages(self) -> Money:
        """The sum of the stated wages."""
        return Money.sum(row.wage for row in self.rows if row.wage is not None)

    def taken(self) -> Iterator[Change]:
        """The rows that are effective: of a passed declaration, those that were not rejected."""
        if self.state is DeclarationState.PASSED:
            yield from (row for row in self.rows if row.row not in self.rejected)

    def failed(self) -> Iterator[tuple[Change, Rejection]]:
        """The rows that were not taken, each with the reason (失败名单).

        Where the bureau took none and named none, they are all there, without a reason.
        """
        none = self.result is ImportResult.NONE
        for row in self.rows:
            rejection = self.rejected.get(row.row)
            if rejection is not None:
                yield row, rejection
            elif none:
                yield row, Rejection(row.row)

    def outcomes(self) -> Iterator[tuple[Change, RowOutcome]]:
        """What came of each row."""
        failed = {row.row for row, _ in self.failed()}
        rest = _OUTCOMES.get(self.state, RowOutcome.PENDING)
        for row in self.rows:
            yield row, RowOutcome.FAILED if row.row in failed else rest


_OUTCOMES = {
    DeclarationState.PASSED: RowOutcome.PASSED,
    DeclarationState.RETURNED: RowOutcome.FAILED,
    DeclarationState.LAPSED: RowOutcome.NONE,
    DeclarationState.DELETED: RowOutcome.NONE,
}
