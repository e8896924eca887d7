"""Deciding what the bureau did: steps, results, the counter. No window binds the bureau."""

from __future__ import annotations

from dateutil.relativedelta import relativedelta

from socialins.deciding import Refused, Values
from socialins.faults import Fault
from socialins.filing import commands as co, events as ev
from socialins.filing.case import Case, Outcome, in_china
from socialins.filing.codes import DeclarationState, ImportResult
from socialins.filing.declaration import Declaration
from socialins.values import Month

__all__ = ["confirm", "expire", "record_result", "record_step"]


def record_step(case: Case, command: co.RecordStep) -> Outcome:
    """Note how a step of the audit stands."""
    found = case.declaration(
        command.declaration, DeclarationState.SUBMITTED, DeclarationState.COUNTER
    )
    steps = case.business(found.business).steps
    if steps and command.step not in {step.id for step in steps}:
        values = {"step": command.step, "choices": ", ".join(step.id for step in steps)}
        raise Refused(Fault("filing.no-such-step", values))
    event = ev.StepRecorded(
        at=command.at,
        declaration=found.id,
        step=command.step,
        state=command.state,
        handler=command.handler,
    )
    return (event,), ()


def record_result(case: Case, command: co.RecordResult) -> Outcome:
    """Note what the bureau took; what it took after the month was closed counts for the next."""
    found = case.declaration(command.declaration, DeclarationState.SUBMITTED)
    rows = {row.row for row in found.rows}
    rejected = {one.row for one in command.rejected}
    if beyond := sorted(rejected - rows):
        values = {"declaration": found.id, "row": beyond[0]}
        raise Refused(Fault("filing.no-such-row", values))
    taken = len(rows) - len(rejected)
    fits = {
        ImportResult.ALL: not rejected,
        ImportResult.PART: bool(rejected) and bool(taken),
        # None of the rows was taken; the bureau may say so without naming each.
        ImportResult.NONE: not rejected or not taken,
    }
    if not fits[command.result]:
        shown: Values = {"result": command.result.text, "rejected": str(len(rejected))}
        raise Refused(Fault("filing.result-differs", shown))
    submitted_for = found.effect or case.month
    effect = case.first_open(submitted_for)
    event = ev.ResultRecorded(
        at=command.at,
        declaration=found.id,
        result=command.result,
        rejected=command.rejected,
        awaits_counter=case.business(found.business).counter is not None,
        effect=effect if effect != submitted_for else None,
    )
    return (event,), ()


def confirm(case: Case, command: co.ConfirmAtCounter) -> Outcome:
    """Note the confirmation at the counter, which may set the month it counts for."""
    found = case.declaration(command.declaration, DeclarationState.COUNTER)
    rule = case.business(found.business).counter
    if _is_lapsed(found, case, command):
        raise Refused(Fault("filing.lapsed", {"declaration": found.id}))
    effect = found.effect or case.month
    if rule is not None and rule.sets_effect:
        effect = Month.of(in_china(command.at).date())
    event = ev.CounterConfirmed(at=command.at, declaration=found.id, effect=case.first_open(effect))
    return (event,), ()


def expire(case: Case, command: co.Expire) -> Outcome:
    """Let lapse what waited at the counter for too long."""
    lapsed = (
        ev.Lapsed(at=command.at, declaration=found.id)
        for found in case.book.of_state(DeclarationState.COUNTER)
        if _is_lapsed(found, case, command)
    )
    return tuple(lapsed), ()


def _is_lapsed(found: Declaration, case: Case, command: co.Command) -> bool:
    rule = case.business(found.business).counter
    if rule is None or rule.expires_months is None or found.submitted_at is None:
        return False
    until = in_china(found.submitted_at) + relativedelta(months=rule.expires_months)
    return command.at >= until
