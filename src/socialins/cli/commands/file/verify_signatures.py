"""`socialins file verify-signatures`: every signature of a book is proved again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import BOOK, JSON, OVERLAY, Kept
from socialins.cli.commands.file.keys import CHECKING, check_of
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FOLDER
from socialins.cli.screen import Column, make_console, print_trimmed, say, table, tell_faults
from socialins.faults import Place, Text
from socialins.filing import SignatureFinding, check_signatures, events as ev
from socialins.settlement.plain import fault_to_plain

__all__ = ["command"]

_TEXT = Text(
    "逐项复核台账中的签名：内容、签名、证书链和单位；有一项不符时退出状态为 1。",
    "Prove each signature of a book again: content, signature, chain and unit; the status is 1 if "
    "one is not right, or is missing where the region wants it.",
)
_OUT = Text(
    "把签名的内容（.json）和签名（.p7s）写入此文件夹，供他人验证。",
    "Folder for what was signed (.json) and the signatures (.p7s), for others to verify.",
)
_COLUMNS = (
    Column(Text("序号", "No."), number=True),
    Column(Text("时间", "Moment"), whole=True),
    Column(Text("申报", "Declaration"), whole=True),
    Column(Text("业务", "Business")),
    Column(Text("证书", "Certificate"), whole=True),
    Column(Text("结果", "Result"), whole=True),
)
_RIGHT = Text("相符", "right")
_WRONG = Text("不符", "wrong")
_NOTHING = Text("没有签名，也没有须签名的。", "Nothing is signed, and nothing has to be.")


def _run(
    *, book: Path, out: Path | None, overlay: Path | None, as_json: bool, **trust: Any
) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    found = check_signatures(kept.history, kept.rules, check_of(kept, **trust))
    if out is not None:
        _write(out, kept.history)
    if as_json:
        plain = [_plain(one, lang) for one in found]
        print_json({"ok": all(one.ok for one in found), "signatures": plain})
    else:
        _tell(kept, found, lang)
    if not all(one.ok for one in found):
        click.get_current_context().exit(1)


def _write(folder: Path, history: tuple[ev.Event, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, event in enumerate(history, start=1):
        if isinstance(event, ev.Submitted | ev.MonthClosed) and event.signature is not None:
            path = folder / f"{number}.json"
            path.write_bytes(event.signature.content.encode())
            path.with_name(f"{path.name}.p7s").write_bytes(event.signature.cms)


def _tell(kept: Kept, found: tuple[SignatureFinding, ...], lang: str) -> None:
    console = make_console()
    if not found:
        say(console, _NOTHING.get(lang))
        return
    rows = [
        [
            one.event,
            f"{one.at:%Y-%m-%d %H:%M}",
            one.declaration,
            kept.rules.title(one.business).get(lang),
            one.certificate[:16],
            (_RIGHT if one.ok else _WRONG).get(lang),
        ]
        for one in found
    ]
    print_trimmed(console, table(_COLUMNS, rows, lang))
    faults = [fault.at(Place(row=one.event)) for one in found for fault in one.faults]
    tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)


def _plain(one: SignatureFinding, lang: str) -> dict[str, Any]:
    return {
        "event": one.event,
        "declaration": one.declaration or None,
        "business": one.business,
        "at": one.at.isoformat(),
        "certificate": one.certificate or None,
        "ok": one.ok,
        "faults": [fault_to_plain(fault, lang) for fault in one.faults],
    }


command = Command(
    "verify-signatures",
    text=_TEXT,
    params=[BOOK, *CHECKING, Option(["--out"], text=_OUT, type=FOLDER), OVERLAY, JSON],
    callback=_run,
)
"""The command."""
