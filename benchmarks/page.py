"""The page: docs/performance.md, made of the newest results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.catalogue import CONTESTANTS, SIZES, Contestant

Results = dict[str, Any]

HEAD = """# Performance

Made by `make bench` from benchmarks/results/latest.json; nothing here is written by hand.

{machine}

Figures of one run are compared with each other, never with those of another run: on a shared
machine they move by a factor of two. Every engine runs in a process of its own, in turns with the
others, on the same rows; peers run in environments of their own, with the versions below.

![time and memory of each engine](performance.svg)
"""

JOB = """The job: five insurances, the wage in whole yuan and held within bounds that differ by
insurance, ten amounts half-up to the fen, two totals a person. {pool:,} distinct wages, computed by
the reference first, so that every result of every row is compared with it. The models of the peers
are in benchmarks/engines. "Default" is the kind of number the engine takes by itself, rounded by
its own function; "int fen" is the same rule in whole numbers, which the engines allow: they are
wrong by default, not unable to be right. Our kernel gives the five bases too. "Memory kept" writes
into arrays of the run before, as a stream of batches does; all others get fresh memory from the
system, which alone can cost as much as the computing, as the bare copies show. Each time is the
median over rounds of the best of a round.
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
    parts = [HEAD.format(machine=_machine(results["machine"])), tables(results), _versions(results)]
    return "\n".join(parts)


def tables(results: Results) -> str:
    """The tables only, for the terminal."""
    parts = [
        "## Computing: nanoseconds a person",
        JOB.format(pool=results["job"]["wages"]),
        _speed(results),
        "## As a multiple of the array kernel's time",
        _ratios(results),
        "## Wrong by a fen, and memory",
        _wrong(results),
        _regions(results["wrong_fen"]),
    ]
    parts += list(_measures(results))
    parts += [_goals(results)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _machine(found: dict[str, Any]) -> str:
    return (
        f"{found['day']}: {found['cores']} cores of {found['architecture']} "
        f"({found['processor']}), {found['memory_gb']} GB, {found['system']}, "
        f"{found['implementation']} {found['python']}."
    )


def _run(results: Results) -> list[Contestant]:
    return [one for one in CONTESTANTS if one.name in results["race"]]


def seconds(results: Results, name: str, size: int) -> float | None:
    """The time of an engine, if it was measured at that size."""
    taken: float | None = results["race"].get(name, {}).get("seconds", {}).get(str(size))
    return taken


def _speed(results: Results) -> str:
    rows: list[list[str]] = []
    for one in _run(results):
        times = [seconds(results, one.name, size) for size in SIZES]
        cells = [
            "–" if taken is None else _number(taken / size * 1e9)
            for taken, size in zip(times, SIZES, strict=True)
        ]
        rows.append([_title(one), *cells])
    return table(["", *map(_size, SIZES)], rows)


def _ratios(results: Results) -> str:
    rows: list[list[str]] = []
    for one in _run(results):
        cells: list[str] = []
        for size in SIZES:
            mine, theirs = seconds(results, "kernel", size), seconds(results, one.name, size)
            cells.append("–" if mine is None or theirs is None else f"{_number(theirs / mine)} ×")
        rows.append([_title(one), *cells])
    return table(["", *map(_size, SIZES)], rows)


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
                _size(memory["rows"]),
                *cells,
                f"{memory['peak'] / 2**20:,.0f}",
                f"{memory['beyond'] / memory['rows']:,.0f}",
            ]
        )
    heads = ["", "persons", "wrong persons", "wrong units", "most, yuan a unit", "peak MB"]
    note = (
        "The peak is of the whole process, at the number of persons named. The last column is what "
        "the process grew by while settling, less the twelve results, in bytes a person. "
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
            yield f"## {name}\n\nNot measured: {found['failed'].splitlines()[-1]}"
            continue
        rows = [
            [
                one["what"],
                "–" if one["value"] is None else f"{_number(one['value'])} {one['unit']}",
                _goal(one),
                one["note"],
            ]
            for one in found["figures"]
        ]
        text = f"## {found['title']}\n\n" + table(["", "", "goal", ""], rows)
        yield text + (f"\n\n{found['remark']}" if found["remark"] else "")


def _goal(one: dict[str, Any]) -> str:
    if one["goal"] is None:
        return ""
    met = one["value"] is not None and (
        one["value"] >= one["goal"] if one["more"] else one["value"] <= one["goal"]
    )
    sign = "≥" if one["more"] else "≤"
    return f"{sign} {_number(one['goal'])}: {'met' if met else 'missed'}"


def _goals(results: Results) -> str:
    """The goals of the race itself."""
    rows: list[list[str]] = []
    for size in (1_000_000, 10_000_000):
        mine = seconds(results, "kernel", size)
        peer = seconds(results, "openfisca", size)
        floor = seconds(results, "floor", size)
        native = seconds(results, "native-all", size)
        if mine is None:
            continue
        rows.append(
            _held(f"array kernel, {_size(size)}", size / mine / 1e6, 50, "M persons a second")
        )
        if peer is not None:
            rows.append(
                _held(f"array kernel ÷ OpenFisca-Core, {_size(size)}", peer / mine, 15, "×")
            )
        if native is not None and floor is not None:
            rows.append(
                _held(f"numba, {_size(size)}", size / native / 1e6, 200, "M persons a second")
            )
            rows.append(
                _held(f"numba ÷ bare copy, {_size(size)}", native / floor, 3, "×", more=False)
            )
        beyond = results["race"]["kernel"]["memory"]
        if beyond["rows"] == size:
            each = beyond["beyond"] / size
            rows.append(
                _held("array kernel, memory beyond", each, 60, "bytes a person", more=False)
            )
    return "## Goals of the race\n\n" + table(["", "", "goal"], rows)


def _held(what: str, value: float, goal: float, unit: str, *, more: bool = True) -> list[str]:
    met = value >= goal if more else value <= goal
    sign = "≥" if more else "≤"
    return [what, f"{_number(value)} {unit}", f"{sign} {goal}: {'met' if met else 'missed'}"]


def _versions(results: Results) -> str:
    lines = [
        f"- {environment}: " + ", ".join(f"{name} {number}" for name, number in found.items())
        for environment, found in results["versions"].items()
    ]
    return "## Versions\n\n" + "\n".join(lines) + "\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a column that is empty throughout is left out."""
    kept = [place for place, head in enumerate(heads) if head or any(row[place] for row in rows)]
    lines = [[heads[place] for place in kept], ["---"] * len(kept)]
    lines += [[row[place].replace("|", "\\|") for place in kept] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _title(one: Contestant) -> str:
    return f"**{one.title}**" if one.right else one.title


def _size(size: int) -> str:
    for unit, sign in ((1_000_000, "M"), (1_000, "k")):
        if size >= unit:
            return f"{size / unit:g} {sign}"
    return str(size)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
