"""The forms of a region: read from the plugins that speak for it, when they are first asked for.

A nearer division's form hides a farther one of the same id, as its rules do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path

import attrs

from socialins.faults import Fault, FaultError, Place, Text
from socialins.forms.papers.checks import check_form
from socialins.forms.papers.form import Form
from socialins.forms.papers.formfile import FormFile
from socialins.plugins import LoadedPlugin, Registry
from socialins.rules import Cascade, RuleFileError
from socialins.rules.loader import read_table, rule_files, structure
from socialins.rules.references import Named, Reference, unknown_names

__all__ = ["Forms", "UnknownForm", "forms_of", "load_form", "parse_form"]

_FOLDER = "forms"
_CODE = "form.invalid"


class UnknownForm(FaultError, KeyError):
    """The region has no form of this id; the message has near ones."""

    def __str__(self) -> str:
        return Exception.__str__(self)


@attrs.frozen(eq=False)
class Forms(Mapping[str, Form]):
    """The forms of a region, by id.

    Arguments:
        region: how the region is called.
        forms: its forms.

    >>> from socialins.testing.middle import middle
    >>> list(middle().forms)
    ['staff.add', 'wage.declare']
    >>> middle().forms["staff.ad"]
    Traceback (most recent call last):
        ...
    socialins.forms.papers.catalogue.UnknownForm: Middle City has no form 'staff.ad' — Use one of \
these: staff.add.
    """

    region: Text
    forms: Mapping[str, Form] = attrs.field(repr=False)

    def __getitem__(self, name: str) -> Form:
        if name not in self.forms:
            near = difflib.get_close_matches(name, self.forms, n=3) or list(self.forms)
            values: dict[str, str | Text] = {
                "form": name,
                "region": self.region,
                "near": Text("、".join(near) or "无", ", ".join(near) or "none"),
            }
            raise UnknownForm(Fault("form.unknown", values))
        return self.forms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)


def forms_of(registry: Registry, cascade: Cascade) -> Forms:
    """The forms of a region: its division's, its province's, the country's.

    Arguments:
        registry: the plugins.
        cascade: the region's rules.

    Raises:
        RuleFileError: if a form file of its plugins is wrong, or is for a business that the region
            does not know; with file and key path.
    """
    found: dict[str, Form] = {}
    references: list[Reference] = []
    for book in cascade.books:
        plugin = registry.plugin_of(book.division)
        if plugin is None:
            continue
        for path, layout in _read_forms(plugin):
            if layout.division == book.division:
                references.append(Reference(Named.BUSINESSES, layout.business, path, "business"))
                template = _template(plugin, layout)
                found.setdefault(layout.id, Form(layout, cascade, template=template))
    faults = list(unknown_names(references, {Named.BUSINESSES: cascade.businesses()}))
    if faults:
        raise RuleFileError(faults)
    return Forms(cascade.nearest.names.name, dict(sorted(found.items())))


def load_form(path: str | Path, cascade: Cascade) -> Form:
    """A form of a file that no plugin ships: one of a unit's own, or of a region without a plugin.

    Arguments:
        path: the form file; a template that it names lies beside it.
        cascade: the rules of the region whose insurances and words it uses.

    Raises:
        RuleFileError: with a fault for each key that does not fit.
        OSError: if it can't be read.
    """
    path = Path(path)
    layout = parse_form(read_table(path, str(path), _CODE), str(path))
    template = path.with_name(layout.template) if layout.template else None
    if template is not None and not template.is_file():
        raise RuleFileError([_no_template(layout.template, str(path))])
    return Form(layout, cascade, template=template)


def parse_form(table: dict[str, object], name: str) -> FormFile:
    """Make a form of a TOML table.

    Raises:
        RuleFileError: with a fault for each key that does not fit.
    """
    form = structure(FormFile, table, name, _CODE)
    if faults := list(check_form(form, name)):
        raise RuleFileError(faults)
    return form


def _template(plugin: LoadedPlugin, layout: FormFile) -> Traversable | None:
    folder = plugin.folder(_FOLDER)
    return folder.joinpath(layout.template) if folder is not None and layout.template else None


def _no_template(template: str, path: str) -> Fault:
    problem = f"there is no workbook {template!r} beside it"
    return Fault(_CODE, {"problem": problem}, Place(file=path, field="template"))


@lru_cache(maxsize=256)
def _read_forms(plugin: LoadedPlugin) -> tuple[tuple[str, FormFile], ...]:
    folder = plugin.folder(_FOLDER)
    if folder is None:
        return ()
    read: dict[str, FormFile] = {}
    faults: list[Fault] = []
    for name, file in rule_files(folder):
        path = f"{plugin.name}: {_FOLDER}/{name}"
        try:
            read[path] = parse_form(read_table(file, path, _CODE), path)
        except RuleFileError as error:
            faults += error.faults
    faults += _strangers(read, plugin)
    for path, form in read.items():
        if form.template and not folder.joinpath(form.template).is_file():
            faults.append(_no_template(form.template, path))
    if faults:
        raise RuleFileError(faults)
    return tuple(read.items())


def _strangers(read: Mapping[str, FormFile], plugin: LoadedPlugin) -> Iterator[Fault]:
    """Forms of divisions that the plugin does not speak for, and ids that stand twice."""
    seen: dict[tuple[str, str], str] = {}
    for path, form in read.items():
        if form.division not in plugin.books and form.division not in plugin.taken:
            problem = f"the plugin has no rules of {form.division}"
            yield Fault(_CODE, {"problem": problem}, Place(file=path, field="division"))
        first = seen.setdefault((form.division, form.id), path)
        if first != path:
            problem = f"{form.id!r} is already in {first}"
            yield Fault(_CODE, {"problem": problem}, Place(file=path, field="id"))
