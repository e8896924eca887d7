"""MonthRules: what holds in a region in a month, for people to read and code to ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from socialins.faults import Text
from socialins.model.codes import Payer
from socialins.rules.cascade import Cascade, Located
from socialins.rules.citation import Citation
from socialins.rules.figures import Bounds, RateFigure
from socialins.rules.selector import RuleClass, Who
from socialins.rules.series import ALL, Series
from socialins.values import Month

__all__ = ["MonthRules", "RuleEntry"]

_ORDINARY = RuleClass()
"""Made once: making one and its hash takes longer than to look up what was found for it."""


@attrs.frozen(kw_only=True)
class RuleEntry:
    """One figure of a month, or the statement that it is not known.

    Arguments:
        kind: ``bounds``, ``rate``, ``fixed``, …
        insurance: the insurance's id, or ``*``.
        item, payer: None where the figure holds for all.
        title: how insurance and item are called.
        who: for whom, in words; None for everybody.
        citation: the figure; None when it is not known.
        why: why it is not known, where the files say so.
        last: the last known figure and its months, when this one is not known.
    """

    kind: str
    insurance: str
    item: str | None
    payer: Payer | None
    title: Text
    who: Text | None
    citation: Citation | None
    why: Text | None = None
    last: Text | None = None


@attrs.frozen
class _Scope:
    """What a series answers for: a kind, an (insurance, item, payer), a class."""

    kind: str
    insurance: str
    item: str | None
    payer: Payer | None
    who: Who

    def hides(self, farther: _Scope) -> bool:
        """Whether this leaves nobody to the series of a farther level."""
        return (
            self.kind == farther.kind
            and self.insurance in (ALL, farther.insurance)
            and self.item in (None, farther.item)
            and self.payer in (None, farther.payer)
            and self.who.includes(farther.who)
        )


def _scopes(series: Series[Any]) -> Iterator[_Scope]:
    for insurance, item, payer in series.scopes():
        yield _Scope(series.kind, insurance, item, payer, series.who)


@attrs.frozen
class MonthRules:
    """The rules of a region in a month, as known on a day.

    Iterating gives every figure that some rule class meets, and every one that is not known.

    Arguments:
        cascade: the region's rules.
        month: the month.
        known_on: the day; None for everything that is installed.
    """

    cascade: Cascade = attrs.field(repr=False)
    month: Month
    known_on: date | None = None

    def bounds(
        self, insurance: str, *, payer: Payer | None = None, rule_class: RuleClass | None = None
    ) -> Bounds | None:
        """Floor and cap of an insurance; None when they are not known."""
        located = self._find("bounds", insurance, None, payer, rule_class)
        return located.figure if located else None

    def rate(
        self,
        insurance: str,
        payer: Payer | str,
        *,
        item: str = "basic",
        rule_class: RuleClass | None = None,
    ) -> RateFigure | None:
        """The rate of an insurance, item and payer; None when it is not known."""
        located = self._find("rate", insurance, item, Payer(payer), rule_class)
        return located.figure if located else None

    def _find(
        self,
        kind: str,
        insurance: str,
        item: str | None,
        payer: Payer | None,
        rule_class: RuleClass | None,
    ) -> Located | None:
        return self.cascade.find(
            kind,
            self.month,
            _ORDINARY if rule_class is None else rule_class,
            insurance=insurance,
            item=item,
            payer=payer,
            known_on=self.known_on,
        )

    def __iter__(self) -> Iterator[RuleEntry]:
        reached: list[_Scope] = []
        silent: list[tuple[_Scope, Located]] = []
        for book in self.cascade.books:
            here: list[_Scope] = []
            for series in (placed.series for placed in book.series):
                if series.of_calendar:
                    continue  # windows and personal dates are a calendar's, not a bill's
                found = series.find(self.month, self.known_on, lenient=False)
                located = Located(found, series, book)
                for scope in _scopes(series):
                    if any(nearer.hides(scope) for nearer in reached):
                        continue
                    if not series.speaks_in(self.month):
                        silent.append((scope, located))
                        continue
                    here.append(scope)
                    yield self._entry(located, scope)
            reached += here
        for scope, located in silent:
            if located.series.sparse or scope.kind == "injury-multiplier":
                continue  # where nobody has a word, there is no relief, and class rates hold
            if not any(answering.hides(scope) for answering in reached):
                yield self._entry(located, scope)

    def _entry(self, located: Located, scope: _Scope) -> RuleEntry:
        title = Text("全部险种", "all insurances")
        if scope.insurance != ALL:
            title = self.cascade.item_title(scope.insurance, scope.item or "basic")
        who = scope.who
        last = located.found.last
        return RuleEntry(
            kind=scope.kind,
            insurance=scope.insurance,
            item=scope.item,
            payer=scope.payer,
            title=title,
            who=Text(who.describe("zh"), who.describe("en")) if who.specificity else None,
            citation=located.citation() if located.figure is not None else None,
            why=located.found.why,
            last=Text(
                f"{last.describe('zh')}（{last.span}）", f"{last.describe('en')} ({last.span})"
            )
            if last
            else None,
        )
