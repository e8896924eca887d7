"""`socialins file close`: the month ends, with changes or without."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.file.common import BOOK, WHEN, Kept, about
from socialins.cli.commands.file.keys import SIGNING, signed
from socialins.cli.parameters import OneOf
from socialins.faults import Text
from socialins.filing import CloseMonth
from socialins.model.unit import UnitAccount
from socialins.signing import Document, closing_document

__all__ = ["command"]

_TEXT = Text(
    "结算本月：有变动或无变动，只能办理其一。",
    "Close the month: changed or unchanged, one of the two.",
)


def _run(
    *,
    how: str,
    book: Path,
    leave_unsent: bool,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
    **signing: Any,
) -> None:
    kept = Kept.read(book, overlay)
    closing = kept.rules.closing
    business = closing.changed_by if how == "changed" else closing.unchanged_by
    close = CloseMonth(**about(at, by, key), business=business, leave_unsent=leave_unsent)

    def document(account: UnitAccount) -> Document:
        return closing_document(kept.book, business, kept.rules, account, others=kept.others())

    kept, close = signed(kept, close, document, **signing)
    kept.do(close, as_json)


command = Command(
    "close",
    text=_TEXT,
    params=[
        Argument(
            ["how"],
            type=OneOf(["changed", "unchanged"]),
            text=Text("changed 有变动，unchanged 无变动。", "changed or unchanged."),
        ),
        BOOK,
        Option(
            ["--leave-unsent"],
            is_flag=True,
            text=Text(
                "还有未提交的申报也结算，这些申报不计入本月。",
                "Close it though declarations are still with the unit; they don't count.",
            ),
        ),
        *SIGNING,
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
