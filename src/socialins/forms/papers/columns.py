"""Columns of a form: from what a cell holds to a typed value, and back.

Every value that is filled in goes through the reader of its column, so that what a form holds is
what reading it will give: one layout, one meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

import attrs

from socialins.faults import Fault, Text
from socialins.forms.cells import Context, Reading, read_cell
from socialins.forms.layout import Column, own_layout
from socialins.forms.papers.formfile import DAY_FORMATS, MONTH_FORMATS, ColumnType, FormColumn
from socialins.forms.plaintext import excerpt, fold, half_width, is_blank
from socialins.forms.sheets import CellValue
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import DocumentType, IdDocument, Sex
from socialins.values import Money, Month

__all__ = [
    "AMOUNTS",
    "TICK",
    "PaperColumn",
    "PaperValue",
    "document_type",
    "head_code",
    "is_unwritable",
    "paper_columns",
    "sum_of",
]

PaperValue = str | bool | Money | Month | date | Sex | IdDocument | None
"""What a row holds in a column; None where nothing is filled in."""

TICK = "√"
"""What is written for a tick."""

AMOUNTS = frozenset({ColumnType.WAGE, ColumnType.MONEY})
"""What can be added up."""

_KINDS = {
    ColumnType.TEXT: "text",
    ColumnType.CODE: "text",
    ColumnType.TICK: "text",
    ColumnType.NAME: "name",
    ColumnType.ID_NUMBER: "id-number",
    ColumnType.WAGE: "wage",
    ColumnType.MONEY: "amount",
    ColumnType.MONTH: "month",
    ColumnType.DATE: "date",
    ColumnType.SEX: "sex",
}
_TICKED = frozenset(map(fold, ("√", "✓", "✔", "☑", "是", "1", "Y", "yes", "true", "有")))
_NOT_TICKED = frozenset(map(fold, ("×", "✗", "✘", "☐", "□", "否", "0", "N", "no", "false", "无")))
_NO_WORDS = Context(Vocabulary({}))
# What a workbook can't keep as it is: control characters, halves of surrogate pairs and two
# non-characters.
_NO_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_000
# A spreadsheet keeps fifteen digits of a number, and fills up with zeros.
_ZEROS = re.compile(r"\d{15}000")


@attrs.frozen(slots=False)
class PaperColumn:
    """A column as it stands in the sheet.

    Arguments:
        spec: the layout's column.
        number: its place in the sheet, from 1.
        field: its name in data.
        group: the heading above its own; empty if there is none.
        encoding: the form's, in which the length of a text is counted.
    """

    spec: FormColumn
    number: int
    field: str
    group: str
    encoding: str = "utf-8-sig"

    @property
    def type(self) -> ColumnType:
        """What it holds."""
        return self.spec.type

    @property
    def title(self) -> Text:
        """How faults call it."""
        if self.spec.title is not None and not self.spec.heads:
            return self.spec.title
        label = self.spec.header.strip("*＊ ")
        words = self.spec.title or Text(label, label)
        above = self.group.strip("*＊ ")
        return Text(f"{above}{words.zh}", f"{above} {words.en}") if above else words

    @property
    def one_of(self) -> str | None:
        """What it shares with the columns of which a row must have one; None if it need not."""
        if self.spec.required != "group":
            return None
        return self.spec.field if self.spec.heads else self.group

    @cached_property
    def headings(self) -> frozenset[str]:
        """The folded headings it is known by."""
        return frozenset(map(fold, (self.spec.header, *self.spec.aliases)))

    def read(self, value: CellValue, id_type: DocumentType | None = None) -> Reading:
        """Read a cell that is not blank.

        Arguments:
            value: what it holds.
            id_type: the kind of document that the row states, for a number.
        """
        reading = self._read(value, id_type)
        if reading.failed or reading.value is None:
            return reading
        return attrs.evolve(reading, faults=(*reading.faults, *self._doubts(reading.value)))

    def _read(self, value: CellValue, id_type: DocumentType | None) -> Reading:
        if self.type is ColumnType.TICK and isinstance(value, bool):
            return Reading(value)
        if self.type is ColumnType.SEX and self.spec.codes:
            code = self.code_of(_plain(value))
            value = self.spec.codes[code][0] if code is not None else value
        reading = read_cell(self._cell, value, attrs.evolve(_NO_WORDS, id_type=id_type))
        if reading.failed or not isinstance(reading.value, str):
            return reading
        if self.type is ColumnType.TICK:
            return self._tick(reading.value)
        if self.type is ColumnType.CODE:
            return self._code(reading.value)
        if is_unwritable(reading.value):
            return Reading(None, (self.fault("form.value.unwritable", reading.value),))
        return reading

    def _doubts(self, value: PaperValue) -> Iterator[Fault]:
        """What is wrong with a value that could be read."""
        text = str(self.write(value) or "")
        taken = len(text.encode(self.encoding.removesuffix("-sig"), "replace"))
        if self.spec.length and taken > self.spec.length:
            sizes = {"most": str(self.spec.length), "found": str(taken)}
            yield self.fault("form.value.long", text, **sizes)
        # One in eleven numbers that lost its last three digits has a check digit that fits.
        if isinstance(value, IdDocument) and _ZEROS.fullmatch(value.number):
            yield self.fault("form.id-number.zeros", value.masked())

    def write(self, value: PaperValue) -> str | Money | None:
        """What stands in the cell for a value that `read` gave; None for an empty cell."""
        if value is None:
            return None
        if isinstance(value, bool):
            ticked, empty = self.spec.ticks or (TICK, None)
            return ticked if value else empty
        if isinstance(value, Month):
            form = MONTH_FORMATS[self.spec.format or next(iter(MONTH_FORMATS))]
            return form.format(value.year, value.month)
        if isinstance(value, date):
            form = DAY_FORMATS[self.spec.format or next(iter(DAY_FORMATS))]
            return form.format(value.year, value.month, value.day)
        if isinstance(value, IdDocument):
            return value.number
        if isinstance(value, Sex):
            code = self.code_of(value.title("zh"))
            return value.title("zh") if code is None else self._written(code)
        if isinstance(value, str) and self.type is ColumnType.CODE:
            return self._written(value)
        return value

    def take(self, value: object, id_type: DocumentType | None = None) -> Reading:
        """The value that a form holds for what somebody passed: typed, or as a cell would have it.

        Arguments:
            value: what was passed.
            id_type: the kind of document that the row states, for a number.

        Returns:
            The value, None for a blank one; or why it can't stand in the form.
        """
        if is_blank(value):
            return Reading(None)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, float) and self.type in (ColumnType.WAGE, ColumnType.MONEY):
            return Reading(None, (self.fault("form.value.float", value),))
        cell, typed = self._cell_value(value)
        if cell is None and not typed:
            return Reading(None, (self.fault("form.value.type", value),))
        reading = Reading(False) if cell is None else self.read(cell, id_type)
        if typed and not reading.failed and reading.value != value:
            return Reading(None, (self.fault("form.value.unwritable", value),))
        return reading

    def fault(self, code: str, value: object = None, **values: str | Text) -> Fault:
        """A fault of a cell of this column."""
        shown = {} if value is None else {"value": excerpt(value)}
        return Fault(code, {"what": self.title, **shown, **values})

    def code_of(self, text: str) -> str | None:
        """The code for a code, a word, or ``code|word``; None for anything else.

        >>> codes = {"201": ("居民身份证", "身份证"), "208": ("外国护照",)}
        >>> spec = FormColumn(field="id_type", header="证件类型", type=ColumnType.CODE, codes=codes)
        >>> column = PaperColumn(spec, 1, "id_type", "")
        >>> [column.code_of(text) for text in ("201", "身份证", "208|外国护照", "99")]
        ['201', '201', '208', None]
        """
        code = self._codes.get(fold(text))
        if code is None and "|" in text:
            code = self._codes.get(fold(text.partition("|")[0]))
        plain = half_width(text)
        if code is None and self.spec.further_codes:
            code = plain if re.fullmatch(self.spec.further_codes, plain) else None
        return code

    def _tick(self, text: str) -> Reading:
        own = [fold(word) for word in self.spec.ticks]
        if fold(text) in _TICKED or fold(text) in own[:1]:
            return Reading(True)
        if fold(text) in _NOT_TICKED or fold(text) in own[1:]:
            return Reading(False)
        tick = self.spec.ticks[0] if self.spec.ticks else TICK
        return Reading(None, (self.fault("form.tick.unknown", text, tick=tick),))

    def _code(self, text: str) -> Reading:
        code = self.code_of(text)
        if code is None:
            choices = ", ".join(self._written(code) for code in self.spec.codes)
            return Reading(None, (self.fault("form.code.unknown", text, choices=choices),))
        return Reading(code)

    def _written(self, code: str) -> str:
        words = self.spec.codes.get(code, ())
        if not words or self.spec.written == "code":
            return code
        return words[0] if self.spec.written == "words" else f"{code}|{words[0]}"

    def _cell_value(self, value: object) -> tuple[CellValue, bool]:
        """A value as a cell would have it, and whether it is of the column's own type."""
        if isinstance(value, bool) and self.type is not ColumnType.TICK:
            return None, False
        if isinstance(value, bool | Money | Month | date | IdDocument | Sex):
            cell = self.write(value)
            if self.type is ColumnType.TEXT:
                return str(cell), False
            return (cell.to_decimal() if isinstance(cell, Money) else cell), True
        if isinstance(value, DocumentType):
            return next(
                (one for one in _words_of(value) if self.code_of(one)), value.title()
            ), False
        if isinstance(value, str | int | float | Decimal):
            return value, False
        return None, False

    @cached_property
    def _codes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for code, words in self.spec.codes.items():
            for word in (code, *words):
                found.setdefault(fold(word), code)
        return found

    @cached_property
    def _cell(self) -> Column:
        # Further words for a sex are those of a roster's column.
        words = own_layout("roster").column("sex").words if self.type is ColumnType.SEX else {}
        return Column(field=self.field, title=self.title, kind=_KINDS[self.type], words=words)


def sum_of(values: Iterable[PaperValue]) -> Money:
    """The sum of the amounts among values.

    >>> sum_of([Money.yuan("5000.50"), None, Money.yuan(1)])
    Money.yuan('5001.50')
    """
    return Money(sum([value.fen for value in values if type(value) is Money]))


def _plain(value: CellValue) -> str:
    """A code as a cell shows it, whether it is kept as text or as a number."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def is_unwritable(text: str) -> bool:
    """Whether a cell can't hold a text as it is."""
    return len(text) > _LONGEST or _NO_XML.search(text) is not None


def document_type(column: PaperColumn | None, code: object) -> DocumentType | None:
    """The kind of document that a row's code states; None where it states none that is known."""
    if column is None or not isinstance(code, str):
        return None
    words = {fold(word) for word in (code, *column.spec.codes.get(code, ()))}
    for kind in DocumentType:
        if words & set(map(fold, _words_of(kind))):
            return kind
    return None


def _words_of(kind: DocumentType) -> Iterator[str]:
    yield kind.value
    yield kind.title()
    if kind.bureau_code is not None:
        yield kind.bureau_code


def head_code(head: str) -> str:
    """The code of a heading that columns are repeated under.

    >>> head_code("120|机关事业单位养老保险"), head_code("养老")
    ('120', '养老')
    """
    return head.partition("|")[0].strip()


def paper_columns(
    specs: Iterable[FormColumn],
    heads: Mapping[str, tuple[str, ...]],
    encoding: str = "utf-8-sig",
) -> tuple[PaperColumn, ...]:
    """The columns of a sheet, repeated ones under each of their heads.

    Arguments:
        specs: the layout's columns.
        heads: field → heads to take in place of the layout's.
        encoding: the form's.
    """
    found: list[PaperColumn] = []
    for spec in specs:
        under = heads.get(spec.field, spec.heads)
        if spec.heads:
            for head in under:
                field = f"{spec.field}_{head_code(head)}"
                found.append(PaperColumn(spec, len(found) + 1, field, head, encoding))
        else:
            found.append(PaperColumn(spec, len(found) + 1, spec.field, spec.group, encoding))
    return tuple(found)
