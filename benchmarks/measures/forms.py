"""Forms of a large unit: read with all checks and written, beside the bare libraries."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineWorkbook
from rustpy_xlsxwriter import write_worksheet

import socialins as si
from benchmarks.measures import Figure, in_turns, tell
from benchmarks.measures.identity import made
from benchmarks.places import ROOT, WORK
from benchmarks.worker import forget_peak, peak_memory
from socialins.forms.opening import open_book
from socialins.forms.papers import FilledForm, Form
from socialins.forms.papers.writing import write_form
from socialins.forms.sheets import Limits

ROWS = 100_000
MANY = 1_000_000
FEW = 10_000
"""Rows for openpyxl's own way, which takes a minute for all."""

BATCH = 10_000
REGION, MONTH = "beijing", "2026-11"
FORM, NARROW = "wage.declare.tax", "wage.declare.online"
HEAD: dict[str, Any] = {"taxpayer_number": "91990100MA0000001G"}
BOUNDS = Limits(rows=2_000_000, size=2**31, unpacked=2**33)


def main() -> None:
    """Measure reading and writing, and compare what was read with what was written."""
    region = si.region(REGION)
    form = region.forms[FORM]
    with TemporaryDirectory(dir=WORK) as scratch:
        folder = Path(scratch)
        people = list(_people(form, ROWS))
        figures = [
            *_written(form, people, folder),
            *_read(form, people, folder),
            *_roster(region, people, folder),
            *_streams(region.forms[NARROW], folder),
        ]
    remark = (
        f"{len(form.columns)} columns, seven of them wages. Bare writing takes the same values "
        "without looks, titles and further sheets. Reading here includes the checks of every cell "
        "and of the archive; bare reading has none. Bounded memory is what a process takes beyond "
        "what it had at the start; identity numbers that were met are kept, to tell those that "
        "stand there twice."
    )
    tell("Forms of a large unit", figures, remark)


def _people(form: Form, count: int) -> Iterator[dict[str, Any]]:
    random = Random(7)  # noqa: S311 - wages of nobody
    wages = [column.field for column in form.columns if column.spec.field == "wage"]
    for place, number in enumerate(_numbers(count)):
        # The same wage for each insurance; every third is of whole yuan.
        fen = random.randrange(300_000, 3_500_000)
        wage = si.Money(fen - fen % 100 if place % 3 == 0 else fen)
        row: dict[str, Any] = {"name": f"示例{place}", "id_number": number}
        if form.column("section"):
            row["section"] = f"第{place % 40}组"
        yield row | dict.fromkeys(wages, wage)


def _numbers(count: int) -> Iterator[str]:
    """Numbers that are right; each hundredth of those that are made is wrong."""
    right = (one for at, one in enumerate(made(count + count // 5)) if at % 100)
    return islice(dict.fromkeys(one for one in right if not one.endswith("000")), count)


def _written(form: Form, people: list[dict[str, Any]], folder: Path) -> Iterator[Figure]:
    filled = form.fill(people, **HEAD)
    few = form.fill(people[:FEW], **HEAD)
    bare = [_plain(row) for row in filled.rows]
    keys = [str(place) for place in range(len(form.columns))]
    path = folder / "form.xlsx"

    def write_bare() -> None:
        write_worksheet((dict(zip(keys, row, strict=True)) for row in bare), folder / "bare.xlsx")

    works: dict[str, Callable[[], object]] = {
        "fill": lambda: form.fill(people, **HEAD),
        "save": lambda: filled.save(path),
        "slow": lambda: write_form(few, folder / "slow.xlsx"),
        "bare": write_bare,
    }
    found = in_turns({name: _timed(work) for name, work in works.items()}, 3)
    slow = found["slow"] * ROWS / FEW
    yield Figure(f"filled in and checked, {ROWS:,} rows", round(found["fill"], 2), "s")
    yield Figure("bare rustpy-xlsxwriter, the same rows", round(found["bare"], 2), "s")
    yield Figure("`FilledForm.save`", round(found["save"], 2), "s")
    yield Figure("`FilledForm.save` ÷ bare", round(found["save"] / found["bare"], 2), "×", 1.5)
    yield Figure("openpyxl cell by cell ÷ `FilledForm.save`", round(slow / found["save"], 1), "×")


def _plain(row: dict[str, Any]) -> list[Any]:
    return [
        value.fen / 100 if isinstance(value, si.Money) else getattr(value, "number", value)
        for value in row.values()
    ]


def _read(form: Form, people: list[dict[str, Any]], folder: Path) -> Iterator[Figure]:
    path = folder / "form.xlsx"
    wrong = _wrong(form.fill(people, **HEAD), form, path)
    works: dict[str, Callable[[], object]] = {
        "bare": lambda: _calamine(path),
        "cells": lambda: _cells(path),
        "read": lambda: form.read(path),
        "batches": lambda: sum(1 for _ in form.read_batches(path, size=BATCH)),
    }
    found = in_turns({name: _timed(work) for name, work in works.items()}, 3)
    bare = found["bare"]
    yield Figure("bare python-calamine, the same file", round(bare, 2), "s")
    yield Figure("its cells, archive checked, nothing else", round(found["cells"], 2), "s")
    yield Figure("`Form.read`", round(found["read"], 2), "s")
    yield Figure("its cells ÷ bare", round(found["cells"] / bare, 2), "×")
    yield Figure("`Form.read` ÷ bare", round(found["read"] / bare, 2), "×", 2)
    yield Figure("`Form.read_batches` ÷ bare", round(found["batches"] / bare, 2), "×", 2)
    yield Figure("rows read otherwise than they were filled in", wrong, "", 0)


def _wrong(filled: FilledForm, form: Form, path: Path) -> int:
    read = form.read(path)
    pairs = zip(filled.rows, read.rows, strict=True)
    return sum(one != other for one, other in pairs) + len(read.faults)


def _roster(region: Any, people: list[dict[str, Any]], folder: Path) -> Iterator[Figure]:
    path = folder / "roster.xlsx"
    heads = ("姓名", "证件号码", "申报工资", "户籍")
    homes = ("本地城镇", "外埠农村")
    rows = (
        (one["name"], one["id_number"], next(reversed(one.values())).fen / 100, homes[at % 2])
        for at, one in enumerate(people)
    )
    write_worksheet((dict(zip(heads, row, strict=True)) for row in rows), path)
    works: dict[str, Callable[[], object]] = {
        "bare": lambda: _calamine(path),
        "read": lambda: region.read_roster(path, MONTH),
    }
    found = in_turns({name: _timed(work) for name, work in works.items()}, 3)
    ratio = found["read"] / found["bare"]
    yield Figure(f"`region.read_roster`, {ROWS:,} rows, 4 columns", round(found["read"], 2), "s")
    yield Figure("`region.read_roster` ÷ bare", round(ratio, 1), "×", 2)


def _streams(form: Form, folder: Path) -> Iterator[Figure]:
    path = folder / "stream.xlsx"
    for count in (ROWS, MANY):
        people = _people(form, count)
        first = next(people)
        before, taken = forget_peak(), 0.0
        with form.writer(path) as out:
            out.write([first])
            while batch := list(islice(people, BATCH)):
                taken += _timed(partial(out.write, batch))()
            start = time.perf_counter()
        taken += time.perf_counter() - start
        peak = peak_memory() - before
        yield Figure(f"`Form.writer`, {count:,} rows of 3 columns", round(taken, 1), "s")
        yield Figure(f"memory beyond, writing {count:,} rows", round(peak / 2**20), "MB")
        # A process that has let go of memory takes no new one, so reading has its own.
        command = [sys.executable, "-m", "benchmarks.measures.forms", str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        read, taken, peak = json.loads(done.stdout)
        if read != count:
            raise AssertionError(f"{read} rows of {count} were read")
        yield Figure(f"`Form.read_batches`, {count:,} rows", round(taken, 1), "s")
        yield Figure(f"memory beyond, reading {count:,} rows", round(peak / 2**20), "MB")


def _stream(path: Path) -> tuple[int, float, int]:
    """Read a file in pieces: rows, seconds, bytes beyond what there was."""
    form = si.region(REGION).forms[NARROW]
    before, read = forget_peak(), 0
    start = time.perf_counter()
    for piece in form.read_batches(path, size=BATCH, limits=BOUNDS):
        read += len(piece.rows)
    return read, time.perf_counter() - start, peak_memory() - before


def _calamine(path: Path) -> int:
    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def _cells(path: Path) -> int:
    book = open_book(path, BOUNDS)
    try:
        return sum(1 for _ in book.sheets[0].rows())
    finally:
        book.close()


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(_stream(Path(sys.argv[1]))))
    else:
        main()
