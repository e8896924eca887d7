"""`socialins pay clear`: how the bureau cleared a lock."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Argument
from socialins.cli.commands.pay.common import ORDER, simple
from socialins.cli.parameters import OneOf
from socialins.collection import ClearLock
from socialins.faults import Text

__all__ = ["command"]


def _make(*, answer: str, **said: Any) -> ClearLock:
    return ClearLock(paid=answer == "paid", **said)


command = simple(
    "clear",
    Text("记录税务局对锁定缴款的处理结果。", "Record how the bureau cleared a locked order."),
    _make,
    ORDER,
    Argument(
        ["answer"],
        type=OneOf(["paid", "unpaid"]),
        text=Text("paid 已扣款，unpaid 未扣款。", "paid or unpaid."),
    ),
)
"""The command."""
