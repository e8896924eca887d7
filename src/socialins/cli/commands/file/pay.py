"""`socialins file pay`: the closed and assessed month becomes a plan, to be paid."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import BOOK, Kept
from socialins.cli.commands.file.settling import settled_after
from socialins.cli.commands.pay.common import PLAN, WHEN, Kept as KeptCollection, about
from socialins.cli.commands.pay.lines import HOW, LINES, owed_of, plan_choices
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import FILE, NEW_FILE, RATE
from socialins.collection import OpenCollection, fold, may_plan, plan_of
from socialins.collection.commands import Command as CollectionCommand
from socialins.collection.lines import Assessed
from socialins.faults import Fault, Text
from socialins.store.collection_journal import CollectionFile
from socialins.store.opening import is_database
from socialins.values import Money, Month, Rate

__all__ = ["collection_file", "command"]

_TEXT = Text(
    "由已结算、已核定的月份制定征缴计划；之后用 socialins pay 申报缴款。",
    "Make a plan of the closed and assessed month; socialins pay goes on with it.",
)


def collection_file(book: Path, into: Path | None) -> CollectionFile | None:
    """Where a month's collection is kept: where it is said, or in the book itself if that can.

    Only an SQLite file has room for both; a book of lines has none.
    """
    if into is not None:
        return CollectionFile(into)
    return CollectionFile(book) if is_database(book) else None


def _run(
    *,
    plan: str,
    book: Path,
    into: Path | None,
    before: Path | None,
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
    here = click.get_current_context()
    if (before is None) is (not lines):
        raise Misuse(Fault("cli.one-of", {"names": "--before, --line"}), here)
    journal = collection_file(book, into)
    if journal is None:
        raise Misuse(Fault("cli.pay-into", {"path": str(book)}), here)
    kept = Kept.read(book, overlay)
    amounts: list[Assessed] = [*owed_of(lines, period, kind, kept.month)]
    if before is not None:
        amounts += settled_after(kept, before, injury_rate, overlay).contributions
    if fault := may_plan(kept.book, Money.sum(one.amount for one in amounts)):
        raise Stopped([fault], here)
    carried = about(at, by, key)
    commands: list[CollectionCommand] = []
    state = fold(journal.read())
    if not state.is_opened:
        opened = OpenCollection(
            at=carried["at"],
            by=by,
            account=kept.book.account,
            division=kept.book.division,
            month=kept.month,
        )
        commands.append(opened)
    commands.append(plan_of(amounts, plan, carried.pop("at"), **carried, **plan_choices(**how)))
    rules = kept.region.collection(overlay)
    KeptCollection(journal, state, kept.region, rules).do_all(commands, as_json)


command = Command(
    "pay",
    text=_TEXT,
    params=[
        PLAN,
        BOOK,
        Option(
            ["--into"],
            type=NEW_FILE,
            text=Text(
                "征缴台账文件（SQLite）；默认与申报台账同一文件。",
                "The collection's journal file (SQLite); the book itself by default.",
            ),
        ),
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
        *LINES,
        *HOW,
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
