"""What a payroll script does with a workbook: pandas, `apply`, openpyxl.

Arguments: the rules as JSON, the workbook to read, the one to write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd


def main() -> None:
    """Read, settle, write."""
    rules, source, into = map(Path, sys.argv[1:])
    lines: list[dict[str, Any]] = json.loads(rules.read_text(encoding="utf-8"))

    def settle(row: Any) -> Any:
        results: dict[str, float] = {}
        totals = {"unit": 0.0, "person": 0.0}
        for line in lines:
            base = min(max(round(row["申报工资"]), line["floor"]), line["cap"])
            amount = round(base * line["rate"], 2) + line["fixed"]
            results[line["column"]] = amount
            totals[line["payer"]] += amount
        results |= {"单位合计": totals["unit"], "个人合计": totals["person"]}
        results["合计"] = totals["unit"] + totals["person"]
        return pd.Series(results)

    frame = pd.read_excel(source, dtype={"证件号码": str}, engine="openpyxl")
    settled = pd.concat([frame, frame.apply(settle, axis=1)], axis=1)
    settled.to_excel(into, index=False, engine="openpyxl")


if __name__ == "__main__":
    main()
