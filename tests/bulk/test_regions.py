"""Every shipped region, whenever a rule changes: a table is its roster, to the fen."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra bulk is not installed")

import pyarrow as pa

import socialins as si
from socialins.testing.golden import regime_months
from socialins.testing.strategies import edges

ByRoster = Callable[..., list[dict[str, int | None]]]
RATES = (None, "0.2%", "0.35%", "1.9%", "0.0013")
CHOICES = (None, None, "pension,injury", "medical", "pension,medical,unemployment,injury,maternity")
ROWS = 16


def wages(region: si.Region, month: si.Month, chance: random.Random) -> list[int]:
    """Wages beside the bounds of the month, where a fen decides, and anywhere."""
    bounds = [edge.fen for edge in edges(region=region, month=month)] or [500_000]
    beside = [chance.choice(bounds) + chance.randint(-101, 101) for _ in range(ROWS - 4)]
    anywhere = [chance.randint(0, 5_000_000) for _ in range(3)]
    return [max(fen, 0) for fen in (*beside, *anywhere, 0)]


def account(chance: random.Random) -> si.UnitAccount:
    return si.UnitAccount(
        si.Unit("某公司", size=chance.choice([*si.UnitSize])),
        account_type=chance.choice([*si.AccountType]),
        injury=(si.InjuryTerms(si.MonthSpan("1990-01"), rate=chance.choice(RATES[1:])),),
    )


@pytest.mark.parametrize("region", si.regions(), ids=lambda region: region.slug)
def test_a_table_is_its_roster_in_every_month_of_change(
    region: si.Region, by_roster: ByRoster
) -> None:
    chance = random.Random(20_261_101)
    compared = 0
    for month in regime_months(region):
        rows: list[dict[str, Any]] = [
            {
                "wage_fen": wage,
                "household": chance.choice([one.value for one in si.Household]),
                "employment": chance.choice(["full-time", "full-time", "part-time"]),
                "insurances": chance.choice(CHOICES),
                "injury_rate": chance.choice(RATES),
            }
            for wage in wages(region, month, chance)
        ]
        holder = account(chance)
        table = pa.Table.from_pylist(rows)
        # The array kernel for every row, however few there are of a kind.
        settled = region.settle_table(table, month, strict=False, account=holder, target="array")
        names = [name for name in settled.column_names if name.endswith("_fen")]
        expected = by_roster(region, rows, month, names=names, strict=False, account=holder)
        assert settled.select(names).to_pylist() == expected, month
        compared += len(rows)
    assert compared >= 20 * ROWS
