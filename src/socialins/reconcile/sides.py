"""Sides: what the bill and what the export say of one person, insurance and payer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from socialins.model.codes import Kind, Payer
from socialins.reconcile.causes import Key
from socialins.reconcile.detail import DetailRow, bare_number
from socialins.reconcile.finding import Side
from socialins.settlement import Contribution, Settlement
from socialins.values import Money, Month, Rate

__all__ = ["Pair", "differing_fields", "our_sides", "side_of_bill", "side_of_rows"]

Pair = tuple[str, Payer]
"""An insurance and who pays."""


def differing_fields(
    ours: Side, theirs: Side, contributions: Sequence[Contribution]
) -> Iterator[str]:
    """What differs between two sides, of ``wage``, ``base``, ``rate``, ``amount``.

    Arguments:
        ours: the bill's side.
        theirs: the export's side.
        contributions: the bill's amounts.
    """
    for field in ("wage", "base"):
        mine, yours = getattr(ours, field), getattr(theirs, field)
        if mine is not None and yours is not None and mine != yours:
            yield field
    if ours.rate is not None and theirs.rate is not None and ours.rate != theirs.rate:
        # The bill's rate is what is collected after a relief; the export's may be the one before.
        before = sum((_nominal(one) for one in contributions), Rate(0))
        if not (theirs.relief and before == theirs.rate):
            yield "rate"
    if ours.amount != theirs.amount:
        yield "amount"


def _nominal(one: Contribution) -> Rate:
    """The rate before any relief."""
    relief = one.line.relief
    return one.rate if relief is None or not relief else Rate(one.rate.fraction / relief.fraction)


def side_of_bill(contributions: Sequence[Contribution]) -> Side:
    """What the bill says: the sum of its amounts, and base and rate where there is one."""
    amount = Money.sum(one.amount for one in contributions)
    regular = [one for one in contributions if one.kind is Kind.REGULAR]
    if not regular:
        return Side(amount=amount, rows=_numbers(one.row for one in contributions))
    bases = {one.base for one in regular}
    return Side(
        amount=amount,
        wage=regular[0].wage,
        base=regular[0].base if len(bases) == 1 else None,
        rate=_together(regular) if len(bases) == 1 else None,
        rows=_numbers(one.row for one in contributions),
    )


def side_of_rows(rows: Sequence[DetailRow], month: Month) -> Side:
    """What the export says: the sum of its amounts, and base and rate of the month's row."""
    current = [row for row in rows if row.period in (None, month)]
    one = current[0] if len(current) == 1 else None
    return Side(
        amount=Money.sum(row.amount for row in rows),
        wage=one.wage if one else None,
        base=one.base if one else None,
        rate=one.rate if one else None,
        relief=Money.sum(row.relief for row in rows if row.relief is not None),
        credit=Money.sum(row.credit for row in rows),
        rows=tuple(row.row for row in rows),
    )


def _together(regular: Sequence[Contribution]) -> Rate:
    if len(regular) == 1:
        return regular[0].rate
    return sum((one.rate for one in regular), Rate(0))


def _numbers(rows: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(row for row in rows if row is not None))


def our_sides(bill: Settlement, itemised: frozenset[Pair]) -> dict[Key, list[Contribution]]:
    """A bill's amounts by key; those of the account as a whole are left out."""
    found: dict[Key, list[Contribution]] = {}
    numbers: dict[int, str] = {}
    for one in bill.contributions:
        if one.person is None:
            continue
        number = numbers.get(id(one.person))
        if number is None:
            number = numbers[id(one.person)] = bare_number(one.person.document.number)
        item = one.item if (one.insurance, one.payer) in itemised else None
        found.setdefault((number, one.insurance, item, one.payer), []).append(one)
    return found
