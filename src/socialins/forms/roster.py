"""Rosters in: a file in the library's own layout → a `Roster` (花名册).

Good rows become entries. A row with a problem becomes faults, one for each problem, each with its
place and a remedy, and is left out; nothing that was entered is lost, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from socialins.faults import Fault, Place, Severity
from socialins.forms.entry import EntryReader
from socialins.forms.errors import FormError
from socialins.forms.header import Table, find_table
from socialins.forms.layout import Layout, own_layout
from socialins.forms.opening import open_book
from socialins.forms.plaintext import excerpt, fold, is_blank, trim
from socialins.forms.sheets import Book, CellValue, Limits, Row, Sheet
from socialins.forms.unitdata import Stated, UnitFile, build_unit, override_unit
from socialins.forms.vocabulary import Vocabulary
from socialins.model.codes import UnitSize
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import UnitAccount
from socialins.rules import Cascade
from socialins.values import Month, Rate

__all__ = ["OpenRoster", "RowReader", "open_roster", "read_roster"]


def read_roster(
    path: Path,
    month: Month,
    cascade: Cascade,
    *,
    account: UnitAccount | None = None,
    injury_rate: Rate | None = None,
    injury_class: int | None = None,
    injury_band: Rate | None = None,
    unit_size: UnitSize | None = None,
    trade: str | None = None,
    max_rows: int = 200_000,
) -> Roster:
    r"""Read a roster in the library's own layout; ``docs/roster.md`` describes it.

    Arguments:
        path: a text file (csv) or a workbook (xlsx).
        month: the month the roster is for.
        cascade: the region's rules, for its words for insurances and trades.
        account: the unit's account, in place of what the workbook's unit sheet says.
        injury_rate: the account's injury rate (工伤费率), in place of what account or file say.
        injury_class: its risk class (风险类别), 1 to 8, likewise.
        injury_band: the floating band (浮动档次) in that class, such as 120 % of its rate.
        unit_size: the unit's size (单位规模), in place of what account or file say.
        trade: the id of its trade (行业), likewise.
        max_rows: the most data rows that are read.

    Returns:
        The roster. Rows that could not be read, and persons named twice, stand in its `faults`.

    Raises:
        FormError: if the file is no roster, or a key of its unit sheet can't be read.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
        ValueError: if both a rate and a class are given, a class that does not exist, or a band
            without a class.

    >>> from tempfile import TemporaryDirectory
    >>> from socialins.testing.middle import middle
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "roster.csv")
    ...     _ = file.write_text("姓名,证件号码,申报工资\n张三,11010519491231002X,5000.50", "utf-8")
    ...     roster = read_roster(file, Month(2026, 11), middle().cascade)
    >>> roster.entries[0].wage.amount, roster.entries[0].row
    (Money.yuan('5000.50'), 2)
    """
    with open_roster(path, month, cascade, max_rows) as found:
        for row in found.table.rows:
            found.reader.take(row)
    return found.finish(
        month,
        account,
        injury_rate,
        injury_class,
        injury_band=injury_band,
        unit_size=unit_size,
        trade=trade,
    )


@contextmanager
def open_roster(
    path: Path,
    month: Month,
    cascade: Cascade,
    max_rows: int,
    opener: Callable[[Path, Limits, frozenset[str]], Book] = open_book,
) -> Iterator[OpenRoster]:
    """Open a file, read what it says of the unit, and find the table; its rows are not yet read.

    Arguments:
        path: the file, as in `read_roster`.
        month: the month the roster is for.
        cascade: the region's rules.
        max_rows: the most data rows that are read.
        opener: what opens the file.

    Raises:
        FormError: if the file is no roster.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    layout = own_layout("roster")
    limits = Limits(rows=max_rows)
    vocabulary = Vocabulary.of(cascade)
    headings = frozenset(fold(word) for column in layout.columns for word in column.headings)
    book = opener(path, limits, headings)
    try:
        unit = _unit(book, str(path), vocabulary)
        seen: list[Sheet] = []
        table = find_table(str(path), _candidates(book, seen), layout)
        reader = RowReader(table, layout, EntryReader(layout, month, vocabulary), limits)
        yield OpenRoster(unit, table, seen[-1], reader)
    finally:
        book.close()


@attrs.frozen(eq=False)
class OpenRoster:
    """A file of which the headings have been read.

    Arguments:
        unit: what the file says of the unit.
        table: the table that was found.
        sheet: the sheet that it stands in.
        reader: what reads its rows.
    """

    unit: UnitFile
    table: Table
    sheet: Sheet
    reader: RowReader

    def finish(
        self,
        month: Month,
        account: UnitAccount | None,
        injury_rate: Rate | None,
        injury_class: int | None,
        *,
        injury_band: Rate | None = None,
        unit_size: UnitSize | None = None,
        trade: str | None = None,
    ) -> Roster:
        """The roster of the rows that the reader took; all else is as in `read_roster`.

        Raises:
            FormError: if there were none.
        """
        self.reader.check_any()
        roster = Roster.gather(
            month,
            self.reader.entries,
            account=override_unit(
                account or self.unit.account,
                injury_rate=injury_rate,
                injury_class=injury_class,
                injury_band=injury_band,
                unit_size=unit_size,
                trade=trade,
            ),
            total_wages=self.unit.total_wages,
            faults=self.reader.faults,
        )
        placed = [self.reader.placed(fault) for fault in roster.faults]
        placed.sort(key=lambda fault: fault.place.row or 0)
        return attrs.evolve(roster, faults=[*self.unit.faults, *placed])


def _candidates(book: Book, seen: list[Sheet]) -> Iterator[Sheet]:
    """The sheets that may hold the roster: those that a user sees, the unit's aside.

    Each is noted as it is looked at: the last one is where the table was found.
    """
    for sheet in book.sheets:
        if sheet.visible and not _is_unit(sheet, book):
            seen.append(sheet)
            yield sheet


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
class RowReader:
    """Reads the rows of a table one by one.

    Arguments:
        table: the table.
        layout: its columns.
        entry: what reads a person's cells.
        limits: how many rows there may be.
        entries: those of the good rows so far.
        faults: what was found so far, with its places.
        count: rows so far that hold a person.
        numbers: row → what its cell with the identity number holds.
    """

    table: Table
    layout: Layout
    entry: EntryReader
    limits: Limits
    entries: list[RosterEntry] = attrs.field(factory=list)
    faults: list[Fault] = attrs.field(
        default=attrs.Factory(lambda self: list(self.table.warnings()), takes_self=True)
    )
    count: int = 0
    numbers: dict[int, CellValue] = attrs.field(factory=dict)

    def take(self, row: Row) -> None:
        """Read a row: an entry, or faults, or both; a blank one or one of totals is passed over.

        Raises:
            FormError: if there are too many rows.
        """
        cells = {
            field: value
            for field, index in self.table.columns.items()
            if not is_blank(value := row.cells.get(index))
        }
        if not cells or self._is_total(cells, row):
            return
        self.count_row(row.number)
        entry, found = self.entry.read(cells, row.number)
        found.sort(key=lambda pair: self.table.columns.get(pair[0], -1))
        self.faults += [
            fault.at(self.table.place_of(row.number, field, cells.get(field)))
            for field, fault in found
        ]
        if entry is not None:
            self.entries.append(entry)
            self.numbers[row.number] = cells["id_number"]

    def count_row(self, number: int) -> None:
        """Count a row that holds a person.

        Raises:
            FormError: if there are too many.
        """
        self.count += 1
        if self.count > self.limits.rows:
            values = {"most": str(self.limits.rows)}
            raise FormError(Fault("form.file.rows", values, self.table.place_of(number)))

    def check_any(self) -> None:
        """Refuse a table without a person.

        Raises:
            FormError: if no row held one.
        """
        if not self.count:
            raise FormError(Fault("roster.empty", {}, self.table.place_of(self.table.row)))

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
