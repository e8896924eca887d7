"""`socialins print changes`: who joins, who leaves, what changes, of a filing book."""

from __future__ import annotations

from socialins.cli.commands.print.filings import book_command
from socialins.cli.context import lang_of
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("用台账打印增减变动表。", "Print the change list of a filing book.")

command = book_command(
    "changes", _TEXT, lambda region, books, given: region.notices.changes(books, lang_of(), **given)
)
"""The command."""
