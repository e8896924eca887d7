"""`socialins file step`: how a step of the audit stands."""

from __future__ import annotations

from socialins.cli.command import Argument, Option
from socialins.cli.commands.file.common import simple
from socialins.cli.parameters import OneOf
from socialins.faults import Text
from socialins.filing import RecordStep, StepState

__all__ = ["command"]

command = simple(
    "step",
    Text("记录一个审核环节的进度。", "Record how a step of the audit stands."),
    RecordStep,
    Argument(["step"], text=Text("环节。", "The step.")),
    Argument(
        ["state"],
        type=OneOf([one.value for one in StepState]),
        text=Text("进度。", "How it stands."),
    ),
    Option(["--handler"], default="", text=Text("办理人。", "Who has it.")),
)
"""The command."""
