"""Exact numbers from what people pass in.

Every value type reads text, whole numbers, `Decimal` and `Fraction`, and refuses `float` with a
sentence that says what to pass instead: 0.1 + 0.2 is not 0.3 in binary, and a contribution that is
off by one fen is a rejected filing.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

__all__ = ["exact_fraction", "refuse_float"]

# Longer figures are never money or rates; the bound keeps hostile input cheap ("1e999999").
_MAX_LENGTH = 40


def refuse_float(value: object, what: str, instead: str) -> None:
    """Raise `TypeError` for a float (bool too), naming what to pass instead.

    >>> refuse_float(0.098, "a rate", "Rate('9.8%')")
    Traceback (most recent call last):
        ...
    TypeError: float 0.098 can't be a rate: it is not exact; pass Rate('9.8%')
    """
    if isinstance(value, bool | float):
        kind = type(value).__name__
        raise TypeError(f"{kind} {value!r} can't be {what}: it is not exact; pass {instead}")


def exact_fraction(value: object, what: str, instead: str) -> Fraction:
    """Read a number exactly.

    Arguments:
        value: `int`, `Decimal`, `Fraction`, or decimal text such as ``"12.34"``.
        what: what is being read, for the error ("an amount").
        instead: an example of what to pass, for the error.

    Returns:
        The number as a `Fraction`.

    Raises:
        TypeError: for a float, or a type that holds no number.
        ValueError: for text that is not a finite decimal number.

    >>> exact_fraction("12.34", "an amount", "'12.34'")
    Fraction(617, 50)
    """
    refuse_float(value, what, instead)
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} can't be {what}: it is not a finite number; pass {instead}")
        if abs(value.adjusted()) > _MAX_LENGTH:
            raise ValueError(f"{value} can't be {what}: it is out of all range; pass {instead}")
        return Fraction(value)
    if isinstance(value, str):
        text = value.strip()
        if len(text) > _MAX_LENGTH:
            raise ValueError(f"text of {len(text)} characters can't be {what}; pass {instead}")
        try:
            # Decimal reads "1_000" as Python does; nobody who types an amount means that.
            number = Decimal(text if "_" not in text else "")
        except InvalidOperation:
            raise ValueError(f"{value!r} can't be {what}; pass {instead}") from None
        return exact_fraction(number, what, instead)
    raise TypeError(f"{type(value).__name__} can't be {what}; pass {instead}")
