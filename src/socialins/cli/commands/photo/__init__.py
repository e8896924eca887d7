"""`socialins photo`: pictures checked by a region's rule, and copies made that keep it.

Its commands are modules of this package.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = ("check", "fix")
"""The commands, in the order of the help page."""

_TEXT = Text(
    "照片和附件图片：按地区的要求检查，生成合格的副本。",
    "Photographs and pictures of papers: check them by a region's rule, make copies that keep it.",
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("photo", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
