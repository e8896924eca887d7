"""Killed at any moment, a journal has all that it acknowledged, and the next start goes on.

A short form of `make test-crash`, which kills a thousand times.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crash.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the child is made by fork")
def test_a_process_killed_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), "25", "7"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.match(r"25 kills, (\d+) before any acknowledgement; (\d+) acknowledged", done.stdout)
    assert told is not None
    assert int(told[2]) > 25, "hardly anything was filed, so hardly anything was proved"
