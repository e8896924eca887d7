"""The sheet of persons: a row for each, with what unit and person owe to each insurance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import attrs

from socialins.faults import Text
from socialins.forms.settlement_view import BillView, PersonShare, PersonView
from socialins.forms.spreadsheet import Look, Value, WorkbookWriter
from socialins.model.codes import Payer
from socialins.model.roster import RosterEntry
from socialins.values import Money

__all__ = ["write_persons"]

_PERSONS = Text("人员", "persons")
_ROW = Text("行号", "row")
_NAME = Text("姓名", "name")
_NUMBER = Text("证件号码", "id_number")
_WAGE = Text("申报工资", "wage")
_HOUSEHOLD = Text("户籍", "household")
_EMPLOYMENT = Text("用工形式", "employment")
_BASE = Text("基数", "base")
_BASE_OF = {
    Payer.UNIT: Text("单位基数", "unit base"),
    Payer.PERSON: Text("个人基数", "person base"),
}
_PAYERS = {Payer.UNIT: Text("单位", "unit"), Payer.PERSON: Text("个人", "person")}
_TOTALS = {
    Payer.UNIT: Text("单位合计", "unit total"),
    Payer.PERSON: Text("个人合计", "person total"),
}
_TOTAL = Text("合计", "total")
_UNSETTLED = Text("未结算", "unsettled")


@attrs.frozen
class _Column:
    """A column of one insurance: a base, or what a payer owes."""

    insurance: str
    payer: Payer
    is_base: bool
    heading: str


def write_persons(book: WorkbookWriter, view: BillView) -> None:
    """Write the sheet; household class and employment are shown where the roster is known."""
    roster = view.bill.roster
    entries = {entry.person.key: entry for entry in roster.entries} if roster else None
    columns = list(_columns(view))
    fixed = [_ROW, _NAME, _NUMBER, _WAGE]
    widths: list[float] = [7, 12, 21, 13]
    if entries is not None:
        fixed += [_HOUSEHOLD, _EMPLOYMENT]
        widths += [12, 10]
    headings = [heading.get(view.lang) for heading in fixed]
    headings += [column.heading for column in columns]
    headings += [heading.get(view.lang) for heading in (*_TOTALS.values(), _TOTAL)]
    widths += [12.5] * (len(headings) - len(widths))
    sheet = book.sheet(_PERSONS.get(view.lang), widths, repeat="1:1", freeze="D2")
    sheet.row(headings, Look.HEADING)
    sums: defaultdict[_Column, int] = defaultdict(int)
    for one in view.persons():
        sheet.row(_row(one, columns, entries, view))
        for column in columns:
            amount = one.shares[column.insurance].amount.get(column.payer)
            if not column.is_base and amount is not None:
                sums[column] += amount.fen
    bill = view.bill
    blank = [None] * (len(fixed) - 1)
    owed = [Money(sums[column]) if column in sums else None for column in columns]
    totals = (bill.unit_total, bill.person_total, bill.total)
    sheet.row([_TOTAL.get(view.lang), *blank, *owed, *totals], Look.TOTAL)


def _columns(view: BillView) -> Iterator[_Column]:
    """The columns of the insurances: the base once, or for each payer where they differ."""
    for insurance in view.titles:
        title = view.title(insurance)
        payers = [payer for payer in Payer if payer in view.payers[insurance]]
        for index, payer in enumerate(payers):
            if insurance in view.split:
                heading = f"{title} {_BASE_OF[payer].get(view.lang)}"
                yield _Column(insurance, payer, True, heading)
            elif not index:
                yield _Column(insurance, payer, True, f"{title} {_BASE.get(view.lang)}")
            yield _Column(insurance, payer, False, f"{title} {_PAYERS[payer].get(view.lang)}")


def _row(
    one: PersonView,
    columns: list[_Column],
    entries: dict[tuple[str, str], RosterEntry] | None,
    view: BillView,
) -> Iterator[Value]:
    person = one.person
    yield one.row
    yield person.name if person else view.whole_account
    yield person.document.number if person else None
    yield one.wage
    if entries is not None:
        entry = entries.get(person.key) if person else None
        yield entry.household.title(view.lang) if entry else None
        yield entry.employment.title(view.lang) if entry else None
    for column in columns:
        yield _value(one.shares[column.insurance], column, view)
    unit, own = one.total(Payer.UNIT), one.total(Payer.PERSON)
    yield unit
    yield own
    yield unit + own


def _value(share: PersonShare, column: _Column, view: BillView) -> Value:
    if column.is_base:
        # Where the base is shown once, it is the same for both, but a payer may owe nothing.
        base = share.base.get(column.payer)
        if base is None and column.insurance not in view.split:
            base = next(iter(share.base.values()), None)
        return base
    amount = share.amount.get(column.payer)
    if amount is None and column.payer in share.unsettled:
        return _UNSETTLED.get(view.lang)
    return amount
