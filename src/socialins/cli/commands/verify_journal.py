"""`socialins verify-journal`: whether a journal still has every event as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.heads import is_export, verify_signed_head
from socialins.cli.jsonout import print_json
from socialins.cli.keys import TRUST, Trust, account_of
from socialins.cli.parameters import HEAD, JOURNAL
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table, tell_faults
from socialins.faults import Fault, Place, Text
from socialins.settlement.plain import fault_to_plain
from socialins.store import (
    Checked,
    Head,
    HeadReport,
    StoreError,
    open_store,
    read_lines,
    verify_lines,
)

if TYPE_CHECKING:
    from socialins.facade import Region

__all__ = ["command"]

_TEXT = Text(
    "核对流水账：逐条指出被改动、缺失、错位或截去的记录；有误时退出状态为 1。",
    "Verify a journal: name each event that was altered, removed, moved or cut off; "
    "the status is 1 if there is one.",
)
_JOURNAL = Text(
    "流水账文件、其导出的 JSON 行，或 postgresql:// 地址。",
    "The journal's file, its export as JSON lines, or a postgresql:// address.",
)
_HEAD = Text(
    "以前另行记下的标记（条数:摘要），或签过名的标记文件：流水账必须仍包含它。",
    "A head noted elsewhere earlier (number:digest), or the file of a signed one, its signature "
    "beside it; the journal must still contain it.",
)
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_COLUMNS = (
    Column(Text("记录", "Events"), number=True),
    Column(Text("流", "Streams"), number=True),
    Column(Text("错误", "Errors"), number=True),
    Column(Text("提醒", "Warnings"), number=True),
)
_STANDS = Text("标记（请另行记下）：{head}", "Head (note it elsewhere): {head}")
_SOUND = Text("每条记录都是当初写入的。", "Every event is as it was written.")
_SIGNED = Text(
    "标记（至第 {number} 条）由 {subject} 签名，流水账仍包含它。",
    "The head up to event {number} is signed by {subject}, and the journal still contains it.",
)
_NOT_SIGNED = Text("签名的标记不成立。", "The signed head does not hold.")
_WRONG = Text("流水账有误。", "The journal is not as it was written.")


def _run(
    *,
    journal: Path | str,
    noted: Head | Path | None,
    region: Region | None,
    unit: Path | None,
    authorities: tuple[Path, ...],
    between: tuple[Path, ...],
    lists: tuple[Path, ...],
    as_json: bool,
) -> None:
    lang = lang_of()
    report = None
    if isinstance(noted, Path):
        trust = Trust.read(authorities, between, lists)
        try:
            report = _signed(journal, noted, trust, unit, region)
            checked = report.journal
        except StoreError as error:
            checked = Checked(faults=tuple(getattr(error, "all", (error.fault,))))
    else:
        checked = _check(journal, noted)
    if as_json:
        print_json(_plain(checked, lang) | _signed_plain(report, lang))
    else:
        _tell(checked, lang)
        if report is not None:
            _tell_signed(report, lang)
    if checked.errors or (report is not None and not report.ok):
        click.get_current_context().exit(1)


def _signed(
    journal: Path | str, document: Path, trust: Trust, unit: Path | None, region: Region | None
) -> HeadReport:
    if unit is None:
        fault = Fault("cli.parameter-missing", {"name": "--unit"})
        raise Misuse(fault, click.get_current_context())
    rules = region.cascade.signing() if region else None
    return verify_signed_head(journal, document, account_of(unit, region), trust, rules)


def _check(journal: Path | str, noted: Head | None) -> Checked:
    try:
        if isinstance(journal, Path) and is_export(journal):
            found = verify_lines(read_lines(journal), noted)
            if found.head is None and not found.streams:  # not one line of it is ours
                return Checked(faults=(Fault("store.not-a-journal", place=_place(journal)),))
            return found
        with open_store(journal, read_only=True) as store:
            return store.check(noted)
    except StoreError as error:
        return Checked(faults=tuple(getattr(error, "all", (error.fault,))))


def _place(journal: Path) -> Place:
    return Place(file=str(journal))


def _tell(checked: Checked, lang: str) -> None:
    console = make_console()
    counts = (checked.events, checked.streams, len(checked.errors), len(checked.warnings))
    print_trimmed(console, table(_COLUMNS, [counts], lang))
    say(console)
    if checked.head is not None and not checked.errors:
        say(console, _STANDS.get(lang).format(head=checked.head))
    say(console, (_WRONG if checked.errors else _SOUND).get(lang), "bold")
    tell_faults(make_console(stderr=True), checked.faults, lang, remedies_once=True)


def _tell_signed(report: HeadReport, lang: str) -> None:
    console = make_console()
    if report.ok and report.head is not None:
        words = {"number": report.head.sequence, "subject": _signer(report)}
        say(console, shown(_SIGNED.get(lang).format(**words)))
    else:
        say(console, _NOT_SIGNED.get(lang), "bold")
    faults = (*report.faults, *report.signature.faults)
    tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)


def _signer(report: HeadReport) -> str:
    certificate = report.signature.certificate
    return certificate.subject if certificate else ""


def _signed_plain(report: HeadReport | None, lang: str) -> dict[str, Any]:
    if report is None:
        return {}
    return {
        "signed_head": {
            "ok": report.ok,
            "head": str(report.head) if report.head else None,
            "signature": report.signature.to_plain(lang),
            "faults": [fault_to_plain(fault, lang) for fault in report.faults],
        }
    }


def _plain(checked: Checked, lang: str) -> dict[str, Any]:
    return {
        "sound": not checked.errors,
        "events": checked.events,
        "streams": checked.streams,
        "head": None if checked.head is None else str(checked.head),
        "errors": [fault_to_plain(fault, lang) for fault in checked.errors],
        "warnings": [fault_to_plain(fault, lang) for fault in checked.warnings],
    }


command = Command(
    "verify-journal",
    text=_TEXT,
    callback=_run,
    params=[
        Argument(["journal"], text=_JOURNAL, type=JOURNAL),
        Option(["--head", "noted"], text=_HEAD, type=HEAD),
        *TRUST,
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
