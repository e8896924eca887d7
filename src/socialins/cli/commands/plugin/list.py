"""`socialins plugin list`: what is loaded, and what failed to load and why."""

from __future__ import annotations

from typing import Any

import attrs

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.installed import InstalledRegion, described, plugin_to_plain
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, make_console, print_trimmed, say, table, tell_faults
from socialins.facade import Region
from socialins.faults import Fault, Text
from socialins.plugins import LoadedPlugin, Registry, installed
from socialins.rules import COUNTRY
from socialins.settlement.plain import fault_to_plain

__all__ = ["command"]

_TEXT = Text(
    "列出已安装的插件、各自提供的地区，以及未能加载的原因。",
    "List the plugins that are installed, the regions each brings, and why one failed to load.",
)
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_COLUMNS = (
    Column(Text("插件", "Plugin"), whole=True),
    Column(Text("来自", "Distribution"), whole=True),
    Column(Text("状态", "State")),
    Column(Text("地区", "Regions")),
)
_LOADED = Text("已加载", "loaded")
_FAILED = Text("未能加载", "failed")
_LOOK = Text("已加载，有提示", "loaded, see below")
_NOTHING = Text("没有安装任何插件。", "No plugin is installed.")
_COUNTRY = Text("全国", "the country")


@attrs.frozen
class _Row:
    """A plugin with the regions it brings and all that is wrong with either."""

    plugin: LoadedPlugin
    regions: tuple[InstalledRegion, ...]

    @classmethod
    def of(cls, plugin: LoadedPlugin, registry: Registry) -> _Row:
        books = [plugin.books[code] for code in sorted(plugin.books) if code != COUNTRY]
        return cls(plugin, tuple(InstalledRegion.of(Region(book, registry)) for book in books))

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (*self.plugin.faults, *(fault for one in self.regions for fault in one.faults))

    def state(self, lang: str) -> str:
        if self.plugin.failed:
            return _FAILED.get(lang)
        return (_LOOK if self.faults else _LOADED).get(lang)

    def cells(self, lang: str) -> list[object]:
        country = [_COUNTRY.get(lang)] if COUNTRY in self.plugin.books else []
        names = (f"{one.region.slug} {one.region.code}" for one in self.regions)
        brings = (", " if lang == "en" else "、").join([*country, *names])
        return [self.plugin.name, described(self.plugin), self.state(lang), brings]

    def plain(self, lang: str) -> dict[str, Any]:
        return {
            **plugin_to_plain(self.plugin, lang),
            "failed": self.plugin.failed,
            "divisions": sorted(self.plugin.books),
            "faults": [fault_to_plain(fault, lang) for fault in self.faults],
        }


def _run(as_json: bool) -> None:
    lang, registry = lang_of(), installed()
    rows = [_Row.of(plugin, registry) for plugin in registry.plugins]
    if as_json:
        print_json({"plugins": [row.plain(lang) for row in rows]})
        return
    console = make_console()
    if rows:
        print_trimmed(console, table(_COLUMNS, (row.cells(lang) for row in rows), lang))
    else:
        say(console, _NOTHING.get(lang))
    tell_faults(make_console(stderr=True), (fault for row in rows for fault in row.faults), lang)


command = Command(
    "list",
    text=_TEXT,
    params=[Option(["--json", "as_json"], is_flag=True, text=_JSON)],
    callback=_run,
)
"""The command."""
