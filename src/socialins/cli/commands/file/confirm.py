"""`socialins file confirm`: record that the papers were confirmed at the counter."""

from __future__ import annotations

from socialins.cli.commands.file.common import simple
from socialins.faults import Text
from socialins.filing import ConfirmAtCounter

__all__ = ["command"]

command = simple(
    "confirm",
    Text("记录柜台已确认。", "Record that the papers were confirmed at the counter."),
    ConfirmAtCounter,
)
"""The command."""
