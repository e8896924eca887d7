"""Exports in: files of the client → tables of detail rows, or faults.

Every visible sheet that has the headings is a table of its own; its name and the titles above it
may say of which insurance it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError
from socialins.forms.header import Table, find_table
from socialins.forms.plaintext import fold
from socialins.forms.sheets import Book, Limits, Sheet
from socialins.reconcile.detail import DetailTable
from socialins.reconcile.exportfile import DetailLayout
from socialins.reconcile.rates import RateUnit
from socialins.reconcile.rows import RowReader
from socialins.reconcile.subject import Export, Meaning, Subject, Words

__all__ = ["Opener", "read_export"]

Opener: TypeAlias = Callable[[Path, Limits, frozenset[str]], Book]


def read_export(
    export: Export,
    *,
    given: Subject,
    layout: DetailLayout,
    words: Words,
    limits: Limits,
    opener: Opener,
    rate_unit: RateUnit | None = None,
) -> list[DetailTable]:
    """Read a file of the client's detail export, all its visible sheets that have the headings.

    Arguments:
        export: the file, with what it is of as far as the caller said.
        given: what the caller said of all files.
        layout: the headings and words of the region.
        words: what the words mean.
        limits: what a file may hold at most.
        opener: what opens it.
        rate_unit: how rates without a percent sign are meant; told by the amounts if left out.

    Raises:
        FormError: if the file can't be read, or no sheet has the headings.
    """
    headings = frozenset(fold(word) for column in layout.layout.columns for word in column.headings)
    try:
        book = opener(export.path, limits, headings)
    except FormError as error:
        raise _as_export(error) from error
    try:
        return list(
            _tables(
                book,
                export,
                given=given,
                layout=layout,
                words=words,
                limits=limits,
                rate_unit=rate_unit,
            )
        )
    finally:
        book.close()


def _tables(
    book: Book,
    export: Export,
    *,
    given: Subject,
    layout: DetailLayout,
    words: Words,
    limits: Limits,
    rate_unit: RateUnit | None,
) -> Iterator[DetailTable]:
    said = Subject(
        export.insurance or given.insurance,
        export.item or given.item,
        export.payer or given.payer,
    )
    wrong: FormError | None = None
    found = count = 0
    for sheet in book.sheets:
        if not sheet.visible:
            continue
        try:
            table = find_table(str(export.path), (sheet,), layout.layout)
        except FormError as error:
            if error.fault.code == "roster.column.twice":
                raise
            if wrong is None or error.fault.code == "roster.column.missing":
                wrong = error if error.fault.code in _NO_TABLE else _raise(error)
            continue
        hints = [meaning for meaning in _hints(sheet, table, words) if meaning]
        reader = RowReader(table, layout, words, said, hints)
        for row in table.rows:
            reader.take(row)
            if count + reader.count > limits.rows:
                values = {"most": str(limits.rows)}
                raise FormError(Fault("form.file.rows", values, table.place_of(row.number)))
        count += reader.count
        found += 1
        yield reader.finish(rate_unit)
    if not found:
        raise (
            _as_export(wrong)
            if wrong
            else FormError(Fault("reconcile.no-sheet", {}, Place(file=str(export.path))))
        )


_NO_TABLE = frozenset({"roster.header.missing", "roster.column.missing"})


def _raise(error: FormError) -> FormError:
    raise error


def _as_export(error: FormError) -> FormError:
    """An error that speaks of rosters as one that speaks of exports."""
    fault = error.fault
    if fault.code == "roster.header.missing":
        return FormError(Fault("reconcile.header", fault.values, fault.place))
    if fault.code == "roster.column.missing":
        return FormError(Fault("reconcile.column", fault.values, fault.place))
    return error


def _hints(sheet: Sheet, table: Table, words: Words) -> Iterator[Meaning]:
    """What the sheet's name and the titles above its table say.

    A title counts where it names an insurance: a cell with 单位 alone labels the unit's name.
    """
    if sheet.name and (meaning := words.read(sheet.name)):
        yield meaning
    for row in sheet.rows():
        if row.number >= table.row:
            return
        for value in row.cells.values():
            meaning = words.read(value) if isinstance(value, str) else None
            if meaning and meaning.insurances:
                yield meaning
