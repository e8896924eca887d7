"""`socialins file history`: what happened, in order; each success with its record."""

from __future__ import annotations

from pathlib import Path

from socialins.cli.command import Command
from socialins.cli.commands.file.common import BOOK, JSON, Kept
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, table
from socialins.faults import Text
from socialins.filing import event_to_plain

__all__ = ["command"]

_TEXT = Text("列出办理过的操作。", "List what was done.")
_COLUMNS = (
    Column(Text("序号", "No."), number=True),
    Column(Text("时间", "Moment"), whole=True),
    Column(Text("操作", "What"), whole=True),
    Column(Text("申报", "Declaration"), whole=True),
    Column(Text("经办人", "By")),
)
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
            getattr(event, "declaration", ""),
            event.by,
        ]
        for number, event in enumerate(kept.history, start=1)
    ]
    print_trimmed(make_console(), table(_COLUMNS, rows, lang))


command = Command("history", text=_TEXT, params=[BOOK, JSON], callback=_run)
"""The command."""
