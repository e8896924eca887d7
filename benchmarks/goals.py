"""Goals: what figures are held to, whether they meet it, and why not where they don't.

The goals of the race are here; those of the measures stand beside the measures. A figure that
misses its goal is listed with what `benchmarks.misses` says of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.catalogue import CONTESTANTS
from benchmarks.layout import number, size_of, table
from benchmarks.misses import why

Results = dict[str, Any]

LARGE_SIZES = (1_000_000, 10_000_000)
IN_CACHE = 10_000

PROFILE = """## Where the array kernel's time goes

Nanoseconds a person, from the figures of this run. Computing is what a person more costs at ten
thousand persons, whose columns stay in the cache. What kept memory costs beyond that is waiting for
the memory, and sums by unit; what fresh memory costs beyond kept memory is the system's: it clears
the pages. The bare copies do nothing else.
"""


class Goal(NamedTuple):
    """A figure and what it is held to.

    Arguments:
        what: what was measured.
        value: the figure; None if it could not be measured.
        unit: what it is counted in.
        goal: what it should be at most, or at least where more is better; None for no goal.
        more: whether more is better.
    """

    what: str
    value: float | None
    unit: str
    goal: float | None
    more: bool = True

    @classmethod
    def of(cls, figure: Mapping[str, Any]) -> Goal:
        """A figure of a measure."""
        return cls(*(figure[name] for name in ("what", "value", "unit", "goal", "more")))

    @property
    def missed(self) -> bool:
        """Whether there is a goal, and it is not met."""
        if self.goal is None:
            return False
        if self.value is None:
            return True
        return self.value < self.goal if self.more else self.value > self.goal

    @property
    def cells(self) -> list[str]:
        """What was measured, the figure, and how it compares."""
        figure = "–" if self.value is None else f"{number(self.value)} {self.unit}".strip()
        if self.goal is None:
            return [self.what, figure, ""]
        sign, verdict = "≥" if self.more else "≤", "missed" if self.missed else "met"
        return [self.what, figure, f"{sign} {self.goal:,.10g}: {verdict}"]


def misses(measure: str, goals: Sequence[Goal]) -> str:
    """A list of what was missed and why; empty if nothing was."""
    whys: dict[str, list[str]] = {}
    for goal in goals:
        if goal.missed:
            whys.setdefault(why(measure, goal.what), []).append(goal.what)
    return "\n".join(f"- Missed: {'; '.join(what)}. {text}" for text, what in whys.items())


def all_goals(results: Results) -> dict[str, list[Goal]]:
    """Every figure that has a goal, by measure."""
    goals = {"wrong fen": list(_wrong_fen(results)), "race": goals_of_race(results)}
    for name, found in results.get("measures", {}).items():
        goals[name] = [Goal.of(one) for one in found.get("figures", ())]
    return {name: [one for one in found if one.goal is not None] for name, found in goals.items()}


def _wrong_fen(results: Results) -> Iterator[Goal]:
    ours = {one.name: one.title for one in CONTESTANTS if one.right}
    for name, title in ours.items():
        wrong = results["race"].get(name, {}).get("wrong")
        if wrong is not None:
            count = wrong["wrong_amounts"] + wrong["wrong_units"]
            what = f"wrong figures of persons and units, {title}, {size_of(wrong['rows'])}"
            yield Goal(what, count, "", 0, more=False)
    for name, tally in results["wrong_fen"]["targets"].items():
        what = f"wrong figures over all regions, {name}, {size_of(tally['persons'])}"
        yield Goal(what, tally["wrong_amounts"], "", 0, more=False)


def seconds(results: Results, name: str, size: int) -> float | None:
    """The time of an engine, if it was measured at that size."""
    taken: float | None = results["race"].get(name, {}).get("seconds", {}).get(str(size))
    return taken


def goals_of_race(results: Results) -> list[Goal]:
    """The goals of the race, as far as the engines took part."""
    return [goal for size in LARGE_SIZES for goal in _goals_at(results, size)]


def _goals_at(results: Results, size: int) -> Iterator[Goal]:
    kernel = seconds(results, "kernel", size)
    if kernel is None:
        return
    at = size_of(size)
    speed = "M persons a second"
    yield Goal(f"array kernel, {at}", size / kernel / 1e6, speed, 50)
    kept = seconds(results, "kernel-warm", size)
    if kept is not None:
        yield Goal(f"array kernel, memory kept, {at}", size / kept / 1e6, speed, 50)
    for name, title, goal in (
        ("openfisca", "OpenFisca-Core", 15),
        ("openfisca-bare", "the same without its builder", None),
    ):
        peer = seconds(results, name, size)
        if peer is not None:
            yield Goal(f"{title} ÷ array kernel, {at}", peer / kernel, "×", goal)
    for ending, words in (("", ""), ("-warm", ", memory kept")):
        runs = [seconds(results, f"{name}{ending}", size) for name in ("native", "native-all")]
        found = [run for run in runs if run is not None]
        floor = seconds(results, f"floor{ending}", size)
        if found:
            yield Goal(f"numba{words}, {at}", size / min(found) / 1e6, speed, 200)
        if found and floor is not None:
            ratio = min(found) / floor
            yield Goal(f"numba{words} ÷ bare copy, {at}", ratio, "×", 3, more=False)
    memory = results["race"]["kernel"].get("memory", {})
    if memory.get("rows") == size:
        beyond = memory["beyond"] / size
        yield Goal(f"array kernel, memory beyond, {at}", beyond, "bytes a person", 60, more=False)


def profile(results: Results) -> str:
    """What the kernel's time is made of; empty where it was not measured."""
    cached, one = (seconds(results, "kernel-warm", size) for size in (IN_CACHE, 1))
    if cached is None or one is None:
        return ""
    computing = (cached - one) / (IN_CACHE - 1) * 1e9
    columns: list[list[float]] = []
    sizes: list[int] = []
    for size in LARGE_SIZES:
        names = ("kernel", "kernel-warm", "floor", "floor-warm")
        taken = [seconds(results, name, size) for name in names]
        found = [run / size * 1e9 for run in taken if run is not None]
        if len(found) == len(names):
            fresh, kept, copy_fresh, copy_kept = found
            sizes.append(size)
            columns.append(
                [computing, kept - computing, fresh - kept, fresh, copy_fresh, copy_kept]
            )
    if not columns:
        return ""
    whats = (
        "computing",
        "memory that was there already, and sums by unit",
        "memory that the system has yet to give",
        "**array kernel, int32 out**",
        "bare copy, memory that the system has yet to give",
        "bare copy, memory kept",
    )
    rows = [
        [what, *(_signed(column[place]) for column in columns)] for place, what in enumerate(whats)
    ]
    return PROFILE + "\n" + table(["", *map(size_of, sizes)], rows)


def _signed(value: float) -> str:
    return number(value) if value >= 0 else f"−{number(-value)}"
