"""`socialins plugin`: the plugins that are installed, a check of one, and a new one.

Its commands are modules of this package.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = ("list", "check", "new")
"""The commands, in the order of the help page."""

_TEXT = Text(
    "地区插件：列出已安装的、检查一个、新建一个。",
    "Plugins of regions: list those installed, check one, make a new one.",
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("plugin", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
