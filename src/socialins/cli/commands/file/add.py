"""`socialins file add`: enter a declaration."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.file.common import BOOK, DECLARATION, WHEN, Kept, about
from socialins.cli.commands.file.rows import ROWS, Stated
from socialins.cli.parameters import OneOf
from socialins.faults import Text
from socialins.filing import Draft
from socialins.rules.business import Channel

__all__ = ["command"]

_TEXT = Text("录入一项申报。", "Enter a declaration.")


def _run(
    *,
    declaration: str,
    business: str,
    book: Path,
    channel: str,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
    **stated: Any,
) -> None:
    kept = Kept.read(book, overlay)
    rows = Stated(**stated).changes(kept.region, kept.month, business)
    entered = Draft(
        **about(at, by, key),
        declaration=declaration,
        business=business,
        rows=rows,
        channel=channel,
    )
    kept.do(entered, as_json)


command = Command(
    "add",
    text=_TEXT,
    params=[
        DECLARATION,
        Argument(["business"], text=Text("业务，如 staff.add。", "The business, as staff.add.")),
        BOOK,
        *ROWS,
        Option(
            ["--channel"],
            default="online",
            type=OneOf([one.value for one in Channel]),
            text=Text("申报渠道；默认网上。", "How it is filed; online by default."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
