"""Money (金额): a whole number of fen, signed.

A contribution is owed to the fen and compared to the fen, so an amount is an integer count of fen
in a type of its own. What lies between two fen exists only inside a rule, as a `Fraction`, until a
`Rounding` turns it into `Money`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from socialins.values.exact import exact_fraction, refuse_float

__all__ = ["Money"]

_INSTEAD = "Money.yuan('12.34') for yuan, Money(1234) for fen"
_SYMBOL = re.compile("^([+-]?)[¥\N{FULLWIDTH YEN SIGN}]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z")


def _whole_fen(_instance: object, _attribute: object, value: Any) -> None:
    if type(value) is int:  # nearly always, and in a payroll millions of times
        return
    refuse_float(value, "an amount", _INSTEAD)
    if not isinstance(value, int):
        raise TypeError(f"{type(value).__name__} can't be an amount of fen; pass {_INSTEAD}")


@attrs.frozen(order=True, repr=False)
class Money:
    """An amount in renminbi, as whole fen (分).

    Arguments:
        fen: the amount in fen; negative for what is taken back.

    Raises:
        TypeError: for a float, or anything but an int.

    >>> Money(160000)
    Money.yuan('1600.00')
    >>> Money.yuan("1600") + Money.yuan("0.05")
    Money.yuan('1600.05')
    >>> Money(16.0)
    Traceback (most recent call last):
        ...
    TypeError: float 16.0 can't be an amount: it is not exact; pass Money.yuan('12.34') for yuan, \
Money(1234) for fen
    """

    fen: int = attrs.field(validator=_whole_fen)

    @classmethod
    def yuan(cls, value: str | int | Decimal | Fraction | Money) -> Money:
        """Read an amount given in yuan.

        Arguments:
            value: text such as ``"1600"``, ``"1,600.00"`` or ``"¥1,600.00"``, an int of yuan, a
                `Decimal` or a `Fraction`. `Money` passes through.

        Raises:
            TypeError: for a float.
            ValueError: for text that is no amount, or that has a part smaller than a fen.

        >>> Money.yuan("¥1,234.50").fen
        123450
        >>> Money.yuan("0.005")
        Traceback (most recent call last):
            ...
        ValueError: '0.005' has a part smaller than a fen; round it with a Rounding first
        """
        if isinstance(value, Money):
            return value
        number: object = value
        if isinstance(value, str):
            text = _SYMBOL.sub(r"\1", value.strip())
            number = text.replace(",", "") if _GROUPED.match(text) else text
        exact = exact_fraction(number, "an amount", _INSTEAD) * 100
        if exact.denominator != 1:
            shown = repr(value) if isinstance(value, str) else str(value)
            raise ValueError(
                f"{shown} has a part smaller than a fen; round it with a Rounding first"
            )
        return cls(exact.numerator)

    @classmethod
    def sum(cls, amounts: Iterable[Money]) -> Money:
        """Add amounts up; the sum of none is zero yuan.

        >>> Money.sum([Money(1), Money(2)])
        Money.yuan('0.03')
        """
        return cls(sum(amount.fen for amount in amounts))

    def to_decimal(self) -> Decimal:
        """The amount in yuan, with two decimals.

        >>> Money(5).to_decimal()
        Decimal('0.05')
        """
        return Decimal(str(self))  # of text: arithmetic would round as the caller's context says

    def split(self, parts: int) -> tuple[Money, ...]:
        """Share the amount into equal parts that add up to it; the first ones carry the odd fen.

        >>> [str(part) for part in Money.yuan("100").split(3)]
        ['33.34', '33.33', '33.33']
        """
        if parts < 1:
            raise ValueError(f"an amount can't be split into {parts} parts; pass at least 1")
        return self.share([1] * parts)

    def share(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Share the amount in proportion to whole weights, losing nothing.

        Each part is within one fen of its exact share, and the parts add up to the amount. Fen left
        over go to the largest remainders, earlier parts first.

        Arguments:
            weights: non-negative ints, not all zero.

        >>> [part.fen for part in Money(100).share([1, 1, 2])]
        [25, 25, 50]
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError(f"weights {list(weights)} can't share an amount; pass counts >= 0")
        sign = -1 if self.fen < 0 else 1
        whole = [divmod(abs(self.fen) * weight, total) for weight in weights]
        left = abs(self.fen) - sum(part for part, _ in whole)
        largest = sorted(range(len(whole)), key=lambda index: -whole[index][1])[:left]
        extra = set(largest)
        return tuple(
            Money(sign * (part + (index in extra))) for index, (part, _) in enumerate(whole)
        )

    def format(self) -> str:
        """The amount as people read it, with ¥ and thousands.

        >>> Money.yuan("-1234567.8").format()
        '-¥1,234,567.80'
        """
        return f"{self:¥,}"

    def __format__(self, spec: str) -> str:
        """Format: ``""`` plain, ``","`` with thousands, ``"¥,"`` with the sign of the yuan."""
        if spec not in ("", ",", "¥", "¥,"):
            raise ValueError(f"unknown format {spec!r} for an amount; use '', ',', '¥' or '¥,'")
        yuan, fen = divmod(abs(self.fen), 100)
        sign = "-" if self.fen < 0 else ""
        symbol = "¥" if "¥" in spec else ""
        digits = f"{yuan:,}" if "," in spec else str(yuan)
        return f"{sign}{symbol}{digits}.{fen:02}"

    def __str__(self) -> str:
        return format(self, "")

    def __repr__(self) -> str:
        return f"Money.yuan('{self}')"

    def __bool__(self) -> bool:
        return self.fen != 0

    def __add__(self, other: Money) -> Money:
        refuse_float(other, "an amount", _INSTEAD)
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen + other.fen)

    def __radd__(self, other: object) -> Money:
        # The builtin sum() starts from the int 0; no other number may be added to money.
        refuse_float(other, "an amount", _INSTEAD)
        if isinstance(other, int) and other == 0:
            return self
        return NotImplemented

    def __sub__(self, other: Money) -> Money:
        refuse_float(other, "an amount", _INSTEAD)
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen - other.fen)

    def __mul__(self, count: int) -> Money:
        refuse_float(count, "a count of amounts", "an int, or Rate.of(money) with a Rounding")
        if not isinstance(count, int):
            return NotImplemented
        return Money(self.fen * count)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __pos__(self) -> Money:
        return self

    def __abs__(self) -> Money:
        return Money(abs(self.fen))

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Money):
            return Fraction(self.fen, other.fen)
        raise TypeError("an amount can't be divided without a rule; use split() or share()")
