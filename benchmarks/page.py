"""The page: docs/performance.md, made of the newest results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.catalogue import CONTESTANTS, SIZES, Contestant
from benchmarks.goals import Goal, all_goals, misses, profile, seconds
from benchmarks.layout import number, size_of, table
from benchmarks.rows import PERSONS_A_UNIT

Results = dict[str, Any]

HEAD = """# Performance

Made by `make bench` from benchmarks/results/latest.json; nothing here is written by hand.

{machine}

Figures of one run are compared with each other, never with those of another run: on a shared
machine they move by a factor of two. Every engine runs in a process of its own, in turns with the
others, on the same rows; peers run in environments of their own, with the versions below.

![time and memory of each engine](performance.svg)
"""

GOALS = """## Goals

Each with its figure of this run; the sections below have the rest. Under the table stands why one
is missed, and what was tried. Spark needs Java and isn't part of this run: [scale.md](scale.md)
has what was measured of it.
"""

JOB = """The job: five insurances, the wage in whole yuan and held within bounds that differ by
insurance, ten amounts half-up to the fen, two totals a person, and the same two totals of each
unit; a unit is {persons_a_unit} rows that lie together, and each row has its unit's number.
{pool:,} distinct wages, computed by the reference first, so that every amount and total of every
row and unit is compared with it. Each engine adds up units in the way that is its own: a group
entity, `GROUP BY`, `groupby`, a sum over runs, a dictionary. The models of the peers are in
benchmarks/engines. "Default" is the kind of number the engine takes by itself, rounded by its own
function; "int fen" is the same rule in whole numbers, which the engines allow: they are wrong by
default, not unable to be right. "No builder" puts arrays where the engine's own builder would put
what it goes over person by person. Our kernel gives the five bases too, and `settle_table` adds up
all seventeen columns by unit and counts persons and faults. The bare copy writes twelve columns
and two short ones of units. "Memory kept" writes into arrays of the run before, as a stream of
batches does; all others get fresh memory from the system, which alone can cost as much as the
computing, as the bare copies show. Each time is the median over rounds of the best of a round. The
last column has how the time grows for ten times as many persons: 10 is in proportion.
"""

FEN = """## Wrong fen, over all regions

{persons:,} persons over the {region_months} months at which a rule of {regions} changes,
{classes:,} classes of persons and accounts in them, {schedules} schedules that differ in a number.
The reference was asked for {reference_amounts:,} amounts: every line of every schedule at each of
{wages:,} distinct wages, among them what lies beside every floor and cap. Each amount, base and
total of each person and target was compared with those; a null where a figure is not known counts
as right only where the schedule has no such line.
"""


def page(results: Results) -> str:
    """The whole page."""
    head = HEAD.format(machine=_machine(results["machine"]) + _again(results.get("again", {})))
    parts = [head, tables(results), _versions(results)]
    return "\n".join(parts)


def tables(results: Results) -> str:
    """The tables only, for the terminal."""
    parts = [
        _goals(results),
        "## Computing: nanoseconds a person",
        JOB.format(pool=results["job"]["wages"], persons_a_unit=PERSONS_A_UNIT),
        _speed(results),
        "## As a multiple of the array kernel's time",
        _ratios(results),
        profile(results),
        "## Wrong by a fen, and memory",
        _wrong(results),
        _regions(results["wrong_fen"]),
    ]
    parts += list(_measures(results))
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _again(days: dict[str, str]) -> str:
    """Which measures were taken once more, after the others."""
    if not days:
        return ""
    told = ", ".join(f"{name} ({day})" for name, day in sorted(days.items()))
    return f" Measured once more, after a change: {told}."


def _machine(found: dict[str, Any]) -> str:
    return (
        f"{found['day']}: {found['cores']} cores of {found['architecture']} "
        f"({found['processor']}), {found['memory_gb']} GB, {found['system']}, "
        f"{found['implementation']} {found['python']}."
    )


def _run(results: Results) -> list[Contestant]:
    return [one for one in CONTESTANTS if one.name in results["race"]]


def _speed(results: Results) -> str:
    rows: list[list[str]] = []
    for one in _run(results):
        times = [seconds(results, one.name, size) for size in SIZES]
        cells = [
            "–" if taken is None else number(taken / size * 1e9)
            for taken, size in zip(times, SIZES, strict=True)
        ]
        *_, before, last = times
        grown = "–" if before is None or last is None else f"{number(last / before)} ×"
        rows.append([_title(one), *cells, grown])
    return table(["", *map(size_of, SIZES), f"{size_of(SIZES[-2])} → {size_of(SIZES[-1])}"], rows)


def _ratios(results: Results) -> str:
    rows: list[list[str]] = []
    for one in _run(results):
        cells: list[str] = []
        for size in SIZES:
            mine, theirs = seconds(results, "kernel", size), seconds(results, one.name, size)
            cells.append("–" if mine is None or theirs is None else f"{number(theirs / mine)} ×")
        rows.append([_title(one), *cells])
    return table(["", *map(size_of, SIZES)], rows)


def _wrong(results: Results) -> str:
    rows: list[list[str]] = []
    for one in _run(results):
        found = results["race"][one.name]
        if "failed" in found:
            rows.append([_title(one), "failed", "", "", "", "", ""])
            continue
        memory, wrong = found["memory"], found.get("wrong")
        cells = ["–"] * 3
        if wrong is not None:
            cells = [
                f"{wrong['wrong_persons']:,} ({wrong['wrong_persons'] / wrong['rows']:.1%})",
                f"{wrong['wrong_units']:,} of {wrong['units']:,}",
                f"{wrong['worst_unit_fen'] / 100:.2f}",
            ]
        rows.append(
            [
                _title(one),
                size_of(memory["rows"]),
                *cells,
                f"{memory['peak'] / 2**20:,.0f}",
                f"{memory['beyond'] / memory['rows']:,.0f}",
            ]
        )
    heads = ["", "persons", "wrong persons", "wrong units", "most, yuan a unit", "peak MB"]
    note = (
        "A unit is wrong if one of its two totals, as the engine gave it, is not the reference's. "
        "The peak is of the whole process, at the number of persons named. The last column is what "
        "the process grew by while settling, less the results, in bytes a person. "
        "An engine that is too slow was given fewer persons."
    )
    return table([*heads, "bytes beyond the result"], rows) + "\n\n" + note


def _regions(found: dict[str, Any]) -> str:
    head = FEN.format(**{**found, "regions": f"{len(found['regions'])} regions"})
    rows = [
        [
            name,
            f"{tally['persons']:,}",
            f"{tally['amounts']:,}",
            f"{tally['wrong_persons']:,}",
            f"{tally['wrong_amounts']:,}",
        ]
        for name, tally in found["targets"].items()
    ]
    heads = ["target", "persons", "figures compared", "wrong persons", "wrong figures"]
    return head + "\n" + table(heads, rows)


def _measures(results: Results) -> Iterator[str]:
    for name, found in results.get("measures", {}).items():
        if "failed" in found:
            yield f"## {name}\n\n**Failed**, not measured: {found['failed'].splitlines()[-1]}"
            continue
        rows = [[*Goal.of(one).cells, one["note"]] for one in found["figures"]]
        text = f"## {found['title']}\n\n" + table(["", "", "goal", ""], rows)
        yield text + (f"\n\n{found['remark']}" if found["remark"] else "")


def _goals(results: Results) -> str:
    """Every goal with its figure; and why those that are missed are."""
    goals = all_goals(results)
    rows = [[name, *one.cells] for name, found in goals.items() for one in found]
    whys = "\n".join(filter(None, (misses(name, found) for name, found in goals.items())))
    return "\n\n".join(filter(None, [GOALS.strip(), table(["", "", "", "goal"], rows), whys]))


def _versions(results: Results) -> str:
    lines = [
        f"- {environment}: " + ", ".join(f"{name} {version}" for name, version in found.items())
        for environment, found in results["versions"].items()
    ]
    return "## Versions\n\n" + "\n".join(lines) + "\n"


def _title(one: Contestant) -> str:
    return f"**{one.title}**" if one.right else one.title
