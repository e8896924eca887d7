"""`socialins pay history`: what happened, in order."""

from __future__ import annotations

from pathlib import Path

from socialins.cli.command import Command
from socialins.cli.commands.pay.common import BOOK, JSON, Kept
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, table
from socialins.collection import event_to_plain
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("列出办理过的操作。", "List what was done.")
_COLUMNS = (
    Column(Text("序号", "No."), number=True),
    Column(Text("时间", "Moment"), whole=True),
    Column(Text("操作", "What")),
    Column(Text("编号", "Of"), whole=True),
    Column(Text("经办人", "By")),
)
_WORDS = {
    "CollectionOpened": Text("建立征缴台账", "collection begun"),
    "AgreementNoted": Text("记录三方协议", "agreement noted"),
    "CreditNoted": Text("记录待转金余额", "credit noted"),
    "Planned": Text("制定计划", "planned"),
    "HandedOver": Text("传递到税务", "handed over"),
    "Declared": Text("申报", "declared"),
    "FeedbackRecorded": Text("申报反馈", "feedback"),
    "DeclarationVoided": Text("作废申报", "declaration voided"),
    "OrderMade": Text("缴款", "order made"),
    "VoucherPrinted": Text("打印凭证", "voucher printed"),
    "VoucherCopied": Text("从列表重新打印凭证", "voucher printed again from the list"),
    "DeductionSent": Text("扣款", "deduction sent"),
    "DeductionFailed": Text("扣款失败", "deduction failed"),
    "OrderLocked": Text("扣款状态不明，锁定", "locked"),
    "LockCleared": Text("解锁", "lock cleared"),
    "OrderPaid": Text("已缴款", "paid"),
    "OrderVoided": Text("作废票证", "order voided"),
    "PlanRevoked": Text("撤销计划", "plan revoked"),
    "Refunded": Text("退费", "refunded"),
}


def _run(*, book: Path, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, None)
    if as_json:
        print_json({"events": [event_to_plain(event) for event in kept.history]})
        return
    rows = [
        [
            number,
            f"{event.at:%Y-%m-%d %H:%M}",
            _WORDS[type(event).__name__].get(lang),
            getattr(event, "voucher", "") or getattr(event, "order", "") or _plan(event),
            event.by,
        ]
        for number, event in enumerate(kept.history, start=1)
    ]
    print_trimmed(make_console(), table(_COLUMNS, rows, lang))


def _plan(event: object) -> str:
    return str(getattr(event, "plan", ""))


command = Command("history", text=_TEXT, params=[BOOK, JSON], callback=_run)
"""The command."""
