"""The reference: one line for one person, in exact objects, step by step.

It is slow and plain on purpose. Every other reader of a schedule is held to it by a property test,
and every explanation is its steps put into words.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

from socialins.settlement.schedule import Line
from socialins.values import Money, Rate
from socialins.values.masking import masked

__all__ = ["Derivation", "derive", "derive_at"]


@attrs.frozen
class Derivation:
    """How an amount came about.

    Arguments:
        wage: the declared wage.
        rounded: the wage after the base's rounding.
        base: the rounded wage held between floor and cap.
        rate: the rate that was applied, after any relief.
        exact: base × rate in fen, before rounding.
        product: base × rate, rounded.
        amount: the product plus the fixed sum.
    """

    wage: Money = attrs.field(repr=masked)
    rounded: Money = attrs.field(repr=masked)
    base: Money = attrs.field(repr=masked)
    rate: Rate
    exact: Fraction = attrs.field(repr=masked)
    product: Money = attrs.field(repr=masked)
    amount: Money = attrs.field(repr=masked)


def derive(line: Line, wage: Money, operand: Rate | None = None) -> Derivation:
    """Compute an amount from a declared wage.

    Arguments:
        line: the line of the schedule.
        wage: the declared wage.
        operand: the account's own rate, for a line that takes one.

    Raises:
        ValueError: if the line takes an operand and none is given.
    """
    return derive_at(line, wage, line.rate_with(operand))


def derive_at(line: Line, wage: Money, rate: Rate) -> Derivation:
    """Compute an amount at the rate that is collected, relief and operand already in it.

    Arguments:
        line: the line of the schedule.
        wage: the declared wage.
        rate: what `Line.rate_with` gives.
    """
    rounded = line.base_rounding(wage)
    base = rounded
    if line.floor is not None:
        base = max(base, Money(line.floor))
    if line.cap is not None:
        base = min(base, Money(line.cap))
    exact = rate.of(base)
    product = line.amount_rounding(exact)
    return Derivation(wage, rounded, base, rate, exact, product, product + line.fixed_money)
