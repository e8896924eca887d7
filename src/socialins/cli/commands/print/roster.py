"""`socialins print roster`: the roster as a list to sign or to file."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Command
from socialins.cli.commands.print.common import ASKED_TO_PRINT, Print, unreadable
from socialins.cli.context import lang_of
from socialins.cli.request import Request
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("打印花名册。", "Print the roster.")
# A list of persons asks for no rules.
_NAMES = {"roster", "region", "month", "unit", "out", "day", "full", "fonts", "digest"}
_PARAMS = [one for one in ASKED_TO_PRINT if one.name in _NAMES]


def _run(**asked: Any) -> None:
    lang = lang_of()
    how = Print.taken(asked)
    request = Request(**asked)
    with unreadable(request.roster):
        roster = request.read(lang)
    how.finish(request.region.notices.roster(roster, lang, **how.options), roster.faults)


command = Command("roster", text=_TEXT, params=_PARAMS, callback=_run)
"""The command."""
