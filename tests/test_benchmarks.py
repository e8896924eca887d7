"""Benchmarks: a wrong fen that is not counted, or a failure not told, makes them worthless."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("numpy", reason="the extra bulk is not installed")
pytest.importorskip("pyarrow", reason="the extra bulk is not installed")
pytest.importorskip("duckdb", reason="the extra duckdb is not installed")

ROOT = Path(__file__).parents[1]
ROWS = 450
"""Two units of two hundred, and one of fifty."""


@pytest.fixture(scope="module", autouse=True)
def importable() -> Any:
    """The scripts of benchmarks/, which are in no distribution."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(ROOT), *sys.path])
        yield


def load(name: str) -> ModuleType:
    return importlib.import_module(f"benchmarks.{name}")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory, importable: None) -> Any:
    """The job of the race on few wages and rows, through its files as workers get it."""
    making, rows = load("job"), load("rows")
    folder = tmp_path_factory.mktemp("job")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "POOL", 300)
        making.make_job(folder, ROWS)
    return rows.read_job(folder)


def test_the_totals_of_units_are_those_of_their_persons_by_the_reference(job: Any) -> None:
    expected = job.expected_units(ROWS)
    for payer, totals in enumerate(expected.tolist()):
        sums = [0, 0, 0]
        for row, unit in enumerate(job.units(ROWS).tolist()):
            sums[unit] += int(job.expected[len(job.lines) + payer][job.picks[row]])
        assert totals == sums
    for payer, name in enumerate(("unit", "person")):
        of_lines = sum(job.expected[index] for index in job.payers(name))
        assert (job.expected[len(job.lines) + payer] == of_lines).all()


@pytest.mark.parametrize("rows", [1, ROWS])
@pytest.mark.parametrize(
    ("module", "variant"),
    [
        ("kernel", "int32"),
        ("kernel", "warm"),
        ("kernel", "int64"),
        ("table", "class"),
        ("table", "classes"),
        ("duck", "ours"),
        ("duck", "bigint"),
        ("scalar", "reference"),
        ("scalar", "generated"),
        ("numpy_hand", "fen"),
    ],
)
def test_an_engine_in_whole_fen_has_no_wrong_person_and_no_wrong_unit(
    job: Any, module: str, variant: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = load("worker")
    monkeypatch.setattr(worker, "ENOUGH", 0.0)
    found = worker.work(load(f"engines.{module}"), job, variant, rows, check=True)
    assert (found["wrong_persons"], found["wrong_amounts"], found["wrong_units"]) == (0, 0, 0)
    assert found["units"] == -(-rows // 200)


def test_a_fen_that_is_lost_in_adding_up_units_is_counted(
    job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, sums = load("worker"), importlib.import_module("socialins.bulk.sums")
    monkeypatch.setattr(worker, "ENOUGH", 0.0)
    right = sums._of_runs
    monkeypatch.setattr(sums, "_of_runs", lambda *given: right(*given) - 1)
    for engine, variant in (("kernel", "int32"), ("table", "class")):
        found = worker.work(load(f"engines.{engine}"), job, variant, ROWS, check=True)
        assert (found["wrong_persons"], found["wrong_units"]) == (0, 3)
        assert found["worst_unit_fen"] == 2, "a fen of either payer"


def test_each_wrong_unit_is_counted_once_in_fen_or_yuan(job: Any) -> None:
    worker = load("worker")
    for yuan in (False, True):
        totals = job.expected_units(ROWS)
        assert worker.wrong_units(job, ROWS, _as(totals, yuan), yuan=yuan)["wrong_units"] == 0
        totals[1, 2] -= 1
        totals[0, 2] += 4
        found = worker.wrong_units(job, ROWS, _as(totals, yuan), yuan=yuan)
        assert found == {"units": 3, "wrong_units": 1, "worst_unit_fen": 5}
    with pytest.raises(AssertionError, match="2 units instead of 3"):
        worker.wrong_units(job, ROWS, list(totals[:, :2]), yuan=False)


def _as(totals: Any, yuan: bool) -> list[Any]:
    return list(totals / 100 if yuan else totals.copy())


def test_every_target_of_ours_in_the_short_form_is_held_to_persons_and_units() -> None:
    catalogue = load("catalogue")
    short = {one.module for one in catalogue.CONTESTANTS if one.short and one.right}
    assert short == {"scalar", "kernel", "table", "duck"}


RIGHT: dict[str, Any] = {
    "rows": 450,
    "wrong_persons": 0,
    "wrong_amounts": 0,
    "units": 3,
    "wrong_units": 0,
    "worst_unit_fen": 0,
}


@pytest.fixture
def short_run(job: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """(what the race finds, what measures find) → the status of a run, and whether it wrote."""
    run = load("run")
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(run, "WORK", tmp_path)
    monkeypatch.setattr(run, "PARTIAL", tmp_path / "partial.json")
    monkeypatch.setattr(run, "make_job", lambda *_: job)
    targets = {"array kernel": {"persons": 1, "amounts": 1, "wrong_persons": 0, "wrong_amounts": 0}}
    checked = {
        **dict.fromkeys(("persons", "region_months", "classes", "schedules", "wages"), 1),
        "reference_amounts": 1,
        "regions": ["middle"],
        "targets": targets,
    }
    monkeypatch.setattr(run, "check_regions", lambda _: checked)
    monkeypatch.setattr(run, "versions", dict)
    monkeypatch.setattr(run, "_write", written.append)

    def start(
        wrong: dict[str, Any] | None, measures: dict[str, Any] | None = None
    ) -> tuple[int, list[dict[str, Any]]]:
        memory = {"rows": 450, "peak": 1, "beyond": 0}
        found: dict[str, Any] = {"seconds": {1_000_000: 0.5}, "memory": memory}
        found |= {} if wrong is None else {"wrong": wrong}
        monkeypatch.setattr(run.race, "race", lambda *_: {"kernel": found})
        monkeypatch.setattr(run.measured, "all_measures", lambda _: measures)
        return run.main([] if measures is not None else ["--short"]), written

    return start


def test_the_short_form_fails_on_a_wrong_fen_of_a_person_or_of_a_unit(
    short_run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert short_run(RIGHT)[0] == 0
    assert short_run({**RIGHT, "wrong_units": 1, "worst_unit_fen": 1})[0] == 1
    assert "WRONG: kernel" in capsys.readouterr().err
    assert short_run({**RIGHT, "wrong_persons": 1, "wrong_amounts": 1})[0] == 1
    assert short_run(None)[0] == 1, "a target that was not compared is not right"


def test_a_measure_that_fails_is_in_the_page_and_in_the_status(
    short_run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = {"what": "a", "value": 1, "unit": "s", "goal": 2, "more": False, "note": ""}
    well = {"title": "T", "remark": "", "figures": [figure]}
    status, written = short_run(RIGHT, {"imports": well})
    assert (status, len(written)) == (0, 1)
    status, written = short_run(RIGHT, {"imports": {"failed": "ValueError: no"}, "rules": well})
    assert (status, len(written)) == (1, 2), "the page is written before the run ends"
    assert "FAILED: imports did not run: ValueError: no" in capsys.readouterr().err
    assert "ValueError: no" in load("page").tables(written[1])
    wrong = {**well, "figures": [{**figure, "what": "wrong figures", "goal": 0}]}
    assert short_run(RIGHT, {"parquet": wrong})[0] == 1


def test_a_missed_goal_stands_with_its_reason_and_a_met_one_without() -> None:
    goals, misses = load("goals"), load("misses")
    slow = goals.Goal("array kernel, 1 M", 40.0, "M persons a second", 50)
    text = goals.misses("race", [slow])
    assert text.startswith("- Missed: array kernel, 1 M. ")
    assert "huge pages" in text
    assert not goals.misses("race", [slow._replace(value=50.0)])
    assert not goals.misses("race", [slow._replace(goal=None)])
    assert goals.Goal("x", None, "s", 3, more=False).missed, "what could not be measured"
    assert misses.NOT_LOOKED_INTO in goals.misses("race", [slow._replace(what="another")])


def test_every_goal_that_the_newest_results_miss_has_been_looked_into() -> None:
    goals, misses, measured = load("goals"), load("misses"), load("measured")
    assert {one.measure for one in misses.MISSES} <= {"race", *measured.MEASURES}
    results = json.loads((ROOT / "benchmarks/results/latest.json").read_text(encoding="utf-8"))
    for name, found in goals.all_goals(results).items():
        for one in found:
            if one.missed:
                assert misses.why(name, one.what) != misses.NOT_LOOKED_INTO, one


def test_the_profile_adds_up_to_the_kernel_s_time() -> None:
    goals = load("goals")
    times = {"kernel": 0.030, "kernel-warm": 0.020, "floor": 0.015, "floor-warm": 0.005}
    race = {name: {"seconds": {"1000000": taken}} for name, taken in times.items()}
    race["kernel-warm"]["seconds"] |= {"1": 0.0001, "10000": 0.0002}
    text = goals.profile({"race": race})
    rows = [line.split("|")[2] for line in text.splitlines() if line.startswith("| ")]
    computing, memory, fresh, kernel, copy, kept = map(float, rows[-6:])
    assert abs(computing + memory + fresh - kernel) < 0.05, "but for rounding"
    assert (fresh, kernel, copy, kept) == (10, 30, 15, 5)
    assert not goals.profile({"race": {}})
