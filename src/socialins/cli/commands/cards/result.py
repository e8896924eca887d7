"""`socialins cards result`: which cards were made, and who was rejected."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.cards import RecordResult, read_rejections
from socialins.cli.command import Command, Option
from socialins.cli.commands.cards.common import BOOK, WHEN, Kept, about
from socialins.cli.parameters import FILE
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "记录制卡结果；没有列出的人员都已制卡。",
    "Record what was made: all cards but those of the people who are named.",
)


def _run(
    *,
    book: Path,
    rejected: Path | None,
    reject: tuple[tuple[str, str], ...],
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    reasons = read_rejections(rejected, kept.batch) if rejected is not None else {}
    reasons |= {kept.batch.row_of(who): why for who, why in reject}
    kept.do(RecordResult(**about(at, by, key), rejected=reasons), as_json)


command = Command(
    "result",
    text=_TEXT,
    params=[
        BOOK,
        Option(
            ["--rejected"],
            type=FILE,
            text=Text(
                "未通过名单（csv、xlsx）：行号或证件号码、原因。",
                "A list of those rejected (csv, xlsx): row or id_number, reason.",
            ),
        ),
        Option(
            ["--reject"],
            nargs=2,
            multiple=True,
            metavar="WHO REASON",
            text=Text(
                "或逐人给出：行号（或证件号码）和原因；可多次。",
                "Or one by one: row or number, and why; may be repeated.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
