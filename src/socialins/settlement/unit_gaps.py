"""Unit gaps: where a unit's share rests on more than its persons, what it differs by.

Persons' amounts never depend on each other. Where the rule takes the sum of the bases, the total
wages or the larger of both, what that differs by from the persons' sum is a line of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import attrs

from socialins.faults import Fault, Text
from socialins.model.codes import Payer
from socialins.model.roster import Roster
from socialins.rules import UnitBasis
from socialins.settlement.contribution import Contribution
from socialins.settlement.schedule import Line
from socialins.settlement.settlement import Unsettled
from socialins.values import Money, Month

__all__ = ["UnitGaps", "unit_gaps"]


@attrs.frozen
class UnitGaps:
    """What the unit owes beyond its persons' amounts.

    Arguments:
        contributions: one an insurance and item.
        unsettled: what could not be settled.
    """

    contributions: tuple[Contribution, ...]
    unsettled: tuple[Unsettled, ...]


def unit_gaps(made: Iterable[Contribution], roster: Roster, month: Month) -> UnitGaps:
    """Settle what rests on the unit as a whole.

    Arguments:
        made: the persons' contributions.
        roster: the roster, whose total wages some rules ask for.
        month: the month of the settlement.
    """
    groups: defaultdict[tuple[str, str], list[Contribution]] = defaultdict(list)
    for one in made:
        if one.payer is Payer.UNIT and one.line.unit_basis is not UnitBasis.PERSONS:
            groups[one.insurance, one.item].append(one)
    found = [_gap(group, roster.total_wages, month) for group in groups.values()]
    return UnitGaps(
        tuple(one for one in found if isinstance(one, Contribution)),
        tuple(one for one in found if isinstance(one, Unsettled)),
    )


def _gap(group: list[Contribution], total: Money | None, month: Month) -> Contribution | Unsettled:
    line = group[0].line
    values: dict[str, str | Text] = {"insurance": line.title, "month": str(month)}
    if len({(one.rate, one.line.amount_rounding, one.line.unit_basis) for one in group}) > 1:
        return _unsettled(line, month, Fault("settle.unit-base-mixed", values))
    bases = Money.sum(one.base for one in group)
    if line.unit_basis is UnitBasis.SUM_OF_BASES:
        base = bases
    elif total is None:
        return _unsettled(line, month, Fault("settle.total-wages-missing", values))
    else:
        base = total if line.unit_basis is UnitBasis.TOTAL_WAGES else max(total, bases)
    rate = group[0].rate
    owed = line.amount_rounding(rate.of(base))
    shared = Money.sum(one.amount - one.fixed for one in group)
    return Contribution(
        person=None,
        insurance=line.insurance,
        item=line.item,
        payer=Payer.UNIT,
        period=month,
        base=base,
        rate=rate,
        fixed=Money(0),
        amount=owed - shared,
        wage=bases,
        line=line,
        operand=group[0].operand,
        stated=group[0].stated,
    )


def _unsettled(line: Line, month: Month, fault: Fault) -> Unsettled:
    return Unsettled(
        person=None,
        insurance=line.insurance,
        item=line.item,
        payer=line.payer,
        month=month,
        fault=fault,
    )
