"""`socialins print`: the unit's own sheets, as PDF or as workbooks.

Its commands are modules of this package, one for each kind of sheet.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = (
    "payment-notice",
    "assessment",
    "slip",
    "roster",
    "certificate",
    "plan",
    "changes",
    "progress",
)
"""The commands, in the order of the help page."""

_TEXT = Text(
    "打印单位自制的单据（PDF 或 xlsx）：通知单、核定表、缴费单、花名册、缴费证明、变动表、进度。",
    "Print the unit's own sheets as PDF or xlsx: notice, assessment, slips, roster and the rest.",
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("print", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
