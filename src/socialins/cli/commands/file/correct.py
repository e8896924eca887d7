"""`socialins file correct`: the failed rows of a declaration, corrected, as one of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import attrs
import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.file.common import BOOK, DECLARATION, WHEN, Kept, about
from socialins.cli.commands.file.rows import rows_of_file
from socialins.cli.errors import Stopped
from socialins.cli.parameters import FILE
from socialins.faults import Text
from socialins.filing import Change, Declaration, correction

__all__ = ["command"]

_TEXT = Text(
    "把失败的行改正后作为新的申报重报。",
    "File the failed rows of a declaration again, corrected, as a new one.",
)


def _run(
    *,
    declaration: str,
    into: str,
    book: Path,
    rows: Path | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    one = kept.declaration(declaration)
    corrected = (
        [row for row, _ in one.failed()]
        if rows is None
        else list(_matched(one, rows_of_file(rows, kept.region, kept.month, one.business)))
    )
    found = correction(one, corrected, into=into, **about(at, by, key))
    if found.command is None:
        raise Stopped(found.faults, click.get_current_context())
    kept.do(found.command, as_json)


def _matched(one: Declaration, rows: Iterator[Change]) -> Iterator[Change]:
    """Rows of a file under the ids that their persons have in the declaration."""
    ids = {row.person.key: row.row for row in one.rows if row.person is not None}
    for row in rows:
        key = row.person.key if row.person else ("", "")
        yield attrs.evolve(row, row=ids.get(key, f"{row.row}?"))


command = Command(
    "correct",
    text=_TEXT,
    params=[
        DECLARATION,
        Argument(["into"], text=Text("新申报的编号。", "The id of the new declaration.")),
        BOOK,
        Option(
            ["--rows"],
            type=FILE,
            text=Text(
                "改正后的人员文件；不给时原样重报全部失败的行。",
                "The corrected persons, as a file; without it all failed rows as they were.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
