"""The screen: tables, faults and prose, on a terminal and in a pipe.

Whatever comes from a file is shown as text and as nothing else: it is never read as markup, and it
can't move the cursor or turn the line around.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

import attrs
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from socialins.faults import Fault, Text

__all__ = [
    "Column",
    "a_list",
    "heading",
    "make_console",
    "print_trimmed",
    "say",
    "shown",
    "tell_faults",
]

PIPED_WIDTH = 100
"""Columns of a table that goes into a file or a pipe, where COLUMNS doesn't say otherwise."""

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters and those that turn the direction of writing."""

_ERROR = Text("错误", "error")
_WARNING = Text("警告", "warning")
_REMEDY = Text("办法：", "What to do: ")


def make_console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr: colour on a terminal only, a fixed width in a pipe."""
    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        console.width = PIPED_WIDTH
    return console


def shown(text: object) -> str:
    r"""A text on one line, with what can't be shown made visible.

    >>> shown("张三\x1b[2J\n李四")
    '张三�[2J 李四'
    """
    return _UNSHOWABLE.sub("�", re.sub(r"[\r\n\t]+", " ", str(text)))


@attrs.frozen
class Column:
    """A column of a table.

    Arguments:
        title: its heading.
        number: aligned to the right and never broken.
        whole: never broken.
    """

    title: Text
    number: bool = False
    whole: bool = False


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    lang: str,
    *,
    last_is_total: bool = False,
) -> Table:
    """A table; columns in which no row has anything are left out.

    Arguments:
        columns: the columns.
        rows: the cells, as many as columns; shown as text, a tuple with a line for each part.
        lang: language of the headings.
        last_is_total: the last row is set off from the others.
    """
    cells = [[_cell(cell) for cell in row] for row in rows]
    kept = [index for index in range(len(columns)) if not cells or any(row[index] for row in cells)]
    made = Table(
        box=box.SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for column in (columns[index] for index in kept):
        made.add_column(
            column.title.get(lang),
            justify="right" if column.number else "left",
            no_wrap=column.whole or column.number,
            overflow="fold",
        )
    for number, row in enumerate(cells, start=1):
        total = last_is_total and number == len(cells)
        made.add_row(
            *(row[index] for index in kept),
            style="bold" if total else None,
            end_section=last_is_total and number == len(cells) - 1,
        )
    return made


def print_trimmed(console: Console, made: RenderableType) -> None:
    """Print something; in a pipe without the blanks that fill its lines."""
    if console.is_terminal:
        console.print(made)
        return
    with console.capture() as captured:
        console.print(made)
    for line in captured.get().splitlines():
        say(console, line.rstrip())


def _cell(cell: object) -> str:
    return "\n".join(map(shown, cell)) if isinstance(cell, tuple) else shown(cell)


def say(console: Console, text: str = "", style: str | None = None) -> None:
    """Print prose; lines are left whole, so that a path can be copied and a word be found."""
    console.print(Styled(text, style=style or ""), soft_wrap=True)


def heading(console: Console, title: str) -> None:
    """Print the heading of a part, after an empty line."""
    say(console)
    say(console, title, "bold cyan")


def a_list(console: Console, lines: Iterable[str]) -> None:
    """Print lines with a mark before each."""
    for line in lines:
        say(console, f"  • {shown(line)}")


def tell_faults(
    console: Console, faults: Iterable[Fault], lang: str, *, remedies_once: bool = False
) -> None:
    """Print faults: place, what is wrong, its code, and what to do about it.

    Arguments:
        console: where to.
        faults: the faults.
        lang: ``"zh"`` or ``"en"``.
        remedies_once: print a remedy that several have in common behind the last of them.
    """
    told = list(faults)
    for number, fault in enumerate(told, start=1):
        where = fault.place.describe(lang)
        colon = ": " if lang == "en" else "："
        kind = (_ERROR if fault.is_error else _WARNING).get(lang)
        line = Styled.assemble(
            (kind, "bold red" if fault.is_error else "bold yellow"),
            colon,
            (shown(where) + colon if where else "", "bold"),
            shown(fault.message(lang)),
            (f" [{fault.code}]", "dim"),
        )
        console.print(line, soft_wrap=True)
        remedy = fault.remedy(lang)
        again = remedies_once and remedy in {later.remedy(lang) for later in told[number:]}
        if remedy and not again:
            say(console, f"  {_REMEDY.get(lang)}{shown(remedy)}")
