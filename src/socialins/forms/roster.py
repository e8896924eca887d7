"""Rosters in: a file in the library's own layout → a `Roster` (花名册).

Good rows become entries. A row with a problem becomes faults, one for each problem, each with its
place and a remedy, and is left out; nothing that was entered is lost, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from socialins.faults import Fault, Place, Severity
from socialins.forms.entry import EntryReader
from socialins.forms.errors import FormError
from socialins.forms.header import Table, find_table
from socialins.forms.layout import Layout, own_layout
from socialins.forms.plaintext import excerpt, fold, is_blank, trim
from socialins.forms.sheets import Book, CellValue, Limits, Row, Sheet, open_book
from socialins.forms.unitdata import Stated, UnitFile, build_unit, override_injury
from socialins.forms.vocabulary import Vocabulary
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import UnitAccount
from socialins.rules import Cascade
from socialins.values import Month, Rate

__all__ = ["read_roster"]


def read_roster(
    path: Path,
    month: Month,
    cascade: Cascade,
    *,
    account: UnitAccount | None = None,
    injury_rate: Rate | None = None,
    injury_class: int | None = None,
    max_rows: int = 200_000,
) -> Roster:
    r"""Read a roster in the library's own layout; ``docs/roster.md`` describes it.

    Arguments:
        path: a text file (csv) or a workbook (xlsx).
        month: the month the roster is for.
        cascade: the region's rules, for its words for insurances.
        account: the unit's account, in place of what the workbook's unit sheet says.
        injury_rate: the account's injury rate (工伤费率), in place of what account or file say.
        injury_class: its risk class (风险类别), 1 to 8, likewise.
        max_rows: the most data rows that are read.

    Returns:
        The roster. Rows that could not be read, and persons named twice, stand in its `faults`.

    Raises:
        FormError: if the file is no roster, or a key of its unit sheet can't be read.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
        ValueError: if both a rate and a class are given, or a class that does not exist.

    >>> from tempfile import TemporaryDirectory
    >>> from socialins.testing.middle import middle
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "roster.csv")
    ...     _ = file.write_text("姓名,证件号码,申报工资\n张三,11010519491231002X,5000.50", "utf-8")
    ...     roster = read_roster(file, Month(2026, 11), middle().cascade)
    >>> roster.entries[0].wage.amount, roster.entries[0].row
    (Money.yuan('5000.50'), 2)
    """
    layout = own_layout("roster")
    limits = Limits(rows=max_rows)
    vocabulary = Vocabulary.of(cascade)
    headings = frozenset(fold(word) for column in layout.columns for word in column.headings)
    book = open_book(path, limits, headings)
    try:
        unit = _unit(book, str(path), vocabulary)
        table = find_table(str(path), _candidates(book), layout)
        reader = _Reader(table, layout, EntryReader(layout, month, vocabulary), limits)
        entries, faults = reader.read()
    finally:
        book.close()
    account = override_injury(account or unit.account, injury_rate, injury_class)
    roster = Roster.gather(
        month, entries, account=account, total_wages=unit.total_wages, faults=faults
    )
    placed = [reader.placed(fault) for fault in roster.faults]
    placed.sort(key=lambda fault: fault.place.row or 0)
    return attrs.evolve(roster, faults=[*unit.faults, *placed])


def _candidates(book: Book) -> Iterator[Sheet]:
    """The sheets that may hold the roster: those that a user sees, the unit's aside."""
    return (sheet for sheet in book.sheets if sheet.visible and not _is_unit(sheet, book))


def _is_unit(sheet: Sheet, book: Book) -> bool:
    title = own_layout("unit").sheet
    return len(book.sheets) > 1 and fold(sheet.name or "") in (fold(title.zh), fold(title.en))


def _unit(book: Book, file: str, vocabulary: Vocabulary) -> UnitFile:
    """What the unit sheet says, if there is one."""
    sheet = next((sheet for sheet in book.sheets if _is_unit(sheet, book)), None)
    if sheet is None:
        return UnitFile()
    stated = []
    for row in sheet.rows():
        cells = [row.cells[index] for index in sorted(row.cells)]
        # A single cell is a title, or a key without a value; both say nothing.
        if len(cells) > 1:
            key = trim(str(cells[0]))
            place = Place(file=file, sheet=sheet.name, row=row.number, column=excerpt(key))
            stated.append(Stated(key, cells[1], place, cells[2] if len(cells) > 2 else None))
    return build_unit(stated, vocabulary, unknown_keys=Severity.WARNING)


@attrs.define
class _Reader:
    """The rows of a table, read one by one."""

    table: Table
    layout: Layout
    entry: EntryReader
    limits: Limits
    numbers: dict[int, CellValue] = attrs.field(factory=dict)

    def read(self) -> tuple[list[RosterEntry], list[Fault]]:
        """The entries, and the faults of the other rows.

        Raises:
            FormError: if there are no rows, or too many.
        """
        entries: list[RosterEntry] = []
        faults = list(self.table.warnings())
        count = 0
        for row in self.table.rows:
            cells = {
                field: value
                for field, index in self.table.columns.items()
                if not is_blank(value := row.cells.get(index))
            }
            if not cells or self._is_total(cells, row):
                continue
            count += 1
            if count > self.limits.rows:
                values = {"most": str(self.limits.rows)}
                raise FormError(Fault("form.file.rows", values, self.table.place_of(row.number)))
            entry, found = self.entry.read(cells, row.number)
            found.sort(key=lambda pair: self.table.columns.get(pair[0], -1))
            faults += [
                fault.at(self.table.place_of(row.number, field, cells.get(field)))
                for field, fault in found
            ]
            if entry is not None:
                entries.append(entry)
                self.numbers[row.number] = cells["id_number"]
        if not count:
            raise FormError(Fault("roster.empty", {}, self.table.place_of(self.table.row)))
        return entries, faults

    def placed(self, fault: Fault) -> Fault:
        """A fault of a row with all that is known of its place: file, sheet, heading, value."""
        row, field = fault.place.row, fault.place.field
        if fault.code != "roster.duplicate" or row is None:
            return fault
        return attrs.evolve(fault, place=self.table.place_of(row, field, self.numbers.get(row)))

    def _is_total(self, cells: dict[str, CellValue], row: Row) -> bool:
        """Whether a row is one of totals: no number, no name but the word, the word somewhere."""
        if "id_number" in cells:
            return False
        labels = [cells["name"]] if "name" in cells else row.cells.values()
        return any(isinstance(one, str) and self.layout.passes_over(one) for one in labels)
