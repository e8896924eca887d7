"""The array kernel: one fen apart from the reference, and a bill hangs on the size of its table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings, strategies as st

pytest.importorskip("numpy", reason="the extra bulk is not installed")

import numpy as np

from socialins.bulk import kernel as kernels
from socialins.bulk.columns import Shape, column_plan, shape_of
from socialins.bulk.kernel import ArrayKernel
from socialins.bulk.limits import INT32_MAX, MAX_WAGE_FEN, Refused
from socialins.bulk.operations import columns_of
from socialins.faults import Text
from socialins.model import Payer
from socialins.rules import Operand
from socialins.settlement import Line, derive
from socialins.testing import strategies as sis
from socialins.values import Money, Rate, Rounding

TITLE = Text("养老保险", "pension")
every_rate = sis.rates() | st.fractions(0, 1, max_denominator=9999).map(Rate)
KEYS = [
    (insurance, item, payer)
    for insurance in ("pension", "long-term-care")
    for item in ("basic", "extra")
    for payer in Payer
]


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Line, ...]:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=5))
    return tuple(
        draw(sis.lines(insurance=insurance, item=item, payer=payer))
        for insurance, item, payer in sorted(keys, key=KEYS.index)
    )


def wages_near(lines: Sequence[Line]) -> st.SearchStrategy[list[int]]:
    """Wages anywhere, around the bounds of the lines, and where 32 bits end."""
    edges = [bound for line in lines for bound in (line.floor, line.cap) if bound is not None]
    edges += [0, INT32_MAX, 2**32, MAX_WAGE_FEN]
    beside = st.builds(int.__add__, st.sampled_from(edges), st.integers(-250, 250))
    wages = beside.map(lambda fen: min(max(fen, 0), MAX_WAGE_FEN)) | st.integers(0, MAX_WAGE_FEN)
    usual = st.integers(0, 10_000_000)
    return st.lists(usual, max_size=12) | st.lists(usual | wages, max_size=12)


def by_reference(
    lines: Sequence[Line], shape: Shape | None, wages: Sequence[int], rates: Sequence[Rate]
) -> dict[str, list[int]]:
    expected: dict[str, list[int]] = {column.name: [] for column in column_plan(lines, shape)}
    for wage, rate in zip(wages, rates, strict=True):
        found = [derive(line, Money(wage), rate) for line in lines]
        for column in column_plan(lines, shape):
            if column.kind in ("base", "unit_base"):
                fen = found[column.lines[0]].base.fen if column.lines else 0
            else:
                fen = sum(found[index].amount.fen for index in column.lines)
            expected[column.name].append(fen)
    return expected


def plain(figures: dict[str, Any]) -> dict[str, list[int]]:
    return {name: column.tolist() for name, column in figures.items()}


@settings(max_examples=200)
@given(data=st.data(), lines=schedules(), rate=every_rate)
def test_the_kernel_and_the_reference_agree_to_the_fen(
    data: st.DataObject, lines: tuple[Line, ...], rate: Rate
) -> None:
    wages = data.draw(wages_near(lines))
    found = ArrayKernel(lines, operand=rate).run(np.array(wages, np.int64))
    assert plain(found) == by_reference(lines, None, wages, [rate] * len(wages))


@settings(max_examples=100)
@given(data=st.data(), lines=schedules(), rates=st.lists(sis.rates(), min_size=1, max_size=4))
def test_rates_that_differ_by_row_give_each_row_its_own(
    data: st.DataObject, lines: tuple[Line, ...], rates: list[Rate]
) -> None:
    wages = data.draw(wages_near(lines))
    chosen = data.draw(st.lists(st.sampled_from(rates), min_size=len(wages), max_size=len(wages)))
    bottom = lcm(*(rate.denominator for rate in rates))
    tops = [int(rate.fraction * bottom) for rate in chosen]
    largest = max(int(rate.fraction * bottom) for rate in rates)
    kernel = ArrayKernel(lines, operand=(largest, bottom))
    found = kernel.run(np.array(wages, np.int64), np.array(tops, np.uint64))
    assert plain(found) == by_reference(lines, None, wages, chosen)


@given(
    base=st.sampled_from(Rounding),
    amount=st.sampled_from(Rounding),
    rate=st.integers(0, 1000).map(lambda count: Rate(Fraction(count, 1000))),
    halves=st.lists(st.integers(0, 10**6), max_size=20),
)
@example(Rounding.HALF_UP_FEN, Rounding.HALF_UP_FEN, Rate("0.5%"), [1486, 1487])
@example(Rounding.HALF_UP_FEN, Rounding.HALF_EVEN_FEN, Rate("0.5%"), [1486, 1490])
def test_exact_halves_are_rounded_alike(
    base: Rounding, amount: Rounding, rate: Rate, halves: list[int]
) -> None:
    # Wages in half yuan and rates in tenths of a percent meet exact halves all the time.
    line = simple(base_rounding=base, rate=rate, amount_rounding=amount)
    wages = [count * 50 for count in halves]
    found = ArrayKernel([line]).run(np.array(wages, np.int64))
    assert plain(found) == by_reference([line], None, wages, [rate] * len(wages))


def simple(**changes: Any) -> Line:
    line = Line(
        insurance="pension",
        item="basic",
        payer=Payer.UNIT,
        title=TITLE,
        item_title=TITLE,
        floor=None,
        cap=None,
        base_rounding=Rounding.HALF_UP_FEN,
        rate=Rate("16%"),
        amount_rounding=Rounding.HALF_UP_FEN,
    )
    return attrs.evolve(line, **changes)


@pytest.mark.parametrize("rounding", Rounding)
def test_every_block_and_the_last_short_one_are_computed(
    rounding: Rounding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "BLOCK", 64)
    lines = [
        simple(base_rounding=rounding, amount_rounding=rounding, floor=400_000, cap=2_000_050),
        simple(insurance="medical", rate=Rate("9.8%"), fixed=300, payer=Payer.PERSON),
    ]
    random = np.random.default_rng(7)
    for rows in (0, 1, 63, 64, 65, 200):
        wages = random.integers(0, 3_000_000, rows)
        # One block of several has a wage that takes the way of 64 bits.
        if rows > 100:
            wages[70] = MAX_WAGE_FEN
        found = ArrayKernel(lines).run(wages)
        expected = by_reference(lines, None, wages.tolist(), [Rate(0)] * rows)
        assert plain(found) == expected


def test_a_wage_out_of_bounds_is_an_error_and_never_wraps_around() -> None:
    kernel = ArrayKernel([simple(cap=2_000_000)])
    for wage in (-1, MAX_WAGE_FEN + 1, -(2**63), 2**63 - 1):
        with pytest.raises(ValueError, match=r"between 0 and \d+ fen; one of rows 0 to 1"):
            kernel.run(np.array([500_000, wage]))


def test_a_result_that_int32_does_not_hold_is_refused() -> None:
    kernel = ArrayKernel([simple()])
    with pytest.raises(Refused):
        kernel.run(np.array([500_000]), dtype=np.int32)
    capped = ArrayKernel([simple(cap=2_000_000)])
    (base, unit, person, *_) = capped.run(np.array([500_000]), dtype=np.int32).values()
    assert (base.dtype, base[0], unit[0], person[0]) == (np.int32, 500_000, 80_000, 0)


def test_rates_by_row_have_to_be_given() -> None:
    line = simple(rate=None, operand=Operand.INJURY_RATE)
    with pytest.raises(ValueError, match="numerators"):
        ArrayKernel([line], operand=(190, 10_000)).run(np.array([500_000]))
    with pytest.raises(ValueError, match="pass it as operand"):
        ArrayKernel([line])


def test_columns_that_are_always_the_same_may_share_memory() -> None:
    lines = [
        simple(rate=Rate("0.5%")),
        simple(rate=Rate("0.5%"), payer=Payer.PERSON),
        simple(insurance="medical", rate=Rate("2%"), cap=10, payer=Payer.PERSON),
    ]
    kernel = ArrayKernel(lines)
    names = [kernel.names[twin] for twin in kernel.twins]
    assert dict(zip(kernel.names, names, strict=True)) == {
        "pension_base_fen": "pension_base_fen",
        "pension_unit_fen": "pension_unit_fen",
        "pension_person_fen": "pension_unit_fen",
        "medical_base_fen": "medical_base_fen",
        "medical_unit_fen": "medical_unit_fen",
        "medical_person_fen": "medical_person_fen",
        "unit_total_fen": "pension_unit_fen",
        "person_total_fen": "person_total_fen",
    }
    shared = dict(
        zip(sorted(set(kernel.twins)), columns_of(len(set(kernel.twins)), 2), strict=True)
    )
    wages = np.array([500_001, 743_00])
    found = kernel.run(wages, out=[shared[twin] for twin in kernel.twins])
    assert plain(found) == by_reference(lines, None, wages.tolist(), [Rate(0)] * 2)


@settings(max_examples=60)
@given(data=st.data(), lines=schedules(), rate=every_rate)
def test_columns_that_are_wanted_are_the_same_whatever_memory_they_go_to(
    data: st.DataObject, lines: tuple[Line, ...], rate: Rate
) -> None:
    kernel = ArrayKernel(lines, operand=rate)
    wages = np.array(data.draw(wages_near(lines)))
    whole = plain(kernel.run(wages))
    wanted = data.draw(st.tuples(*[st.booleans()] * len(kernel.names)))
    rows = len(wages)
    # Apart from each other, in one table row by row, and as other kinds of whole numbers.
    table = np.full((rows, len(kernel.names)), -1, np.int64)
    for columns in (
        [np.full(rows, -1, np.int64) for _ in kernel.names],
        list(table.T),
        [np.zeros(rows, np.uint64) for _ in kernel.names],
    ):
        out = [one if use else None for one, use in zip(columns, wanted, strict=True)]
        found = plain(kernel.run(wages, out=out))
        assert found == {
            name: whole[name] for name, use in zip(kernel.names, wanted, strict=True) if use
        }
    untouched = table[:, [not use for use in wanted]]
    assert (untouched == -1).all(), "a column that is not wanted was written"
    small = np.minimum(wages, 1_000_000)
    narrow = [np.zeros(rows, np.int32) for _ in kernel.names]
    assert plain(kernel.run(small, out=narrow)) == plain(kernel.run(small))


def test_columns_don_t_lie_at_a_power_of_two_from_each_other() -> None:
    first, second, *_ = columns_of(3, 65_536)
    distance = second.ctypes.data - first.ctypes.data
    assert distance & (distance - 1)
    assert distance % 4096


def test_a_table_s_shape_gives_columns_that_a_class_does_not_owe() -> None:
    shape = shape_of([[simple(), simple(insurance="medical")]], ["medical", "pension"])
    assert shape.insurances == ("medical", "pension")
    found = ArrayKernel([simple()], shape=shape).run(np.array([500_000]))
    assert plain(found)["medical_unit_fen"] == [0]
    assert plain(found)["unit_total_fen"] == [80_000]


def test_the_unit_s_base_has_a_column_of_its_own_where_it_may_differ() -> None:
    lines = [simple(cap=3_000), simple(payer=Payer.PERSON, cap=2_000)]
    found = plain(ArrayKernel(lines).run(np.array([5_000])))
    assert (found["pension_base_fen"], found["pension_unit_base_fen"]) == ([2_000], [3_000])
    same = plain(ArrayKernel([simple(), simple(payer=Payer.PERSON)]).run(np.array([5_000])))
    assert "pension_unit_base_fen" not in same
