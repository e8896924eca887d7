"""Terms: what a table is settled by, and the schedule of each rule class that occurs in it.

A table of a hundred million rows has some dozen rule classes. Each is compiled once, and classes
whose lines are the same in every number are computed together, whatever documents they rest on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any

import attrs

from socialins.bulk.columns import Shape, shape_of
from socialins.faults import Fault, FaultError, Place, Text
from socialins.model.codes import AccountType, Employment, Household, UnitSize
from socialins.model.unit import Unit, UnitAccount
from socialins.rules import Cascade, RuleClass
from socialins.settlement.compile import compile_schedule
from socialins.settlement.operand import InjuryRates, ResolvedRate
from socialins.settlement.schedule import Line, Missing
from socialins.values import Month

__all__ = ["CLASS_COLUMNS", "Chosen", "Prepared", "TableError", "Terms", "prepare", "table_shape"]

Chosen = frozenset[str] | None
"""The insurances chosen for a person; None for all that apply."""

CLASS_COLUMNS = ("household", "employment", "account_type", "unit_size", "trade")
"""The columns that make a row's rule class."""


class TableError(FaultError):
    """A table can't be settled at all; what is wrong with single rows stands in its faults."""


@attrs.frozen(kw_only=True)
class Terms:
    """What a table is settled by.

    Arguments:
        cascade: the region's rules.
        month: the month of the contributions.
        known_on: as known on this day; None for all that is installed.
        strict: whether a figure that is not known stops it.
        account: what holds for rows that don't say otherwise: account type, size, trade, injury
            rate; and the insurances kept at all.
    """

    cascade: Cascade
    month: Month
    known_on: date | None = None
    strict: bool = True
    account: UnitAccount | None = None

    @property
    def kept(self) -> Chosen:
        """The insurances that the account keeps."""
        return self.account.insurances if self.account else None

    @property
    def default_class(self) -> RuleClass:
        """The class of a row that says nothing of itself."""
        if self.account is None:
            return RuleClass()
        unit: Unit = self.account.unit
        return RuleClass(
            account_type=self.account.account_type, unit_size=unit.size, trade=unit.trade
        )

    @property
    def region(self) -> Text:
        """How the region is called."""
        return self.cascade.nearest.names.name

    def check(self) -> None:
        """Refuse an account that speaks of insurances or a trade that the region has not.

        Raises:
            TableError: if it does.
        """
        if fault := self.unheard(self.kept):
            raise TableError(fault)
        trade = self.default_class.trade
        if trade is not None and not self.knows_trade(trade):
            raise TableError(self.unheard_trade(trade))

    def unheard(self, insurances: Chosen) -> Fault | None:
        """The fault of ids that the region has no insurance for, if there are such."""
        titled = [one.id for one in self.cascade.insurances()]
        unheard = ", ".join(sorted((insurances or frozenset()) - set(titled)))
        if not unheard:
            return None
        values: dict[str, str | Text] = {
            "insurance": unheard,
            "region": self.region,
            "choices": ", ".join(titled),
        }
        return Fault("settle.insurance-unheard", values, Place(field="insurances", value=unheard))

    def knows_trade(self, trade: str) -> bool:
        """Whether the rules tell this trade apart; any will do where they tell none apart."""
        trades = [one.id for one in self.cascade.trades()]
        return not trades or trade in trades

    def unheard_trade(self, trade: str) -> Fault:
        """The fault of a trade that the region's rules don't name."""
        trades = self.cascade.trades()
        values: dict[str, str | Text] = {
            "trade": trade,
            "region": self.region,
            "choices": ", ".join(f"{one.id} ({one.title.en})" for one in trades),
        }
        return Fault("settle.trade-unheard", values, Place(field="trade", value=trade))


@attrs.frozen(eq=False)
class Prepared:
    """What is computed for the rows of one rule class and choice of insurances.

    Arguments:
        lines: the lines, without their citations, which no table shows.
        missing: what can't be computed, and why.
        rate: the account's own injury rate for rows that state none, or why there is none; None
            where no line needs one.
    """

    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    rate: ResolvedRate | None

    @property
    def without_rate(self) -> tuple[Line, ...]:
        """The lines that need no rate of the account."""
        return tuple(line for line in self.lines if line.operand is None)


@lru_cache(maxsize=4096)
def prepare(terms: Terms, rule_class: RuleClass, chosen: Chosen) -> Prepared:
    """Compile what is computed for a class; done once for each in a process."""
    kept = terms.kept
    if kept is not None and chosen is not None:
        chosen &= kept
    schedule = compile_schedule(
        terms.cascade,
        terms.month,
        rule_class,
        insurances=chosen,
        known_on=terms.known_on,
        lenient=not terms.strict,
    )
    lines = tuple(_kept(schedule.lines, kept))
    rate = None
    if any(line.operand is not None for line in lines):
        rates = InjuryRates(
            cascade=terms.cascade,
            account=terms.account,
            month=terms.month,
            known_on=terms.known_on,
            lenient=not terms.strict,
        )
        rate = rates.of(rule_class)
    bare = tuple(attrs.evolve(line, citations=()) for line in lines)
    return Prepared(bare, tuple(_kept(schedule.missing, kept)), rate)


def _kept(found: Iterable[Any], kept: Chosen) -> Iterator[Any]:
    return (one for one in found if kept is None or one.insurance in kept)


@lru_cache(maxsize=256)
def table_shape(terms: Terms, columns: frozenset[str]) -> Shape:
    """The insurances that a table has columns for.

    That is what the region collects in the month from any class of persons that the table could
    tell apart; it does not hang on who is in it, so that all parts of a large table, and all
    tables of a month, have the same columns.

    Arguments:
        terms: what the table is settled by.
        columns: the table's columns.
    """
    order = [one.id for one in terms.cascade.insurances()]
    choices: list[Chosen] = [None]
    if "insurances" in columns:
        choices.append(frozenset(order))
    schedules: list[tuple[Line, ...]] = []
    missing: dict[str, None] = {}
    for rule_class in _possible(terms, columns):
        for chosen in choices:
            prepared = prepare(terms, rule_class, chosen)
            schedules.append(prepared.lines)
            missing.update(dict.fromkeys(one.insurance for one in prepared.missing))
    return shape_of(schedules, order, *missing)


def _possible(terms: Terms, columns: frozenset[str]) -> Iterator[RuleClass]:
    """A class for each way in which rules can tell the rows apart."""
    default = terms.default_class
    trades = tuple(one.id for one in terms.cascade.trades())
    values: dict[str, tuple[object, ...]] = {
        "household": tuple(Household),
        "employment": tuple(Employment),
        "account_type": tuple(AccountType),
        "unit_size": (None, *UnitSize),
        "trade": (None, *trades),
    }
    axes = [
        _told_apart(terms, name, values[name], getattr(default, name))
        if name in columns
        else [getattr(default, name)]
        for name in CLASS_COLUMNS
    ]
    for combination in product(*axes):
        yield RuleClass(*combination)


_OF_AMOUNTS = ("rate", "fixed", "bounds", "base-rounding", "unit-base", "coverage", "relief")


def _told_apart(
    terms: Terms, name: str, values: Collection[object], default: object
) -> list[object]:
    """One of each set of values that no series which shapes a table tells apart."""
    asked = {
        wanted
        for book in terms.cascade.books
        for placed in book.series
        if placed.series.kind in _OF_AMOUNTS
        and (wanted := getattr(placed.series.who, name))
        # A rate that is silent in the month may still be all that is known of its insurance.
        and (placed.series.kind in ("rate", "fixed") or placed.series.speaks_in(terms.month))
    }
    found: dict[tuple[bool, ...], object] = {}
    for value in (default, *values):
        found.setdefault((value is None, *(value in wanted for wanted in asked)), value)
    return list(found.values())
