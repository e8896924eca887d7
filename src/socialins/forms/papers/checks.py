"""Checks of a form file that need more than one key: names that clash, cells that overlap.

A layout that could be read in two ways, or written over itself, does not load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialins.faults import Fault, Place
from socialins.forms.papers.blanks import UNIT_BLANKS, names_in
from socialins.forms.papers.columns import PaperColumn, head_code, paper_columns
from socialins.forms.papers.formfile import (
    DAY_FORMATS,
    MONTH_FORMATS,
    ColumnType,
    FileFormat,
    FormColumn,
    FormFile,
    PaperCell,
)
from socialins.forms.plaintext import fold
from socialins.identity import Sex

__all__ = ["check_form"]

_FORMATS = {ColumnType.DATE: DAY_FORMATS, ColumnType.MONTH: MONTH_FORMATS}


def check_form(form: FormFile, name: str) -> Iterator[Fault]:
    """What is wrong with a form as a whole.

    Arguments:
        form: the form.
        name: how to call its file.
    """
    for path, problem in _problems(form):
        yield Fault("form.invalid", {"problem": problem}, Place(file=name, field=path))


def _problems(form: FormFile) -> Iterator[tuple[str, str]]:
    if form.first_row and form.first_row <= form.header_row:
        yield "first_row", f"the table begins above its headings, which are in {form.header_row}"
    if form.grouped and form.header_row == 1:
        yield "header_row", "headings take two rows; this is the lower of them"
    for index, spec in enumerate(form.columns):
        for key, problem in _of_column(spec):
            yield f"columns[{index}].{key}", problem
    yield from _names(form)
    yield from _cells("head", form.head, form)
    yield from _cells("foot", form.foot, form)
    yield from _blanks(form)
    yield from _formats(form)
    for index, sheet in enumerate(form.sheets):
        if fold(sheet.name) == fold(form.sheet):
            yield f"sheets[{index}].name", "this is the name of the table's sheet"


def _of_column(spec: FormColumn) -> Iterator[tuple[str, str]]:
    yield from _of_codes(spec)
    yield from _of_heads(spec)
    formats = _FORMATS.get(spec.type, {})
    if spec.format and spec.format not in formats:
        known = ", ".join(formats) or "none"
        yield "format", f"{spec.format!r} is no format of a {spec.type}; there are: {known}"
    if spec.type is ColumnType.SEQUENCE and (spec.required or spec.default):
        yield "type", "a sequence numbers itself: it is neither required nor has it a default"
    if spec.restart and spec.type is not ColumnType.SEQUENCE:
        yield "restart", "only a sequence begins anew"
    if spec.default and spec.type is not ColumnType.SEQUENCE:
        reading = PaperColumn(spec, 1, spec.field, spec.group).take(spec.default)
        if reading.failed:
            yield "default", reading.faults[0].message("en")


def _of_codes(spec: FormColumn) -> Iterator[tuple[str, str]]:
    if spec.type is ColumnType.CODE and not spec.codes:
        yield "codes", "a column of codes needs them; use type = 'text' where they are not known"
    if spec.type is ColumnType.SEX and spec.codes:
        first = sorted(words[0] if words else "" for words in spec.codes.values())
        if first != sorted(sex.title("zh") for sex in Sex) or spec.further_codes:
            yield "codes", "the codes of a sex are two, with 男 and 女 as their first words"
    elif spec.type is not ColumnType.CODE and (spec.codes or spec.further_codes):
        yield "codes", f"a column of type '{spec.type}' has no codes"
    if spec.ticks:
        yield from _of_ticks(spec)
    seen: dict[str, str] = {}
    for code, words in spec.codes.items():
        for word in (code, *words):
            if seen.setdefault(fold(word), code) != code:
                yield f"codes.{code}", f"{word!r} stands for {seen[fold(word)]!r} too"


def _of_ticks(spec: FormColumn) -> Iterator[tuple[str, str]]:
    if spec.type is not ColumnType.TICK:
        yield "ticks", f"a column of type '{spec.type}' has no ticks"
        return
    if len(spec.ticks) != 2:
        yield "ticks", "two are needed: what is written for a tick, and for none"
        return
    column = PaperColumn(spec, 1, spec.field, spec.group)
    for text, wanted in zip(spec.ticks, (True, False), strict=True):
        if not text or column.read(text).value is not wanted:
            yield "ticks", f"{text!r} would not read back as it is meant"


def _of_heads(spec: FormColumn) -> Iterator[tuple[str, str]]:
    if spec.heads and spec.group:
        yield "group", "a column that is repeated under 'heads' has no group of its own"
    codes = [head_code(head) for head in spec.heads]
    if len(set(codes)) < len(codes):
        yield "heads", "two heads have the same code"
    if spec.required == "group" and not (spec.group or spec.heads):
        yield "required", "'group' needs a group"


def _formats(form: FormFile) -> Iterator[tuple[str, str]]:
    """What a format has no place for."""
    if len(set(form.formats)) < len(form.formats):
        yield "formats", "a format stands there twice"
    if form.template and FileFormat.XLSX not in form.formats:
        yield "template", "a form that starts from a workbook is written as one; add 'xlsx'"
    if form.template and form.rows_a_page:
        yield "template", "a workbook that is filled in has one table; leave out rows_a_page"
    if FileFormat.FIXED in form.formats:
        yield from _fixed(form)


def _fixed(form: FormFile) -> Iterator[tuple[str, str]]:
    """What fixed-width text has no place for."""
    for key, cells in (("head", form.head), ("foot", form.foot)):
        for index, cell in enumerate(cells):
            if names_in(cell.text):
                yield f"{key}[{index}].text", "fixed-width text has no place for a blank"
    for index, spec in enumerate(form.columns):
        if not spec.length:
            yield f"columns[{index}].length", "fixed-width text needs the length of each column"
        if spec.heads:
            yield (
                f"columns[{index}].heads",
                "fixed-width text has no heads to repeat a column under",
            )


def _names(form: FormFile) -> Iterator[tuple[str, str]]:
    """Fields and headings that stand twice."""
    fields: dict[str, int] = {}
    headings: dict[tuple[str, str], str] = {}
    for column in paper_columns(form.columns, {}):
        path = f"columns[{form.columns.index(column.spec)}]"
        if fields.setdefault(column.field, column.number) != column.number:
            yield f"{path}.field", f"{column.field!r} is another column's too"
        for word in sorted(column.headings):
            first = headings.setdefault((fold(column.group), word), column.field)
            if first != column.field:
                yield f"{path}.header", f"{word!r} heads {first!r} too"
    for name in form.blanks:
        if name in fields:
            yield f"blanks.{name}", "a column has this name"


def _cells(key: str, cells: Iterable[PaperCell], form: FormFile) -> Iterator[tuple[str, str]]:
    taken: dict[tuple[int, int], int] = {}
    for index, cell in enumerate(cells):
        path = f"{key}[{index}]"
        if key == "head":
            yield from _above_headings(path, cell, form)
        for column in range(cell.column, cell.last_column + 1):
            if taken.setdefault((cell.row, column), index) != index:
                yield f"{path}.column", f"lies over {key}[{taken[cell.row, column]}]"
                break
        if len(names_in(cell.text)) > 1:
            yield f"{path}.text", "a text has one blank at most; use two cells"


def _above_headings(path: str, cell: PaperCell, form: FormFile) -> Iterator[tuple[str, str]]:
    if cell.row >= form.header_row:
        yield f"{path}.row", f"lies on or below the headings, which are in {form.header_row}"
    elif form.grouped and cell.row == form.header_row - 1:
        grouped = [one.number for one in paper_columns(form.columns, {}) if one.group]
        if any(cell.column <= number <= cell.last_column for number in grouped):
            yield f"{path}.column", "lies over the heading of a group"


def _blanks(form: FormFile) -> Iterator[tuple[str, str]]:
    used: dict[str, str] = {}
    for key, cells in (("head", form.head), ("foot", form.foot)):
        for index, cell in enumerate(cells):
            for name in names_in(cell.text):
                path = f"{key}[{index}].text"
                if name not in form.blanks and name not in UNIT_BLANKS:
                    yield path, f"{{{name}}} is no blank of this form; describe it in [blanks]"
                if used.setdefault(name, path) != path:
                    yield path, f"{{{name}}} stands in {used[name]} too"
    for name in form.blanks:
        if name not in used:
            yield f"blanks.{name}", "no text has this blank"
