"""Operations: what the array kernel does with a block, worked out once from the proven limits.

A program is a list of NumPy calls on numbered slots, each a column of the block. Bases and amounts
that several lines share are computed once. Numbers that are proven to fit int32 are held as uint32,
whose division by a constant is twice as fast as that of int32; others as uint64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from socialins.bulk.columns import OutputColumn
from socialins.bulk.limits import Limits, LineLimits, Scaling

__all__ = ["Array", "Program", "Run", "columns_of"]

_PAD = 1_088
"""Bytes between two columns beyond their length. Columns at a power of two from each other would
fall on the same lines of the cache and push each other out."""

Array: TypeAlias = NDArray[Any]
_Slot: TypeAlias = tuple[str, int]
_Operation: TypeAlias = tuple[Callable[..., Any], _Slot | Array, _Slot | Array, _Slot]


def columns_of(
    count: int, rows: int, dtype: Any = np.int64, *, zero: bool = False
) -> list[NDArray[Any]]:
    """Columns in one piece of memory, at a distance that is no power of two.

    Arguments:
        count: how many.
        rows: their length.
        dtype: their type.
        zero: filled with zeros, which the system does where they are not written; else with
            anything.
    """
    size = np.dtype(dtype).itemsize
    stride = -(-rows * size // 64) * 64 + _PAD
    memory = (np.zeros if zero else np.empty)(count * stride, np.uint8)
    return [
        memory[index * stride : index * stride + rows * size].view(dtype) for index in range(count)
    ]


@attrs.define
class _Base:
    """A base in slots: its number of grains, and its fen."""

    grains: _Slot | int
    fen: _Slot | int


class Program:
    """What is done with a block: operations on numbered slots of 32 or 64 bits."""

    def __init__(self, limits: Limits, columns: Sequence[OutputColumn]) -> None:
        self.limits = limits
        self.operations: list[_Operation] = []
        self.slots = {"u4": 0, "u8": 0}
        self._bases: dict[Any, _Base] = {}
        self._amounts: dict[Any, _Slot | int] = {}
        self._wide: dict[_Slot, _Slot] = {}
        self._scratch: dict[str, _Slot] = {}
        short = [one for one in limits.lines if one.base_bits == 32 and one.constant is None]
        # What lies above every cap is cut once for all lines, so that wages fit 32 bits.
        self.narrow_wage = max((one.wage_max for one in short), default=0)
        self.results = [self._column(column) for column in columns]

    def _new(self, kind: str) -> _Slot:
        self.slots[kind] += 1
        return kind, self.slots[kind] - 1

    def _temporary(self, kind: str, name: str) -> _Slot:
        key = f"{kind}{name}"
        if key not in self._scratch:
            self._scratch[key] = self._new(kind)
        return self._scratch[key]

    def _do(
        self, function: Callable[..., Any], left: _Slot, right: _Slot | int, out: _Slot
    ) -> None:
        number = right if isinstance(right, tuple) else np.array(right, out[0])
        self.operations.append((function, left, number, out))

    def _column(self, column: OutputColumn) -> _Slot | int:
        if column.kind in ("base", "unit_base"):
            found = [self._base(self.limits.lines[index]).fen for index in column.lines]
            return found[0] if found else 0
        amounts = [self._amount(self.limits.lines[index]) for index in column.lines]
        key = ("sum", *sorted(map(str, amounts)))
        if key not in self._amounts:
            largest = sum(self.limits.lines[index].amount_max for index in column.lines)
            self._amounts[key] = self._sum(amounts, largest)
        return self._amounts[key]

    def _sum(self, amounts: list[_Slot | int], largest: int) -> _Slot | int:
        constant = sum(one for one in amounts if isinstance(one, int))
        slots = [one for one in amounts if not isinstance(one, int)]
        if not slots:
            return constant
        if len(slots) == 1 and not constant:
            return slots[0]
        kind = "u4" if largest < 2**31 and all(one[0] == "u4" for one in slots) else "u8"
        total = self._new(kind)
        first, *others = [self._as(kind, one) for one in slots]
        if others:
            self._do(np.add, first, others[0], total)
            for one in others[1:]:
                self._do(np.add, total, one, total)
            if constant:
                self._do(np.add, total, constant, total)
        else:
            self._do(np.add, first, constant, total)
        return total

    def _as(self, kind: str, slot: _Slot) -> _Slot:
        """A slot in the wider kind, if it is not."""
        if slot[0] == kind:
            return slot
        if slot not in self._wide:
            self._wide[slot] = self._new(kind)
            # Adding nothing widens, in one pass and without a cast of its own.
            self.operations.append((_widen, slot, slot, self._wide[slot]))
        return self._wide[slot]

    def _base(self, one: LineLimits) -> _Base:
        key = one.base_key
        if key not in self._bases:
            self._bases[key] = self._make_base(one)
        return self._bases[key]

    def _make_base(self, one: LineLimits) -> _Base:
        if one.constant is not None:
            return _Base(one.constant // one.grain, one.constant)
        kind = "u4" if one.base_bits == 32 else "u8"
        grains = self._scaled(("wage", 4 if kind == "u4" else 8), one.base, kind)
        out = self._new(kind) if grains[0] == "wage" else grains
        if one.floor:
            self._do(_maximum, grains, one.floor, out)
            grains = out
        if one.cap is not None:
            self._do(_minimum, grains, one.cap, out)
            grains = out
        if one.grain == 1:
            return _Base(grains, grains)
        fen = self._new(kind)
        self._do(np.multiply, grains, one.grain, fen)
        return _Base(grains, fen)

    def _amount(self, one: LineLimits) -> _Slot | int:
        key = (one.base_key, one.amount, one.by_row, one.line.fixed)
        if key not in self._amounts:
            self._amounts[key] = self._make_amount(one)
        return self._amounts[key]

    def _make_amount(self, one: LineLimits) -> _Slot | int:
        fixed = one.line.fixed
        grains = self._base(one).grains
        kind = "u4" if one.bits == 32 else "u8"
        if one.by_row:
            product = self._temporary(kind, "product")
            factor = grains if isinstance(grains, int) else self._as(kind, grains)
            self._do(np.multiply, ("rates", 4 if kind == "u4" else 8), factor, product)
            grains = product
        if isinstance(grains, int):
            return one.amount(grains) + fixed
        result = self._scaled(self._as(kind, grains), one.amount, kind)
        if fixed:
            out = self._new(kind)
            self._do(np.add, result, fixed, out)
            return out
        if result in self._scratch.values():
            out = self._new(kind)
            self._do(np.add, result, 0, out)
            return out
        return result

    def _scaled(self, x: _Slot, scaling: Scaling, kind: str) -> _Slot:
        """Add the steps of a scaling; where there is nothing to do, the result is `x` itself."""
        y, out = x, self._new(kind)
        if scaling.factor != 1:
            y = self._step(np.multiply, y, scaling.factor, out)
        if scaling.cut:
            y = self._divide(y, scaling.cut, out)
            if scaling.after_cut != 1:
                y = self._step(np.multiply, y, scaling.after_cut, out)
        if scaling.offset:
            y = self._step(np.add, y, scaling.offset, out)
        if scaling.even:
            y = self._to_even(y, scaling.divisor, out)
        else:
            y = self._divide(y, scaling.divisor, out)
        if scaling.multiple != 1:
            y = self._step(np.multiply, y, scaling.multiple, out)
        return y

    def _step(self, function: Callable[..., Any], x: _Slot, number: int, out: _Slot) -> _Slot:
        self._do(function, x, number, out)
        return out

    def _divide(self, x: _Slot, divisor: int, out: _Slot) -> _Slot:
        if divisor == 1:
            return x
        if divisor & (divisor - 1) == 0:
            return self._step(np.right_shift, x, divisor.bit_length() - 1, out)
        return self._step(np.floor_divide, x, divisor, out)

    def _to_even(self, raised: _Slot, divisor: int, out: _Slot) -> _Slot:
        """The quotient, and one less where nothing was left of an odd one."""
        kind = out[0]
        kept = self._temporary(kind, "raised")
        back = self._temporary(kind, "back")
        self._do(np.add, raised, 0, kept)
        self._divide(kept, divisor, out)
        self._do(np.multiply, out, divisor, back)
        self.operations.append((_equal, back, kept, back))
        self._do(np.bitwise_and, back, out, back)
        self._do(np.subtract, out, back, out)
        return out


def _maximum(left: Array, right: Array, out: Array) -> None:
    np.maximum(left, right, out=out)


def _minimum(left: Array, right: Array, out: Array) -> None:
    np.minimum(left, right, out=out)


def _widen(left: Array, _right: Array, out: Array) -> None:
    np.copyto(out, left, casting="unsafe")


def _equal(left: Array, right: Array, out: Array) -> None:
    """1 where both are equal, else 0; the & with a quotient that follows keeps its last bit."""
    np.equal(left, right, out=out, casting="unsafe")


class Run:
    """A program with memory for blocks of one length."""

    def __init__(self, program: Program, rows: int) -> None:
        self.program = program
        self.rows = rows
        self._memory: list[Array] = []
        self._places: dict[_Slot, int] = {}
        for kind, count in program.slots.items():
            for index, column in enumerate(columns_of(count, rows, kind)):
                self._places[kind, index] = self._kept(column)
        used = [slot for _, left, right, _ in program.operations for slot in (left, right)]
        self._inputs = {
            slot
            for slot in (*used, *program.results)
            if isinstance(slot, tuple) and slot[0] in ("wage", "rates")
        }
        for slot in self._inputs:
            self._places[slot] = self._kept(np.empty(rows, f"u{slot[1]}"))
        self._operations = [
            (function, self._bound(left), self._bound(right), self._places[out])
            for function, left, right, out in program.operations
        ]
        self._results = [
            self._bound(slot if isinstance(slot, tuple) else np.array(slot, "u8"))
            for slot in program.results
        ]
        made = {place for *_, place in self._operations}
        first = {place: index for index, place in reversed([*enumerate(self._results)])}
        self._direct = [(index, place) for place, index in first.items() if place in made]

    def _kept(self, column: Array) -> int:
        self._memory.append(column)
        return len(self._memory) - 1

    def _bound(self, operand: _Slot | Array) -> int:
        return self._places[operand] if isinstance(operand, tuple) else self._kept(operand)

    def go(self, wages: Array, numerators: Array | None, out: Sequence[Array | None]) -> None:
        """Compute one block.

        Arguments:
            wages: the block.
            numerators: the numerators of each row's own rate, if there are any.
            out: where each result goes, as long as the block; None for one that is not wanted.
        """
        memory = self._memory.copy()
        copied = dict(enumerate(out))
        # What is as wide as its slot is computed where it is wanted: a copy costs as much as a sum.
        for index, place in self._direct:
            target = out[index]
            if target is not None and target.itemsize == memory[place].itemsize:
                memory[place] = target.view(memory[place].dtype)
                del copied[index]
        for slot in self._inputs:
            into = memory[self._places[slot]]
            if slot[0] == "rates" and numerators is not None:
                np.copyto(into, numerators, casting="unsafe")
            elif slot[1] == 8:
                np.copyto(into, wages)
            else:
                self._narrow(wages, into)
        for function, left, right, result in self._operations:
            function(memory[left], memory[right], memory[result])
        for index, target in copied.items():
            if target is not None:
                np.copyto(target, memory[self._results[index]], casting="unsafe")

    def _narrow(self, wages: Array, target: Array) -> None:
        cut = self.program.narrow_wage
        if wages.max() > cut:
            wages = np.minimum(wages, np.uint64(cut))
        np.copyto(target, wages, casting="unsafe")
