"""Headings: where the table of a file begins, and which of its columns is what.

People put titles above their tables, order the columns as they like, and add some of their own. A
table is found by its headings; what else a file holds is passed over, and said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.layout import Column, Layout
from socialins.forms.plaintext import excerpt, fold, trim
from socialins.forms.sheets import Row, Sheet

__all__ = ["HEADER_ROWS", "Table", "find_table"]

HEADER_ROWS = 20
"""Rows among which the headings are looked for."""

_NAMED = 20


@attrs.frozen(eq=False)
class Table:
    """A table that was found in a sheet.

    Arguments:
        place: its file and sheet.
        row: the number of the row with the headings.
        columns: field → column of the sheet, counted from 0.
        headings: field → the heading as it stands in the file.
        unknown: headings that the layout doesn't know.
        rows: the rows below.
    """

    place: Place
    row: int
    columns: Mapping[str, int]
    headings: Mapping[str, str]
    unknown: tuple[str, ...]
    rows: Iterator[Row]

    def place_of(self, row: int, field: str | None = None, value: object = None) -> Place:
        """The place of a cell."""
        return attrs.evolve(
            self.place,
            row=row,
            column=self.headings.get(field) if field else None,
            field=field,
            value=None if value is None else excerpt(value),
        )

    def warnings(self) -> Iterator[Fault]:
        """What is unusual about the headings."""
        if self.unknown:
            shown = [excerpt(heading) for heading in self.unknown[:_NAMED]]
            if len(self.unknown) > _NAMED:
                shown.append("…")
            values = {"columns": Text("、".join(shown), ", ".join(shown))}
            yield Fault("roster.column.unknown", values, self.place_of(self.row))


@attrs.frozen
class _Candidate:
    """A row that may be the headings: what its cells head."""

    sheet: Sheet
    row: Row
    found: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]


def find_table(file: str, sheets: Iterable[Sheet], layout: Layout) -> Table:
    """Find the table of a layout: the first row, of the first sheet, with all headings it needs.

    Arguments:
        file: how the file is called.
        sheets: where to look, in order.
        layout: the layout.

    Raises:
        FormError: if no row has the headings, or a heading stands there twice.
    """
    best: _Candidate | None = None
    for sheet in sheets:
        rows = sheet.rows()
        for row in rows:
            if row.number > HEADER_ROWS:
                break
            candidate = _candidate(sheet, row, layout)
            if all(column.field in candidate.found for column in layout.needed):
                return _table(file, candidate, rows, layout)
            if candidate.found and (best is None or len(candidate.found) > len(best.found)):
                best = candidate
    raise FormError(_missing(file, best, layout))


def _candidate(sheet: Sheet, row: Row, layout: Layout) -> _Candidate:
    found: dict[str, tuple[int, ...]] = {}
    unknown = []
    for index, value in row.cells.items():
        column = layout.column_for(value) if isinstance(value, str) else None
        if column is not None:
            found[column.field] = (*found.get(column.field, ()), index)
        else:
            unknown.append(trim(str(value)))
    return _Candidate(sheet, row, found, tuple(unknown))


def _table(file: str, candidate: _Candidate, rows: Iterator[Row], layout: Layout) -> Table:
    row = candidate.row
    place = Place(file=file, sheet=candidate.sheet.name)
    twice = []
    for field, indices in candidate.found.items():
        if len(indices) > 1:
            column = layout.column(field)
            headings = [trim(str(row.cells[index])) for index in indices]
            values: dict[str, str | Text] = {
                "what": column.title,
                "columns": excerpt(", ".join(headings)),
            }
            at = attrs.evolve(place, row=row.number, column=headings[1], field=field)
            twice.append(Fault("roster.column.twice", values, at))
    if twice:
        raise FormError(twice[0], twice[1:])
    return Table(
        place=place,
        row=row.number,
        columns={field: index for field, (index,) in candidate.found.items()},
        headings={
            field: trim(str(row.cells[index])) for field, (index,) in candidate.found.items()
        },
        unknown=candidate.unknown,
        rows=rows,
    )


def _missing(file: str, best: _Candidate | None, layout: Layout) -> Fault:
    if best is None:
        return Fault("roster.header.missing", {"columns": _names(layout.needed)}, Place(file=file))
    missing = [column for column in layout.needed if column.field not in best.found]
    seen = [excerpt(value) for value in best.row.cells.values()]
    place = Place(file=file, sheet=best.sheet.name, row=best.row.number, field=missing[0].field)
    words = chain.from_iterable(column.headings for column in missing)
    unique = {fold(word): word for word in words}
    values: dict[str, str | Text] = {
        "missing": _names(missing),
        "found": ", ".join(seen[:_NAMED]),
        "headings": ", ".join(unique.values()),
    }
    return Fault("roster.column.missing", values, place)


def _names(columns: Iterable[Column]) -> Text:
    titles = [column.title for column in columns]
    return Text("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))
