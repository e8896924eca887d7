"""Plugins: loading them one at a time, and the registry of divisions they speak for.

A plugin that fails to load, or whose rule files are wrong, is named with its reason and harms no
other.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any

import attrs
import pluggy

from socialins import hookspecs
from socialins.faults import Fault, FaultError, Place, Text
from socialins.rules import (
    COUNTRY,
    Cascade,
    RegionNames,
    RuleBook,
    RuleFileError,
    build_rule_books,
    read_rule_folder,
)

__all__ = ["GROUP", "HookManager", "LoadedPlugin", "Registry", "UnknownRegion", "installed"]

GROUP = "socialins"
"""The entry-point group of plugins."""


class UnknownRegion(FaultError, KeyError):
    """No installed region has this name; the message has near names and what failed to load."""

    def __str__(self) -> str:
        return Exception.__str__(self)


@attrs.frozen
class LoadedPlugin:
    """A plugin that was found: its rule books, or the faults that keep it out.

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
    package: Traversable | None = attrs.field(default=None, repr=False, eq=False)

    @property
    def failed(self) -> bool:
        """Whether the plugin is out of use."""
        return any(fault.is_error for fault in self.faults)

    def folder(self, name: str) -> Traversable | None:
        """A folder of its package; None where there is none."""
        found = self.package.joinpath(name) if self.package is not None else None
        return found if found is not None and found.is_dir() else None


@attrs.frozen(eq=False)
class Registry:
    """The divisions that the loaded plugins speak for.

    Arguments:
        plugins: every plugin that was found, failed ones too.
        manager: calls the hooks of those that loaded.
    """

    plugins: tuple[LoadedPlugin, ...]
    manager: pluggy.PluginManager = attrs.field(repr=False)

    @cached_property
    def books(self) -> dict[str, RuleBook]:
        """Every rule book by division code; no two plugins bring the same."""
        return {code: book for plugin in self.plugins for code, book in plugin.books.items()}

    def divisions(self) -> tuple[RuleBook, ...]:
        """The books of every province and city, in order of their codes."""
        return tuple(self.books[code] for code in sorted(self.books) if code != COUNTRY)

    def book(self, name: str) -> RuleBook:
        """The book of the division with this code, slug or name.

        Raises:
            UnknownRegion: if none has it.
        """
        wanted = name.strip().casefold()
        for book in self.divisions():
            if wanted in _names(book):
                return book
        raise UnknownRegion(self._unknown(name))

    def cascade(self, book: RuleBook, overlay: RuleBook | None = None) -> Cascade:
        """The books that speak for a division: overlay, itself, its province, the country.

        Raises:
            RuleFileError: if a book speaks of an insurance that none of them names.
        """
        codes = dict.fromkeys((book.division, f"{book.division[:2]}0000", COUNTRY))
        books = [self.books[code] for code in codes if code in self.books]
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
        if faults:
            raise RuleFileError(faults)
        return cascade

    def _unknown(self, name: str) -> Fault:
        known = {one for book in self.divisions() for one in _names(book)}
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
    """Load plugins from entry points, one at a time.

    Arguments:
        points: the entry points, in any order; they are loaded in order of name.
        manager: what calls their hooks; one of its own if left out.
    """
    manager = manager or HookManager()
    plugins: list[LoadedPlugin] = []
    for point in sorted(points, key=lambda point: point.name):
        plugins.append(_without_taken(_load_one(manager, point), plugins))
    return Registry(tuple(plugins), manager)


def _without_taken(plugin: LoadedPlugin, before: list[LoadedPlugin]) -> LoadedPlugin:
    """A plugin without the divisions that one before it brings; a warning names each."""
    taken = {division: other for other in before for division in other.books}
    faults = [
        Fault(
            "plugin.division-taken",
            {"plugin": plugin.name, "division": division, "other": taken[division].name},
        )
        for division in plugin.books
        if division in taken
    ]
    kept = {code: book for code, book in plugin.books.items() if code not in taken}
    return attrs.evolve(
        plugin,
        books=kept,
        taken=frozenset(plugin.books) - frozenset(kept),
        faults=(*plugin.faults, *faults),
    )


def _load_one(manager: pluggy.PluginManager, point: EntryPoint) -> LoadedPlugin:
    found = LoadedPlugin(
        point.name,
        point.dist.name if point.dist else "",
        point.dist.version if point.dist else "",
    )
    # A plugin is other people's code: whatever it raises on import is its failure, not ours.
    try:
        module = point.load()
        manager.register(module, name=point.name)
        manager.check_pending()
        books = _books(manager, module)
    except RuleFileError as error:
        _leave_out(manager, point.name)
        return attrs.evolve(found, faults=tuple(_of_plugin(fault, found) for fault in error.faults))
    except Exception as error:  # noqa: BLE001
        _leave_out(manager, point.name)
        values = {"plugin": point.name, "reason": f"{type(error).__name__}: {error}"}
        return attrs.evolve(found, faults=(Fault("plugin.failed", values),))
    package = files(module) if hasattr(module, "__path__") else None
    return attrs.evolve(found, books=books, package=package)


def _leave_out(manager: pluggy.PluginManager, name: str) -> None:
    """Call no hook of a plugin that failed."""
    if manager.has_plugin(name):
        manager.unregister(name=name)


def _of_plugin(fault: Fault, plugin: LoadedPlugin) -> Fault:
    file = f"{plugin.name}: {fault.place.file}"
    return attrs.evolve(fault, place=attrs.evolve(fault.place, file=file))


def _books(manager: pluggy.PluginManager, module: ModuleType) -> dict[str, RuleBook]:
    contents = {}
    for number, folder in enumerate(_folders(manager, module)):
        for name, file in read_rule_folder(folder).items():
            contents[f"{number}/{name}" if number else name] = file
    return build_rule_books(contents) if contents else {}


def _folders(manager: pluggy.PluginManager, module: ModuleType) -> Iterator[Traversable]:
    rules = files(module).joinpath("rules") if hasattr(module, "__path__") else None
    if rules is not None and rules.is_dir():
        yield rules
    others = [plugin for plugin in manager.get_plugins() if plugin is not module]
    caller = manager.subset_hook_caller("socialins_rule_folders", others)
    for folders in caller():
        yield from folders


def _place(book: RuleBook, insurance: str) -> Place:
    """Where a book first speaks of an insurance, as far as its series tell."""
    for placed in book.series:
        if any(insurance in (scope[0], scope[1]) for scope in placed.series.scopes()):
            return Place(file=placed.file, field=placed.path)
    return Place(file=book.names.slug, field=insurance)


def _names(book: RuleBook) -> set[str]:
    names: RegionNames = book.names
    return {
        name.casefold()
        for name in (book.division, names.slug, names.name.zh, names.name.en, *names.also)
    }
