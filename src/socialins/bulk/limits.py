"""Limits: what whole numbers a line can make, proven before anything is computed.

An array of int32 is twice as fast as one of int64 and silently wrong once a product overflows. So
each line is turned into the few whole-number steps that every vectorised reader takes, the largest
number of each step is worked out for the largest wage, and the line is given 32 bits only where all
of them fit; else 64; and what fits neither is refused by name. Plain Python, no array library.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd

import attrs

from socialins.faults import Fault, FaultError, Text
from socialins.model.codes import Payer
from socialins.settlement.schedule import Line
from socialins.values import Rate, Rounding

__all__ = [
    "INT32_MAX",
    "INT64_MAX",
    "MAX_WAGE_FEN",
    "Limits",
    "LineLimits",
    "Refused",
    "Scaling",
    "prove",
    "refused",
    "scaling",
]

MAX_WAGE_FEN = 10**10
"""The largest declared wage that tables take, in fen: a hundred million yuan a month."""

INT32_MAX = 2**31 - 1
INT64_MAX = 2**63 - 1


class Refused(FaultError):
    """A rule can't be computed exactly by a target; the fault names region, insurance, payer."""


@attrs.frozen
class Scaling:
    """How a whole number ``x`` becomes a rounded amount, in whole numbers only.

    ``y = x * factor``; if there is a cut, ``y = y // cut * after_cut``; then
    ``(y + offset) // divisor * multiple``. With `even`, where ``y + offset`` is a multiple of
    ``divisor``, an odd quotient goes down by one: that was half, and goes to the even number.

    Every step grows with ``x``, and none is negative for an ``x`` that is not.
    """

    factor: int
    cut: int
    after_cut: int
    offset: int
    divisor: int
    multiple: int
    even: bool

    def __call__(self, x: int) -> int:
        """The rounded amount of ``x``."""
        return self.steps(x)[-1]

    def steps(self, x: int) -> tuple[int, ...]:
        """Every number on the way, the rounded amount last; the proofs are made of these."""
        y = x * self.factor
        found = [y]
        if self.cut:
            y //= self.cut
            found += [y, y * self.after_cut]
            y *= self.after_cut
        raised = y + self.offset
        count = raised // self.divisor
        if self.even and count * self.divisor == raised:
            count -= count & 1
        return (*found, raised, count * self.multiple)


def scaling(rounding: Rounding, numerator: int, denominator: int = 1) -> Scaling:
    """The whole-number steps that round ``x * numerator / denominator`` fen.

    Arguments:
        rounding: how it is rounded.
        numerator: of the factor, not negative.
        denominator: of the factor, above 0.

    >>> scaling(Rounding.HALF_UP_FEN, 8, 100)
    Scaling(factor=2, cut=0, after_cut=1, offset=12, divisor=25, multiple=1, even=False)
    >>> scaling(Rounding.HALF_UP_FEN, 8, 100)(104890), scaling(Rounding.HALF_EVEN_FEN, 1, 2)(5)
    (8391, 2)
    """
    spec = rounding.spec
    cut, after_cut = 0, 1
    unit = spec.step
    factor = numerator
    if spec.cut:
        factor, cut = _reduced(numerator, denominator * spec.cut)
        # Whatever is cut to is divided by the step next, so what both have in common drops out.
        after_cut, unit = _reduced(spec.cut, spec.step)
        if cut == 1:
            factor, cut, after_cut = factor * after_cut, 0, 1
    else:
        factor, unit = _reduced(numerator, denominator * spec.step)
    # Half of an odd unit lies between two whole numbers: nothing can be exactly half there, and
    # the whole number below it decides the same.
    offset = {"up": unit - 1, "down": 0}.get(spec.direction, unit // 2)
    even = spec.direction == "half-even" and unit % 2 == 0
    return Scaling(factor, cut, after_cut, offset, unit, spec.step, even)


def _reduced(numerator: int, denominator: int) -> tuple[int, int]:
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


@attrs.frozen(kw_only=True)
class LineLimits:
    """What a line can make of any wage up to the largest.

    The wage is first cut at `wage_max`, beyond which the cap decides anyway. Bases are counted in
    grains: a base is `grain` times a whole number, so that a base of whole yuan needs no fen while
    it is multiplied.

    Arguments:
        line: the line.
        wage_max: a wage above this has the same base.
        grain: every base is a multiple of this many fen.
        base: how a wage becomes a number of grains, before floor and cap.
        floor, cap: in grains; None where there is none.
        by_row: the line takes an operand that differs by row: its numerator is multiplied with
            the grains before `amount` goes on.
        amount: how grains become the amount, without its fixed sum.
        base_max, product_max, amount_max: the largest base, number on the way, and amount.
        bits: 32 or 64: what all of these fit.
        base_bits: what wage and base fit.
    """

    line: Line
    wage_max: int
    grain: int
    base: Scaling
    floor: int | None
    cap: int | None
    by_row: bool
    amount: Scaling
    base_max: int
    product_max: int
    amount_max: int
    bits: int
    base_bits: int

    @property
    def int32(self) -> bool:
        """Whether all of it fits int32."""
        return self.bits == 32

    @property
    def base_key(self) -> tuple[int | None, int | None, Rounding]:
        """Lines of one key have one base."""
        return self.line.floor, self.line.cap, self.line.base_rounding

    @property
    def constant(self) -> int | None:
        """The base in fen where floor and cap leave only one; None where there are more."""
        line = self.line
        return line.cap if line.cap is not None and line.cap <= (line.floor or 0) else None


@attrs.frozen(kw_only=True)
class Limits:
    """The limits of all lines of a schedule.

    Arguments:
        lines: one for each line, in order.
        max_wage: the largest wage they hold for, in fen.
        total_max: the largest total of unit or persons.
    """

    lines: tuple[LineLimits, ...]
    max_wage: int
    total_max: int

    @property
    def int32(self) -> bool:
        """Whether everything fits int32."""
        return self.total_max <= INT32_MAX and all(one.int32 for one in self.lines)


def prove(
    lines: Sequence[Line],
    *,
    max_wage: int = MAX_WAGE_FEN,
    operand: Fraction | Rate | tuple[int, int] | None = None,
    region: Text | str = "",
) -> Limits:
    """Prove what the lines can make of any wage from 0 to the largest.

    Arguments:
        lines: the lines of a schedule.
        max_wage: the largest wage, in fen.
        operand: the account's own rate, for lines that take one; or the largest numerator of many
            rates, and the denominator they have in common.
        region: how the region is called, for the refusal.

    Raises:
        Refused: if a line's numbers don't fit int64, or are negative.
        ValueError: if a line takes an operand and none is given.

    >>> from socialins.testing.middle import middle
    >>> from socialins.rules import RuleClass
    >>> from socialins.settlement import compile_schedule
    >>> from socialins.values import Month
    >>> schedule = compile_schedule(middle().cascade, Month.of("2026-11"), RuleClass())
    >>> limits = prove(schedule.lines[:1], operand=Rate("1.9%"))
    >>> [(one.base_max, one.product_max, one.bits) for one in limits.lines]
    [(2150000, 344000, 32)]
    """
    given = _Operand.of(operand)
    proven = tuple(_prove(line, max_wage, given, region) for line in lines)
    totals = [sum(one.amount_max for one in proven if one.line.payer is payer) for payer in Payer]
    if proven and max(totals) > INT64_MAX:
        raise refused(proven[-1].line, region)
    return Limits(lines=proven, max_wage=max_wage, total_max=max(totals, default=0))


_TOO_LARGE = Text("数值超出整数类型的范围", "its numbers don't fit the type of integers")
_NEGATIVE = Text("含有负的比例、定额或上下限", "it has a negative rate, fixed sum or bound")


@attrs.frozen
class _Operand:
    """The account's own rate: of all rows, or the largest numerator where it differs by row."""

    top: int | None
    bottom: int
    by_row: bool

    @classmethod
    def of(cls, operand: Fraction | Rate | tuple[int, int] | None) -> _Operand:
        if operand is None:
            return cls(None, 1, by_row=False)
        if isinstance(operand, tuple):
            return cls(*operand, by_row=True)
        return cls(operand.numerator, operand.denominator, by_row=False)


def _prove(line: Line, max_wage: int, operand: _Operand, region: Text | str) -> LineLimits:
    numerator, denominator = _rate(line, operand)
    bounds = [bound for bound in (line.floor, line.cap) if bound is not None]
    if min([numerator, line.fixed, *bounds]) < 0:
        raise refused(line, region, _NEGATIVE)
    spec = line.base_rounding.spec
    wage_max = max_wage
    if line.cap is not None:
        # No rounding moves a wage by more than its step and its cut.
        wage_max = min(max_wage, line.cap + spec.step + spec.cut)
    grain = gcd(spec.step, *bounds)
    rounded = scaling(line.base_rounding, 1)
    base_max = max(rounded(wage_max), line.floor or 0)
    if line.cap is not None:
        base_max = min(base_max, line.cap)
    by_row = operand.by_row and line.operand is not None
    grains_max, before = base_max // grain, 0
    if by_row:
        # The row's numerator is multiplied first, as it differs; the rest is the same for all.
        before = grains_max = grains_max * (operand.top or 0)
        numerator, denominator = _rate(line, attrs.evolve(operand, top=1))
    amount = scaling(line.amount_rounding, numerator * grain, denominator)
    steps = amount.steps(grains_max)
    amount_max = steps[-1] + line.fixed
    product_max = max(before, *steps, amount_max)
    base_steps = (wage_max, *rounded.steps(wage_max), base_max, *bounds)
    numbers = (operand.top or 0, amount.factor, amount.divisor, amount.cut)
    largest = max(product_max, *base_steps, *numbers)
    if largest > INT64_MAX:
        raise refused(line, region)
    return LineLimits(
        line=line,
        wage_max=wage_max,
        grain=grain,
        base=attrs.evolve(rounded, multiple=rounded.multiple // grain),
        floor=None if line.floor is None else line.floor // grain,
        cap=None if line.cap is None else line.cap // grain,
        by_row=by_row,
        amount=amount,
        base_max=base_max,
        product_max=product_max,
        amount_max=amount_max,
        bits=32 if largest <= INT32_MAX else 64,
        base_bits=32 if max(base_steps) <= INT32_MAX else 64,
    )


def _rate(line: Line, operand: _Operand) -> tuple[int, int]:
    """Numerator and denominator, not reduced, of what the line collects."""
    if line.operand is None:
        rate = line.rate_with(None)
        return rate.numerator, rate.denominator
    if operand.top is None:
        raise ValueError(f"{line.insurance} needs the account's rate; pass it as operand")
    relief = Rate(1) if line.relief is None else line.relief
    return operand.top * relief.numerator, operand.bottom * relief.denominator


def refused(line: Line, region: Text | str = "", why: Text = _TOO_LARGE) -> Refused:
    """The refusal of a line, by name."""
    return Refused(
        Fault(
            "bulk.refused",
            {
                "region": region or Text("本地区", "this region"),
                "insurance": line.title,
                "insurance_id": line.insurance,
                "item": line.item_title,
                "item_id": line.item,
                "payer": line.payer.text,
                "payer_id": line.payer.value,
                "why": why,
            },
        )
    )
