"""Cells: from what a cell holds to what the model takes, by the kind of its column.

Every kind has one reader here. A reader never raises on a value and never guesses: it gives the
value with warnings, or says what is wrong.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from socialins.faults import Fault, Text
from socialins.forms.amounts import read_amount, read_band, read_rate
from socialins.forms.days import read_day, read_month
from socialins.forms.layout import Column
from socialins.forms.plaintext import excerpt, fold, half_width, trim
from socialins.forms.sheets import CellValue, ErrorCell, NoResult
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import DocumentType, Sex, read_credit_code, read_document
from socialins.model.codes import AccountType, Code, Employment, Household, UnitSize, WageOrigin
from socialins.rules import is_division

__all__ = ["KINDS", "LONGEST_NAME", "Context", "Reading", "read_cell"]

LONGEST_NAME = 100
"""Characters of a name."""

# A spreadsheet keeps fifteen digits of a number.
_EXACT = 10**15
_CLASSES = "12345678一二三四五六七八"


@attrs.frozen
class Context:
    """What bears on the meaning of a cell, beside its column.

    Arguments:
        vocabulary: the words for insurances and trades.
        id_type: the kind of document that the row states; None if it states none.
    """

    vocabulary: Vocabulary
    id_type: DocumentType | None = None


@attrs.frozen
class Reading:
    """What a reader made of a cell.

    Arguments:
        value: the value; None when a fault is an error, or where a word stands for nothing.
        faults: what is wrong or unusual.
    """

    value: Any
    faults: tuple[Fault, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is no value to go on with."""
        return any(fault.is_error for fault in self.faults)


def read_cell(column: Column, value: CellValue, context: Context) -> Reading:
    """Read a cell that is not blank.

    Arguments:
        column: its column.
        value: what it holds.
        context: what else bears on the meaning of a cell.

    >>> from socialins.forms.layout import own_layout
    >>> roster, context = own_layout("roster"), Context(Vocabulary({}))
    >>> read_cell(roster.column("wage"), "¥5,000.50", context).value
    Money.yuan('5000.50')
    >>> read_cell(roster.column("wage"), 0, context).faults[0].code
    'roster.wage.not-positive'

    An identity number is taken from a number cell only where no digit can be missing:

    >>> read_cell(roster.column("id_number"), 1.1010519491231e17, context).faults[0].code
    'identity.precision'
    """
    if isinstance(value, ErrorCell):
        return _bad("form.cell.error", column, value)
    if isinstance(value, NoResult):
        return _bad("form.cell.formula", column, value)
    return KINDS[column.kind](column, value, context)


def _digits(value: str | float | Decimal) -> str:
    """A number as the text it was typed as; beyond fifteen digits, as what it has become."""
    if isinstance(value, str):
        return value
    exact = Decimal(value)
    if not _is_exact(exact):
        return f"{exact:.14E}"
    return str(int(exact)) if exact == exact.to_integral_value() else str(value)


def _is_exact(value: float | Decimal) -> bool:
    """Whether a spreadsheet can have kept all digits of a number."""
    exact = Decimal(value)
    return exact.is_finite() and exact.copy_abs() < _EXACT


def _bad(code: str, column: Column, value: CellValue, **values: str | Text) -> Reading:
    shown: dict[str, str | Text] = {"what": column.title, "value": excerpt(value), **values}
    return Reading(None, (Fault(code, shown),))


def _read(found: object) -> Reading:
    return Reading(None, (found,)) if isinstance(found, Fault) else Reading(found)


def _as_text(value: CellValue) -> str:
    """What a cell with a code or a word shows."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        return _digits(value)
    return trim(str(value))


def _text(column: Column, value: CellValue, _context: Context) -> Reading:
    if isinstance(value, bool | date | datetime) or not isinstance(
        value, str | int | float | Decimal
    ):
        return _bad("form.cell.not-text", column, value)
    if not isinstance(value, str) and not _is_exact(value):
        return _bad("form.cell.precision", column, value)
    text = _as_text(value)
    if any(unicodedata.category(char) == "Cc" for char in text):
        return _bad("form.cell.control", column, value)
    return Reading(text)


def _name(column: Column, value: CellValue, _context: Context) -> Reading:
    if not isinstance(value, str):
        return _bad("form.cell.not-text", column, value)
    name = trim(value)
    categories = {unicodedata.category(char) for char in name}
    if categories & {"Cc", "Cs", "Zl", "Zp"}:
        return _bad("form.cell.control", column, value)
    if len(name) > LONGEST_NAME:
        return _bad("form.cell.long", column, value, most=str(LONGEST_NAME))
    if "Cf" in categories:
        hidden = {f"U+{ord(char):04X}" for char in name if unicodedata.category(char) == "Cf"}
        shown: dict[str, str | Text] = {"what": column.title}
        shown["characters"] = ", ".join(sorted(hidden))
        return Reading(name, (Fault("form.cell.invisible", shown),))
    return Reading(name)


def _wage(column: Column, value: CellValue, _context: Context) -> Reading:
    if isinstance(value, date):
        return _bad("form.amount.date", column, value)
    amount = read_amount(value)
    if not isinstance(amount, Fault) and amount.fen <= 0:
        return _bad("roster.wage.not-positive", column, value)
    return _read(amount)


def _amount(column: Column, value: CellValue, _context: Context) -> Reading:
    if isinstance(value, date):
        return _bad("form.amount.date", column, value)
    amount = read_amount(value)
    if not isinstance(amount, Fault) and amount.fen < 0:
        return _bad("form.amount.negative", column, value)
    return _read(amount)


def _insurances(column: Column, value: CellValue, context: Context) -> Reading:
    ids, unknown = context.vocabulary.read(_as_text(value))
    if unknown:
        words = excerpt(", ".join(unknown))
        choices = context.vocabulary.choices
        return _bad("roster.insurance.unknown", column, value, words=words, choices=choices)
    return Reading(ids)


def _id_number(column: Column, value: CellValue, context: Context) -> Reading:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return _bad("form.cell.not-text", column, value)
    text = _digits(value)
    read = read_document(text, context.id_type)
    faults = read.faults
    if read.document is not None and not isinstance(value, str):
        faults = (*faults, Fault("roster.id-number.number", {"number": text}))
    return Reading(read.document, faults)


def _id_type(column: Column, value: CellValue, _context: Context) -> Reading:
    wanted = fold(_as_text(value))
    for kind in DocumentType:
        words = (kind.value, kind.title("zh"), kind.title("en"), kind.bureau_code or kind.value)
        if wanted in map(fold, (*words, *column.words.get(kind.value, ()))):
            return Reading(kind)
    zh, en = (", ".join(f"{kind.title(lang)}" for kind in DocumentType) for lang in ("zh", "en"))
    return _bad("form.code.unknown", column, value, choices=Text(zh, en))


def _sex(column: Column, value: CellValue, _context: Context) -> Reading:
    wanted = fold(_as_text(value))
    for sex in Sex:
        if wanted in (sex.value, sex.title("zh"), *column.words.get(sex.value, ())):
            return Reading(sex)
    return _bad("form.code.unknown", column, value, choices=Text("男、女", "male, female"))


def _credit_code(column: Column, value: CellValue, _context: Context) -> Reading:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return _bad("form.cell.not-text", column, value)
    read = read_credit_code(_digits(value))
    return Reading(read.code, read.faults)


def _division(column: Column, value: CellValue, _context: Context) -> Reading:
    text = half_width(_as_text(value))
    return Reading(text) if is_division(text) else _bad("unit.division", column, value)


def _injury_class(column: Column, value: CellValue, _context: Context) -> Reading:
    text = half_width(_as_text(value)).removeprefix("第").removesuffix("类")
    if len(text) == 1 and text in _CLASSES:
        return Reading(_CLASSES.index(text) % 8 + 1)
    return _bad("unit.injury-class", column, value)


def _trade(_column: Column, value: CellValue, context: Context) -> Reading:
    return _read(context.vocabulary.read_trade(_as_text(value)))


def _coded(codes: type[Code]) -> Reader:
    choices = Text(codes.choices("zh"), codes.choices("en"))

    def read(column: Column, value: CellValue, _context: Context) -> Reading:
        found = codes.read(half_width(_as_text(value)))
        if found is None:
            return _bad("form.code.unknown", column, value, choices=choices)
        return Reading(found)

    return read


Reader: TypeAlias = Callable[[Column, CellValue, Context], Reading]

KINDS: dict[str, Reader] = {
    "account-type": _coded(AccountType),
    "amount": _amount,
    "credit-code": _credit_code,
    "date": lambda _column, value, _context: _read(read_day(value)),
    "division": _division,
    "employment": _coded(Employment),
    "household": _coded(Household),
    "id-number": _id_number,
    "id-type": _id_type,
    "injury-band": lambda _column, value, _context: _read(read_band(value)),
    "injury-class": _injury_class,
    "insurances": _insurances,
    "month": lambda _column, value, _context: _read(read_month(value)),
    "name": _name,
    "rate": lambda _column, value, _context: _read(read_rate(value)),
    "sex": _sex,
    "text": _text,
    "trade": _trade,
    "unit-size": _coded(UnitSize),
    "wage": _wage,
    "wage-origin": _coded(WageOrigin),
}
"""Kind → reader."""
