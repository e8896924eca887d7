"""Likely causes: which explanations fit a finding to the fen, each with its arithmetic.

Nothing here knows what happened at the bureau. A cause is named when its arithmetic comes out
exactly, the more particular before the more general; what fits nothing is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from socialins.faults import Text
from socialins.model.codes import Kind, Payer
from socialins.reconcile.detail import DetailRow
from socialins.reconcile.finding import Cause, Explained, Side
from socialins.settlement import Contribution
from socialins.values import Money, Month, Rate

__all__ = ["Case", "Known", "explain_differing", "explain_extra", "explain_missing"]

Key = tuple[str, str, str | None, Payer]
"""Number, insurance, item, payer."""

_KINDS_PAID_BESIDES = {Kind.BACKPAY, Kind.LATE_FEE, Kind.INTEREST, Kind.LUMP_SUM, Kind.REFUND}


@attrs.frozen(kw_only=True)
class Known:
    """What is known besides bill and export.

    Arguments:
        month: the bill's month.
        before: (number, insurance) that were insured in the month before, with an empty insurance
            for all that apply; None if no roster or bill of it was given.
        differences: key → sum of the differences of earlier months, with their months.
        again: key → the bill's side as it is by what is known on another day.
        besides: key → amounts known to be paid besides, such as back payments.
        unsettled: (number, insurance, payer) that the bill could not settle.
        insured: number → insurances that the bill has.
        listed: numbers that the exports have.
        renumbered: number → the other number that the same name alone has on the other side.
    """

    month: Month
    before: frozenset[tuple[str, str]] | None = None
    differences: Mapping[Key, tuple[Money, tuple[Month, ...]]] = attrs.field(factory=dict)
    again: Mapping[Key, Side] = attrs.field(factory=dict)
    besides: Mapping[Key, Money] = attrs.field(factory=dict)
    unsettled: frozenset[tuple[str, str, Payer]] = frozenset()
    insured: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    listed: frozenset[str] = frozenset()
    renumbered: Mapping[str, str] = attrs.field(factory=dict)

    def was_insured(self, number: str, insurance: str) -> bool | None:
        """Whether somebody was insured in the month before; None if nobody said."""
        if self.before is None:
            return None
        return (number, insurance) in self.before or (number, "") in self.before


@attrs.frozen(kw_only=True)
class Case:
    """A finding whose cause is looked for.

    Arguments:
        key: what it is about.
        ours, theirs: both sides; a side without amounts is None.
        contributions: the bill's amounts.
        rows: the export's rows.
        fields: what differs.
        known: what else is known.
    """

    key: Key
    ours: Side | None
    theirs: Side | None
    contributions: tuple[Contribution, ...]
    rows: tuple[DetailRow, ...]
    fields: tuple[str, ...]
    known: Known

    @property
    def regular(self) -> tuple[Contribution, ...]:
        """The bill's regular amounts of its month."""
        return tuple(one for one in self.contributions if one.kind is Kind.REGULAR)

    @property
    def other_months(self) -> tuple[DetailRow, ...]:
        """The export's rows for other months."""
        return tuple(row for row in self.rows if row.period not in (None, self.known.month))


def explain_missing(case: Case) -> tuple[Explained, ...]:
    """Why the export may lack somebody whom the bill has."""
    number, insurance, _, _ = case.key
    found = list(_renumbered(case))
    before = case.known.was_insured(number, insurance)
    if before is None:
        why = Text(
            "账单中有，明细中没有；未提供上月名册，无法核对是否本月新增",
            "in the bill, not in the export; no roster of the month before was given to compare",
        )
        found.append(Explained(Cause.ENROLMENT_NOT_PASSED, why))
    elif not before:
        why = Text(
            "上月没有参加该险种，本月账单中有，明细中没有",
            "not insured in the month before, in this month's bill, not in the export",
        )
        found.append(Explained(Cause.ENROLMENT_NOT_PASSED, why))
    if not found:
        why = Text(
            "上月已参保，本月账单中有，明细中没有",
            "insured in the month before and in the bill, not in the export",
        )
        found.append(Explained(Cause.UNKNOWN, why))
    return tuple(found)


def explain_extra(case: Case) -> tuple[Explained, ...]:
    """Why the export may have somebody whom the bill lacks."""
    number, insurance, _, payer = case.key
    found: list[Explained] = []
    if (number, insurance, payer) in case.known.unsettled:
        why = Text("账单未能结算这一项", "the bill could not settle this")
        found.append(Explained(Cause.NOT_SETTLED, why))
    if case.other_months and len(case.other_months) == len(case.rows):
        months = _months(case)
        why = Text(
            f"明细只有其他月份的费款：{months}", f"the export has amounts of other months: {months}"
        )
        found.append(Explained(Cause.BACK_PAYMENT, why))
    found += _renumbered(case)
    before = case.known.was_insured(number, insurance)
    if before is None:
        if number not in case.known.insured and not found:
            why = Text(
                "明细中有，账单中没有；未提供上月名册，无法核对是否本月减少",
                "in the export, not in the bill; no roster of the month before was given to "
                "compare",
            )
            found.append(Explained(Cause.STOP_NOT_PASSED, why))
    elif before:
        why = Text(
            "上月已参保，本月账单中没有，明细中仍有",
            "insured in the month before, not in this month's bill, still in the export",
        )
        found.append(Explained(Cause.STOP_NOT_PASSED, why))
    if not found:
        here = case.known.insured.get(number)
        why = (
            Text("账单中有此人，但没有该险种或缴费主体", "in the bill, but not for this")
            if here
            else Text(
                "上月和本月的名册中都没有此人", "in neither this month's bill nor the month before"
            )
        )
        found.append(Explained(Cause.UNKNOWN, why))
    return tuple(found)


def _renumbered(case: Case) -> Iterator[Explained]:
    number = case.key[0]
    if number in case.known.renumbered:
        why = Text(
            "另一方有姓名相同而证件号码不同的一人，双方各只有这一人同名",
            "the other side has one person of the same name with another number, and neither side "
            "has a second of that name",
        )
        yield Explained(Cause.NUMBER_DIFFERS, why)


def explain_differing(case: Case) -> tuple[Explained, ...]:
    """What may explain that both sides have somebody, and differ."""
    ours, theirs = case.ours, case.theirs
    if ours is None or theirs is None:
        return ()
    gap = theirs.amount - ours.amount
    found = list(_by_gap(case, ours, theirs, gap)) if gap else []
    found += _by_base_and_rate(case, ours, theirs, gap)
    if not found and "base" not in case.fields and "rate" not in case.fields:
        found += _rounding(case, gap) if gap else _wage(case, ours, theirs)
    if not found:
        shown = _sum(ours.amount, gap, theirs.amount)
        why = Text(f"没有一种算法得出：{shown}", f"no arithmetic gives this: {shown}")
        found.append(Explained(Cause.UNKNOWN, why))
    return tuple(found)


def _by_gap(case: Case, ours: Side, theirs: Side, gap: Money) -> Iterator[Explained]:
    """Causes that explain the gap between the amounts as a sum of its own."""
    key, known = case.key, case.known
    same_base = "base" not in case.fields
    shown = _sum(ours.amount, gap, theirs.amount)
    if same_base:
        yield from _taken_off(theirs, gap, shown)
    yield from _not_collected(case, gap, shown)
    if key in known.again and "base" not in _unlike(known.again[key], theirs):
        again = known.again[key]
        if again.amount == theirs.amount:
            why = Text(
                f"按另一日已公布的规定重新结算，正是 {theirs.amount:,}（账单 {ours.amount:,}）",
                f"settled again by what was announced on the other day it is {theirs.amount:,}, "
                f"as in the export (bill {ours.amount:,})",
            )
            yield Explained(Cause.DIFFERENCE, why)
    pending = known.differences.get(key)
    if same_base and pending is not None and pending[0] == gap:
        months = ", ".join(map(str, pending[1]))
        why = Text(
            f"{months} 的差额合计 {gap:,}，账单不含：{shown}",
            f"the differences of {months} add up to {gap:,}, which the bill lacks: {shown}",
        )
        yield Explained(Cause.DIFFERENCE, why)
    besides = known.besides.get(key)
    if same_base and besides is not None and besides == gap:
        why = Text(
            f"已知的补缴或滞纳金合计 {gap:,}：{shown}",
            f"the known back payments or late fees add up to {gap:,}: {shown}",
        )
        yield Explained(Cause.BACK_PAYMENT, why)
    elsewhere = Money.sum(row.amount for row in case.other_months)
    if case.other_months and elsewhere == gap:
        months = _months(case)
        why = Text(
            f"明细另有 {months} 的费款 {gap:,}：{shown}",
            f"the export has {gap:,} for {months} besides: {shown}",
        )
        yield Explained(Cause.BACK_PAYMENT, why)


def _taken_off(theirs: Side, gap: Money, shown: str) -> Iterator[Explained]:
    """Relief, credit, and what was added to what is due."""
    relief, credit = theirs.relief, theirs.credit
    if relief and gap == -relief:
        why = Text(f"减免费额 {relief:,}：{shown}", f"the relief is {relief:,}: {shown}")
        yield Explained(Cause.RELIEF, why)
    elif credit and gap in (-credit, -(credit + relief)):
        due = theirs.amount + credit
        if credit.fen < 0:
            why = Text(
                f"应补(退)费额比应缴费额多 {-credit:,}：{shown}",
                f"what is payable is {-credit:,} more than what is due: {shown}",
            )
            yield Explained(Cause.BACK_PAYMENT, why)
        else:
            why = Text(
                f"应缴 {due:,}，抵扣或已缴 {credit:,}：{shown}",
                f"of {due:,} due, {credit:,} was offset or paid: {shown}",
            )
            yield Explained(Cause.CREDIT_OFFSET, why)


def _not_collected(case: Case, gap: Money, shown: str) -> Iterator[Explained]:
    """What the bill has besides regular amounts, and the export lacks."""
    for cause, kinds in (
        (Cause.DIFFERENCE, {Kind.DIFFERENCE}),
        (Cause.BACK_PAYMENT, _KINDS_PAID_BESIDES),
    ):
        ours = [one for one in case.contributions if one.kind in kinds]
        if ours and Money.sum(one.amount for one in ours) == -gap:
            titles = list(dict.fromkeys(one.kind for one in ours))
            zh, en = ("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))
            why = Text(
                f"账单含{zh} {-gap:,}，明细没有：{shown}",
                f"the bill has {-gap:,} of {en}, which the export lacks: {shown}",
            )
            yield Explained(cause, why)


def _by_base_and_rate(case: Case, ours: Side, theirs: Side, gap: Money) -> Iterator[Explained]:
    """Their base at our rate, our base at their rate, their base at their rate."""
    base, rate = "base" in case.fields, "rate" in case.fields
    if not (base or rate) or not case.regular:
        return
    cause = Cause.BASE_AND_RATE if base and rate else Cause.BASE_CHANGED
    cause = cause if base else Cause.RATE_DIFFERS
    amounts = set(
        _amounts(
            case.regular,
            theirs.base if base else None,
            theirs.rate.fraction if rate and theirs.rate is not None else None,
        )
    )
    others = ours.amount - Money.sum(one.amount for one in case.regular)
    stated = theirs.amount - others
    for total in (stated, stated + theirs.credit, stated + theirs.credit + theirs.relief):
        if total in amounts:
            at_base = theirs.base if base else ours.base
            at_rate = theirs.rate if rate else ours.rate
            shown = (
                f"{at_base or Money(0):,} × {at_rate if at_rate is not None else '?'} → {total:,}"
            )
            tail = Text("", "") if gap else Text("；金额相同", "; the amount is the same")
            which = _which(ours, theirs, base, rate)
            why = Text(f"{which.zh}{shown}{tail.zh}", f"{which.en}{shown}{tail.en}")
            yield Explained(cause, why)
            return


def _which(ours: Side, theirs: Side, base: bool, rate: bool) -> Text:
    zh, en = [], []
    if base and ours.base is not None and theirs.base is not None:
        zh.append(f"基数 {ours.base:,} → {theirs.base:,}")
        en.append(f"base {ours.base:,} → {theirs.base:,}")
    if rate:
        zh.append(f"费率 {ours.rate} → {theirs.rate}")
        en.append(f"rate {ours.rate} → {theirs.rate}")
    return Text("，".join(zh) + "：", ", ".join(en) + ": ")


def _amounts(
    regular: tuple[Contribution, ...], base: Money | None, rate: Fraction | None
) -> Iterator[Money]:
    """What the bill's amounts would be with another base or rate.

    A rate of several items together may differ in any one of them.
    """
    rates = [one.rate.fraction for one in regular]
    sets = [rates]
    if rate is not None:
        change = rate - sum(rates)
        sets = [
            [*rates[:index], old + change, *rates[index + 1 :]] for index, old in enumerate(rates)
        ]
    for tried in sets:
        if min(tried) >= 0:
            yield Money.sum(
                one.line.amount_rounding(Rate(used).of(base or one.base)) + one.fixed
                for one, used in zip(regular, tried, strict=True)
            )


def _rounding(case: Case, gap: Money) -> Iterator[Explained]:
    most = max(len(case.contributions), 1)
    if abs(gap).fen <= most:
        why = Text(
            f"基数和费率相同，金额相差 {gap.fen} 分，不超过每个品目 1 分（共 {most} 个）",
            f"base and rate are the same, the amount is {gap.fen} fen off: at most one an item "
            f"(items: {most})",
        )
        yield Explained(Cause.ROUNDING, why)


def _wage(case: Case, ours: Side, theirs: Side) -> Iterator[Explained]:
    if "wage" in case.fields and ours.wage is not None and theirs.wage is not None:
        why = Text(
            f"缴费工资 {ours.wage:,} → {theirs.wage:,}，基数和金额相同",
            f"declared wage {ours.wage:,} → {theirs.wage:,}; base and amount are the same",
        )
        yield Explained(Cause.WAGE_DIFFERS, why)


def _unlike(one: Side, other: Side) -> tuple[str, ...]:
    return ("base",) if None not in (one.base, other.base) and one.base != other.base else ()


def _months(case: Case) -> str:
    return ", ".join(sorted({str(row.period) for row in case.other_months}))


def _sum(ours: Money, gap: Money, theirs: Money) -> str:
    sign = "−" if gap.fen < 0 else "+"
    return f"{ours:,} {sign} {abs(gap):,} = {theirs:,}"
