"""`socialins cards withdraw`: take a batch back that the centre has not accepted yet."""

from __future__ import annotations

from socialins.cards import Withdraw
from socialins.cli.commands.cards.common import simple
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "withdraw",
    Text("撤回卡中心尚未受理的批次。", "Take back a batch that was not accepted yet."),
    Withdraw,
)
"""The command."""
