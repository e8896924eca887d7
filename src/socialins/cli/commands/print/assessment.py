"""`socialins print assessment`: the assessment sheet, items with their rates and persons."""

from __future__ import annotations

from socialins.cli.commands.print.common import bill_command
from socialins.cli.context import lang_of
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("打印核定表。", "Print the assessment sheet.")

command = bill_command(
    "assessment",
    _TEXT,
    lambda request, bill, how: request.region.notices.assessment(bill, lang_of(), **how.options),
)
"""The command."""
