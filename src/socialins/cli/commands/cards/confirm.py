"""`socialins cards confirm`: people's data are without error."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.cards import Confirm, RowState
from socialins.cli.command import Command
from socialins.cli.commands.cards.common import ALL, BOOK, WHEN, WHO, Kept, about, chosen
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "确认人员信息无误。--all：尚未确认、也没有勘误的全部人员。",
    "Confirm that data are without error; --all: of everybody who is merely entered.",
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
    rows = chosen(kept.batch, who, everybody, kept.batch.of_state(RowState.ENTERED))
    kept.do(Confirm(**about(at, by, key), rows=rows), as_json)


command = Command("confirm", text=_TEXT, params=[WHO, ALL, BOOK, *WHEN], callback=_run)
"""The command."""
