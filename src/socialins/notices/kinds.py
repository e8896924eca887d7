"""The kinds of sheets that a unit prints, each with its Chinese name."""

from __future__ import annotations

from socialins.model.codes import Code

__all__ = ["NoticeKind"]


class NoticeKind(Code):
    """单据种类: what a sheet is.

    >>> NoticeKind.read("缴费通知单").value, NoticeKind.SLIP.title("en")
    ('payment-notice', 'Payment slip')
    """

    PAYMENT_NOTICE = "payment-notice", "缴费通知单", "Payment notice", "通知单"
    ASSESSMENT = "assessment", "核定表", "Assessment sheet", "核定单"
    CERTIFICATE = "certificate", "缴费证明", "Payment certificate"
    SLIP = "slip", "个人缴费单", "Payment slip"
    ROSTER = "roster", "花名册", "Roster"
    CHANGES = "changes", "增减变动表", "Change list", "变动表"
    PLAN = "plan", "征缴计划明细", "Collection plans", "征缴计划"
    PROGRESS = "progress", "办理进度", "Progress sheet", "进度"
