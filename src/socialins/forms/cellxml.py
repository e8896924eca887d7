"""Cells' XML → values, each as openpyxl gives it; what is unusual is left to openpyxl."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, partial
from typing import Any, TypeAlias

import attrs
from openpyxl.utils.datetime import from_excel

from socialins.forms.plaintext import is_blank
from socialins.forms.sheets import CellValue, ErrorCell, Percent

__all__ = [
    "FORBIDDEN",
    "TEXT",
    "CellReader",
    "NotPlain",
    "Read",
    "kind_and_style",
    "plain_strings",
    "unescaped",
]


class NotPlain(Exception):
    """A part of a workbook, or the rest of one, has to be read by openpyxl."""


Read: TypeAlias = Callable[[str], CellValue]
"""Reads what a cell's XML holds."""

FORBIDDEN = "\x00-\x08\x0b-\x1f\ufffe\uffff"
"""Characters that XML forbids, and the carriage return, which it makes a line feed."""

TEXT = f"[^<>{FORBIDDEN}]*"
"""A pattern of text as programs write it; entities are not yet checked."""

_ENTITY = re.compile("&([^;]*;?)")
_ENTITIES = {"amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"', "apos;": "'"}
_REFERENCE = re.compile("#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
_CHARACTERS = (
    (0x9, 0xA),
    (0xD, 0xD),
    (0x20, 0xD7FF),
    (0xE000, 0xFFFD),
    (0x10000, 0x10FFFF),
)
_MARK = re.compile(' ([st])="([A-Za-z0-9]+)"')
_REMEMBERED = 100_000


def unescaped(text: str) -> str:
    """A text of XML without its entities.

    Raises:
        NotPlain: for an entity that is none of the five, and no character.

    >>> unescaped("A&amp;B &lt;&#24352;&#x4e09;&gt;")
    'A&B <张三>'
    """
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name in _ENTITIES:
        return _ENTITIES[name]
    number = _REFERENCE.fullmatch(name)
    if number is None:
        raise NotPlain
    code = int(number[1]) if number[1] else int(number[2], 16)
    if not any(first <= code <= last for first, last in _CHARACTERS):
        raise NotPlain
    return chr(code)


_STRING = re.compile(
    rf'<si><t(?: xml:space="preserve")?>({TEXT})</t>(<phoneticPr(?: [A-Za-z]+="\w*")* ?/>)?</si>'
)
_OPENING = re.compile(
    r'\ufeff?(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?'
    r'(?: standalone="(?:yes|no)")? ?\?>)?'
    r'\s*<sst xmlns="http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"'
    r'(?: (?:count|uniqueCount)="[0-9]+")*>\s*'
)


def plain_strings(xml: bytes) -> list[str]:
    """The texts that the cells of a workbook share.

    Arguments:
        xml: the part that holds them.

    Raises:
        NotPlain: if there is more than text in it.
    """
    try:
        text = xml.decode()
    except UnicodeDecodeError as error:
        raise NotPlain from error
    opening = _OPENING.match(text)
    if opening is None or len(set(re.findall(r" (\w+)=", opening[0]))) < opening[0].count("="):
        raise NotPlain
    found = _STRING.findall(text, opening.end())
    tags = sum(5 if phonetic else 4 for _, phonetic in found)
    rest = text.rstrip()
    # Every tag belongs to a text that was found, and nothing but tags and texts is there.
    if not rest.endswith("</sst>") or text.count("<", opening.end()) != tags + 1:
        raise NotPlain
    return [unescaped(one).replace("x005F_", "") for one, _ in found]


@attrs.define(slots=False)
class CellReader:
    """Makes what reads the cells of a sheet, by how they are marked: their style and type.

    Arguments:
        strings: the texts that cells share.
        dates: the styles that show a number as a date.
        spans: those among them that show it as a span of time.
        percents: the styles that show it with a percent sign.
        epoch: the day that dates are counted from.
    """

    strings: Sequence[str] = attrs.field(repr=False)
    dates: Collection[int]
    spans: Collection[int]
    percents: Collection[int]
    epoch: Any
    _made: dict[str, Read] = attrs.field(factory=dict)

    @cached_property
    def longest(self) -> int:
        """The characters of the longest of the texts that cells share."""
        return max(map(len, self.strings), default=0)

    def read(self, marks: str, value: str | None, inline: str | None) -> CellValue:
        """The value of a cell.

        Arguments:
            marks: the attributes of style and type, such as ``' s="6" t="n"'``.
            value: what its value is; None if it has none.
            inline: the text that stands in it; None if there is none.

        Raises:
            NotPlain: for what only openpyxl can read.
        """
        kind, _ = kind_and_style(marks)
        if kind == "inlineStr":
            return None if inline is None else unescaped(inline)
        return self.reader(marks)(unescaped(value)) if value else None

    def reader(self, marks: str) -> Read:
        """What reads the values of cells that are marked so.

        Raises:
            NotPlain: for a type that only openpyxl knows; so does the reader, for such a value.
        """
        found = self._made.get(marks)
        if found is None:
            found = self._made[marks] = self._reader(*kind_and_style(marks))
        return found

    def escaped(self, raw: str) -> CellValue:
        """A text with entities; None for a blank one."""
        text = unescaped(raw)
        return text if text[:1].isalnum() or not is_blank(text) else None

    def is_plain_number(self, marks: str) -> bool:
        """Whether cells that are marked so show a number as a number."""
        kind, style = kind_and_style(marks)
        return kind == "n" and style not in self.dates and style not in self.percents

    def _reader(self, kind: str, style: int) -> Read:
        if kind == "n":
            return _Remembered(partial(self._number, style)).__getitem__
        if kind == "s":
            return self._shared
        if kind == "str":
            return self.escaped
        if kind == "b":
            return _Remembered(_truth).__getitem__
        if kind == "e":
            return ErrorCell
        raise NotPlain

    def _shared(self, raw: str) -> CellValue:
        try:
            text = self.strings[int(raw)]
        except (ValueError, IndexError) as error:
            raise NotPlain from error
        # Nearly all texts begin with something to be seen.
        return text if text[:1].isalnum() or not is_blank(text) else None

    def _number(self, style: int, raw: str) -> CellValue:
        value: Any = _whole(raw)
        if style in self.dates:
            try:
                value = from_excel(value, self.epoch, timedelta=style in self.spans)
            except (OverflowError, ValueError):
                return ErrorCell("#VALUE!")
        if isinstance(value, float) and style in self.percents:
            return Percent(value)
        read: CellValue = value
        return read


class _Remembered(dict[str, CellValue]):
    """Values by their writing: many cells hold the same."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def __missing__(self, raw: str) -> CellValue:
        value = self._read(raw)
        if len(self) < _REMEMBERED:
            self[raw] = value
        return value


def kind_and_style(marks: str) -> tuple[str, int]:
    """The type and the style of a cell that is marked so.

    Raises:
        NotPlain: if one is marked twice.

    >>> kind_and_style(' s="6" t="str"'), kind_and_style("")
    (('str', 6), ('n', 0))
    """
    found = _MARK.findall(marks)
    said = dict(found)
    if len(said) < len(found):
        raise NotPlain
    return said.get("t", "n"), _whole_style(said.get("s", "0"))


def _whole_style(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise NotPlain from error


def _truth(raw: str) -> bool:
    try:
        return bool(int(raw))
    except ValueError as error:
        raise NotPlain from error


def _whole(raw: str) -> int | float:
    try:
        return float(raw) if "." in raw or "E" in raw or "e" in raw else int(raw)
    except ValueError as error:
        raise NotPlain from error
