"""Late fees of an order: on what it pays too late, by the day on which it is to be paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import attrs

from socialins.arrears import late_fees
from socialins.collection.case import Case
from socialins.collection.codes import Role
from socialins.collection.lines import Owed, Part
from socialins.collection.plan import CollectionPlan
from socialins.faults import Fault, Severity
from socialins.model.codes import Kind
from socialins.rules import ALL, RuleUnknown
from socialins.values import Money

__all__ = ["fees_on"]

_NOT_CHARGED = (Kind.LATE_FEE, Kind.INTEREST)


def fees_on(
    case: Case, plan: CollectionPlan, parts: Iterable[Part], day: date
) -> tuple[tuple[Owed, ...], tuple[Fault, ...]]:
    """The late fees on parts of a plan that are paid on a day, as lines of their own.

    A regular line is due with the month it is for; whatever else the plan collects was assessed in
    the plan's month and is due with that. What the assessment itself has of late fees bears none.

    Returns:
        The fees, and a warning where it is not known whether there are any.
    """
    # The law charges employers; nothing was seen of residents and who collects from them.
    if plan.role is not Role.EMPLOYER:
        return (), ()
    by_due: defaultdict[date, list[Owed]] = defaultdict(list)
    unknown: dict[str, None] = {}
    for part in parts:
        line = plan.lines[part.line]
        if line.kind in _NOT_CHARGED:
            continue
        month = line.period if line.kind is Kind.REGULAR else case.month
        due = case.rules.due(line.insurance, month)
        if due is None:
            unknown[line.insurance] = None
        elif day > due:
            by_due[due].append(_overdue(line, part.amount))
    warnings: list[Fault] = []
    if unknown:
        values = {"plan": plan.id, "insurances": ", ".join(unknown)}
        warnings.append(Fault("collection.due-unknown", values))
    fees: list[Owed] = []
    for due, overdue in by_due.items():
        try:
            found = late_fees(
                case.rules.cascade,
                overdue,
                due={one.period: due for one in overdue},
                paid=day,
                deferred=plan.deferral is not None,
                rule_class=plan.deferral,
            )
        except RuleUnknown as error:
            warnings.append(attrs.evolve(error.fault, severity=Severity.WARNING))
            continue
        warnings += found.faults
        fees += [
            Owed(
                insurance=fee.insurances[0] if len(fee.insurances) == 1 else ALL,
                payer=fee.payer,
                period=fee.period,
                kind=Kind.LATE_FEE,
                amount=fee.amount,
            )
            for fee in found.items
            if fee.amount
        ]
    return tuple(fees), tuple(warnings)


def _overdue(line: Owed, amount: Money) -> Owed:
    """What is paid too late of a line."""
    return Owed(
        insurance=line.insurance,
        item=line.item,
        payer=line.payer,
        period=line.period,
        kind=line.kind,
        amount=amount,
    )
