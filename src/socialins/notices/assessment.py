"""The assessment sheet (核定表): each item with bases and rates, each person's amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from socialins.faults import Text
from socialins.forms.settlement_view import BillView
from socialins.model.codes import Kind, Payer
from socialins.notices.bills import (
    FIXED,
    HEADS,
    INSURANCE,
    ITEM,
    KIND,
    PERIOD,
    RATE,
    WAGE,
    bills_of,
    count_of,
    section_of,
    sheet_of,
    who,
)
from socialins.notices.common import (
    AMOUNT,
    NAME,
    NUMBER,
    ROW,
    amount,
    text_column,
)
from socialins.notices.document import Column, Document, Table
from socialins.notices.kinds import NoticeKind
from socialins.settlement import Contribution, Settlement
from socialins.values import Money, Month

__all__ = ["assessment_sheet"]

_BASES = Text("缴费基数合计", "Wage bases")
_PAYER = Text("缴费主体", "Payer")
_SETTLED = Text("核定总计", "Assessed")
_ITEMS = Text("一、按险种和品目", "1. By insurance and item")
_PEOPLE = Text("二、人员明细", "2. Persons")
# More columns of amounts than these don't stand on a page that lies on its side.
_MOST_COLUMNS = 10


def assessment_sheet(
    bill: Settlement | Iterable[Settlement],
    lang: str = "zh",
    *,
    day: date | None = None,
    masked: bool = True,
) -> Document:
    """The assessment sheet (核定表): each item with bases and rates, each person's amounts.

    Arguments:
        bill: the settlement; those of several months become a part each.
        lang: ``"zh"`` or ``"en"``.
        day: the day that the sheet is dated with.
        masked: whether the middle of identity numbers is hidden.

    Raises:
        FaultError: if there is no settlement at all.
    """
    bills = bills_of(bill, NoticeKind.ASSESSMENT)
    sections = []
    for one in bills:
        tables = [_by_item(one, lang), *_details(BillView.of(one, lang), masked=masked)]
        sections.append(section_of(one, lang, tables, total=(_SETTLED, one.total), day=day))
    document = sheet_of(bills, lang, NoticeKind.ASSESSMENT, sections, day=day)
    return attrs.evolve(document, landscape=True)


def _by_item(bill: Settlement, lang: str) -> Table:
    groups: dict[tuple[str, str, Payer, Month, Kind], list[Contribution]] = {}
    for one in bill.contributions:
        key = one.insurance, one.item, one.payer, one.period, one.kind
        groups.setdefault(key, []).append(one)
    columns = (
        text_column(INSURANCE, lang, wide=True),
        text_column(ITEM, lang, wide=True),
        text_column(_PAYER, lang),
        text_column(PERIOD, lang),
        text_column(KIND, lang),
        Column(HEADS.get(lang), right=True),
        amount(_BASES, lang, sums=False),
        text_column(RATE, lang, wide=True),
        amount(FIXED, lang, sums=False),
        amount(AMOUNT, lang),
    )
    rows = tuple(
        (
            group[0].line.title.get(lang),
            group[0].line.item_title.get(lang),
            payer.title(lang),
            period,
            kind.title(lang),
            count_of(group),
            Money.sum(one.base for one in group),
            " / ".join(dict.fromkeys(str(one.rate) for one in group)),
            Money.sum(one.fixed for one in group) or None,
            Money.sum(one.amount for one in group),
        )
        for (_, _, payer, period, kind), group in groups.items()
    )
    return Table(_ITEMS.get(lang), columns, rows)


def _details(view: BillView, *, masked: bool) -> Iterator[Table]:
    """The persons' amounts; more insurances than stand side by side go on in a further table."""
    lang = view.lang
    wanted = [
        (insurance, payer)
        for insurance in view.titles
        for payer in sorted(view.payers[insurance], key=lambda payer: payer is Payer.PERSON)
    ]
    people = list(view.persons())
    for begin in range(0, max(1, len(wanted)), _MOST_COLUMNS):
        here = wanted[begin : begin + _MOST_COLUMNS]
        columns = [
            Column(ROW.get(lang), right=True),
            text_column(NAME, lang, wide=True),
            text_column(NUMBER, lang),
            amount(WAGE, lang, sums=False),
        ]
        columns += [
            Column(f"{view.title(insurance)} {payer.title(lang)}", right=True, sums=True)
            for insurance, payer in here
        ]
        rows = []
        for number, one in enumerate(people, start=1):
            # Looked up, not asked for: asking makes a share that was never there.
            shares = (one.shares[name].amount.get(payer) if name in one.shares else None
                      for name, payer in here)  # fmt: skip
            rows.append((number, *who(one, view, masked=masked), one.wage, *shares))
        yield Table(_PEOPLE.get(lang), tuple(columns), tuple(rows))
