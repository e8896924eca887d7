"""Ledgers: a large roster settled class by class, as columns and as a bill of sums.

Per person there are columns of whole fen. What is told of a settlement as a whole (totals,
documents, the unit's differences, caveats) rests on sums alone, so the bill has one contribution
for each line of each class, in the order in which the persons would have brought them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.kernel import array_kernel
from socialins.bulk.limits import MAX_WAGE_FEN, Refused
from socialins.bulk.people import People
from socialins.faults import Fault
from socialins.model.codes import Payer
from socialins.model.roster import RosterEntry
from socialins.rules import Cascade
from socialins.settlement.contribution import Contribution
from socialins.settlement.fast import fast_function
from socialins.settlement.operand import ResolvedRate
from socialins.settlement.schedule import Line
from socialins.settlement.settle import Run, class_of
from socialins.settlement.settlement import Settlement, Unsettled
from socialins.settlement.unit_gaps import unit_gaps
from socialins.values import Money, Month, Rate

__all__ = ["Ledger", "Share", "settle_people"]

Fen = NDArray[np.int64]


@attrs.define
class Share:
    """What the persons of a group owe to one insurance, by payer: base, and sum of the items."""

    base: dict[Payer, Fen] = attrs.field(factory=dict)
    amount: dict[Payer, Fen] = attrs.field(factory=dict)

    @property
    def split(self) -> bool:
        """Whether somebody's base differs between the payers."""
        bases = list(self.base.values())
        return any(not np.array_equal(bases[0], other) for other in bases[1:])


@attrs.frozen
class Ledger:
    """A settled roster as columns.

    Arguments:
        bill: its sums: one contribution for each line of each group, with the unit's differences.
        people: the persons.
        members: the persons of each group, by index.
        shares: insurance → what is owed, for each group.
        counts: insurance → persons.
    """

    bill: Settlement
    people: People
    members: tuple[NDArray[np.int64], ...]
    shares: tuple[dict[str, Share], ...]
    counts: dict[str, int]

    @property
    def split(self) -> set[str]:
        """Insurances in which some person's base differs between unit and person."""
        return {
            insurance for group in self.shares for insurance, share in group.items() if share.split
        }


def settle_people(
    cascade: Cascade,
    people: People,
    *,
    month: Month | None = None,
    known_on: date | None = None,
    strict: bool = True,
    progress: Callable[[int], object] | None = None,
) -> Ledger | None:
    """Settle a roster that was read as columns.

    Arguments:
        cascade: the region's rules.
        people: whom to settle.
        month: as in `settle_roster`.
        known_on: likewise.
        strict: likewise.
        progress: called with the number of persons done.

    Returns:
        The amounts of `settle_roster`, as columns. None where some figure is not known, or a row
        is refused: what then stands where is told by `settle_roster`.
    """
    month = month or people.frame.month
    run = Run(cascade, people.frame, month, known_on, strict)
    faults = [*people.frame.faults, *run.refuse_account()]
    settling = _Settling(run, people)
    order = np.argsort(people.groups, kind="stable")
    ends = np.searchsorted(people.groups[order], np.arange(len(people.keys) + 1))
    members = []
    for group in range(len(people.keys)):
        mine = order[ends[group] : ends[group + 1]]
        members.append(mine)
        if not settling.settle(mine):
            return None
        if progress is not None:
            progress(int(ends[group + 1]))
    gaps = unit_gaps(settling.contributions, people.frame, run.month)
    contributions = [*settling.contributions, *gaps.contributions]
    if strict and gaps.unsettled:
        return None
    bill = _bill(
        run,
        people,
        faults=[*faults, *run.caveats({one.insurance for one in contributions})],
        unsettled=gaps.unsettled,
        contributions=contributions,
    )
    return Ledger(bill, people, tuple(members), tuple(settling.shares), dict(settling.counts))


def _bill(
    run: Run,
    people: People,
    *,
    faults: list[Fault],
    unsettled: tuple[Unsettled, ...],
    contributions: list[Contribution],
) -> Settlement:
    nearest = run.cascade.nearest
    return Settlement(
        region=nearest.names,
        division=nearest.division,
        month=run.month,
        known_on=run.known_on,
        strict=run.strict,
        roster=people.frame,
        persons=len(people),
        contributions=tuple(contributions),
        unsettled=unsettled,
        faults=tuple(faults),
        back_ends=run.cascade.back_ends(),
    )


@attrs.define
class _Settling:
    run: Run
    people: People
    contributions: list[Contribution] = attrs.field(factory=list)
    shares: list[dict[str, Share]] = attrs.field(factory=list)
    counts: defaultdict[str, int] = attrs.field(factory=lambda: defaultdict(int))

    def settle(self, mine: NDArray[np.int64]) -> bool:
        """Settle a group; whether all of it could be."""
        entry = self.people.entry(int(mine[0]))
        run = self.run
        if run.refuse(entry):
            return False
        rule_class = class_of(entry, run.roster.account)
        schedule = run.prepare(rule_class, run.chosen(entry)).schedule
        operand = ResolvedRate(None)
        if schedule.needs_injury_rate:
            operand = run.operand(rule_class, entry.injury_rate)
        if schedule.missing or operand.fault is not None:
            return False
        wages = self.people.wages[mine]
        found: defaultdict[str, Share] = defaultdict(Share)
        for line in schedule.lines:
            base, amount = _figures(line, wages, operand.rate)
            share = found[line.insurance]
            # An insurance may have several items; its base is the basic one's, which comes first.
            share.base.setdefault(line.payer, base)
            before = share.amount.get(line.payer)
            share.amount[line.payer] = amount if before is None else before + amount
            sums = (_sum(base), _sum(amount), _sum(wages))
            self.contributions.append(self._contribution(line, entry, operand, sums, len(mine)))
        for insurance in found:
            self.counts[insurance] += len(mine)
        self.shares.append(dict(found))
        return True

    def _contribution(
        self,
        line: Line,
        entry: RosterEntry,
        operand: ResolvedRate,
        sums: tuple[int, int, int],
        count: int,
    ) -> Contribution:
        base, amount, wages = sums
        takes = line.operand is not None
        return Contribution(
            person=entry.person,
            insurance=line.insurance,
            item=line.item,
            payer=line.payer,
            period=self.run.month,
            base=Money(base),
            rate=line.rate_with(operand.rate),
            fixed=Money(line.fixed * count),
            amount=Money(amount),
            wage=Money(wages),
            line=line,
            operand=operand.source if takes else None,
            stated=operand.stated if takes else None,
            row=entry.row,
        )


def _sum(fen: Fen) -> int:
    # At most 200 000 rows of numbers below 10¹³ each.
    return int(fen.sum())


def _figures(line: Line, wages: Fen, rate: Rate | None) -> tuple[Fen, Fen]:
    """Base and amount of a line for each wage."""
    own = rate if line.operand is not None else None
    if int(wages.max()) <= MAX_WAGE_FEN:
        try:
            kernel = array_kernel((line,), operand=own)
            made = kernel.run(wages)
        except Refused:
            pass
        else:
            return made[kernel.names[0]], made[f"{line.payer.value}_total_fen"]
    compute = fast_function((line,))
    top, bottom = (own.numerator, own.denominator) if own is not None else (0, 1)
    pairs = np.array([compute(wage, top, bottom) for wage in wages.tolist()], np.int64)
    return pairs[:, 0], pairs[:, 1]
