"""JSON lines: a form's rows for programs, one object a line, by the names of the fields.

The first line says which form it is and what stands above and below the table; its keys begin with
``$``, as no field does. Amounts, days, months and numbers are text, so that no reader makes them
binary numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.output import whole_file
from socialins.forms.papers.blanks import HeadValue, read_blank
from socialins.forms.papers.columns import PaperValue
from socialins.forms.papers.filling import FilledForm
from socialins.forms.plaintext import excerpt, is_blank
from socialins.forms.sheets import Limits
from socialins.identity import IdDocument, Sex
from socialins.values import Money, Month

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["JsonLines", "write_json_lines"]

_LONGEST_NUMBER = 40
_FORM, _HEAD, _HEADS = "$form", "$head", "$heads"


def write_json_lines(filled: FilledForm, path: Path) -> None:
    """Write a form as JSON lines.

    Arguments:
        filled: the form.
        path: where.
    """
    form = filled.form
    first: dict[str, Any] = {_FORM: form.id}
    if filled.head:
        first[_HEAD] = {name: str(value) for name, value in filled.head.items()}
    if form.heads:
        first[_HEADS] = {field: list(heads) for field, heads in form.heads.items()}
    with (
        whole_file(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="\n") as file,
    ):
        for line in (first, *map(_plain, filled.rows)):
            # Line separators of Unicode would end a line for some readers.
            text = json.dumps(line, ensure_ascii=False)
            text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
            file.write(text.replace("\x85", "\\u0085") + "\n")


def _plain(row: dict[str, PaperValue]) -> dict[str, Any]:
    return {field: _value(value) for field, value in row.items() if value is not None}


def _value(value: PaperValue) -> str | bool | None:
    if isinstance(value, IdDocument):
        return value.number
    if isinstance(value, Sex):
        return value.value
    return str(value) if isinstance(value, Money | Month | date) else value


@attrs.frozen
class JsonLines:
    """A file of JSON lines.

    Arguments:
        form: the form, with the heads that the file has.
        path: the file.
        limits: what it may hold at most.
        first: what its first line says of the form; empty where it says nothing.
    """

    form: Form
    path: Path
    limits: Limits
    first: dict[str, Any] = attrs.field(factory=dict)

    @classmethod
    def open(cls, form: Form, path: Path, limits: Limits) -> JsonLines:
        """Open a file.

        Raises:
            FormError: if its first line is of another form, or no object.
        """
        opened = cls(form, path, limits)
        number, first = next(opened._objects(), (0, {}))
        if not any(key.startswith("$") for key in first):
            return opened
        if first.get(_FORM, form.id) != form.id:
            values: dict[str, str | Text] = {"form": form.title, "found": excerpt(first[_FORM])}
            raise FormError(Fault("form.json.other", values, opened.place(number)))
        heads = first.get(_HEADS, {})
        if not isinstance(heads, dict) or not all(
            isinstance(one, list) and all(isinstance(head, str) for head in one)
            for one in heads.values()
        ):
            raise opened._unreadable(number, _HEADS)
        return cls(form.with_heads(**heads) if heads else form, path, limits, first)

    def head(self) -> Iterator[tuple[str, HeadValue | Fault]]:
        """What stands above and below the table: blank → what it is filled with, or a fault."""
        stated = self.first.get(_HEAD, {})
        if not isinstance(stated, dict):
            raise self._unreadable(1, _HEAD)
        for name, value in stated.items():
            blank = self.form.blanks.get(name)
            if blank is None:
                fault = self.form.unknown(name, self.form.blanks)
                yield name, fault.at(self.place(1, name, value))
                continue
            read = read_blank(blank, value if isinstance(value, str) else str(value))
            if isinstance(read, Fault):
                yield name, read.at(self.place(1, name, value))
            elif read is not None:
                yield name, read

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The number of a line and its field → value, blank ones left out.

        Raises:
            FormError: where a line is no object.
        """
        objects = self._objects()
        if self.first:
            next(objects, None)
        for number, found in objects:
            yield number, {key: one for key, one in found.items() if not is_blank(one)}

    def place(self, row: int, field: str | None = None, value: object = None) -> Place:
        """The place of a value."""
        column = self.form.column(field) if field else None
        return Place(
            file=str(self.path),
            row=row,
            column=column.spec.header if column else None,
            field=field,
            value=None if is_blank(value) else excerpt(value),
        )

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        longest = self.limits.field * 8
        with self.path.open("rb") as file:
            number = 0
            while line := file.readline(longest):
                number += 1
                if len(line) == longest:
                    raise self._unreadable(number, f"{longest} +")
                raw = line.removeprefix(b"\xef\xbb\xbf").strip()
                if raw:
                    yield number, self._object(number, raw)

    def _object(self, number: int, raw: bytes) -> dict[str, Any]:
        try:
            found = json.loads(
                raw.decode("utf-8"),
                parse_float=_decimal,
                parse_constant=_no_constant,
                object_pairs_hook=_once,
            )
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise self._unreadable(number, str(error)) from error
        if not isinstance(found, dict):
            raise self._unreadable(number, type(found).__name__)
        return found

    def _unreadable(self, number: int, reason: str) -> FormError:
        values: dict[str, str | Text] = {"row": str(number), "reason": excerpt(reason)}
        return FormError(Fault("form.json.line", values, self.place(number)))


def _decimal(text: str) -> Decimal:
    # A few characters of an exponent would make a number of a thousand million digits.
    if len(text) > _LONGEST_NUMBER or abs(Decimal(text).adjusted()) > _LONGEST_NUMBER:
        raise ValueError(text)
    return Decimal(text)


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} twice")
        found[key] = value
    return found
