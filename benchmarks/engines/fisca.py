"""OpenFisca-Core, and PolicyEngine-Core which grew out of it: one model for both.

Each environment has one of the two. The model is written as their country packages are: variables
with a formula for each base, amount and total, figures as dated parameters; units are a group
entity whose two variables sum up their members'. `float` is yuan with the engine's own kind of
number (float32) and `numpy.round`; `fen` is `int`, which is int32, so that nothing is wrong by the
engine, only by default.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from benchmarks.engines.base import Prepared
from benchmarks.rows import PAYERS, Ints, Job, JobLine

CORE = "openfisca_core" if find_spec("openfisca_core") else "policyengine_core"
MONTH = "2026-11"
PERSON, UNIT = "person", "employer"


def prepare(job: Job, wages: Ints, variant: str) -> Prepared:
    """A simulation is built, fed and asked for fourteen variables each time, as for each month.

    Persons and units are joined by the engine's own builder, the documented way. It goes over some
    of them one by one in Python, so `fen-bare` does without it and puts arrays where the builder
    would put its own: what the engine can do at best.
    """
    whole = variant != "float"
    build = _bare if variant.endswith("bare") else _built
    system = _system(job, whole=whole)
    given = wages.astype(np.int32) if whole else (wages / 100).astype(np.float32)
    persons, units = np.arange(len(wages)), job.units(len(wages))
    unit_ids = np.unique(units)
    names = (*job.columns, *(f"{UNIT}_{name}" for name in job.totals))

    def run() -> list[Any]:
        simulation = build(system, persons, unit_ids, units)
        simulation.set_input("wage", MONTH, given)
        return [np.asarray(simulation.calculate(name, MONTH)) for name in names]

    of_persons = len(job.columns)
    return Prepared(
        run,
        lambda found: list(found[:of_persons]),
        lambda found: list(found[of_persons:]),
        yuan=not whole,
    )


def _built(system: Any, persons: Ints, unit_ids: Ints, units: Ints) -> Any:
    builder = _builder()
    builder.create_entities(system)
    builder.declare_person_entity(PERSON, persons)
    unit = builder.declare_entity(UNIT, unit_ids)
    builder.join_with_persons(unit, units, roles=np.zeros(len(persons), np.int64))
    return builder.build(system)


def _bare(system: Any, persons: Ints, unit_ids: Ints, units: Ints) -> Any:
    populations = system.instantiate_entities()
    for key, ids in ((PERSON, persons), (UNIT, unit_ids)):
        populations[key].ids, populations[key].count = ids, len(ids)
    populations[UNIT].members_entity_id = units
    return _core("simulations").Simulation(tax_benefit_system=system, populations=populations)


def _builder() -> Any:
    module = _core("simulations")
    if not hasattr(module, "SimulationBuilder"):
        module = _core("simulations.simulation_builder")
    return module.SimulationBuilder()


def _core(name: str) -> ModuleType:
    return importlib.import_module(f"{CORE}.{name}")


def _system(job: Job, *, whole: bool) -> Any:
    person = _core("entities").build_entity(
        key=PERSON, plural="persons", label="A person", is_person=True
    )
    unit = _core("entities").build_entity(
        key=UNIT,
        plural="employers",
        label="A unit that pays for its persons",
        roles=[{"key": "employee", "plural": "employees", "label": "Who work there"}],
    )
    system = _core("taxbenefitsystems").TaxBenefitSystem([person, unit])
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
    of_unit = _kind(unit, whole=whole)
    for payer, total in zip(PAYERS, job.totals, strict=True):
        names = [job.lines[index].column for index in job.payers(payer)]
        system.add_variable(_variable(total, kind, formula=_total_formula(names)))
        summed = _variable(f"{UNIT}_{total}", of_unit, formula=_unit_formula(total))
        system.add_variable(summed)
    return system


class _Kind(NamedTuple):
    base: Any
    members: dict[str, Any]


def _kind(entity: Any, *, whole: bool) -> _Kind:
    periods, variables = _core("periods"), _core("variables")
    month = getattr(periods, "MONTH", None) or periods.DateUnit.MONTH
    members = {
        "value_type": int if whole else float,
        "entity": entity,
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


def _unit_formula(name: str) -> Any:
    def formula(unit: Any, period: Any) -> Any:
        return unit.sum(unit.members(name, period))

    return formula
