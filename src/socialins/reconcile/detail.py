"""Detail rows: what the bureau's export says of one person, insurance and payer."""

from __future__ import annotations

import attrs

from socialins.faults import Fault, Place
from socialins.identity.plain import plain
from socialins.reconcile.subject import Subject
from socialins.values import Money, Month, Rate

__all__ = ["DetailRow", "DetailTable", "bare_number"]

_NONE = Money(0)


def bare_number(text: str) -> str:
    r"""A number as it is compared: half-width, in capitals, without blanks.

    >>> bare_number(" １１０１０５ 1949\u30001231002ｘ")
    '11010519491231002X'
    """
    # Nearly always it is that already, and there are a hundred thousand of them.
    return text.upper() if text.isascii() and text.isalnum() else plain(text)


@attrs.frozen(kw_only=True)
class DetailRow:
    """A row of an export.

    Arguments:
        table: file and sheet.
        row: its number, as a spreadsheet shows it.
        name, number, staff: 姓名, 证件号码 (maybe masked), 人员编号; empty where there is none.
        subject: what it is of, as far as the row, its titles and the caller said.
        period: the month it is for (费款所属期); None if it says none.
        wage, base: 缴费工资, 缴费基数.
        rate: 费率.
        bare: whether the rate stood there without a percent sign.
        due, relief, payable: 应缴费额, 减免费额, 应补(退)费额.
        faulty: whether some cell could not be read.
    """

    table: Place = attrs.field(repr=False)
    row: int
    name: str = attrs.field(repr=False)
    number: str = attrs.field(repr=False)
    staff: str = attrs.field(default="", repr=False)
    subject: Subject = Subject()
    period: Month | None = None
    wage: Money | None = attrs.field(default=None, repr=False)
    base: Money | None = attrs.field(default=None, repr=False)
    rate: Rate | None = None
    bare: bool = False
    due: Money | None = attrs.field(default=None, repr=False)
    relief: Money | None = attrs.field(default=None, repr=False)
    payable: Money | None = attrs.field(default=None, repr=False)
    faulty: bool = False

    @property
    def amount(self) -> Money:
        """What is to be paid for the row: 应补(退)费额, else 应缴费额 less 减免费额."""
        if self.payable is not None:
            return self.payable
        return (self.due or _NONE) - (self.relief or _NONE)

    @property
    def full(self) -> Money:
        """What is owed before relief and credit: 应缴费额, else what is paid with the relief."""
        if self.due is not None:
            return self.due
        return (self.payable or _NONE) + (self.relief or _NONE)

    @property
    def credit(self) -> Money:
        """What was offset against the amount, or paid already; negative for what was added."""
        if self.payable is None or self.due is None:
            return _NONE
        return self.due - (self.relief or _NONE) - self.payable

    @property
    def masked(self) -> bool:
        """Whether the number's middle is hidden."""
        return "*" in self.number

    @property
    def place(self) -> Place:
        """Where it stands."""
        return attrs.evolve(self.table, row=self.row)


@attrs.frozen(kw_only=True)
class DetailTable:
    """A table of an export.

    Arguments:
        place: file and sheet.
        rows: its rows.
        faults: what is wrong with it.
        subject: what it is of as a whole, as far as that is known.
        explicit: whether the caller said the insurance.
    """

    place: Place
    rows: tuple[DetailRow, ...] = attrs.field(repr=False)
    faults: tuple[Fault, ...]
    subject: Subject
    explicit: bool
