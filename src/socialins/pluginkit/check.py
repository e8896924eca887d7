"""Checking a plugin's folder without installing it, and without running any of its code.

The rules are read as they would be once installed, over the national rules that are installed, so
that what passes here loads there. Besides what keeps a plugin from loading, it is told what loads
and deserves a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs

from socialins.faults import Fault, FaultError, Text
from socialins.forms.papers import forms_of
from socialins.pluginkit.advice import advise_checks, advise_file, advise_series
from socialins.pluginkit.faulttexts import check_texts, use_folder
from socialins.pluginkit.places import Places, find_places
from socialins.plugins import HookManager, LoadedPlugin, Registry, installed
from socialins.reconcile.exportfile import check_layouts
from socialins.rules import RuleBook, RuleFile, RuleFileError, build_rule_books, read_rule_file
from socialins.rules.loader import rule_files

__all__ = ["CheckedDivision", "CheckedPlugin", "check_plugin"]


@attrs.frozen
class CheckedDivision:
    """A division that a checked plugin speaks for.

    Arguments:
        code: its GB/T 2260 code.
        slug: the name that code uses.
        name: the name that people use.
        figures: how many figures the plugin states of it.
    """

    code: str
    slug: str
    name: Text
    figures: int


@attrs.frozen
class CheckedPlugin:
    """What checking a plugin's folder gave.

    Arguments:
        rules: the folder of its rule files.
        divisions: what it speaks for; empty if its rule files can't be used.
        faults: errors, which keep it from loading, and warnings, which deserve a look.
    """

    rules: Path
    divisions: tuple[CheckedDivision, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that keep it from loading."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What loads and deserves a look."""
        return tuple(fault for fault in self.faults if not fault.is_error)


def check_plugin(
    path: str | Path, *, today: date | None = None, registry: Registry | None = None
) -> CheckedPlugin:
    """Check a plugin (检查插件): every problem of its rule files and forms, with file and key path.

    Arguments:
        path: the folder of the distribution (where ``pyproject.toml`` stands), of the package, or
            of the rule files.
        today: the day in China by which a confirmation is called old; None looks at no ages.
        registry: what is installed besides; the process's own plugins if left out.

    Raises:
        FaultError: if there is no rule file at the path.

    >>> from importlib.resources import files
    >>> from socialins.testing.middle import middle_registry
    >>> checked = check_plugin(files("socialins.testing.middle"), registry=middle_registry())
    >>> [(one.code, one.slug) for one in checked.divisions if one.code.startswith("99")]
    [('990100', 'middle'), ('990000', 'middle-province')]
    >>> checked.errors
    ()
    """
    places = find_places(Path(path))
    files = _named_files(places.rules)
    if not files:
        raise FaultError(Fault("plugin.not-found", {"path": str(path)}))
    faults: list[Fault] = [*places.faults, *use_folder(places.name, places.package)]
    contents: dict[str, RuleFile] = {}
    for name, file in files.items():
        try:
            contents[name] = read_rule_file(file, name)
        except RuleFileError as error:
            faults += error.faults
    books: dict[str, RuleBook] = {}
    if len(contents) == len(files):
        try:
            books = build_rule_books(contents)
        except RuleFileError as error:
            faults += error.faults
    faults += _faults_in_place(places, books, registry or installed())
    faults += check_texts(places.name, places.package, contents)
    for name, file in files.items():
        faults += advise_file(name, file)
        if name in contents:
            faults += advise_checks(name, contents[name])
    for book in books.values():
        for placed in book.series:
            faults += advise_series(placed, today)
    divisions = (
        CheckedDivision(
            book.division,
            book.names.slug,
            book.names.name,
            sum(len(placed.series.values) for placed in book.series),
        )
        for book in books.values()
    )
    return CheckedPlugin(places.rules, tuple(divisions), tuple(dict.fromkeys(faults)))


def _named_files(rules: Path) -> dict[str, Path]:
    if not rules.is_dir():
        return {}
    return {str(rules / name): rules / name for name, _ in rule_files(rules)}


def _faults_in_place(
    places: Places, books: Mapping[str, RuleBook], registry: Registry
) -> Iterator[Fault]:
    """What is wrong with the books once they stand among the others."""
    if not books:
        return
    others = []
    for plugin in registry.plugins:
        kept = {code: book for code, book in plugin.books.items() if code not in books}
        if places.distribution and plugin.distribution != places.distribution:
            for taken in sorted(plugin.books.keys() & books.keys()):
                values = {"plugin": places.name, "division": taken, "other": plugin.name}
                yield Fault("plugin.division-taken", values)
        # One that gives way, such as an installed version of the same, takes its forms with it.
        package = plugin.package if len(kept) == len(plugin.books) else None
        others.append(attrs.evolve(plugin, books=kept, package=package))
    checked = LoadedPlugin(places.name, books=dict(books), package=places.package)
    among = Registry((checked, *others), HookManager())
    for book in books.values():
        try:
            cascade = among.cascade(book)
            yield from check_layouts(among, cascade)
            forms_of(among, cascade)
        except RuleFileError as error:
            yield from error.faults
