"""Marks: what stands on a page and where, in millimetres from its upper left corner.

Pages are laid out as marks first and drawn afterwards, so that a test can ask whether a word lies
in its cell without reading a PDF.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs

__all__ = ["Box", "Fill", "Mark", "Page", "Picture", "Rule", "Words"]


@attrs.frozen
class Box:
    """A rectangle.

    Arguments:
        left, top, right, bottom: its sides.
    """

    left: float
    top: float
    right: float
    bottom: float


@attrs.frozen
class Words:
    """A line of text.

    Arguments:
        x, y: where it begins, and its baseline.
        size: in points.
        text: the text.
        cell: the rectangle that it must stay in.
    """

    x: float
    y: float
    size: float
    text: str
    cell: Box


@attrs.frozen
class Rule:
    """A thin line.

    Arguments:
        x1, y1, x2, y2: its ends.
    """

    x1: float
    y1: float
    x2: float
    y2: float


@attrs.frozen
class Fill:
    """A grey rectangle.

    Arguments:
        box: where.
    """

    box: Box


@attrs.frozen
class Picture:
    """A square of black and white modules, such as a QR code.

    Arguments:
        x, y, side: its upper left corner and its side.
        modules: the rows, black where true.
    """

    x: float
    y: float
    side: float
    modules: tuple[tuple[bool, ...], ...] = attrs.field(repr=False)


Mark: TypeAlias = Words | Rule | Fill | Picture


@attrs.define
class Page:
    """A page.

    Arguments:
        width, height: its size.
        marks: what stands on it, in the order of reading.
    """

    width: float
    height: float
    marks: list[Mark] = attrs.field(factory=list)
