"""The catalogue: a problem without words, or with words in one language, helps nobody."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import socialins.faults
from socialins.faults import Severity, core_catalogue
from socialins.faults.catalogue import Catalogue, CatalogueEntry, Texts

TEXTS = Path(socialins.faults.__file__).with_name("texts")
SOURCES = Path(socialins.faults.__file__).parents[1]
RULE_FILES = sorted(
    [
        *SOURCES.parent.glob("*/rules/*.toml"),
        *SOURCES.parents[1].glob("plugins/*/src/*/rules/*.toml"),
    ]
)
KEYS = {"zh", "en", "why_zh", "why_en", "do_zh", "do_en", "severity"}

RAW: dict[str, dict[str, Any]] = {
    code: body
    for file in sorted(TEXTS.glob("*.toml"))
    for code, body in tomllib.loads(file.read_text("utf-8")).items()
}
ENTRIES = {entry.code: entry for entry in core_catalogue()}


def texts(entry: CatalogueEntry, lang: str) -> list[str]:
    return [entry.prompts[lang], entry.explanations[lang], *entry.remedy_lists[lang]]


def test_every_file_of_texts_is_in_the_catalogue() -> None:
    assert ENTRIES.keys() == RAW.keys()


@pytest.mark.parametrize("code", ENTRIES)
def test_a_fault_says_what_is_wrong_and_what_to_do_in_both_languages(code: str) -> None:
    entry = ENTRIES[code]
    assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", code)
    assert RAW[code].keys() <= KEYS, "a key that nothing reads is a typing error"
    assert entry.severity in set(Severity)
    for lang in ("zh", "en"):
        assert entry.prompts[lang].strip()
        assert entry.remedy_lists[lang], "somebody who reads this must know what to do"
        assert all(remedy.strip() for remedy in entry.remedy_lists[lang])
    assert len(entry.remedy_lists["zh"]) == len(entry.remedy_lists["en"])
    assert bool(entry.explanations["zh"]) is bool(entry.explanations["en"])


@pytest.mark.parametrize("code", ENTRIES)
def test_each_language_is_written_in_that_language(code: str) -> None:
    entry = ENTRIES[code]
    own_words = [re.sub(r"\{.*?\}", "", text) for text in texts(entry, "zh") if text]
    # A prompt may be nothing but values, and a remedy a command; all together it is Chinese.
    assert re.search("[\u4e00-\u9fff]", "".join(own_words))
    english = "".join(texts(entry, "en"))
    outside_brackets = re.sub(r"\(.*?\)|'.*?'", "", english)
    assert not re.search("[，。；：、“”]", outside_brackets)
    assert re.search("[a-z]{2}", english)


@pytest.mark.parametrize("code", ENTRIES)
def test_both_languages_name_the_same_values(code: str) -> None:
    def named(lang: str) -> set[str]:
        found = re.findall(r"\{(\w+)\}", "".join(texts(ENTRIES[code], lang)))
        return {name.removesuffix(f"_{lang}") for name in found}

    assert named("zh") == named("en")


def test_an_entry_knows_the_values_it_asks_for() -> None:
    body = 'zh = "{a}"\nen = "{a}"\nwhy_zh = "{b}"\nwhy_en = "{b}"\ndo_zh = ["{c}"]\n'
    text = f'["x.y"]\n{body}do_en = ["{{c}}{{a}}"]\n'
    entry = Catalogue(Texts({"x.toml": text})).entry("x.y")
    assert entry.names() == {"a", "b", "c"}
    assert entry.prompt("zh", {}) == "?", "a value that is missing must not hide the fault"


def test_a_code_that_is_not_listed_is_an_error_that_says_so() -> None:
    with pytest.raises(KeyError, match="not in the catalogue; list it there"):
        core_catalogue().entry("no.such")


# The two directions: no code without words, no words without a code.


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(SOURCES.rglob("*.py")):
        yield file, ast.parse(file.read_text("utf-8"))


def pattern(node: ast.JoinedStr) -> re.Pattern[str]:
    """An f-string as a pattern: what is filled in may be any word."""
    return re.compile(
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9-]+"
            for part in node.values
        )
    )


def raised() -> Iterator[tuple[str, ast.expr]]:
    """The code of every `Fault(...)` in the sources, as it is written."""
    for file, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Fault":
                keywords = [word.value for word in node.keywords if word.arg == "code"]
                code = node.args[0] if node.args else keywords[0]
                either = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
                for one in either:
                    yield f"{file.relative_to(SOURCES)}:{node.lineno}", one


def test_every_fault_that_is_raised_has_its_words() -> None:
    unlisted = []
    found = 0
    for where, code in raised():
        if isinstance(code, ast.Constant):
            found += 1
            if code.value not in ENTRIES:
                unlisted.append(f"{where} {code.value}")
        elif isinstance(code, ast.JoinedStr):
            found += 1
            if not any(pattern(code).fullmatch(entry) for entry in ENTRIES):
                unlisted.append(f"{where} {ast.unparse(code)}")
    assert not unlisted
    assert found > 20, "the search for faults found hardly any: it is the search that is wrong"


def test_every_listed_fault_is_raised_somewhere() -> None:
    written: set[str] = set()
    made: list[re.Pattern[str]] = []
    for _, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            elif isinstance(node, ast.JoinedStr) and re.match(r"f'[a-z-]+\.", ast.unparse(node)):
                made.append(pattern(node))
    for file in RULE_FILES:
        # A portal's prompt is explained by the code that a rule file gives it.
        prompts = tomllib.loads(file.read_text("utf-8")).get("access", {}).get("prompts", [])
        written.update(prompt["fault"] for prompt in prompts)
    unused = [
        code
        for code in ENTRIES
        if code not in written and not any(one.fullmatch(code) for one in made)
    ]
    assert not unused, "words that no code raises: a code was renamed, or the words are dead"


def test_every_text_of_the_files_can_be_asked_for() -> None:
    """Files are looked through for their codes before they are read."""
    assert sorted(ENTRIES) == sorted(RAW)
    assert all(code in core_catalogue().entries for code in RAW)
    assert len(core_catalogue().entries) == len(RAW)


def test_a_code_that_two_files_list_is_refused() -> None:
    body = '["a.b"]\nzh = "甲"\nen = "a"\ndo_zh = []\ndo_en = []\n'
    with pytest.raises(ValueError, match=r"'a\.b' is listed twice; the second is in two\.toml"):
        Texts({"one.toml": body, "two.toml": body})
