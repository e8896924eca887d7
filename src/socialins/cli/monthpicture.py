"""A month as a wall calendar in the terminal, with a letter for each window that is open."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from socialins.calendar import Window
from socialins.cli.screen import say
from socialins.faults import Text
from socialins.values import Month

__all__ = ["month_picture"]

_DAYS = Text("一二三四五六日", "MTWTFSS")


def month_picture(console: Console, windows: Sequence[tuple[Window, str]], lang: str) -> None:
    """Print each calendar month in which a window is open.

    Arguments:
        console: where to print.
        windows: the windows, each with its letter.
        lang: language of the headings.
    """
    open_on: dict[date, str] = {}
    for window, letter in windows:
        for day in _days(window):
            open_on[day] = open_on.get(day, "") + letter
    for month in sorted({Month.of(day) for day in open_on}):
        say(console, str(month) if lang == "en" else f"{month:zh}", "bold")
        console.print(_grid(month, open_on, lang))


def _days(window: Window) -> list[date]:
    found = []
    for opening in window.openings:
        day = opening.opens.date()
        while day <= opening.last_day:
            found.append(day)
            day += timedelta(days=1)
    return found


def _grid(month: Month, open_on: dict[date, str], lang: str) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_row(*(Styled(day, style="dim") for day in _DAYS.get(lang)))
    for week in calendar.Calendar().monthdatescalendar(month.year, month.month):
        grid.add_row(*(_cell(day, month, open_on) for day in week))
    return grid


def _cell(day: date, month: Month, open_on: dict[date, str]) -> Styled:
    if day.month != month.month:
        return Styled("")
    letters = open_on.get(day, "")
    return Styled.assemble(
        (f"{day.day:2}", "bold" if letters else "dim"), (f" {letters}" if letters else "", "cyan")
    )
