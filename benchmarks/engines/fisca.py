"""OpenFisca-Core, and PolicyEngine-Core which grew out of it: one model for both.

Each environment has one of the two. The model is written as their country packages are: variables
with a formula for each base, amount and total, figures as dated parameters. `float` is yuan with
the engine's own kind of number (float32) and `numpy.round`; `fen` is `int`, which is int32, so that
nothing is wrong by the engine, only by default.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from benchmarks.engines.base import Prepared
from benchmarks.rows import Ints, Job, JobLine

CORE = "openfisca_core" if find_spec("openfisca_core") else "policyengine_core"
MONTH = "2026-11"


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """A simulation is built, fed and asked for twelve variables each time, as for each month."""
    whole = variant == "fen"
    system = _system(job, whole=whole)
    builders = _core("simulations")
    if not hasattr(builders, "SimulationBuilder"):
        builders = _core("simulations.simulation_builder")
    given = wages.astype(np.int32) if whole else (wages / 100).astype(np.float32)

    def run() -> list[Any]:
        simulation = builders.SimulationBuilder().build_default_simulation(system, len(given))
        simulation.set_input("wage", MONTH, given)
        return [simulation.calculate(name, MONTH) for name in job.columns]

    return Prepared(run, lambda result: [np.asarray(column) for column in result], yuan=not whole)


def _core(name: str) -> ModuleType:
    return importlib.import_module(f"{CORE}.{name}")


def _system(job: Job, *, whole: bool) -> Any:
    person = _core("entities").build_entity(
        key="person", plural="persons", label="A person", is_person=True
    )
    system = _core("taxbenefitsystems").TaxBenefitSystem([person])
    system.parameters = _parameters(job, whole=whole)
    kind = _kind(person, whole=whole)
    system.add_variable(_variable("wage", kind))
    for line in job.lines:
        base = f"{line.insurance}_base"
        if base not in system.variables:
            formula = _base_formula(line, whole=whole)
            system.add_variable(_variable(base, kind, formula=formula))
        formula = _amount_formula(base, line, whole=whole)
        system.add_variable(_variable(line.column, kind, formula=formula))
    for payer in ("unit", "person"):
        names = [job.lines[index].column for index in job.payers(payer)]
        system.add_variable(_variable(f"{payer}_total", kind, formula=_total_formula(names)))
    return system


class _Kind(NamedTuple):
    base: Any
    members: dict[str, Any]


def _kind(person: Any, *, whole: bool) -> _Kind:
    periods, variables = _core("periods"), _core("variables")
    month = getattr(periods, "MONTH", None) or periods.DateUnit.MONTH
    members = {
        "value_type": int if whole else float,
        "entity": person,
        "definition_period": month,
        "label": "of the benchmark",
        "__module__": __name__,
    }
    return _Kind(variables.Variable, members)


def _variable(name: str, kind: _Kind, **more: Any) -> Any:
    """A class of a variable: the engines read the name of the class and its members."""
    return type(name, (kind.base,), kind.members | more)


def _parameters(job: Job, *, whole: bool) -> Any:
    scale = 1 if whole else 100
    data: dict[str, Any] = {}
    for line in job.lines:
        node = data.setdefault(line.insurance, {})
        node["floor"] = _dated(line.floor if whole else line.floor / scale)
        node["cap"] = _dated(line.cap if whole else line.cap / scale)
        node[f"{line.payer}_rate"] = _dated(line.top / line.bottom)
        node[f"{line.payer}_top"] = _dated(line.top)
        node[f"{line.payer}_bottom"] = _dated(line.bottom)
    return _core("parameters").ParameterNode("", data=data)


def _dated(value: float) -> dict[str, Any]:
    return {"values": {"2020-01-01": {"value": value}}}


def _base_formula(line: JobLine, *, whole: bool) -> Any:
    insurance = line.insurance

    def by_float(person: Any, period: Any, parameters: Any) -> Any:
        figures = parameters(period)[insurance]
        wage = np.round(person("wage", period))
        return np.clip(wage, figures.floor, figures.cap)

    def by_fen(person: Any, period: Any, parameters: Any) -> Any:
        figures = parameters(period)[insurance]
        wage = (person("wage", period) + 50) // 100 * 100
        return np.clip(wage, figures.floor, figures.cap)

    return by_fen if whole else by_float


def _amount_formula(base: str, line: JobLine, *, whole: bool) -> Any:
    insurance, payer = line.insurance, line.payer

    def by_float(person: Any, period: Any, parameters: Any) -> Any:
        figures = parameters(period)[insurance]
        return np.round(person(base, period) * figures[f"{payer}_rate"], 2)

    def by_fen(person: Any, period: Any, parameters: Any) -> Any:
        figures = parameters(period)[insurance]
        top, bottom = figures[f"{payer}_top"], figures[f"{payer}_bottom"]
        return (2 * top * person(base, period) + bottom) // (2 * bottom)

    return by_fen if whole else by_float


def _total_formula(names: list[str]) -> Any:
    def formula(person: Any, period: Any) -> Any:
        first, *rest = names
        total = person(first, period)
        for name in rest:
            total = total + person(name, period)
        return total

    return formula
