"""Fixed-width text in: lines cut at bytes, as a book of one sheet without headings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError
from socialins.forms.papers.headings import Headings
from socialins.forms.papers.textfiles import plain_encoding
from socialins.forms.plaintext import is_blank, trim
from socialins.forms.sheets import Limits, Row

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["fixed_table"]

_BOM = b"\xef\xbb\xbf"


def fixed_table(form: Form, path: Path, limits: Limits) -> Headings:
    """The rows of a fixed-width file as those of a table whose headings stand before it.

    Arguments:
        form: the form.
        path: the file.
        limits: how large it may be.

    Raises:
        FormError: if it can't be opened or is too large; further on, for a line of another length,
            or one that is not in the form's encoding.
    """
    layout = form.layout
    return Headings(
        form=form,
        place=Place(file=str(path)),
        # So that the first line is the table's first row.
        row=layout.header_row + 1 - layout.table_row,
        columns={column: column.number - 1 for column in form.columns},
        headings={column.field: column.spec.header for column in form.columns},
        unknown=(),
        opening=(),
        rows=_Lines(form, path, limits).rows(),
        lines=(),
    )


@attrs.frozen
class _Lines:
    form: Form
    path: Path
    limits: Limits

    def rows(self) -> Iterator[Row]:
        encoding = plain_encoding(self.form.layout.encoding)
        wanted = sum(column.spec.length for column in self.form.columns)
        with self.path.open("rb") as file:
            number = 0
            # A line without end is not held: the rest of it is a line that is too long as well.
            while line := file.readline(wanted + 8):
                number += 1
                raw = line.removeprefix(_BOM) if number == 1 else line
                raw = raw.rstrip(b"\r\n\x1a")
                if not raw.strip():
                    continue
                if len(raw) != wanted:
                    values = {"row": str(number), "found": str(len(raw)), "wanted": str(wanted)}
                    raise FormError(Fault("form.fixed.length", values, self._place(number)))
                try:
                    yield Row(number, dict(self._cells(raw, encoding)))
                except UnicodeDecodeError as error:
                    values = {"row": str(number), "encoding": encoding.upper()}
                    raise FormError(Fault("form.fixed.cut", values, self._place(number))) from error

    def _cells(self, raw: bytes, encoding: str) -> Iterator[tuple[int, str]]:
        at = 0
        for column in self.form.columns:
            text = trim(raw[at : at + column.spec.length].decode(encoding))
            at += column.spec.length
            if not is_blank(text):
                yield column.number - 1, text

    def _place(self, row: int) -> Place:
        return Place(file=str(self.path), row=row)
