"""Deciding what goes to the tax side: plans, their credit, their revocation."""

from __future__ import annotations

from collections import Counter

from socialins.arrears import Debt, offset_credit
from socialins.collection import commands as co, events as ev
from socialins.collection.case import Case, Outcome, moment_in_china
from socialins.collection.codes import CollectionMode, PlanState, Role
from socialins.collection.lines import Owed, PlanLine
from socialins.collection.plan import CollectionPlan
from socialins.deciding import Refused, Values
from socialins.faults import Fault, Text
from socialins.model.codes import Kind
from socialins.rules import RuleUnknown
from socialins.values import Money

__all__ = ["hand_over", "make_plan", "note_agreement", "note_credit", "open_", "refund", "revoke"]


def open_(case: Case, command: co.OpenCollection) -> Outcome:
    """Begin an account's month."""
    if case.collection.is_opened:
        raise Refused(Fault("collection.already-open", {"month": str(case.month)}))
    if command.division != case.rules.division:
        values = {"division": command.division, "wanted": case.rules.division}
        raise Refused(Fault("collection.other-division", values))
    event = ev.CollectionOpened(
        at=command.at, account=command.account, division=command.division, month=command.month
    )
    return (event,), ()


def note_agreement(case: Case, command: co.NoteAgreement) -> Outcome:
    """Note whether an agreement is signed."""
    if case.collection.agreement is command.signed:
        return (), ()
    return (ev.AgreementNoted(at=command.at, signed=command.signed),), ()


def note_credit(case: Case, command: co.NoteCredit) -> Outcome:
    """Note the agency's credit balance."""
    if case.collection.credit == command.balance:
        return (), ()
    return (ev.CreditNoted(at=command.at, balance=command.balance),), ()


def make_plan(case: Case, command: co.MakePlan) -> Outcome:
    """Make a plan; credit is offset now, in the order that the rule says."""
    if command.plan in case.collection.plans:
        raise Refused(Fault("collection.id-taken", {"id": command.plan}))
    _lines_must_fit(command.lines)
    mode, warnings = _mode(case, command)
    lines = _with_credit(case, command)
    dues = {case.rules.due(one.insurance, case.month) for one in lines} - {None}
    event = ev.Planned(
        at=command.at,
        plan=command.plan,
        mode=mode,
        role=command.role,
        lines=lines,
        back=command.back,
        payable_from=case.rules.payable_from(mode, command.at),
        due_on=min((day for day in dues if day is not None), default=None),
        deferral=command.deferral,
    )
    twice = [one for one in case.collection.live if _regular(one.lines) & _regular(lines)]
    if twice:
        values = {"plan": command.plan, "other": ", ".join(one.id for one in twice)}
        warnings = (*warnings, Fault("collection.planned-before", values))
    return (event,), warnings


def hand_over(case: Case, command: co.HandOver) -> Outcome:
    """Record that a plan reached the tax side; not before it can have."""
    plan = case.plan(command.plan, PlanState.PLANNED)
    if plan.payable_from is not None and command.at < plan.payable_from:
        raise Refused(_not_handed_over(plan))
    return (ev.HandedOver(at=command.at, plan=plan.id),), ()


def revoke(case: Case, command: co.Revoke) -> Outcome:
    """Revoke a plan that is undeclared, or declared and not invoiced."""
    plan = case.plan(command.plan)
    if plan.state is PlanState.REVOKED:
        return (), ()
    invoice = case.collection.invoice_of(plan.id)
    if invoice is not None:
        raise Refused(Fault("collection.invoiced", {"plan": plan.id, "order": invoice.id}))
    if plan.state is PlanState.PAID or plan.paid_of_lines:
        raise Refused(Fault("collection.paid-before", {"plan": plan.id}))
    left = case.collection.credit + plan.credited - plan.back
    if left.fen < 0:
        values = {"plan": plan.id, "back": f"{plan.back:,}"}
        raise Refused(Fault("collection.credit-gone", values))
    return (ev.PlanRevoked(at=command.at, plan=plan.id),), ()


def refund(case: Case, command: co.RecordRefund) -> Outcome:
    """Record that credit was paid out, if there is as much."""
    if not command.amount:
        return (), ()
    if command.amount > case.collection.credit:
        values = {"amount": f"{command.amount:,}", "credit": f"{case.collection.credit:,}"}
        raise Refused(Fault("collection.credit-short", values))
    return (ev.Refunded(at=command.at, amount=command.amount),), ()


def _lines_must_fit(lines: tuple[Owed, ...]) -> None:
    if not Money.sum(one.amount for one in lines):
        raise Refused(Fault("collection.nothing-owed"))
    for one in lines:
        if one.amount.fen < 0:
            values = {"insurance": one.insurance, "amount": f"{one.amount:,}"}
            raise Refused(Fault("collection.line-negative", values))
    for key, times in Counter(one.key for one in lines).items():
        if times > 1:
            insurance, item, payer, period, kind = key
            named: Values = {
                "insurance": f"{insurance} {item}",
                "payer": payer.text,
                "period": str(period),
                "kind": kind.text,
            }
            raise Refused(Fault("collection.line-twice", named))


def _mode(case: Case, command: co.MakePlan) -> tuple[CollectionMode, tuple[Fault, ...]]:
    """In which way a plan is collected: as the command says, else as the rules say."""
    # The rules of modes are those of employers; what residents pay is collected otherwise.
    known = {
        one.insurance: case.rules.mode(one.insurance, case.month)
        for one in command.lines
        if command.role is Role.EMPLOYER
    }
    modes = set(known.values())
    if command.mode is not None:
        others = modes - {command.mode, None}
        # Special payments stand beside the regular ones of the same insurances.
        if others and command.mode is not CollectionMode.SPECIAL:
            named: Values = {"mode": command.mode.text, "other": _titles(others)}
            return command.mode, (Fault("collection.other-mode", named),)
        return command.mode, ()
    if len(modes) > 1:
        raise Refused(Fault("collection.mixed-modes", {"modes": _titles(modes - {None})}))
    mode = modes.pop() if modes else None
    if mode is None:
        raise Refused(Fault("collection.mode-unknown", {"insurances": ", ".join(known) or "*"}))
    return mode, ()


def _titles(modes: set[CollectionMode | None]) -> Text:
    listed = sorted(mode for mode in modes if mode is not None)
    zh = "、".join(mode.title("zh") for mode in listed)
    return Text(zh, ", ".join(mode.title("en") for mode in listed))


def _with_credit(case: Case, command: co.MakePlan) -> tuple[PlanLine, ...]:
    """The lines with what credit pays of each."""
    balance = case.collection.credit + command.back
    credited = [Money(0)] * len(command.lines)
    # The balance is what the employer paid too much; it is not the residents'.
    if balance and command.role is Role.EMPLOYER:
        debts = [
            Debt(one.kind, one.period, one.amount, str(index))
            for index, one in enumerate(command.lines)
        ]
        try:
            found = offset_credit(case.rules.cascade, balance, debts, case.month)
        except RuleUnknown as error:
            raise Refused(error.fault) from error
        for one in found.items:
            credited[int(one.debt.label)] = one.credited
    return tuple(
        PlanLine(
            insurance=one.insurance,
            item=one.item,
            payer=one.payer,
            period=one.period,
            kind=one.kind,
            amount=one.amount,
            credited=taken,
        )
        for one, taken in zip(command.lines, credited, strict=True)
    )


def _regular(lines: tuple[PlanLine, ...]) -> set[object]:
    return {one.key for one in lines if one.kind is Kind.REGULAR}


def _not_handed_over(plan: CollectionPlan) -> Fault:
    assert plan.payable_from is not None  # noqa: S101  # asked only where it is known
    values = {"plan": plan.id, "from": moment_in_china(plan.payable_from)}
    return Fault("collection.not-handed-over", values)
