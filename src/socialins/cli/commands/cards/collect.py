"""`socialins cards collect`: the unit collects the cards."""

from __future__ import annotations

from socialins.cards import Collect
from socialins.cli.commands.cards.common import simple
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "collect",
    Text("记录单位领卡。", "Record that the unit collected the cards."),
    Collect,
)
"""The command."""
