"""Gaps: where a region's rules are missing, provisional, stale or unconfirmed.

Whoever keeps a region's files wants to know what to look for next, and whoever pays by them how far
to trust them. Each figure that some class of persons meets is asked for as settling asks for it, so
that nothing is listed that no bill could meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

import attrs

from socialins.faults import Text
from socialins.model.codes import AccountType, Employment, Household, Payer
from socialins.model.insurance import INJURY
from socialins.rules.cascade import Cascade, Located
from socialins.rules.citation import Citation
from socialins.rules.figures import RateFigure
from socialins.rules.rulebook import PlacedSeries
from socialins.rules.selector import RuleClass
from socialins.rules.series import ALL, Series, Status
from socialins.rules.source import Mark
from socialins.values import Month, MonthSpan

__all__ = ["STALE_AFTER", "Gap", "GapKind", "find_gaps"]

STALE_AFTER = 24
"""Months after which an open-ended figure that nobody confirmed again counts as stale."""

_OWED = ("bounds", "base-rounding", "amount-rounding")
_Question = tuple[str, str, str | None, Payer | None]
"""What is asked for: kind of figure, insurance, item, payer."""


class GapKind(StrEnum):
    """What is wrong with a figure, the worst first."""

    MISSING = "missing"
    PROVISIONAL = "provisional"
    STALE = "stale"
    UNCONFIRMED = "unconfirmed"

    def title(self, lang: str = "zh") -> str:
        """The kind in words."""
        return _TITLES[self][lang == "en"]


_TITLES = {
    GapKind.MISSING: ("缺", "missing"),
    GapKind.PROVISIONAL: ("暂按执行", "provisional"),
    GapKind.STALE: ("久未确认", "stale"),
    GapKind.UNCONFIRMED: ("未证实（C）", "unconfirmed (C)"),
}


@attrs.frozen(kw_only=True)
class Gap:
    """One figure that is not as well known as it should be.

    Arguments:
        kind: what is wrong with it.
        figure: what it is: ``bounds``, ``rate``, ``fixed``, ``base-rounding``, …
        insurance: the insurance's id; ``*`` for all.
        item, payer: None where it holds for all.
        title: how insurance and item are called.
        who: for whom, in words; None for everybody.
        span: the months concerned; None where no rule file says anything of it.
        reason: what is wrong, in words.
        citation: the figure with its documents; None when it is missing.
        division: the code of the division whose file is concerned.
        level: how the division is called.
        file, path: the file and the key path in it; empty where no file says anything of it.
    """

    kind: GapKind
    figure: str
    insurance: str
    item: str | None
    payer: Payer | None
    title: Text
    who: Text | None
    span: MonthSpan | None
    reason: Text
    citation: Citation | None
    division: str
    level: Text
    file: str = ""
    path: str = ""


def find_gaps(
    cascade: Cascade,
    month: Month,
    *,
    known_on: date | None = None,
    stale_after: int = STALE_AFTER,
) -> tuple[Gap, ...]:
    """List what is missing, provisional, stale or marked C in a month; and admitted unknowns.

    Arguments:
        cascade: the region's rules.
        month: the month asked for.
        known_on: as known on this day; None for everything that is installed.
        stale_after: an open-ended figure is stale if it was last confirmed (without that:
            announced, or first to hold) more than this many months before the month.

    Returns:
        The gaps, the worst kind first, in the order of the insurances. Months that a file admits
        not to know are listed whatever the month asked for; all else is about the month.
    """
    finder = _Finder(cascade, month, known_on, stale_after)
    found = dict.fromkeys(finder.find())
    kinds = list(GapKind)
    order = [insurance.id for insurance in cascade.insurances()]

    def rank(gap: Gap) -> tuple[int, int]:
        place = order.index(gap.insurance) if gap.insurance in order else -1
        return kinds.index(gap.kind), place

    return tuple(sorted(found, key=rank))


@attrs.frozen
class _Finder:
    cascade: Cascade
    month: Month
    known_on: date | None
    stale_after: int

    def find(self) -> Iterator[Gap]:
        """Every gap; one that several classes meet comes up several times."""
        classes = _classes(self.cascade)
        for rule_class in classes:
            for question in self.questions(rule_class):
                yield from self.of(question, self.ask(question, rule_class))
        for book in self.cascade.books:
            for placed in book.series:
                if not placed.series.of_calendar:
                    yield from self.admitted(placed.series, classes)

    def ask(
        self, question: _Question, rule_class: RuleClass, month: Month | None = None
    ) -> Located | None:
        kind, insurance, item, payer = question
        return self.cascade.find(
            kind,
            month or self.month,
            rule_class,
            insurance=insurance,
            item=item,
            payer=payer,
            known_on=self.known_on,
        )

    def questions(self, rule_class: RuleClass) -> Iterator[_Question]:
        """What settling needs to know of a class of persons."""
        held = None
        if coverage := self.ask(("coverage", ALL, None, None), rule_class):
            yield "coverage", ALL, None, None
            held = coverage.figure.insurances if coverage.figure else None
        for insurance, item, payer in self.cascade.items(rule_class):
            if held is None or insurance in held:
                yield from self.owed(insurance, item, payer, rule_class)

    def owed(
        self, insurance: str, item: str, payer: Payer, rule_class: RuleClass
    ) -> Iterator[_Question]:
        """What is asked of an item: rate and sum where there are any; the rest if it is owed."""
        collected = False
        for kind in ("rate", "fixed"):
            question = kind, insurance, item, payer
            located = self.ask(question, rule_class)
            if located is None:
                continue
            yield question
            rate = located.figure if isinstance(located.figure, RateFigure) else None
            collected = collected or rate is None or not rate.none
            if rate is not None and rate.operand is not None:
                yield from self.operand(rule_class)
            if rate is not None and not rate.none:
                question = "relief", insurance, item, payer
                relief = self.ask(question, rule_class)
                if relief is not None and relief.figure is not None:
                    yield question
        if collected:
            kinds = (*_OWED, "unit-base") if payer is Payer.UNIT else _OWED
            yield from ((kind, insurance, item, payer) for kind in kinds)

    def operand(self, rule_class: RuleClass) -> Iterator[_Question]:
        """What an account's own injury rate is made of; only the classes are always needed."""
        yield "injury-classes", INJURY, None, None
        for kind in ("injury-multiplier", "injury-bands"):
            located = self.ask((kind, INJURY, None, None), rule_class)
            if located is not None and not located.silent_in(self.month):
                yield kind, INJURY, None, None

    def of(self, question: _Question, located: Located | None) -> Iterator[Gap]:
        """What is wrong with the answer to a question."""
        if located is None:
            reason = Text("没有任何规则文件作出规定。", "No rule file says anything of it.")
            yield self.gap(GapKind.MISSING, question, None, None, reason)
            return
        question = _as_stated(question, located.series)
        figure = located.figure
        if figure is None:
            yield self.gap(
                GapKind.MISSING, question, located, self.hole(located), _why_missing(located)
            )
            return
        if located.found.status is Status.PROVISIONAL:
            reason = Text(
                f"{figure.span} 的标准，{located.found.status.title('zh')}。",
                f"The figure of {figure.span}, {located.found.status.title('en')}.",
            )
            yield self.gap(GapKind.PROVISIONAL, question, located, figure.span, reason)
        if figure.end is None and (since := self.stale(figure)) is not None:
            yield self.gap(GapKind.STALE, question, located, figure.span, since)
        if figure.weakest_mark is Mark.C:
            yield self.gap(
                GapKind.UNCONFIRMED, question, located, figure.span, _why_unconfirmed(figure)
            )

    def stale(self, figure: Any) -> Text | None:
        """Since when nobody confirmed an open-ended figure, if that is too long ago."""
        day, zh, en = figure.start.first_day, "起始", "it holds since"
        if figure.announced is not None:
            day, zh, en = figure.announced, "公布", "announced"
        if figure.last_confirmed is not None:
            day, zh, en = figure.last_confirmed, "确认", "last confirmed"
        months = self.month - Month.of(day)
        if months <= self.stale_after:
            return None
        return Text(
            f"无终止月份，{months} 个月未再确认（{day} {zh}）。",
            f"Open-ended and not confirmed for {months} months ({en} {day}).",
        )

    def hole(self, located: Located) -> MonthSpan:
        """The months around the one asked for, in which the series knows no figure."""
        series = located.series
        for gap in series.unknown:
            if self.month in gap.span:
                return gap.span
        last = located.found.last
        first = last.end + 1 if last is not None and last.end is not None else self.month
        later = [value.start for value in series.values if value.start > self.month]
        return MonthSpan(first, min(later) - 1 if later else None)

    def admitted(self, series: Series[Any], classes: list[RuleClass]) -> Iterator[Gap]:
        """The months that a series admits not to know, where no nearer one hides it."""
        for scope in series.scopes():
            question = (series.kind, *scope)
            for hole in series.unknown:
                for rule_class in classes:
                    located = self.ask(question, rule_class, hole.start)
                    if located is not None and located.series is series:
                        reason = _why_missing(located)
                        yield self.gap(GapKind.MISSING, question, located, hole.span, reason)
                        break

    def gap(
        self,
        kind: GapKind,
        question: _Question,
        located: Located | None,
        span: MonthSpan | None,
        reason: Text,
    ) -> Gap:
        figure, insurance, item, payer = question
        book = located.book if located else self.cascade.nearest
        placed = _placed(located) if located else None
        who = located.series.who if located else None
        title = Text("全部险种", "all insurances")
        if insurance != ALL:
            title = self.cascade.item_title(insurance, item or "basic")
        return Gap(
            kind=kind,
            figure=figure,
            insurance=insurance,
            item=item,
            payer=payer,
            title=title,
            who=Text(who.describe("zh"), who.describe("en")) if who and who.specificity else None,
            span=span,
            reason=reason,
            citation=located.citation()
            if located is not None and located.figure is not None and kind is not GapKind.MISSING
            else None,
            division=book.division,
            level=book.names.name,
            file=placed.file if placed else "",
            path=placed.path if placed else "",
        )


def _classes(cascade: Cascade) -> list[RuleClass]:
    """One class for each set of series that classes can meet; the ordinary one first."""
    selective = [
        placed.series.who
        for book in cascade.books
        for placed in book.series
        if placed.series.who.specificity and not placed.series.of_calendar
    ]
    found: dict[tuple[bool, ...], RuleClass] = {}
    sizes = sorted({size for who in selective for size in who.unit_size})
    trades = sorted({trade for who in selective for trade in who.trade})
    every = (
        RuleClass(*one)
        for one in product(Household, Employment, AccountType, (None, *sizes), (None, *trades))
    )
    for rule_class in (RuleClass(), *every):
        found.setdefault(tuple(who.matches(rule_class) for who in selective), rule_class)
    return list(found.values())


def _as_stated(question: _Question, series: Series[Any]) -> _Question:
    """The question as widely as the series answers it: once for all insurances, or all payers."""
    kind, insurance, item, payer = question
    for named, named_item, named_payer in series.scopes():
        if (
            named == insurance
            and named_item in (None, item)
            and (named_payer in (None, payer) or payer is None)
        ):
            return kind, named, named_item, named_payer
    return kind, ALL, None, next((scope[2] for scope in series.scopes()), None)


def _placed(located: Located) -> PlacedSeries | None:
    return next((one for one in located.book.series if one.series is located.series), None)


def _why_missing(located: Located) -> Text:
    why, last = located.found.why, located.found.last
    zh, en = (why.zh, why.en) if why else ("没有已知标准。", "No figure is known.")
    if last is None:
        return Text(zh, en)
    return Text(
        f"{zh}最后已知：{last.describe('zh')}（{last.span}）",
        f"{en} Last known: {last.describe('en')} ({last.span})",
    )


def _why_unconfirmed(figure: Any) -> Text:
    """Whether value, months or both are marked C; and how it was computed, if it was."""
    parts = [("数值", "value")] if figure.mark is Mark.C else []
    if (figure.dates_mark or figure.mark) is Mark.C:
        parts.append(("起止月份", "months"))
    zh = "和".join(part[0] for part in parts) + "未证实。"
    en = "Unconfirmed: " + " and ".join(part[1] for part in parts) + "."
    if figure.note is not None:
        zh, en = f"{zh}{figure.note.zh}", f"{en} {figure.note.en}"
    return Text(zh, en)
