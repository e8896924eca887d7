"""Back payment (补缴): months that were missed, and differences, paid in a later month.

Each missed month is settled at its own rules. What the region lets nobody pay afterwards, or only
for so many months, or only on some days, is refused item by item and stands in the faults: an
amount that the bureau would reject must not be in the sum that is paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property

import attrs

from socialins.calendar import CalendarUnknown, window_of
from socialins.faults import Fault, Severity, Text
from socialins.model.codes import Kind, Payer
from socialins.model.roster import Roster
from socialins.rules import Cascade, Located, RuleClass, RuleUnknown
from socialins.rules.arrears import BackPaymentKind
from socialins.settlement import Contribution, Differences, Settlement
from socialins.values import Money, Month

__all__ = ["BackPayment", "back_payment"]

_KINDS = {BackPaymentKind.GAP: Kind.BACKPAY, BackPaymentKind.DIFFERENCE: Kind.DIFFERENCE}
_BUSINESSES = {
    BackPaymentKind.GAP: "backpay.gap",
    BackPaymentKind.DIFFERENCE: "backpay.difference",
}


@attrs.frozen(kw_only=True, slots=False)
class BackPayment:
    """What is paid in a month for months before it.

    Arguments:
        month: the month it is assessed in (结算期).
        contributions: every amount, each with the month it is for (费款所属期).
        bills: the missed months as they would have been settled, refused amounts included.
        faults: what was refused, what the region's rules leave open, and the bills' own faults.
    """

    month: Month
    contributions: tuple[Contribution, ...] = attrs.field(repr=False)
    bills: tuple[Settlement, ...] = attrs.field(repr=False)
    faults: tuple[Fault, ...] = ()

    @cached_property
    def total(self) -> Money:
        """What is to be paid in all."""
        return Money.sum(one.amount for one in self.contributions)

    @cached_property
    def unit_total(self) -> Money:
        """The unit's share."""
        return self._of(Payer.UNIT)

    @cached_property
    def person_total(self) -> Money:
        """The persons' share."""
        return self._of(Payer.PERSON)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What was refused."""
        return tuple(fault for fault in self.faults if fault.is_error)

    def _of(self, payer: Payer) -> Money:
        return Money.sum(one.amount for one in self.contributions if one.payer is payer)


def back_payment(
    cascade: Cascade,
    parts: Iterable[Roster | Differences],
    month: Month,
    *,
    settle: Callable[[Roster], Settlement],
    at: datetime | None = None,
) -> BackPayment:
    """Put together what is paid afterwards.

    Arguments:
        cascade: the region's rules.
        parts: a roster for each missed month; differences of months that were settled.
        month: the month it is paid in.
        settle: settles a roster at the rules of its own month.
        at: the aware moment of filing; left out, the windows of back payment are not asked.

    Raises:
        RuleUnknown: whatever `settle` raises.
        ValueError: for a moment without a time zone.
    """
    paying = _Paying(cascade, month, at)
    contributions: list[Contribution] = []
    bills: list[Settlement] = []
    for part in parts:
        if isinstance(part, Roster):
            bill = settle(part)
            bills.append(bill)
            paying.faults.update({id(fault): fault for fault in bill.faults})
            found, kind = bill.contributions, BackPaymentKind.GAP
        else:
            found = tuple(one.contribution() for one in part)
            kind = BackPaymentKind.DIFFERENCE
        contributions += paying.allowed(found, kind)
    return BackPayment(
        month=month,
        contributions=tuple(contributions),
        bills=tuple(bills),
        faults=tuple(paying.faults.values()),
    )


@attrs.define
class _Paying:
    cascade: Cascade
    month: Month
    at: datetime | None
    faults: dict[object, Fault] = attrs.field(factory=dict)
    _verdicts: dict[tuple[str, Month, BackPaymentKind], bool] = attrs.field(factory=dict)

    def allowed(
        self, found: Iterable[Contribution], kind: BackPaymentKind
    ) -> Iterator[Contribution]:
        """The contributions that may be paid in this month; the others become faults."""
        for one in found:
            key = one.insurance, one.period, kind
            if key not in self._verdicts:
                self._verdicts[key] = self.may(one, kind)
            if self._verdicts[key]:
                yield attrs.evolve(one, kind=_KINDS[kind])

    def may(self, one: Contribution, kind: BackPaymentKind) -> bool:
        """Whether an insurance of a month may be paid afterwards."""
        values: dict[str, str | Text] = {
            "insurance": one.line.title,
            "period": str(one.period),
            "month": str(self.month),
            "kind": Text(kind.title("zh"), kind.title("en")),
        }
        if one.period >= self.month:
            return self.refuse("arrears.not-past", one, values)
        located = self.cascade.find(
            "back-payment", self.month, RuleClass(), insurance=one.insurance, payer=one.payer
        )
        if located is None or located.figure is None:
            self.faults.setdefault(
                ("unknown", one.insurance),
                Fault("arrears.rule-unknown", values, severity=Severity.WARNING),
            )
        elif not self.within(located, one, kind):
            rule = located.figure
            values["rule"] = Text(rule.describe("zh"), rule.describe("en"))
            return self.refuse("arrears.refused", one, values)
        return self.open(one, kind, values)

    def within(self, located: Located, one: Contribution, kind: BackPaymentKind) -> bool:
        rule = located.figure
        near = rule.months is None or self.month - one.period <= rule.months
        return kind in rule.kinds and near

    def open(self, one: Contribution, kind: BackPaymentKind, values: dict[str, str | Text]) -> bool:
        """Whether the window of back payment is open; a window that is not known is not asked."""
        if self.at is None:
            return True
        try:
            window = window_of(self.cascade, _BUSINESSES[kind], self.month, insurance=one.insurance)
        except (RuleUnknown, CalendarUnknown):
            return True
        if window.contains(self.at):
            return True
        values["window"] = f"{window.opens:%Y-%m-%d}..{window.last_day}"
        return self.refuse("arrears.window-closed", one, values)

    def refuse(self, code: str, one: Contribution, values: dict[str, str | Text]) -> bool:
        self.faults.setdefault((code, one.insurance, one.period), Fault(code, values))
        return False
