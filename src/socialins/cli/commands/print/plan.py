"""`socialins print plan`: what is to be paid of a month, and how it is paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.pay.common import Kept
from socialins.cli.commands.print.common import PRINTING, Print
from socialins.cli.context import lang_of
from socialins.cli.parameters import FILE
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("用征缴台账打印征缴计划明细。", "Print the plans of a collection, with their orders.")
_BOOK = Text("征缴台账文件。", "The collection's journal file.")
_PLAN = Text("只打印这个计划。", "Only this plan.")
_UNIT = Text("单位文件（toml）：参保户自己的数据。", "The unit's file (toml) on the account.")


def _run(*, book: Path, plan: str | None, unit: Path | None, **asked: Any) -> None:
    from socialins.forms.unitfile import read_unit

    how = Print.taken(asked)
    kept = Kept.read(book, None)
    account = read_unit(unit, kept.region.cascade).account if unit else None
    made = kept.region.notices.plan(
        kept.collection, lang_of(), plan=plan, account=account, day=how.day
    )
    how.finish(made)


command = Command(
    "plan",
    text=_TEXT,
    params=[
        Argument(["book"], type=FILE, text=_BOOK),
        Option(["--plan"], text=_PLAN),
        Option(["--unit"], type=FILE, text=_UNIT),
        *(one for one in PRINTING if one.name != "full"),
    ],
    callback=_run,
)
"""The command."""
