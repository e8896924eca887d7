"""The sheet of persons: a row for each, with what unit and person owe to each insurance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Text
from socialins.forms.looks import Look, Value
from socialins.forms.settlement_view import BillView, PersonShare, PersonView
from socialins.model.codes import Payer
from socialins.model.roster import RosterEntry
from socialins.values import Money

if TYPE_CHECKING:
    from socialins.forms.spreadsheet import WorkbookWriter

__all__ = ["PersonColumn", "PersonPlan", "person_row", "plan_persons", "write_persons"]

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
class PersonColumn:
    """A column of one insurance: a base, or what a payer owes."""

    insurance: str
    payer: Payer
    is_base: bool
    heading: str


def write_persons(book: WorkbookWriter, view: BillView) -> None:
    """Write the sheet; household class and employment are shown where the roster is known."""
    roster = view.bill.roster
    entries = {entry.person.key: entry for entry in roster.entries} if roster else None
    plan = plan_persons(view, with_classes=entries is not None)
    columns = plan.columns
    sheet = book.sheet(plan.sheet, plan.widths, repeat="1:1", freeze="D2")
    sheet.row(plan.headings, Look.HEADING)
    sums: defaultdict[PersonColumn, int] = defaultdict(int)
    for one in view.persons():
        sheet.row(person_row(one, columns, entries, view))
        for column in columns:
            amount = one.shares[column.insurance].amount.get(column.payer)
            if not column.is_base and amount is not None:
                sums[column] += amount.fen
    bill = view.bill
    blank = [None] * (plan.fixed - 1)
    owed = [Money(sums[column]) if column in sums else None for column in columns]
    totals = (bill.unit_total, bill.person_total, bill.total)
    sheet.row([plan.total, *blank, *owed, *totals], Look.TOTAL)


@attrs.frozen
class PersonPlan:
    """The columns of the sheet of persons.

    Arguments:
        sheet: how the sheet is called.
        headings, widths: of all columns.
        fixed: how many stand before those of the insurances.
        columns: those of the insurances; three of totals come after them.
        total: the word in the row of totals.
    """

    sheet: str
    headings: tuple[str, ...]
    widths: tuple[float, ...]
    fixed: int
    columns: tuple[PersonColumn, ...]
    total: str


def plan_persons(view: BillView, *, with_classes: bool) -> PersonPlan:
    """What columns the sheet has, whoever writes it.

    Arguments:
        view: the settlement.
        with_classes: whether household class and employment are shown.
    """
    columns = tuple(_columns(view))
    fixed = [_ROW, _NAME, _NUMBER, _WAGE]
    widths: list[float] = [7, 12, 21, 13]
    if with_classes:
        fixed += [_HOUSEHOLD, _EMPLOYMENT]
        widths += [12, 10]
    headings = [heading.get(view.lang) for heading in fixed]
    headings += [column.heading for column in columns]
    headings += [heading.get(view.lang) for heading in (*_TOTALS.values(), _TOTAL)]
    widths += [12.5] * (len(headings) - len(widths))
    total = _TOTAL.get(view.lang)
    return PersonPlan(
        _PERSONS.get(view.lang), tuple(headings), tuple(widths), len(fixed), columns, total
    )


def _columns(view: BillView) -> Iterator[PersonColumn]:
    """The columns of the insurances: the base once, or for each payer where they differ."""
    for insurance in view.titles:
        title = view.title(insurance)
        payers = [payer for payer in Payer if payer in view.payers[insurance]]
        for index, payer in enumerate(payers):
            if insurance in view.split:
                heading = f"{title} {_BASE_OF[payer].get(view.lang)}"
                yield PersonColumn(insurance, payer, True, heading)
            elif not index:
                yield PersonColumn(insurance, payer, True, f"{title} {_BASE.get(view.lang)}")
            yield PersonColumn(insurance, payer, False, f"{title} {_PAYERS[payer].get(view.lang)}")


def person_row(
    one: PersonView,
    columns: tuple[PersonColumn, ...],
    entries: dict[tuple[str, str], RosterEntry] | None,
    view: BillView,
) -> Iterator[Value]:
    """A person's cells, or those of the account as a whole."""
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


def _value(share: PersonShare, column: PersonColumn, view: BillView) -> Value:
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
