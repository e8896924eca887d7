"""`socialins pay note`: what the unit knows of its agreement and of its credit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from socialins.cli.command import Command, Option
from socialins.cli.commands.pay.common import BOOK, WHEN, Kept, about
from socialins.cli.errors import Misuse
from socialins.cli.parameters import AMOUNT, OneOf
from socialins.collection import NoteAgreement, NoteCredit
from socialins.faults import Fault, Text
from socialins.values import Money

__all__ = ["command"]

_TEXT = Text(
    "记录是否签订三方协议，或经办机构的待转金余额。",
    "Note whether an agreement is signed, or the agency's credit balance.",
)


def _run(
    *,
    book: Path,
    agreement: str | None,
    credit: Money | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    if (agreement is None) is (credit is None):
        names = {"names": "--agreement, --credit"}
        raise Misuse(Fault("cli.one-of", names), click.get_current_context())
    kept = Kept.read(book, overlay)
    carried = about(at, by, key)
    if credit is not None:
        kept.do(NoteCredit(**carried, balance=credit), as_json)
    else:
        kept.do(NoteAgreement(**carried, signed=agreement == "yes"), as_json)


command = Command(
    "note",
    text=_TEXT,
    params=[
        BOOK,
        Option(
            ["--agreement"],
            type=OneOf(["yes", "no"]),
            text=Text("是否已签订三方协议。", "Whether a tripartite agreement is signed."),
        ),
        Option(
            ["--credit"],
            type=AMOUNT,
            text=Text("待转金余额。", "The credit balance."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
