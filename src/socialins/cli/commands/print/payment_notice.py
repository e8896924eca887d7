"""`socialins print payment-notice`: what is to be paid, by insurance and by person."""

from __future__ import annotations

from socialins.cli.commands.print.common import bill_command
from socialins.cli.context import lang_of
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("打印缴费通知单。", "Print the payment notice.")

command = bill_command(
    "payment-notice",
    _TEXT,
    lambda request, bill, how: request.region.notices.payment_notice(
        bill, lang_of(), **how.options
    ),
)
"""The command."""
