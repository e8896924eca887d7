"""`socialins pay deduct`: send the deduction of an order by agreement."""

from __future__ import annotations

from socialins.cli.commands.pay.common import ORDER, simple
from socialins.collection import Deduct
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "deduct",
    Text("按三方协议扣款。", "Send the deduction of an order by agreement."),
    Deduct,
    ORDER,
)
"""The command."""
