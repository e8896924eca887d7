"""`socialins cards note-errors`: what is wrong in what the bureau has, and what is right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from socialins.cards import NoteErrors, read_errors
from socialins.cli.command import Command, Option
from socialins.cli.commands.cards.common import BOOK, WHEN, Kept, about
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import FILE
from socialins.faults import Fault, Text

__all__ = ["command"]

_TEXT = Text(
    "填写勘误：有误的项目和正确的内容。", "Note errors: which field is wrong, and what is right."
)


def _run(
    *,
    book: Path,
    sheet: Path | None,
    errors: tuple[tuple[str, str, str], ...],
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    ctx = click.get_current_context()
    if (sheet is None) is (not errors):
        raise Misuse(Fault("cli.one-of", {"names": "--sheet, --error"}), ctx)
    kept = Kept.read(book, overlay)
    noted: dict[str, Mapping[str, str]] = {}
    besides: tuple[Fault, ...] = ()
    if sheet is not None:
        listed = read_errors(sheet)
        if wrong := [fault for fault in listed.faults if fault.is_error]:
            raise Stopped(wrong, ctx)
        noted, besides = listed.errors(kept.batch), listed.faults
    for who, field, right in errors:
        row = kept.batch.row_of(who)
        noted[row] = {**noted.get(row, {}), field: right}
    kept.do(NoteErrors(**about(at, by, key), errors=noted), as_json, besides)


command = Command(
    "note-errors",
    text=_TEXT,
    params=[
        BOOK,
        Option(
            ["--sheet"],
            type=FILE,
            text=Text(
                "勘误表（csv、xlsx）：姓名、证件号码、项目、更正为。",
                "An error sheet (csv, xlsx): name, id_number, field, what is right.",
            ),
        ),
        Option(
            ["--error", "errors"],
            nargs=3,
            multiple=True,
            metavar="WHO FIELD RIGHT",
            text=Text(
                "或逐项给出：行号（或证件号码）、项目、正确内容；可多次。",
                "Or one by one: row or number, field, what is right; may be repeated.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
