"""Rosters out: a `Roster` → a file in the library's own layout.

What is written reads back equal. A value for which that would not be so is refused rather than
written: a name with a line break, a wage of zero.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from socialins.faults import Fault, Place, Text, require
from socialins.forms.cells import Context, read_cell
from socialins.forms.entry import EntryReader
from socialins.forms.errors import FormError
from socialins.forms.layout import Column, own_layout
from socialins.forms.output import check_suffix, whole_file
from socialins.forms.plaintext import excerpt, is_blank
from socialins.forms.textbook import protect
from socialins.forms.unitdata import ALWAYS
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import DocumentType, IdDocument, Sex
from socialins.model.codes import Code
from socialins.model.roster import Roster, RosterEntry
from socialins.values import Money, MonthSpan

__all__ = ["write_roster"]

_WIDTHS = {"id_number": 22, "id_type": 24, "name": 14, "household": 20, "insurances": 30}


def write_roster(roster: Roster, path: str | Path, lang: str = "zh") -> None:
    """Write a roster in the library's own layout.

    Neither the month nor the faults are written; a row's number is the one it gets in this file.

    Arguments:
        roster: what to write.
        path: where; ``.xlsx``, which also holds the unit's data, or ``.csv``.
        lang: language of the headings and words, ``"zh"`` or ``"en"``.

    Raises:
        FormError: for another ending; if a value would not read back equal; for a csv file, if the
            roster has an account or total wages.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> from socialins.identity import parse_document
    >>> from socialins.model import DeclaredWage, InsuredPerson
    >>> person = InsuredPerson("张三", parse_document("11010519491231002X"))
    >>> roster = Roster("2026-11", [RosterEntry(person, DeclaredWage(Money.yuan(5000)))])
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "roster.csv")
    ...     write_roster(roster, file, "en")
    ...     print(file.read_text("utf-8-sig").splitlines()[1][:34])
    张三,11010519491231002X,5000.00,resi
    """
    path = Path(path)
    suffix = check_suffix(path, ".csv", ".xlsx")
    unit = list(_unit_rows(roster, lang))
    rows = _rows(roster, lang)
    if suffix == ".csv":
        if unit:
            raise FormError(Fault("roster.csv-unit", {}, Place(file=str(path))))
        _write_text(path, rows)
    else:
        _write_workbook(path, roster, rows, unit, lang)


def _write_text(path: Path, rows: Iterator[list[str | Money]]) -> None:
    # The byte order mark makes spreadsheets take the file for UTF-8.
    with whole_file(path) as file, file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows(
            [protect(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows
        )


def _write_workbook(
    path: Path,
    roster: Roster,
    rows: Iterator[list[str | Money]],
    unit: list[list[str | Money]],
    lang: str,
) -> None:
    require("openpyxl", "xlsx")
    from socialins.forms.spreadsheet import Look, WorkbookWriter

    layout, unit_layout = own_layout("roster"), own_layout("unit")
    with WorkbookWriter(layout.sheet.get(lang), roster.month) as book:
        widths = [_WIDTHS.get(column.field, 12) for column in layout.columns]
        sheet = book.sheet(layout.sheet.get(lang), widths, repeat="1:1", freeze="B2")
        for index, row in enumerate(rows):
            sheet.row(row, Look.BODY if index else Look.HEADING)
        if unit:
            sheet = book.sheet(unit_layout.sheet.get(lang), [20, 40, 20], freeze="A2")
            for index, row in enumerate(unit):
                sheet.row(row, Look.BODY if index else Look.HEADING)
        book.save(path)


def _rows(roster: Roster, lang: str) -> Iterator[list[str | Money]]:
    layout = own_layout("roster")
    ids = {one for entry in roster.entries for one in entry.insurances or ()}
    reader = EntryReader(layout, roster.month, Vocabulary.of_ids(ids))
    yield [column.title.get(lang) for column in layout.columns]
    for number, entry in enumerate(roster.entries, start=1):
        cells = {field: _cell(value(entry), lang) for field, value in _FIELDS.items()}
        _check(number, entry, cells, reader)
        yield [cells[column.field] for column in layout.columns]


def _check(
    number: int, entry: RosterEntry, cells: dict[str, str | Money], reader: EntryReader
) -> None:
    """Refuse an entry that would not read back equal, by the first field that does not."""
    stated = {field: str(cell) for field, cell in cells.items() if not is_blank(str(cell))}
    read, faults = reader.read(stated, entry.row)
    if read == entry:
        return
    wrong = [field for field, fault in faults if fault.is_error]
    if read is not None:
        wrong = [field for field, value in _FIELDS.items() if value(read) != value(entry)]
    field = wrong[0]
    values: dict[str, str | Text] = {
        "entry": str(number),
        "what": reader.layout.column(field).title,
        "value": excerpt(str(cells[field])),
    }
    raise FormError(Fault("roster.unwritable", values, Place(field=field)))


def _unit_rows(roster: Roster, lang: str) -> Iterator[list[str | Money]]:
    """The rows of the unit sheet, heading first; none when there is nothing to say."""
    layout = own_layout("unit")
    stated = list(_unit_values(roster))
    if not stated:
        return
    ids = (roster.account.insurances if roster.account else None) or ()
    trade = roster.account.unit.trade if roster.account else None
    context = Context(Vocabulary.of_ids(ids, [trade] if trade else ()))
    yield ["项目", "内容", "起止月份"] if lang == "zh" else ["key", "value", "months"]
    for field, value, span in stated:
        column = layout.column(field)
        cell = _cell(value, lang)
        if not _reads_back(column, cell, value, context):
            shown: dict[str, str | Text] = {"what": column.title, "value": excerpt(str(cell))}
            raise FormError(Fault("unit.unwritable", shown, Place(field=field)))
        months = "" if span == ALWAYS else str(span)
        yield [column.title.get(lang), cell, months]


def _unit_values(roster: Roster) -> Iterator[tuple[str, Any, MonthSpan]]:
    account = roster.account
    if account is not None:
        values: dict[str, Any] = {
            "name": account.unit.name or None,
            "credit_code": account.unit.credit_code,
            "number": account.number or None,
            "division": account.division,
            "account_type": account.account_type,
            "size": account.unit.size,
            "trade": account.unit.trade,
            "insurances": account.insurances,
        }
        for field, value in values.items():
            if value is not None:
                yield field, value, ALWAYS
        for terms in account.injury:
            if terms.rate is not None:
                yield "injury_rate", terms.rate, terms.span
            else:
                yield "injury_class", terms.risk_class, terms.span
            if terms.band is not None:
                yield "injury_band", terms.band, terms.span
    if roster.total_wages is not None:
        yield "total_wages", roster.total_wages, ALWAYS


_FIELDS: dict[str, Callable[[RosterEntry], Any]] = {
    "name": lambda entry: entry.person.name,
    "id_number": lambda entry: entry.person.document,
    "wage": lambda entry: entry.wage.amount,
    "id_type": lambda entry: entry.person.document.type,
    "household": lambda entry: entry.household,
    "employment": lambda entry: entry.employment,
    "insurances": lambda entry: entry.insurances,
    "injury_rate": lambda entry: entry.injury_rate,
    "wage_origin": lambda entry: entry.wage.origin,
    "wage_since": lambda entry: entry.wage.since,
    "birth_date": lambda entry: entry.person.birth_date,
    "sex": lambda entry: entry.person.sex,
}


def _cell(value: Any, lang: str) -> str | Money:
    """What stands in a cell for a value of the model."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value
    if isinstance(value, Code | DocumentType | Sex):
        return value.title(lang)
    if isinstance(value, IdDocument):
        return value.number
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or ("none" if lang == "en" else "无")
    return str(value)


def _reads_back(column: Column, cell: str | Money, value: Any, context: Context) -> bool:
    reading = read_cell(column, str(cell), context)
    return not reading.failed and bool(reading.value == value)
