"""`socialins cards`: from people's data to cards handed out, kept in a journal file.

The file is an SQLite journal of one batch; it may be one that has a filing book or a collection
too. Commands are modules of this package.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = (
    "open",
    "confirm",
    "note-errors",
    "photos",
    "submit",
    "receipt",
    "result",
    "collect",
    "hand-out",
    "withdraw",
    "effects",
    "days",
    "sheet",
    "list",
    "status",
    "history",
)
"""The commands, in the order of the help page."""

_TEXT = Text(
    "社会保障卡：采集确认、照片、申请、领卡、发放，都记在批次文件里。",
    "Social-security cards: data, photographs, request, collecting, handing out; kept in a file.",
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("cards", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
