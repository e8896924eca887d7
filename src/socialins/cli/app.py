"""The group of all commands. A new one is a module in `commands` and a name in `NAMES`."""

from __future__ import annotations

import click

from socialins.cli.command import Group, Option
from socialins.faults import Text

__all__ = ["NAMES", "app"]

NAMES = (
    "regions",
    "rules",
    "calendar",
    "check",
    "settle",
    "explain",
    "reconcile",
    "form",
    "photo",
    "print",
    "file",
    "pay",
    "cards",
    "tokens",
    "sign",
    "verify",
    "verify-journal",
    "plugin",
)
"""The commands, in the order of the help page."""

_TEXT = Text(
    "单位社保申报：结算每月应缴，精确到分，并说明依据。",
    "Social insurance for employers in China: what is owed each month, to the fen, and why.",
)
_VERSION = Text("显示版本。", "Show the version and end.")


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    import socialins

    click.echo(f"socialins {socialins.__version__}")
    ctx.exit()


def _start() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


app = Group(
    "socialins",
    text=_TEXT,
    package="socialins.cli.commands",
    names=NAMES,
    callback=_start,
    params=[
        Option(
            ["--version"],
            text=_VERSION,
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
        )
    ],
)
"""The command ``socialins``."""
