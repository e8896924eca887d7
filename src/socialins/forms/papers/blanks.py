"""Blanks: text with a place to be filled in, written and read by the same pattern.

``填报单位(盖章) : {unit.name}`` is written with the unit's name in place of the braces, and read
back by what stands around them. A text has one blank at most, so that nothing is ambiguous.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cached_property
from typing import TypeAlias

import attrs

from socialins.faults import Fault, Text
from socialins.forms.days import read_day
from socialins.forms.papers.formfile import DAY_FORMATS, Blank
from socialins.forms.plaintext import fold, half_width, trim

__all__ = [
    "UNIT_BLANKS",
    "HeadValue",
    "PaperText",
    "display_width",
    "names_in",
    "read_blank",
    "write_blank",
    "write_value",
]

HeadValue: TypeAlias = str | date
"""What a blank is filled with."""

UNIT_BLANKS = {
    "unit.name": Blank(title=Text("单位名称", "unit's name")),
    "unit.credit_code": Blank(title=Text("统一社会信用代码", "unit's credit code")),
    "unit.number": Blank(title=Text("单位编号", "account number")),
}
"""Blanks that are filled from the unit's account."""

_BLANK = re.compile(r"\{([^{}]*)\}")
_DATE = "yyyy年m月d日"


def names_in(text: str) -> list[str]:
    """The names of the blanks in a text.

    >>> names_in("填报单位 : {unit.name}")
    ['unit.name']
    """
    return _BLANK.findall(text)


@attrs.frozen(slots=False)
class PaperText:
    """A text with at most one blank.

    Arguments:
        text: as the layout has it.

    >>> text = PaperText("填报单位(盖章) : {unit.name}")
    >>> text.fill("中州（某）公司")
    '填报单位(盖章) : 中州（某）公司'
    >>> text.read("填报单位（盖章）：中州（某）公司 "), text.read("统一社会信用代码：") is None
    ('中州（某）公司', True)
    """

    text: str

    @cached_property
    def blank(self) -> str | None:
        """The name of its blank."""
        return next(iter(names_in(self.text)), None)

    @property
    def is_bare(self) -> bool:
        """Whether it is nothing but a blank, so that any text fits it."""
        return not fold(_BLANK.sub("", self.text))

    def fill(self, value: str) -> str:
        """The text with its blank filled."""
        return _BLANK.sub(lambda _: value, self.text)

    def read(self, cell: str) -> str | None:
        """What stands in the blank of a cell; empty where nothing does, None if the text differs.

        How wide brackets and blanks are makes no difference outside the blank.
        """
        cell = trim(cell)
        # The half-width form has a character for each of the text, so places are the same in both.
        match = self._pattern.fullmatch(half_width(cell))
        if match is None:
            return None
        return trim(cell[match.start(1) : match.end(1)]) if match.re.groups else ""

    def put(self, cell: str, value: str) -> str:
        """What a cell holds, with its blank filled: the rest stays as the cell has it.

        >>> PaperText("填报单位：{unit.name}").put("填报单位 (盖章在后) ：", "x")
        '填报单位 (盖章在后) ：'
        >>> PaperText("填报单位：{unit.name}").put("填报单位 ：", "某公司")
        '填报单位 ：某公司'
        """
        match = self._pattern.fullmatch(half_width(cell))
        if match is None or not match.re.groups:
            return cell
        return cell[: match.start(1)] + value + cell[match.end(1) :]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [_literal(part) for part in _BLANK.split(self.text)[::2]]
        return re.compile("(.*)".join(parts), re.DOTALL)


def write_blank(blank: Blank, value: HeadValue | None) -> str:
    """What stands in a blank.

    >>> blank = Blank(title=Text("填报日期", "day"), type="date", empty="  年  月  日")
    >>> write_blank(blank, date(2026, 11, 5)), write_blank(blank, None)
    ('2026年11月5日', '  年  月  日')
    """
    text = blank.empty if value is None else write_value(value)
    return text + " " * (blank.width - display_width(text))


def write_value(value: object) -> str:
    """What a blank is filled with, as text: days as ``2026年11月5日``."""
    if isinstance(value, date):
        return DAY_FORMATS[_DATE].format(value.year, value.month, value.day)
    return str(value)


def read_blank(blank: Blank, text: str) -> HeadValue | Fault | None:
    """What a blank's text means; None where it is empty.

    >>> blank = Blank(title=Text("填报日期", "day"), type="date", empty="  年  月  日")
    >>> read_blank(blank, "2026年11月5日"), read_blank(blank, "年 月  日")
    (datetime.date(2026, 11, 5), None)
    """
    if not trim(text) or "".join(text.split()) == "".join(blank.empty.split()):
        return None
    return read_day(text) if blank.type == "date" else trim(text)


def display_width(text: str) -> int:
    """How many columns of half-width characters a text takes.

    >>> display_width("序号12")
    6
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _literal(text: str) -> str:
    """A pattern for fixed text in which blanks and widths make no difference."""
    characters = (char for char in half_width(text) if not char.isspace())
    return r"\s*".join(map(re.escape, characters))
