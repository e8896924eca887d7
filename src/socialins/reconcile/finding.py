"""Findings: what differs between a bill and an export, for one person, insurance and payer."""

from __future__ import annotations

from enum import StrEnum

import attrs

from socialins.faults import Place, Text
from socialins.model.codes import Code, Payer
from socialins.reconcile.persons import Who
from socialins.values import Money, Rate

__all__ = ["Cause", "Explained", "Finding", "FindingKind", "Side"]


class FindingKind(StrEnum):
    """Which side lacks what."""

    MISSING = "missing"
    EXTRA = "extra"
    DIFFERING = "differing"


class Cause(Code):
    """可能的原因: what a finding is likely due to; the arithmetic behind it stands in its `why`.

    >>> Cause.BASE_CHANGED.title("zh"), Cause("rounding").title("en")
    ('基数不同', 'rounding')
    """

    DIFFERENCE = "difference", "差额", "difference of earlier months or rules"
    STOP_NOT_PASSED = "stop-not-passed", "减员未通过", "stop not passed"
    ENROLMENT_NOT_PASSED = "enrolment-not-passed", "增员未通过", "enrolment not passed"
    NUMBER_DIFFERS = "number-differs", "证件号码不同", "another identity number"
    NOT_SETTLED = "not-settled", "账单未结算", "not settled in the bill"
    BASE_CHANGED = "base-changed", "基数不同", "another base"
    RATE_DIFFERS = "rate-differs", "费率不同", "another rate"
    BASE_AND_RATE = "base-and-rate", "基数和费率都不同", "another base and another rate"
    WAGE_DIFFERS = "wage-differs", "缴费工资不同", "another declared wage"
    ROUNDING = "rounding", "进位", "rounding"
    RELIEF = "relief", "减免", "relief"
    BACK_PAYMENT = "back-payment", "补缴或滞纳金", "back payment or late fee"
    CREDIT_OFFSET = "credit-offset", "余额抵扣或已缴", "credit offset, or paid already"
    UNKNOWN = "unknown", "原因不明", "unknown"


@attrs.frozen
class Explained:
    """A cause that fits, with the arithmetic.

    Arguments:
        cause: the cause.
        why: what was compared, in both languages.
    """

    cause: Cause
    why: Text


@attrs.frozen(kw_only=True)
class Side:
    """What one side says.

    Arguments:
        amount: what is owed; of an export, what is to be paid for the row.
        wage, base, rate: None where the side does not say it, or has several.
        relief, credit: 减免费额, and what was offset or paid already; of an export.
        rows: the rows, of the roster or of the export.
    """

    amount: Money
    wage: Money | None = None
    base: Money | None = None
    rate: Rate | None = None
    relief: Money = Money(0)
    credit: Money = Money(0)
    rows: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class Finding:
    """What differs for one person, insurance and payer.

    Arguments:
        kind: which side lacks what.
        who: the person.
        insurance: the insurance's id.
        item: the item's id; None where the export doesn't tell items apart.
        payer: who pays.
        ours: the bill's side; None for somebody whom the bill does not have.
        theirs: the export's side; None for somebody whom the export does not have.
        fields: what differs, of ``wage``, ``base``, ``rate``, ``amount``.
        likely: the causes that fit, the likeliest first; never empty.
        place: where the export says it; None where it does not.
    """

    kind: FindingKind
    who: Who
    insurance: str
    item: str | None
    payer: Payer
    ours: Side | None = attrs.field(default=None, repr=False)
    theirs: Side | None = attrs.field(default=None, repr=False)
    fields: tuple[str, ...] = ()
    likely: tuple[Explained, ...] = attrs.field(repr=False)
    place: Place | None = None

    @property
    def cause(self) -> Cause:
        """The likeliest cause."""
        return self.likely[0].cause

    @property
    def why(self) -> Text:
        """The arithmetic behind the likeliest cause."""
        return self.likely[0].why

    @property
    def difference(self) -> Money:
        """The export's amount less the bill's."""
        ours = self.ours.amount if self.ours else Money(0)
        return (self.theirs.amount if self.theirs else Money(0)) - ours
