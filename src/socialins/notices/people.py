"""Sheets of a roster and of payments: the roster as a list, and the payment certificate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from socialins.faults import Fault, FaultError, Text
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.notices.common import (
    NAME,
    NUMBER,
    OWN_SHEET,
    ROW,
    amount,
    capitals,
    faulty,
    heads,
    number_of,
    text_column,
)
from socialins.notices.document import Column, Document, Section, Table
from socialins.notices.kinds import NoticeKind
from socialins.notices.payments import PaymentFact
from socialins.values import Money, MonthSpan

__all__ = ["payment_certificate", "roster_sheet"]

_MONTH = Text("月份", "Month")
_MONTHS = Text("费款所属期", "Months")
_HEADS = Text("人数", "Persons")
_TYPE = Text("证件类型", "Document")
_SEX = Text("性别", "Sex")
_BORN = Text("出生日期", "Born")
_HOUSEHOLD = Text("户籍", "Household")
_EMPLOYMENT = Text("用工形式", "Employment")
_WAGE = Text("申报工资", "Declared wage")
_WAGES = Text("申报工资合计", "Declared wages")
_PERIOD = Text("费款所属期", "Period")
_DAY = Text("缴款日期", "Day of payment")
_ORDER = Text("缴款单号", "Payment order")
_PAID = Text("缴款金额", "Paid")
_PAID_TOTAL = Text("缴款合计", "Paid in all")
_NO_PAYMENT = Text(
    "以下月份没有缴款记录：{months}。", "There is no record of a payment for: {months}."
)
_MOST_LISTED = 24


def roster_sheet(
    roster: Roster,
    lang: str = "zh",
    *,
    region: Text | None = None,
    day: date | None = None,
    masked: bool = True,
) -> Document:
    """The roster (花名册) as a list to sign or to file.

    Arguments:
        roster: the roster.
        lang: ``"zh"`` or ``"en"``.
        region: how the region is called.
        day: the day that the sheet is dated with.
        masked: whether the middle of identity numbers is hidden; birth dates are hidden with them.
    """
    columns = [
        Column(ROW.get(lang), right=True),
        text_column(NAME, lang, wide=True),
        text_column(_TYPE, lang, wide=True),
        text_column(NUMBER, lang),
        text_column(_SEX, lang),
        text_column(_HOUSEHOLD, lang, wide=True),
        text_column(_EMPLOYMENT, lang, wide=True),
        amount(_WAGE, lang),
    ]
    if not masked:
        columns.insert(5, text_column(_BORN, lang))
    rows = []
    for number, entry in enumerate(roster, start=1):
        person = entry.person
        born = () if masked else (person.birth_date,)
        rows.append(
            (
                number,
                person.name,
                person.document.type.title(lang),
                number_of(person.document, masked=masked),
                person.sex.title(lang) if person.sex else "",
                *born,
                entry.household.title(lang),
                entry.employment.title(lang),
                entry.wage.amount,
            )
        )
    total = Money.sum(entry.wage.amount for entry in roster)
    fields = heads(
        lang,
        roster.account,
        region=region,
        day=day,
        more=((_MONTH, roster.month), (_HEADS, len(roster))),
    )
    kind = NoticeKind.ROSTER
    title = f"{kind.en} · {roster.month}" if lang == "en" else f"{roster.month:zh}参保人员{kind.zh}"
    return Document(
        kind=kind,
        lang=lang,
        title=title,
        month=roster.month,
        day=day,
        sections=(
            Section(
                fields,
                (Table("", tuple(columns), tuple(rows)),),
                capitals(lang, _WAGES, total),
            ),
        ),
        notes=(*faulty(roster, lang), OWN_SHEET.get(lang)),
    )


def payment_certificate(
    payments: Iterable[PaymentFact],
    months: MonthSpan | str,
    lang: str = "zh",
    *,
    account: UnitAccount | None = None,
    region: Text | None = None,
    day: date | None = None,
) -> Document:
    """The payment certificate (缴费证明) of an account for a range of months.

    Arguments:
        payments: the payments; those for other months are passed over.
        months: first to last month, both included, also as ``"2026-01..2026-11"``.
        lang: ``"zh"`` or ``"en"``.
        account: the unit's account.
        region: how the region is called.
        day: the day that the sheet is dated with.

    Raises:
        FaultError: if the months have no end, or nothing was paid for any of them.
    """
    span = MonthSpan.parse(months) if isinstance(months, str) else months
    if span.last is None:
        raise FaultError(Fault("notice.months.open", {"months": str(span)}))
    kind = NoticeKind.CERTIFICATE
    paid = sorted(
        (one for one in payments if one.month in span),
        key=lambda one: (one.month, one.day, one.order),
    )
    if not paid:
        raise FaultError(Fault("notice.nothing", {"kind": kind.text}))
    columns = (
        Column(ROW.get(lang), right=True),
        text_column(_PERIOD, lang),
        text_column(_DAY, lang),
        text_column(_ORDER, lang, wide=True),
        amount(_PAID, lang),
    )
    rows = tuple(
        (number, one.month, one.day, one.order, one.amount)
        for number, one in enumerate(paid, start=1)
    )
    known = {one.month for one in paid}
    lacking = [str(month) for month in span if month not in known]
    notes = []
    if lacking:
        shown = ", ".join(lacking[:_MOST_LISTED]) + (" …" if len(lacking) > _MOST_LISTED else "")
        notes.append(_NO_PAYMENT.get(lang).format(months=shown))
    total = Money.sum(one.amount for one in paid)
    english = lang == "en"
    range_ = f"{span.first} – {span.last}" if english else f"{span.first} 至 {span.last}"
    fields = heads(lang, account, region=region, day=day, more=((_MONTHS, range_),))
    return Document(
        kind=kind,
        lang=lang,
        title=kind.en if english else f"社会保险费{kind.zh}",
        month=span.last,
        day=day,
        sections=(
            Section(fields, (Table("", columns, rows),), capitals(lang, _PAID_TOTAL, total)),
        ),
        notes=(*notes, OWN_SHEET.get(lang)),
    )
