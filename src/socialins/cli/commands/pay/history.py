"""`socialins pay history`: what happened, in order."""

from __future__ import annotations

from socialins.cli.commands.pay.common import BOOK, Kept
from socialins.cli.history import history
from socialins.cli.screen import Column
from socialins.collection import event_to_plain
from socialins.faults import Text

__all__ = ["command"]

_ABOUT = Column(Text("编号", "Of"), whole=True)
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


def _named(event: object) -> object:
    named = (getattr(event, name, "") for name in ("voucher", "order", "plan"))
    return next(filter(None, named), "")


command = history(BOOK, Kept.read, event_to_plain, words=_WORDS, column=_ABOUT, about=_named)
"""The command."""
