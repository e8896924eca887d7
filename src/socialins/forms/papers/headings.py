"""Headings of a form: where its table begins, and which column of the sheet is which of its own.

Headings may take two rows: one for a group, merged over several columns, and one for each column.
What a form repeats under heads of its own (an insurance each, for one) is read under the heads that
the file has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.papers.columns import PaperColumn, head_code
from socialins.forms.plaintext import excerpt, fold, is_blank, trim
from socialins.forms.sheets import Book, CellValue, Row, Sheet

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["Headings", "Match", "find_headings", "match_headings", "opening_rows"]

HEADER_ROWS = 20
"""Rows among which the headings are looked for."""

_NAMED = 20
_HEAD = re.compile(r"[0-9A-Za-z]+\s*\|.+")


@attrs.frozen(eq=False)
class Match:
    """A row of a sheet, taken for the headings of a form.

    Arguments:
        form: the form, with the heads that the row above has.
        sheet: the sheet.
        row: the row, the lower of two.
        above: the row above it, where headings take two.
        columns: column of the form → columns of the sheet that it heads, counted from 0.
        unknown: headings that the form doesn't know.
    """

    form: Form
    sheet: Sheet
    row: Row
    above: Mapping[int, CellValue]
    columns: Mapping[PaperColumn, tuple[int, ...]]
    unknown: tuple[str, ...]

    @property
    def missing(self) -> tuple[PaperColumn, ...]:
        """The columns that the form needs and the row has not."""
        groups = {column.one_of for column in self.columns}
        return tuple(
            column
            for column in self.form.columns
            if column not in self.columns
            and (column.spec.required is True or (column.one_of and column.one_of not in groups))
        )

    @property
    def complete(self) -> bool:
        """Whether the row has all that the form needs."""
        return bool(self.columns) and not self.missing


@attrs.frozen(eq=False)
class Headings:
    """The headings of a form, found in a sheet.

    Arguments:
        form: the form, with the heads that the file has.
        place: the file and the sheet.
        row: the number of the row, the lower of two.
        columns: column → column of the sheet, counted from 0.
        headings: field → the heading as it stands in the file.
        unknown: headings that the form doesn't know.
        opening: the rows above.
        rows: the rows below.
        lines: the rows of headings, without their writing.
    """

    form: Form
    place: Place
    row: int
    columns: Mapping[PaperColumn, int]
    headings: Mapping[str, str]
    unknown: tuple[str, ...]
    opening: tuple[Row, ...]
    rows: Iterator[Row]
    lines: tuple[Mapping[int, str], ...]

    def repeats(self, row: Row) -> bool:
        """Whether a row is one of the headings once more."""
        return len(row.cells) > 1 and any(
            all(line.get(index) == fold(str(value)) for index, value in row.cells.items())
            for line in self.lines
        )

    def warnings(self) -> Iterator[Fault]:
        """What is unusual about the headings."""
        if self.unknown:
            shown = [excerpt(heading) for heading in self.unknown[:_NAMED]]
            values = {"columns": Text("、".join(shown), ", ".join(shown))}
            yield Fault("form.column.unknown", values, attrs.evolve(self.place, row=self.row))


def opening_rows(sheet: Sheet) -> tuple[list[Row], Iterator[Row]]:
    """The first rows of a sheet, among which the headings are; and the others."""
    rows = sheet.rows()
    opening: list[Row] = []
    for row in rows:
        if row.number > HEADER_ROWS:
            return opening, chain([row], rows)
        opening.append(row)
    return opening, rows


def match_headings(form: Form, sheet: Sheet, opening: list[Row]) -> Match | None:
    """The row of a sheet that has most of a form's headings; None where none has any."""
    best: Match | None = None
    for place, row in enumerate(opening):
        before = (
            opening[place - 1] if place and opening[place - 1].number == row.number - 1 else None
        )
        above = before.cells if before is not None and form.layout.grouped else {}
        match = _match(form, sheet, row, above)
        if match.columns and (best is None or len(match.columns) > len(best.columns)):
            best = match
    return best


def find_headings(form: Form, book: Book, file: str) -> Headings:
    """Find the headings of a form: in the sheet of its name, else in the first that has them.

    Raises:
        FormError: if no row has those that it needs, or a heading stands there twice.
    """
    visible = [sheet for sheet in book.sheets if sheet.visible]
    visible.sort(key=lambda sheet: fold(sheet.name or "") != fold(form.layout.sheet))
    best: Match | None = None
    for sheet in visible:
        opening, rest = opening_rows(sheet)
        match = match_headings(form, sheet, opening)
        if match is not None and match.complete:
            return _headings(match, opening, rest, file)
        if match is not None and (best is None or len(match.columns) > len(best.columns)):
            best = match
    raise FormError(_missing(form, best, file))


def _match(form: Form, sheet: Sheet, row: Row, above: Mapping[int, CellValue]) -> Match:
    cells = list(_heads(above, row.cells))
    form = _with_heads(form, cells)
    columns: dict[PaperColumn, tuple[int, ...]] = {}
    unknown = []
    for index, group, heading in cells:
        column = _column(form.columns, group, heading)
        if column is None:
            unknown.append(heading)
        else:
            columns[column] = (*columns.get(column, ()), index)
    return Match(form, sheet, row, above, columns, tuple(unknown))


def _heads(
    above: Mapping[int, CellValue], below: Mapping[int, CellValue]
) -> Iterator[tuple[int, str, str]]:
    """Column, group and heading of each column that has a heading."""
    group = ""
    for index in range(max((*above, *below), default=-1) + 1):
        upper, lower = above.get(index), below.get(index)
        if isinstance(upper, str) and not is_blank(upper):
            group = trim(upper)
        if isinstance(lower, str) and not is_blank(lower):
            yield index, group, trim(lower)
        elif isinstance(upper, str) and not is_blank(upper) and is_blank(lower):
            # A heading that is merged over both rows.
            yield index, "", trim(upper)
            group = ""


def _with_heads(form: Form, cells: Iterable[tuple[int, str, str]]) -> Form:
    """The form with the heads that a sheet has, where it has any."""
    heads: dict[str, list[str]] = {}
    for spec in form.layout.columns:
        if not spec.heads:
            continue
        known = {fold(word): head for head in spec.heads for word in (head, *head.split("|"))}
        words = set(map(fold, (spec.header, *spec.aliases)))
        for _, group, heading in cells:
            # One with a code is taken as it stands in the file; words alone are known or are none.
            head = group if _HEAD.fullmatch(group) else known.get(fold(group))
            if fold(heading) in words and head is not None:
                heads.setdefault(spec.field, []).append(head)
    found = {field: tuple(dict.fromkeys(listed)) for field, listed in heads.items()}
    return form.with_heads(**found) if found else form


def _column(columns: Iterable[PaperColumn], group: str, heading: str) -> PaperColumn | None:
    wanted = fold(heading)
    for column in columns:
        if wanted not in column.headings:
            continue
        parts = [column.group]
        if column.spec.heads:
            # With its code, without it, or the code alone; the code decides.
            parts += [column.group.partition("|")[2], head_code(column.group)]
            group = head_code(group)
        if not column.group or fold(group) in map(fold, parts):
            return column
    return None


def _headings(match: Match, opening: list[Row], rest: Iterator[Row], file: str) -> Headings:
    row = match.row
    place = Place(file=file, sheet=match.sheet.name)
    headings = {
        column.field: trim(str(row.cells.get(indices[0]) or match.above.get(indices[0])))
        for column, indices in match.columns.items()
    }
    twice = []
    for column, indices in match.columns.items():
        if len(indices) > 1:
            at = attrs.evolve(
                place, row=row.number, column=headings[column.field], field=column.field
            )
            values: dict[str, str | Text] = {
                "what": column.title,
                "count": str(len(indices)),
            }
            twice.append(Fault("form.column.twice", values, at))
    if twice:
        raise FormError(twice[0], twice[1:])
    after = opening[opening.index(row) + 1 :]
    return Headings(
        form=match.form,
        place=place,
        row=row.number,
        columns={column: index for column, (index,) in match.columns.items()},
        headings=headings,
        unknown=match.unknown,
        opening=tuple(opening[: opening.index(row)]),
        rows=chain(after, rest),
        lines=(_folded(match.above), _folded(row.cells)),
    )


def _missing(form: Form, best: Match | None, file: str) -> Fault:
    title = form.layout.title
    if best is None:
        words = [column.spec.header for column in form.columns if column.spec.required is True]
        columns = Text("、".join(words), ", ".join(words))
        return Fault("form.header.missing", {"form": title, "columns": columns}, Place(file=file))
    lacking = [column.spec.header for column in best.missing]
    values: dict[str, str | Text] = {
        "form": title,
        "missing": Text("、".join(lacking), ", ".join(lacking)),
        "found": ", ".join(excerpt(value) for value in list(best.row.cells.values())[:_NAMED]),
    }
    place = Place(
        file=file, sheet=best.sheet.name, row=best.row.number, field=best.missing[0].field
    )
    return Fault("form.column.missing", values, place)


def _folded(cells: Mapping[int, CellValue]) -> dict[int, str]:
    return {index: fold(str(value)) for index, value in cells.items() if not is_blank(value)}
