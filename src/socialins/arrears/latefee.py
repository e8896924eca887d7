"""Late fee (滞纳金): what an amount costs for each day that it is overdue.

The law fixes the rate. From which day it counts, to which, and on what it is rounded are rules of
their own with marks of their own, and every fee names them. Each day counts at the rate of its own
month, so that a debt older than the law of 2011 is charged at both rates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import attrs

from socialins.arrears.rules import required
from socialins.calendar import day_of
from socialins.faults import Fault, Severity, Text
from socialins.model.codes import Kind, Payer
from socialins.rules import Cascade, Citation, Located, RuleClass
from socialins.rules.arrears import FeeCarrier, FirstDay, LastDay
from socialins.settlement.cited import document_lines, figure_line
from socialins.values import Money, Month, Rate, Rounding

__all__ = ["LateFee", "LateFees", "LateSpan", "Overdue", "late_fees"]

_DAY = timedelta(days=1)


class Overdue(Protocol):
    """An amount that was not paid in time: a `Contribution`, or what is open of a plan's line."""

    @property
    def insurance(self) -> str:
        """The insurance's id."""

    @property
    def item(self) -> str:
        """The item's id."""

    @property
    def payer(self) -> Payer:
        """Who owes it."""

    @property
    def period(self) -> Month:
        """The month it is for."""

    @property
    def amount(self) -> Money:
        """How much it is."""


@attrs.frozen(kw_only=True)
class LateSpan:
    """Days that count at one rate.

    Arguments:
        first, last: the days, both included.
        daily: the rate for one day.
    """

    first: date
    last: date
    daily: Rate

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@attrs.frozen(kw_only=True)
class LateFee:
    """One late fee; the unit owes it, on its own share and on what it withheld.

    Arguments:
        insurances: ids of the insurances it is on.
        period: the month of the overdue contributions (费款所属期).
        principal: what is overdue.
        due: the last day of payment.
        paid: the day of payment.
        spans: the days that count, by rate; empty when none does.
        rounding: how the fee is rounded.
        amount: the fee.
        citations: the rules it rests on.
    """

    insurances: tuple[str, ...]
    period: Month
    principal: Money
    due: date
    paid: date
    spans: tuple[LateSpan, ...]
    rounding: Rounding
    amount: Money
    titles: tuple[Text, ...] = attrs.field(repr=False)
    citations: tuple[Citation, ...] = attrs.field(repr=False)

    kind = Kind.LATE_FEE
    payer = Payer.UNIT

    @property
    def days(self) -> int:
        """How many days count."""
        return sum(span.days for span in self.spans)

    def explain(self, lang: str = "zh") -> str:
        """The derivation, line by line, with the documents.

        Arguments:
            lang: ``"zh"`` or ``"en"``.
        """
        return "\n".join(_explained(self, lang))


@attrs.frozen(kw_only=True, slots=False)
class LateFees:
    """The late fees of some overdue amounts.

    Arguments:
        items: the fees, in order of period.
        faults: warnings: a deferral whose last day no source states, or that does not hold.
    """

    items: tuple[LateFee, ...]
    faults: tuple[Fault, ...] = ()

    @cached_property
    def total(self) -> Money:
        """All fees."""
        return Money.sum(one.amount for one in self.items)

    def __iter__(self) -> Iterator[LateFee]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@attrs.frozen
class _Terms:
    """What decides a fee; amounts of the same terms are charged together."""

    period: Month
    due: date
    insurance: str
    days: Located = attrs.field(eq=False)
    carried: Located = attrs.field(eq=False)
    deferral: Located | None = attrs.field(eq=False, default=None)
    part: int = 0


def late_fees(
    cascade: Cascade,
    owed: Iterable[Overdue],
    *,
    due: dict[Month, date],
    paid: date,
    deferred: bool = False,
    rule_class: RuleClass | None = None,
    known_on: date | None = None,
) -> LateFees:
    """Charge overdue contributions.

    Arguments:
        cascade: the region's rules.
        owed: the contributions, or other amounts, that were not paid in time; negative ones lower
            what is overdue.
        due: for each period, the last day on which it could be paid.
        paid: the day of payment.
        deferred: the unit was granted the deferral (缓缴) of the region's rules.
        rule_class: the unit's size, trade and account type, which a deferral may go by.
        known_on: by rules as known on this day; None for all that is installed.

    Raises:
        RuleUnknown: if a rule of the late fee is not known.
    """
    charge = _Charge(cascade, due, paid, deferred, rule_class or RuleClass(), known_on)
    groups: defaultdict[_Terms, list[Overdue]] = defaultdict(list)
    for number, one in enumerate(owed):
        groups[charge.terms(one, number)].append(one)
    fees = [charge.fee(terms, group) for terms, group in groups.items()]
    items = sorted((fee for fee in fees if fee is not None), key=lambda fee: fee.period)
    return LateFees(items=tuple(items), faults=tuple(charge.faults.values()))


@attrs.define
class _Charge:
    cascade: Cascade
    due: dict[Month, date]
    paid: date
    deferred: bool
    rule_class: RuleClass
    known_on: date | None
    faults: dict[tuple[str, Month, str], Fault] = attrs.field(factory=dict)
    _open: set[tuple[Month, str]] = attrs.field(factory=set)

    def rule(self, kind: str, month: Month, insurance: str) -> Located:
        return required(self.cascade, kind, month, insurance=insurance, known_on=self.known_on)

    def terms(self, one: Overdue, number: int) -> _Terms:
        """What decides the fee on a contribution."""
        days = self.rule("late-fee-days", one.period, one.insurance)
        carried = self.rule("late-fee-rounding", one.period, one.insurance)
        due, deferral = self.due[one.period], None
        if self.deferred:
            deferral = self.deferral(one)
        if deferral is not None and not deferral.figure.late_fee:
            # Without a last day the fee can't begin; a warning says that it is open.
            due = deferral.figure.pay_by.last_day if deferral.figure.pay_by else date.max
        carrier = carried.figure.per
        return _Terms(
            one.period,
            due,
            # A fee on a whole month is still charged apart where rules differ.
            one.insurance if carrier is not FeeCarrier.MONTH else _rules_of(days, carried),
            days,
            carried,
            deferral,
            number if carrier is FeeCarrier.CONTRIBUTION else 0,
        )

    def deferral(self, one: Overdue) -> Located | None:
        """The deferral of a contribution, if one holds; a warning if none does, or it is open."""
        located = self.cascade.find(
            "deferral",
            one.period,
            self.rule_class,
            insurance=one.insurance,
            item=one.item,
            payer=one.payer,
            known_on=self.known_on,
        )
        found = located if located is not None and located.figure is not None else None
        values: dict[str, str | Text] = {
            "month": str(one.period),
            "insurance": self.cascade.title(one.insurance),
        }
        if found is None:
            if one.payer is Payer.UNIT:
                self.warn("arrears.deferral-none", one, values)
        elif found.figure.pay_by is None and not found.figure.late_fee:
            self.warn("arrears.deferral-open", one, values)
        return found

    def warn(self, code: str, one: Overdue, values: dict[str, str | Text]) -> None:
        fault = Fault(code, values, severity=Severity.WARNING)
        self.faults.setdefault((code, one.period, one.insurance), fault)

    def fee(self, terms: _Terms, group: list[Overdue]) -> LateFee | None:
        """The fee on a group; None where nothing is overdue."""
        principal = Money.sum(one.amount for one in group)
        if principal.fen <= 0 or terms.due == date.max:
            return None
        rates: list[Located] = []
        spans = tuple(self.spans(terms, group[0].insurance, rates))
        share = sum((span.daily.fraction * span.days for span in spans), Fraction(0))
        rounding: Rounding = terms.carried.figure.rounding
        insurances = dict.fromkeys(one.insurance for one in group)
        cited = [*rates, terms.days, terms.carried, *([terms.deferral] if terms.deferral else [])]
        return LateFee(
            insurances=tuple(insurances),
            period=terms.period,
            principal=principal,
            due=terms.due,
            paid=self.paid,
            spans=spans,
            rounding=rounding,
            amount=rounding(principal.fen * share),
            titles=tuple(self.cascade.title(insurance) for insurance in insurances),
            citations=tuple(located.citation() for located in cited),
        )

    def spans(self, terms: _Terms, insurance: str, rates: list[Located]) -> Iterator[LateSpan]:
        """The days that count, cut where the rate changes."""
        first, last = self.days(terms)
        while first <= last:
            located = self.rule("late-fee-rate", Month.of(first), insurance)
            rates.append(located)
            end = located.figure.end
            until = last if end is None else min(last, end.last_day)
            yield LateSpan(first=first, last=until, daily=located.figure.daily)
            first = until + _DAY

    def days(self, terms: _Terms) -> tuple[date, date]:
        """The first and the last day that count."""
        rule = terms.days.figure
        if rule.first_on is not None:
            # Never before the amount is overdue, whatever the rule's day: a deferral may lie later.
            first = max(day_of(rule.first_on, terms.period), terms.due + _DAY)
        else:
            first = terms.due if rule.first is FirstDay.DUE_DAY else terms.due + _DAY
        last = self.paid if rule.last is LastDay.PAYMENT_DAY else self.paid - _DAY
        if self.paid <= terms.due:
            return first, first - _DAY
        return first, last


def _rules_of(days: Located, carried: Located) -> str:
    """A name for the pair of rules, equal only where both are the same figures."""
    return f"{id(days.figure)} {id(carried.figure)}"


def _explained(fee: LateFee, lang: str) -> Iterator[str]:
    english = lang == "en"
    titles = (", " if english else "、").join(title.get(lang) for title in fee.titles)
    period = str(fee.period) if english else f"{fee.period:zh}"
    yield f"{titles} · {period} · {fee.kind.title(lang)}{': ' if english else '：'}¥{fee.amount:,}"
    due = f"Due {fee.due}, paid {fee.paid}" if english else f"缴费期限 {fee.due}，缴纳 {fee.paid}"
    yield f"  {due}"
    if not fee.spans:
        yield "  No day counts" if english else "  无计收天数"
    for span in fee.spans:
        exact = fee.principal.fen * span.days * span.daily.fraction
        sum_ = f"{fee.principal:,} × {span.days} × {span.daily} = {Rate(exact / 100).decimal()}"
        days = f"{span.first} to {span.last}" if english else f"{span.first} 至 {span.last}"
        yield f"  {days}: {sum_}" if english else f"  {days}：{sum_}"
    rounded = fee.rounding.title(lang)
    yield (
        f"  Rounded ({rounded}) {fee.amount:,}" if english else f"  进位（{rounded}）{fee.amount:,}"
    )
    yield "Rests on:" if english else "依据："
    for citation in dict.fromkeys(fee.citations):
        yield f"  {figure_line(citation, lang)}"
        yield from (f"    {line}" for line in document_lines(citation, lang))
