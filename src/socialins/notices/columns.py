"""Column widths: what every column needs, and who gives way where the page is too narrow.

Numbers are never broken: their columns are as wide as the widest of them, the sums included. Names
and words share what is left and go on in further lines. Only where all of it would not fit even in
the smallest letters are numbers broken too, as a letter must never lie on its neighbour's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from socialins.notices.document import Table, Value, shown
from socialins.values import Money

__all__ = ["PAD", "TableFit", "fit_table"]

PAD = 0.9
"""Millimetres between a cell's side and its text."""

_SIZES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
_LETTERS = 4
_MOST_HEAD = 3
_WIDEST = 60.0


@attrs.frozen
class TableFit:
    """How a table fits on a page.

    Arguments:
        widths: of its columns, in millimetres.
        size: of its letters, in points.
    """

    widths: tuple[float, ...]
    size: float


def fit_table(
    table: Table,
    words: Sequence[Sequence[str]],
    room: float,
    measure: Callable[[str, float], float],
) -> TableFit:
    """Choose the widths of a table's columns, and the size of its letters.

    Arguments:
        table: the table.
        words: its rows as they are printed.
        room: the width of the page between the margins.
        measure: how wide a text is at a size in points.
    """
    for size in _SIZES:
        needs = _needs(table, words, size, measure)
        least = sum(need.least for need in needs)
        if least <= room or size == _SIZES[-1]:
            return TableFit(_shared(table, needs, room), size)
    raise AssertionError  # pragma: no cover - the last size always returns


@attrs.frozen
class _Need:
    least: float
    wanted: float


def _needs(
    table: Table,
    words: Sequence[Sequence[str]],
    size: float,
    measure: Callable[[str, float], float],
) -> list[_Need]:
    letter = measure("国", size)
    needs = []
    for index, column in enumerate(table.columns):
        texts = {row[index] for row in words}
        if column.sums:
            texts.add(_widest_sum([row[index] for row in table.rows]))
        widest = max((measure(text, size) for text in texts), default=0)
        head = measure(column.label, size)
        if column.wide:
            least = min(_LETTERS * letter, max(widest, head))
            wanted = max(least, min(max(widest, head), _WIDEST))
        else:
            # A head may take some lines, so it needs a part of its width only.
            least = max(widest, head / _MOST_HEAD + letter, min(head, 2 * letter))
            least = wanted = min(least, max(widest, head))
        needs.append(_Need(least + 2 * PAD, wanted + 2 * PAD))
    return needs


def _widest_sum(values: list[Value]) -> str:
    """A sum that is as wide as any of a page can be: gains and losses don't cancel out."""
    if any(isinstance(value, int) for value in values):
        return shown(sum(abs(value) for value in values if isinstance(value, int)))
    fen = [value.fen for value in values if isinstance(value, Money)]
    most = sum(abs(one) for one in fen)
    return shown(Money(-most if any(one < 0 for one in fen) else most))


def _shared(table: Table, needs: list[_Need], room: float) -> tuple[float, ...]:
    least = sum(need.least for need in needs)
    if least > room:
        return tuple(need.least * room / least for need in needs)
    wish = sum(need.wanted - need.least for need in needs)
    spare = room - least
    if wish > spare:
        part = spare / wish
        return tuple(need.least + (need.wanted - need.least) * part for need in needs)
    rest = spare - wish
    # Half of what is left gives all columns air, the other half goes to the words.
    takers = [
        need.wanted if column.wide else 0 for need, column in zip(needs, table.columns, strict=True)
    ]
    weight = sum(takers)
    air = rest / 2 / len(needs) if weight else rest / len(needs)
    return tuple(
        need.wanted + air + (rest / 2 * taken / weight if weight else 0)
        for need, taken in zip(needs, takers, strict=True)
    )
