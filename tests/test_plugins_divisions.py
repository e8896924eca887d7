"""Two plugins for one division: a user is told which of them counts."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from importlib.resources import files
from pathlib import Path

import pytest

from socialins.facade import Region
from socialins.plugins import load

REGION = 'division = "{}"\n[region]\nslug = "{}"\nname = {{ zh = "甲", en = "A" }}\n'


def plugin(folder: Path, name: str, **divisions: str) -> EntryPoint:
    rules = folder / name / "rules"
    rules.mkdir(parents=True)
    (folder / name / "__init__.py").write_text('"""A plugin."""\n', encoding="utf-8")
    for slug, division in divisions.items():
        (rules / f"{slug}.toml").write_text(REGION.format(division, slug), encoding="utf-8")
    return EntryPoint(name, name, "socialins")


def test_the_second_plugin_of_a_division_is_named_and_its_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    points = [
        plugin(tmp_path, "taken_a", alpha="990500"),
        plugin(tmp_path, "taken_b", beta="990500", gamma="990600"),
    ]
    forms = tmp_path / "taken_b" / "forms"
    forms.mkdir()
    shipped = files("socialins.testing.middle").joinpath("forms").joinpath("staff-add.toml")
    text = shipped.read_text("utf-8").replace('"990100"', '"990500"')
    (forms / "add-staff.toml").write_text(text, encoding="utf-8")
    registry = load(reversed(points))
    assert [book.names.slug for book in registry.divisions()] == ["alpha", "gamma"]
    (fault,) = registry.plugins[1].faults
    assert fault.code == "plugin.division-taken"
    assert not registry.plugins[1].failed
    assert fault.message("en") == (
        "division 990500 of plugin taken_b is not used: plugin taken_a brings it already"
    )
    gamma = Region(registry.book("gamma"), registry)
    assert not gamma.forms, "a form of the division that is not used spoils nothing"
    for name in ("taken_a", "taken_b"):
        sys.modules.pop(name, None)
