"""Calling the command: language, help, wrong usage, and life without the extra."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from socialins.cli.app import NAMES, app
from socialins.cli.errors import Misuse, as_misuse
from socialins.cli.language import choose_language
from socialins.cli.parameters import RATE

Call = Callable[..., Any]

CHINESE = re.compile("[\u4e00-\u9fff]")


def commands() -> Iterator[click.Command]:
    yield app
    ctx = click.Context(app)
    for name in NAMES:
        found = app.get_command(ctx, name)
        assert found is not None
        yield found


def test_without_the_extra_the_user_is_told_what_to_install(shell: Call) -> None:
    code = "import sys; sys.modules[{!r}] = None; from socialins.cli import main; main()"
    for missing in ("click", "rich"):
        ran = shell("regions", code=code.format(missing))
        assert ran.status == 2
        assert ran.out == ""
        assert missing in ran.err
        assert "pip install 'socialins[cli]'" in ran.err
        zh = shell("regions", "--lang", "zh", code=code.format(missing))
        assert "请运行：pip install 'socialins[cli]'" in zh.err


def test_looking_at_the_package_loads_nothing(shell: Call) -> None:
    code = "import socialins.cli, sys; print(*sys.modules)"
    loaded = set(shell(code=code).out.split())
    assert "socialins.cli" in loaded
    for heavy in ("click", "rich", "attrs", "cattrs", "openpyxl", "socialins.facade"):
        assert heavy not in loaded


def test_a_command_loads_no_spreadsheet_library_before_it_needs_one(shell: Call) -> None:
    code = (
        "import sys\nfrom socialins.cli import main\n"
        "try:\n    main(['rules', 'middle', '--month', '2026-11', '--json'])\n"
        "finally:\n    print('openpyxl' in sys.modules, file=sys.stderr)"
    )
    ran = shell(code=code)
    assert ran.status == 0
    assert ran.err.strip() == "False"


def test_the_version_is_shown(call: Call) -> None:
    assert re.fullmatch(r"socialins \S+\n", call("--version").out)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"SOCIALINS_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ({"SOCIALINS_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_environment_chooses_the_language(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SOCIALINS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choose_language([]) == language


def test_the_language_may_stand_before_and_behind_the_command(call: Call) -> None:
    chinese = call("regions", "--lang", "zh")
    assert "区划码" in chinese.out
    assert call("--lang", "zh", "regions") == chinese
    assert call("--lang=zh", "regions") == chinese
    assert call("regions", env={"SOCIALINS_LANG": "zh"}) == chinese
    assert call("--lang", "zh", "regions", "--lang", "en") == call("regions")


def test_what_stands_behind_two_dashes_is_no_language() -> None:
    assert choose_language(["--lang", "en", "--", "--lang", "zh"]) == "en"


def test_every_command_explains_itself_wholly_in_either_language(call: Call) -> None:
    for command in commands():
        names = [] if command is app else [command.name]
        zh = call(*names, "--help", "--lang", "zh")
        en = call("--lang", "en", *names, "--help")
        assert (zh.status, en.status) == (0, 0)
        assert not CHINESE.search(en.out), en.out
        flags = [opt for param in command.params for opt in param.opts if opt.startswith("--")]
        told = {
            line.split()[0]: line
            for line in zh.out.splitlines()
            if line.startswith("  ") and line.strip()
        }
        for flag in flags:
            assert CHINESE.search(told[flag]), flag
            assert f"  {flag}" in en.out


def test_the_help_of_all_names_every_command_with_what_it_does(call: Call) -> None:
    for lang in ("zh", "en"):
        told = call("--help", "--lang", lang).out
        for name in NAMES:
            assert re.search(rf"^  {name} +\S", told, re.MULTILINE)


def test_a_bare_call_shows_how_to_go_on_and_fails(call: Call) -> None:
    for arguments in ([], ["--lang", "en"]):
        ran = call(*arguments)
        assert ran.status == 2
        assert "settle" in ran.err
        assert ran.out == ""


ASKED = ("--region", "middle", "--month", "2026-11")

WRONG: dict[str, tuple[str, ...]] = {
    "cli.month": ("rules", "middle", "--month", "2026-13"),
    "cli.day": ("rules", "middle", "--month", "2026-11", "--known-on", "soon"),
    "cli.rate": ("settle", "{roster}", "--injury-rate", "0.2"),
    "cli.number": ("settle", "{roster}", "--injury-class", "9"),
    "cli.choice": ("explain", "{roster}", "--payer", "boss"),
    "cli.file": ("settle", "no-such-file.xlsx"),
    "cli.folder": ("settle", "{roster}", "--out", "{roster}"),
    "cli.folder-failed": ("settle", "{roster}", "--out", "{roster}/below", *ASKED),
    "cli.parameter-missing": ("rules", "middle"),
    "cli.one-of": ("settle", "{roster}", *ASKED, "--injury-rate", "1%", "--injury-class", "1"),
    "cli.only-with": ("settle", "{roster}", *ASKED, "--injury-band", "120%"),
    "unit.injury-band": ("settle", "{roster}", "--injury-class", "2", "--injury-band", "120"),
    "unit.trade": ("settle", "{roster}", *ASKED, "--trade", "mining"),
    "cli.option-unknown": ("rules", "middle", "--mouth", "2026-11"),
    "cli.option-usage": ("rules", "middle", "--month"),
    "cli.command-unknown": ("setle",),
    "cli.argument-extra": ("rules", "middle", "other", "--month", "2026-11"),
    "cli.person-wanted": ("explain", "{roster}", *ASKED),
    "rules.region-unknown": ("rules", "midle", "--month", "2026-11"),
}


@pytest.mark.parametrize("code", WRONG)
def test_wrong_usage_is_status_2_and_a_remedy_in_both_languages(
    code: str, call: Call, roster: Callable[..., Path]
) -> None:
    path = str(roster())
    arguments = [argument.format(roster=path) for argument in WRONG[code]]
    en = call(*arguments, "--lang", "en") if code != "cli.option-usage" else call(*arguments)
    assert (en.status, en.out) == (2, "")
    assert f"[{code}]" in en.err
    assert "What to do: " in en.err
    assert not CHINESE.search(en.err)
    zh = call("--lang", "zh", *arguments)
    assert (zh.status, zh.out) == (2, "")
    assert f"[{code}]" in zh.err
    assert "办法：" in zh.err
    assert "用法：socialins" in zh.err


def test_what_click_alone_can_tell_is_passed_on() -> None:
    error = as_misuse(click.UsageError("odd"), click.Context(app))
    assert isinstance(error, Misuse)
    assert error.fault.code == "cli.usage"
    assert "odd" in error.fault.message("zh")


def test_a_slip_is_answered_with_what_was_meant(call: Call) -> None:
    assert "near names: middle" in call("rules", "midle", "--month", "2026-11").err.casefold()
    assert "--month" in call("rules", "middle", "--mouth", "2026-11").err
    assert "settle" in call("setle").err.splitlines()[-2]
    assert "0.2%" in call("settle", __file__, "--injury-rate", "0.2").err


@pytest.mark.parametrize("text", ["0.2%", "0.002", "０.２%", "1.9％", "2‰"])
def test_rates_are_read_as_people_write_them(text: str) -> None:
    assert 0 < RATE.convert(text, None, None).fraction < 0.02


@pytest.mark.parametrize("text", ["-1%", "100%", "0.2", "1", "", "x", "1/0", "nan", "1e999"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(Misuse):
        RATE.convert(text, None, None)
