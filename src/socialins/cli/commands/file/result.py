"""`socialins file result`: what the bureau took of a declaration."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.file.common import BOOK, DECLARATION, WHEN, Kept, about
from socialins.cli.parameters import FILE, OneOf
from socialins.faults import Fault, FaultError, Place, Text
from socialins.filing import ImportResult, RecordResult, result_of

__all__ = ["command"]

_TEXT = Text(
    "记录一项申报的结果：全部、部分或没有成功。",
    "Record the result of a declaration: all, part or none of it was taken.",
)


def _run(
    *,
    declaration: str,
    result: str,
    book: Path,
    failed: Path | None,
    reject: tuple[tuple[str, str], ...],
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    said = about(at, by, key)
    reasons = {**(_failures(failed) if failed else {}), **dict(reject)}
    listed = result_of(kept.declaration(declaration), reasons, **said)
    told = RecordResult(**said, declaration=declaration, result=result, rejected=listed.rejected)
    kept.do(told, as_json)


def _failures(path: Path) -> dict[str, str]:
    """Read a list of failures: reason by row or document number."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            heads = reader.fieldnames or ()
            name = next(
                (one for one in ("row", "行号", "id_number", "证件号码") if one in heads), ""
            )
            why = next((one for one in ("reason", "原因") if one in heads), "")
            if not name or not why:
                raise ValueError(f"its columns are {', '.join(heads) or 'none'}")
            return {line[name]: line[why] or "" for line in reader if line[name]}
    except (OSError, ValueError, csv.Error) as error:
        values = {"path": str(path), "reason": str(error)}
        raise FaultError(Fault("cli.failures", values, Place(file=str(path)))) from error


command = Command(
    "result",
    text=_TEXT,
    params=[
        DECLARATION,
        Argument(
            ["result"],
            type=OneOf([one.value for one in ImportResult]),
            text=Text("all 全部、part 部分、none 没有成功。", "all, part or none."),
        ),
        BOOK,
        Option(
            ["--failed"],
            type=FILE,
            text=Text("失败名单（csv）。", "The list of failures (csv)."),
        ),
        Option(
            ["--reject"],
            nargs=2,
            multiple=True,
            metavar="ROW REASON",
            text=Text(
                "或逐行给出：行号（或证件号码）和原因。",
                "Or row by row: the row or document number, and why.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
