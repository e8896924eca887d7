"""Forms there and back: a form is filled with somebody made up, saved, read, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from stdnum.cn.ric import calc_check_digit

from socialins.forms.papers import FilledForm, Form, ReadForm
from socialins.forms.papers.columns import PaperColumn, document_type
from socialins.forms.papers.formfile import Blank, ColumnType
from socialins.identity import DocumentType, IdDocument, Sex
from socialins.model.person import InsuredPerson
from socialins.values import Month

__all__ = ["example_person", "form_differences"]

_BORN = date(1990, 3, 7)
_DAY, _MONTH = date(2026, 11, 5), Month(2026, 11)
# Bytes of two characters in UTF-8, the longer of the encodings.
_TWO_LONG = 6
_NAMES = "甲乙丙丁戊己庚辛壬癸"


def example_person(number: int) -> InsuredPerson:
    """Somebody made up, with a valid resident number; 0 to 499 are different people.

    >>> example_person(0).document.number
    '110105199003070017'
    """
    digits = f"110105{_BORN:%Y%m%d}{2 * number + 1:03}"
    document = IdDocument(DocumentType.RESIDENT_ID, digits + calc_check_digit(digits + "0"))
    name = "张" + "".join(_NAMES[int(digit)] for digit in f"{number:03}")
    return InsuredPerson(name, document, birth_date=_BORN, sex=Sex.MALE)


def form_differences(form: Form, folder: Path) -> Iterator[str]:
    """What reading a filled form back gives otherwise than it was filled; nothing if all is well.

    Arguments:
        form: the form; every column and blank of it is filled.
        folder: where it may be written.
    """
    rows = [_row(form, number) for number in range(max(3, form.layout.rows_a_page + 1))]
    given = {name: _of_blank(blank) for name, blank in form.blanks.items()}
    filled = form.fill(rows, month=_MONTH, **given)
    yield from (f"can't be filled: {fault}" for fault in filled.errors)
    for suffix in form.layout.suffixes:
        path = folder / f"{form.id}{suffix}"
        filled.save(path)
        for problem in _read_differences(filled, form.read(path)):
            yield problem if suffix == ".xlsx" else f"as {suffix}: {problem}"


def _read_differences(filled: FilledForm, read: ReadForm) -> Iterator[str]:
    yield from (f"can't be read: {fault}" for fault in read.faults if fault.is_error)
    if len(read.rows) != len(filled.rows):
        yield f"{len(filled.rows)} rows were written, {len(read.rows)} read"
    for number, (before, after) in enumerate(zip(filled.rows, read.rows, strict=False), start=1):
        for field in before.keys() | after.keys():
            if before.get(field) != after.get(field):
                yield f"row {number}, {field}: {before.get(field)!r} became {after.get(field)!r}"
    if dict(read.head) != dict(filled.head):
        yield f"{dict(filled.head)!r} became {dict(read.head)!r}"


def _row(form: Form, number: int) -> dict[str, Any]:
    person = example_person(number)
    columns = [one for one in form.columns if one.type is not ColumnType.SEQUENCE]
    return {column.field: _value(column, person) for column in columns}


def _value(column: PaperColumn, person: InsuredPerson) -> Any:
    if column.type is ColumnType.CODE:
        return _code(column)
    if column.type is ColumnType.DATE:
        return _BORN if column.field == "birth_date" else _DAY
    return {
        ColumnType.NAME: person.name,
        ColumnType.ID_NUMBER: person.document,
        ColumnType.WAGE: "7000.50",
        ColumnType.MONEY: "120.30",
        ColumnType.MONTH: _MONTH,
        ColumnType.SEX: person.sex,
        ColumnType.TICK: True,
    }.get(column.type, "示例" if column.spec.length not in range(1, _TWO_LONG) else "1")


def _code(column: PaperColumn) -> str:
    """The code of a resident's document, else the first that is listed."""
    codes = list(column.spec.codes)
    resident = (code for code in codes if document_type(column, code) is DocumentType.RESIDENT_ID)
    return next(resident, None) or column.spec.default or next(iter(codes), "")


def _of_blank(blank: Blank) -> Any:
    return _DAY if blank.type == "date" else "示例"
