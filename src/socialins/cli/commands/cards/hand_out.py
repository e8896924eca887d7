"""`socialins cards hand-out`: people get their cards and sign for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.cards import HandOut, RowState
from socialins.cli.command import Command
from socialins.cli.commands.cards.common import ALL, BOOK, WHEN, WHO, Kept, about, chosen
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "记录发卡，本人已签收。--all：单位领到的全部。",
    "Record that people got their cards and signed; --all: whose cards the unit has.",
)


def _run(
    *,
    who: tuple[str, ...],
    everybody: bool,
    book: Path,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    rows = chosen(kept.batch, who, everybody, kept.batch.of_state(RowState.COLLECTED))
    kept.do(HandOut(**about(at, by, key), rows=rows), as_json)


command = Command("hand-out", text=_TEXT, params=[WHO, ALL, BOOK, *WHEN], callback=_run)
"""The command."""
