"""`socialins cards receipt`: the centre took the batch in."""

from __future__ import annotations

from socialins.cards import RecordReceipt
from socialins.cli.command import Option
from socialins.cli.commands.cards.common import simple
from socialins.cli.parameters import DAY
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "receipt",
    Text("记录受理回执。", "Record the centre's receipt."),
    RecordReceipt,
    Option(["--number"], default="", text=Text("回执编号。", "Its number.")),
    Option(
        ["--ready-on"],
        type=DAY,
        text=Text("回执标明的领卡日期。", "The day from which cards can be collected."),
    ),
)
"""The command."""
