"""`socialins pay`: from an assessed month to a paid one, kept in a journal file.

The file is an SQLite journal of one account's month; it may be the one of `socialins file`.
Commands are modules of this package. None asks for a password, and none keeps one.
"""

from __future__ import annotations

import click

from socialins.cli.command import Group
from socialins.faults import Text

__all__ = ["NAMES", "command"]

NAMES = (
    "open",
    "note",
    "plan",
    "handover",
    "declare",
    "feedback",
    "order",
    "voucher",
    "reprint",
    "deduct",
    "failed",
    "lock",
    "clear",
    "paid",
    "void",
    "revoke",
    "refund",
    "list",
    "status",
    "history",
)
"""The commands, in the order of the help page."""

_TEXT = Text(
    "一个月的缴费：制定计划、向税务申报、缴款、作废、撤销，都记在台账文件里。",
    "Paying a month: plan, declare to the tax side, pay, void, revoke; kept in a journal file.",
)


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


command = Group("pay", text=_TEXT, package=__name__, names=NAMES, callback=_start)
"""The command."""
