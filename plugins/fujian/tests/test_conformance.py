"""What every region holds to: figures that cite, months that settle as before, windows in order."""

from __future__ import annotations

from pathlib import Path

from socialins.testing.conformance import RegionConformance

GOLDEN = Path(__file__).parent / "golden"


class TestFujianProvince(RegionConformance):
    division = "350000"
    golden = GOLDEN


class TestFuzhou(RegionConformance):
    division = "350100"
    golden = GOLDEN


class TestXiamen(RegionConformance):
    division = "350200"
    golden = GOLDEN
