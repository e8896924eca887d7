"""Plain text: what a typed or pasted number is read as.

Numbers reach a roster through input methods, chat windows and spreadsheets. What these change
without changing the number is undone here: full-width forms, blanks, invisible characters, lower
case. Everything else stays, so that a fault can name it.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LONGEST", "fits", "lost_precision", "misfit", "plain", "shown"]

# No number of any kind comes near; what is longer is refused unread, so that it costs nothing.
LONGEST = 200
_SHOWN = 40

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Upper case for a–z alone: str.upper() would turn ß, ı and ſ into letters that nobody typed.
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+E\+?[0-9]{1,2}|[0-9]E\+[0-9]{1,2}|[0-9]{16,}\.0*")


def plain(text: str) -> str:
    r"""The text as a number is read from it; text longer than `LONGEST` comes back as it is.

    >>> plain(" １１０１０５ 1949\u00a01231002ｘ\u200b")
    '11010519491231002X'

    Raises:
        TypeError: for anything but text; a spreadsheet's number has lost its last digits already.
    """
    if not isinstance(text, str):
        raise TypeError(f"{type(text).__name__} can't be read as a number; pass text")
    if len(text) > LONGEST:
        return text
    visible = (char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")
    return "".join(visible).translate(_FULL_WIDTH).translate(_UPPER)


def shown(text: str) -> str:
    r"""The text as a message can show it: on one line, and cut when it is long.

    >>> shown("1101\n05"), shown("9" * 60)
    ('1101�05', '9999999999999999999999999999999999999999…')
    """
    line = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_SHOWN]
    )
    return line + "…" if len(text) > _SHOWN else line


def lost_precision(number: str) -> bool:
    """Whether plain text is what a spreadsheet makes of a long number in a number cell.

    >>> lost_precision("1.10105E+17"), lost_precision("110105194912310000.0")
    (True, True)
    >>> lost_precision("E12345678")
    False
    """
    return _SCIENTIFIC.fullmatch(number) is not None


def fits(number: str, alphabet: str) -> bool:
    """Whether every character is one of ``alphabet``."""
    return misfit(number, alphabet) is None


def misfit(number: str, alphabet: str) -> tuple[int, str] | None:
    """The first character that is not in ``alphabet``, with its place counted from 1.

    >>> misfit("1101O5", "0123456789")
    (5, 'O')
    """
    for place, char in enumerate(number, start=1):
        if char not in alphabet:
            return place, char
    return None
