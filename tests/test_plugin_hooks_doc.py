"""A plugin's author finds every hook on one page, as it really is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins import hookspecs

PAGE = (Path(__file__).parents[1] / "docs" / "plugin-hooks.md").read_text("utf-8")
HOOKS: dict[str, Callable[..., Any]] = {
    name: hook for name, hook in vars(hookspecs).items() if name.startswith("socialins_")
}
SECTIONS = {
    match["name"]: match["body"]
    for match in re.finditer(
        r"^## (?P<name>socialins_\w+)\n(?P<body>.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
}


def test_every_hook_has_a_section_and_every_section_a_hook() -> None:
    assert HOOKS
    assert SECTIONS.keys() == HOOKS.keys()


@pytest.mark.parametrize("name", HOOKS)
def test_the_signature_on_the_page_is_the_hook_s(name: str) -> None:
    shown = re.search(rf"^def {name}\(.*$", SECTIONS[name], re.MULTILINE)
    assert shown is not None, "the section shows the signature on a line of its own"
    # Annotations are text in the sources, and quoted by `inspect` for that reason.
    signature = str(inspect.signature(HOOKS[name])).replace("'", "")
    assert shown[0] == f"def {name}{signature}"


@pytest.mark.parametrize("name", HOOKS)
def test_each_argument_result_call_and_an_example_are_told(name: str) -> None:
    section = SECTIONS[name]
    for told in ("**Arguments:**", "**Returns:**", "**Called:**", "**Example:**"):
        assert told in section
    arguments = section[section.index("**Arguments:**") : section.index("**Returns:**")]
    for argument in inspect.signature(HOOKS[name]).parameters:
        assert f"`{argument}`" in arguments, f"{argument} is missing"
    example = section[section.index("**Example:**") :]
    assert f"def {name}(" in example
    assert re.search(r"\bonce\b", section), "how often it is called"
