"""`socialins cards list`: the people of a batch, and where each one's card stands."""

from __future__ import annotations

from pathlib import Path

from socialins.cards import RowState
from socialins.cli.command import Command, Option
from socialins.cli.commands.cards.common import (
    BOOK,
    JSON,
    OVERLAY,
    Kept,
    batch_to_plain,
    rows_table,
)
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import OneOf
from socialins.cli.screen import make_console, say
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("列出批次中的人员。", "List the people of a batch.")
_NOBODY = Text("没有这样的人员。", "There is nobody like that.")


def _run(*, book: Path, states: tuple[str, ...], overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    wanted = [RowState(one) for one in states] or list(RowState)
    rows = list(kept.batch.of_state(*wanted))
    if as_json:
        plain = batch_to_plain(kept.batch)
        ids = {row.row for row in rows}
        print_json({**plain, "rows": [one for one in plain["rows"] if one["row"] in ids]})
        return
    console = make_console()
    if rows:
        rows_table(console, kept.batch, rows, lang)
    else:
        say(console, _NOBODY.get(lang))


command = Command(
    "list",
    text=_TEXT,
    params=[
        BOOK,
        Option(
            ["--state", "states"],
            multiple=True,
            type=OneOf([one.value for one in RowState]),
            text=Text("只列这种状态的；可多次。", "Only those that stand so; may be repeated."),
        ),
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
