"""What every region holds to: figures that cite, months that settle as before, windows in order."""

from __future__ import annotations

from pathlib import Path

from socialins.testing.conformance import RegionConformance

GOLDEN = Path(__file__).parent / "golden"


class TestBeijing(RegionConformance):
    division = "110000"
    golden = GOLDEN
