"""`socialins file delete`: delete a declaration that was not submitted, or was returned."""

from __future__ import annotations

from socialins.cli.commands.file.common import simple
from socialins.faults import Text
from socialins.filing import Delete

__all__ = ["command"]

command = simple(
    "delete",
    Text(
        "删除一项未提交或被退回的申报。",
        "Delete a declaration that was not submitted, or was returned.",
    ),
    Delete,
)
"""The command."""
