"""Cases: all that the shipped regions and the fictional one settle by, month by month.

A case is a schedule with an injury rate, met in some region, month and class. Schedules whose lines
are the same in every number are one case; the table target is checked by region and month, so that
what leads from a class to its schedule is checked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import attrs
import numpy as np

import socialins as si
from benchmarks.rows import Ints
from socialins.bulk.columns import OutputColumn
from socialins.facade import Region
from socialins.model.codes import AccountType, Employment, Household, UnitSize
from socialins.rules import RuleClass
from socialins.settlement.compile import compile_schedule
from socialins.settlement.reference import derive_at
from socialins.settlement.schedule import Line, Schedule
from socialins.testing.golden import regime_months
from socialins.testing.middle import middle
from socialins.values import Money, Month, Rate

RATES = tuple(map(Rate, ("0.2%", "0.35%", "1.9%", "0.48%", "0.12%", "2.85%", "0.16%")))
"""Injury rates that classes and bands make; a region's own table bears on nothing else here."""

_FIGURES = (
    "insurance",
    "item",
    "payer",
    "floor",
    "cap",
    "base_rounding",
    "rate",
    "operand",
    "relief",
    "fixed",
    "amount_rounding",
)


@attrs.frozen
class Case:
    """Lines, and the injury rate that one account has."""

    lines: tuple[Line, ...]
    rate: Rate


@attrs.frozen
class Settled:
    """A region's month for one class."""

    region: Region
    month: Month
    rule_class: RuleClass
    schedule: Schedule


def figures(line: Line) -> tuple[object, ...]:
    """All of a line that bears on a number."""
    return tuple(getattr(line, name) for name in _FIGURES)


def all_settled(every: int = 1) -> Iterator[Settled]:
    """Every region, month at which a rule changes, and class, as far as something is known.

    Arguments:
        every: take each so many of a region's months only, the last always.
    """
    for region in (*si.regions(), middle()):
        classes = list(_classes(region))
        for month in regime_months(region)[::-every]:
            for rule_class in classes:
                schedule = compile_schedule(region.cascade, month, rule_class, lenient=True)
                if schedule.lines:
                    yield Settled(region, month, rule_class, schedule)


def _classes(region: Region) -> Iterator[RuleClass]:
    for household, employment, account in product(Household, Employment, AccountType):
        yield RuleClass(household, employment, account)
    for size in UnitSize:
        yield RuleClass(unit_size=size)
    for trade in region.cascade.trades():
        yield RuleClass(unit_size=UnitSize.LARGE, trade=trade.id)


def distinct(settled: list[Settled]) -> list[Case]:
    """The cases among them, each once."""
    found: dict[tuple[object, ...], Case] = {}
    for number, one in enumerate(settled):
        key = tuple(map(figures, one.schedule.lines))
        if key not in found:
            found[key] = Case(one.schedule.lines, RATES[number % len(RATES)])
    return list(found.values())


def wages_around(settled: list[Settled], random: np.random.Generator, count: int) -> Ints:
    """Distinct wages in fen: beside every edge of any line, and so many away from them."""
    lines = {figures(line): line for one in settled for line in one.schedule.lines}
    bounds = {bound for line in lines.values() for bound in (line.floor, line.cap)}
    edges = [bound for bound in bounds if bound is not None]
    steps = (0, 1, 2, 49, 50, 51, 99, 100, 101)
    near = [abs(edge + sign * step) for edge in edges for step in steps for sign in (-1, 1)]
    drawn = np.rint(np.exp(random.normal(np.log(800_000), 0.9, count)))
    return np.unique(np.concatenate([drawn, near, *(steps,), [10**10]])).astype(np.int64)


class Reference:
    """What the reference gives, asked once for each line and distinct wage.

    Arguments:
        wages: the distinct wages in fen.
    """

    def __init__(self, wages: Ints) -> None:
        self.wages = wages
        self._money = [Money(wage) for wage in wages.tolist()]
        self._known: dict[tuple[object, ...], tuple[Ints, Ints]] = {}

    @property
    def amounts(self) -> int:
        """How many amounts it was asked for."""
        return len(self._known) * len(self.wages)

    def line(self, line: Line, rate: Rate) -> tuple[Ints, Ints]:
        """Bases and amounts of a line at the distinct wages, in fen."""
        key = (*figures(line), rate if line.operand else None)
        if key not in self._known:
            collected = line.rate_with(rate)
            derived = [derive_at(line, money, collected) for money in self._money]
            self._known[key] = (
                np.array([one.base.fen for one in derived], dtype=np.int64),
                np.array([one.amount.fen for one in derived], dtype=np.int64),
            )
        return self._known[key]

    def columns(
        self, lines: tuple[Line, ...], plan: tuple[OutputColumn, ...], rate: Rate
    ) -> dict[str, Ints]:
        """The columns of a settled table at the distinct wages."""
        derived = [self.line(line, rate) for line in lines]
        found: dict[str, Ints] = {}
        for column in plan:
            is_base = column.kind in ("base", "unit_base")
            found[column.name] = np.zeros(len(self.wages), dtype=np.int64)
            for index in column.lines:
                found[column.name] += derived[index][0 if is_base else 1]
        return found
