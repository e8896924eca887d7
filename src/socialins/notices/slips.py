"""The payment slips (个人缴费单), each to be handed out without the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from socialins.faults import Fault, FaultError, Place, Text
from socialins.model.codes import Payer
from socialins.model.person import InsuredPerson
from socialins.notices.bills import (
    FIXED,
    INSURANCE,
    ITEM,
    KIND,
    MONTH,
    OWN,
    PERIOD,
    RATE,
    UNIT,
    WAGE,
    shares_of,
    title_of,
)
from socialins.notices.common import (
    NAME,
    NUMBER,
    OWN_SHEET,
    TOTAL,
    amount,
    capitals,
    heads,
    number_of,
    text_column,
)
from socialins.notices.document import Document, Section, Table
from socialins.notices.kinds import NoticeKind
from socialins.settlement import Contribution, Settlement

__all__ = ["payment_slips"]

_BASE = Text("缴费基数", "Wage base")


def payment_slips(
    bill: Settlement,
    lang: str = "zh",
    *,
    persons: Iterable[InsuredPerson | str] | None = None,
    day: date | None = None,
    masked: bool = True,
) -> Document:
    """The payment slips (个人缴费单), one a person, each on pages and with a digest of its own.

    Arguments:
        bill: the settlement.
        lang: ``"zh"`` or ``"en"``.
        day: the day that each is dated with.
        masked: whether the middle of identity numbers is hidden.
        persons: whose, as person or document number; everybody's if left out.

    Raises:
        FaultError: if nothing was settled for one of them.
    """
    by_person: dict[tuple[str, str], list[Contribution]] = defaultdict(list)
    for one in bill.contributions:
        if one.person is not None:
            by_person[one.person.key].append(one)
    wanted = list(by_person) if persons is None else list(_keys(persons, by_person))
    if not wanted:
        raise FaultError(Fault("notice.nothing", {"kind": NoticeKind.SLIP.text}))
    sections = tuple(_slip(bill, by_person[key], lang, day, masked) for key in wanted)
    kind = NoticeKind.SLIP
    return Document(
        kind=kind,
        lang=lang,
        title=title_of(kind, bill.month, lang),
        month=bill.month,
        day=day,
        sections=sections,
        notes=(OWN_SHEET.get(lang),),
    )


def _slip(
    bill: Settlement, mine: list[Contribution], lang: str, day: date | None, masked: bool
) -> Section:
    person = mine[0].person
    assert person is not None  # noqa: S101 - amounts of the whole account are nobody's slip
    columns = (
        text_column(INSURANCE, lang, wide=True),
        text_column(ITEM, lang, wide=True),
        text_column(PERIOD, lang),
        text_column(KIND, lang),
        amount(_BASE, lang, sums=False),
        text_column(RATE, lang),
        amount(FIXED, lang, sums=False),
        amount(UNIT, lang),
        amount(OWN, lang),
    )
    rows = tuple(
        (
            one.line.title.get(lang),
            one.line.item_title.get(lang),
            one.period,
            one.kind.title(lang),
            one.base,
            str(one.rate),
            one.fixed or None,
            one.amount if one.payer is Payer.UNIT else None,
            one.amount if one.payer is Payer.PERSON else None,
        )
        for one in mine
    )
    unit, own, both = shares_of(mine)
    fields = heads(
        lang,
        bill.account,
        region=bill.region.name,
        day=day,
        more=(
            (MONTH, bill.month),
            (NAME, person.name),
            (NUMBER, number_of(person.document, masked=masked)),
            (WAGE, mine[0].wage),
        ),
    )
    lines = (
        *capitals(lang, OWN, own),
        *capitals(lang, UNIT, unit),
        *capitals(lang, TOTAL, both),
    )
    return Section(fields, (Table("", columns, rows),), lines)


def _keys(
    persons: Iterable[InsuredPerson | str], known: Collection[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for one in persons:
        found = [
            key for key in known if (key[1] == one if isinstance(one, str) else key == one.key)
        ]
        if not found:
            raise FaultError(Fault("notice.person.unknown", place=Place(field="id_number")))
        yield from found
