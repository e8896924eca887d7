"""MonthRules: what holds in a region in a month, for people to read and code to ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from socialins.faults import Text
from socialins.model.codes import Payer
from socialins.rules.cascade import Cascade, Located
from socialins.rules.citation import Citation
from socialins.rules.figures import Bounds, RateFigure
from socialins.rules.selector import RuleClass, Who
from socialins.rules.series import ALL
from socialins.values import Month

__all__ = ["MonthRules", "RuleEntry"]


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
            rule_class or RuleClass(),
            insurance=insurance,
            item=item,
            payer=payer,
            known_on=self.known_on,
        )

    def __iter__(self) -> Iterator[RuleEntry]:
        hidden: set[tuple[object, ...]] = set()
        for book in self.cascade.books:
            reached: set[tuple[object, ...]] = set()
            for placed in book.series:
                series = placed.series
                if series.kind == "window":
                    continue  # windows are a calendar's, not a bill's
                located = Located(
                    series.find(self.month, self.known_on, lenient=False), series, book
                )
                for insurance, item, payer in series.scopes():
                    key = (series.kind, insurance, item, payer, series.who)
                    if key in hidden:
                        continue
                    if not series.inherit_outside_span or series.covers(self.month):
                        reached.add(key)
                        yield self._entry(located, insurance, item, payer, series.who)
            hidden |= reached

    def _entry(
        self, located: Located, insurance: str, item: str | None, payer: Payer | None, who: Who
    ) -> RuleEntry:
        title = Text("全部险种", "all insurances")
        if insurance != ALL:
            title = self.cascade.item_title(insurance, item or "basic")
        last = located.found.last
        return RuleEntry(
            kind=located.series.kind,
            insurance=insurance,
            item=item,
            payer=payer,
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
