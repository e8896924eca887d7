"""`socialins photo check`: pictures against a region's rule."""

from __future__ import annotations

from typing import Any

import click

from socialins.attachments import Report, check
from socialins.attachments.claims import in_words
from socialins.cli.command import Command
from socialins.cli.commands.photo.common import ASKED, gather
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.progress import progress_bar
from socialins.cli.screen import Column, make_console, say, table, tell_faults
from socialins.faults import Text
from socialins.settlement.plain import fault_to_plain

__all__ = ["COLUMNS", "command", "measured_row"]

_TEXT = Text("按地区的要求检查图片。", "Check pictures by a region's rule.")
_CHECKING = Text("检查图片", "Checking pictures")
_YES, _NO = Text("合格", "yes"), Text("不合格", "no")
_TOTAL = Text("{good} 个合格，{bad} 个不合格", "{good} keep the rule, {bad} don't")
COLUMNS = (
    Column(Text("文件", "File")),
    Column(Text("合格", "Keeps it"), whole=True),
    Column(Text("格式", "Format"), whole=True),
    Column(Text("像素", "Pixels"), whole=True),
    Column(Text("KB", "KB"), number=True),
    Column(Text("dpi", "dpi"), number=True),
    Column(Text("颜色", "Colours"), whole=True),
    Column(Text("背景", "Background"), whole=True),
)
"""What is shown of a picture."""


def _run(*, as_json: bool, **values: Any) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    asked = gather(**values)
    reports = []
    with progress_bar(_CHECKING.get(lang), len(asked.files)) as done:
        for number, path in enumerate(asked.files, start=1):
            reports.append(check(path, asked.rule, person=asked.persons.get(path)))
            done(number)
    faults = [*asked.faults, *(fault for report in reports for fault in report.faults)]
    if as_json:
        plain = {
            "region": values["region"].slug,
            "rule": asked.rule.id,
            "files": [report.to_plain(lang) for report in reports],
            "faults": [fault_to_plain(fault, lang) for fault in asked.faults],
        }
        print_json(plain)
    else:
        console = make_console()
        console.print(table(COLUMNS, (measured_row(one, lang) for one in reports), lang))
        good = sum(report.ok for report in reports)
        say(console, _TOTAL.get(lang).format(good=good, bad=len(reports) - good))
        tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)
    ctx.exit(1 if any(fault.is_error for fault in faults) else 0)


def measured_row(report: Report, lang: str) -> tuple[str, ...]:
    """What is shown of a picture."""
    word = (_YES if report.ok else _NO).get(lang)
    found = report.measured
    if found is None:
        return (report.name, word, *[""] * (len(COLUMNS) - 2))
    dpi = "" if found.dpi is None else "×".join(map(str, dict.fromkeys(found.dpi)))
    return (
        report.name,
        word,
        found.format.title(lang),
        f"{found.width}×{found.height}",
        f"{found.size / 1024:.1f}",
        dpi,
        in_words(found.coding).get(lang),
        found.background.title(lang) if found.background else "",
    )


command = Command("check", text=_TEXT, params=[*ASKED], callback=_run)
"""The command."""
