"""Deciding what is declared to the tax side, and what it says of it."""

from __future__ import annotations

from socialins.collection import commands as co, events as ev
from socialins.collection.case import Case, Outcome, moment_in_china
from socialins.collection.codes import PlanState
from socialins.collection.plan import CollectionPlan
from socialins.deciding import Refused
from socialins.faults import Fault

__all__ = ["declare", "record_feedback", "void_declaration"]


def declare(case: Case, command: co.Declare) -> Outcome:
    """Declare the ticked plans, all of them or none."""
    if not command.plans:
        raise Refused(Fault("collection.nothing-ticked"))
    events: list[ev.Event] = []
    warnings: list[Fault] = []
    for id_ in dict.fromkeys(command.plans):
        plan = case.plan(id_, PlanState.PLANNED, PlanState.HANDED_OVER, PlanState.VOIDED)
        if plan.state is PlanState.PLANNED:
            warnings += _arrived(plan, command)
            events.append(ev.HandedOver(at=command.at, plan=id_))
        events.append(ev.Declared(at=command.at, plan=id_, number=plan.declarations + 1))
    return events, warnings


def _arrived(plan: CollectionPlan, command: co.Declare) -> tuple[Fault, ...]:
    """Refuse what can't have reached the tax side; warn where nobody says when it does."""
    if plan.payable_from is None:
        return (Fault("collection.handover-unknown", {"plan": plan.id}),)
    if command.at < plan.payable_from:
        values = {"plan": plan.id, "from": moment_in_china(plan.payable_from)}
        raise Refused(Fault("collection.not-handed-over", values))
    return ()


def record_feedback(case: Case, command: co.RecordFeedback) -> Outcome:
    """Record an answer; the same one may come twice, or when it is of no use any more."""
    plan = case.plan(command.plan, *PlanState)
    number = command.number or plan.declarations
    if number != plan.declarations or not number:
        values = {"plan": plan.id, "number": str(number), "last": str(plan.declarations)}
        raise Refused(Fault("collection.stale-feedback", values))
    if plan.state is PlanState.DECLARED:
        event = ev.FeedbackRecorded(
            at=command.at,
            plan=plan.id,
            number=number,
            accepted=command.accepted,
            reason="" if command.accepted else command.reason,
        )
        return (event,), ()
    if plan.state is PlanState.REVOKED:
        raise Refused(Fault("collection.revoked", {"plan": plan.id}))
    # Whatever has become of it since: an answer that was given already changes nothing.
    accepted = not plan.refused_for
    if accepted != command.accepted:
        raise Refused(Fault("collection.answered-otherwise", {"id": plan.id}))
    return (), ()


def void_declaration(case: Case, command: co.VoidDeclaration) -> Outcome:
    """Void an accepted declaration that is not invoiced."""
    plan = case.plan(command.plan)
    invoice = case.collection.invoice_of(plan.id)
    if invoice is not None:
        raise Refused(Fault("collection.invoiced", {"plan": plan.id, "order": invoice.id}))
    if plan.paid_of_lines:
        raise Refused(Fault("collection.paid-before", {"plan": plan.id}))
    case.plan(plan.id, PlanState.AWAITING_PAYMENT)
    return (ev.DeclarationVoided(at=command.at, plan=plan.id),), ()
