"""Codes of access: where a registration stands, and whether somebody may still act."""

from __future__ import annotations

from socialins.model.codes import Code

__all__ = ["MemberState", "UnitState"]


class UnitState(Code):
    """注册状态: where a unit's registration stands."""

    UNVERIFIED = "unverified", "待认证", "to be verified"
    WAITING = "waiting", "待审核", "waiting for the bureau"
    ACTIVE = "active", "已开通", "open"
    REJECTED = "rejected", "审核不通过", "rejected"
    DROPPED = "dropped", "注册已清除", "dropped"

    @property
    def is_live(self) -> bool:
        """Whether it keeps its code, number, phone and certificate for itself."""
        return self not in (UnitState.REJECTED, UnitState.DROPPED)


class MemberState(Code):
    """操作员状态: whether an operator of a unit may act at all."""

    ACTIVE = "active", "在用", "active"
    SUSPENDED = "suspended", "停用", "suspended"
    LEFT = "left", "已离开", "left"
