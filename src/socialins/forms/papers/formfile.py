"""FormFile: what the TOML file of one form (表单) may hold.

A bureau's paper is a layout: what stands above the table and below it, which columns the table has
and how each is filled. These classes are the whole format: the loader reads by them, the JSON
Schema for editors is made from them, and one layout serves writing and reading.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal

import attrs

from socialins.faults import Text
from socialins.rules import is_division
from socialins.rules.business import is_business
from socialins.rules.keys import key
from socialins.rules.source import Mark, Source

__all__ = [
    "DAY_FORMATS",
    "MONTH_FORMATS",
    "Blank",
    "CellLook",
    "ColumnType",
    "FileFormat",
    "FormColumn",
    "FormFile",
    "PageSetup",
    "PaperCell",
    "TextSheet",
]

DAY_FORMATS = {
    "yyyy/m/d": "{0}/{1}/{2}",
    "yyyy-mm-dd": "{0}-{1:02}-{2:02}",
    "yyyymmdd": "{0}{1:02}{2:02}",
    "yyyy年m月d日": "{0}年{1}月{2}日",
}
"""How a day is written, by the name that a layout uses; the first is taken if it names none."""
MONTH_FORMATS = {"yyyy-mm": "{0}-{1:02}", "yyyymm": "{0}{1:02}", "yyyy年m月": "{0}年{1}月"}
"""How a month is written."""

_FIELD = re.compile(r"[a-z][a-z0-9_]*\Z")
_FILE = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w-]*\.xlsx\Z")


class ColumnType(StrEnum):
    """What a column holds, and how its cells are read and written."""

    TEXT = "text"
    NAME = "name"
    ID_NUMBER = "id-number"
    WAGE = "wage"
    MONEY = "money"
    MONTH = "month"
    DATE = "date"
    SEX = "sex"
    TICK = "tick"
    CODE = "code"
    SEQUENCE = "sequence"


class FileFormat(StrEnum):
    """A format that a form is written in, told from the ending of the file's name."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    FIXED = "fixed"
    JSON_LINES = "jsonl"

    @property
    def suffix(self) -> str:
        """The ending of its files.

        >>> FileFormat.FIXED.suffix, FileFormat.XLS.suffix
        ('.txt', '.xls')
        """
        return ".txt" if self is FileFormat.FIXED else f".{self.value}"


class CellLook(StrEnum):
    """How a cell above or below the table looks."""

    PLAIN = "plain"
    TITLE = "title"
    BOXED = "boxed"


# What is wrong with a key is told at its table, so the words name the key.


def _division(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if not is_division(value):
        raise ValueError(
            f"'{attribute.name}' {value!r} is no division code; write six digits, such as '990100'"
        )


def _form_id(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if not is_business(value):
        raise ValueError(f"'{attribute.name}' {value!r} is no id; write it like 'staff.add.online'")


def _field(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if not _FIELD.match(value):
        raise ValueError(
            f"'{attribute.name}' {value!r} can't name a field; use lower-case words joined by '_'"
        )


_MOST = 32_767
"""No row, column, width or length of a paper comes near; what is larger would take for ever."""


def _not_huge(attribute: attrs.Attribute[int], value: int) -> None:
    if value > _MOST:
        raise ValueError(f"'{attribute.name}' is too large; the most is {_MOST}")


def _from_one(_instance: object, attribute: attrs.Attribute[int], value: int) -> None:
    _not_huge(attribute, value)
    if value < 1:
        raise ValueError(f"'{attribute.name}' {value} is too small; the least is 1")


def _not_negative(_instance: object, attribute: attrs.Attribute[int], value: int) -> None:
    _not_huge(attribute, value)
    if value < 0:
        raise ValueError(f"'{attribute.name}' {value} is too small; the least is 0")


def _pattern(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(
            f"'{attribute.name}' {value!r} is no regular expression: {error}"
        ) from error


def _file_name(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if value and not _FILE.match(value):
        raise ValueError(
            f"'{attribute.name}' {value!r} is no name of a workbook beside the form file; write it "
            "like 'blank-form.xlsx', without a folder"
        )


def _some(_instance: object, attribute: attrs.Attribute[object], value: object) -> None:
    if not value:
        raise ValueError(f"'{attribute.name}' can't be empty")


@attrs.frozen(kw_only=True)
class FormColumn:
    """A column of a form's table.

    Arguments:
        field: what it is called in data; the names of a roster's columns (`name`, `id_number`,
            `id_type`, `wage`, `sex`, …) and ids of insurances mean the same in every form.
        header: the heading that is written, character for character.
        title: how faults call it; the heading if left out.
        group: a heading above its own, shared by neighbouring columns.
        heads: such headings, one a column: the column is repeated under each, its field followed
            by the head's code (``wage_120`` for ``120|…``).
        aliases: further headings it is known by.
        type: what it holds.
        required: true if a row must have it; ``"group"`` if a row must have one of the columns
            that say so under the same group.
        codes: code → the words it stands for, the written one first.
        further_codes: a regular expression for codes that are not listed and taken as they stand.
        written: what is written of a code.
        format: how a day or a month is written.
        ticks: what is written for a tick and for none, such as 1 and 0; √ and an empty cell if left
            out.
        default: what an empty cell stands for, and what is written for it.
        restart: a sequence begins anew on each page.
        width: in characters.
        length: bytes that its text may take at most, in the form's encoding; in fixed-width text,
            all of its bytes.
    """

    field: str = key(doc="Name in data: lower-case words joined by '_'", validator=_field)
    header: str = key(doc="Heading, character for character", validator=_some)
    title: Text | None = key(default=None, doc="How faults call it; the heading if left out")
    group: str = key(default="", doc="Heading above its own, shared by neighbours")
    heads: tuple[str, ...] = key(
        default=(), doc="Headings above its own; the column stands under each, 'code|words'"
    )
    aliases: tuple[str, ...] = key(default=(), doc="Further headings it is known by")
    type: ColumnType = key(default=ColumnType.TEXT, doc="What it holds")
    required: bool | Literal["group"] = key(
        default=False, doc="Whether a row needs it, or 'group': one of those under its group"
    )
    codes: dict[str, tuple[str, ...]] = key(
        factory=dict, doc="Code → words it stands for, the written one first", hash=False
    )
    further_codes: str = key(
        default="", doc="Pattern of codes taken though not listed", validator=_pattern
    )
    written: Literal["words", "code", "code|words"] = key(
        default="words", doc="What is written of a code"
    )
    format: str = key(default="", doc="How a day or month is written, such as 'yyyy/m/d'")
    ticks: tuple[str, ...] = key(
        default=(), doc="What is written for a tick and for none, such as ['1', '0']"
    )
    default: str = key(default="", doc="What an empty cell stands for")
    restart: bool = key(default=False, doc="Whether a sequence begins anew on each page")
    width: int = key(default=12, doc="Width in characters", validator=_from_one)
    length: int = key(
        default=0,
        doc="Bytes its text takes at most, in the form's encoding; 0 for any number",
        validator=_not_negative,
    )


@attrs.frozen(kw_only=True)
class PaperCell:
    """A cell above or below the table: fixed text, or text with one blank (``{unit.name}``).

    Arguments:
        row: above the table the sheet's row, below it the row after the last person; from 1.
        column: the column, from 1.
        to_column: the last column it is merged over.
        text: its text.
        look: how it looks.
    """

    row: int = key(
        doc="Row, from 1; below the table, from the first row after it", validator=_from_one
    )
    column: int = key(default=1, doc="Column, from 1", validator=_from_one)
    to_column: int = key(default=0, doc="Last column it is merged over", validator=_not_negative)
    text: str = key(doc="Text, with at most one blank in braces", validator=_some)
    look: CellLook = key(default=CellLook.PLAIN, doc="How it looks")

    @property
    def last_column(self) -> int:
        """The last column it takes up."""
        return max(self.column, self.to_column)


@attrs.frozen(kw_only=True)
class Blank:
    """Something to be filled in above or below the table.

    Arguments:
        title: what it is.
        type: text, or a day.
        required: the paper is not complete without it.
        empty: what is written in its place while it is not filled in.
        width: characters it takes at least, so that what follows it stays in place.
    """

    title: Text = key(doc="What is to be filled in")
    type: Literal["text", "date"] = key(default="text", doc="Text, or a day")
    required: bool = key(default=False, doc="Whether the paper needs it")
    empty: str = key(default="", doc="What stands there while it is empty")
    width: int = key(default=0, doc="Characters it takes at least", validator=_not_negative)


@attrs.frozen(kw_only=True)
class PageSetup:
    """How the sheet is printed.

    Arguments:
        paper: the size.
        orientation: upright or across.
        scale: per cent of the natural size, on forms with pages; a table without pages is made to
            fit the paper's width.
        row_height: of the rows of a form with pages, in points.
        red_required: whether the headings of required columns are red, as some bureaus have them.
    """

    paper: Literal["A4", "A3"] = key(default="A4", doc="Size of the paper")
    orientation: Literal["portrait", "landscape"] = key(default="portrait", doc="Which way")
    scale: int = key(default=100, doc="Per cent of the natural size", validator=_from_one)
    row_height: int = key(default=24, doc="Height of a page's rows in points", validator=_from_one)
    red_required: bool = key(default=False, doc="Whether headings of required columns are red")


@attrs.frozen(kw_only=True)
class TextSheet:
    """A further sheet with fixed text, such as 填表说明."""

    name: str = key(doc="Name on its tab", validator=_some)
    lines: tuple[str, ...] = key(doc="Its lines")
    width: int = key(default=80, doc="Width in characters", validator=_from_one)


@attrs.frozen(kw_only=True)
class FormFile:
    """One form."""

    division: str = key(doc="GB/T 2260 code the form is for", validator=_division)
    id: str = key(doc="Id, such as 'staff.add.online'", validator=_form_id)
    business: str = key(doc="Id of the business it is filed for", validator=_form_id)
    title: Text = key(doc="Its title")
    mark: Mark = key(doc="How well the layout is confirmed")
    sources: dict[str, Source] = key(doc="Where the layout was seen, by id", validator=_some)
    note: Text | None = key(default=None, doc="What to know when using it")
    sheet: str = key(doc="Name of the sheet with the table", validator=_some)
    header_row: int = key(
        default=1, doc="Row of the headings, the lower of two", validator=_from_one
    )
    first_row: int = key(
        default=0,
        doc="First row of the table; the one after the headings if left out",
        validator=_not_negative,
    )
    rows_a_page: int = key(
        default=0, doc="Persons on a page; 0 for one table without pages", validator=_not_negative
    )
    head: tuple[PaperCell, ...] = key(default=(), doc="Cells above the table")
    columns: tuple[FormColumn, ...] = key(doc="Columns from left to right", validator=_some)
    foot: tuple[PaperCell, ...] = key(default=(), doc="Cells below the table")
    blanks: dict[str, Blank] = key(factory=dict, doc="What is to be filled in, by name")
    page: PageSetup = key(default=PageSetup(), doc="How it is printed")
    sheets: tuple[TextSheet, ...] = key(default=(), doc="Further sheets with fixed text")
    formats: tuple[FileFormat, ...] = key(
        default=(FileFormat.XLSX,),
        doc="Formats it is written in: xlsx, xls, csv, fixed (fixed-width text, .txt), jsonl",
        validator=_some,
    )
    encoding: Literal["utf-8-sig", "gb18030"] = key(
        default="utf-8-sig", doc="Encoding of csv and of fixed-width text; utf-8-sig has a BOM"
    )
    template: str = key(
        default="",
        doc="A bureau's own workbook, beside this file, to be filled in",
        validator=_file_name,
    )

    @property
    def table_row(self) -> int:
        """The first row of the table."""
        return self.first_row or self.header_row + 1

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of the files it is written to."""
        return tuple(one.suffix for one in self.formats)

    @property
    def foot_rows(self) -> int:
        """How many rows stand below the table."""
        return max((cell.row for cell in self.foot), default=0)

    @property
    def page_rows(self) -> int:
        """How many rows a page has, where there are pages."""
        return self.table_row - 1 + self.rows_a_page + self.foot_rows

    @property
    def grouped(self) -> bool:
        """Whether headings take two rows."""
        return any(column.group or column.heads for column in self.columns)
