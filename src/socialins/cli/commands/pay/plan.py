"""`socialins pay plan`: what was assessed becomes a plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from socialins.cli.command import Command, Option
from socialins.cli.commands.pay.common import BOOK, PLAN, WHEN, Kept, about
from socialins.cli.commands.pay.lines import HOW, LINES, owed_of, plan_choices
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import FILE, RATE
from socialins.collection import plan_of
from socialins.collection.lines import Assessed
from socialins.faults import Fault, Text
from socialins.values import Money, Month, Rate

__all__ = ["command"]

_TEXT = Text(
    "按核定结果制定征缴计划；待转金此时冲抵。",
    "Make a plan of what was assessed; credit is offset now.",
)


def _run(
    *,
    plan: str,
    book: Path,
    roster: Path | None,
    injury_rate: Rate | None,
    lines: tuple[tuple[str, str, Money], ...],
    period: Month | None,
    kind: str,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
    **how: Any,
) -> None:
    if (roster is None) is (not lines):
        names = {"names": "--roster, --line"}
        raise Misuse(Fault("cli.one-of", names), click.get_current_context())
    kept = Kept.read(book, overlay)
    month = kept.collection.month
    assert month is not None  # noqa: S101  # `read` has seen to it
    amounts: list[Assessed] = [*owed_of(lines, period, kind, month)]
    if roster is not None:
        read = kept.region.read_roster(roster, month, injury_rate=injury_rate)
        if wrong := [fault for fault in read.faults if fault.is_error]:
            raise Stopped(wrong, click.get_current_context())
        amounts += kept.region.settle(read, month, overlay=overlay).contributions
    carried = about(at, by, key)
    kept.do(plan_of(amounts, plan, carried.pop("at"), **carried, **plan_choices(**how)), as_json)


command = Command(
    "plan",
    text=_TEXT,
    params=[
        PLAN,
        BOOK,
        Option(
            ["--roster"],
            type=FILE,
            text=Text("本月的花名册，据此结算。", "The month's roster, which is settled."),
        ),
        Option(
            ["--injury-rate"],
            type=RATE,
            text=Text("参保户的工伤费率，如 0.2%。", "The account's injury rate, as 0.2%."),
        ),
        *LINES,
        *HOW,
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
