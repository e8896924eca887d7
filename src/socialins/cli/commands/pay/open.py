"""`socialins pay open`: begin an account's month."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.cli.command import Command, Option
from socialins.cli.commands.pay.common import WHEN, Kept, about
from socialins.cli.parameters import MONTH, NEW_FILE, REGION
from socialins.collection import OpenCollection, fold
from socialins.facade import Region
from socialins.faults import Text
from socialins.store.collection_journal import CollectionFile
from socialins.values import Month

__all__ = ["command"]

_TEXT = Text("建立一个参保户某月的征缴台账。", "Begin the collection of an account's month.")


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
    journal = CollectionFile(book)
    kept = Kept(journal, fold(journal.read()), region, region.collection(overlay))
    opened = OpenCollection(
        **about(at, by, key), account=account, division=region.code, month=month
    )
    kept.do(opened, as_json)


command = Command(
    "open",
    text=_TEXT,
    params=[
        Option(
            ["--book"],
            required=True,
            type=NEW_FILE,
            text=Text(
                "征缴台账文件（SQLite）；不存在的会建立，可与申报台账同一文件。",
                "The journal file (SQLite); it is made, or is that of the filing book.",
            ),
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
            text=Text("征缴月份，如 2026-11。", "The month that is collected, as 2026-11."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
