"""`socialins file edit`: replace the rows of a declaration that is with the unit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from socialins.cli.command import Command
from socialins.cli.commands.file.common import BOOK, DECLARATION, WHEN, Kept, about
from socialins.cli.commands.file.rows import ROWS, Stated
from socialins.faults import Text
from socialins.filing import Edit

__all__ = ["command"]

_TEXT = Text(
    "修改一项申报的人员：未提交的、撤回的，或允许修改的退回申报。",
    "Replace the rows of a declaration: unsent, taken back, or returned where that is allowed.",
)


def _run(
    *,
    declaration: str,
    book: Path,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
    **stated: Any,
) -> None:
    kept = Kept.read(book, overlay)
    business = kept.declaration(declaration).business
    rows = Stated(**stated).changes(kept.region, kept.month, business)
    kept.do(Edit(**about(at, by, key), declaration=declaration, rows=rows), as_json)


command = Command("edit", text=_TEXT, params=[DECLARATION, BOOK, *ROWS, *WHEN], callback=_run)
"""The command."""
