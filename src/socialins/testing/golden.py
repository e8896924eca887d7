"""Golden months: what a region settles at every month at which one of its rules changes.

The months come from the rule files, so that a new figure is covered the day it is added. What they
settle to is kept in a file beside the region's tests; a change of it is there to be read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from socialins.facade import Region
from socialins.identity import DocumentType, IdDocument
from socialins.model.codes import AccountType, Employment, Household, UnitSize
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import InjuryTerms, Unit, UnitAccount
from socialins.model.wage import DeclaredWage
from socialins.rules import RuleClass
from socialins.settlement import Settlement
from socialins.values import Money, Month, MonthSpan, Rate

__all__ = ["check_golden", "golden_months", "regime_months"]

UPDATE = "SOCIALINS_UPDATE_GOLDEN"
"""Set to 1, `check_golden` writes the file anew instead of comparing."""

_HOUSEHOLDS = (Household.URBAN_LOCAL, Household.RURAL_LOCAL, Household.RURAL_OUTSIDE)
_SECOND_WAGES = ("0.01", "5000.55", "123456.78")


def regime_months(region: Region) -> tuple[Month, ...]:
    """Every month at which a figure of the region begins, or the month after one ends.

    >>> from socialins.testing.middle import middle
    >>> [str(month) for month in regime_months(middle())][-3:]
    ['2026-07', '2026-09', '2027-07']
    """
    found: set[Month] = set()
    for book in region.cascade.books:
        for placed in book.series:
            if placed.series.of_calendar:
                continue
            spans = [value.span for value in placed.series.values]
            spans += [gap.span for gap in placed.series.unknown]
            for span in spans:
                found.add(span.first)
                if span.last is not None:
                    found.add(span.last + 1)
    return tuple(sorted(found))


def golden_months(region: Region) -> dict[str, Any]:
    """What the region settles at each of its `regime_months`, leniently, for wages at the edges.

    Returns:
        Month → class → wage → insurance and payer → ``"base amount"``, with the status of carried
        figures and what is not known; plain data, ready for JSON.
    """
    return {str(month): _month(region, month) for month in regime_months(region)}


def check_golden(region: Region, path: Path) -> None:
    """Compare a region's golden months with the file that keeps them.

    Raises:
        AssertionError: if a month settles otherwise than the file says; the message names it.
    """
    actual = golden_months(region)
    if os.environ.get(UPDATE) == "1":
        path.write_text(_dump(actual), encoding="utf-8", newline="\n")
    kept = json.loads(path.read_text(encoding="utf-8"))
    changed = [month for month in {**kept, **actual} if kept.get(month) != actual.get(month)]
    assert not changed, (
        f"{region}: {', '.join(changed)} settle otherwise than {path.name} says. If that is meant, "
        f"run the test with {UPDATE}=1 and read the difference."
    )


def _month(region: Region, month: Month) -> dict[str, Any]:
    wanted = {
        f"{account_type.value} {household.value}": RuleClass(household, account_type=account_type)
        for account_type, household in product(AccountType, _HOUSEHOLDS)
    }
    wanted["enterprise part-time"] = RuleClass(employment=Employment.PART_TIME)
    if any(entry.kind == "relief" for entry in region.rules(month)):
        wanted |= {f"enterprise {size.value}": RuleClass(unit_size=size) for size in UnitSize}
    classes = {
        name: dict(_lines(region.settle(_roster(region, month, rule_class), month, strict=False)))
        for name, rule_class in wanted.items()
    }
    # Classes that settle alike are told once.
    told: dict[str, Any] = {}
    for name, lines in classes.items():
        same = next((other for other, known in told.items() if known == lines), None)
        told[name] = f"as {same}" if same else lines
    return told


def _lines(bill: Settlement) -> Iterator[tuple[str, Any]]:
    by_wage: dict[str, dict[str, str]] = {}
    for one in bill.contributions:
        item = "" if one.item == "basic" else f" {one.item}"
        mark = "" if not one.provisional else " (not confirmed)"
        told = by_wage.setdefault(str(one.wage), {})
        told[f"{one.insurance}{item} {one.payer.value}"] = f"{one.base} {one.amount}{mark}"
    yield from by_wage.items()
    if bill.unsettled:
        yield (
            "not known",
            sorted({f"{one.insurance} {one.item} {one.payer.value}" for one in bill.unsettled}),
        )


def _roster(region: Region, month: Month, rule_class: RuleClass) -> Roster:
    account = UnitAccount(
        Unit("示例单位", size=rule_class.unit_size),
        account_type=rule_class.account_type,
        injury=(InjuryTerms(MonthSpan("1990-01"), rate=Rate("0.2%")),),
    )
    entries = [
        RosterEntry(
            _person(number),
            DeclaredWage(wage),
            household=rule_class.household,
            employment=rule_class.employment,
        )
        for number, wage in enumerate(_wages(region, month))
    ]
    return Roster(month, tuple(entries), account)


def _wages(region: Region, month: Month) -> list[Money]:
    """Wages on and beside every floor and cap of the month, and some away from them."""
    found = {Money.yuan(wage) for wage in _SECOND_WAGES}
    for entry in region.rules(month):
        if entry.kind != "bounds" or entry.citation is None:
            continue
        bounds = region.rules(month).bounds(entry.insurance)
        for edge in (bounds.floor_fen, bounds.cap_fen) if bounds else ():
            if edge is not None:
                found |= {Money(edge - 1), Money(edge), Money(edge + 1)}
    return sorted(found)


def _person(number: int) -> InsuredPerson:
    return InsuredPerson(f"示例{number}", IdDocument(DocumentType.PASSPORT, f"G{number:08}"))


def _dump(actual: dict[str, Any]) -> str:
    return json.dumps(actual, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
