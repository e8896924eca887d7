"""`socialins file rollback`: take the closing of the month and its assessment back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import BOOK, WHEN, Kept, about
from socialins.cli.commands.file.pay import collection_file
from socialins.cli.errors import Stopped
from socialins.cli.parameters import FILE
from socialins.collection import fold, may_roll_back
from socialins.faults import Text
from socialins.filing import RollBack

__all__ = ["command"]

_TEXT = Text(
    "回退月度结算和核定；已有征缴计划的先撤销。",
    "Take the closing of the month and its assessment back, if no plan was made of it.",
)


def _run(
    *,
    book: Path,
    paid_in: Path | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    journal = collection_file(book, paid_in)
    fault = may_roll_back(fold(journal.read())) if journal is not None else None
    if fault is not None:
        raise Stopped([fault], click.get_current_context())
    kept.do(RollBack(**about(at, by, key)), as_json)


command = Command(
    "rollback",
    text=_TEXT,
    params=[
        BOOK,
        Option(
            ["--pay", "paid_in"],
            type=FILE,
            text=Text(
                "征缴台账文件；默认与申报台账同一文件。",
                "The collection's journal file; the book itself by default.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
