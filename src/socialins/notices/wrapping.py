"""Wrapping: a text in lines that are no wider than they may be.

Chinese breaks between any two characters but not before a closing mark; words and numbers stay
whole while they fit. Whatever happens, no line is wider than asked unless a single letter is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["wrap"]

_PIECES = re.compile(r"[A-Za-z0-9.,*:/%+'’()_@#&-]+|\s|.", re.DOTALL)
_CLOSING = "，。、；：！？）》」』】”’%〉·"


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines.

    Arguments:
        text: on one line.
        width: how wide a line may be.
        measure: how wide a text is.

    Returns:
        At least one line; joined, they give the text but for blanks at the breaks.

    >>> wrap("养老保险 pension 基金", 8, len)
    ['养老保险', 'pension', '基金']
    >>> wrap("一二三四。五六", 4, len)
    ['一二三', '四。五六']
    """
    if measure(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if measure(line + piece) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = ""
        for part in _split(piece.strip(), width, measure):
            if line:
                lines.append(line)
            line = part
    if line.strip() or not lines:
        lines.append(line.strip())
    return lines


def _pieces(text: str) -> list[str]:
    """What may not be broken: words, and characters with the closing marks that follow them."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and piece in _CLOSING and len(pieces[-1]) == 1 and not pieces[-1].isspace():
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _split(piece: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """A piece that may be too wide for any line, cut where it must be."""
    parts: list[str] = []
    part = ""
    for char in piece:
        if part and measure(part + char) > width:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]
