"""`socialins regions`: what is installed, and what failed to load."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.installed import InstalledRegion, described, plugin_to_plain
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, say, table, tell_faults
from socialins.facade import regions
from socialins.faults import Text
from socialins.plugins import installed
from socialins.rules import COUNTRY
from socialins.settlement.plain import fault_to_plain

__all__ = ["command"]

_TEXT = Text(
    "列出已安装的地区，以及未能加载的插件。",
    "List the regions that are installed, and plugins that failed to load.",
)
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_COLUMNS = (
    Column(Text("区划码", "Code"), whole=True),
    Column(Text("代号", "Slug"), whole=True),
    Column(Text("名称", "Name")),
    Column(Text("基数上下限（首月..末月）", "Floors and caps (first..last)")),
    Column(Text("插件", "Plugin")),
)
_COUNTRY = Text("全国规定来自：", "National rules come from: ")
_NOTHING = Text(
    "没有安装任何地区；请安装地区插件。", "No region is installed; install a region's plugin."
)


def _run(as_json: bool) -> None:
    lang, registry = lang_of(), installed()
    failed = [plugin for plugin in registry.plugins if plugin.failed]
    found = [InstalledRegion.of(region) for region in regions()]
    if as_json:
        print_json(
            {
                "regions": [_plain(one, lang) for one in found],
                "failed": [plugin_to_plain(one, lang) for one in failed],
            }
        )
        return
    console = make_console()
    if found:
        print_trimmed(console, table(_COLUMNS, (_cells(one, lang) for one in found), lang))
    else:
        say(console, _NOTHING.get(lang))
    country = next((one for one in registry.plugins if COUNTRY in one.books), None)
    if country is not None:
        say(console)
        say(console, f"{_COUNTRY.get(lang)}{described(country)}")
    faults = [fault for plugin in registry.plugins for fault in plugin.faults]
    faults += [fault for one in found for fault in one.faults]
    tell_faults(make_console(stderr=True), faults, lang)


def _cells(one: InstalledRegion, lang: str) -> list[object]:
    region = one.region
    months, plugin = one.months(lang), described(one.plugin)
    return [region.code, region.slug, region.name.get(lang), months, plugin]


def _plain(one: InstalledRegion, lang: str) -> dict[str, Any]:
    region, plugin = one.region, one.plugin
    return {
        "code": region.code,
        "slug": region.slug,
        "name": {"zh": region.name.zh, "en": region.name.en},
        "also": list(region.book.names.also),
        "plugin": plugin.name if plugin else None,
        "distribution": plugin.distribution if plugin else None,
        "version": plugin.version if plugin else None,
        "bounds": {
            insurance: sorted({str(span) for span in spans})
            for insurance, spans in one.bounds.items()
        },
        "faults": [fault_to_plain(fault, lang) for fault in one.faults],
    }


command = Command(
    "regions",
    text=_TEXT,
    params=[Option(["--json", "as_json"], is_flag=True, text=_JSON)],
    callback=_run,
)
"""The command."""
