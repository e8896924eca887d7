"""The race: all engines on the same rows, in turns, each in a process of its own."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.catalogue import Contestant
from benchmarks.places import ROOT, python_of, sources_for

LARGE = 2_000_000
"""From here on an engine has the machine's memory to itself, and its peak is told."""

Figures = dict[str, Any]


class Broken(Exception):
    """A worker stopped; the text is the last of what it said."""


class Worker:
    """The process of an engine.

    Arguments:
        contestant: the engine.
        folder: where the job lies.
    """

    def __init__(self, contestant: Contestant, folder: Path) -> None:
        python = python_of(contestant.environment)
        if python is None:
            raise Broken(f"the environment {contestant.environment} was not made")
        command = [python, "-m", "benchmarks.worker", contestant.module, contestant.variant]
        self._said = (folder / f"{contestant.name}.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [*command, str(folder)],
            cwd=ROOT,
            env=sources_for(contestant.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self._read()

    def work(self, rows: int, *, check: bool) -> Figures:
        """Let it settle so many rows."""
        if self._process.stdin is None:
            raise Broken("no pipe to the worker")
        try:
            self._process.stdin.write(json.dumps({"rows": rows, "check": check}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise Broken(self._last_words()) from error
        return self._read()

    def close(self) -> None:
        """Let it end."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):  # it stopped by itself, and said why
                self._process.stdin.close()
        self._process.wait()
        self._said.close()

    def _read(self) -> Figures:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise Broken(self._last_words())
        answer: Figures = json.loads(line)
        return answer

    def _last_words(self) -> str:
        self._process.wait()
        self._said.seek(0)
        return self._said.read().strip()[-600:] or "it said nothing"


def race(
    contestants: Sequence[Contestant], sizes: Sequence[int], rounds: int, folder: Path
) -> dict[str, Figures]:
    """Run all engines in turns.

    Returns:
        Name → `seconds` of each size (the median over rounds of the best of a round), peak memory,
        wrong persons at the largest size, or `failed` with the reason.
    """
    taken: dict[str, dict[int, list[float]]] = {one.name: {} for one in contestants}
    told: dict[str, Figures] = {one.name: {} for one in contestants}
    small = [size for size in sizes if size < LARGE]
    with ExitStack() as stack:
        workers = dict(_started(contestants, folder, stack, told))
        for turn in range(rounds):
            for size in small:
                _say(f"round {turn + 1} of {rounds}, {size:,} rows")
                for one in contestants:
                    if (
                        one.name in workers
                        and size <= one.largest
                        and "failed" not in told[one.name]
                    ):
                        with _failing(told[one.name]):
                            found = workers[one.name].work(
                                size, check=turn == 0 and one.right is not None
                            )
                            _keep(found, size, taken[one.name], told[one.name])
    for size in (size for size in sizes if size >= LARGE):
        for turn in range(min(2, rounds)):
            for one in contestants:
                if size > one.largest or "failed" in told[one.name]:
                    continue
                _say(f"round {turn + 1}, {size:,} rows: {one.title}")
                with _failing(told[one.name]), ExitStack() as stack:
                    worker = Worker(one, folder)
                    stack.callback(worker.close)
                    found = worker.work(size, check=turn == 0 and one.right is not None)
                    _keep(found, size, taken[one.name], told[one.name])
    for name, by_size in taken.items():
        told[name]["seconds"] = {size: statistics.median(runs) for size, runs in by_size.items()}
    return told


def _started(
    contestants: Sequence[Contestant],
    folder: Path,
    stack: ExitStack,
    told: dict[str, Figures],
) -> Iterator[tuple[str, Worker]]:
    for one in contestants:
        with _failing(told[one.name]):
            worker = Worker(one, folder)
            stack.callback(worker.close)
            yield one.name, worker


def _keep(found: Figures, size: int, taken: dict[int, list[float]], told: Figures) -> None:
    taken.setdefault(size, []).append(found["seconds"])
    if size >= told.get("memory", {}).get("rows", 0):
        # The result is of the size of the job's columns; some engines make more than those.
        beyond = max(0, found["grown"] - found["output"])
        told["memory"] = {"rows": size, "peak": found["peak"], "beyond": beyond}
    if "wrong_persons" in found and size >= told.get("wrong", {}).get("rows", 0):
        keys = ("rows", "wrong_persons", "wrong_amounts", "units", "wrong_units", "worst_unit_fen")
        told["wrong"] = {key: found[key] for key in keys}


@contextmanager
def _failing(told: Figures) -> Iterator[None]:
    try:
        yield
    except Broken as error:
        _say(f"failed: {error}")
        # Only the last line is kept: what stands above names places of this machine.
        told["failed"] = str(error).splitlines()[-1]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
