"""Codes of filing: where a declaration stands, what came of its rows, how a month stands."""

from __future__ import annotations

from socialins.model.codes import Code

__all__ = ["BookState", "DeclarationState", "ImportResult", "RowOutcome", "StepState"]


class DeclarationState(Code):
    """申报状态: where a declaration stands."""

    DRAFT = "draft", "草稿", "draft", "录入中"
    READY = "ready", "待提交", "to submit"
    SUBMITTED = "submitted", "审核中", "submitted", "已提交", "待审核"
    COUNTER = "counter", "待柜台确认", "to be confirmed at the counter"
    PASSED = "passed", "审核通过", "passed", "已通过"
    RETURNED = "returned", "审核不通过", "returned", "退回", "未通过"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn", "撤销"
    LAPSED = "lapsed", "已失效", "lapsed"
    DELETED = "deleted", "已删除", "deleted"

    @property
    def is_unsent(self) -> bool:
        """Whether the bureau has not got it yet."""
        return self in (DeclarationState.DRAFT, DeclarationState.READY)

    @property
    def is_with_unit(self) -> bool:
        """Whether the next step is the unit's: it was never sent, taken back, or returned."""
        return self.is_unsent or self in (DeclarationState.WITHDRAWN, DeclarationState.RETURNED)

    @property
    def is_live(self) -> bool:
        """Whether something can still come of it, or has."""
        return self not in (DeclarationState.LAPSED, DeclarationState.DELETED)

    @property
    def is_pending(self) -> bool:
        """Whether the bureau still has to say something."""
        return self in (DeclarationState.SUBMITTED, DeclarationState.COUNTER)


class ImportResult(Code):
    """导入结果: what of a declaration's rows the bureau took."""

    ALL = "all", "全部成功", "all", "全部导入"
    PART = "part", "部分成功", "part", "部分导入"
    NONE = "none", "全部失败", "none", "未导入"


class RowOutcome(Code):
    """行结果: what came of one row of a declaration."""

    PENDING = "pending", "未定", "pending"
    PASSED = "passed", "成功", "passed"
    FAILED = "failed", "失败", "failed"
    NONE = "none", "不生效", "of no effect"


class StepState(Code):
    """环节状态: how a step of an audit stands; portals show them in colours."""

    WAITING = "waiting", "未到", "waiting", "灰色"
    IN_HAND = "in-hand", "办理中", "in hand", "蓝色"
    DONE = "done", "已办结", "done", "绿色"


class BookState(Code):
    """台账状态: whether a month still takes declarations."""

    OPEN = "open", "未结算", "open"
    CLOSED = "closed", "已结算", "closed"
