"""`socialins pay paid`: an order was paid, by deduction or at the bank."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from socialins.cli.command import Command, Option
from socialins.cli.commands.pay.common import BOOK, ORDER, WHEN, Kept, about
from socialins.cli.parameters import AMOUNT, DAY
from socialins.collection import PayMethod, RecordDeduction, RecordPayment
from socialins.faults import Fault, FaultError, Text
from socialins.values import Money

__all__ = ["command"]

_TEXT = Text(
    "记录缴款成功：扣款成功，或银行已收凭证款项。",
    "Record that an order was paid: deducted, or its voucher taken by the bank.",
)


def _run(
    *,
    order: str,
    book: Path,
    amount: Money | None,
    paid_on: date | None,
    voucher: str,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    found = kept.collection.orders.get(order)
    if found is None:
        raise FaultError(Fault("collection.no-such-order", {"order": order}))
    carried = about(at, by, key)
    if found.method is PayMethod.AGREEMENT:
        kept.do(RecordDeduction(**carried, order=order, outcome="done"), as_json)
        return
    number = voucher or found.voucher
    kept.do(RecordPayment(**carried, voucher=number, amount=amount, paid_on=paid_on), as_json)


command = Command(
    "paid",
    text=_TEXT,
    params=[
        ORDER,
        BOOK,
        Option(
            ["--voucher"],
            default="",
            text=Text("所用凭证；默认该缴款最近的凭证。", "The voucher; the order's last one."),
        ),
        Option(
            ["--amount"],
            type=AMOUNT,
            text=Text("银行收款金额；默认凭证金额。", "What the bank took; what is printed."),
        ),
        Option(
            ["--on", "paid_on"],
            type=DAY,
            text=Text("银行收款日期；默认办理当日。", "The day at the bank; that of the command."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
