"""Columns: what a settled table's columns are called, and which lines make them.

Every target that works on tables (the array kernel, SQL, the plain functions) takes its columns
from here, so that a table has the same columns whichever of them made it. Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import attrs

from socialins.model.codes import Payer
from socialins.settlement.schedule import Line

__all__ = [
    "FAULT",
    "PERSON_TOTAL",
    "UNIT_TOTAL",
    "Kind",
    "OutputColumn",
    "Shape",
    "column_plan",
    "shape_of",
]

FAULT = "fault"
"""The column of fault codes: null where all is well, else codes joined by ``;``."""

UNIT_TOTAL = "unit_total_fen"
PERSON_TOTAL = "person_total_fen"

BASIC = "basic"

Kind = Literal["base", "unit_base", "unit", "person", "unit_total", "person_total"]


class OutputColumn(NamedTuple):
    """A column of whole fen.

    Arguments:
        name: its name, such as ``pension_unit_fen``.
        kind: ``base``: the base of the one line named. All others: the sum of the amounts of the
            lines named, zero where there are none; ``unit_base`` is a base too.
        lines: indexes of the lines that make it.
    """

    name: str
    kind: Kind
    lines: tuple[int, ...]


@attrs.frozen
class Shape:
    """Which insurances a table has columns for.

    Arguments:
        insurances: their ids, in order.
        unit_bases: those with a column of their own for the unit's base.
    """

    insurances: tuple[str, ...]
    unit_bases: frozenset[str] = frozenset()

    def names(self) -> tuple[str, ...]:
        """The names of all columns of fen, in order."""
        return tuple(column.name for column in column_plan((), self))


def shape_of(
    schedules: Iterable[Sequence[Line]], order: Sequence[str] | None = None, *more: str
) -> Shape:
    """The shape of a table that is settled by these lines.

    Arguments:
        schedules: the lines of each rule class.
        order: all insurances of the region in its order; as they come if left out.
        more: insurances that are collected, though no line of them is known.
    """
    found: dict[str, None] = dict.fromkeys(more)
    apart: set[str] = set()
    for lines in schedules:
        for insurance in dict.fromkeys(line.insurance for line in lines):
            found[insurance] = None
            person, unit = (_basic(lines, insurance, payer) for payer in (Payer.PERSON, Payer.UNIT))
            bounds = {_bounds(lines[one]) for one in (person, unit) if one is not None}
            if len(bounds) > 1:
                apart.add(insurance)
    insurances = [one for one in order or found if one in found]
    return Shape(tuple(insurances), frozenset(apart))


def column_plan(lines: Sequence[Line], shape: Shape | None = None) -> tuple[OutputColumn, ...]:
    """The columns of fen, in order, and the lines that make each.

    Arguments:
        lines: the lines of a schedule.
        shape: the table's insurances; those of the lines if left out. An insurance of which there
            is no line has columns all the same, made of no lines.

    Returns:
        For each insurance its base (the base of the basic item: the person's line if there is one,
        else the unit's), the unit's base where it may differ, the sums of the unit's and of the
        person's amounts; then the totals of unit and person.

    >>> from socialins.testing.middle import middle
    >>> from socialins.rules import RuleClass
    >>> from socialins.settlement import compile_schedule
    >>> from socialins.values import Month
    >>> schedule = compile_schedule(middle().cascade, Month.of("2026-11"), RuleClass())
    >>> for column in column_plan(schedule.lines)[3:6]:
    ...     print(*column)
    medical_base_fen base (4,)
    medical_unit_fen unit (2, 3)
    medical_person_fen person (4, 5)
    """
    shape = shape or shape_of([lines])
    plan: list[OutputColumn] = []
    for insurance in shape.insurances:
        prefix = insurance.replace("-", "_")
        unit, person = (_of(lines, payer, insurance) for payer in (Payer.UNIT, Payer.PERSON))
        unit_base = _basic(lines, insurance, Payer.UNIT)
        person_base = _basic(lines, insurance, Payer.PERSON)
        base = unit_base if person_base is None else person_base
        plan.append(OutputColumn(f"{prefix}_base_fen", "base", _one(base)))
        if insurance in shape.unit_bases:
            apart = base if unit_base is None else unit_base
            plan.append(OutputColumn(f"{prefix}_unit_base_fen", "unit_base", _one(apart)))
        plan.append(OutputColumn(f"{prefix}_unit_fen", "unit", unit))
        plan.append(OutputColumn(f"{prefix}_person_fen", "person", person))
    plan.append(OutputColumn(UNIT_TOTAL, "unit_total", _of(lines, Payer.UNIT)))
    plan.append(OutputColumn(PERSON_TOTAL, "person_total", _of(lines, Payer.PERSON)))
    return tuple(plan)


def _of(lines: Sequence[Line], payer: Payer, insurance: str | None = None) -> tuple[int, ...]:
    return tuple(
        index
        for index, line in enumerate(lines)
        if line.payer is payer and insurance in (None, line.insurance)
    )


def _basic(lines: Sequence[Line], insurance: str, payer: Payer) -> int | None:
    """The index of an insurance's basic line for a payer; its first where none is basic."""
    indexes = _of(lines, payer, insurance)
    basic = [index for index in indexes if lines[index].item == BASIC]
    return next(iter(basic or indexes), None)


def _one(index: int | None) -> tuple[int, ...]:
    return () if index is None else (index,)


def _bounds(line: Line) -> tuple[object, ...]:
    return line.floor, line.cap, line.base_rounding
