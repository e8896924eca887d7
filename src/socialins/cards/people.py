"""People of a batch, read from a list: names, identity numbers, and whose file is which.

The list is the library's own: any csv or xlsx with a heading for the name and one for the number,
and perhaps one for the photograph's file. A roster of contributions is such a list too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError
from socialins.forms.header import HEADER_ROWS
from socialins.forms.plaintext import excerpt, fold, trim
from socialins.forms.sheets import Book, Limits, Row, open_book
from socialins.identity import read_document
from socialins.model.person import InsuredPerson

__all__ = ["People", "read_people"]

_HEADINGS = {
    "name": ("姓名", "name"),
    "id_number": (
        *("证件号码", "身份证号", "身份证号码", "公民身份号码", "社会保障号码", "社会保障号"),
        "id_number",
    ),
    "photo": ("照片", "照片文件", "文件名", "photo", "file"),
}
_FIELDS = {fold(word): field for field, words in _HEADINGS.items() for word in words}
_LIMITS = Limits()


@attrs.frozen(kw_only=True)
class People:
    """People read from a list.

    Arguments:
        persons: the persons, in order; rows that could not be read are left out.
        files: name of a file → place of its person among them, where the list says so.
        faults: what is wrong with the other rows, or unusual.
    """

    persons: tuple[InsuredPerson, ...]
    files: Mapping[str, int]
    faults: tuple[Fault, ...]


def read_people(path: Path | str, limits: Limits = _LIMITS) -> People:
    """Read a list of people.

    Arguments:
        path: a csv or xlsx file.
        limits: what is read at most.

    Raises:
        FormError: if it can't be read, or has no headings for name and number.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    path = Path(path)
    book = open_book(path, limits, frozenset(_FIELDS))
    try:
        return _read(book, str(path), limits)
    finally:
        book.close()


def _read(book: Book, file: str, limits: Limits) -> People:
    columns, rows = _table(book, file)
    persons: list[InsuredPerson] = []
    files: dict[str, int] = {}
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for count, row in enumerate(rows):
        if count >= limits.rows:
            values = {"most": str(limits.rows)}
            raise FormError(Fault("form.file.rows", values, Place(file=file)))
        texts = {field: _text(row, column) for field, column in columns.items()}
        place = Place(file=file, row=row.number)
        person, found = _person(texts)
        faults += [fault.at(place) for fault in found]
        if person is None:
            continue
        if person.key in seen:
            faults.append(Fault("cards.person-twice", {"person": person.document.masked()}, place))
            continue
        seen[person.key] = len(persons)
        if texts.get("photo"):
            files[texts["photo"]] = len(persons)
        persons.append(person)
    return People(persons=tuple(persons), files=files, faults=tuple(faults))


def _table(book: Book, file: str) -> tuple[dict[str, int], Iterator[Row]]:
    """The first table with headings for name and number, and its rows."""
    for sheet in book.sheets:
        rows = sheet.rows()
        for _, row in zip(range(HEADER_ROWS), rows, strict=False):
            columns: dict[str, int] = {}
            for column, cell in row.cells.items():
                field = _FIELDS.get(fold(str(cell)))
                if field is not None:
                    columns.setdefault(field, column)
            if {"name", "id_number"} <= columns.keys():
                return columns, rows
    raise FormError(Fault("cards.people.headings", {}, Place(file=file)))


def _text(row: Row, column: int) -> str:
    value = row.cells.get(column)
    return "" if value is None else trim(str(value))


def _person(texts: Mapping[str, str]) -> tuple[InsuredPerson | None, list[Fault]]:
    name, number = texts.get("name", ""), texts.get("id_number", "")
    if not name or not number:
        return None, [Fault("cards.people.incomplete", {"name": excerpt(name or number)})]
    read = read_document(number)
    faults = list(read.faults)
    if read.document is None:
        return None, faults
    return InsuredPerson(name, read.document), faults
