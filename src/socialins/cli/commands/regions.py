"""`socialins regions`: what is installed, and what failed to load."""

from __future__ import annotations

from typing import Any

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, say, table, tell_faults
from socialins.faults import Text
from socialins.plugins import LoadedPlugin, installed
from socialins.region import Region, regions
from socialins.rules import COUNTRY, Series
from socialins.settlement.plain import fault_to_plain
from socialins.values import MonthSpan

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
    if as_json:
        listed = [_plain(one) for one in regions()]
        print_json({"regions": listed, "failed": [_plain_failure(one, lang) for one in failed]})
        return
    console = make_console()
    rows = [
        [one.code, one.slug, one.name.get(lang), _months(one), _described(_plugin(one))]
        for one in regions()
    ]
    if rows:
        console.print(table(_COLUMNS, rows, lang))
    else:
        say(console, _NOTHING.get(lang))
    country = next((one for one in registry.plugins if COUNTRY in one.books), None)
    if country is not None:
        say(console)
        say(console, f"{_COUNTRY.get(lang)}{_described(country)}")
    for plugin in failed:
        tell_faults(make_console(stderr=True), plugin.faults, lang)


def _plugin(region: Region) -> LoadedPlugin | None:
    """The plugin that brings a region."""
    plugins = region.registry.plugins
    return next((one for one in plugins if one.books.get(region.code) is region.book), None)


def _described(plugin: LoadedPlugin | None) -> str:
    if plugin is None:
        return ""
    return f"{plugin.distribution} {plugin.version}".strip() or plugin.name


def _bounds(region: Region) -> list[Series[Any]]:
    return [one for book in region.cascade.books for one in book.of_kind("bounds")]


def _months(region: Region) -> str:
    """The first and the last month for which some floor or cap is known; gaps are not shown."""
    spans = [value.span for series in _bounds(region) for value in series.values]
    if not spans:
        return ""
    ends = [span.last for span in spans if span.last is not None]
    open_ended = len(ends) < len(spans)
    return str(MonthSpan(min(spans).first, None if open_ended else max(ends)))


def _plain(region: Region) -> dict[str, Any]:
    plugin = _plugin(region)
    known: dict[str, list[str]] = {}
    for series in _bounds(region):
        for insurance, _, _ in series.scopes():
            known.setdefault(insurance, []).extend(str(one.span) for one in series.values)
    return {
        "code": region.code,
        "slug": region.slug,
        "name": {"zh": region.name.zh, "en": region.name.en},
        "also": list(region.book.names.also),
        "plugin": plugin.name if plugin else None,
        "distribution": plugin.distribution if plugin else None,
        "version": plugin.version if plugin else None,
        "bounds": {name: sorted(set(spans)) for name, spans in known.items()},
    }


def _plain_failure(plugin: LoadedPlugin, lang: str) -> dict[str, Any]:
    return {
        "plugin": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "faults": [fault_to_plain(fault, lang) for fault in plugin.faults],
    }


command = Command(
    "regions",
    text=_TEXT,
    params=[Option(["--json", "as_json"], is_flag=True, text=_JSON)],
    callback=_run,
)
"""The command."""
