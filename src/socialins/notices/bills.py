"""What the sheets of a settlement share: sections of months, words, sums of groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from socialins.faults import Fault, FaultError, Text
from socialins.forms.settlement_view import BillView, PersonView
from socialins.model.codes import Payer
from socialins.notices.common import (
    OWN_SHEET,
    capitals,
    doubts,
    heads,
    number_of,
)
from socialins.notices.document import Document, Section, Table
from socialins.notices.kinds import NoticeKind
from socialins.settlement import Contribution, Settlement
from socialins.values import Money, Month

__all__ = [
    "FIXED",
    "HEADS",
    "INSURANCE",
    "ITEM",
    "KIND",
    "MONTH",
    "OWN",
    "PERIOD",
    "RATE",
    "UNIT",
    "WAGE",
    "bills_of",
    "count_of",
    "section_of",
    "shares_of",
    "sheet_of",
    "title_of",
    "who",
]

MONTH = Text("结算期", "Month")
INSURANCE = Text("险种", "Insurance")
ITEM = Text("品目", "Item")
PERIOD = Text("费款所属期", "Period")
KIND = Text("类型", "Kind")
HEADS = Text("人数", "Persons")
WAGE = Text("申报工资", "Declared wage")
RATE = Text("费率", "Rate")
FIXED = Text("定额", "Fixed sum")
UNIT = Text("单位应缴", "Unit")
OWN = Text("个人应缴", "Person")
_PERSONS = Text("结算人数", "Persons settled")
_PERSON = Text("个人应缴", "Persons")


def bills_of(bill: Settlement | Iterable[Settlement], kind: NoticeKind) -> tuple[Settlement, ...]:
    """The settlements of a sheet, in order of their months.

    Raises:
        FaultError: if there is none.
    """
    bills = (bill,) if isinstance(bill, Settlement) else tuple(bill)
    if not bills:
        raise FaultError(Fault("notice.nothing", {"kind": kind.text}))
    return tuple(sorted(bills, key=lambda one: one.month))


def title_of(kind: NoticeKind, month: Month, lang: str) -> str:
    """The title of a sheet of one month."""
    if lang == "en":
        return f"{kind.en} · {month}"
    return f"{month:zh}社会保险费{kind.zh}"


def sheet_of(
    bills: Sequence[Settlement],
    lang: str,
    kind: NoticeKind,
    sections: list[Section],
    *,
    day: date | None,
) -> Document:
    """A sheet of one or more months, a section each."""
    first, last = bills[0].month, bills[-1].month
    title = title_of(kind, last, lang)
    if first != last:
        title = f"{kind.en} · {first} – {last}" if lang == "en" else f"社会保险费{kind.zh}"
    return Document(
        kind=kind,
        lang=lang,
        title=title,
        month=last,
        day=day,
        sections=tuple(sections),
        notes=(OWN_SHEET.get(lang),),
    )


def section_of(
    bill: Settlement,
    lang: str,
    tables: list[Table],
    *,
    total: tuple[Text, Money],
    day: date | None,
) -> Section:
    """The section of a month: heads, tables, sums in capitals, and what they leave out."""
    shares = ((UNIT, bill.unit_total), (_PERSON, bill.person_total), total)
    lines = [line for label, sum_ in shares for line in capitals(lang, label, sum_)]
    fields = heads(
        lang,
        bill.account,
        region=bill.region.name,
        day=day,
        more=((MONTH, bill.month), (_PERSONS, bill.persons)),
    )
    lines += [("", doubt) for doubt in doubts(bill, lang)]
    return Section(fields, tuple(tables), tuple(lines))


def who(one: PersonView, view: BillView, *, masked: bool) -> tuple[str, str]:
    """Name and number of a person, or what stands for the account as a whole."""
    if one.person is None:
        return view.whole_account, ""
    return one.person.name, number_of(one.person.document, masked=masked)


def shares_of(group: list[Contribution]) -> tuple[Money, Money, Money]:
    """What the unit owes of some amounts, what the persons owe, and both."""
    unit, person = (
        Money.sum(one.amount for one in group if one.payer is payer)
        for payer in (Payer.UNIT, Payer.PERSON)
    )
    return unit, person, unit + person


def count_of(group: list[Contribution]) -> int:
    """How many persons some amounts are of."""
    return len({one.person.key for one in group if one.person is not None})
