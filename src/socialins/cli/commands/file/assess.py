"""`socialins file assess`: what the closed month comes to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import BOOK, WHEN, Kept, about
from socialins.cli.commands.file.settling import settled_after
from socialins.cli.errors import Misuse
from socialins.cli.parameters import AMOUNT, FILE, RATE
from socialins.faults import Fault, Text
from socialins.filing import ApplyAssessment
from socialins.values import Money, Rate

__all__ = ["command"]

_TEXT = Text(
    "记录本月的核定金额，或由上月花名册和本月变动算出。",
    "Record what the month was assessed at, or compute it from last month's roster.",
)


def _run(
    *,
    book: Path,
    total: Money | None,
    before: Path | None,
    injury_rate: Rate | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    if (total is None) is (before is None):
        raise Misuse(Fault("cli.one-of", {"names": "--total, --before"}), _here())
    kept = Kept.read(book, overlay)
    if before is not None:
        total = settled_after(kept, before, injury_rate, overlay).total
    assert total is not None  # noqa: S101  # one of the two was given
    kept.do(ApplyAssessment(**about(at, by, key), total=total), as_json)


def _here() -> click.Context:
    return click.get_current_context()


command = Command(
    "assess",
    text=_TEXT,
    params=[
        BOOK,
        Option(["--total"], type=AMOUNT, text=Text("核定金额。", "The amount.")),
        Option(
            ["--before"],
            type=FILE,
            text=Text("上月的花名册，据此计算。", "Last month's roster, to compute it from."),
        ),
        Option(
            ["--injury-rate"],
            type=RATE,
            text=Text("参保户的工伤费率，如 0.2%。", "The account's injury rate, as 0.2%."),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
