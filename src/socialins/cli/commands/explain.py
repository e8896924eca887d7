"""`socialins explain`: how one person's amounts came about, with the document behind each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import click

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.jsonout import outcome_to_plain, print_json
from socialins.cli.parameters import OneOf, Whole
from socialins.cli.report import tell_outcome, tell_unsettled
from socialins.cli.request import ASKED, Outcome, Request
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.faults import Fault, Text
from socialins.identity import plain
from socialins.model import Payer, Roster, RosterEntry
from socialins.rules import Cascade
from socialins.settlement import Contribution, Settlement

__all__ = ["command"]
