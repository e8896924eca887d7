"""Rate (费率): an exact fraction of a base."""

from __future__ import annotations

from fractions import Fraction

import attrs

from socialins.values.exact import exact_fraction, refuse_float
from socialins.values.money import Money

__all__ = ["Rate"]

_INSTEAD = "Rate('9.8%') or Rate('0.098')"
_SIGNS = {"%": 100, "\N{FULLWIDTH PERCENT SIGN}": 100, "\N{PER MILLE SIGN}": 1000}


def _exact(value: object) -> Fraction:
    if isinstance(value, Rate):
        return value.fraction
    if isinstance(value, str):
        text = value.strip()
        divisor = _SIGNS.get(text[-1:], 1)
        number = text[:-1] if divisor != 1 else text
        if "/" in number:
            top, _, bottom = number.partition("/")
            denominator = exact_fraction(bottom, "a rate", _INSTEAD)
            if denominator == 0:
                raise ValueError(f"{value!r} divides by zero; pass {_INSTEAD}")
            return exact_fraction(top, "a rate", _INSTEAD) / denominator / divisor
        return exact_fraction(number, "a rate", _INSTEAD) / divisor
    return exact_fraction(value, "a rate", _INSTEAD)


def _terminates(denominator: int) -> bool:
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator //= factor
    return denominator == 1


@attrs.frozen(order=True, repr=False)
class Rate:
    """A rate, exact: ``Rate("9.8%")`` and ``Rate("0.098")`` are the same.

    Arguments:
        fraction: text with a percent or per-mille sign, decimal text, ``"1/3"``, an int, a
            `Decimal` or a `Fraction`.

    Raises:
        TypeError: for a float.
        ValueError: for text that is no rate.

    >>> Rate("9.8%") == Rate("0.098")
    True
    >>> str(Rate("0.002")), Rate("9.8%").decimal()
    ('0.2%', '0.098')
    >>> Rate(0.098)
    Traceback (most recent call last):
        ...
    TypeError: float 0.098 can't be a rate: it is not exact; pass Rate('9.8%') or Rate('0.098')
    """

    fraction: Fraction = attrs.field(converter=_exact)

    @property
    def numerator(self) -> int:
        """The numerator in lowest terms."""
        return self.fraction.numerator

    @property
    def denominator(self) -> int:
        """The denominator in lowest terms, positive."""
        return self.fraction.denominator

    def of(self, base: Money) -> Fraction:
        """The exact product in fen, before the rule's rounding.

        >>> Rate("0.5%").of(Money.yuan("743"))
        Fraction(743, 2)
        """
        refuse_float(base, "a base", "Money.yuan('5000')")
        return self.fraction * base.fen

    def decimal(self) -> str:
        """The rate as a decimal string, for JSON and spreadsheets.

        A rate that has no finite decimal form is written as a fraction.

        >>> Rate("9.8%").decimal(), Rate("1/3").decimal()
        ('0.098', '1/3')
        """
        return _plain(self.fraction)

    def __mul__(self, other: Rate) -> Rate:
        refuse_float(other, "a rate", _INSTEAD)
        if not isinstance(other, Rate):
            return NotImplemented
        return Rate(self.fraction * other.fraction)

    def __add__(self, other: Rate) -> Rate:
        refuse_float(other, "a rate", _INSTEAD)
        if not isinstance(other, Rate):
            return NotImplemented
        return Rate(self.fraction + other.fraction)

    def __radd__(self, other: object) -> Rate:
        refuse_float(other, "a rate", _INSTEAD)
        if isinstance(other, int) and other == 0:
            return self
        return NotImplemented

    def __bool__(self) -> bool:
        return self.fraction != 0

    def __str__(self) -> str:
        if not _terminates(self.fraction.denominator):
            return str(self.fraction)
        return f"{_plain(self.fraction * 100)}%"

    def __repr__(self) -> str:
        return f"Rate('{self}')"


def _plain(value: Fraction) -> str:
    if not _terminates(value.denominator):
        return str(value)
    # A terminating fraction becomes a whole number after enough tens; no rounding can happen.
    places = 0
    scaled = value
    while scaled.denominator != 1:
        scaled *= 10
        places += 1
    if not places:
        return str(scaled.numerator)
    # In whole numbers: Decimal's arithmetic would round as the caller's context says.
    whole, part = divmod(abs(scaled.numerator), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole}.{part:0{places}}"
