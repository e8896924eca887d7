"""`socialins cards open`: begin a batch with people of a list, or of an error sheet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from socialins.cards import (
    EMPTY,
    CardKind,
    CardRow,
    ErrorList,
    OpenBatch,
    People,
    effects,
    fold,
    read_errors,
    read_people,
)
from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.cards.common import NEW_BOOK, WHEN, Kept, about
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import FILE, MONTH, REGION, OneOf
from socialins.cli.screen import make_console, say, shown
from socialins.facade import Region
from socialins.faults import Fault, Text
from socialins.rules.card import CardRules
from socialins.store.card_journal import CardFile
from socialins.values import Month

__all__ = ["command"]

_TEXT = Text(
    "建立一个制卡批次：新申领、勘误换卡或补换卡。",
    "Begin a batch: a request, a correction or a re-issue.",
)


def _run(
    *,
    batch: str,
    book: Path,
    region: Region,
    kind: str,
    people: Path | None,
    errors: Path | None,
    bank: str,
    old_bank: str,
    enrolled: Month | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    wanted = CardKind(kind)
    listed = _listed(wanted, people, errors)
    ctx = click.get_current_context()
    # What can't be read is not left out of a batch: somebody would go without a card unnoticed.
    if wrong := [fault for fault in listed.faults if fault.is_error]:
        raise Stopped(wrong, ctx)
    journal = CardFile(book)
    rules = region.card_rules(overlay)
    history = journal.read()
    kept = Kept(journal, fold(history), region, rules, history)
    rows: Iterable[CardRow] = listed.rows(bank, old_bank)
    opened = OpenBatch(
        **about(at, by, key),
        batch=batch,
        division=region.code,
        kind=wanted,
        rows=rows,
        enrolled=enrolled,
    )
    besides = [*listed.faults]
    if region.cards is None and overlay is None:
        besides.append(Fault("cards.no-rules", {"region": region.name}))
    kept.do(opened, as_json, () if kept.batch != EMPTY else besides)
    if wanted is CardKind.REISSUE and not as_json:
        _tell_effects(opened, rules)


def _tell_effects(opened: OpenBatch, rules: CardRules) -> None:
    """What the new cards do to the old ones, once for each pair of banks."""
    console, lang = make_console(), lang_of()
    pairs = dict.fromkeys((row.old_bank, row.bank) for row in opened.rows)
    for old, new in pairs:
        if old and new:
            told = effects(rules, old, new).describe(lang)
            colon = ": " if lang == "en" else "："
            say(console, f"{shown(old)} → {shown(new)}{colon}{told}")


def _listed(kind: CardKind, people: Path | None, errors: Path | None) -> People | ErrorList:
    ctx = click.get_current_context()
    if kind is CardKind.CORRECTION:
        if errors is None:
            raise Misuse(Fault("cli.parameter-missing", {"name": "--errors"}), ctx)
        if people is not None:
            raise Misuse(Fault("cli.one-of", {"names": "--people, --errors"}), ctx)
        return read_errors(errors)
    if people is None:
        raise Misuse(Fault("cli.parameter-missing", {"name": "--people"}), ctx)
    if errors is not None:
        values = {"name": "--errors", "other": "--kind correction"}
        raise Misuse(Fault("cli.only-with", values), ctx)
    return read_people(people)


command = Command(
    "open",
    text=_TEXT,
    params=[
        Argument(["batch"], text=Text("批次编号。", "The batch's id.")),
        NEW_BOOK,
        Option(
            ["--region"],
            required=True,
            type=REGION,
            text=Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code."),
        ),
        Option(
            ["--kind"],
            default="request",
            type=OneOf([one.value for one in CardKind]),
            text=Text(
                "request 新申领，correction 勘误换卡，reissue 补换卡。",
                "request, correction or reissue.",
            ),
        ),
        Option(
            ["--people"],
            type=FILE,
            text=Text(
                "人员名单（csv、xlsx）：姓名、证件号码，可有银行、原卡银行、手机号码、住址、民族。",
                "People (csv, xlsx): name, id_number; bank, old_bank, mobile, address, nation.",
            ),
        ),
        Option(
            ["--errors"],
            type=FILE,
            text=Text(
                "勘误表（csv、xlsx）：姓名、证件号码、项目、更正为；不改的留空。",
                "For a correction: name, id_number, field, what is right; blank leaves it.",
            ),
        ),
        Option(["--bank"], default="", text=Text("新卡的银行。", "The bank of the new cards.")),
        Option(["--old-bank"], default="", text=Text("原卡的银行。", "That of the old cards.")),
        Option(
            ["--enrolled"],
            type=MONTH,
            text=Text(
                "人员参保登记的月份；照相、收表期限由此推算。",
                "The month in which they were enrolled; days for photographs and forms follow.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
