"""Mappings: the few ways in which rows differ besides their wage, each resolved once.

Which class a row is in and what its account's rate is hangs on some columns of text. Of these a
table of a hundred million rows has some dozen combinations. They are read by the very code that
reads tables, so that a word means the same there and in SQL, and are joined to the rows as the
number of a class, the numerator of a rate, and what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from math import lcm
from typing import Any

import attrs

from socialins.bulk.batches import Settler
from socialins.bulk.columns import FAULT
from socialins.bulk.limits import Refused
from socialins.bulk.parts import Parter
from socialins.bulk.program import CLASS, NUMERATOR, PREFIX, WAGE, Part, Program, Rates, program
from socialins.bulk.reading import INPUT_COLUMNS, Rows
from socialins.bulk.sql import Dialect
from socialins.bulk.terms import TableError, Terms
from socialins.bulk.wagesql import Wage, codes, wage_of
from socialins.faults import Fault, Place, require
from socialins.settlement.schedule import Line
from socialins.values import Rate

pa: Any = require("pyarrow", "bulk")

__all__ = [
    "Mapping",
    "Resolved",
    "key_columns",
    "refuse_taken",
    "resolve",
]

_UNREAD, _GAP = f"{PREFIX}unread", f"{PREFIX}gap"
_WAGES = ("wage_fen", "wage")


@attrs.frozen
class Mapping:
    """What a combination of the columns of text means.

    Arguments:
        texts: its texts, in the order of `Resolved.keys`.
        number: the number of its class; None where its rows can't be settled.
        numerator: of its account's rate, over `Resolved.denominator`.
        unread: the codes of what can't be read in it; None for nothing.
        gap: the codes of what is not known for it, which matters only where there is a wage.
    """

    texts: tuple[str | None, ...]
    number: int | None
    numerator: int
    unread: str | None
    gap: str | None


@attrs.frozen
class Resolved:
    """All that is needed to settle rows in SQL.

    Arguments:
        schema: the Arrow schema of the result.
        kept: the source's columns that go on to the result.
        keys: the columns of text that tell rows apart; empty where none does.
        mappings: their combinations; without keys, the one that holds for all rows.
        program: the steps.
        wage: the wage.
    """

    schema: Any
    kept: tuple[str, ...]
    keys: tuple[str, ...]
    mappings: tuple[Mapping, ...]
    program: Program
    wage: Wage

    @property
    def first_step(self) -> dict[str, str]:
        """The columns that the program needs, of a source joined with the mappings."""
        quoted = self.program.dialect.quoted
        if self.keys:
            known, unread, gap = f"{quoted(CLASS)} IS NOT NULL", quoted(_UNREAD), quoted(_GAP)
            # A row may have come since the combinations were collected.
            unseen = f"{quoted(NUMERATOR)} IS NULL THEN {codes('bulk.combination-unseen')}"
            unread = f"CASE WHEN {unseen} ELSE {unread} END"
        else:
            (one,) = self.mappings
            known = "true" if one.number is not None else "false"
            unread, gap = codes(one.unread), codes(one.gap)
        wage = self.wage
        # Texts are put together only for rows that have something wrong.
        fault = (
            f"CASE WHEN {wage.fine} THEN coalesce({unread}, {gap}) "
            f"ELSE concat_ws(';', {wage.faults}, {unread}) END"
        )
        return {WAGE: f"CASE WHEN {wage.fine} AND {known} THEN {wage.fen} END", FAULT: fault}

    @property
    def mapping_keys(self) -> tuple[str, ...]:
        """The columns of `rows` that hold the keys, in their order."""
        return tuple(f"{PREFIX}key_{place}" for place in range(len(self.keys)))

    @property
    def mapping_schema(self) -> Any:
        """The Arrow schema of `rows`."""
        text = [(name, pa.string()) for name in (_UNREAD, _GAP)]
        keys = [(name, pa.string()) for name in self.mapping_keys]
        return pa.schema([*keys, (CLASS, pa.int32()), (NUMERATOR, pa.int64()), *text])

    def rows(self) -> dict[str, list[Any]]:
        """The mappings as columns, to be joined where all keys are the same, null or not."""
        columns: dict[str, list[Any]] = {
            name: [one.texts[place] for one in self.mappings]
            for place, name in enumerate(self.mapping_keys)
        }
        columns[CLASS] = [one.number for one in self.mappings]
        columns[NUMERATOR] = [one.numerator for one in self.mappings]
        columns[_UNREAD] = [one.unread for one in self.mappings]
        columns[_GAP] = [one.gap for one in self.mappings]
        return columns


def key_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the columns that tell rows apart besides their wage."""
    wanted = [name for name in INPUT_COLUMNS if name not in _WAGES]
    listed = set(names)
    return tuple(name for name in wanted if name in listed)


def resolve(
    schema: Any, terms: Terms, dialect: Dialect, combinations: Callable[[tuple[str, ...]], Any]
) -> Resolved:
    """Resolve a source.

    Arguments:
        schema: its Arrow schema.
        terms: what it is settled by.
        dialect: the engine.
        combinations: asked for the distinct combinations of columns, as an Arrow table; not asked
            where there are none.

    Raises:
        RuleUnknown, OperandMissing: in strict settling, as for tables.
        TableError: if the columns can't be settled at all.
        Refused: if a line can't be computed in 64 bits.
    """
    settler = Settler(schema, terms)
    refuse_taken(schema.names, (*settler.names, FAULT))
    keys = key_columns(schema.names)
    wage = next(name for name in _WAGES if name in schema.names)
    batch = _one_wage(schema, keys, wage, combinations(keys) if keys else None)
    read = settler.reader.read(batch)
    unread = read.faults.column().to_pylist()
    found = list(_found(settler, read, keys))
    gaps = read.faults.column().to_pylist()
    numbered, parts, rates = _numbered(found, settler, dialect)
    mappings = []
    for row, texts in enumerate(_texts(batch, keys)):
        number, numerator = numbered.get(row, (None, 0))
        gap = None if unread[row] else gaps[row]
        mappings.append(Mapping(texts, number, numerator, unread[row], gap))
    made = program(
        parts or [Part(())],
        dialect,
        rates=rates,
        shape=settler.shape,
        max_wage=settler.max_wage,
        region=terms.region,
    )
    return Resolved(
        schema=settler.schema,
        kept=tuple(name for name in schema.names if name not in INPUT_COLUMNS),
        keys=keys,
        mappings=tuple(mappings),
        program=made,
        wage=wage_of(dialect, wage, schema.field(wage).type, settler.max_wage),
    )


def refuse_taken(given: Sequence[str], results: Iterable[str] = ()) -> None:
    """SQL takes small letters for capitals, so names that differ in nothing else are one name.

    Raises:
        TableError: if two columns have one name, or a column that of a result.
    """
    seen = {name.lower() for name in results}
    for name in given:
        if name.lower() in seen or name.lower().startswith(PREFIX):
            raise TableError(Fault("bulk.column-taken", {"column": name}, Place(field=name)))
        seen.add(name.lower())


def _one_wage(schema: Any, keys: tuple[str, ...], wage: str, combinations: Any) -> Any:
    """A batch with a row for each combination, all of them with a wage that is fine."""
    rows = combinations.num_rows if combinations is not None else 1
    kind = schema.field(wage).type
    nothing = Decimal(0) if pa.types.is_decimal(kind) else 0
    columns = {wage: pa.array([nothing] * rows, kind)}
    for key in keys:
        columns[key] = combinations.column(key).combine_chunks()
    others = [name for name in schema.names if name not in columns]
    columns |= {name: pa.nulls(rows, schema.field(name).type) for name in others}
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], names=schema.names)


@attrs.frozen
class _Found:
    """Rows of the combinations that have the same lines, and the same rate."""

    rows: tuple[int, ...]
    part: Part
    rate: Rate | None


def _found(settler: Settler, read: Rows, keys: tuple[str, ...]) -> Iterator[_Found]:
    """The combinations that can be settled; what is not known of them goes to the faults."""
    for one in Parter(settler.terms, frozenset((*keys, settler.reader.wage))).parts(read):
        unknown = frozenset(settler.names[place] for place in settler.null_columns(one))
        part = Part(one.lines, unknown)
        rows = one.where(read).tolist()
        codes, rates = one.rates if one.rates is not None else ([0] * len(rows), (one.rate,))
        for number, rate in enumerate(rates):
            having = tuple(
                row
                for row, code in zip(rows, codes, strict=True)
                if code == number and (read.bad is None or not read.bad[row])
            )
            if having:
                yield _Found(having, part, rate)


def _numbered(
    found: list[_Found], settler: Settler, dialect: Dialect
) -> tuple[dict[int, tuple[int, int]], list[Part], Rate | Rates | None]:
    """Class and numerator by row, the classes' parts, and the rates."""
    stated = {one.rate for one in found if one.rate is not None and _takes_rate(one.part.lines)}
    numbered, parts = _by_part(found, lambda one: (one.part, 0))
    if len(stated) <= 1:
        return numbered, parts, next(iter(stated), None)
    bottom = lcm(*(rate.denominator for rate in stated))

    def top(rate: Rate | None) -> int:
        return 0 if rate is None else int(rate.fraction * bottom)

    rates = Rates(max(map(top, stated)), bottom)
    try:
        program(parts, dialect, rates=rates, shape=settler.shape, max_wage=settler.max_wage)
    except Refused:
        # The rates have no denominator in common that fits; each by itself may.
        numbered, parts = _by_part(found, lambda one: (_with_rate(one), 0))
        return numbered, parts, None
    numbered, parts = _by_part(found, lambda one: (one.part, top(one.rate)))
    return numbered, parts, rates


def _by_part(
    found: list[_Found], how: Callable[[_Found], tuple[Part, int]]
) -> tuple[dict[int, tuple[int, int]], list[Part]]:
    parts: dict[Part, int] = {}
    numbered: dict[int, tuple[int, int]] = {}
    for one in found:
        part, numerator = how(one)
        number = parts.setdefault(part, len(parts))
        numbered |= dict.fromkeys(one.rows, (number, numerator))
    return numbered, list(parts)


def _takes_rate(lines: Iterable[Line]) -> bool:
    return any(line.operand is not None for line in lines)


def _with_rate(found: _Found) -> Part:
    """A part whose own rate is a constant of it."""
    lines = tuple(
        line if line.operand is None else attrs.evolve(line, operand=None, rate=found.rate)
        for line in found.part.lines
    )
    return attrs.evolve(found.part, lines=lines)


def _texts(batch: Any, keys: tuple[str, ...]) -> Iterator[tuple[str | None, ...]]:
    columns = [batch.column(key).to_pylist() for key in keys]
    return iter(zip(*columns, strict=True) if columns else [()])
