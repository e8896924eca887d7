"""`socialins file`: a month of filing, from the first entry to the closed and assessed month.

The state is kept in a journal file, one for each month of an account. Commands are modules of this
package.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = (
    "open",
    "add",
    "edit",
    "ready",
    "submit",
    "step",
    "result",
    "failed",
    "correct",
    "confirm",
    "withdraw",
    "delete",
    "expire",
    "close",
    "assess",
    "pay",
    "rollback",
    "list",
    "status",
    "history",
    "verify-signatures",
)
"""The commands, in the order of the help page."""

_TEXT = Text(
    "一个月的申报：录入、提交、记录结果、结算、核定，都记在台账文件里。",
    "A month of filing: enter, submit, record results, close, assess; kept in a journal file.",
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("file", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
