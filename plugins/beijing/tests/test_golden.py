"""Settled months: a changed amount is seen before it is filed."""

from __future__ import annotations

from pathlib import Path

import pytest

import socialins as si
from socialins.testing.golden import check_golden

HERE = Path(__file__).parent
CODES = ("110000",)


@pytest.mark.parametrize("code", CODES)
def test_every_month_at_which_a_rule_changes_settles_as_before(code: str) -> None:
    check_golden(si.region(code), HERE / "golden" / f"{code}.json")
