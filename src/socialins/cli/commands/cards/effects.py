"""`socialins cards effects`: what a new card does to the old one, and to its bank's functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.cards import Effects, effects
from socialins.cli.command import Command, Option
from socialins.cli.commands.cards.common import JSON, OVERLAY
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import REGION
from socialins.cli.screen import make_console, say
from socialins.facade import Region
from socialins.faults import Text
from socialins.model.wire import to_plain

__all__ = ["command"]

_TEXT = Text(
    "补换卡时原卡停用什么、新卡承接什么。",
    "What stops working on the old card, and what the new one takes over.",
)


def _run(*, region: Region, old_bank: str, bank: str, overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    found = effects(region.card_rules(overlay), old_bank, bank)
    if as_json:
        print_json(_to_plain(found))
        return
    console = make_console()
    if found.bank is not None:
        say(console, found.bank.title(lang), "bold")
    say(console, found.describe(lang))


def _to_plain(found: Effects) -> dict[str, Any]:
    return {
        "bank": found.bank.value if found.bank else None,
        "known": found.known,
        "stops": [one.value for one in found.stops],
        "keeps": [one.value for one in found.keeps] if found.known else [],
        "moves": [one.value for one in found.moves],
        "note": to_plain(found.note),
    }


command = Command(
    "effects",
    text=_TEXT,
    params=[
        Option(
            ["--region"],
            required=True,
            type=REGION,
            text=Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code."),
        ),
        Option(
            ["--old-bank"], required=True, text=Text("原卡的银行。", "The bank of the old card.")
        ),
        Option(["--bank"], required=True, text=Text("新卡的银行。", "That of the new one.")),
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
