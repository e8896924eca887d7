"""Deciding what goes to the bureau: submitting and taking back, within the window."""

from __future__ import annotations

from socialins.deciding import Refused, Values
from socialins.faults import Fault
from socialins.filing import commands as co, events as ev
from socialins.filing.case import Case, Outcome, in_china
from socialins.filing.codes import DeclarationState
from socialins.filing.prerequisites import failed_requirements
from socialins.filing.stating import submission_content
from socialins.rules.business import Business
from socialins.values import Month

__all__ = ["submit", "withdraw"]


def submit(case: Case, command: co.Submit) -> Outcome:
    """Send a declaration, if its window is open and what must be done before is done."""
    case.must_be_open()
    found = case.declaration(
        command.declaration, DeclarationState.READY, DeclarationState.WITHDRAWN
    )
    business = case.business(found.business)
    # It was sent in time once, and what is wrong with it was learnt from the bureau.
    after = found.returned and case.rules.closing.resubmit_after_window
    unknown = case.window_allows(business.id, command, after=after)
    if unknown:
        _must_be_of_this_month(case, business, command)
    failed = tuple(
        failed_requirements(
            business,
            found.rows,
            command.facts,
            in_china(command.at).date(),
            case.rules.checks,
            month=case.month,
            channel=found.channel,
        )
    )
    if errors := [fault for fault in failed if fault.is_error]:
        raise Refused(*errors)
    signature = None
    if command.signature is not None or case.rules.signing.required:
        signature = case.signed(
            business.id,
            found.channel,
            command.signature,
            command.at,
            lambda account: submission_content(case.book, found.id, account),
        )
    direct = not business.is_audited
    event = ev.Submitted(
        at=command.at,
        declaration=found.id,
        effect=case.month,
        window_known=not unknown,
        direct=direct,
        awaits_counter=direct and business.counter is not None,
        signature=signature,
    )
    return (event,), (*unknown, *failed)


def withdraw(case: Case, command: co.Withdraw) -> Outcome:
    """Take back what the bureau has not decided."""
    case.must_be_open()
    found = case.declaration(command.declaration, DeclarationState.SUBMITTED)
    unknown = case.window_allows(found.business, command)
    return (ev.Withdrawn(at=command.at, declaration=found.id),), unknown


def _must_be_of_this_month(case: Case, business: Business, command: co.Command) -> None:
    """Where no window says so, the business itself may say which month it counts for."""
    if business.takes_effect is None:
        return
    effect = Month.of(in_china(command.at).date()) + business.takes_effect
    if effect != case.month:
        values: Values = {
            "business": business.name,
            "month": str(case.month),
            "effect": str(effect),
        }
        raise Refused(Fault("filing.other-month", values))
