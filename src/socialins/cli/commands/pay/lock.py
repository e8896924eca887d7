"""`socialins pay lock`: nobody knows what became of a deduction."""

from __future__ import annotations

from functools import partial

from socialins.cli.commands.pay.common import ORDER, simple
from socialins.collection import DeductionOutcome, RecordDeduction
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "lock",
    Text(
        "记录扣款状态不明：缴款锁定，待税务局处理。",
        "Record that a deduction's result is unknown: the order is locked until it is cleared.",
    ),
    partial(RecordDeduction, outcome=DeductionOutcome.UNKNOWN),
    ORDER,
)
"""The command."""
