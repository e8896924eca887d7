"""`socialins file history`: what happened, in order; each success with its record."""

from __future__ import annotations

from socialins.cli.commands.file.common import BOOK, Kept
from socialins.cli.history import history
from socialins.cli.screen import Column
from socialins.faults import Text
from socialins.filing import event_to_plain

__all__ = ["command"]

_ABOUT = Column(Text("申报", "Declaration"), whole=True)
_WORDS = {
    "BookOpened": Text("建立台账", "book opened"),
    "Drafted": Text("录入", "entered"),
    "Edited": Text("修改", "edited"),
    "Readied": Text("核对人数和工资", "heads and wages confirmed"),
    "Submitted": Text("提交", "submitted"),
    "StepRecorded": Text("审核进度", "step of the audit"),
    "ResultRecorded": Text("审核结果", "result"),
    "CounterConfirmed": Text("柜台确认", "confirmed at the counter"),
    "Withdrawn": Text("撤回", "taken back"),
    "Deleted": Text("删除", "deleted"),
    "Lapsed": Text("失效", "lapsed"),
    "MonthClosed": Text("结算", "month closed"),
    "AssessmentApplied": Text("核定", "assessed"),
    "MonthRolledBack": Text("回退", "taken back: closing and assessment"),
}


def _declaration(event: object) -> object:
    return getattr(event, "declaration", "")


command = history(BOOK, Kept.read, event_to_plain, words=_WORDS, column=_ABOUT, about=_declaration)
"""The command."""
