"""`socialins cards confirm`: people's data are without error."""

from __future__ import annotations

from socialins.cards import Confirm, RowState
from socialins.cli.commands.cards.common import of_rows
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "确认人员信息无误。--all：尚未确认、也没有勘误的全部人员。",
    "Confirm that data are without error; --all: of everybody who is merely entered.",
)

command = of_rows("confirm", _TEXT, Confirm, RowState.ENTERED)
"""The command."""
