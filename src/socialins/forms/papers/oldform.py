"""A filled form as an old workbook (.xls), page after page as in a new one.

Old workbooks keep no print area here; what they print is what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from socialins.forms.looks import Look
from socialins.forms.oldwriter import OldWriter, OldWriterSheet
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.grid import Grid

__all__ = ["write_old_form"]

_PAPERS = {"A4": 9, "A3": 8}


def write_old_form(filled: FilledForm, path: Path) -> None:
    """Write a form as an old workbook.

    Arguments:
        filled: the form.
        path: where.

    Raises:
        FormError: if it has more rows or columns than an old workbook holds.
        MissingExtra: if the extra ``xls`` is not installed.
    """
    layout = filled.form.layout
    book = OldWriter()
    sheet = book.sheet(layout.sheet, [column.spec.width for column in filled.form.columns])
    grid = Grid.of(filled)
    looks = dict(_write(grid, sheet))
    for top, left, bottom, right in grid.merged:
        sheet.merge(top, left, bottom, right, looks.get((top, left), Look.NOTE))
    page = layout.page
    sheet.set_up(
        landscape=page.orientation == "landscape",
        paper=_PAPERS[page.paper],
        scale=page.scale if grid.paged else 0,
        breaks=grid.breaks,
        height=page.row_height if grid.paged else 0,
    )
    for text in layout.sheets:
        further = book.sheet(text.name, [text.width])
        for words in text.lines:
            further.row({1: (words, Look.NOTE)})
    book.save(path)


def _write(grid: Grid, sheet: OldWriterSheet) -> Iterator[tuple[tuple[int, int], Look]]:
    """Write all rows; how the first cell of each merged range looks."""
    wanted: set[tuple[int, int]] = set()
    known = 0
    for line in grid.lines():
        # What is merged in a row is known before the row is.
        wanted.update((top, left) for top, left, _, _ in grid.merged[known:])
        known = len(grid.merged)
        sheet.row(line)
        for column, (_, look) in line.items():
            if (sheet.rows, column) in wanted:
                yield (sheet.rows, column), look
