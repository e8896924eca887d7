"""`socialins file expire`: let lapse what was not confirmed at the counter in time."""

from __future__ import annotations

from socialins.cli.commands.file.common import simple
from socialins.faults import Text
from socialins.filing import Expire

__all__ = ["command"]

command = simple(
    "expire",
    Text(
        "让逾期未到柜台确认的申报失效。", "Let lapse what was not confirmed at the counter in time."
    ),
    Expire,
    of_declaration=False,
)
"""The command."""
