"""`socialins plugin new`: a distribution for a region to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import FOLDER
from socialins.cli.screen import make_console, say, shown
from socialins.faults import Fault, FaultError, Text
from socialins.pluginkit import new_plugin

__all__ = ["command"]

_TEXT = Text(
    "新建一个地区插件：带注释的规则文件、说明和能通过的测试。",
    "Make a plugin for a region: commented rule files, a README and a test that passes.",
)
_SLUG = Text(
    "代号：小写字母的词，以连字符相连。", "Name that code uses: lower-case words and hyphens."
)
_DIVISION = Text("六位行政区划码（GB/T 2260）。", "Division code of GB/T 2260, six digits.")
_ZH = Text("中文名称；默认同英文名称。", "Chinese name; the English one if left out.")
_EN = Text("英文名称；默认取自代号。", "English name; made of the slug if left out.")
_DIR = Text("建在哪个文件夹中；默认当前文件夹。", "Where to make it; here if left out.")
_NEXT = Text(
    "接下来：填写 rules 中的文件，再运行 socialins plugin check {path}",
    "Next: fill the files in rules, then run socialins plugin check {path}",
)


def _run(slug: str, division: str, name_zh: str, name_en: str, folder: Path | None) -> None:
    lang, console = lang_of(), make_console()
    try:
        written = new_plugin(
            slug, division, name_zh=name_zh, name_en=name_en, folder=folder or Path()
        )
    except FaultError as error:
        raise Misuse(error.fault, click.get_current_context()) from None
    except OSError as error:
        values = {"path": str(folder or Path()), "reason": str(error)}
        raise Stopped([Fault("cli.folder-failed", values)]) from error
    for path in written:
        say(console, shown(path.as_posix()))
    say(console, shown(_NEXT.get(lang).format(path=written[0].parent.as_posix())))


command = Command(
    "new",
    text=_TEXT,
    params=[
        Argument(["slug"], text=_SLUG),
        Option(["--division"], required=True, metavar="CODE", text=_DIVISION),
        Option(["--name-zh"], default="", metavar="NAME", text=_ZH),
        Option(["--name-en"], default="", metavar="NAME", text=_EN),
        Option(["--dir", "folder"], type=FOLDER, text=_DIR),
    ],
    callback=_run,
)
"""The command."""
