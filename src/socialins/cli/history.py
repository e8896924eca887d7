"""What happened (历史): the events of a state that is kept in a file, a line each, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.deciding import JSON
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, table
from socialins.deciding import Event
from socialins.faults import Text

__all__ = ["history"]

_TEXT = Text("列出办理过的操作。", "List what was done.")
_NUMBER = Column(Text("序号", "No."), number=True)
_MOMENT = Column(Text("时间", "Moment"), whole=True)
_WHAT = Column(Text("操作", "What"))
_BY = Column(Text("经办人", "By"))


class _Kept(Protocol):
    @property
    def history(self) -> Sequence[Any]:
        """The events."""


def history(
    book: Option,
    read: Callable[[Path, Path | None], _Kept],
    plain: Callable[[Any], dict[str, Any]],
    *,
    words: Mapping[str, Text],
    column: Column,
    about: Callable[[Event], object],
) -> Command:
    """The command that lists what happened.

    Arguments:
        book: the option that names the file.
        read: reads it.
        plain: an event as plain data.
        words: name of an event's class → what it is called.
        column: the heading of what an event is about.
        about: what an event is about.
    """
    columns = (_NUMBER, _MOMENT, _WHAT, column, _BY)

    def run(*, book: Path, as_json: bool) -> None:
        lang = lang_of()
        events = read(book, None).history
        if as_json:
            print_json({"events": [plain(event) for event in events]})
            return
        rows = [
            [
                number,
                f"{event.at:%Y-%m-%d %H:%M}",
                words[type(event).__name__].get(lang),
                about(event),
                event.by,
            ]
            for number, event in enumerate(events, start=1)
        ]
        print_trimmed(make_console(), table(columns, rows, lang))

    return Command("history", text=_TEXT, params=[book, JSON], callback=run)
