"""Every fault of the command line can happen, and says the same in both languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

LISTED = tomllib.loads(
    files("socialins.faults").joinpath("texts/cli.toml").read_text(encoding="utf-8")
)
HERE = Path(__file__).parent
SOURCES = [
    path.read_text(encoding="utf-8")
    for path in (HERE.parents[1] / "src" / "socialins" / "cli").rglob("*.py")
]
TESTS = [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py")]


@pytest.mark.parametrize("code", LISTED)
def test_no_text_is_kept_that_nothing_shows_and_no_test_sees(code: str) -> None:
    assert any(f'"{code}"' in source for source in SOURCES)
    assert any(f'"{code}"' in test or f"[{code}]" in test for test in TESTS)


@pytest.mark.parametrize("code", LISTED)
def test_a_fault_says_the_same_in_both_languages(code: str) -> None:
    body = LISTED[code]
    assert set(body) <= {"severity", "zh", "en", "why_zh", "why_en", "do_zh", "do_en"}
    assert ("why_zh" in body) == ("why_en" in body)
    assert len(body["do_zh"]) == len(body["do_en"]) >= 1
    for zh, en in [
        (body["zh"], body["en"]),
        (body.get("why_zh", ""), body.get("why_en", "")),
        *zip(body["do_zh"], body["do_en"], strict=True),
    ]:
        assert _names(zh) == _names(en)
        assert any("\u4e00" <= char <= "\u9fff" for char in zh) == bool(zh)
        assert not any("\u4e00" <= char <= "\u9fff" for char in en)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
