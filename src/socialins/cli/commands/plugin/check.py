"""`socialins plugin check`: what is wrong with a plugin's folder, before it is installed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from socialins.calendar.zone import SHANGHAI
from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import DAY, FOLDER
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.faults import FaultError, Text
from socialins.pluginkit import CheckedPlugin, check_plugin
from socialins.settlement.plain import fault_to_plain

__all__ = ["command"]

_TEXT = Text(
    "检查一个插件文件夹或规则文件夹，不必安装：逐条列出文件、键路径和办法。",
    "Check a plugin's folder, or one of rule files, without installing it: each problem with file, "
    "key path and remedy.",
)
_PATH = Text(
    "插件的文件夹（其中有 pyproject.toml）、其包或其规则文件夹。",
    "The plugin's folder (the one with pyproject.toml), its package, or its rule files.",
)
_TODAY = Text(
    "以这一天判断数值是否久未证实；默认今天。",
    "Tell by this day which figures have not been seen for long; today if left out.",
)
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_DIVISION = Text(
    "{code} {slug} {name}：{figures} 个数值", "{code} {slug} {name}: {figures} figures"
)
_DONE = Text("错误 {errors} 处，提醒 {warnings} 处", "{errors} errors, {warnings} warnings")


def _run(path: Path, today: date | None, as_json: bool) -> None:
    lang = lang_of()
    try:
        checked = check_plugin(path, today=today or datetime.now(SHANGHAI).date())
    except FaultError as error:
        raise Misuse(error.fault, click.get_current_context()) from None
    if as_json:
        print_json(_plain(checked, lang))
    else:
        _tell(checked, lang)
    if checked.errors:
        click.get_current_context().exit(1)


def _tell(checked: CheckedPlugin, lang: str) -> None:
    console = make_console()
    for one in checked.divisions:
        words = {"code": one.code, "slug": one.slug, "figures": one.figures}
        say(console, shown(_DIVISION.get(lang).format(name=one.name.get(lang), **words)))
    faults = (*checked.errors, *checked.warnings)
    tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)
    counts = {"errors": len(checked.errors), "warnings": len(checked.warnings)}
    say(console, _DONE.get(lang).format(**counts), "bold")


def _plain(checked: CheckedPlugin, lang: str) -> dict[str, Any]:
    return {
        "rules": str(checked.rules),
        "divisions": [
            {
                "code": one.code,
                "slug": one.slug,
                "name": {"zh": one.name.zh, "en": one.name.en},
                "figures": one.figures,
            }
            for one in checked.divisions
        ],
        "errors": [fault_to_plain(fault, lang) for fault in checked.errors],
        "warnings": [fault_to_plain(fault, lang) for fault in checked.warnings],
    }


command = Command(
    "check",
    text=_TEXT,
    params=[
        Argument(["path"], type=FOLDER, text=_PATH),
        Option(["--today"], type=DAY, text=_TODAY),
        Option(["--json", "as_json"], is_flag=True, text=_JSON),
    ],
    callback=_run,
)
"""The command."""
