"""`socialins file status`: where the month stands, and what keeps it open."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.calendar import SHANGHAI
from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import (
    BOOK,
    JSON,
    OTHERS,
    OVERLAY,
    Kept,
    book_to_plain,
    head_of,
)
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import MOMENT
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table, tell_faults
from socialins.faults import Fault, Text
from socialins.filing import BookState, CloseMonth, DeclarationState
from socialins.settlement.plain import fault_to_plain

__all__ = ["command"]

_TEXT = Text(
    "查看本月办到哪一步、还差什么才能结算。",
    "Where the month stands, and what keeps it from being closed.",
)
_COLUMNS = (
    Column(Text("状态", "State")),
    Column(Text("申报数", "Declarations"), number=True),
    Column(Text("编号", "Ids")),
)
_CAN = Text("现在可以结算：{business}", "It can be closed now: {business}")
_CLOSED_BY = Text("已按“{business}”结算。", "Closed by: {business}")


def _run(*, book: Path, at: datetime | None, overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    closable, why = _closing(kept, at or datetime.now(SHANGHAI))
    if as_json:
        print_json(
            {
                **book_to_plain(kept.book),
                "closable_by": list(closable),
                "faults": [fault_to_plain(fault, lang) for fault in why],
            }
        )
        return
    console = make_console()
    say(console, head_of(kept.book, kept.region, lang), "bold")
    by_state = {state: [one.id for one in kept.book.of_state(state)] for state in DeclarationState}
    rows = [
        [state.title(lang), len(ids), ", ".join(map(shown, ids[:8])) + (" …" if ids[8:] else "")]
        for state, ids in by_state.items()
        if ids
    ]
    if rows:
        print_trimmed(console, table(_COLUMNS, rows, lang))
    if kept.book.closed_by:
        say(console, _CLOSED_BY.get(lang).format(business=_name(kept, kept.book.closed_by, lang)))
    for business in closable:
        say(console, _CAN.get(lang).format(business=_name(kept, business, lang)))
    tell_faults(console, why, lang)


def _closing(kept: Kept, now: datetime) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """By which business the month could be closed now; or why by none."""
    if kept.book.state is BookState.CLOSED:
        return (), ()
    closing = kept.rules.closing
    found = {
        business: kept.decide(CloseMonth(at=now, business=business))
        for business in dict.fromkeys((closing.changed_by, closing.unchanged_by))
    }
    possible = tuple(business for business, one in found.items() if one.events)
    every = dict.fromkeys(fault for one in found.values() for fault in one.faults)
    if possible:
        return possible, tuple(dict.fromkeys(found[possible[0]].faults))
    return (), tuple(every)


def _name(kept: Kept, business: str, lang: str) -> str:
    return f"{kept.rules.title(business).get(lang)} {business}"


command = Command(
    "status",
    text=_TEXT,
    params=[
        BOOK,
        Option(
            ["--at"],
            type=MOMENT,
            text=Text("以此时为现在。", "Take this moment for now."),
        ),
        OTHERS,
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
