"""`socialins pay feedback`: what the tax side said of a declaration."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Argument, Option
from socialins.cli.commands.pay.common import PLAN, simple
from socialins.cli.parameters import OneOf, Whole
from socialins.collection import RecordFeedback
from socialins.faults import Text

__all__ = ["command"]


def _make(*, answer: str, **said: Any) -> RecordFeedback:
    return RecordFeedback(accepted=answer == "accepted", **said)


command = simple(
    "feedback",
    Text("记录申报的反馈：成功或失败。", "Record what the tax side said of a declaration."),
    _make,
    PLAN,
    Argument(
        ["answer"],
        type=OneOf(["accepted", "refused"]),
        text=Text("accepted 成功，refused 失败。", "accepted or refused."),
    ),
    Option(["--reason"], default="", text=Text("失败原因。", "Why it was refused.")),
    Option(
        ["--number"],
        default=0,
        type=Whole(0),
        text=Text("第几次申报；默认最近一次。", "Which declaration of it; the last by default."),
    ),
)
"""The command."""
