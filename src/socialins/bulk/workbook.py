"""Workbook to workbook: a roster of a hundred thousand rows, settled and written in seconds.

The amounts, the faults and the sheets are those of a small roster. Two things are left to the slow
way: every amount with its documents, a sheet of a million rows that nobody reads, and whatever the
fast readers can't tell for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.large import LARGE
from socialins.bulk.ledger import Ledger, settle_people
from socialins.bulk.people import people_of
from socialins.bulk.people_reading import read_people
from socialins.bulk.sheets_out import FastBook, Plain, plain
from socialins.forms.looks import Look, visible
from socialins.forms.output import check_suffix
from socialins.forms.roster import read_roster
from socialins.forms.settlement_persons import PersonColumn, person_row, plan_persons
from socialins.forms.settlement_summary import write_summary
from socialins.forms.settlement_view import BillView
from socialins.model.codes import Payer
from socialins.rules import Cascade
from socialins.settlement import settle_roster
from socialins.settlement.settlement import Settlement
from socialins.values import Money, Month

if TYPE_CHECKING:
    from socialins.forms.spreadsheet import WorkbookWriter

__all__ = ["settle_workbook", "write_ledger"]

_CHUNK = 2048


def settle_workbook(
    cascade: Cascade,
    path: str | Path,
    month: Month | str,
    out: str | Path,
    *,
    known_on: date | None = None,
    strict: bool = True,
    lang: str = "zh",
    least: int = LARGE,
    progress: Callable[[int], object] | None = None,
    **given: Any,
) -> Settlement:
    """Settle a roster's file and write the settlement's workbook.

    Arguments:
        cascade: the region's rules.
        path: the roster's file.
        month: the month of the contributions.
        out: where to write; a name that ends in ``.xlsx``.
        known_on: as in `settle_roster`.
        strict: likewise.
        lang: language of the workbook, ``"zh"`` or ``"en"``.
        least: rosters with no more rows are settled and written the slow way, with details.
        progress: called with the number of persons settled.
        given: what else `read_roster` takes, such as ``injury_rate``.

    Returns:
        The settlement. Of a large roster it holds sums: a contribution for each line of each class,
        and no entries.

    Raises:
        FormError: if the file is no roster, or for another ending.
        RuleUnknown, OperandMissing: as in `settle_roster`.
        MissingExtra: if the extra ``workbooks`` is not installed.
    """
    out, path, month = Path(out), Path(path), Month.of(month)
    check_suffix(out, ".xlsx")
    people = read_people(path, month, cascade, least=least, **given)
    roster = None
    if people is None:
        roster = read_roster(path, month, cascade, **given)
        people = people_of(roster) if len(roster) > least else None
    if people is not None:
        ledger = settle_people(cascade, people, known_on=known_on, strict=strict, progress=progress)
        if ledger is not None:
            write_ledger(ledger, out, lang)
            return ledger.bill
    if roster is None:
        roster = read_roster(path, month, cascade, **given)
    from socialins.forms.settlement_workbook import write_settlement

    bill = settle_roster(cascade, roster, known_on=known_on, strict=strict, progress=progress)
    write_settlement(bill, out, lang)
    return bill


def write_ledger(
    ledger: Ledger,
    path: str | Path,
    lang: str = "zh",
    *,
    progress: Callable[[int], object] | None = None,
) -> None:
    """Write a large settlement: the sheets of `write_settlement` without the details.

    Arguments:
        ledger: the settlement.
        path: where; a name that ends in ``.xlsx``.
        lang: ``"zh"`` or ``"en"``.
        progress: called with the number of persons written.

    Raises:
        FormError: for another ending.
        MissingExtra: if the extra ``workbooks`` is not installed.
    """
    path = Path(path)
    check_suffix(path, ".xlsx")
    view = BillView.of(ledger.bill, lang)
    view.split = ledger.split
    book = FastBook()
    # What writes the summary row by row asks no more of a book than this one has.
    write_summary(cast("WorkbookWriter", book), view)
    plan = plan_persons(view, with_classes=True)
    sheet = book.sheet(plan.sheet, plan.widths, freeze="D2")
    sheet.row(plan.headings, Look.HEADING)
    sheet.kinds = _kinds(len(plan.headings), plan.fixed)
    made = _Persons(ledger, view, plan.columns, lang)
    last = [*made.whole(), made.totals(plan.total, plan.fixed)]
    sheet.looks[len(ledger.people) + len(last)] = Look.TOTAL
    sheet.stream = made.rows(last, progress)
    book.save(path)


def _kinds(count: int, fixed: int) -> list[str]:
    """The formats of the columns: row, name, number, wage, two words; then money."""
    return ["0", "@", "@", "#,##0.00", "@", "@"][:fixed] + ["#,##0.00"] * (count - fixed)


@attrs.frozen
class _Persons:
    """The rows of the sheet of persons."""

    ledger: Ledger
    view: BillView
    columns: tuple[PersonColumn, ...]
    lang: str

    def rows(
        self, last: list[list[Plain]], progress: Callable[[int], object] | None
    ) -> Iterator[list[Plain] | tuple[Plain, ...]]:
        """All rows: the persons in order of the file, then those that are given."""
        people = self.ledger.people
        households = [key[0].title(self.lang) for key in people.keys]
        employments = [key[1].title(self.lang) for key in people.keys]
        columns = [self._column(column) for column in self.columns]
        unit, own = self._total(Payer.UNIT), self._total(Payer.PERSON)
        numbers = [people.wages / 100, *columns, unit / 100, own / 100, (unit + own) / 100]
        for start in range(0, len(people), _CHUNK):
            part = slice(start, start + _CHUNK)
            groups = people.groups[part].tolist()
            wages, *owed = (column[part].tolist() for column in numbers)
            yield from zip(
                people.rows[part],
                [name if name.isprintable() else visible(name) for name in people.names[part]],
                people.numbers[part],
                wages,
                [households[group] for group in groups],
                [employments[group] for group in groups],
                *owed,
                strict=True,
            )
            if progress is not None:
                progress(start + len(groups))
        yield from last

    def whole(self) -> list[list[Plain]]:
        """The row of the account as a whole, if there is one."""
        return [
            [plain(value) for value in person_row(one, self.columns, {}, self.view)]
            for one in self.view.persons()
            if one.person is None
        ]

    def totals(self, title: str, fixed: int) -> list[Plain]:
        """The row of totals."""
        bill = self.ledger.bill
        owed = [
            None if column.is_base else bill.totals.get((column.insurance, column.payer))
            for column in self.columns
        ]
        sums: list[Money | None] = [*owed, bill.unit_total, bill.person_total, bill.total]
        return [title, *[None] * (fixed - 1), *map(plain, sums)]

    def _column(self, column: PersonColumn) -> NDArray[np.float64]:
        """A column in yuan; nothing where a group has no such share."""
        made = np.full(len(self.ledger.people), np.nan)
        for mine, shares in zip(self.ledger.members, self.ledger.shares, strict=True):
            share = shares.get(column.insurance)
            if share is None:
                continue
            found = (share.base if column.is_base else share.amount).get(column.payer)
            if found is None and column.is_base and column.insurance not in self.view.split:
                # Where the base is shown once, it is the same for both.
                found = next(iter(share.base.values()), None)
            if found is not None:
                made[mine] = found / 100
        return made

    def _total(self, payer: Payer) -> NDArray[np.int64]:
        made = np.zeros(len(self.ledger.people), np.int64)
        for mine, shares in zip(self.ledger.members, self.ledger.shares, strict=True):
            for share in shares.values():
                if payer in share.amount:
                    made[mine] += share.amount[payer]
        return made
