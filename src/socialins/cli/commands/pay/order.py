"""`socialins pay order`: choose how to pay a plan."""

from __future__ import annotations

from socialins.cli.command import Argument, Option
from socialins.cli.commands.pay.common import ORDER, PLAN, simple
from socialins.cli.parameters import AMOUNT, OneOf
from socialins.collection import MakeOrder, PayMethod
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "order",
    Text("选择缴款方式并缴款。", "Choose how to pay a plan."),
    MakeOrder,
    ORDER,
    PLAN,
    Argument(
        ["method"],
        type=OneOf([one.value for one in PayMethod]),
        text=Text("agreement 三方协议，voucher 银行端凭证。", "agreement or voucher."),
    ),
    Option(
        ["--amount"],
        type=AMOUNT,
        text=Text("缴款金额；默认全部待缴。", "How much; all that is open by default."),
    ),
)
"""The command."""
