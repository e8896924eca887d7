"""`socialins plugin`: an author's way from nothing to a plugin that loads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


def test_the_list_names_what_is_loaded_and_what_failed_and_why(call: Call) -> None:
    ran = call("plugin", "list")
    assert ran.status == 0
    broken, middle = (line.split() for line in ran.out.splitlines()[2:])
    assert broken == ["broken", "socialins-broken", "0.3", "failed"]
    assert middle[:4] == ["middle", "socialins-middle", "1.2", "loaded"]
    assert "middle 990100" in ran.out
    assert "the country" in ran.out
    assert "no licence" in ran.err


def test_a_program_gets_the_same_as_one_object(call: Call) -> None:
    ran = call("plugin", "list", "--json")
    plugins = {one["plugin"]: one for one in ran.json["plugins"]}
    assert plugins["broken"]["failed"] is True
    assert "no licence" in plugins["broken"]["faults"][0]["message"]
    assert plugins["middle"]["divisions"] == ["000000", "990000", "990100"]
    assert ran.err == ""


def test_a_chinese_author_is_told_in_chinese(call: Call) -> None:
    ran = call("plugin", "list", "--lang", "zh")
    assert "未能加载" in ran.out
    assert "failed" not in ran.out


def test_a_new_plugin_passes_the_check(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = call("plugin", "new", "odd", "--division", "990200", "--name-zh", "奇州")
    assert made.status == 0
    assert "socialins-odd/pyproject.toml" in made.out.splitlines()
    assert "socialins plugin check socialins-odd" in made.out
    checked = call("plugin", "check", "socialins-odd")
    assert checked.status == 0
    assert checked.out.splitlines() == ["990200 odd Odd: 0 figures", "0 errors, 0 warnings"]
    assert checked.err == ""


def test_errors_end_with_1_and_warnings_with_0(call: Call, tmp_path: Path) -> None:
    call("plugin", "new", "odd", "--division", "990200", "--dir", tmp_path)
    rules = tmp_path / "socialins-odd" / "src" / "socialins_odd" / "rules" / "sources.toml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("# Limitations", "#"), "utf-8")
    ran = call("plugin", "check", tmp_path / "socialins-odd")
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "0 errors, 1 warnings")
    assert "[plugin.head]" in ran.err
    rules.write_text(text + "[sources.x]\ntitel = 'x'\n", "utf-8")
    ran = call("plugin", "check", tmp_path / "socialins-odd")
    assert ran.status == 1
    assert "sources.toml, sources['x'].titel" in ran.err
    assert "Correct the key that is named" in ran.err
    ran = call("plugin", "check", tmp_path / "socialins-odd", "--json")
    assert ran.status == 1
    assert {one["field"] for one in ran.json["errors"]} >= {"sources['x'].titel"}


def test_the_day_for_what_is_old_can_be_given(call: Call, tmp_path: Path) -> None:
    call("plugin", "new", "odd", "--division", "990200", "--dir", tmp_path)
    rules = tmp_path / "socialins-odd" / "src" / "socialins_odd" / "rules"
    (rules / "more.toml").write_text(
        """
        division = "990200"
        sources.one = { title = "-", seen = "made up for tests" }
        [[rates]]
        insurance = "pension"
        payer = "unit"
        values = [{ from = "2020-01", rate = "1%", sources = ["one"], mark = "B" }]
        """,
        "utf-8",
    )
    young = call("plugin", "check", rules, "--today", "2021-01-01")
    old = call("plugin", "check", rules, "--today", "2026-11-22")
    assert "[plugin.stale]" not in young.err
    assert "[plugin.stale]" in old.err
    assert young.status == old.status == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "nowhere"), "plugin.not-found"),
        (("new", "Odd", "--division", "990200"), "plugin.slug"),
        (("new", "odd", "--division", "9902"), "plugin.division"),
        (("new", "odd"), "cli.parameter-missing"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = call("plugin", *arguments)
    assert ran.status == 2
    assert f"[{code}]" in ran.err
    assert ran.out == ""


def test_a_plugin_that_is_there_is_left_alone(call: Call, tmp_path: Path) -> None:
    arguments = ("plugin", "new", "odd", "--division", "990200", "--dir", tmp_path)
    assert call(*arguments).status == 0
    ran = call(*arguments)
    assert ran.status == 2
    assert "[plugin.exists]" in ran.err
