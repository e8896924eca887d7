"""Lists of a unit's own: tables whose columns are known by their headings, in either language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import attrs

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError
from socialins.forms.header import HEADER_ROWS
from socialins.forms.opening import open_book
from socialins.forms.plaintext import fold, trim
from socialins.forms.sheets import Book, Limits, Row

__all__ = ["LIST_LIMITS", "ListedRow", "read_list"]

LIST_LIMITS = Limits()
"""What is read of a list at most."""


@attrs.frozen
class ListedRow:
    """A row of a list.

    Arguments:
        texts: field → what stands there; of the columns that the list has.
        place: where it stands.
    """

    texts: Mapping[str, str]
    place: Place

    def get(self, field: str) -> str:
        """What stands in a column; nothing where the list has no such column."""
        return self.texts.get(field, "")


def read_list(
    path: Path | str,
    headings: Mapping[str, Sequence[str]],
    needed: Sequence[Sequence[str]],
    missing: Fault,
    limits: Limits = LIST_LIMITS,
) -> Iterator[ListedRow]:
    """Read the rows of the first table of a file that has some headings.

    Arguments:
        path: a csv or xlsx file.
        headings: field → the headings it is known by.
        needed: of each of these groups of fields a table has one.
        missing: what is wrong with a file that has no such table.
        limits: what is read at most.

    Raises:
        FormError: if the file can't be read, or has no such table.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    file = str(path)
    fields = {fold(word): field for field, words in headings.items() for word in words}
    with closing(open_book(Path(path), limits, frozenset(fields))) as book:
        columns, rows = _table(book, fields, needed, missing.at(Place(file=file)))
        for count, row in enumerate(rows):
            if count >= limits.rows:
                values = {"most": str(limits.rows)}
                raise FormError(Fault("form.file.rows", values, Place(file=file)))
            texts = {field: _text(row, column) for field, column in columns.items()}
            if any(texts.values()):
                yield ListedRow(texts, Place(file=file, row=row.number))


def _table(
    book: Book, fields: Mapping[str, str], needed: Sequence[Sequence[str]], missing: Fault
) -> tuple[dict[str, int], Iterator[Row]]:
    for sheet in book.sheets:
        rows = sheet.rows()
        for _, row in zip(range(HEADER_ROWS), rows, strict=False):
            columns: dict[str, int] = {}
            for column, cell in row.cells.items():
                field = fields.get(fold(str(cell)))
                if field is not None:
                    columns.setdefault(field, column)
            if all(columns.keys() & set(group) for group in needed):
                return columns, rows
    raise FormError(missing)


def _text(row: Row, column: int) -> str:
    value = row.cells.get(column)
    return "" if value is None else trim(str(value))
