"""What an application asks of a region about arrears: the face of this package."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

import attrs

from socialins.arrears.backpay import BackPayment, back_payment
from socialins.arrears.correction import Correction
from socialins.arrears.credit import Debt, Offsets, offset_credit
from socialins.arrears.latefee import LateFees, late_fees
from socialins.arrears.undeclared import UndeclaredMonth, undeclared_month
from socialins.calendar import window_of
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.rules import Cascade, RuleClass
from socialins.rules.overlay import Overlay
from socialins.settlement import Contribution, Differences, Settlement, compare_settlements
from socialins.values import Money, Month

__all__ = ["RegionArrears"]


@attrs.frozen
class RegionArrears:
    """Back payment, late fee, undeclared months, refunds and credit of a region.

    Arguments:
        division: the region's code.
        rules: gives the region's rules with an overlay on top.
        settle: settles a roster as `Region.settle` does.

    >>> import socialins as si
    >>> from datetime import date
    >>> from socialins.testing.middle import middle
    >>> person = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))
    >>> entry = si.RosterEntry(
    ...     person, si.DeclaredWage(si.Money.yuan("8000")), insurances={"pension"}
    ... )
    >>> paid = middle().arrears.back_payment([si.Roster("2026-08", [entry])], "2026-11")
    >>> [(str(one.period), one.kind.value, str(one.amount)) for one in paid.contributions]
    [('2026-08', 'backpay', '1280.00'), ('2026-08', 'backpay', '640.00')]
    >>> fees = middle().arrears.late_fee(paid, date(2026, 11, 20), due=date(2026, 8, 25))
    >>> fees.items[0].days, str(fees.total)
    (86, '82.56')
    """

    division: str
    rules: Callable[[Overlay | None], Cascade] = attrs.field(repr=False)
    settle: Callable[..., Settlement] = attrs.field(repr=False)

    def back_payment(
        self,
        parts: Iterable[Roster | Differences],
        month: Month | str,
        *,
        at: datetime | None = None,
        known_on: date | None = None,
        strict: bool = True,
        overlay: Overlay | None = None,
    ) -> BackPayment:
        """What is paid in a month for months before it (补缴), each at its own rules.

        Arguments:
            parts: a roster for each missed month, or differences of settled months.
            month: the month it is paid in.
            at: the aware moment of filing, if the windows of back payment are to be asked.
            known_on: settle by what was known on this day; None for all that is installed.
            strict: stop at the first figure that is not known.
            overlay: the unit's own figures, which come before the region's.

        Returns:
            The amounts that may be paid; what the region refuses stands in its `faults`.

        Raises:
            RuleUnknown: in strict settling, if a figure is not known.
            OperandMissing: in strict settling, if something of the account is not known.
        """

        def settle(roster: Roster) -> Settlement:
            return self.settle(roster, None, known_on, strict, overlay)

        return back_payment(self.rules(overlay), parts, Month.of(month), settle=settle, at=at)

    def late_fee(
        self,
        owed: Settlement | BackPayment | Iterable[Contribution],
        paid: date,
        *,
        due: date | None = None,
        account: UnitAccount | None = None,
        deferred: bool = False,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> LateFees:
        """The late fee (滞纳金) on what was not paid in time.

        Arguments:
            owed: the overdue contributions, as a bill, a back payment or one by one.
            paid: the day of payment.
            due: the last day on which they could be paid; left out, the last day of each month's
                window of ``collection.declare``.
            account: the account, whose unit's size and trade a deferral may go by; a bill's own
                if left out.
            deferred: the unit was granted the deferral (缓缴) of the region's rules.
            known_on: by rules as known on this day; None for all that is installed.
            overlay: the unit's own rules, as for `back_payment`.

        Raises:
            RuleUnknown: if a rule of the late fee, or the last day of payment, is not known.
        """
        cascade = self.rules(overlay)
        if isinstance(owed, Settlement | BackPayment):
            listed = owed.contributions
            account = account or (owed.account if isinstance(owed, Settlement) else None)
        else:
            listed = tuple(owed)
        ends = {
            period: due or window_of(cascade, "collection.declare", period).last_day
            for period in {one.period for one in listed}
        }
        return late_fees(
            cascade,
            listed,
            due=ends,
            paid=paid,
            deferred=deferred,
            rule_class=_class_of(account),
            known_on=known_on,
        )

    def undeclared(
        self, before: Settlement, *, known_on: date | None = None, overlay: Overlay | None = None
    ) -> UndeclaredMonth:
        """What a unit owes for the month after a bill, if it declares nothing (未申报核定).

        Arguments:
            before: the bill of the month before.
            known_on: by rules as known on this day; None for all that is installed.
            overlay: the unit's own rules.

        Raises:
            RuleUnknown: if the share is not known.
        """
        return undeclared_month(self.rules(overlay), before, known_on=known_on)

    def correct(
        self, bill: Settlement, roster: Roster, *, overlay: Overlay | None = None
    ) -> Correction:
        """What comes back, and what is lacking, of a month settled from a wrong roster.

        Arguments:
            bill: the month as it was settled and paid.
            roster: the roster that it should have been settled from.
            overlay: the unit's own figures.

        Returns:
            Refunds (退费) and arrears, by the rules as known when the bill was made.

        Raises:
            RuleUnknown: if the bill was settled strictly and a figure is not known.
            ValueError: if the bill is of another region.
        """
        if bill.division != self.division:
            raise ValueError(f"a bill of {bill.division} can't be corrected by {self.division}")
        right = self.settle(roster, bill.month, bill.known_on, bill.strict, overlay)
        return Correction(compare_settlements(bill, right))

    def offset(
        self,
        credit: Money,
        debts: Iterable[Debt],
        month: Month | str,
        *,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> Offsets:
        """Offset a credit balance (待转金) against debts, in the region's order.

        Arguments:
            credit: the balance.
            debts: what is owed.
            month: the month of the plan.
            known_on: by rules as known on this day; None for all that is installed.
            overlay: the unit's own rules.

        Raises:
            RuleUnknown: if no rule states the order.
            ValueError: for a negative balance.
        """
        return offset_credit(self.rules(overlay), credit, debts, Month.of(month), known_on=known_on)


def _class_of(account: UnitAccount | None) -> RuleClass:
    if account is None:
        return RuleClass()
    unit = account.unit
    return RuleClass(account_type=account.account_type, unit_size=unit.size, trade=unit.trade)
