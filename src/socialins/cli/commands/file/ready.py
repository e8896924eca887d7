"""`socialins file ready`: confirm heads and sum of wages before a declaration is sent."""

from __future__ import annotations

from socialins.cli.command import Option
from socialins.cli.commands.file.common import simple
from socialins.cli.parameters import AMOUNT, Whole
from socialins.faults import Text
from socialins.filing import Ready

__all__ = ["command"]

command = simple(
    "ready",
    Text(
        "提交前核对人数和工资合计。", "Confirm heads and sum of wages before it can be submitted."
    ),
    Ready,
    Option(["--heads"], required=True, type=Whole(0), text=Text("人数。", "How many rows.")),
    Option(
        ["--wages"], default="0", type=AMOUNT, text=Text("工资合计。", "The sum of their wages.")
    ),
)
"""The command."""
