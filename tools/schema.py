"""Write the JSON Schema of rule files beside the classes it is made from."""

from __future__ import annotations

import json
from pathlib import Path

from socialins.rules.schema import rule_file_schema

TARGET = Path(__file__).parents[1] / "src/socialins/rules/rules.schema.json"

if __name__ == "__main__":
    text = json.dumps(rule_file_schema(), ensure_ascii=False, indent=2) + "\n"
    TARGET.write_text(text, encoding="utf-8")
