"""`socialins settle`: what a roster owes for a month, on the screen, as a workbook, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.jsonout import outcome_to_plain, print_json
from socialins.cli.large import run_large
from socialins.cli.parameters import FOLDER
from socialins.cli.progress import progress_bar
from socialins.cli.report import tell_outcome
from socialins.cli.request import ASKED, Outcome, Request
from socialins.cli.screen import make_console, say
from socialins.faults import Fault, Place, Text
from socialins.settlement import Settlement

if TYPE_CHECKING:
    from socialins.bulk.ledger import Ledger

__all__ = ["command"]

_TEXT = Text(
    "结算花名册一个月的应缴，列出合计、未能结算的部分和有问题的行。",
    "Settle a roster for a month: totals, what could not be settled, and the rows that are wrong.",
)
_OUT = Text(
    "把结算表（xlsx）写入此文件夹。", "Write the settlement workbook (xlsx) into this folder."
)
_WRITING = Text("写结算表", "Writing the workbook")
_WRITTEN = Text("结算表：{path}", "The settlement workbook: {path}")


def _run(out: Path | None, as_json: bool, **asked: Any) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    request = Request.gather(**asked)
    if out is not None:
        _make_folder(out, ctx)
    # All amounts in one object are a million: that goes the way of small rosters.
    outcome, ledger = (request.run(lang), None) if as_json else run_large(request, lang)
    path = None
    if out is not None and outcome.bill is not None:
        path = out / f"settlement-{request.region.slug}-{request.month}.xlsx"
        fault = _write(outcome.bill, ledger, path, lang)
        if fault is not None:
            path, outcome = None, _with_fault(outcome, outcome.bill, fault)
    if as_json:
        print_json(outcome_to_plain(outcome, lang))
    else:
        tell_outcome(make_console(), outcome, lang)
    if path is not None:
        console = make_console(stderr=as_json)
        say(console)
        say(console, _WRITTEN.get(lang).format(path=path))
    ctx.exit(0 if outcome.clean else 1)


def _make_folder(out: Path, ctx: click.Context) -> None:
    """Make the folder before anything is computed, so that a wrong path costs nothing."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        values = {"path": str(out), "reason": error.strerror or str(error)}
        raise Misuse(Fault("cli.folder-failed", values), ctx) from error


def _write(bill: Settlement, ledger: Ledger | None, path: Path, lang: str) -> Fault | None:
    try:
        if ledger is not None:
            from socialins.bulk.workbook import write_ledger

            with progress_bar(_WRITING.get(lang), len(ledger.people)) as done:
                write_ledger(ledger, path, lang, progress=done)
        else:
            from socialins.forms.settlement_workbook import write_settlement

            with progress_bar(_WRITING.get(lang)):
                write_settlement(bill, path, lang)
    except OSError as error:
        values = {"path": str(path), "reason": error.strerror or str(error)}
        return Fault("cli.workbook-failed", values, Place(file=str(path)))
    return None


def _with_fault(outcome: Outcome, bill: Settlement, fault: Fault) -> Outcome:
    """The settlement stands, though its paper could not be written."""
    return attrs.evolve(outcome, bill=attrs.evolve(bill, faults=(*bill.faults, fault)))


command = Command(
    "settle",
    text=_TEXT,
    params=[*ASKED, Option(["--out"], type=FOLDER, text=_OUT)],
    callback=_run,
)
"""The command."""
