"""`socialins print progress`: where each declaration of a filing book stands."""

from __future__ import annotations

from socialins.cli.commands.print.filings import book_command
from socialins.cli.context import lang_of
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("用台账打印办理进度。", "Print the progress of a filing book's declarations.")

command = book_command(
    "progress",
    _TEXT,
    lambda region, books, given: region.notices.progress(books, lang_of(), **given),
)
"""The command."""
