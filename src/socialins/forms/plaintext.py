"""Plain text: headings and words compared as a clerk compares them.

Full-width and half-width, capitals, blanks inside a heading and the star of a required column make
no difference to a reader; here they make none either. Names and numbers are not read this way.
"""

from __future__ import annotations

import unicodedata

from socialins.identity.plain import shown

__all__ = ["EXCERPT", "excerpt", "fold", "half_width", "is_blank", "letters", "trim"]

EXCERPT = 40
"""Characters of a value that a fault shows."""

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# What pasting leaves at the ends of a text, beside blanks: zero-width space and byte order mark.
_ENDS = "\u200b\ufeff"


def half_width(text: str) -> str:
    """The text with full-width letters, digits and punctuation made half-width.

    >>> half_width("１２，３４５．００（元）")
    '12,345.00(元)'
    """
    return text.translate(_HALF)


def fold(text: str) -> str:
    """What remains of a heading or a word when its writing is taken away.

    >>> fold("＊ ID Number："), fold("id_number"), fold("姓　名")
    ('idnumber', 'idnumber', '姓名')
    """
    visible = (
        char
        for char in half_width(text)
        if not char.isspace() and char not in "_-" and unicodedata.category(char) != "Cf"
    )
    return "".join(visible).strip("*:").casefold()


def trim(text: str) -> str:
    r"""The text without blanks and invisible characters at its ends.

    >>> trim("　张 三\u200b ")
    '张 三'
    """
    before = ""
    while text != before:
        before, text = text, text.strip().strip(_ENDS)
    return text


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing: no value, or text without a visible character."""
    return value is None or (isinstance(value, str) and not trim(value))


def excerpt(value: object) -> str:
    """A cell's value as a fault shows it: on one line, at most `EXCERPT` characters.

    >>> excerpt("1.2万"), len(excerpt("9" * 60))
    ('1.2万', 40)
    """
    text = shown(value if isinstance(value, str) else _written(value))
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _written(value: object) -> str:
    try:
        return str(value)
    except (ValueError, RecursionError):
        # Whole numbers of thousands of digits are not written out, nor is what is nested so deep.
        return type(value).__name__


def letters(column: int) -> str:
    """The letters of a column, counted from 1, as a spreadsheet shows them.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    found = ""
    while column:
        column, left = divmod(column - 1, 26)
        found = chr(ord("A") + left) + found
    return found
