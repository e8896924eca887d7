"""`socialins cards history`: what happened, in order."""

from __future__ import annotations

from socialins.cards import event_to_plain
from socialins.cli.commands.cards.common import BOOK, Kept
from socialins.cli.history import history
from socialins.cli.screen import Column
from socialins.faults import Text

__all__ = ["command"]

_ABOUT = Column(Text("人数", "People"), number=True)
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


def _people(event: object) -> object:
    named = (getattr(event, name, None) for name in ("rows", "errors", "photos"))
    return next((len(one) for one in named if one is not None), "")


command = history(BOOK, Kept.read, event_to_plain, words=_WORDS, column=_ABOUT, about=_people)
"""The command."""
