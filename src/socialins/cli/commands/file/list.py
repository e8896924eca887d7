"""`socialins file list`: the declarations of the month, or the rows of one."""

from __future__ import annotations

from pathlib import Path

from socialins.cli.command import Argument, Command
from socialins.cli.commands.file.common import (
    BOOK,
    JSON,
    OVERLAY,
    Kept,
    declaration_to_plain,
    declarations_table,
)
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, heading, make_console, print_trimmed, say, table
from socialins.faults import Text
from socialins.filing import Declaration
from socialins.model.wire import to_plain
from socialins.rules.business import AuditStep

__all__ = ["command"]

_TEXT = Text(
    "列出本月的申报；指定一项时列出其人员、结果和审核环节。",
    "List the month's declarations; of one, its rows, their outcome, and the steps of its audit.",
)
_NOTHING = Text("还没有申报。", "There are no declarations yet.")
_ROWS = (
    Column(Text("行号", "Row"), whole=True),
    Column(Text("姓名", "Name"), whole=True),
    Column(Text("申报工资", "Wage"), number=True),
    Column(Text("结果", "Outcome")),
    Column(Text("原因", "Reason")),
)
_AUDIT = Text("审核环节", "Audit")
_STEPS = (
    Column(Text("环节", "Step")),
    Column(Text("进度", "State")),
    Column(Text("办理人", "Handler")),
    Column(Text("时间", "Since"), whole=True),
)


def _run(*, declaration: str | None, book: Path, overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    if declaration is not None:
        _one(kept, kept.declaration(declaration), as_json, lang)
    elif as_json:
        declared = kept.book.declarations.values()
        print_json({"declarations": [declaration_to_plain(one) for one in declared]})
    elif kept.book.declarations:
        declarations_table(list(kept.book.declarations.values()), kept.region, lang)
    else:
        say(make_console(), _NOTHING.get(lang))


def _one(kept: Kept, one: Declaration, as_json: bool, lang: str) -> None:
    reasons = {row.row: why for row, why in one.failed()}
    if as_json:
        rows = [
            {
                **to_plain(row),
                "outcome": outcome.value,
                "rejection": to_plain(reasons.get(row.row)),
            }
            for row, outcome in one.outcomes()
        ]
        print_json({**declaration_to_plain(one), "rows": rows, "audit": to_plain(one.audit)})
        return
    console = make_console()
    declarations_table([one], kept.region, lang)
    say(console)
    shown = []
    for row, outcome in one.outcomes():
        why = reasons.get(row.row)
        shown.append(
            [
                row.row,
                row.person.name if row.person else "",
                f"{row.wage:,}" if row.wage is not None else "",
                outcome.title(lang),
                " ".join(part for part in (why.code, why.reason) if part) if why else "",
            ]
        )
    print_trimmed(console, table(_ROWS, shown, lang))
    if one.audit:
        names = {step.id: step.title.get(lang) for step in _steps(kept, one)}
        heading(console, _AUDIT.get(lang))
        steps = [
            [
                names.get(record.step, record.step),
                record.state.title(lang),
                record.handler,
                f"{record.at:%Y-%m-%d %H:%M}",
            ]
            for record in one.audit
        ]
        print_trimmed(console, table(_STEPS, steps, lang))


def _steps(kept: Kept, one: Declaration) -> tuple[AuditStep, ...]:
    known = kept.rules.businesses.get(one.business)
    return known.steps if known else ()


command = Command(
    "list",
    text=_TEXT,
    params=[
        Argument(["declaration"], required=False, text=Text("申报编号。", "A declaration's id.")),
        BOOK,
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
