"""`socialins file open`: begin a month's book."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import WHEN, Kept, about
from socialins.cli.parameters import MONTH, NEW_FILE, REGION
from socialins.facade import Region
from socialins.faults import Text
from socialins.filing import OpenBook, fold
from socialins.store.filing_journal import journal_at
from socialins.values import Month

__all__ = ["command"]

_TEXT = Text("建立一个参保户某月的台账。", "Begin the book of an account's month.")


def _run(
    *,
    book: Path,
    region: Region,
    account: str,
    month: Month,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    journal = journal_at(book)
    kept = Kept(journal, fold(journal.read()), region, region.filing(overlay))
    command = OpenBook(**about(at, by, key), account=account, division=region.code, month=month)
    kept.do(command, as_json)


command = Command(
    "open",
    text=_TEXT,
    params=[
        Option(
            ["--book"],
            required=True,
            type=NEW_FILE,
            text=Text("台账文件；不存在的会建立。", "The book's journal file; it is made."),
        ),
        Option(
            ["--region"],
            required=True,
            type=REGION,
            text=Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code."),
        ),
        Option(["--account"], required=True, text=Text("单位编号。", "The account's number.")),
        Option(
            ["--month"],
            required=True,
            type=MONTH,
            text=Text("生效月份，如 2026-11。", "The month it counts for, as 2026-11."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
