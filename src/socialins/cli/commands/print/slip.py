"""`socialins print slip`: each person's payment slip, on a page of its own."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Command, Option
from socialins.cli.commands.print.common import ASKED_TO_PRINT, of_roster
from socialins.cli.context import lang_of
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("打印个人缴费单，一人一页。", "Print the payment slips, a person a page.")
_PERSON = Text(
    "只打印此证件号码的人，可多次；默认所有人。",
    "Only the person with this document number; may be repeated. Everybody by default.",
)


def _run(persons: tuple[str, ...], **asked: Any) -> None:
    of_roster(
        lambda request, bill, how: request.region.notices.slips(
            bill, lang_of(), persons=persons or None, **how.options
        ),
        **asked,
    )


command = Command(
    "slip",
    text=_TEXT,
    params=[
        *ASKED_TO_PRINT,
        Option(["--person", "persons"], multiple=True, metavar="NUMBER", text=_PERSON),
    ],
    callback=_run,
)
"""The command."""
