"""Amounts: what a settlement keeps of each person, and the contributions made of it when asked.

Ten contributions a person are some thirty objects, and most bills are only added up. So settling
keeps figures, and makes all contributions at once when somebody first looks at one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter

import attrs

from socialins.model.codes import Payer
from socialins.model.roster import RosterEntry
from socialins.settlement.contribution import Contribution
from socialins.settlement.operand import ResolvedRate
from socialins.settlement.schedule import Line
from socialins.values import Money, Month

__all__ = ["Amounts", "PersonAmounts", "amounts_of"]


@attrs.frozen(eq=False)
class PersonAmounts:
    """What one person's lines came to.

    Arguments:
        entry: the person of the roster.
        lines: the lines that were computed; the same object for all persons of a rule class.
        operand: the account's own rate.
        figures: base and amount of each line in turn, in fen.
    """

    entry: RosterEntry
    lines: tuple[Line, ...]
    operand: ResolvedRate
    figures: tuple[int, ...] = attrs.field(repr=False)

    def contributions(self, month: Month) -> Iterator[Contribution]:
        """The person's contributions, in order of the lines.

        Arguments:
            month: the month they are for.
        """
        entry, operand, figures = self.entry, self.operand, self.figures
        for index, line in enumerate(self.lines):
            own = line.operand is not None
            yield Contribution(
                person=entry.person,
                insurance=line.insurance,
                item=line.item,
                payer=line.payer,
                period=month,
                base=Money(figures[2 * index]),
                rate=line.rate_with(operand.rate),
                fixed=line.fixed_money,
                amount=Money(figures[2 * index + 1]),
                wage=entry.wage.amount,
                line=line,
                operand=operand.source if own else None,
                stated=operand.stated if own else None,
                row=entry.row,
            )


@attrs.frozen(eq=False, repr=False, slots=False)
class Amounts:
    """All amounts of a settlement, in order of the roster.

    Arguments:
        month: the month they are for.
        people: what each person's lines came to.
        further: contributions that are made already; they come last.
    """

    month: Month | None = None
    people: tuple[PersonAmounts, ...] = ()
    further: tuple[Contribution, ...] = ()

    @cached_property
    def all(self) -> tuple[Contribution, ...]:
        """The contributions; made once."""
        return (*self._made(self.people), *self.further)

    def of_person(self, number: str) -> tuple[Contribution, ...]:
        """The contributions of one person.

        Arguments:
            number: the number of the person's document.
        """
        mine = (one for one in self.people if one.entry.person.document.number == number)
        given = (one for one in self.further if one.person is not None)
        return (
            *self._made(mine),
            *(one for one in given if one.person and one.person.document.number == number),
        )

    @cached_property
    def totals(self) -> dict[tuple[str, Payer], Money]:
        """The total of each insurance and payer, in the order of the contributions."""
        fen: defaultdict[tuple[str, Payer], int] = defaultdict(int)
        for lines, figures in self._classes():
            for index, line in enumerate(lines):
                amounts = map(itemgetter(2 * index + 1), figures)
                fen[line.insurance, line.payer] += sum(amounts)
        for one in self.further:
            fen[one.insurance, one.payer] += one.amount.fen
        return {key: Money(total) for key, total in fen.items()}

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line that somebody's amount comes from, each once."""
        found = {id(line): line for lines, _ in self._classes() for line in lines}
        found.update((id(one.line), one.line) for one in self.further)
        return tuple(found.values())

    def _classes(self) -> Iterator[tuple[tuple[Line, ...], list[tuple[int, ...]]]]:
        """The figures of the persons who have the same lines."""
        classes: dict[int, tuple[tuple[Line, ...], list[tuple[int, ...]]]] = {}
        for one in self.people:
            found = classes.get(id(one.lines))
            if found is None:
                found = classes[id(one.lines)] = (one.lines, [])
            found[1].append(one.figures)
        yield from classes.values()

    def _made(self, people: Iterable[PersonAmounts]) -> Iterator[Contribution]:
        if self.month is not None:
            for one in people:
                yield from one.contributions(self.month)

    def __eq__(self, other: object) -> bool:
        return self.all == other.all if isinstance(other, Amounts) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.all)

    def __reduce__(self) -> tuple[object, ...]:
        # What is compiled can't be sent to another process; what came of it can.
        return amounts_of, (self.all,)

    def __repr__(self) -> str:
        return f"<Amounts of {len(self.people)} persons, {len(self.further)} made>"


def amounts_of(given: Amounts | Iterable[Contribution]) -> Amounts:
    """Amounts of contributions that are made already; amounts pass through."""
    return given if isinstance(given, Amounts) else Amounts(further=tuple(given))
