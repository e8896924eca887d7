"""`socialins photo fix`: copies of pictures that keep a region's rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from socialins.attachments import AttachmentError, Fixed, fix
from socialins.cli.command import Command, Option
from socialins.cli.commands.photo.check import COLUMNS, measured_row
from socialins.cli.commands.photo.common import ASKED, gather
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FOLDER
from socialins.cli.progress import progress_bar
from socialins.cli.screen import a_list, heading, make_console, say, shown, table, tell_faults
from socialins.faults import Fault, Place, Text
from socialins.settlement.plain import fault_to_plain

__all__ = ["command"]

_TEXT = Text(
    "生成合格的副本，并说明改了什么；原文件不动。",
    "Make copies that keep the rule and say what was changed; the originals stay as they are.",
)
_OUT = Text("副本写入这个文件夹，默认 fixed。", "Folder for the copies; 'fixed' by default.")
_FIXING = Text("生成副本", "Making copies")
_DONE = Text("{count} 个副本：{folder}", "{count} copies: {folder}")
_AS_IT_IS = Text("原样复制", "copied as it is")


def _run(*, as_json: bool, out: Path, **values: Any) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    asked = gather(**values)
    made: list[tuple[Path, Fixed]] = []
    faults = list(asked.faults)
    left_out = _left_out(asked.faults)
    with progress_bar(_FIXING.get(lang), len(asked.files)) as done:
        for number, path in enumerate(asked.files, start=1):
            if str(path) not in left_out:
                try:
                    fixed = fix(path, asked.rule, person=asked.persons.get(path))
                    _save(fixed, out)
                    made.append((path, fixed))
                    place = Place(file=str(path))
                    faults += [fault.at(place) for fault in fixed.report.faults]
                except AttachmentError as error:
                    faults += error.all
            done(number)
    if as_json:
        files = [{"source": str(path), **fixed.to_plain(lang)} for path, fixed in made]
        plain = {
            "region": values["region"].slug,
            "rule": asked.rule.id,
            "out": str(out),
            "files": files,
            "faults": [fault_to_plain(fault, lang) for fault in faults],
        }
        print_json(plain)
    else:
        console = make_console()
        for path, fixed in made:
            heading(console, f"{shown(path)} → {shown(fixed.name)}")
            a_list(console, [one.message(lang) for one in fixed.changes] or [_AS_IT_IS.get(lang)])
        say(console)
        if made:
            console.print(table(COLUMNS, (measured_row(one.report, lang) for _, one in made), lang))
        say(console, _DONE.get(lang).format(count=len(made), folder=out))
        tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)
    ctx.exit(1 if any(fault.is_error for fault in faults) else 0)


def _left_out(faults: tuple[Fault, ...]) -> set[str]:
    """Files of which nobody knows whose they are; copies of them would be named for nobody."""
    codes = {"cards.photo-of-nobody", "cards.photo-unclear", "cards.photo-twice"}
    return {fault.place.file for fault in faults if fault.code in codes and fault.place.file}


def _save(fixed: Fixed, out: Path) -> None:
    try:
        fixed.save(out)
    except OSError as error:
        values = {"path": str(out), "reason": error.strerror or str(error)}
        raise AttachmentError(Fault("attachment.unwritable", values)) from error


command = Command(
    "fix",
    text=_TEXT,
    params=[*ASKED, Option(["--out"], text=_OUT, type=FOLDER, default="fixed")],
    callback=_run,
)
"""The command."""
