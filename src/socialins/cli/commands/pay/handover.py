"""`socialins pay handover`: a plan reached the tax side."""

from __future__ import annotations

from socialins.cli.commands.pay.common import PLAN, simple
from socialins.collection import HandOver
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "handover",
    Text("记录计划已传递到税务部门。", "Record that a plan reached the tax side."),
    HandOver,
    PLAN,
)
"""The command."""
