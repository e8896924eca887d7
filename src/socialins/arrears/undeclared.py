"""The undeclared month (未按规定申报): a share of the month before, until it is declared.

社会保险法 art. 62: a unit that does not declare owes 110 % of what it owed for the month before.
When it declares afterwards, the month is settled as usual, and what differs is made up or given
back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property

import attrs

from socialins.arrears.rules import required
from socialins.faults import Text
from socialins.model.codes import Kind, Payer
from socialins.rules import Cascade, Citation
from socialins.settlement import Contribution, Settlement
from socialins.settlement.cited import document_lines, figure_line
from socialins.values import Money, Month, Rate

__all__ = ["UndeclaredAmount", "UndeclaredMonth", "undeclared_month"]


@attrs.frozen(kw_only=True)
class UndeclaredAmount:
    """What is owed of an item by a payer for an undeclared month.

    Arguments:
        insurance, item, payer: what is owed and by whom.
        period: the undeclared month.
        before: what was owed for the month before.
        share: the share of it.
        amount: what is owed.
        title: how the item is called.
        citations: the rules it rests on.
    """

    insurance: str
    item: str
    payer: Payer
    period: Month
    before: Money
    share: Rate
    amount: Money
    title: Text = attrs.field(repr=False)
    citations: tuple[Citation, ...] = attrs.field(repr=False)

    kind = Kind.REGULAR

    def explain(self, lang: str = "zh") -> str:
        """The derivation, line by line, with the documents."""
        return "\n".join(_explained(self, lang))


@attrs.frozen(kw_only=True, slots=False)
class UndeclaredMonth:
    """What a unit owes for a month that it did not declare.

    Arguments:
        month: the month.
        items: the amounts.
    """

    month: Month
    items: tuple[UndeclaredAmount, ...]

    @cached_property
    def total(self) -> Money:
        """What is owed in all."""
        return Money.sum(one.amount for one in self.items)

    @cached_property
    def unit_total(self) -> Money:
        """The unit's share."""
        return Money.sum(one.amount for one in self.items if one.payer is Payer.UNIT)

    @cached_property
    def person_total(self) -> Money:
        """The persons' share."""
        return Money.sum(one.amount for one in self.items if one.payer is Payer.PERSON)

    def against(self, bill: Settlement) -> dict[tuple[str, str, Payer], Money]:
        """What is to be paid besides, once the month was declared; negative for what comes back.

        Arguments:
            bill: the month as settled from the late declaration.

        Returns:
            Insurance, item and payer → what differs; what is equal is left out.

        Raises:
            ValueError: if the bill is of another month.
        """
        if bill.month != self.month:
            raise ValueError(f"a bill of {bill.month} can't settle the undeclared {self.month}")
        differs: defaultdict[tuple[str, str, Payer], int] = defaultdict(int)
        for one in bill.contributions:
            differs[one.insurance, one.item, one.payer] += one.amount.fen
        for item in self.items:
            differs[item.insurance, item.item, item.payer] -= item.amount.fen
        return {key: Money(fen) for key, fen in differs.items() if fen}

    def __iter__(self) -> Iterator[UndeclaredAmount]:
        return iter(self.items)


def undeclared_month(
    cascade: Cascade, before: Settlement, *, known_on: date | None = None
) -> UndeclaredMonth:
    """What is owed for the month after a settled one, if it is not declared.

    Arguments:
        cascade: the region's rules.
        before: the settled month before.
        known_on: by rules as known on this day; None for all that is installed.

    Raises:
        RuleUnknown: if the share is not known.
    """
    month = before.month + 1
    groups: defaultdict[tuple[str, str, Payer], list[Contribution]] = defaultdict(list)
    for one in before.contributions:
        groups[one.insurance, one.item, one.payer].append(one)
    items = []
    for (insurance, item, payer), group in groups.items():
        share = required(
            cascade, "undeclared", month, insurance=insurance, payer=payer, known_on=known_on
        )
        rounding = required(
            cascade, "amount-rounding", month, insurance=insurance, payer=payer, known_on=known_on
        )
        owed = Money.sum(one.amount for one in group)
        items.append(
            UndeclaredAmount(
                insurance=insurance,
                item=item,
                payer=payer,
                period=month,
                before=owed,
                share=share.figure.share,
                amount=rounding.figure.rounding(share.figure.share.of(owed)),
                title=group[0].line.item_title,
                citations=(share.citation(), rounding.citation()),
            )
        )
    return UndeclaredMonth(month=month, items=tuple(items))


def _explained(one: UndeclaredAmount, lang: str) -> Iterator[str]:
    english = lang == "en"
    period = str(one.period) if english else f"{one.period:zh}"
    before = f"{one.period - 1}" if english else f"{one.period - 1:zh}"
    head = f"{one.title.get(lang)} · {one.payer.title(lang)} · {period}"
    yield f"{head}{': ' if english else '：'}¥{one.amount:,}"
    sum_ = f"{one.before:,} × {one.share} = {one.amount:,}"
    yield f"  Owed for {before}: {sum_}" if english else f"  {before}应缴 {sum_}"
    yield "Rests on:" if english else "依据："
    for citation in one.citations:
        yield f"  {figure_line(citation, lang)}"
        yield from (f"    {line}" for line in document_lines(citation, lang))
