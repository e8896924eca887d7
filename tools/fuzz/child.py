"""Child: one target, fuzzed in a process of its own until its time is up.

atheris leads the way by the lines of Python that an input reaches, where it is installed; without
it, the same changes are made blindly. Findings don't end it; each is made small and kept once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.fuzz.targets import Target

__all__ = ["Fuzzer", "main"]

_LONGEST = 100_000
_SHRINKING = 15.0
_MEMORY = 1_000_000_000
_WALL = 120
_GUIDED = ("socialins", "socialins_national", "openpyxl", "asn1crypto", "tomllib", "csv", "zipfile")


class Fuzzer:
    """Judges inputs for a target, counts them, keeps findings.

    Arguments:
        target: the target.
        scratch: a folder for files that are read.
        kept: the folder for findings; None to keep none.
    """

    def __init__(self, target: Target, scratch: Path, kept: Path | None) -> None:
        self.target = target
        self.scratch = scratch
        self.kept = kept
        self.inputs = 0
        self.found: dict[str, str] = {}
        self.begun = self.told = time.monotonic()

    def try_one(self, data: bytes) -> None:
        """Judge an input; what is found for the first time is made small and kept."""
        from tools.fuzz.judge import judge
        from tools.fuzz.shrink import shrink

        self.inputs += 1
        finding = judge(self.target, data, self.scratch)
        if finding is not None and finding.kind not in self.found:
            kind = finding.kind
            self.found[kind] = finding.detail
            if self.kept is not None:
                path = self.kept / (re.sub(r"[^\w.-]+", "-", kind) + self.target.suffix)
                path.write_bytes(data)
                path.with_suffix(".txt").write_text(f"{kind}\n\n{finding.detail}", "utf-8")
                if not kind.startswith(("slow", "memory")):
                    path.write_bytes(shrink(data, self._shows(kind), _SHRINKING))
        if time.monotonic() - self.told > 5:
            self.tell()

    def _shows(self, kind: str) -> Callable[[bytes], bool]:
        from tools.fuzz.judge import judge

        def shows(data: bytes) -> bool:
            found = judge(self.target, data, self.scratch)
            return found is not None and found.kind == kind

        return shows

    def tell(self) -> None:
        """Write down how far it is."""
        self.told = time.monotonic()
        if self.kept is None:
            return
        said = {"inputs": self.inputs, "seconds": self.told - self.begun, "found": list(self.found)}
        (self.kept / "said.json").write_text(json.dumps(said), "utf-8")


def blind(
    fuzzer: Fuzzer, samples: Sequence[bytes], draw: Random, until: Callable[[], bool]
) -> None:
    """Change samples blindly, one to four times over."""
    from tools.fuzz.draws import change_bytes

    pool = list(samples)
    for data in pool:
        fuzzer.try_one(data)
    change = change_bytes(draw)
    while not until():
        data = draw.choice(pool)
        for _ in range(draw.choice((1, 1, 2, 4))):
            data = fuzzer.target.change(draw, data, change)
        fuzzer.try_one(data[:_LONGEST])


def guided(fuzzer: Fuzzer, corpus: Path, seconds: int, seed: int, atheris: Any) -> None:
    """Let atheris choose which inputs to change again; this does not return."""

    def change(data: bytes, size: int, number: int) -> bytes:
        draw = Random(number)  # noqa: S311 - what is wanted is the same again
        made = fuzzer.target.change(draw, data, lambda some: bytes(atheris.Mutate(some, size)))
        return made[:size]

    arguments = [
        f"fuzz-{fuzzer.target.name}",
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={_LONGEST}",
        f"-timeout={_WALL}",
        f"-artifact_prefix={fuzzer.kept}/native-",
        "-len_control=0",
        "-reload=0",
        "-rss_limit_mb=2000",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup(arguments, fuzzer.try_one, custom_mutator=change)
    atheris.Fuzz()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description="Fuzz one target.")
    parser.add_argument("target")
    parser.add_argument("seconds", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--blind", action="store_true")
    asked = parser.parse_args(arguments)
    os.nice(19)
    atheris = None if asked.blind else _atheris()
    kept = asked.out / "found" / asked.target
    corpus = asked.out / "corpus" / asked.target
    for folder in (kept, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory) as scratch:
        fuzzer, samples = _ready(asked.target, Path(scratch), kept, atheris)
        for number, data in enumerate(samples):
            (corpus / f"sample-{number}").write_bytes(data)
        _bound_memory()
        if atheris is None:
            end = time.monotonic() + asked.seconds
            draw = Random(asked.seed)  # noqa: S311
            blind(fuzzer, samples, draw, lambda: time.monotonic() > end)
            fuzzer.tell()
        else:
            guided(fuzzer, corpus, asked.seconds, asked.seed, atheris)
    return 0


def _atheris() -> Any:
    try:
        import atheris
    except ImportError:
        return None
    return atheris


def _ready(name: str, scratch: Path, kept: Path, atheris: Any) -> tuple[Fuzzer, tuple[bytes, ...]]:
    """The target and its samples; all modules that those need are loaded as atheris wants them."""
    if atheris is None:
        return _begun(name, scratch, kept)
    with atheris.instrument_imports(include=list(_GUIDED)):
        return _begun(name, scratch, kept)


def _begun(name: str, scratch: Path, kept: Path) -> tuple[Fuzzer, tuple[bytes, ...]]:
    from socialins.faults import FaultError
    from tools.fuzz.targets import TARGETS

    fuzzer = Fuzzer(TARGETS[name], scratch, kept)
    samples = TARGETS[name].samples()
    for data in samples:
        path = scratch / f"input{fuzzer.target.suffix}"
        path.write_bytes(data)
        with contextlib.suppress(FaultError):
            list(fuzzer.target.read(path))
    fuzzer.begun = time.monotonic()
    return fuzzer, samples


def _bound_memory() -> None:
    """Let the process grow by a gigabyte and no more, so that the machine stays usable."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    sys.exit(main())
