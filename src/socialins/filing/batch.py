"""Batches (批量申报): the bureau's list of failures read, and the failed rows filed again.

A declaration of a hundred thousand rows is one draft, one submission and one result. Each row has
its own outcome all the same; what failed goes into a declaration of its own, corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from socialins.faults import Fault
from socialins.filing.changes import Change
from socialins.filing.codes import ImportResult
from socialins.filing.commands import Draft, RecordResult
from socialins.filing.declaration import Declaration, Rejection

__all__ = ["Correction", "correction", "result_of"]


def result_of(
    declaration: Declaration,
    failures: Mapping[str, str],
    *,
    at: datetime,
    by: str = "",
    key: str = "",
) -> RecordResult:
    """The command that records a list of failures: all, part or none of the rows were taken.

    Arguments:
        declaration: the declaration that the list is about.
        failures: the bureau's reason by row id, or by the number of the person's document. One that
            fits no row goes into the command as it is, and the command will be refused.
        at: the moment of the command.
        by: who records it.
        key: the command's key.
    """
    by_number = {
        row.person.document.number: row.row for row in declaration.rows if row.person is not None
    }
    rejected = {
        row: Rejection(row, reason=reason)
        for named, reason in failures.items()
        for row in (by_number.get(named, named),)
    }
    result = ImportResult.ALL
    if rejected:
        result = ImportResult.PART if len(rejected) < declaration.heads else ImportResult.NONE
    return RecordResult(
        at=at,
        by=by,
        key=key,
        declaration=declaration.id,
        result=result,
        rejected=tuple(rejected.values()),
    )


@attrs.frozen
class Correction:
    """Failed rows that are filed again.

    Arguments:
        command: what enters them as a declaration; None if something is wrong with them.
        left: failed rows that are not among them.
        faults: what is wrong.
    """

    command: Draft | None
    left: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


def correction(
    declaration: Declaration,
    corrected: Iterable[Change],
    *,
    into: str,
    at: datetime,
    by: str = "",
    key: str = "",
) -> Correction:
    """File the failed rows of a declaration again, corrected.

    Arguments:
        declaration: the declaration of which rows failed.
        corrected: the rows as they are filed now, under the ids they had; only failed ones.
        into: the id of the new declaration.
        at: the moment of the command.
        by: who files them.
        key: the command's key; left out, it is made of both ids, so that sending the same again
            happens once.

    Returns:
        The command for all of the rows, or faults and no command at all.
    """
    failed = {row.row: row for row, _ in declaration.failed()}
    now: dict[str, Change] = {}
    faults = []
    for row in corrected:
        if row.row not in failed:
            values = {"declaration": declaration.id, "row": row.row}
            faults.append(Fault("filing.not-failed", values))
        elif row.row in now:
            faults.append(Fault("filing.row-twice", {"row": row.row}))
        now[row.row] = row
    if faults:
        return Correction(None, tuple(failed.values()), tuple(faults))
    command = Draft(
        at=at,
        by=by,
        key=key or f"{declaration.id}>{into}",
        declaration=into,
        business=declaration.business,
        channel=declaration.channel,
        rows=tuple(now.values()),
        corrects=declaration.id,
    )
    return Correction(command, tuple(row for id_, row in failed.items() if id_ not in now))
