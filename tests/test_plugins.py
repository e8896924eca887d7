"""Plugins: one that is broken must be named with its reason, and cost nobody else a region.

The distributions here are real ones, written into a folder: a package, and the metadata of an
installed wheel beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

import socialins as si
from socialins import plugins
from socialins.plugins import LoadedPlugin, Registry, load
from socialins.rules import RuleFileError
from socialins.testing.middle import middle_registry

# Python keeps modules by name, so no two tests may use the same one.
COUNT = itertools.count()

RULES = """
division = "{code}"
[region]
slug = "{slug}"
name = {{ zh = "{zh}", en = "{slug} City" }}
also = ["{zh}市"]
[sources.s]
title = "关于基数的通知"
seen = "made up"
[[insurances]]
id = "pension"
title = {{ zh = "养老保险", en = "pension" }}
[[bounds]]
insurances = ["pension"]
values = [{{ from = "2020-01", floor = "{floor}", cap = "none", sources = ["s"], mark = "C" }}]
"""


class Shelf:
    """A folder of installed distributions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        code: str = '"""Data only."""\n',
        files: dict[str, str] | None = None,
    ) -> str:
        """Install a distribution with one plugin; gives the name of its package."""
        package = f"made_up_{name}_{next(COUNT)}"
        home = self.folder / package
        home.mkdir()
        (home / "__init__.py").write_text(code, "utf-8")
        for path, text in (files or {}).items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_text(text, "utf-8")
        info = self.folder / f"socialins_{name}-1.2.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: socialins-{name}\nVersion: 1.2\n"
        (info / "METADATA").write_text(metadata, "utf-8")
        (info / "entry_points.txt").write_text(f"[socialins]\n{name} = {package}\n", "utf-8")
        return package

    def points(self) -> Iterator[EntryPoint]:
        for distribution in distributions(path=[str(self.folder)]):
            yield from distribution.entry_points.select(group="socialins")

    def load(self) -> Registry:
        return load(self.points())


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.syspath_prepend(str(tmp_path))
    return Shelf(tmp_path)


def rules(slug: str = "good", code: str = "990200", zh: str = "好州", floor: str = "1") -> str:
    return RULES.format(slug=slug, code=code, zh=zh, floor=floor)


def good(shelf: Shelf) -> str:
    return shelf.install("good", files={"rules/region.toml": rules()})


def by_name(registry: Registry) -> dict[str, LoadedPlugin]:
    return {plugin.name: plugin for plugin in registry.plugins}


def test_a_plugin_of_data_alone_needs_no_python(shelf: Shelf) -> None:
    good(shelf)
    registry = shelf.load()
    (plugin,) = registry.plugins
    assert (plugin.name, plugin.distribution, plugin.version) == ("good", "socialins-good", "1.2")
    assert not plugin.failed
    assert registry.book("good").division == "990200"
    (series,) = registry.cascade(registry.book("good")).nearest.of_kind("bounds")
    assert str(series.values[0].floor) == "1.00"  # type: ignore[attr-defined]


BROKEN: dict[str, tuple[str, str]] = {
    "an import that fails": ("import no_such_module_anywhere", "No module named 'no_such_mod"),
    "a syntax error": ("def broken(:\n", "SyntaxError"),
    "an error on import": ("raise RuntimeError('the database is down')", "the database is down"),
    "an assertion on import": ("assert False, 'not today'", "AssertionError: not today"),
    "a hook that raises": (
        "def socialins_rule_folders():\n    raise OSError('disk gone')",
        "OSError: disk gone",
    ),
    "a hook with arguments": (
        "def socialins_rule_folders(weather):\n    return []",
        "declared in the hookimpl but can not be found",
    ),
    "a hook of a name nobody calls": ("def socialins_rule_folder():\n    return []", "rule_folder"),
    "a hook that gives no list": ("def socialins_rule_folders():\n    return 5", "TypeError"),
}


@pytest.mark.parametrize(("code", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_plugin_that_fails_is_named_with_its_reason_and_the_others_work(
    code: str, reason: str, shelf: Shelf
) -> None:
    good(shelf)
    shelf.install("bad", code)
    shelf.install("zebra", files={"rules/r.toml": rules("zebra", "990300", "马州")})
    registry = shelf.load()
    bad = by_name(registry)["bad"]
    assert bad.failed
    assert not bad.books
    (fault,) = bad.faults
    assert fault.code == "plugin.failed"
    for lang in ("zh", "en"):
        assert "bad" in fault.message(lang)
        assert reason in fault.message(lang)
        assert fault.remedy(lang)
    assert [book.names.slug for book in registry.divisions()] == ["good", "zebra"]
    assert not registry.manager.has_plugin("bad"), "no hook of it is ever called"


def test_a_plugin_whose_rules_are_wrong_is_named_with_file_and_key(shelf: Shelf) -> None:
    good(shelf)
    wrong = rules("bad", "990300", "坏州", floor="1.005").replace('cap = "none"', "cap = 5.5")
    shelf.install("bad", files={"rules/sub/b.toml": wrong, "rules/c.toml": "division = "})
    registry = shelf.load()
    faults = {fault.place.file: fault for fault in by_name(registry)["bad"].faults}
    assert faults.keys() == {"bad: sub/b.toml", "bad: c.toml"}
    listed = [str(fault) for fault in by_name(registry)["bad"].faults]
    assert any("bounds[0].values[0].floor" in text for text in listed)
    assert any("bounds[0].values[0].cap" in text for text in listed)
    assert registry.book("good")


def test_the_hooks_of_a_plugin_that_failed_are_never_called(shelf: Shelf) -> None:
    package = good(shelf)
    hooks = "from socialins.hookspecs import hookimpl\n"
    hooks += "@hookimpl\ndef socialins_rule_folders():\n    return []\n"
    shelf.install("bad", hooks, {"rules/r.toml": "division = 5"})
    registered = [getattr(one, "__name__", "") for one in shelf.load().manager.get_plugins()]
    assert package in registered
    assert not [name for name in registered if "bad" in name]


def test_rules_may_lie_in_other_folders_that_a_hook_names(shelf: Shelf) -> None:
    code = """
from importlib.resources import files
from socialins.hookspecs import hookimpl

@hookimpl
def socialins_rule_folders():
    return [files(__name__).joinpath("more")]
"""
    more = 'division = "990200"\n[sources.t]\ntitle = "t"\nseen = "t"'
    shelf.install("both", code, {"rules/r.toml": rules(), "more/r.toml": more})
    book = shelf.load().book("good")
    assert set(book.sources) == {"s", "t"}


def test_of_two_plugins_for_one_division_the_first_by_name_is_used_and_the_other_told(
    shelf: Shelf,
) -> None:
    shelf.install("b", files={"rules/r.toml": rules(floor="2")})
    shelf.install("a", files={"rules/r.toml": rules(floor="1")})
    registry = shelf.load()
    (series,) = registry.book("good").of_kind("bounds")
    assert str(series.values[0].floor) == "1.00"  # type: ignore[attr-defined]
    second = by_name(registry)["b"]
    assert not second.failed
    (fault,) = second.faults
    assert (fault.code, fault.is_error) == ("plugin.division-taken", False)
    assert "990200" in fault.message("en")


@pytest.mark.parametrize(
    "name",
    ["good", " GOOD ", "990200", "好州", "好州市", "good city", "Good City"],
)
def test_a_region_is_found_by_slug_name_and_code(name: str, shelf: Shelf) -> None:
    good(shelf)
    assert shelf.load().book(name).division == "990200"


@pytest.mark.parametrize("name", ["goood", "god", "gooood city", "好周", "990201"])
def test_a_region_misspelt_is_answered_with_near_names(name: str, shelf: Shelf) -> None:
    good(shelf)
    with pytest.raises(si.UnknownRegion) as caught:
        shelf.load().book(name)
    text = str(caught.value)
    assert f"no region named '{name}' is installed" in text
    assert "Near names: " in text
    assert "相近的名称：" in caught.value.fault.message("zh")
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, si.SocialinsError)


def test_a_region_that_is_missing_for_a_broken_plugin_says_so(shelf: Shelf) -> None:
    good(shelf)
    shelf.install("bad", "import no_such_module_anywhere")
    with pytest.raises(si.UnknownRegion) as caught:
        shelf.load().book("somewhere else entirely")
    assert "Plugins that failed to load: bad" in str(caught.value)
    assert "未能加载的插件：bad" in caught.value.fault.message("zh")
    assert "Near names" not in str(caught.value)


def test_the_country_is_no_region_of_its_own(shelf: Shelf) -> None:
    country = rules("fictional", "000000", "某国")
    shelf.install("law", files={"rules/r.toml": country})
    good(shelf)
    registry = shelf.load()
    assert [book.names.slug for book in registry.divisions()] == ["good"]
    with pytest.raises(si.UnknownRegion):
        registry.book("000000")
    assert [book.division for book in registry.cascade(registry.book("good")).books] == [
        "990200",
        "000000",
    ]


def test_an_insurance_that_nobody_names_stops_the_region_that_speaks_of_it(shelf: Shelf) -> None:
    good(shelf)
    typo = rules("typo", "990300", "错州").replace(
        'insurances = ["pension"]', 'insurances = ["pensoin"]'
    )
    shelf.install("typo", files={"rules/r.toml": typo})
    registry = shelf.load()
    assert registry.cascade(registry.book("good"))
    with pytest.raises(RuleFileError, match="insurance 'pensoin' has no title at any level"):
        registry.cascade(registry.book("typo"))


def test_no_plugin_at_all_is_no_error(shelf: Shelf) -> None:
    registry = shelf.load()
    assert registry.plugins == ()
    with pytest.raises(si.UnknownRegion, match="no region named 'middle' is installed"):
        registry.book("middle")


@pytest.fixture
def fresh() -> Iterator[Callable[[], Registry]]:
    """Looks for plugins anew, and once more after the test."""
    yield plugins.reload
    plugins.installed.cache_clear()


def test_a_plugin_comes_and_goes_with_its_distribution(
    shelf: Shelf, fresh: Callable[[], Registry]
) -> None:
    before = [region.slug for region in si.regions()]
    fresh()
    good(shelf)
    shelf.install("bad", "raise RuntimeError('broken')")
    assert [region.slug for region in si.regions()] == before, "looked up once a process"
    fresh()
    assert {region.slug for region in si.regions()} == {*before, "good"}
    assert si.region("好州").code == "990200"
    for info in shelf.folder.glob("*.dist-info"):
        (info / "entry_points.txt").unlink()
    fresh()
    assert [region.slug for region in si.regions()] == before
    with pytest.raises(si.UnknownRegion):
        si.region("good")


def test_the_fictional_registry_knows_the_fictional_divisions_and_nothing_else() -> None:
    assert [book.division for book in middle_registry().divisions()] == ["990000", "990100"]
