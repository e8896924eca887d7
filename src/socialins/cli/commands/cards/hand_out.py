"""`socialins cards hand-out`: people get their cards and sign for them."""

from __future__ import annotations

from socialins.cards import HandOut, RowState
from socialins.cli.commands.cards.common import of_rows
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "记录发卡，本人已签收。--all：单位领到的全部。",
    "Record that people got their cards and signed; --all: whose cards the unit has.",
)

command = of_rows("hand-out", _TEXT, HandOut, RowState.COLLECTED)
"""The command."""
