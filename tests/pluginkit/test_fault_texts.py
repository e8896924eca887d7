"""A region's own faults: its words are data beside its rules, and nobody has to change the core."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from socialins import plugins
from socialins.access import explain_refusal
from socialins.facade import Region
from socialins.faults import Fault, FaultError, is_listed, use_texts
from socialins.filing import Facts, PersonFacts
from socialins.pluginkit import CheckedPlugin, check_plugin
from socialins.plugins import Registry
from socialins.testing.middle import middle_registry

RULES = """\
# References
# Checked with
# Limitations
division = "990200"
[region]
slug = "oddtown"
name = { zh = "奇州", en = "Odd City" }
[sources.page]
title = "登录页"
seen = "made up for tests"
[access]
prompts = [{ says = "网厅升级中", fault = "oddtown.closed-for-repair", source = "page" }]
sources = ["page"]
"""
TEXTS = """\
["oddtown.closed-for-repair"]
zh = "网厅升级，暂停办理"
en = "the portal is closed while it is mended"
why_zh = "公告过停办时间。"
why_en = "The days were announced."
do_zh = ["改到{until}以后办理。"]
do_en = ["Come again after {until}."]
"""
CHECK = """\
["oddtown.no-badge"]
severity = "warning"
zh = "没有工牌号"
en = "there is no badge number"
do_zh = ["补录工牌号。"]
do_en = ["Record the badge number."]
"""
PYTHON = """\
from socialins.faults import Fault


def socialins_prerequisites():
    return {"badge": lambda question: Fault("oddtown.no-badge")}
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes the package of a made-up city's plugin, which can be imported."""

    def run(texts: str = TEXTS, python: str = "", rules: str = RULES) -> Path:
        package = tmp_path / "oddtown"
        for name, text in {"rules/city.toml": rules, "faults/own.toml": texts}.items():
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text(text, "utf-8")
        (package / "__init__.py").write_text(python, "utf-8")
        return package

    monkeypatch.syspath_prepend(tmp_path)
    yield run
    sys.modules.pop("oddtown", None)
    use_texts("oddtown", {})


def load() -> Registry:
    return plugins.load([EntryPoint("oddtown", "oddtown", "socialins")])


def check(package: Path) -> CheckedPlugin:
    return check_plugin(package, registry=middle_registry())


def told(checked: CheckedPlugin) -> list[tuple[str, str | None]]:
    return [(fault.values["problem"], fault.place.field) for fault in checked.faults]  # type: ignore[misc]


def test_a_prompt_that_only_one_region_has_is_explained_in_its_own_words(write: Write) -> None:
    write()
    registry = load()
    region = Region(registry.book("oddtown"), registry)
    fault = explain_refusal(region.access(), "提示：网厅升级中，请稍候")
    assert fault.message("zh") == "网厅升级，暂停办理"
    assert fault.explanation("en") == "The days were announced."
    assert fault.remedies("en") == ("Come again after ?.",)
    assert fault.is_error


def test_a_plugins_check_refuses_in_its_own_words(write: Write) -> None:
    write(TEXTS + CHECK, PYTHON)
    registry = load()
    checks = Region(registry.book("oddtown"), registry).filing().checks
    question = Facts(), PersonFacts()
    fault = checks["badge"](question)  # type: ignore[arg-type]
    assert fault is not None
    assert (fault.message("zh"), fault.is_error) == ("没有工牌号", False)
    assert str(fault) == "there is no badge number"


def test_no_plugin_changes_the_words_of_another_or_of_the_library(write: Write) -> None:
    write(TEXTS + '["middle.x"]\nzh = "甲"\nen = "a"\ndo_zh = ["乙"]\ndo_en = ["b"]\n')
    (plugin,) = load().plugins
    assert plugin.failed
    assert "'middle.x' is none of oddtown's; begin it with oddtown." in str(plugin.faults[0])
    with pytest.raises(ValueError, match="'access' is a word of the library's own codes"):
        use_texts("access", {"own.toml": TEXTS.replace("oddtown", "access")})
    assert Fault("access.insert-key").message("en") == "the portal does not see the key"


def test_a_prompt_whose_fault_nobody_lists_keeps_the_plugin_out(write: Write) -> None:
    write(texts="")
    (plugin,) = load().plugins
    assert "no fault has the code 'oddtown.closed-for-repair'" in str(plugin.faults[0])
    assert not is_listed("oddtown.closed-for-repair")
    with pytest.raises(KeyError, match="not in the catalogue"):
        Fault("oddtown.closed-for-repair")


def test_an_author_is_told_what_the_texts_lack(write: Write) -> None:
    body = TEXTS.replace('en = "the', 'fr = "the').replace("{until}. ", "")
    package = write(body.replace("after {until}", "later").replace('["改', '["", "改'))
    assert told(check(package)) == [
        ("unknown key 'fr'", "oddtown.closed-for-repair"),
        ("do_zh lists what to do about it", "oddtown.closed-for-repair"),
        ("en says what is wrong, in one sentence", "oddtown.closed-for-repair"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('["Come', '["Wait.", "Come', "do_zh and do_en list the same remedies"),
        ("after {until}", "later", "both languages name the same values"),
        ("after {until}", "after {until", "a brace that is meant is written twice"),
        ('why_en = "The days were announced."', "", "why_zh and why_en stand together"),
        ("zh =", "severity = 'bad'\nzh =", "severity is error or warning"),
        ('["oddtown.closed-for-repair"]', '["oddtown.Closed"]', "small letters"),
    ],
)
def test_what_one_language_says_the_other_says_too(
    write: Write, old: str, new: str, problem: str
) -> None:
    checked = check(write(TEXTS.replace(old, new, 1)))
    assert any(problem in str(fault) for fault in checked.faults), checked.faults


def test_codes_without_words_and_words_without_a_code_are_both_told(write: Write) -> None:
    raised = (
        PYTHON + '\n\ndef other():\n    return Fault("filing.no-such"), Fault("oddtown.gone")\n'
    )
    unused = CHECK.replace("no-badge", "spare")
    checked = check(write(TEXTS + CHECK + unused, raised))
    assert {(fault.values["code"], fault.place.row) for fault in checked.errors} == {
        ("filing.no-such", 9),
        ("oddtown.gone", 9),
    }
    assert [fault.values["code"] for fault in checked.warnings] == ["oddtown.spare"]


def test_a_file_of_texts_that_is_no_toml_is_named(write: Write) -> None:
    package = write(TEXTS + "x =\n")
    faults = check(package).faults
    assert faults[0].place.file == str(package / "faults" / "own.toml")


def test_a_sound_plugin_has_nothing_to_tell(write: Write) -> None:
    assert check(write(TEXTS + CHECK, PYTHON)).faults == ()
    assert is_listed("oddtown.no-badge"), "what passes the check is in use for what is tried next"
    assert FaultError(Fault("oddtown.no-badge")).args
