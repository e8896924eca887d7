"""Plugins: loading them one at a time, and the registry of divisions they speak for.

A plugin that fails to load, or whose rule files are wrong, is named with its reason and harms no
other. All are imported when the registry is built, and the heads of their rule files are read to
learn what they speak for. The rest of a plugin's rules is read when one of its divisions is first
needed, or when somebody wants to know of all plugins.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock
from types import ModuleType
from typing import Any

import attrs
import pluggy

from socialins import hookspecs
from socialins.faults import Fault, FaultError, Place, Text, use_texts
from socialins.rules import COUNTRY, Cascade, RegionNames, RuleBook, RuleFileError
from socialins.rules.loader import rule_files
from socialins.rules.unread import UnreadRules

__all__ = ["GROUP", "HookManager", "LoadedPlugin", "Registry", "UnknownRegion", "installed"]

GROUP = "socialins"
"""The entry-point group of plugins."""


class UnknownRegion(FaultError, KeyError):
    """No installed region has this name; the message has near names and what failed to load."""

    def __str__(self) -> str:
        return Exception.__str__(self)


@attrs.frozen(eq=False)
class LoadedPlugin:
    """A plugin that was read: its rule books, or the faults that keep it out.

    Arguments:
        name: the entry point's name.
        distribution: the distribution that brings it, if known.
        version: its version, if known.
        books: its rule books by division code; empty when it failed.
        taken: divisions that it brings and another plugin brought before it; not in use.
        faults: why it failed, or what of it is not used; empty when all of it is in use.
        package: the folder of its package, if it is one; what lies there besides rules is read
            when it is asked for.
    """

    name: str
    distribution: str = ""
    version: str = ""
    books: dict[str, RuleBook] = attrs.field(factory=dict, repr=False)
    taken: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    package: Traversable | None = attrs.field(default=None, repr=False)

    @property
    def failed(self) -> bool:
        """Whether the plugin is out of use."""
        return any(fault.is_error for fault in self.faults)

    def folder(self, name: str) -> Traversable | None:
        """A folder of its package; None where there is none."""
        found = self.package.joinpath(name) if self.package is not None else None
        return found if found is not None and found.is_dir() else None


@attrs.define(eq=False)
class _FoundPlugin:
    """A plugin whose divisions are known, and whose rules are read once, when they are needed.

    Arguments:
        plugin: the plugin; without books until its rules are read.
        names: how each of its divisions is called, if its rules turn out to be right.
        unread: its rules; None once they are read.
        manager: what calls its hooks, unless its rules turn out to be wrong.
    """

    plugin: LoadedPlugin
    names: Mapping[str, RegionNames]
    unread: UnreadRules | None = attrs.field(default=None, repr=False)
    manager: pluggy.PluginManager | None = attrs.field(default=None, repr=False)
    _lock: Lock = attrs.field(factory=Lock, init=False, repr=False)

    @classmethod
    def of(cls, plugin: LoadedPlugin) -> _FoundPlugin:
        """A plugin that has nothing more to read."""
        return cls(plugin, {code: book.names for code, book in plugin.books.items()})

    def read(self) -> LoadedPlugin:
        """The plugin with its books, or with the faults that keep it out."""
        with self._lock:  # two threads must not get two books of one division
            if self.unread is not None:
                self.plugin, self.unread = self._read(self.unread), None
            return self.plugin

    def _read(self, unread: UnreadRules) -> LoadedPlugin:
        try:
            return attrs.evolve(self.plugin, books=unread.read())
        except Exception as error:  # noqa: BLE001
            return _failed(self.plugin, error, self.manager)


def _all_found(plugins: Iterable[LoadedPlugin | _FoundPlugin]) -> tuple[_FoundPlugin, ...]:
    return tuple(_FoundPlugin.of(one) if isinstance(one, LoadedPlugin) else one for one in plugins)


@attrs.frozen(eq=False)
class Registry:
    """The divisions that plugins speak for.

    Arguments:
        plugins: every plugin that was found, failed ones too; of two that bring one division, the
            first is used.
        manager: calls the hooks of those that loaded.
    """

    _found: tuple[_FoundPlugin, ...] = attrs.field(converter=_all_found, alias="plugins")
    manager: pluggy.PluginManager = attrs.field(repr=False)
    _asked: dict[str, RuleBook] = attrs.field(factory=dict, init=False, repr=False)

    @cached_property
    def plugins(self) -> tuple[LoadedPlugin, ...]:
        """Every plugin that was found, failed ones too; all of them are read for it."""
        return tuple(self._without_taken(one) for one in self._found)

    @cached_property
    def books(self) -> dict[str, RuleBook]:
        """Every rule book by division code; all plugins are read for it."""
        return {code: book for plugin in self.plugins for code, book in plugin.books.items()}

    def divisions(self) -> tuple[RuleBook, ...]:
        """The books of every province and city, in order of their codes; all plugins are read."""
        return tuple(self.books[code] for code in sorted(self.books) if code != COUNTRY)

    def book(self, name: str) -> RuleBook:
        """The book of the division with this code, slug or name; its plugin is read.

        Raises:
            UnknownRegion: if none has it.
        """
        wanted = name.strip().casefold()
        # Applications ask once a request. Names are few: only those that a book has are kept.
        if (known := self._asked.get(wanted)) is not None:
            return known
        called = {
            code
            for found in self._found
            for code, names in found.names.items()
            if code != COUNTRY and wanted in _names(code, names)
        }
        for code in sorted(called):
            book = self._book_of(code)
            # Where two plugins bring a division, the name may be the other's.
            if book is not None and wanted in _names(code, book.names):
                self._asked[wanted] = book
                return book
        raise UnknownRegion(self._unknown(name))

    def plugin_of(self, division: str) -> LoadedPlugin | None:
        """The plugin whose book of a division is used; None if there is none."""
        found = self._bringing(division)
        return self._without_taken(found) if found is not None else None

    def cascade(self, book: RuleBook, overlay: RuleBook | None = None) -> Cascade:
        """The books that speak for a division: overlay, itself, its province, the country.

        Raises:
            RuleFileError: if a book speaks of an insurance that none of them names, or names a
                business, a rule for pictures, … that none of them has.
        """
        codes = dict.fromkeys((book.division, f"{book.division[:2]}0000", COUNTRY))
        books = [found for code in codes if (found := self._book_of(code)) is not None]
        cascade = Cascade(((overlay,) if overlay else ()) + tuple(books))
        faults = [
            Fault(
                "rules.invalid",
                {"problem": f"insurance {insurance!r} has no title at any level"},
                _place(untitled, insurance),
            )
            for untitled, insurance in cascade.untitled()
        ]
        faults += [
            Fault(
                "rules.invalid",
                {"problem": f"{business} has no reading {variant!r}; these are stated: {known}"},
                Place(file=chooser.names.slug, field=f"variants.{business}"),
            )
            for chooser, business, variant, known in cascade.unheard_variants()
        ]
        faults += cascade.unknown_names()
        if faults:
            raise RuleFileError(faults)
        return cascade

    def _bringing(self, division: str) -> _FoundPlugin | None:
        """The first plugin that has a division and does not fail."""
        having = (found for found in self._found if division in found.names)
        return next((found for found in having if division in found.read().books), None)

    def _book_of(self, division: str) -> RuleBook | None:
        found = self._bringing(division)
        return found.read().books[division] if found is not None else None

    def _without_taken(self, found: _FoundPlugin) -> LoadedPlugin:
        """A plugin without the divisions that one before it brings; a warning names each."""
        plugin = found.read()
        kept: dict[str, RuleBook] = {}
        faults = list(plugin.faults)
        for division, book in plugin.books.items():
            other = self._bringing(division)
            if other is None or other is found:
                kept[division] = book
            else:
                values = {"plugin": plugin.name, "division": division, "other": other.plugin.name}
                faults.append(Fault("plugin.division-taken", values))
        if len(kept) == len(plugin.books):
            return plugin
        taken = frozenset(plugin.books) - frozenset(kept)
        return attrs.evolve(plugin, books=kept, taken=taken, faults=tuple(faults))

    def _unknown(self, name: str) -> Fault:
        known = {one for book in self.divisions() for one in _names(book.division, book.names)}
        # One of two characters is enough: that is a slip in most Chinese names of places.
        near = difflib.get_close_matches(name.strip().casefold(), sorted(known), n=3, cutoff=0.5)
        failed = [plugin.name for plugin in self.plugins if plugin.failed]
        zh = f"相近的名称：{'、'.join(near)}。" if near else ""
        en = f"Near names: {', '.join(near)}. " if near else ""
        if failed:
            zh += f"未能加载的插件：{'、'.join(failed)}。"
            en += f"Plugins that failed to load: {', '.join(failed)}."
        return Fault("rules.region-unknown", {"name": name, "near": Text(zh, en)})


@cache
def installed() -> Registry:
    """The registry of everything installed, built on first use.

    Entry points are looked up once in a process; `reload` builds the registry anew.
    """
    return load(found_plugins())


def found_plugins() -> Iterable[EntryPoint]:
    """The entry points of all installed plugins, loaded or not."""
    return entry_points(group=GROUP)


def reload() -> Registry:
    """Look for plugins again, after one was installed or removed while the process runs."""
    installed.cache_clear()
    return installed()


class HookManager(pluggy.PluginManager):
    """Calls the hooks of plugins: every function of a plugin whose name begins ``socialins_``.

    No mark is needed on it, as the prefix says enough; `hookspecs.hookimpl` takes options.
    """

    def __init__(self) -> None:
        super().__init__("socialins")
        self.add_hookspecs(hookspecs)

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> pluggy.HookimplOpts | None:
        """The options of a hook that a plugin implements; None if it is none."""
        marked = super().parse_hookimpl_opts(plugin, name)
        if marked is not None or not name.startswith(_PREFIX):
            return marked
        if not inspect.isroutine(getattr(plugin, name)):
            return None
        return pluggy.HookimplOpts(
            wrapper=False,
            hookwrapper=False,
            optionalhook=False,
            tryfirst=False,
            trylast=False,
            specname=None,
        )


_PREFIX = "socialins_"


def load(points: Iterable[EntryPoint], manager: HookManager | None = None) -> Registry:
    """Load plugins from entry points, one at a time; most of their rules are read when needed.

    Arguments:
        points: the entry points, in any order; they are loaded in order of name.
        manager: what calls their hooks; one of its own if left out.
    """
    manager = manager or HookManager()
    ordered = sorted(points, key=lambda point: point.name)
    return Registry(tuple(_find_one(manager, point) for point in ordered), manager)


def _find_one(manager: pluggy.PluginManager, point: EntryPoint) -> _FoundPlugin:
    # Asked for name and version, a distribution reads its metadata twice.
    about = point.dist.metadata if point.dist else {"Name": "", "Version": ""}
    plugin = LoadedPlugin(point.name, about["Name"], about["Version"])
    # A plugin is other people's code: whatever it raises on import is its failure, not ours.
    try:
        module = point.load()
        manager.register(module, name=point.name)
        manager.check_pending()
        # Before its rules, which name the faults that a portal's prompts mean.
        use_texts(point.name, _fault_texts(module))
        unread = UnreadRules.find(_folders(manager, module))
    except Exception as error:  # noqa: BLE001
        return _FoundPlugin.of(_failed(plugin, error, manager))
    package = files(module) if hasattr(module, "__path__") else None
    found = _FoundPlugin(attrs.evolve(plugin, package=package), unread.names or {}, unread, manager)
    return found if unread.names is not None else _FoundPlugin.of(found.read())


def _failed(
    plugin: LoadedPlugin, error: Exception, manager: pluggy.PluginManager | None
) -> LoadedPlugin:
    """What is left of a plugin that failed: its name and the reason. No hook of it is called."""
    if manager is not None and manager.has_plugin(plugin.name):
        manager.unregister(name=plugin.name)
    faults: tuple[Fault, ...]
    if isinstance(error, RuleFileError):
        faults = tuple(_of_plugin(fault, plugin) for fault in error.faults)
    else:
        values = {"plugin": plugin.name, "reason": f"{type(error).__name__}: {error}"}
        faults = (Fault("plugin.failed", values),)
    return LoadedPlugin(plugin.name, plugin.distribution, plugin.version, faults=faults)


def _of_plugin(fault: Fault, plugin: LoadedPlugin) -> Fault:
    file = f"{plugin.name}: {fault.place.file}"
    return attrs.evolve(fault, place=attrs.evolve(fault.place, file=file))


def _folders(manager: pluggy.PluginManager, module: ModuleType) -> Iterator[Traversable]:
    rules = files(module).joinpath("rules") if hasattr(module, "__path__") else None
    if rules is not None and rules.is_dir():
        yield rules
    others = [plugin for plugin in manager.get_plugins() if plugin is not module]
    caller = manager.subset_hook_caller("socialins_rule_folders", others)
    for folders in caller():
        yield from folders


def _fault_texts(module: ModuleType) -> dict[str, str]:
    folder = files(module).joinpath("faults") if hasattr(module, "__path__") else None
    if folder is None or not folder.is_dir():
        return {}
    return {f"faults/{name}": file.read_text("utf-8") for name, file in rule_files(folder)}


def _place(book: RuleBook, insurance: str) -> Place:
    """Where a book first speaks of an insurance, as far as its series tell."""
    for placed in book.series:
        if any(insurance in (scope[0], scope[1]) for scope in placed.series.scopes()):
            return Place(file=placed.file, field=placed.path)
    return Place(file=book.names.slug, field=insurance)


def _names(division: str, names: RegionNames) -> set[str]:
    listed = (division, names.slug, names.name.zh, names.name.en, *names.also)
    return {name.casefold() for name in listed}
