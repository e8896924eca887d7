"""Strategies for values: money, rates, roundings, months and spans of months."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from socialins.testing.lazy import st
from socialins.values import Money, Month, MonthSpan, Rate, Rounding

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["money", "month_spans", "months", "rates", "roundings"]

_MOST = Money.yuan(10**10)


def money(
    *, min_value: Money | str | None = None, max_value: Money | str | None = None
) -> SearchStrategy[Money]:
    """Amounts (金额), to the fen.

    Shrinks towards zero, or towards the bound next to it.

    Arguments:
        min_value: the least amount, as `Money` or yuan; minus ten thousand million if left out.
        max_value: the greatest; ten thousand million if left out.

    >>> from hypothesis import find
    >>> find(money(), lambda amount: amount < Money(-5))
    Money.yuan('-0.06')
    """
    least = -_MOST if min_value is None else Money.yuan(min_value)
    greatest = _MOST if max_value is None else Money.yuan(max_value)
    return st.integers(least.fen, greatest.fen).map(Money)


def rates(
    *, min_value: Rate | str = "0%", max_value: Rate | str = "100%", places: int = 5
) -> SearchStrategy[Rate]:
    """Rates (费率) with a finite decimal form.

    Shrinks towards the least rate, with few decimals.

    Arguments:
        min_value: the least rate.
        max_value: the greatest rate.
        places: the most decimals that a rate has, written as a decimal: 3 for 9.8 %.
    """
    low, high = Rate(min_value).fraction, Rate(max_value).fraction
    scales = [10**count for count in range(places + 1)]
    within = [
        (math.ceil(low * scale), math.floor(high * scale), scale)
        for scale in scales
        if math.ceil(low * scale) <= math.floor(high * scale)
    ]
    if not within:
        raise ValueError(f"no rate of {places} decimals lies between {min_value} and {max_value}")
    return st.one_of([_scaled(*one) for one in within])


def _scaled(low: int, high: int, scale: int) -> SearchStrategy[Rate]:
    return st.integers(low, high).map(lambda count: Rate(Fraction(count, scale)))


def roundings() -> SearchStrategy[Rounding]:
    """Kinds of rounding (进位方式); shrinks towards half up to the fen, the most common."""
    others = [one for one in Rounding if one is not Rounding.HALF_UP_FEN]
    return st.sampled_from([Rounding.HALF_UP_FEN, *others])


def months(
    *, min_value: Month | str = "2000-01", max_value: Month | str = "2099-12"
) -> SearchStrategy[Month]:
    """Months (月份); shrinks towards the earliest.

    Arguments:
        min_value: the earliest month.
        max_value: the latest month.
    """
    indexes = st.integers(Month.of(min_value).index, Month.of(max_value).index)
    return indexes.map(Month.from_index)


def month_spans(
    *,
    min_value: Month | str = "2000-01",
    max_value: Month | str = "2099-12",
    open_ended: bool = True,
    containing: Month | str | None = None,
) -> SearchStrategy[MonthSpan]:
    """Spans of months (月份区间); shrinks towards an early one without an end.

    Arguments:
        min_value: the earliest month that a span may begin in.
        max_value: the latest month that a closed one may end in.
        open_ended: whether spans without an end are among them.
        containing: a month that lies in every one of them.
    """
    least, greatest = Month.of(min_value), Month.of(max_value)
    inside = None if containing is None else Month.of(containing)
    firsts = months(min_value=min(least, inside or least), max_value=inside or greatest)
    lasts = months(min_value=inside or least, max_value=max(greatest, inside or greatest))
    return st.builds(_span, firsts, st.none() | lasts if open_ended else lasts)


def _span(one: Month, other: Month | None) -> MonthSpan:
    return MonthSpan(one, other) if other is None else MonthSpan(min(one, other), max(one, other))
