"""`socialins pay declare`: tick plans and declare them."""

from __future__ import annotations

from socialins.cli.command import Argument
from socialins.cli.commands.pay.common import simple
from socialins.collection import Declare
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "declare",
    Text("勾选计划并提交申报。", "Tick plans and declare them to the tax side."),
    Declare,
    Argument(["plans"], nargs=-1, required=True, text=Text("计划编号。", "Ids of plans.")),
)
"""The command."""
