"""The schema for editors says what the loader does."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from socialins.rules.schema import rule_file_schema

ROOT = Path(__file__).parents[2]
RULE_FILES = sorted(
    [*ROOT.glob("src/**/rules/**/*.toml"), *ROOT.glob("plugins/*/src/**/rules/**/*.toml")]
)


def plain(value: Any) -> Any:
    """TOML as an editor sees it: days are text there."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_shipped_schema_is_what_the_classes_give() -> None:
    shipped = json.loads(files("socialins.rules").joinpath("rules.schema.json").read_text("utf-8"))
    assert shipped == rule_file_schema(), "write it anew with: make schema"


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_an_editor_accepts_every_shipped_rule_file(file: Path) -> None:
    table = plain(tomllib.loads(file.read_text("utf-8")))
    jsonschema.Draft202012Validator(rule_file_schema()).validate(table)


@pytest.mark.parametrize(
    "broken",
    [
        {"division": "990100", "bound": []},
        {"region": {"slug": "x", "name": {"zh": "x", "en": "x"}}},
        {"division": "990100", "bounds": [{"insurances": ["pension"], "values": [{"from": 2026}]}]},
        {
            "division": "990100",
            "rates": [{"insurance": "pension", "payer": "boss", "values": []}],
        },
    ],
    ids=["unknown key", "no division", "month as number", "unknown payer"],
)
def test_an_editor_marks_what_the_loader_would_refuse(broken: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(rule_file_schema()).validate(broken)
