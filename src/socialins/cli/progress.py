"""A progress bar for work that takes longer than a second, on a terminal only.

Most rosters are settled before anybody could read a bar; one that flashes up helps nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from socialins.cli.screen import make_console

__all__ = ["AFTER", "progress_bar"]

AFTER = 1.0
"""Seconds before the bar is shown."""


@contextmanager
def progress_bar(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show how far some work has got, on stderr.

    Arguments:
        title: what is being done.
        total: how much there is to do; None where nobody knows.

    Yields:
        A function that takes how much is done.
    """
    console = make_console(stderr=True)
    if not console.is_terminal:
        yield _nowhere
        return
    columns = [TextColumn("{task.description}", markup=False), BarColumn()]
    columns += [MofNCompleteColumn()] if total is not None else []
    bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
    task = bar.add_task(title, total=total)
    lock, ended = Lock(), False

    def begin() -> None:
        with lock:
            if not ended:
                bar.start()

    timer = Timer(AFTER, begin)
    timer.daemon = True
    timer.start()
    try:
        yield lambda done: bar.update(task, completed=done)
    finally:
        with lock:
            ended = True
        timer.cancel()
        bar.stop()


def _nowhere(_done: int) -> None:
    """Progress that nobody sees."""
