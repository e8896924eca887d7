"""Programs: SQL for rows of many rule classes, in steps that an engine plans as projections.

One pass over the data serves all classes: each column is a CASE over the class's number in which
classes that compute alike share a branch, so that what differs is all that is decided by row. A
pass for each class would read the data as often as there are classes. Steps keep an expression that
several columns need from being computed again by each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from socialins.bulk.columns import Shape, column_plan, shape_of
from socialins.bulk.limits import MAX_WAGE_FEN, Limits, LineLimits, Scaling, prove
from socialins.bulk.sql import Dialect, amount, base_count, case, in_fen, scaled, summed
from socialins.faults import Text
from socialins.settlement.schedule import Line, Schedule
from socialins.values import Rate

__all__ = [
    "CLASS",
    "NUMERATOR",
    "WAGE",
    "Part",
    "Program",
    "Rates",
    "expressions",
    "program",
    "wage_in_fen",
]

PREFIX = "__socialins_"
WAGE, CLASS, NUMERATOR = f"{PREFIX}wage", f"{PREFIX}class", f"{PREFIX}rate"
"""Columns that the first step finds: the wage in fen, null where nothing may be computed; where
there is more than one, the number of the row's class; and the numerator of its rate."""

_NULL = "CAST(NULL AS BIGINT)"


@attrs.frozen
class Rates:
    """The account rates that rows may have, over one denominator; the column `NUMERATOR` has them.

    Arguments:
        largest: the largest numerator.
        denominator: the denominator that all of them have.
    """

    largest: int
    denominator: int


@attrs.frozen
class Part:
    """What holds for the rows of a class.

    Arguments:
        lines: what is owed.
        unknown: columns that are null, as what is owed is not known; the totals are of the lines.
    """

    lines: tuple[Line, ...]
    unknown: frozenset[str] = frozenset()


@attrs.frozen
class Program:
    """Columns to be added to a table, in steps.

    Arguments:
        dialect: the engine.
        steps: each adds columns, by name, made of the columns before it.
        columns: the names of the settled columns, in order; whatever else the steps added goes.
    """

    dialect: Dialect
    steps: tuple[Mapping[str, str], ...]
    columns: tuple[str, ...]

    def select(
        self,
        source: str,
        first: Mapping[str, str],
        keep: Sequence[str] = (),
        last: Sequence[str] = (),
    ) -> str:
        """A query for the settled columns.

        Arguments:
            source: what stands after FROM.
            first: the first step, which finds `WAGE`, and what else the program needs.
            keep: columns of the source that stand before them.
            last: columns that the first step found, to stand after them.
        """
        quoted = self.dialect.quoted
        for step in (first, *self.steps):
            added = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in step.items())
            # Names are quoted, and all else is text of this package.
            source = f"(SELECT *, {added} FROM {source}) AS step"  # noqa: S608
        return f"SELECT {', '.join(map(quoted, (*keep, *self.columns, *last)))} FROM {source}"  # noqa: S608


def program(
    parts: Sequence[Part],
    dialect: Dialect,
    *,
    rates: Rate | Rates | None = None,
    shape: Shape | None = None,
    max_wage: int = MAX_WAGE_FEN,
    region: Text | str = "",
) -> Program:
    """The program that settles rows of several classes.

    Arguments:
        parts: the classes, in order of their numbers; at least one.
        dialect: the engine.
        rates: the account's rate, where some line takes one, or the rates that rows have.
        shape: the insurances to make columns for; those of the classes if left out.
        max_wage: no wage is larger, in fen.
        region: how the region is called, for a refusal.

    Raises:
        Refused: if a line can't be computed in 64 bits.
        ValueError: if a line takes the account's rate and none is given.
    """
    shape = shape or shape_of([part.lines for part in parts])
    if isinstance(rates, Rate):
        # One rate for all rows is a constant like any other.
        parts = [attrs.evolve(part, lines=_with_rate(part.lines, rates)) for part in parts]
    operand = (rates.largest, rates.denominator) if isinstance(rates, Rates) else None
    proven = [
        prove(part.lines, max_wage=max_wage, operand=operand, region=region) for part in parts
    ]
    return _Writer(dialect, list(parts), proven, shape).program()


def expressions(
    schedule: Schedule,
    dialect: Dialect | str,
    *,
    wage: str = "wage_fen",
    injury_rate: Rate | None = None,
    max_wage: int = MAX_WAGE_FEN,
) -> dict[str, str]:
    """The columns of a schedule as SQL expressions of a column of wages.

    Each stands alone, for a query that is written by hand; `program` is computed faster.

    Arguments:
        schedule: the schedule; of what is missing in it there is no column.
        dialect: ``"duckdb"`` or ``"spark"``.
        wage: the column of wages in whole fen; any whole-number type.
        injury_rate: the account's injury rate, where the schedule takes one.
        max_wage: what lies above this, in fen, is null as negative wages are.

    Returns:
        Expression by name of column, in order.

    Raises:
        Refused: if a line can't be computed in 64 bits.

    >>> from socialins.testing.middle import middle
    >>> from socialins.rules import RuleClass
    >>> from socialins.settlement import compile_schedule
    >>> from socialins.values import Month
    >>> schedule = compile_schedule(middle().cascade, Month.of("2026-11"), RuleClass())
    >>> found = expressions(schedule, "duckdb", injury_rate=Rate("0.2%"))
    >>> print(*list(found)[:3])
    pension_base_fen pension_unit_fen pension_person_fen
    """
    of_dialect = Dialect(dialect)
    made = program([Part(schedule.lines)], of_dialect, rates=injury_rate, max_wage=max_wage)
    known = {of_dialect.quoted(WAGE): wage_in_fen(of_dialect.quoted(wage), max_wage)}
    for step in made.steps:
        known |= {of_dialect.quoted(name): _inlined(sql, known) for name, sql in step.items()}
    return {name: known[of_dialect.quoted(name)] for name in made.columns}


def wage_in_fen(column: str, max_wage: int = MAX_WAGE_FEN) -> str:
    """A wage in fen as BIGINT; null where it is no wage that can be settled."""
    return f"CASE WHEN {column} BETWEEN 0 AND {max_wage:d} THEN CAST({column} AS BIGINT) END"


def _inlined(sql: str, known: Mapping[str, str]) -> str:
    """An expression with columns that are known, by quoted name, put in its place."""
    for name, meaning in known.items():
        sql = sql.replace(name, f"({meaning})")
    return sql


def _with_rate(lines: Iterable[Line], rate: Rate) -> tuple[Line, ...]:
    return tuple(
        line if line.operand is None else attrs.evolve(line, operand=None, rate=rate)
        for line in lines
    )


@attrs.define
class _Writer:
    dialect: Dialect
    parts: list[Part]
    proven: list[Limits]
    shape: Shape
    _rounded: dict[str, str] = attrs.field(factory=dict)
    _bases: dict[str, str] = attrs.field(factory=dict)

    def program(self) -> Program:
        """The steps: rounded wages, bases, columns, and what is made of columns."""
        bases = self.bases()
        by_class = [
            self.of_class(part, limits, bases)
            for part, limits in zip(self.parts, self.proven, strict=True)
        ]
        columns: dict[str, str] = {}
        last: dict[str, str] = {}
        names: dict[str, list[str]] = {"unit": [], "person": []}
        plan = column_plan((), self.shape)
        for column in plan:
            if column.kind in ("unit_total", "person_total"):
                last[column.name] = self.total(names[column.kind.removesuffix("_total")])
                continue
            known = self.case([found[column.name] for found in by_class])
            nulls = [column.name in part.unknown for part in self.parts]
            name = column.name
            if any(nulls):
                # Totals are of all lines that are known, so a column is blotted out after them.
                name = f"{PREFIX}{column.name}"
                shown = [_NULL if null else self.name(name) for null in nulls]
                last[column.name] = self.case(shown)
            columns[name] = known
            if column.kind in names:
                names[column.kind].append(name)
        rounded = {name: sql for sql, name in self._rounded.items()}
        counts = {name: sql for sql, name in self._bases.items()}
        steps = tuple(step for step in (rounded, counts, columns, last) if step)
        return Program(self.dialect, steps, tuple(column.name for column in plan))

    def bases(self) -> dict[tuple[object, ...], str]:
        """By line, the column with its base in grains; lines that have one base share it."""
        listed = [{one.line.key: one for one in limits.lines} for limits in self.proven]
        found: dict[tuple[object, ...], str] = {}
        for key in dict.fromkeys(key for lines in listed for key in lines):
            known = [self.count(lines[key]) if key in lines else None for lines in listed]
            # Where a class owes nothing, any base will do: the commonest makes no branch.
            usual = Counter(sql for sql in known if sql is not None).most_common(1)[0][0]
            sql = self.case([usual if one is None else one for one in known])
            found[key] = self.step(self._bases, sql, "base")
        return found

    def count(self, limits: LineLimits) -> str:
        wage = self.name(WAGE)
        if limits.base == Scaling(1, 0, 1, 0, 1, 1, even=False):
            rounded = wage
        else:
            sql = scaled(self.dialect, wage, limits.base)
            rounded = self.step(self._rounded, sql, "rounded")
        return base_count(self.dialect, rounded, limits)

    def step(self, step: dict[str, str], sql: str, stem: str) -> str:
        """The name, quoted, of the column of a step that has an expression."""
        if sql in (self.name(WAGE), *map(self.name, self._rounded.values())):
            return sql
        return self.name(step.setdefault(sql, f"{PREFIX}{stem}_{len(step)}"))

    def total(self, names: list[str]) -> str:
        return summed(map(self.name, names)) if names else self.nothing

    def case(self, by_class: list[str]) -> str:
        return case(self.name(CLASS), by_class)

    def of_class(
        self, part: Part, limits: Limits, counts: Mapping[tuple[object, ...], str]
    ) -> dict[str, str]:
        """The columns of a class."""
        numerator = self.name(NUMERATOR)
        found: dict[str, str] = {}
        for column in column_plan(part.lines, self.shape):
            lines = [limits.lines[index] for index in column.lines]
            if not lines:
                sql = self.nothing
            elif column.kind in ("base", "unit_base"):
                sql = in_fen(counts[lines[0].line.key], lines[0])
            else:
                sql = summed(
                    amount(self.dialect, counts[one.line.key], one, numerator) for one in lines
                )
            found[column.name] = sql
        return found

    @property
    def nothing(self) -> str:
        """Zero, but null where there is no wage."""
        return f"({self.name(WAGE)} * 0)"

    def name(self, column: str) -> str:
        return self.dialect.quoted(column)
