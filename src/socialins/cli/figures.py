"""What holds in a region in a month, as rows: one per insurance, item, payer and class.

A row keeps each figure as it was found, so that both the amounts and what they rest on can be
shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import Any

import attrs

from socialins.facade import Region
from socialins.faults import Fault, Text
from socialins.model import INJURY, AccountType, Employment, Household, Payer
from socialins.rules import ALL, Bounds, Cascade, Citation, FixedSum, Located, RateFigure, RuleClass
from socialins.rules.rulefile import Caveat
from socialins.settlement.compile import unknown_fault
from socialins.values import Month

__all__ = ["MonthFigures", "RuleRow"]

_NEEDED = ("bounds", "base-rounding", "amount-rounding")


@attrs.frozen(kw_only=True)
class RuleRow:
    """One (insurance, item, payer) for a class of persons.

    Arguments:
        insurance, item, payer: what is owed and by whom.
        title: how it is called.
        found: what was found of each kind of figure; None where no level says anything.
        unknown: a fault for each figure that is needed and not known.
    """

    insurance: str
    item: str
    payer: Payer
    title: Text
    found: dict[str, Located | None]
    unknown: tuple[Fault, ...]

    def figure(self, kind: str) -> Any:
        """The figure of a kind; None where there is none or it is not known."""
        located = self.found.get(kind)
        return located.figure if located is not None else None

    @property
    def rate(self) -> RateFigure | None:
        """The rate; None where there is none or it is not known."""
        found: RateFigure | None = self.figure("rate")
        return found

    @property
    def fixed(self) -> FixedSum | None:
        """The fixed sum, if there is one."""
        found: FixedSum | None = self.figure("fixed")
        return found

    @property
    def bounds(self) -> Bounds | None:
        """Floor and cap, if known."""
        found: Bounds | None = self.figure("bounds")
        return found

    @property
    def collected(self) -> bool:
        """Whether anything is collected at all in this month."""
        return self.fixed is not None or self.rate is None or not self.rate.none

    def lacks(self, kind: str) -> bool:
        """Whether a kind of figure is needed and not known."""
        return any(fault.words("en")["what_id"] == kind for fault in self.unknown)

    def describe(self, kind: str, lang: str) -> str:
        """A figure in words; empty where there is none."""
        figure = self.figure(kind)
        return str(figure.describe(lang)) if figure is not None else ""

    def citations(self) -> tuple[Citation, ...]:
        """The figures that are known, with their documents."""
        known = (one for one in self.found.values() if one is not None and one.figure is not None)
        return tuple(one.citation() for one in known)

    def who(self, lang: str) -> str:
        """For whom, where some figure holds for a class only; else empty."""
        words = {one.series.who.describe(lang): None for one in self.found.values() if one}
        return " + ".join(word for word in words if word)


@attrs.frozen
class MonthFigures:
    """The figures of a month.

    Arguments:
        region: the region.
        month: the month.
        known_on: as known on this day; None for all that is installed.
        rows: what is collected.
        beside: figures that belong to no single row: injury classes with their multiplier and
            bands, coverage.
    """

    region: Region
    month: Month
    known_on: date | None
    rows: tuple[RuleRow, ...]
    beside: tuple[Citation, ...]

    @classmethod
    def of(
        cls,
        region: Region,
        month: Month,
        known_on: date | None = None,
        *,
        all_classes: bool = False,
    ) -> MonthFigures:
        """Gather the figures: of local, urban, full-time employees of enterprises, or of all."""
        classes = [RuleClass()]
        if all_classes:
            classes = [RuleClass(*one) for one in product(Household, Employment, AccountType)]
        cascade = region.cascade
        rows = _rows(cascade, month, known_on, classes)
        beside = []
        if any(row.rate is not None and row.rate.operand is not None for row in rows):
            beside += [
                cascade.find(kind, month, classes[0], insurance=INJURY, known_on=known_on)
                for kind in ("injury-classes", "injury-multiplier", "injury-bands")
            ]
        beside += [cascade.find("coverage", month, one, known_on=known_on) for one in classes]
        known = [one.citation() for one in beside if one is not None and one.figure is not None]
        return cls(region, month, known_on, rows, tuple(dict.fromkeys(known)))

    def citations(self) -> tuple[Citation, ...]:
        """Every figure that is known, each once."""
        cited = dict.fromkeys(one for row in self.rows for one in row.citations())
        return tuple(cited | dict.fromkeys(self.beside))

    def unknown(self) -> tuple[Fault, ...]:
        """What is needed and not known, each once."""
        return tuple(dict.fromkeys(fault for row in self.rows for fault in row.unknown))

    def caveats(self) -> tuple[Caveat, ...]:
        """What the rule files don't express of the month."""
        return tuple(self.region.cascade.caveats(self.month))


def _rows(
    cascade: Cascade, month: Month, known_on: date | None, classes: Iterable[RuleClass]
) -> tuple[RuleRow, ...]:
    """The rows of all classes; one that holds for several stands once."""
    rows: dict[tuple[object, ...], RuleRow] = {}
    for rule_class in classes:
        for row in _Gatherer(cascade, month, rule_class, known_on).rows():
            same = [(id(one.series), id(one.figure)) for one in row.found.values() if one]
            rows.setdefault((row.insurance, row.item, row.payer, *same), row)
    order = {one.id: index for index, one in enumerate(cascade.insurances())}
    found = list(rows.values())
    keys = [(row.insurance, row.item, row.payer) for row in found]
    found.sort(
        key=lambda row: (
            order[row.insurance],
            list(Payer).index(row.payer),
            keys.index((row.insurance, row.item, row.payer)),
        )
    )
    return tuple(found)


@attrs.frozen
class _Gatherer:
    """Asks the cascade for one class of persons."""

    cascade: Cascade
    month: Month
    rule_class: RuleClass
    known_on: date | None

    def rows(self) -> Iterator[RuleRow]:
        """The rows of the class, for the insurances that hold for it."""
        coverage = self.find("coverage", ALL, None, None)
        held = coverage.figure.insurances if coverage is not None and coverage.figure else None
        for insurance, item, payer in self.cascade.items(self.rule_class):
            if held is None or insurance in held:
                yield self.row(insurance, item, payer, coverage)

    def row(self, insurance: str, item: str, payer: Payer, coverage: Located | None) -> RuleRow:
        """One row, with a fault for each figure that is needed and not known."""
        found = {kind: self.find(kind, insurance, item, payer) for kind in ("rate", "fixed")}
        row = RuleRow(
            insurance=insurance,
            item=item,
            payer=payer,
            title=self.cascade.item_title(insurance, item),
            found=found,
            unknown=(),
        )
        needed = [kind for kind, located in found.items() if located is not None]
        if row.collected:
            more = _NEEDED + (("unit-base",) if payer is Payer.UNIT else ())
            found |= {kind: self.find(kind, insurance, item, payer) for kind in more}
            needed += more
        lacking = [(kind, found[kind]) for kind in needed]
        if coverage is not None:
            lacking.append(("coverage", coverage))
        unknown = [
            unknown_fault(
                self.cascade, located, kind, month=self.month, insurance=insurance, payer=payer
            )
            for kind, located in lacking
            if located is None or located.figure is None
        ]
        return attrs.evolve(row, unknown=tuple(unknown))

    def find(
        self, kind: str, insurance: str, item: str | None, payer: Payer | None
    ) -> Located | None:
        """What the rules say of one kind of figure."""
        return self.cascade.find(
            kind,
            self.month,
            self.rule_class,
            insurance=insurance,
            item=item,
            payer=payer,
            known_on=self.known_on,
        )
