"""Looks: what a written cell holds and how it looks, whichever library writes it."""

from __future__ import annotations

import re
from enum import Enum
from typing import TypeAlias

from socialins.values import Money, Rate

__all__ = ["EXACT", "Look", "Value", "tab_name", "visible"]

Value: TypeAlias = str | Money | Rate | int | None
"""What a cell can hold; None leaves it empty."""

EXACT = re.compile(r"-?(?=(?:\D*\d){1,15}$)\d+(?:\.\d+)?")
"""Numbers that a cell keeps. A spreadsheet computes in binary, which holds fifteen digits; more of
them stay exact as text."""

_LONGEST = 32_767


class Look(Enum):
    """How the cells of a row look."""

    BODY = "body"
    HEADING = "heading"
    REQUIRED = "required"
    TOTAL = "total"
    TITLE = "title"
    NOTE = "note"
    MARKED = "marked"
    # Those of a bureau's paper: a title across the page, a box, one in small letters, one whose
    # content is made to fit.
    BANNER = "banner"
    BOX = "box"
    SMALL = "small"
    TIGHT = "tight"


# What XML can't hold: most control characters, halves of surrogate pairs, two non-characters.
_NO_XML = (*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_SHOWN = dict.fromkeys(_NO_XML, "\N{REPLACEMENT CHARACTER}")


def visible(text: str) -> str:
    r"""The text with what a workbook can't hold made visible.

    >>> visible("张\x00三")
    '张�三'
    """
    clean = text.translate(_SHOWN)
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + "…"


def tab_name(name: str) -> str:
    """A name as a sheet's tab takes it.

    >>> tab_name("人员[1/2]")
    '人员 1 2 '
    """
    return re.sub(r"[\\*?:/\[\]]", " ", visible(name))[:31] or "-"
