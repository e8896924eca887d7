"""Compiling: the rules of a month, for a rule class → a `Schedule`.

The cascade is asked once per figure here; nothing that computes amounts asks it again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

import attrs

from socialins.faults import Fault, Place, Text
from socialins.model.codes import Payer
from socialins.rules import (
    Cascade,
    Citation,
    FixedSum,
    Located,
    Operand,
    RateFigure,
    RuleClass,
    UnitBasis,
)
from socialins.settlement.schedule import Line, Missing, Schedule
from socialins.values import Month, Rate

__all__ = ["compile_schedule", "unknown_fault"]

_WHAT = {
    "bounds": Text("基数上下限", "floor and cap"),
    "rate": Text("费率", "rate"),
    "fixed": Text("定额", "fixed sum"),
    "base-rounding": Text("基数进位方式", "rounding of the base"),
    "amount-rounding": Text("金额进位方式", "rounding of the amount"),
    "unit-base": Text("单位基数口径", "basis of the unit's share"),
    "coverage": Text("参保范围", "coverage"),
    "injury-classes": Text("工伤行业费率", "injury rate of the class"),
    "injury-bands": Text("工伤浮动档次", "floating bands of the class"),
    "injury-multiplier": Text("工伤费率调整系数", "multiplier of the class rates"),
    "relief": Text("减免", "relief"),
    "undeclared": Text("未申报月份的核定比例", "share owed for an undeclared month"),
    "late-fee-rate": Text("滞纳金费率", "late fee for each day"),
    "late-fee-days": Text("滞纳金起止日", "days that a late fee counts"),
    "late-fee-rounding": Text("滞纳金进位方式", "rounding of the late fee"),
    "credit-offset": Text("待转金冲抵顺序", "order in which credit is offset"),
}

_UNIT_KEYS = {
    "unit_size": Text("单位规模（size）", "size"),
    "trade": Text("单位行业（trade）", "trade"),
}


def compile_schedule(
    cascade: Cascade,
    month: Month,
    rule_class: RuleClass,
    *,
    insurances: Collection[str] | None = None,
    known_on: date | None = None,
    lenient: bool = False,
) -> Schedule:
    """Compile the rules of a month for a rule class.

    Arguments:
        cascade: the region's rules.
        month: the month of the contributions.
        rule_class: for whom.
        insurances: ids of the insurances to compile; None for those that the rules name.
        known_on: as known on this day; None for all that is installed.
        lenient: whether ended figures may be carried.

    Returns:
        The schedule; what can't be computed stands in its `missing`.
    """
    chosen = None if insurances is None else frozenset(insurances)
    return _compiled(
        cascade, month, rule_class, insurances=chosen, known_on=known_on, lenient=lenient
    )


@lru_cache(maxsize=2048)
def _compiled(
    cascade: Cascade,
    month: Month,
    rule_class: RuleClass,
    *,
    insurances: frozenset[str] | None,
    known_on: date | None,
    lenient: bool,
) -> Schedule:
    """A schedule, remembered: a service settles the same month for one unit after the other."""
    compiler = _Compiler(cascade, month, rule_class, known_on, lenient)
    lines: list[Line] = []
    missing: list[Missing] = []
    wanted, why = compiler.coverage(insurances)
    for insurance, item, payer in cascade.items(rule_class):
        if wanted is not None and insurance not in wanted:
            continue
        made = compiler.line(insurance, item, payer, why)
        if isinstance(made, Line):
            lines.append(made)
        elif made is not None:
            missing.append(Missing(insurance=insurance, item=item, payer=payer, fault=made))
    return Schedule(
        division=cascade.nearest.division,
        month=month,
        rule_class=rule_class,
        lines=tuple(lines),
        missing=tuple(missing),
    )


def unknown_fault(
    cascade: Cascade,
    located: Located | None,
    kind: str,
    *,
    month: Month,
    insurance: str,
    payer: Payer,
) -> Fault:
    """The fault that says which figure is not known, and what was known last."""
    last = located.found.last if located else None
    why = located.found.why if located else None
    zh, en = "无", "nothing"
    if last is not None:
        zh = f"{last.describe('zh')}（{last.span}）"
        en = f"{last.describe('en')} ({last.span})"
    return Fault(
        "rules.unknown",
        {
            "region": cascade.nearest.names.name,
            "division": cascade.nearest.division,
            "month": str(month),
            "insurance": cascade.title(insurance),
            "insurance_id": insurance,
            "payer": payer.text,
            "payer_id": payer.value,
            "what": _WHAT[kind],
            "what_id": kind,
            "last": Text(zh, en),
            "why": Text(why.zh, f"{why.en} ") if why else "",
        },
    )


@attrs.frozen
class _Collected:
    rate: Rate | None
    operand: Operand | None
    relief: Rate | None
    fixed: int
    citations: tuple[Citation, ...]


@attrs.frozen
class _Compiler:
    cascade: Cascade
    month: Month
    rule_class: RuleClass
    known_on: date | None
    lenient: bool

    def find(self, kind: str, insurance: str, item: str, payer: Payer) -> Located | None:
        return self.cascade.find(
            kind,
            self.month,
            self.rule_class,
            insurance=insurance,
            item=item,
            payer=payer,
            known_on=self.known_on,
            lenient=self.lenient,
        )

    def coverage(
        self, chosen: Collection[str] | None
    ) -> tuple[Collection[str] | None, Located | None]:
        """The insurances that hold, and the rule that says so; a choice comes before the rule."""
        if chosen is not None:
            return chosen, None
        located = self.cascade.find(
            "coverage", self.month, self.rule_class, known_on=self.known_on, lenient=self.lenient
        )
        if located is None or located.figure is None:
            # A class whose coverage is not known for the month is not covered by everything:
            # each line of it is unknown then.
            return None, located
        return located.figure.insurances, located

    def line(
        self, insurance: str, item: str, payer: Payer, coverage: Located | None
    ) -> Line | Fault | None:
        """The line, or the figure it lacks, or None where nothing is collected."""
        collected = self.collected(insurance, item, payer)
        if not isinstance(collected, _Collected):
            return collected
        figures: dict[str, Any] = {}
        citations = list(collected.citations)
        if coverage is not None:
            if coverage.figure is None:
                return self.unknown(coverage, "coverage", insurance, payer)
            citations.insert(0, coverage.citation())
        kinds = ["bounds", "base-rounding", "amount-rounding"]
        if payer is Payer.UNIT:
            kinds.append("unit-base")
        for kind in kinds:
            located = self.find(kind, insurance, item, payer)
            if located is None or located.figure is None:
                return self.unknown(located, kind, insurance, payer)
            figures[kind] = located.figure
            citations.append(located.citation())
        return Line(
            insurance=insurance,
            item=item,
            payer=payer,
            title=self.cascade.title(insurance),
            item_title=self.cascade.item_title(insurance, item),
            floor=figures["bounds"].floor_fen,
            cap=figures["bounds"].cap_fen,
            base_rounding=figures["base-rounding"].rounding,
            rate=collected.rate,
            operand=collected.operand,
            relief=collected.relief,
            fixed=collected.fixed,
            amount_rounding=figures["amount-rounding"].rounding,
            unit_basis=figures["unit-base"].basis if payer is Payer.UNIT else UnitBasis.PERSONS,
            citations=tuple(citations),
        )

    def collected(self, insurance: str, item: str, payer: Payer) -> _Collected | Fault | None:
        """Rate and fixed sum, or which of them is not known, or None where there is neither."""
        rate: Rate | None = Rate(0)
        operand, relief, fixed = None, None, 0
        citations = []
        for kind in ("rate", "fixed"):
            located = self.find(kind, insurance, item, payer)
            if located is None:
                continue
            figure = located.figure
            if figure is None:
                return self.unknown(located, kind, insurance, payer)
            if isinstance(figure, FixedSum):
                fixed = figure.due_in(self.month).fen
                citations.append(located.citation())
            elif isinstance(figure, RateFigure) and not figure.none:
                rate, operand = figure.rate, figure.operand
                citations.append(located.citation())
                found = self.relief(insurance, item, payer)
                if isinstance(found, Fault):
                    return found
                if found is not None:
                    relief = found.figure.pays
                    citations.append(found.citation())
        if not citations:
            return None
        return _Collected(rate, operand, relief, fixed, tuple(citations))

    def relief(self, insurance: str, item: str, payer: Payer) -> Located | Fault | None:
        """The relief that holds, or why it can't be said whether one does, or None."""
        undecided = self.cascade.undecided(
            "relief", self.month, self.rule_class, insurance=insurance, payer=payer
        )
        if undecided:
            values: dict[str, str | Text] = {
                "insurance": self.cascade.title(insurance),
                "month": str(self.month),
                "missing": Text(*(_joined(undecided, lang) for lang in ("zh", "en"))),
            }
            return Fault("settle.relief-undecided", values, Place(field=undecided[0]))
        located = self.find("relief", insurance, item, payer)
        if located is None or not located.series.speaks_in(self.month):
            return None
        if located.figure is None:
            # Months admitted to be unknown; a relief announced later is simply not there yet.
            if located.found.why is None:
                return None
            return self.unknown(located, "relief", insurance, payer)
        return located

    def unknown(self, located: Located | None, kind: str, insurance: str, payer: Payer) -> Fault:
        return unknown_fault(
            self.cascade, located, kind, month=self.month, insurance=insurance, payer=payer
        )


def _joined(keys: tuple[str, ...], lang: str) -> str:
    joint = " and " if lang == "en" else "、"
    return joint.join(_UNIT_KEYS[key].get(lang) if key in _UNIT_KEYS else key for key in keys)
