"""Eight processes write at once: no update is lost, nobody waits for ever, the chain holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("writers.py")
WRITERS, ROUNDS = 8, 12

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are made by fork")


def test_eight_writers_lose_no_update(place: Any) -> None:
    # Nothing is there yet: that all of them make the journal at once is part of it.
    done = subprocess.run(
        [sys.executable, str(SCRIPT), place.address, place.schema, str(WRITERS), str(ROUNDS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    with place.open() as store:
        counters = [one.payload["counter"] for one in store.read("shared")]
        assert counters == list(range(1, WRITERS * ROUNDS + 1))
        for writer in range(WRITERS):
            own = [
                (one.payload["round"], one.payload["part"]) for one in store.read(f"own/{writer}")
            ]
            assert own == [(round_, part) for round_ in range(ROUNDS) for part in range(2)]
        assert store.head().sequence == WRITERS * ROUNDS * 3
        assert store.verify() == ()
