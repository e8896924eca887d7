"""Codes of card batches: what is wanted, and where it stands."""

from __future__ import annotations

from socialins.model.codes import Code

__all__ = ["BatchState", "CardKind", "RowState", "Stage"]


class CardKind(Code):
    """What is wanted."""

    REQUEST = "request", "新申领", "request"
    CORRECTION = "correction", "信息勘误换卡", "correction"
    REISSUE = "reissue", "补换卡", "re-issue"


class RowState(Code):
    """Where somebody's card stands."""

    ENTERED = "entered", "已采集", "entered"
    CONFIRMED = "confirmed", "确认无误", "confirmed without error"
    ERROR = "error", "有误待勘误", "with an error noted"
    REJECTED = "rejected", "未通过", "rejected"
    MADE = "made", "已制卡", "made"
    COLLECTED = "collected", "单位已领", "collected by the unit"
    HANDED_OUT = "handed-out", "已发本人", "handed out"


class BatchState(Code):
    """Where a batch stands."""

    OPEN = "open", "采集中", "open"
    SUBMITTED = "submitted", "已提交", "submitted"
    RECEIVED = "received", "已受理，制卡中", "accepted, being made"
    MADE = "made", "已制卡，待领取", "made, to be collected"
    COLLECTED = "collected", "单位已领，待发放", "collected, to be handed out"
    DONE = "done", "已发放", "handed out"
    REJECTED = "rejected", "未通过", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class Stage(Code):
    """How far a step is."""

    WAITING = "waiting", "待办", "waiting"
    IN_HAND = "in-hand", "办理中", "in hand"
    DONE = "done", "已办", "done"
