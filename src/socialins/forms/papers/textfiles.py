"""Text files: a filled form as csv, or as text whose columns have a fixed number of bytes.

Spreadsheets tell UTF-8 by its byte order mark; programs of bureaus often want GB18030. A layout
says which. Fixed-width text is what older programs take: no headings, one line a person.
"""

from __future__ import annotations

import csv
from pathlib import Path

from socialins.forms.output import whole_file
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.grid import Grid
from socialins.forms.textbook import protect

__all__ = ["plain_encoding", "write_csv", "write_fixed"]

_RIGHT = frozenset({ColumnType.WAGE, ColumnType.MONEY, ColumnType.SEQUENCE})


def plain_encoding(encoding: str) -> str:
    """An encoding without its byte order mark, in which the bytes of one text are counted.

    >>> plain_encoding("utf-8-sig"), plain_encoding("gb18030")
    ('utf-8', 'gb18030')
    """
    return encoding.removesuffix("-sig")


def write_csv(filled: FilledForm, path: Path) -> None:
    """Write a form as csv: what stands above the table, its headings, its rows, what stands below.

    Arguments:
        filled: the form.
        path: where.
    """
    grid = Grid.of(filled, paged=False)
    with (
        whole_file(path) as unfinished,
        unfinished.open("w", encoding=filled.form.layout.encoding, newline="") as file,
    ):
        writer = csv.writer(file)
        for line in grid.lines():
            last = max(line, default=0)
            values = (line.get(number, (None, None))[0] for number in range(1, last + 1))
            writer.writerow(["" if value is None else protect(str(value)) for value in values])


def write_fixed(filled: FilledForm, path: Path) -> None:
    """Write a form's rows as fixed-width text: amounts to the right, all else to the left.

    Arguments:
        filled: the form; no value takes more bytes than its column has.
        path: where.
    """
    encoding = plain_encoding(filled.form.layout.encoding)
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        for number, row in enumerate(filled.rows, start=1):
            for column in filled.form.columns:
                sequence = column.type is ColumnType.SEQUENCE
                value = number if sequence else column.write(row.get(column.field))
                file.write(_padded(column, "" if value is None else str(value), encoding))
            file.write(b"\r\n")


def _padded(column: PaperColumn, text: str, encoding: str) -> bytes:
    raw = text.encode(encoding)
    blanks = b" " * (column.spec.length - len(raw))
    return blanks + raw if column.type in _RIGHT else raw + blanks
