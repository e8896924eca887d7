"""Wrong fen: every target, over all regions and months of change, against the reference.

The wages are drawn from a list of distinct ones, which has what lies beside each edge of any line,
and the reference computes each line of each schedule at every wage of that list. So each amount of
each row is compared with what the reference gave for that very line, wage and rate; nothing is
compared with another target, and nothing is sampled but the wages.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cases import RATES, Case, Reference, Settled, all_settled, distinct, wages_around
from benchmarks.rows import Ints
from socialins.bulk.columns import OutputColumn, column_plan
from socialins.bulk.duck import settle_parquet
from socialins.bulk.kernel import ArrayKernel
from socialins.bulk.program import WAGE, Part, program, wage_in_fen
from socialins.bulk.sql import Dialect
from socialins.settlement.fast import fast_function
from socialins.settlement.schedule import Schedule

SEED = 20261101
BY_ROW = "array kernel, rates by row"
Columns = Mapping[str, Any]
Target = Callable[[Case, Ints], Columns]


class Tally:
    """What was compared for a target, and what of it was wrong."""

    def __init__(self) -> None:
        self.persons = self.amounts = self.wrong_persons = self.wrong_amounts = 0
        self.seconds = 0.0
        self.examples: list[str] = []

    def compare(self, where: str, found: Columns, expected: Columns, rows: int) -> None:
        """Compare all columns of fen of some rows."""
        wrong = np.zeros(rows, dtype=bool)
        for name, right in expected.items():
            column = np.asarray(found[name])
            if column.shape != (rows,):
                raise AssertionError(f"{where}: {name} has {column.shape} for {rows} rows")
            differs = column != right
            wrong |= differs
            self.amounts += rows
            self.wrong_amounts += int(np.count_nonzero(differs))
        self.persons += rows
        self.wrong_persons += int(np.count_nonzero(wrong))
        if wrong.any() and len(self.examples) < 5:
            self.examples.append(f"{where}, row {int(np.argmax(wrong))}")

    def plain(self) -> dict[str, Any]:
        """As data for JSON."""
        return {**vars(self), "seconds": round(self.seconds, 1)}


def check_regions(persons: int) -> dict[str, Any]:
    """Settle so many persons by every target; what was compared, and what was wrong.

    Arguments:
        persons: how many, spread over the schedules; up to a million only every fourth month at
            which a rule changes and a fifth of the wages are taken.
    """
    short = persons <= 1_000_000
    started = time.perf_counter()
    random = np.random.default_rng(SEED)
    settled = list(all_settled(every=8 if short else 1))
    reference = Reference(wages_around(settled, random, 200 if short else 20_000))
    cases = distinct(settled)
    _say(f"{len(settled)} classes of regions and months, {len(cases)} schedules apart")
    tallies = {name: Tally() for name in (*TARGETS, BY_ROW, *TABLES)}
    for number, case in enumerate(cases):
        index = _rows(random, len(reference.wages), -(-persons // len(cases)))
        wages = reference.wages[index]
        plan = column_plan(case.lines)
        at_pool = reference.columns(case.lines, plan, case.rate)
        expected = {name: column[index] for name, column in at_pool.items()}
        for name, target in TARGETS.items():
            with _timed(tallies[name]):
                found = target(case, wages)
            tallies[name].compare(f"schedule {number}", found, expected, len(wages))
        if any(line.operand for line in case.lines):
            _by_row(case, plan, reference, index, tallies[BY_ROW])
        if number % 20 == 0:
            _say(f"schedule {number + 1} of {len(cases)}")
    _tables(settled, reference, random, persons, tallies)
    return {
        "persons": persons,
        "regions": sorted({one.region.slug for one in settled}),
        "region_months": len({(one.region.code, one.month) for one in settled}),
        "classes": len(settled),
        "schedules": len(cases),
        "wages": len(reference.wages),
        "reference_amounts": reference.amounts,
        "seconds": round(time.perf_counter() - started, 1),
        "targets": {name: tally.plain() for name, tally in tallies.items()},
    }


def by_function(case: Case, wages: Ints) -> Columns:
    """The generated function, row by row."""
    compute = fast_function(case.lines)
    top, bottom = case.rate.numerator, case.rate.denominator
    table = np.array([compute(wage, top, bottom) for wage in wages.tolist()], dtype=np.int64)
    found: dict[str, Ints] = {}
    for column in column_plan(case.lines):
        is_base = column.kind in ("base", "unit_base")
        places = [2 * index + (0 if is_base else 1) for index in column.lines]
        found[column.name] = table[:, places].sum(axis=1)
    return found


def by_kernel(case: Case, wages: Ints) -> Columns:
    """The array kernel, with one rate for all."""
    return ArrayKernel(case.lines, operand=case.rate).run(wages)


def by_duckdb(case: Case, wages: Ints) -> Columns:
    """Our SQL in DuckDB."""
    made = program([Part(case.lines)], Dialect.DUCKDB, rates=case.rate)
    query = made.select("persons", {WAGE: wage_in_fen('"wage_fen"')}, [])
    with duckdb.connect() as connection:
        connection.register("persons", pa.table({"wage_fen": pa.array(wages)}))
        found = connection.sql(query).to_arrow_table()
    return {name: found[name].to_numpy() for name in found.column_names}


TARGETS: dict[str, Target] = {
    "generated function": by_function,
    "array kernel": by_kernel,
    "DuckDB": by_duckdb,
}


def _by_row(
    case: Case,
    plan: tuple[OutputColumn, ...],
    reference: Reference,
    index: Ints,
    tally: Tally,
) -> None:
    """The kernel with a rate for each row: two rates by turns."""
    rates = (case.rate, RATES[(RATES.index(case.rate) + 1) % len(RATES)])
    bottom = lcm(*(rate.denominator for rate in rates))
    tops = [int(rate.fraction * Fraction(bottom)) for rate in rates]
    turn = np.arange(len(index)) % 2
    kernel = ArrayKernel(case.lines, operand=(max(tops), bottom))
    with _timed(tally):
        found = kernel.run(reference.wages[index], np.array(tops)[turn])
    both = [reference.columns(case.lines, plan, rate) for rate in rates]
    expected = {
        column.name: np.where(turn == 0, *(one[column.name][index] for one in both))
        for column in plan
    }
    tally.compare("rates by row", found, expected, len(index))


def _tables(
    settled: list[Settled],
    reference: Reference,
    random: np.random.Generator,
    persons: int,
    tallies: Mapping[str, Tally],
) -> None:
    """Whole tables of a region and month, with all classes, rates and unknown figures in them."""
    months: defaultdict[tuple[str, str], list[Settled]] = defaultdict(list)
    for one in settled:
        months[one.region.code, str(one.month)].append(one)
    for place, classes in months.items():
        rows = -(-persons // len(months))
        drawn = _Drawn(
            _rows(random, len(reference.wages), rows),
            random.integers(0, len(classes), rows),
            random.integers(0, len(RATES), rows),
        )
        columns: dict[str, Any] = {
            "wage_fen": pa.array(reference.wages[drawn.wage]),
            "injury_rate": _coded([str(rate) for rate in RATES], drawn.rate),
        }
        for key in ("household", "employment", "account_type", "unit_size", "trade"):
            words = [getattr(one.rule_class, key) for one in classes]
            columns[key] = _coded(words, drawn.of_class)
        table, expected = pa.table(columns), None
        for name, settle in TABLES.items():
            with _timed(tallies[name]):
                found = settle(classes[0], table)
            if expected is None:
                expected = _expected(classes, reference, drawn, found.column_names)
            arrays = {column: _filled(found[column]) for column in expected}
            tallies[name].compare(" ".join(place), arrays, expected, rows)


def by_table(one: Settled, table: Any) -> Any:
    """`Region.settle_table`, Arrow in and out."""
    return one.region.settle_table(table, one.month, strict=False)


def by_parquet(one: Settled, table: Any) -> Any:
    """`settle_parquet`: DuckDB from file to file."""
    with TemporaryDirectory() as scratch:
        source, into = Path(scratch) / "in.parquet", Path(scratch) / "out.parquet"
        pq.write_table(table, source)
        settle_parquet(one.region.cascade, source, into, one.month, strict=False, keep_order=True)
        return pq.read_table(into)


TABLES: dict[str, Callable[[Settled, Any], Any]] = {
    "settle_table": by_table,
    "settle_parquet (DuckDB)": by_parquet,
}


class _Drawn(NamedTuple):
    """Which wage, class and rate each row has."""

    wage: Ints
    of_class: Ints
    rate: Ints


UNKNOWN = -1
"""Stands for null: no amount is negative."""


def _expected(
    classes: list[Settled], reference: Reference, drawn: _Drawn, names: list[str]
) -> dict[str, Ints]:
    """What the reference gives for a table; null where a figure of the insurance is not known."""
    wanted = [name for name in names if name.endswith("_fen") and name != "wage_fen"]
    expected = {name: np.zeros(len(drawn.wage), dtype=np.int64) for name in wanted}
    for number, one in enumerate(classes):
        lines = one.schedule.lines
        plan = column_plan(lines)
        unknown = _unknown(one.schedule)
        with_rate = any(line.operand for line in lines)
        for turn, rate in enumerate(RATES if with_rate else RATES[:1]):
            here = drawn.of_class == number
            if with_rate:
                here &= drawn.rate == turn
            where = np.flatnonzero(here)
            found = reference.columns(lines, plan, rate)
            for name, column in expected.items():
                # Where the unit's base may differ in another class, here it is the person's.
                own = name if name in found else name.replace("_unit_base_fen", "_base_fen")
                if name in unknown:
                    column[where] = UNKNOWN
                elif own in found:
                    column[where] = found[own][drawn.wage[where]]
    return expected


def _unknown(schedule: Schedule) -> frozenset[str]:
    """The columns that are null: a payer's share of which some item is not known, and the base
    where nothing of the insurance is; totals are of what is known.
    """
    known = {line.insurance for line in schedule.lines}
    found: set[str] = set()
    for gap in schedule.missing:
        prefix = gap.insurance.replace("-", "_")
        found.add(f"{prefix}_{gap.payer.value}_fen")
        if gap.insurance not in known:
            found |= {f"{prefix}_{part}_fen" for part in ("base", "unit_base", "unit", "person")}
    return frozenset(found)


def _filled(column: Any) -> Ints:
    return np.asarray(column.fill_null(UNKNOWN).to_numpy(), dtype=np.int64)


def _coded(words: list[Any], numbers: Ints) -> Any:
    texts = [None if word is None else str(word) for word in words]
    known = sorted({text for text in texts if text is not None}) or [""]
    codes = np.array([known.index(text) if text is not None else -1 for text in texts])
    picked = codes[numbers]
    return pa.DictionaryArray.from_arrays(
        pa.array(picked, pa.int32(), mask=picked < 0), pa.array(known, pa.string())
    )


def _rows(random: np.random.Generator, wages: int, rows: int) -> Ints:
    """Rows that have every distinct wage, and some of them several times."""
    whole, rest = divmod(rows, wages)
    drawn = [random.permutation(wages) for _ in range(whole)]
    return np.concatenate([*drawn, random.permutation(wages)[:rest]])


class _timed:  # noqa: N801 - reads as a word at the head of a `with`
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._tally.seconds += time.perf_counter() - self._start


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Check a million persons, or as many as are named."""
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found = check_regions(persons)
    for name, tally in found["targets"].items():
        print(f"{name}: {tally['wrong_amounts']} of {tally['amounts']:,} amounts wrong", tally)
    return int(any(tally["wrong_amounts"] for tally in found["targets"].values()))


if __name__ == "__main__":
    sys.exit(main())
