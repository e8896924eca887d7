"""`socialins pay void`: void a declaration, or an order with its voucher."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.pay.common import BOOK, WHEN, Kept, about
from socialins.collection import VoidDeclaration, VoidOrder
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "作废申报（计划编号），或作废缴款及其凭证（缴款编号）。",
    "Void a declaration (a plan's id), or an order with its voucher (an order's id).",
)


def _run(
    *,
    what: str,
    at_bureau: bool,
    book: Path,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    carried = about(at, by, key)
    if what in kept.collection.plans and what not in kept.collection.orders:
        kept.do(VoidDeclaration(**carried, plan=what), as_json)
    else:
        kept.do(VoidOrder(**carried, order=what, at_bureau=at_bureau), as_json)


command = Command(
    "void",
    text=_TEXT,
    params=[
        Argument(["what"], text=Text("计划或缴款的编号。", "Id of a plan or of an order.")),
        BOOK,
        Option(
            ["--at-bureau"],
            is_flag=True,
            text=Text("税务局已在局端作废。", "The tax bureau has voided it."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
