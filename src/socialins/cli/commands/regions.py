"""`socialins regions`: what is installed, and what failed to load."""

from __future__ import annotations

from typing import Any

import attrs

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, say, table, tell_faults
from socialins.facade import Region, regions
from socialins.faults import Fault, Text
from socialins.plugins import LoadedPlugin, installed
from socialins.rules import ALL, COUNTRY, RuleFileError
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
_ALL = Text("全部险种", "all insurances")
_NOTHING = Text(
    "没有安装任何地区；请安装地区插件。", "No region is installed; install a region's plugin."
)


def _run(as_json: bool) -> None:
    lang, registry = lang_of(), installed()
    failed = [plugin for plugin in registry.plugins if plugin.failed]
    found = [_Installed.of(region) for region in regions()]
    if as_json:
        print_json(
            {
                "regions": [_plain(one, lang) for one in found],
                "failed": [_plain_failure(one, lang) for one in failed],
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
        say(console, f"{_COUNTRY.get(lang)}{_described(country)}")
    faults = [fault for plugin in registry.plugins for fault in plugin.faults]
    faults += [fault for one in found for fault in one.faults]
    tell_faults(make_console(stderr=True), faults, lang)


@attrs.frozen
class _Installed:
    """A region with what is known of it; faults if its rules don't fit those above it."""

    region: Region
    plugin: LoadedPlugin | None
    bounds: dict[str, list[MonthSpan]] = attrs.field(factory=dict)
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, region: Region) -> _Installed:
        plugin = _plugin(region)
        try:
            books = region.cascade.books
        except RuleFileError as error:
            return cls(region, plugin, faults=error.faults)
        bounds: dict[str, list[MonthSpan]] = {}
        for book in books:
            for series in book.of_kind("bounds"):
                for insurance, _, _ in series.scopes():
                    bounds.setdefault(insurance, []).extend(one.span for one in series.values)
        order = [ALL, *(one.id for one in region.cascade.insurances())]
        return cls(region, plugin, {one: bounds[one] for one in order if bounds.get(one)})

    def months(self, lang: str) -> tuple[str, ...]:
        """First and last month with a floor or cap; a line for insurances that agree."""
        groups: dict[str, list[str]] = {}
        for insurance, spans in self.bounds.items():
            ends = [span.last for span in spans if span.last is not None]
            last = max(ends) if len(ends) == len(spans) else None
            title = _ALL.get(lang)
            if insurance != ALL:
                title = self.region.cascade.title(insurance).get(lang)
            groups.setdefault(str(MonthSpan(min(spans).first, last)), []).append(title)
        if len(groups) == 1:
            return tuple(groups)
        comma, colon = (", ", ": ") if lang == "en" else ("、", "：")
        return tuple(f"{span}{colon}{comma.join(titles)}" for span, titles in groups.items())


def _cells(one: _Installed, lang: str) -> list[object]:
    region = one.region
    months, plugin = one.months(lang), _described(one.plugin)
    return [region.code, region.slug, region.name.get(lang), months, plugin]


def _plugin(region: Region) -> LoadedPlugin | None:
    """The plugin that brings a region."""
    plugins = region.registry.plugins
    return next((one for one in plugins if one.books.get(region.code) is region.book), None)


def _described(plugin: LoadedPlugin | None) -> str:
    if plugin is None:
        return ""
    return f"{plugin.distribution} {plugin.version}".strip() or plugin.name


def _plain(one: _Installed, lang: str) -> dict[str, Any]:
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
