"""Write the JSON Schemas of rule files and of form files beside the classes they are made from."""

from __future__ import annotations

import json
from pathlib import Path

from socialins.forms.papers.schema import form_file_schema
from socialins.rules.schema import rule_file_schema

SOURCES = Path(__file__).parents[1] / "src/socialins"
TARGETS = {
    SOURCES / "rules/rules.schema.json": rule_file_schema,
    SOURCES / "forms/papers/form.schema.json": form_file_schema,
}

if __name__ == "__main__":
    for target, schema in TARGETS.items():
        text = json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
        target.write_text(text, encoding="utf-8")
