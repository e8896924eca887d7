"""`socialins cards submit`: hand the batch to the card centre."""

from __future__ import annotations

from socialins.cards import Submit
from socialins.cli.commands.cards.common import simple
from socialins.faults import Text

__all__ = ["command"]

command = simple("submit", Text("提交申请。", "Hand the batch to the card centre."), Submit)
"""The command."""
