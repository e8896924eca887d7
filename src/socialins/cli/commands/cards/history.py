"""`socialins cards history`: what happened, in order."""

from __future__ import annotations

from pathlib import Path

from socialins.cards import event_to_plain
from socialins.cli.command import Command
from socialins.cli.commands.cards.common import BOOK, JSON, Kept
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, table
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("列出办理过的操作。", "List what was done.")
_COLUMNS = (
    Column(Text("序号", "No."), number=True),
    Column(Text("时间", "Moment"), whole=True),
    Column(Text("操作", "What")),
    Column(Text("人数", "People"), number=True),
    Column(Text("经办人", "By")),
)
_WORDS = {
    "BatchOpened": Text("建立批次", "batch begun"),
    "Confirmed": Text("确认无误", "confirmed"),
    "ErrorsNoted": Text("填写勘误", "errors noted"),
    "PhotosAdded": Text("收照片", "photographs taken in"),
    "Submitted": Text("提交", "handed in"),
    "ReceiptRecorded": Text("受理回执", "receipt"),
    "ResultRecorded": Text("制卡结果", "cards made"),
    "Collected": Text("单位领卡", "collected"),
    "HandedOut": Text("发放签收", "handed out"),
    "Withdrawn": Text("撤回", "withdrawn"),
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
            _people(event),
            event.by,
        ]
        for number, event in enumerate(kept.history, start=1)
    ]
    print_trimmed(make_console(), table(_COLUMNS, rows, lang))


def _people(event: object) -> object:
    named = (getattr(event, name, None) for name in ("rows", "errors", "photos"))
    return next((len(one) for one in named if one is not None), "")


command = Command("history", text=_TEXT, params=[BOOK, JSON], callback=_run)
"""The command."""
