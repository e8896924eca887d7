"""Settling a month from last month's roster and what was passed: for assessing, and for paying."""

from __future__ import annotations

from pathlib import Path

import click

from socialins.cli.commands.file.common import Kept
from socialins.cli.errors import Stopped
from socialins.filing import roster_after
from socialins.settlement import Settlement
from socialins.values import Rate

__all__ = ["settled_after"]


def settled_after(
    kept: Kept, before: Path, injury_rate: Rate | None, overlay: Path | None
) -> Settlement:
    """What the roster after the month settles to.

    Arguments:
        kept: the month's book.
        before: last month's roster.
        injury_rate: the account's injury rate, where the file does not state it.
        overlay: the unit's own rules.

    Raises:
        Stopped: if a row can't be read, or a change does not fit the roster.
    """
    month = kept.month
    roster = kept.region.read_roster(before, month - 1, injury_rate=injury_rate)
    found = roster_after(roster, [kept.book], month, kept.rules.businesses)
    wrong = [fault for fault in (*found.roster.faults, *found.faults) if fault.is_error]
    if wrong:
        raise Stopped(wrong, click.get_current_context())
    return kept.region.settle(found.roster, month, overlay=overlay)
