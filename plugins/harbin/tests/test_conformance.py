"""What every region holds to: figures that cite, months that settle as before, windows in order."""

from __future__ import annotations

from pathlib import Path

from socialins.testing.conformance import RegionConformance

GOLDEN = Path(__file__).parent / "golden"


class TestHeilongjiang(RegionConformance):
    division = "230000"
    golden = GOLDEN


class TestHarbin(RegionConformance):
    division = "230100"
    golden = GOLDEN
