"""`socialins form`: the bureau's papers of a region, listed, filled in and read.

Its commands are modules of this package.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = ("list", "fill", "read")
"""The commands, in the order of the help page."""

_TEXT = Text(
    "经办机构的表单：列出、填写、读取。", "The bureau's forms: list them, fill them in, read them."
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("form", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
