"""What is installed, as the commands that list it see it: regions, and plugins that failed."""

from __future__ import annotations

from typing import Any

import attrs

from socialins.facade import Region
from socialins.faults import Fault, Text
from socialins.plugins import LoadedPlugin
from socialins.rules import ALL, RuleFileError
from socialins.settlement.plain import fault_to_plain
from socialins.values import MonthSpan

__all__ = ["InstalledRegion", "described", "plugin_of", "plugin_to_plain"]

_ALL = Text("全部险种", "all insurances")


@attrs.frozen
class InstalledRegion:
    """A region with what is known of it; faults if its rules don't fit those above it."""

    region: Region
    plugin: LoadedPlugin | None
    bounds: dict[str, list[MonthSpan]] = attrs.field(factory=dict)
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, region: Region) -> InstalledRegion:
        """What is known of a region."""
        plugin = plugin_of(region)
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


def plugin_of(region: Region) -> LoadedPlugin | None:
    """The plugin that brings a region."""
    plugins = region.registry.plugins
    return next((one for one in plugins if one.books.get(region.code) is region.book), None)


def described(plugin: LoadedPlugin | None) -> str:
    """The distribution that brings a plugin, with its version."""
    if plugin is None:
        return ""
    return f"{plugin.distribution} {plugin.version}".strip() or plugin.name


def plugin_to_plain(plugin: LoadedPlugin, lang: str) -> dict[str, Any]:
    """A plugin and what is wrong with it, as plain data."""
    return {
        "plugin": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "faults": [fault_to_plain(fault, lang) for fault in plugin.faults],
    }
