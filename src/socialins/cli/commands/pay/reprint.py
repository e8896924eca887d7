"""`socialins pay reprint`: print a voucher again."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Argument, Option
from socialins.cli.commands.pay.common import simple
from socialins.cli.parameters import DAY, OneOf
from socialins.collection import PrintedFrom, Reprint
from socialins.faults import Text

__all__ = ["command"]


def _make(*, number: str | None, **said: Any) -> Reprint:
    return Reprint(number=number or "", **said)


command = simple(
    "reprint",
    Text(
        "重新打印凭证；只有从缴款模块打印才更新限缴日期。",
        "Print a voucher again; only the payment module gives it a new deadline.",
    ),
    _make,
    Argument(["voucher"], text=Text("原凭证号码。", "The number of the one there is.")),
    Argument(["number"], required=False, text=Text("新凭证号码。", "The new one's number.")),
    Option(
        ["--from", "origin"],
        default="payment",
        type=OneOf([one.value for one in PrintedFrom]),
        text=Text("打印入口；默认缴款模块。", "Where it is printed; the payment module."),
    ),
    Option(
        ["--deadline"],
        type=DAY,
        text=Text("新的限缴日期；默认按规则。", "The new deadline; as the rules say."),
    ),
)
"""The command."""
