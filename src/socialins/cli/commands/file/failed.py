"""`socialins file failed`: the rows that were not taken, to be corrected in a file."""

from __future__ import annotations

import csv
from pathlib import Path

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import BOOK, DECLARATION, JSON, OVERLAY, Kept
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import NEW_FILE
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table
from socialins.faults import Fault, FaultError, Place, Text

__all__ = ["command"]

_TEXT = Text("列出一项申报的失败名单。", "List the rows of a declaration that were not taken.")
_COLUMNS = (
    Column(Text("行号", "Row"), whole=True),
    Column(Text("姓名", "Name"), whole=True),
    Column(Text("申报工资", "Wage"), number=True),
    Column(Text("原因", "Reason")),
)
_NONE = Text("没有失败的行。", "No row has failed.")
_WRITTEN = Text("已写入 {path}。", "Written: {path}")
_HEADS = ("row", "name", "id_number", "wage", "reason")


def _run(
    *, declaration: str, book: Path, out: Path | None, overlay: Path | None, as_json: bool
) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    failed = [
        {
            "row": row.row,
            "name": row.person.name if row.person else "",
            "id_number": row.person.document.number if row.person else "",
            "wage": str(row.wage) if row.wage is not None else "",
            "reason": " ".join(part for part in (why.code, why.reason) if part),
        }
        for row, why in kept.declaration(declaration).failed()
    ]
    if out is not None:
        _write(out, failed)
    if as_json:
        print_json({"declaration": declaration, "failed": failed})
        return
    console = make_console()
    if failed:
        rows = [[one[name] for name in ("row", "name", "wage", "reason")] for one in failed]
        print_trimmed(console, table(_COLUMNS, rows, lang))
    else:
        say(console, _NONE.get(lang))
    if out is not None:
        say(console, _WRITTEN.get(lang).format(path=shown(out)))


def _write(path: Path, failed: list[dict[str, str]]) -> None:
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, _HEADS)
            writer.writeheader()
            writer.writerows(failed)
    except OSError as error:
        values = {"path": str(path), "reason": error.strerror or str(error)}
        raise FaultError(Fault("cli.write-failed", values, Place(file=str(path)))) from error


command = Command(
    "failed",
    text=_TEXT,
    params=[
        DECLARATION,
        BOOK,
        Option(
            ["--out"],
            type=NEW_FILE,
            text=Text(
                "写成文件（csv），改正后用 correct 重报。",
                "Write it to a file (csv), to be corrected and filed again with `correct`.",
            ),
        ),
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
