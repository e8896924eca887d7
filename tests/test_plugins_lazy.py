"""Reading when needed: who asks for one region must not wait for all others, nor get other answers.

The plugins here are packages in a folder, each with rules of its own.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from socialins.facade import Region
from socialins.plugins import Registry, UnknownRegion, load

# Python keeps modules by name, so no two tests may use the same one.
COUNT = count()

HEAD = """\
division = "{division}"
[region]
slug = "{slug}"
name = {{ zh = "{slug}州", en = "{slug} City" }}
"""
REST = """\
[sources.{slug}]
title = "what only {slug} says"
seen = "made up"
[[insurances]]
id = "pension"
title = {{ zh = "养老保险", en = "pension" }}
[[bounds]]
insurances = ["pension"]
values = [{{ from = "2020-01", floor = "{floor}", cap = "none", sources = ["{slug}"], mark = "C" }}]
"""

Plugin = Callable[..., EntryPoint]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    """Writes a package with rules of divisions, by slug; a floor below a fen makes them wrong."""
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = []

    def write(name: str, *, floor: str = "1", **divisions: str) -> EntryPoint:
        module = f"lazy_{name}_{next(COUNT)}"
        modules.append(module)
        rules = tmp_path / module / "rules"
        rules.mkdir(parents=True)
        (tmp_path / module / "__init__.py").write_text('"""A plugin."""\n', encoding="utf-8")
        for slug, division in divisions.items():
            text = (HEAD + REST).format(division=division, slug=slug, floor=floor)
            (rules / f"{slug}.toml").write_text(text, encoding="utf-8")
        return EntryPoint(name, module, "socialins")

    yield write
    for module in modules:
        sys.modules.pop(module, None)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[str]]:
    """The slugs of the files that were read beyond their heads since it was last called."""
    texts: list[str] = []
    loads = tomllib.loads

    def told(text: str, **options: Any) -> dict[str, Any]:
        texts.append(text)
        return loads(text, **options)

    monkeypatch.setattr(tomllib, "loads", told)

    def slugs() -> set[str]:
        found = {text.split('slug = "')[1].split('"')[0] for text in texts if "only" in text}
        texts.clear()
        return found

    return slugs


def test_asking_for_one_region_reads_the_rules_that_speak_for_it_and_no_others(
    plugin: Plugin, read: Callable[[], set[str]]
) -> None:
    points = [
        plugin("law", country="000000"),
        plugin("one", province="990000"),
        plugin("two", city="990100", sister="990200"),
        plugin("three", other="980100"),
        plugin("four", another="970100"),
    ]
    registry = load(points)
    assert read() == set()
    region = Region(registry.book("city"), registry)
    assert read() == {"city", "sister"}, "what one plugin brings is read together"
    assert len(region.cascade.books) == 3
    assert not region.forms
    assert read() == {"country", "province"}
    assert registry.book("other州").division == "980100"
    assert read() == {"other"}
    assert [book.names.slug for book in registry.divisions()] == [
        "another",
        "other",
        "province",
        "city",
        "sister",
    ]
    assert read() == {"another"}, "nothing is read twice"


@pytest.mark.parametrize("first", ["good", "bad", "all"])
def test_rules_that_are_wrong_are_told_alike_whatever_is_asked_for_first(
    first: str, plugin: Plugin
) -> None:
    good, bad = plugin("good", good="990100"), plugin("bad", floor="1.005", bad="990200")
    registry = load([good, bad])
    if first == "good":
        assert registry.book("good").division == "990100"
    elif first == "bad":
        with pytest.raises(UnknownRegion, match="Plugins that failed to load: bad"):
            registry.book("bad")
    failed, loaded = registry.plugins
    (fault,) = failed.faults
    assert (failed.name, failed.failed, failed.books) == ("bad", True, {})
    assert str(fault.place) == "bad: bad.toml, bounds[0].values[0].floor"
    assert not registry.manager.has_plugin("bad"), "no hook of it is called any more"
    assert (loaded.failed, registry.manager.has_plugin("good")) == (False, True)
    assert [book.names.slug for book in registry.divisions()] == ["good"]
    with pytest.raises(UnknownRegion, match="Plugins that failed to load: bad"):
        registry.book("990200")


def test_a_division_falls_to_the_next_plugin_where_the_first_one_s_rules_are_wrong(
    plugin: Plugin,
) -> None:
    first = plugin("a", floor="1.005", alpha="990100")
    registry = load([first, plugin("b", beta="990100"), plugin("c", gamma="990100")])
    with pytest.raises(UnknownRegion):
        registry.book("alpha")
    assert registry.book("990100").names.slug == "beta"
    with pytest.raises(UnknownRegion):
        registry.book("gamma")
    a, b, c = registry.plugins
    assert a.failed
    assert b.faults == ()
    assert (c.taken, c.books, c.failed) == ({"990100"}, {}, False)
    assert c.faults[0].message("en").endswith("plugin b brings it already")
    bringing = registry.plugin_of("990100")
    assert bringing is not None
    assert bringing.name == "b"
    assert registry.plugin_of("980000") is None


def test_names_that_stand_behind_other_tables_are_found(plugin: Plugin, tmp_path: Path) -> None:
    point = plugin("late", late="990100")
    file = tmp_path / point.value / "rules" / "late.toml"
    division, *names = HEAD.format(division="990100", slug="late").splitlines(keepends=True)
    file.write_text("".join([division, REST.format(slug="late", floor="1"), *names]), "utf-8")
    assert load([point]).book("late").division == "990100"


def test_a_plugin_exchanged_while_the_process_runs_changes_no_rule_unasked(
    plugin: Plugin, tmp_path: Path
) -> None:
    points = [plugin("kept", kept="990100")]
    registry = load(points)
    file = tmp_path / points[0].value / "rules" / "kept.toml"
    file.write_text(file.read_text("utf-8").replace('floor = "1"', 'floor = "2"'), "utf-8")

    def floor(registry: Registry) -> str:
        (series,) = registry.book("kept").of_kind("bounds")
        return str(series.values[0].floor)  # type: ignore[attr-defined]

    assert floor(registry) == "1.00", "as it was when the plugin was found"
    assert floor(load(points)) == "2.00"


def test_threads_that_ask_at_once_get_the_same_rules(plugin: Plugin) -> None:
    threads = 8
    registry = load([plugin("one", one="990100")])
    start = Barrier(threads)

    def ask(_: int) -> int:
        start.wait()
        return id(registry.book("one"))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            assert set(pool.map(ask, range(threads))) == {id(registry.book("one"))}
    finally:
        sys.setswitchinterval(before)
