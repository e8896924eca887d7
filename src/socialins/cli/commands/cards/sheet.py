"""`socialins cards sheet`: error sheet, no-error sheet, list of people, list to sign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.calendar import SHANGHAI
from socialins.cards import SheetKind, card_sheet
from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.cards.common import BOOK, JSON, OVERLAY, Kept
from socialins.cli.commands.cards.pictures import PICTURES, pack
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FOLDER, MONTH, NEW_FILE, OneOf
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table
from socialins.faults import Fault, FaultError, Place, Text
from socialins.values import Month

__all__ = ["command"]

_TEXT = Text(
    "单位自己的勘误表、确认无误表、制卡名单、领卡签收册。",
    "The unit's own sheets: errors, no errors, people of the request, list to sign.",
)
_EMPTY = Text("表中没有人。", "Nobody stands on it.")
_WRITTEN = Text("已写入 {path}。", "Written: {path}")


def _run(
    *,
    kind: str,
    book: Path,
    out: Path | None,
    month: Month | None,
    photos: Path | None,
    overlay: Path | None,
    as_json: bool,
    **pictures: Any,
) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    packed = pack(kept, photos, overlay, **pictures) if photos is not None else None
    when = month or Month.of(kept.history[-1].at.astimezone(SHANGHAI).date())
    sheet = card_sheet(kind, kept.batch, when, photos=packed, lang=lang)
    if out is not None:
        try:
            sheet.save(out)
        except OSError as error:
            values = {"path": str(out), "reason": error.strerror or str(error)}
            raise FaultError(Fault("cli.write-failed", values, Place(file=str(out)))) from error
    if as_json:
        lines = [dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows]
        print_json({"sheet": sheet.kind.value, "month": str(when), "rows": lines})
        return
    console = make_console()
    say(console, sheet.title, "bold")
    if sheet.rows:
        columns = [Column(Text(one, one)) for one in sheet.headings]
        print_trimmed(console, table(columns, sheet.rows, lang))
    else:
        say(console, _EMPTY.get(lang))
    say(console, sheet.foot)
    if out is not None:
        say(console, _WRITTEN.get(lang).format(path=shown(out)))


command = Command(
    "sheet",
    text=_TEXT,
    params=[
        Argument(
            ["kind"],
            type=OneOf([one.value for one in SheetKind]),
            text=Text(
                "errors 勘误表，confirmed 确认无误表，request 名单，signing 签收册。",
                "errors, confirmed, request or signing.",
            ),
        ),
        BOOK,
        Option(
            ["--out"],
            type=NEW_FILE,
            text=Text("写成文件：.csv 或 .xlsx。", "Write it to a file: .csv or .xlsx."),
        ),
        Option(
            ["--month"],
            type=MONTH,
            text=Text("表的月份；默认最近一次办理的月份。", "Its month; that of the last event."),
        ),
        Option(
            ["--photos"],
            type=FOLDER,
            text=Text(
                "照片所在的文件夹；不合格的照片也列入勘误表。",
                "Folder of the photographs; those that can't go stand on the error sheet too.",
            ),
        ),
        *PICTURES,
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
