"""`socialins file rollback`: take the closing of the month and its assessment back."""

from __future__ import annotations

from socialins.cli.commands.file.common import simple
from socialins.faults import Text
from socialins.filing import RollBack

__all__ = ["command"]

command = simple(
    "rollback",
    Text("回退月度结算和核定。", "Take the closing of the month and its assessment back."),
    RollBack,
    of_declaration=False,
)
"""The command."""
