"""`socialins pay voucher`: print the voucher of an order."""

from __future__ import annotations

from datetime import date
from typing import Any

from socialins.cli.command import Argument, Option
from socialins.cli.commands.pay.common import ORDER, simple
from socialins.cli.parameters import DAY
from socialins.collection import PrintVoucher
from socialins.faults import Text

__all__ = ["command"]


def _make(*, number: str, deadline: date | None, **said: Any) -> PrintVoucher:
    return PrintVoucher(voucher=number, deadline=deadline, **said)


command = simple(
    "voucher",
    Text("记录打印的银行端缴款凭证。", "Record the voucher that was printed for an order."),
    _make,
    ORDER,
    Argument(["number"], text=Text("凭证号码。", "The voucher's number.")),
    Option(
        ["--deadline"],
        type=DAY,
        text=Text("限缴日期；默认按规则。", "The last day of payment on it; as the rules say."),
    ),
)
"""The command."""
