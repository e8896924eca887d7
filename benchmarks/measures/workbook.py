"""Workbook to workbook: `socialins settle` on a large roster, and a pandas and openpyxl script."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineWorkbook
from rustpy_xlsxwriter import FastExcel

import socialins as si
from benchmarks.measures import Figure, tell
from benchmarks.measures.identity import made
from benchmarks.places import ROOT, WORK, python_of
from benchmarks.rows import read_job
from socialins.model.codes import Household
from socialins.rules import RuleClass
from socialins.settlement.compile import compile_schedule
from socialins.settlement.fast import fast_function
from socialins.values import Month

ROWS = 100_000
FEW = 5_000
"""Rows for the script, which takes a minute for all."""

REGION, MONTH, INJURY_RATE = "beijing", "2026-11", "0.2%"


def main() -> None:
    """Measure ours with all rows, the script with a few, and compare our totals of each person."""
    figures: list[Figure] = []
    with TemporaryDirectory(dir=WORK) as scratch:
        folder = Path(scratch)
        people = _people(ROWS)
        large, small = folder / "large.xlsx", folder / "small.xlsx"
        _write(large, people)
        _write(small, people[:FEW])
        ours, peak = _settle(large, folder / "large")
        again, again_peak = _settle(large, folder / "large")
        ours, peak = min(ours, again), max(peak, again_peak)
        wrong = _wrong(folder / "large", people)
        figures += [
            Figure(f"`socialins settle`, {ROWS:,} rows", round(ours, 2), "s", goal=3),
            Figure("its peak memory", round(peak / 2**20), "MB", goal=200),
            Figure("persons whose totals are wrong", wrong, "", goal=0),
        ]
        python = python_of("pandas")
        if python is not None:
            rules = folder / "rules.json"
            rules.write_text(json.dumps(_rules()), encoding="utf-8")
            script = [python, "-m", "benchmarks.measures.pandas_script", str(rules), str(small)]
            theirs, their_peak = _run([*script, str(folder / "theirs.xlsx")])
            figures += [
                Figure(f"pandas and openpyxl script, {FEW:,} rows", round(theirs, 2), "s"),
                Figure("its peak memory", round(their_peak / 2**20), "MB"),
            ]
            ratio = theirs / FEW / (ours / ROWS)
            figures.append(Figure("script ÷ ours, a row", round(ratio, 1), "×", 20, more=True))
    remark = "Whole processes, start and imports included; the better of two runs of ours."
    tell("Workbook to workbook", figures, remark)


def _rules() -> list[dict[str, Any]]:
    """The rules of the month as a script would have them, in yuan."""
    cascade = si.region(REGION).cascade
    schedule = compile_schedule(cascade, Month.of(MONTH), RuleClass())
    return [
        {
            "column": f"{line.title.zh} {line.payer.zh}",
            "payer": line.payer.value,
            "floor": (line.floor or 0) / 100,
            "cap": (line.cap or 10**10) / 100,
            "rate": float(line.rate_with(si.Rate(INJURY_RATE)).fraction),
            "fixed": line.fixed / 100,
        }
        for line in schedule.lines
    ]


def _people(count: int) -> list[dict[str, Any]]:
    job = read_job(WORK / "job")
    # Each hundredth of those is made wrong; and nobody may stand in a roster twice.
    right = [number for place, number in enumerate(made(count + count // 10)) if place % 100]
    numbers = list(dict.fromkeys(right))
    wages = job.wages(count).tolist()
    return [
        {
            "姓名": f"示例{place}",
            "证件号码": number,
            "申报工资": wage / 100,
            "户籍": "外埠农村" if place % 3 == 0 else "本地城镇",
        }
        for place, (number, wage) in enumerate(zip(numbers, wages, strict=False))
    ]


def _write(path: Path, people: list[dict[str, Any]]) -> None:
    FastExcel(str(path)).sheet("花名册", people).save()


def _settle(source: Path, into: Path) -> tuple[float, int]:
    options = ["--region", REGION, "--month", MONTH, "--injury-rate", INJURY_RATE]
    command = [sys.executable, "-m", "socialins", "settle", *options, "--lang", "zh"]
    return _run([*command, "--out", str(into), str(source)])


def _run(command: list[str]) -> tuple[float, int]:
    """Seconds and peak memory of a process."""
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[1:4]} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss * 1024


def _wrong(folder: Path, people: list[dict[str, Any]]) -> int:
    """How many persons of the written workbook have another total than the rules give, or none."""
    (path,) = folder.glob("*.xlsx")
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("人员").to_python()
    heads = [str(cell) for cell in sheet[0]]
    number, total = heads.index("证件号码"), heads.index("合计")
    expected = _expected(people)
    for row in sheet[1:]:
        if expected.get(str(row[number])) == round(float(str(row[total])) * 100):
            del expected[str(row[number])]
    return len(expected)


def _expected(people: list[dict[str, Any]]) -> dict[str, int]:
    """Number → what unit and person owe together, in fen."""
    found: dict[str, int] = {}
    computes: dict[str, Any] = {}
    rate = si.Rate(INJURY_RATE)
    cascade = si.region(REGION).cascade
    for one in people:
        word = one["户籍"]
        if word not in computes:
            household = Household.read(word)
            rule_class = RuleClass(household) if household else RuleClass()
            schedule = compile_schedule(cascade, Month.of(MONTH), rule_class)
            computes[word] = fast_function(schedule.lines)
        figures = computes[word](round(one["申报工资"] * 100), rate.numerator, rate.denominator)
        found[one["证件号码"]] = sum(figures[1::2])
    return found


if __name__ == "__main__":
    main()
