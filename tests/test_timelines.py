"""The charts of the documents show the rules as they are; Beijing's history is the known one."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

import socialins as si

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "plugins/beijing/tests/facts_beijing.csv"
CHARTS = ROOT / "docs/timelines"


def load() -> ModuleType:
    """The tool, which is a script and no part of a package."""
    spec = importlib.util.spec_from_file_location("timeline", ROOT / "tools/timeline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TIMELINE = load()
SLUGS = sorted(path.stem.removesuffix("-bounds") for path in CHARTS.glob("*-bounds.svg"))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_committed_charts_show_todays_figures(slug: str) -> None:
    for name, text in TIMELINE.files(si.region(slug)).items():
        same = (CHARTS / name).read_text(encoding="utf-8") == text
        assert same, f"docs/timelines/{name} is out of date; run `make timelines`"


@pytest.mark.parametrize("path", sorted(CHARTS.glob("*.svg")), ids=lambda path: path.stem)
def test_a_chart_stands_alone_and_is_shown(path: Path) -> None:
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "text", "path"}
    assert not [name for element in root.iter() for name in element.keys() if "href" in name]  # noqa: SIM118
    assert f"timelines/{path.name}" in (ROOT / "docs/timelines.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("insurance", ["pension", "unemployment", "injury"])
def test_beijings_bounds_of_nine_years_are_those_of_the_table(insurance: str) -> None:
    first, last = si.Month(2017, 7), si.Month(2026, 7)
    told: dict[si.Month, tuple[str, str]] = {}
    with FACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["insurance"], row["who"]) == (insurance, "urban"):
                for month in si.Month.of(row["from"]).to(si.Month.of(row["to"])):
                    told[month] = f"{row['floor']}.00–{row['cap']}.00", row["mark"]
    region = si.region("beijing")
    (track,) = (
        track
        for track in TIMELINE.tracks(region, "bounds")
        if track.title == region.cascade.title(insurance)
    )
    drawn = {
        month: (stretch.shown, stretch.mark.value)
        for stretch in track.stretches
        if stretch.mark is not None
        for month in stretch.first.to(stretch.last)
    }
    months = list(first.to(last))
    assert len(months) == 109
    assert [(month, drawn.get(month)) for month in months] == [
        (month, told[month]) for month in months
    ]


def test_a_chart_has_a_step_for_each_figure_and_a_field_for_each_gap() -> None:
    region = si.region("beijing")
    chart = TIMELINE.chart(region, "bounds")
    stretches = [one for track in TIMELINE.tracks(region, "bounds") for one in track.stretches]
    assert chart.count('<path class="line one ') == sum(bool(one.values) for one in stretches)
    fields = chart.count('<rect class="gap"') - 1  # one is the legend's
    assert fields == sum(not one.shown for one in stretches) > 0
    for mark in ("A", "B"):
        known = [one for one in stretches if one.values and one.mark == mark]
        assert chart.count(f'<path class="line two {mark}"') == len(known) > 0
    assert "北京 Beijing" in chart
    assert "prefers-color-scheme: dark" in chart


def test_merged_maternity_is_no_gap() -> None:
    (maternity,) = (
        track
        for track in TIMELINE.tracks(si.region("beijing"), "bounds")
        if "maternity" in track.title.en
    )
    assert maternity.stretches[-1].first == si.Month(2020, 1)
    assert "not collected" in maternity.stretches[-1].shown
