"""Differences (差额): what a later-announced rule adds to a settled month, or takes from it.

A bureau announces in September what has applied since July. The month is settled afresh by what is
known now and compared, person by person, with what was settled then. A cap that fell gives negative
differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs

from socialins.model.codes import Kind, Payer
from socialins.model.person import InsuredPerson
from socialins.settlement.contribution import Contribution
from socialins.settlement.settlement import Settlement
from socialins.values import Money, Month

__all__ = ["Difference", "Differences", "compare_settlements"]


@attrs.frozen(kw_only=True)
class Difference:
    """What one amount changes by.

    Arguments:
        person: the insured person; None for a unit-level amount.
        insurance, item, payer: what is owed and by whom.
        period: the month the amount is for.
        earlier: the contribution as settled before; None if it was not settled then.
        later: the contribution as settled now; None if it is no longer owed.
        row: the row of the roster's file.
    """

    person: InsuredPerson | None
    insurance: str
    item: str
    payer: Payer
    period: Month
    earlier: Contribution | None = attrs.field(repr=False)
    later: Contribution | None = attrs.field(repr=False)
    row: int | None = None

    @property
    def before(self) -> Money:
        """The amount as settled before; zero if it was not."""
        return self.earlier.amount if self.earlier else Money(0)

    @property
    def after(self) -> Money:
        """The amount as settled now; zero if nothing is owed any more."""
        return self.later.amount if self.later else Money(0)

    @property
    def base_before(self) -> Money | None:
        """The base as settled before."""
        return self.earlier.base if self.earlier else None

    @property
    def base_after(self) -> Money | None:
        """The base as settled now."""
        return self.later.base if self.later else None

    @property
    def amount(self) -> Money:
        """What is to be paid besides; negative for what is to be given back."""
        return self.after - self.before

    def contribution(self) -> Contribution:
        """The difference as an amount owed, of the kind ``difference`` (补差)."""
        basis = self.later or self.earlier
        if basis is None:
            raise ValueError("a difference needs the amount before or after it")
        return attrs.evolve(
            basis, kind=Kind.DIFFERENCE, amount=self.amount, settled=self.before, row=self.row
        )


@attrs.frozen(kw_only=True, slots=False)
class Differences:
    """All that changes between two settlements of a month.

    Arguments:
        earlier, later: the settlements.
        items: what changes; amounts that stay as they were are left out.
    """

    earlier: Settlement = attrs.field(repr=False)
    later: Settlement = attrs.field(repr=False)
    items: tuple[Difference, ...]

    @cached_property
    def total(self) -> Money:
        """The sum of all differences; the later total less the earlier one."""
        return Money.sum(one.amount for one in self.items)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def compare_settlements(earlier: Settlement, later: Settlement) -> Differences:
    """List what differs between two settlements of the same roster and month.

    Arguments:
        earlier: as settled before.
        later: as settled now.

    Raises:
        ValueError: if they are of different months or divisions.
    """
    if (earlier.month, earlier.division) != (later.month, later.division):
        raise ValueError(
            f"settlements of {earlier.division} {earlier.month} and {later.division} "
            f"{later.month} can't be compared; settle the same month of the same region"
        )
    was, now = _by_subject(earlier), _by_subject(later)
    found = []
    for key in {**was, **now}:
        before, after = was.get(key), now.get(key)
        if before and after and (before.amount, before.base) == (after.amount, after.base):
            continue
        one = after or before
        if one is None:
            continue
        found.append(
            Difference(
                person=one.person,
                insurance=one.insurance,
                item=one.item,
                payer=one.payer,
                period=one.period,
                earlier=before,
                later=after,
                row=one.row,
            )
        )
    return Differences(earlier=earlier, later=later, items=tuple(found))


_Subject = tuple[tuple[str, str] | None, str, str, Payer]


def _by_subject(bill: Settlement) -> dict[_Subject, Contribution]:
    return {
        (one.person.key if one.person else None, one.insurance, one.item, one.payer): one
        for one in bill.contributions
    }
