"""The progress bar: only for work that takes long, only on a terminal, never on stdout."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from socialins.cli import progress


class Soon:
    """A timer of work that takes long: it is over before the work goes on."""

    def __init__(self, seconds: float, begin: Callable[[], None]) -> None:
        assert seconds == progress.AFTER == 1
        self.begin = begin

    def start(self) -> None:
        self.begin()

    def cancel(self) -> None:
        pass


class Never(Soon):
    """A timer of work that is done at once."""

    def start(self) -> None:
        pass


class Late(Never):
    """A timer that rings just when the work is done."""

    def cancel(self) -> None:
        self.begin()


def shown(monkeypatch: pytest.MonkeyPatch, timer: type[Soon], *, terminal: bool = True) -> str:
    screen = io.StringIO()

    def console(*, stderr: bool) -> Console:
        assert stderr
        return Console(file=screen, force_terminal=terminal, width=80)

    monkeypatch.setattr(progress, "Timer", timer)
    monkeypatch.setattr(progress, "make_console", console)
    with progress.progress_bar("[b]Settling", 500) as done:
        done(300)
    return screen.getvalue()


def test_work_of_more_than_a_second_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Soon)
    assert "[b]Settling" in text
    assert "300/500" in text


@pytest.mark.parametrize("timer", [Never, Late])
def test_quick_work_shows_nothing(timer: type[Soon], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Settling" not in shown(monkeypatch, timer)


def test_a_pipe_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Soon, terminal=False) == ""
