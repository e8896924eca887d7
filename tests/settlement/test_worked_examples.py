"""Worked examples: amounts that others published must come out to the fen.

Where they come from stands beside them, in `worked_examples/`.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from socialins.faults import Text
from socialins.model import Payer
from socialins.settlement import Line, derive, fast_function
from socialins.values import Money, Rate, Rounding

Row = dict[str, str]
FOLDER = Path(__file__).with_name("worked_examples")


def read(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, "file": name} for row in csv.DictReader(file)]


ROWS = read("worked_examples") + read("worked_examples2")
LINES = [row for row in ROWS if row["kind"] in ("amount", "base")]
TOTALS = [row for row in ROWS if row["kind"] == "total"]
COMPOSITE = [row for row in ROWS if row["kind"] == "composite"]
TO_THE_YUAN = "page rounds to whole yuan"


def name_of(row: Row) -> str:
    return f"{row['file']}-{row['id']}"


def rounding_of(row: Row) -> Rounding:
    """To the fen; bounds and one page's totals are printed in whole yuan."""
    whole = row["kind"] == "base" or row["note"] == TO_THE_YUAN
    return Rounding.HALF_UP_YUAN if whole else Rounding.HALF_UP_FEN


def amount_of(
    base: str, rate: str, fixed: str = "0", rounding: Rounding = Rounding.HALF_UP_FEN
) -> Money:
    """base × rate, rounded, plus the fixed sum: by the reference, which the fast one must match."""
    line = Line(
        insurance="example",
        item="basic",
        payer=Payer.PERSON,
        title=Text("例", "example"),
        item_title=Text("例", "example"),
        floor=None,
        cap=None,
        base_rounding=Rounding.HALF_UP_FEN,
        rate=Rate(rate),
        fixed=Money.yuan(fixed).fen,
        amount_rounding=rounding,
    )
    wage = Money.yuan(base)
    steps = derive(line, wage)
    assert fast_function((line,))(wage.fen, 0, 1) == (steps.base.fen, steps.amount.fen)
    return steps.amount


def computed(row: Row) -> Money:
    """The amount of a row; each part of a rate like ``0.065+0.005`` is rounded on its own."""
    first, *others = row["rate"].split("+")
    rounding = rounding_of(row)
    amount = amount_of(row["base_yuan"], first, row["fixed_add_yuan"], rounding)
    parts = [amount_of(row["base_yuan"], part, rounding=rounding) for part in others]
    return Money.sum([amount, *parts])


def stated(row: Row) -> Money:
    """The printed amount; what was printed with more decimals is rounded as the amount is."""
    return rounding_of(row)(Fraction(Decimal(row["amount_stated"])) * 100)


@pytest.mark.parametrize("row", LINES, ids=name_of)
def test_a_published_amount_comes_out_to_the_fen(row: Row) -> None:
    if row["consistent"] == "yes":
        assert computed(row) == stated(row)
    else:
        assert row["consistent"].startswith("NO")
        assert computed(row) != stated(row), "the source contradicts itself"


@pytest.mark.parametrize("row", COMPOSITE, ids=name_of)
def test_a_published_sum_of_parts_comes_out_to_the_fen(row: Row) -> None:
    parts = []
    for group in row["rate"].split(";"):
        rates, _, base = group.partition(" on ")
        parts += [amount_of(base, rate) for rate in re.split("[&,]", rates)]
    assert (Money.sum(parts) == stated(row)) is (row["consistent"] == "yes")


def table(city: str, payer: str, bound: str) -> Iterator[Money]:
    """The lines of a city's published table for a payer at the floor or the cap.

    A line that is not among the rows has the rate of its other bound, and the bound of its
    insurance's other payer, or that which most insurances have.
    """
    rows = [row for row in LINES if row["city"] == city and row["file"] == "worked_examples2"]
    here = [row for row in rows if row["note"].startswith(bound)]
    common = Counter(row["base_yuan"] for row in here).most_common(1)[0][0]
    rates = {row["insurance"]: row["rate"] for row in rows if row["payer"] == payer}
    for insurance, rate in rates.items():
        own = [row["base_yuan"] for row in here if row["insurance"] == insurance]
        yield amount_of(own[0] if own else common, rate)


@pytest.mark.parametrize("row", TOTALS, ids=name_of)
def test_a_published_total_is_the_sum_of_its_rounded_lines(row: Row) -> None:
    payer, _, bound = row["payer"].partition(" ")
    assert Money.sum(table(row["city"], payer, bound)) == stated(row)


@pytest.mark.parametrize("printed", ["576.32", "1048.91"])
def test_exact_halves_go_up_and_other_roundings_miss_what_was_printed(printed: str) -> None:
    (row,) = [row for row in LINES if row["amount_stated"] == printed]
    rates = row["rate"].split("+")
    for rate in rates:
        assert Rate(rate).of(Money.yuan(row["base_yuan"])).denominator == 2
    for rounding in (Rounding.HALF_EVEN_FEN, Rounding.DROP_LI):
        parts = [amount_of(row["base_yuan"], rate, rounding=rounding) for rate in rates]
        assert Money.sum(parts) < stated(row) == computed(row)


def test_no_row_is_passed_over() -> None:
    assert len(LINES) + len(TOTALS) + len(COMPOSITE) == len(ROWS) == 165
    assert sum(row["consistent"] != "yes" for row in ROWS) == 4
    official = [row for row in ROWS if row["confidence"] == "A"]
    assert len(official) == 18
    assert all(row["source"] and row["origin"] for row in ROWS)
