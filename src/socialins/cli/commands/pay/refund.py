"""`socialins pay refund`: credit was paid out."""

from __future__ import annotations

from socialins.cli.command import Argument
from socialins.cli.commands.pay.common import simple
from socialins.cli.parameters import AMOUNT
from socialins.collection import RecordRefund
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "refund",
    Text("记录待转金退费。", "Record that credit was paid out."),
    RecordRefund,
    Argument(["amount"], type=AMOUNT, text=Text("金额。", "The amount.")),
)
"""The command."""
