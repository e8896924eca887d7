"""The payment notice (缴费通知单): what is to be paid, by insurance and by person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from socialins.arrears import LateFee, UndeclaredAmount
from socialins.faults import Text
from socialins.forms.settlement_view import BillView
from socialins.model.codes import Kind, Payer
from socialins.notices.bills import (
    HEADS,
    INSURANCE,
    KIND,
    OWN,
    PERIOD,
    UNIT,
    WAGE,
    bills_of,
    count_of,
    section_of,
    shares_of,
    sheet_of,
    who,
)
from socialins.notices.common import (
    AMOUNT,
    NAME,
    NUMBER,
    ROW,
    TOTAL,
    amount,
    text_column,
)
from socialins.notices.document import Column, Document, Table, Value
from socialins.notices.kinds import NoticeKind
from socialins.settlement import Contribution, Settlement
from socialins.values import Money, Month

__all__ = ["Arrear", "payment_notice"]

Arrear = LateFee | UndeclaredAmount | Contribution
"""What else is owed: a late fee, an undeclared month, a back payment."""

_PERSON = Text("个人应缴", "Persons")
_DUE = Text("应缴总计", "To be paid")
_BY_INSURANCE = Text("一、按险种", "1. By insurance")
_BY_PERSON = Text("二、按人员", "2. By person")
_ARREARS = Text("三、欠费、补缴和滞纳金", "3. Arrears, back payment, late fees")
_DAYS = Text("逾期天数", "Days overdue")
_PRINCIPAL = Text("所欠或上月金额", "Overdue, or of the month before")
_REMARK = Text("备注", "Remarks")
_UNSETTLED = Text("有未结算部分", "partly unsettled")


def payment_notice(
    bill: Settlement | Iterable[Settlement],
    lang: str = "zh",
    *,
    arrears: Iterable[Arrear] = (),
    day: date | None = None,
    masked: bool = True,
) -> Document:
    """The payment notice (缴费通知单): what is to be paid, by insurance and by person.

    Arguments:
        bill: the settlement; those of several months become a part each.
        lang: ``"zh"`` or ``"en"``.
        arrears: what is owed besides; it stands with the last month.
        day: the day that the sheet is dated with; it is not today's unless that is given.
        masked: whether the middle of identity numbers is hidden.

    Raises:
        FaultError: if there is no settlement at all.
    """
    bills = bills_of(bill, NoticeKind.PAYMENT_NOTICE)
    owed = tuple(arrears)
    sections = []
    for one in bills:
        view = BillView.of(one, lang)
        tables = [_by_insurance(view), _people(view, masked=masked)]
        due = one.total
        if owed and one is bills[-1]:
            tables.append(_arrears(owed, lang))
            due += Money.sum(arrear.amount for arrear in owed)
        sections.append(section_of(one, lang, tables, total=(_DUE, due), day=day))
    return sheet_of(bills, lang, NoticeKind.PAYMENT_NOTICE, sections, day=day)


def _by_insurance(view: BillView) -> Table:
    lang = view.lang
    groups: dict[tuple[str, Month, Kind], list[Contribution]] = {}
    for one in view.bill.contributions:
        groups.setdefault((one.insurance, one.period, one.kind), []).append(one)
    columns = (
        text_column(INSURANCE, lang, wide=True),
        text_column(PERIOD, lang),
        text_column(KIND, lang),
        Column(HEADS.get(lang), right=True),
        amount(UNIT, lang),
        amount(_PERSON, lang),
        amount(TOTAL, lang),
    )
    rows = tuple(
        (
            view.title(insurance),
            period,
            kind.title(lang),
            count_of(group),
            *shares_of(group),
        )
        for (insurance, period, kind), group in groups.items()
    )
    return Table(_BY_INSURANCE.get(lang), columns, rows)


def _people(view: BillView, *, masked: bool) -> Table:
    lang = view.lang
    people = list(view.persons())
    doubtful = any(share.unsettled for one in people for share in one.shares.values())
    columns = [
        Column(ROW.get(lang), right=True),
        text_column(NAME, lang, wide=True),
        text_column(NUMBER, lang),
        amount(WAGE, lang, sums=False),
        amount(UNIT, lang),
        amount(OWN, lang),
        amount(TOTAL, lang),
    ]
    if doubtful:
        columns.append(text_column(_REMARK, lang, wide=True))
    rows = []
    for number, one in enumerate(people, start=1):
        unit, person = one.total(Payer.UNIT), one.total(Payer.PERSON)
        row: list[Value] = [number, *who(one, view, masked=masked), one.wage, unit, person]
        row.append(unit + person)
        if doubtful:
            lacks = any(share.unsettled for share in one.shares.values())
            row.append(_UNSETTLED.get(lang) if lacks else "")
        rows.append(tuple(row))
    return Table(_BY_PERSON.get(lang), tuple(columns), tuple(rows))


def _arrears(owed: tuple[Arrear, ...], lang: str) -> Table:
    columns = (
        text_column(PERIOD, lang),
        text_column(INSURANCE, lang, wide=True),
        text_column(KIND, lang),
        amount(_PRINCIPAL, lang, sums=False),
        Column(_DAYS.get(lang), right=True),
        amount(AMOUNT, lang),
    )
    return Table(_ARREARS.get(lang), columns, tuple(_arrear(one, lang) for one in owed))


def _arrear(one: Arrear, lang: str) -> tuple[Value, ...]:
    if isinstance(one, LateFee):
        titles = (", " if lang == "en" else "、").join(title.get(lang) for title in one.titles)
        return one.period, titles, one.kind.title(lang), one.principal, one.days, one.amount
    if isinstance(one, UndeclaredAmount):
        what = f"{one.title.get(lang)} · {one.payer.title(lang)}"
        return one.period, what, one.kind.title(lang), one.before, None, one.amount
    what = f"{one.line.item_title.get(lang)} · {one.payer.title(lang)}"
    return one.period, what, one.kind.title(lang), None, None, one.amount
