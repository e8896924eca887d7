"""ttsim, the engine of GETTSIM: the models of ttsim_yuan and ttsim_fen, and the job's figures."""

from __future__ import annotations

import datetime as dt
import importlib
import warnings
from types import ModuleType
from typing import Any

import numpy as np
from ttsim import InputData, MainTarget, TTTargets, main, merge_trees
from ttsim.tt import ScalarParam, TTSIMUnit
from ttsim.tt.column_objects_param_function import ColumnObject

from benchmarks.engines.base import Prepared
from benchmarks.rows import PERSONS_A_UNIT, Ints, Job

DATE = "2026-11-01"
FROM = dt.date(2020, 1, 1)
TO = dt.date(2099, 12, 31)
GROUP = "firm"
"""How the models name a unit: by the name of the column of its numbers."""


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """`main` is called with the policy environment each time, as a user does for each month."""
    whole = variant == "fen"
    model = importlib.import_module(f"benchmarks.engines.ttsim_{'fen' if whole else 'yuan'}")
    environment = _environment(job, model, whole=whole)
    persons = np.arange(len(wages))
    units = job.units(len(wages))
    columns = {"p_id": persons, f"{GROUP}_id": units, "wage_m": wages if whole else wages / 100}
    given = InputData.tree(columns)
    # A sum by unit is asked for by the name of a column and that of the group.
    names = [f"{name}_m" for name in job.columns]
    of_units = [f"{name}_m_{GROUP}" for name in job.totals]
    targets = TTTargets.tree(dict.fromkeys([*names, *of_units]))

    def run() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return main(
                main_target=MainTarget.results.tree,
                policy_date_str=DATE,
                evaluation_date_str=DATE,
                policy_environment=environment,
                input_data=given,
                tt_targets=targets,
                unit_system=model.UNITS,
                backend="numpy",
            )

    return Prepared(
        run,
        lambda found: [np.asarray(found[name]) for name in names],
        # Each person has the sum of the own unit.
        lambda found: [np.asarray(found[name])[::PERSONS_A_UNIT] for name in of_units],
        yuan=not whole,
    )


def _environment(job: Job, model: ModuleType, *, whole: bool) -> Any:
    functions: dict[str, Any] = {
        name: one for name, one in vars(model).items() if isinstance(one, ColumnObject)
    }
    money, number = TTSIMUnit.YUAN.PER_MONTH, TTSIMUnit.DIMENSIONLESS
    figures: dict[str, Any] = {}
    for line in job.lines:
        for name, fen in (("floor", line.floor), ("cap", line.cap)):
            figures[f"{line.insurance}_{name}_m"] = _figure(fen if whole else fen / 100, money)
        figures[f"{line.column}_rate"] = _figure(line.top / line.bottom, number)
        figures[f"{line.column}_top"] = _figure(line.top, number)
        figures[f"{line.column}_bottom"] = _figure(line.bottom, number)
    return merge_trees(functions, figures)


def _figure(value: float, unit: Any) -> Any:
    return ScalarParam(value=value, start_date=FROM, end_date=TO, unit=unit)
