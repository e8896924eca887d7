"""ExportFile: what the TOML file of an export's layout may hold, and the layout of a region.

How the tax side's client heads its columns differs by place, so it is data that plugins ship, in a
folder ``exports``. A nearer division adds headings and words to those of a farther one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

import attrs

from socialins.faults import Fault, FaultError, Place, Text
from socialins.forms.layout import Column, Layout
from socialins.model.codes import Payer
from socialins.plugins import LoadedPlugin, Registry
from socialins.rules import Cascade, RuleFileError
from socialins.rules.keys import key
from socialins.rules.loader import read_table, rule_files, structure
from socialins.rules.source import Mark, Source

__all__ = ["DetailLayout", "ExportColumn", "ExportFile", "check_layouts", "detail_layout"]

_FOLDER = "exports"
_CODE = "reconcile.layout"
_ID = "tax-client-detail"


@attrs.frozen(kw_only=True)
class ExportColumn:
    """A column of an export.

    Arguments:
        field: what it holds.
        title: its heading.
        aliases: further headings that are understood.
        needed: a table without it is no such export.
    """

    field: Literal[
        "serial",
        "name",
        "id_type",
        "id_number",
        "person_number",
        "insurance",
        "item",
        "sub_item",
        "payer",
        "period",
        "period_from",
        "period_to",
        "wage",
        "base",
        "rate",
        "due",
        "relief",
        "payable",
    ] = key(doc="What the column holds")
    title: Text = key(doc="Its heading")
    aliases: tuple[str, ...] = key(default=(), doc="Further headings that are understood")
    needed: bool = key(default=False, doc="Whether a table without it is no such export")


@attrs.frozen(kw_only=True)
class ExportFile:
    """One layout.

    Arguments:
        division: the GB/T 2260 code that it is for.
        id: its id.
        title: what it is.
        mark: how well it is confirmed.
        sources: where it was seen.
        note: what to know when using it.
        most_persons: persons that one file can hold; None where no such limit is known.
        totals, subtotals: the labels of rows of totals.
        fillers: words that may stand around the name of an insurance.
        payers: payer → words for it.
        insurances: insurance → further words for it.
        columns: its columns.
    """

    division: str = key(doc="GB/T 2260 code the layout is for")
    id: str = key(doc="Id of the layout")
    title: Text = key(doc="What it is")
    mark: Mark = key(doc="How well the layout is confirmed")
    sources: dict[str, Source] = key(doc="Where the layout was seen, by id")
    note: Text | None = key(default=None, doc="What to know when using it")
    most_persons: int | None = key(default=None, doc="Persons that one file can hold")
    totals: tuple[str, ...] = key(default=(), doc="Labels of the row of totals")
    subtotals: tuple[str, ...] = key(default=(), doc="Labels of rows of subtotals")
    fillers: tuple[str, ...] = key(default=(), doc="Words around the name of an insurance")
    payers: dict[Payer, tuple[str, ...]] = key(factory=dict, doc="Payer → words for it")
    insurances: dict[str, tuple[str, ...]] = key(factory=dict, doc="Insurance → further words")
    columns: tuple[ExportColumn, ...] = key(default=(), doc="Columns")


@attrs.frozen(kw_only=True, eq=False)
class DetailLayout:
    """The layout that holds in a region: all levels' headings and words together.

    Arguments:
        layout: the columns.
        most_persons: persons that one file can hold; None where no such limit is known.
        totals, subtotals, fillers: as in `ExportFile`.
        payers, insurances: likewise.
    """

    layout: Layout
    most_persons: int | None
    totals: Layout
    subtotals: Layout
    fillers: tuple[str, ...]
    payers: Mapping[Payer, tuple[str, ...]]
    insurances: Mapping[str, tuple[str, ...]]


def detail_layout(registry: Registry, cascade: Cascade) -> DetailLayout:
    """The layout of the client's detail export in a region.

    Arguments:
        registry: the plugins.
        cascade: the region's rules.

    Raises:
        RuleFileError: if a layout file is wrong.
        FaultError: if no plugin has one.

    >>> from socialins.testing.middle import middle
    >>> found = detail_layout(middle().registry, middle().cascade)
    >>> found.layout.column_for("应补（退）费额").field, found.most_persons
    ('payable', 1000)
    """
    found = _layout(registry, cascade)
    if found is None:
        raise FaultError(Fault("reconcile.no-layout", {"region": cascade.nearest.names.name}))
    return found


def check_layouts(registry: Registry, cascade: Cascade) -> Iterator[Fault]:
    """What is wrong with the layout files that speak for a region.

    Arguments:
        registry: the plugins.
        cascade: the region's rules.
    """
    try:
        _layout(registry, cascade)
    except RuleFileError as error:
        yield from error.faults


def _layout(registry: Registry, cascade: Cascade) -> DetailLayout | None:
    files = [one for one in _files(registry, cascade) if one.id == _ID]
    if not files:
        return None
    made = _joined(files)
    try:
        made.layout.column_for("")  # headings are first looked up here
    except ValueError as error:
        raise RuleFileError([Fault(_CODE, {"problem": str(error)})]) from error
    return made


def _files(registry: Registry, cascade: Cascade) -> Iterator[ExportFile]:
    """The files that speak for the region, the nearest first."""
    for book in cascade.books:
        plugin = registry.plugin_of(book.division)
        for one in _read(plugin) if plugin is not None else ():
            if one.division == book.division:
                yield one


def _joined(files: list[ExportFile]) -> DetailLayout:
    columns: dict[str, Column] = {}
    for file in files:
        for one in file.columns:
            first = columns.get(one.field)
            headings: tuple[str, ...] = one.aliases
            if first is not None:
                headings = (*first.headings, one.title.zh, one.title.en, *one.aliases)
            made: dict[str, Any] = {
                "field": one.field,
                "title": one.title if first is None else first.title,
                "aliases": headings,
                "kind": "text",
                "needed": one.needed if first is None else first.needed,
            }
            columns[one.field] = Column(**made)
    most = next((one.most_persons for one in files if one.most_persons is not None), None)
    title = files[0].title
    payers: dict[Payer, tuple[str, ...]] = {}
    insurances: dict[str, tuple[str, ...]] = {}
    for file in files:
        for payer, words in file.payers.items():
            payers[payer] = (*payers.get(payer, ()), *words)
        for insurance, words in file.insurances.items():
            insurances[insurance] = (*insurances.get(insurance, ()), *words)
    labels = {
        name: tuple(word for file in files for word in getattr(file, name))
        for name in ("totals", "subtotals")
    }
    return DetailLayout(
        layout=Layout(id=_ID, sheet=title, columns=tuple(columns.values())),
        most_persons=most,
        totals=Layout(id="totals", sheet=title, columns=(), passed_over=labels["totals"]),
        subtotals=Layout(id="subtotals", sheet=title, columns=(), passed_over=labels["subtotals"]),
        fillers=tuple(word for file in files for word in file.fillers),
        payers=payers,
        insurances=insurances,
    )


@lru_cache(maxsize=256)
def _read(plugin: LoadedPlugin) -> tuple[ExportFile, ...]:
    folder = plugin.folder(_FOLDER)
    if folder is None:
        return ()
    read: list[ExportFile] = []
    faults: list[Fault] = []
    for name, file in rule_files(folder):
        path = f"{plugin.name}: {_FOLDER}/{name}"
        try:
            one = structure(ExportFile, read_table(file, path, _CODE), path, _CODE)
            _joined([one]).layout.column_for("")
        except RuleFileError as error:
            faults += error.faults
        except ValueError as error:
            # A heading that stands over two columns is told when headings are first looked up.
            faults.append(Fault(_CODE, {"problem": str(error)}, Place(file=path, field="columns")))
        else:
            if one.division not in plugin.books and one.division not in plugin.taken:
                problem = f"the plugin has no rules of {one.division}"
                faults.append(
                    Fault(_CODE, {"problem": problem}, Place(file=path, field="division"))
                )
            read.append(one)
    if faults:
        raise RuleFileError(faults)
    return tuple(read)
