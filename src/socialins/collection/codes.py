"""Codes of collection: where a plan, an order and a voucher stand, and how somebody pays."""

from __future__ import annotations

from socialins.model.codes import Code
from socialins.rules.collection import CollectionMode

__all__ = [
    "CollectionMode",
    "DeductionOutcome",
    "OrderState",
    "PayMethod",
    "PlanState",
    "PrintedFrom",
    "Role",
    "VoucherState",
]


class Role(Code):
    """缴费单位角色: whether a unit pays for its own staff, or collects from residents."""

    EMPLOYER = "employer", "用人单位", "employer"
    AGENT = "agent", "代收单位", "collects for residents"


class PlanState(Code):
    """计划状态: where a plan stands."""

    PLANNED = "planned", "已制定计划", "planned"
    COVERED = "covered", "待转金已冲抵", "covered by credit"
    HANDED_OVER = "handed-over", "已传递待申报", "to be declared"
    DECLARED = "declared", "已申报待反馈", "declared, awaiting feedback"
    AWAITING_PAYMENT = "awaiting-payment", "申报成功待缴款", "declared, awaiting payment"
    PAYING = "paying", "缴款中", "being paid"
    LOCKED = "locked", "扣款状态不明锁定", "locked, deduction unknown"
    PAID = "paid", "已缴款", "paid"
    VOIDED = "voided", "申报已作废", "declaration voided"
    REVOKED = "revoked", "已撤销", "revoked"

    @property
    def is_undeclared(self) -> bool:
        """Whether the tax side has no declaration of it."""
        return self in (
            PlanState.PLANNED,
            PlanState.COVERED,
            PlanState.HANDED_OVER,
            PlanState.VOIDED,
        )


class PayMethod(Code):
    """缴款方式: how somebody pays."""

    AGREEMENT = "agreement", "三方协议", "tripartite agreement"
    VOUCHER = "voucher", "银行端凭证", "bank voucher"


class OrderState(Code):
    """缴款状态: where an order stands."""

    MADE = "made", "待缴款", "to be paid"
    DEDUCTING = "deducting", "扣款中", "being deducted"
    LOCKED = "locked", "扣款状态不明锁定", "locked, deduction unknown"
    PAID = "paid", "已缴款", "paid"
    VOIDED = "voided", "已作废", "voided"

    @property
    def is_live(self) -> bool:
        """Whether it is still to be paid, so that its plan counts as invoiced (已开票)."""
        return self not in (OrderState.PAID, OrderState.VOIDED)


class DeductionOutcome(Code):
    """扣款结果: what came of a deduction."""

    DONE = "done", "扣款成功", "done", "成功"
    FAILED = "failed", "扣款失败", "failed", "余额不足"
    UNKNOWN = "unknown", "扣款状态不明", "unknown", "状态不明"


class VoucherState(Code):
    """凭证状态: whether a bank can still take a voucher; its deadline aside."""

    VALID = "valid", "有效", "valid"
    SUPERSEDED = "superseded", "已被新凭证取代", "superseded"
    VOIDED = "voided", "已作废", "voided"
    PAID = "paid", "已缴款", "paid"


class PrintedFrom(Code):
    """打印入口: where in the client a voucher is printed again."""

    PAYMENT = "payment", "费款缴纳—缴款", "the payment module"
    VOUCHER_LIST = "voucher-list", "银行端缴款凭证列表", "the list of vouchers"
