"""A new plugin works before its author has written a line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from socialins.faults import FaultError
from socialins.pluginkit import check_plugin, new_plugin
from socialins.rules.loader import parse_rules
from socialins.testing.middle import middle_registry

HEADS = ("References", "Checked with", "Limitations")


def test_a_new_plugin_is_whole_and_sound(tmp_path: Path) -> None:
    written = new_plugin("odd-city", "990200", name_zh="奇州", folder=tmp_path)
    root = tmp_path / "socialins-odd-city"
    names = {path.relative_to(root).as_posix() for path in written}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "src/socialins_odd_city/__init__.py",
        "src/socialins_odd_city/py.typed",
        "src/socialins_odd_city/rules/bounds.toml",
        "tests/test_conformance.py",
    } <= names
    checked = check_plugin(root, registry=middle_registry())
    assert checked.faults == ()
    (division,) = checked.divisions
    assert (division.name.zh, division.name.en) == ("奇州", "Odd City")


def test_its_project_file_names_the_package_as_entry_point(tmp_path: Path) -> None:
    new_plugin("odd-city", "990200", folder=tmp_path)
    root = tmp_path / "socialins-odd-city"
    table = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert table["project"]["name"] == "socialins-odd-city"
    assert table["project"]["entry-points"]["socialins"] == {"odd-city": "socialins_odd_city"}
    compile((root / "tests" / "test_conformance.py").read_text("utf-8"), "test", "exec")


def test_what_its_comments_show_is_right(tmp_path: Path) -> None:
    """An author takes the marks away and has a series: keys and values there are real ones."""
    new_plugin("odd", "990200", folder=tmp_path)
    for path in (tmp_path / "socialins-odd").glob("src/*/rules/*.toml"):
        text = path.read_text("utf-8")
        assert all(f"# {head}" in text for head in HEADS)
        body = text[text.index("\ndivision = ") :]
        lines = [line.removeprefix("# ") for line in body.splitlines()]
        # What is prose and not TOML stands in full sentences or behind a key.
        prose = ("A ", "An ", "Months", "The injury", "A sum")
        bare = "\n".join(line for line in lines if not line.startswith(prose))
        parse_rules(tomllib.loads(bare), path.name)


def test_a_name_with_quotes_breaks_no_file(tmp_path: Path) -> None:
    new_plugin("odd", "990200", name_zh='奇"\\州\n', name_en='The "Odd"', folder=tmp_path)
    checked = check_plugin(tmp_path / "socialins-odd", registry=middle_registry())
    assert checked.errors == ()


@pytest.mark.parametrize(
    ("slug", "division", "code"),
    [
        ("Odd", "990200", "plugin.slug"),
        ("../odd", "990200", "plugin.slug"),
        ("odd", "9902", "plugin.division"),
        ("odd", "000000", "plugin.division"),
    ],
)
def test_what_can_t_be_a_plugin_is_refused_before_anything_is_written(
    tmp_path: Path, slug: str, division: str, code: str
) -> None:
    with pytest.raises(FaultError) as caught:
        new_plugin(slug, division, folder=tmp_path)
    assert caught.value.fault.code == code
    assert not list(tmp_path.iterdir())


def test_nobody_s_work_is_overwritten(tmp_path: Path) -> None:
    new_plugin("odd", "990200", folder=tmp_path)
    rules = tmp_path / "socialins-odd" / "src" / "socialins_odd" / "rules" / "bounds.toml"
    rules.write_text("# mine\n", "utf-8")
    with pytest.raises(FaultError, match="not empty"):
        new_plugin("odd", "990200", folder=tmp_path)
    assert rules.read_text("utf-8") == "# mine\n"
