"""Replay: every input that was kept is judged again, without changing any.

After a reader was mended this says in minutes whether all that once led somewhere still ends as it
should; and under coverage.py, which lines the inputs reach:
`python -m coverage run -m tools.fuzz.replay && python -m coverage report`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.fuzz.__main__ import OUT
from tools.fuzz.judge import judge
from tools.fuzz.targets import TARGETS

__all__ = ["main"]

_INPUTS = ("corpus/{}/*", "found/{}/*{}")


def main(names: Sequence[str]) -> int:
    """Judge what is kept for all targets or those named; the status is 1 if anything is found."""
    found = 0
    for name in names or TARGETS:
        target = TARGETS[name]
        kept = sorted(path for one in _INPUTS for path in OUT.glob(one.format(name, target.suffix)))
        with tempfile.TemporaryDirectory() as scratch:
            for path in kept:
                finding = judge(target, path.read_bytes(), Path(scratch))
                if finding is not None:
                    found += 1
                    print(f"{path}\n    {finding.kind}", flush=True)
        print(f"{name:14} {len(kept):7,} inputs", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
