"""What a user sees of the installed regions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins import plugins

Call = Callable[..., Any]


def test_a_region_is_listed_with_the_names_it_is_called_by_and_the_plugin_that_brings_it(
    call: Call,
) -> None:
    ran = call("regions", env={"COLUMNS": "200"})
    assert ran.status == 0
    line = next(line for line in ran.out.splitlines() if line.startswith("990100"))
    assert line.split()[:4] == ["990100", "middle", "Middle", "City"]
    assert line.endswith("socialins-middle 1.2")
    assert "2024-07..2027-06: pension, unemployment, work injury" in line


def test_a_chinese_reader_gets_chinese_names(call: Call) -> None:
    ran = call("regions", "--lang", "zh")
    line = next(line for line in ran.out.splitlines() if line.startswith("990100"))
    assert "中州" in line
    assert "养老保险、失业保险、工伤保险" in line
    assert "Middle" not in ran.out


def test_a_plugin_that_fails_is_named_with_its_reason_and_takes_no_region_away(call: Call) -> None:
    ran = call("regions")
    assert ran.status == 0
    assert "broken" in ran.err
    assert "no licence" in ran.err
    assert "uninstall" in ran.err
    assert "broken" not in ran.out
    assert "990100" in ran.out


def test_a_program_learns_of_regions_and_failures_from_one_object(call: Call) -> None:
    ran = call("regions", "--json")
    assert ran.err == ""
    regions = {one["slug"]: one for one in ran.json["regions"]}
    assert set(regions) == {"middle", "middle-province"}
    assert regions["middle"]["code"] == "990100"
    assert regions["middle"]["name"] == {"zh": "中州", "en": "Middle City"}
    assert regions["middle"]["version"] == "1.2"
    assert "2026-01.." in regions["middle"]["bounds"]["medical"]
    (failed,) = ran.json["failed"]
    assert (failed["plugin"], failed["version"]) == ("broken", "0.3")
    assert "no licence" in failed["faults"][0]["message"]


def test_without_any_plugin_the_user_is_told_to_install_one(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: [])
    plugins.reload()
    ran = call("regions")
    assert ran.status == 0
    assert "install a region's plugin" in ran.out


def test_a_region_whose_rules_miss_a_title_is_named_and_the_others_stay(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "socialins_odd" / "rules"
    rules.mkdir(parents=True)
    (rules.parent / "__init__.py").touch()
    (rules / "odd.toml").write_text(
        """
        division = "990200"
        region = { slug = "odd", name = { zh = "奇州", en = "Odd City" } }
        sources.one = { title = "-", seen = "made up for tests" }
        [[rates]]
        insurance = "penison"
        payer = "unit"
        values = [{ from = "2020-01", rate = "1%", sources = ["one"], mark = "C" }]
        """,
        encoding="utf-8",
    )
    info = tmp_path / "socialins_odd-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text("[socialins]\nodd = socialins_odd\n", "utf-8")
    before = plugins.entry_points
    odd = plugins.EntryPoint("odd", "socialins_odd", "socialins")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(plugins, "entry_points", lambda group: [*before(group=group), odd])
    plugins.reload()
    ran = call("regions")
    assert ran.status == 0
    assert "penison" in ran.err
    assert "990100" in ran.out
    assert "990200" in ran.out


def test_an_installed_distribution_is_found_by_a_fresh_process(shell: Call) -> None:
    ran = shell("regions", "--json")
    assert ran.status == 0
    assert {"990000", "990100"} <= {one["code"] for one in ran.json["regions"]}
    assert "broken" in {one["plugin"] for one in ran.json["failed"]}
