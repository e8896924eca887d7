"""Every fault of files says the same in both languages, and some test brings it about."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

LISTED = tomllib.loads(
    files("socialins.faults").joinpath("texts/forms.toml").read_text(encoding="utf-8")
)
HERE = Path(__file__)
TESTS = [path.read_text("utf-8") for path in HERE.parent.rglob("test_*.py") if path != HERE]


@pytest.mark.parametrize("code", LISTED)
def test_no_fault_is_listed_that_no_test_brings_about(code: str) -> None:
    assert any(f'"{code}"' in test for test in TESTS)


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
        assert names(zh) == names(en)


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
