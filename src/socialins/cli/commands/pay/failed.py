"""`socialins pay failed`: a deduction failed."""

from __future__ import annotations

from functools import partial

from socialins.cli.command import Option
from socialins.cli.commands.pay.common import ORDER, simple
from socialins.collection import DeductionOutcome, RecordDeduction
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "failed",
    Text("记录扣款失败；扣款期内可再扣。", "Record that a deduction failed; it can be sent again."),
    partial(RecordDeduction, outcome=DeductionOutcome.FAILED),
    ORDER,
    Option(["--reason"], default="", text=Text("原因，如余额不足。", "Why it failed.")),
)
"""The command."""
