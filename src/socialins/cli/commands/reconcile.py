"""`socialins reconcile`: a roster's bill against the detail export of the tax side's client."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, faults_of
from socialins.cli.jsonout import outcome_to_plain, print_json
from socialins.cli.parameters import DAY, FILE, OneOf
from socialins.cli.progress import progress_bar
from socialins.cli.report import tell_outcome
from socialins.cli.request import ASKED, Outcome, Request
from socialins.cli.screen import Column, make_console, print_trimmed, say, table, tell_faults
from socialins.faults import Fault, MissingExtra, Place, SocialinsError, Text
from socialins.model import Payer, Roster

if TYPE_CHECKING:
    from rich.console import Console

    from socialins.reconcile import Export, Finding, Reconciliation

__all__ = ["command"]

_TEXT = Text(
    "对账：把花名册的结算与社保费管理客户端导出的人员明细逐人比较，列出不一致及可能的原因；"
    "有不一致或问题时退出状态为 1。",
    "Compare a roster's bill with the detail export of the tax side's client, person by person, "
    "with the likely cause of each difference; the status is 1 if there is any, or a fault.",
)
_EXPORT = Text(
    "明细文件（xlsx、xls、csv），可以有几个；写作 pension:unit=文件 可指明险种和缴费主体。",
    "Files of the export (xlsx, xls, csv); pension:unit=FILE says what one of them is of.",
)
_INSURANCE = Text(
    "明细没有写明时，是哪个险种；只核对它。",
    "Of which insurance the files are, where they don't say; only this is compared.",
)
_PAYER = Text(
    "明细没有写明时，由谁缴纳；只核对它。",
    "Who pays, where the files don't say; only this is compared.",
)
_PREVIOUS = Text(
    "上月花名册：区分本月新增和减少的人员。",
    "The roster of the month before: tells who is new and who has left.",
)
_WORD = Text(
    "明细中的名称是什么，如 大病=medical/large-aid；可重复。",
    "What a word of the files means, as NAME=medical/large-aid; may be repeated.",
)
_RATE_UNIT = Text(
    "没有百分号的费率是小数（0.16）还是百分数（16）。",
    "Whether rates without a percent sign are fractions (0.16) or per cent (16).",
)
_ALSO = Text(
    "经办机构可能按这一天已公布的规定计算：据此说明差额。",
    "The bureau may have worked by what was announced on this day: tells such differences.",
)
_OUT = Text(
    "把对账表写入此文件（.xlsx）或文件夹。",
    "Write the workbook to this file (.xlsx), or into this folder.",
)
_COMPARING = Text("对账", "Reconciling")
_WRITTEN = Text("对账表：{path}", "The workbook: {path}")
_TITLE = Text("{region} {month} 对账", "{region} {month}: reconciliation")
_ALL_EQUAL = Text("{count} 项全部一致。", "All {count} amounts are the same on both sides.")
_MORE = Text(
    "其余见对账表（--out）或 JSON（--json）。", "For the rest see the workbook (--out) or --json."
)
_COLUMNS = (
    Column(Text("险种", "Insurance")),
    Column(Text("缴费主体", "Payer")),
    Column(Text("账单", "Bill"), number=True),
    Column(Text("明细", "Export"), number=True),
    Column(Text("相差", "Difference"), number=True),
)
_TOTAL = Text("合计", "Total")
_ASIDE = Text("未能比较", "Not compared")
_LIKELY = Text("可能：", "likely: ")
_SHOWN = 100
_SPEC = re.compile(r"(?P<what>[a-z][a-z0-9-]*(?:/[a-z0-9-]+)?(?::(?:unit|person))?)=(?P<path>.+)")


def _run(  # noqa: PLR0917 - click passes them by name
    export: tuple[str, ...],
    insurance: str | None,
    payer: str | None,
    previous: Path | None,
    word: tuple[str, ...],
    rate_unit: str | None,
    also: date | None,
    out: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    request = Request.gather(**asked)
    exports = [_export(text) for text in export]
    how = {
        "insurance": _insurance(insurance),
        "payer": None if payer is None else Payer(payer),
        "words": dict(map(_word, word)),
        "rate_unit": rate_unit,
        "known_on": also or request.known_on,
        "overlay": request.overlay,
    }
    outcome = request.run(lang)
    bill = outcome.bill
    found = _compare(outcome, exports, previous, how, lang) if bill is not None else None
    if not isinstance(found, tuple) and found is not None:
        ctx.exit(0 if _show(outcome, found, out, as_json, lang) else 1)
    faults = found or ()
    if as_json:
        plain = outcome_to_plain(outcome, lang) if bill is None else {}
        print_json({**_NOTHING, **_failed(plain, faults, request, lang)})
    else:
        if bill is None:
            tell_outcome(make_console(), outcome, lang)
        tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)
    ctx.exit(1)


_NOTHING: dict[str, Any] = {
    "clean": False,
    "equal": 0,
    "ours": "0.00",
    "theirs": "0.00",
    "difference": "0.00",
    "totals": [],
    "missing": [],
    "extra": [],
    "differing": [],
}


def _failed(
    plain: dict[str, Any], faults: tuple[Fault, ...], request: Request, lang: str
) -> dict[str, Any]:
    from socialins.settlement.plain import fault_to_plain

    return {
        "region": request.region.slug,
        "month": str(request.month),
        "faults": plain.get("faults", []) + [fault_to_plain(fault, lang) for fault in faults],
    }


def _compare(
    outcome: Outcome,
    exports: list[Export],
    previous: Path | None,
    how: dict[str, Any],
    lang: str,
) -> Reconciliation | tuple[Fault, ...]:
    request, bill = outcome.request, outcome.bill
    if bill is None:
        return ()
    try:
        before = _previous(request, previous)
        with progress_bar(_COMPARING.get(lang)):
            found = request.region.reconcile(bill, exports, previous=before, **how)
    except MissingExtra:
        raise
    except SocialinsError as error:
        return faults_of(error)
    except OSError as error:
        path = str(error.filename or "")
        values = {"path": path, "reason": error.strerror or str(error)}
        return (Fault("cli.unreadable", values, Place(file=path)),)
    wrong = [fault for fault in before.faults if fault.is_error] if before is not None else []
    return attrs.evolve(found, faults=(*found.faults, *wrong)) if wrong else found


def _previous(request: Request, path: Path | None) -> Roster | None:
    if path is None:
        return None
    return request.region.read_roster(path, request.month - 1)


def _show(
    outcome: Outcome, found: Reconciliation, out: Path | None, as_json: bool, lang: str
) -> bool:
    """Write and print what came of it; whether all is well."""
    from socialins.settlement.plain import fault_to_plain

    path = _written(found, out, lang)
    bill = outcome.bill
    wrong = list(bill.errors) if bill is not None else []
    if isinstance(path, Fault):
        wrong.append(path)
    if as_json:
        plain = found.to_plain(lang)
        plain["faults"] = [fault_to_plain(fault, lang) for fault in wrong] + plain["faults"]
        plain["clean"] = plain["clean"] and not wrong
        print_json(plain)
    else:
        _tell(make_console(), found, lang)
        tell_faults(make_console(stderr=True), [*wrong, *found.faults], lang, remedies_once=True)
    if isinstance(path, Path):
        say(make_console(stderr=as_json), _WRITTEN.get(lang).format(path=path))
    return found.clean and not wrong


def _written(found: Reconciliation, out: Path | None, lang: str) -> Path | Fault | None:
    if out is None:
        return None
    path = out
    if out.suffix.lower() != ".xlsx":
        path = out / f"reconcile-{found.region.slug}-{found.month}.xlsx"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        found.save(path, lang)
    except OSError as error:
        # What was found stands, though its paper could not be written.
        values = {"path": str(path), "reason": error.strerror or str(error)}
        return Fault("cli.workbook-failed", values, Place(file=str(path)))
    return path


def _tell(console: Console, found: Reconciliation, lang: str) -> None:
    from socialins.reconcile.telling import KIND_TITLES, describe, whose

    name = found.region.name.get(lang)
    say(console, _TITLE.get(lang).format(region=name, month=found.month), "bold")
    say(console)
    rows: list[tuple[object, ...]] = []
    for (insurance, payer), both in found.totals.items():
        insured = found.titles.get(insurance, Text(insurance, insurance)).get(lang)
        amounts = (f"{one:,}" for one in (both.ours, both.theirs, both.difference))
        rows.append((insured, payer.title(lang), *amounts))
    for label, both in ((_ASIDE, found.aside), (_TOTAL, found.total)):
        if label is _TOTAL or both.ours or both.theirs:
            amounts = (f"{one:,}" for one in (both.ours, both.theirs, both.difference))
            rows.append((label.get(lang), "", *amounts))
    print_trimmed(console, table(_COLUMNS, rows, lang, last_is_total=True))
    if not found.findings and not found.errors:
        say(console)
        say(console, _ALL_EQUAL.get(lang).format(count=found.equal), "bold green")
    left = _SHOWN
    for kind, title in KIND_TITLES.items():
        some: list[Finding] = [one for one in found.findings if one.kind is kind]
        if not some:
            continue
        say(console)
        say(console, f"{title.get(lang)} ({len(some)})", "bold cyan")
        comma = ", " if lang == "en" else "，"
        for one in some[: max(left, 0)]:
            say(console, f"  {whose(one, masked=True)}{comma}{describe(found, one, lang)}")
            say(console, f"    {_LIKELY.get(lang)}{one.cause.title(lang)} — {one.why.get(lang)}")
        left -= len(some)
    if left < 0:
        say(console, _MORE.get(lang))
    say(console)


def _export(text: str) -> Export:
    """A file, or what it is of and the file."""
    from socialins.reconcile import Export, Subject

    spec = None if Path(text).is_file() else _SPEC.fullmatch(text)
    path = FILE.convert(spec["path"] if spec else text, None, click.get_current_context())
    if spec is None:
        return Export(path)
    subject = Subject.parse(spec["what"])
    return Export(path, subject.insurance, subject.item, subject.payer)


def _insurance(text: str | None) -> str | None:
    if text is not None:
        _parsed(text)
    return text


def _word(text: str) -> tuple[str, str]:
    word, equals, meaning = text.rpartition("=")
    if not equals or not word:
        fault = Fault("cli.choice", {"value": text, "choices": "NAME=INSURANCE[/ITEM][:PAYER]"})
        raise Misuse(fault, click.get_current_context())
    _parsed(meaning)
    return word, meaning


def _parsed(text: str) -> None:
    from socialins.reconcile import Subject

    try:
        Subject.parse(text)
    except ValueError as error:
        fault = Fault("cli.choice", {"value": text, "choices": "INSURANCE[/ITEM][:PAYER]"})
        raise Misuse(fault, click.get_current_context()) from error


command = Command(
    "reconcile",
    text=_TEXT,
    callback=_run,
    params=[
        ASKED[0],
        Argument(["export"], text=_EXPORT, nargs=-1, required=True),
        *ASKED[1:],
        Option(["--insurance"], text=_INSURANCE, metavar="INSURANCE"),
        Option(["--payer"], text=_PAYER, type=OneOf(tuple(one.value for one in Payer))),
        Option(["--previous"], text=_PREVIOUS, type=FILE),
        Option(["--word"], text=_WORD, multiple=True, metavar="NAME=INSURANCE"),
        Option(["--rate-unit"], text=_RATE_UNIT, type=OneOf(("fraction", "percent"))),
        Option(["--also-known-on", "also"], text=_ALSO, type=DAY),
        Option(["--out"], text=_OUT, type=click.Path(path_type=Path), metavar="PATH"),
    ],
)
"""The command."""
