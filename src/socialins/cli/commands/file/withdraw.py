"""`socialins file withdraw`: take a submitted declaration back."""

from __future__ import annotations

from socialins.cli.commands.file.common import simple
from socialins.faults import Text
from socialins.filing import Withdraw

__all__ = ["command"]

command = simple(
    "withdraw", Text("撤回一项已提交的申报。", "Take a submitted declaration back."), Withdraw
)
"""The command."""
