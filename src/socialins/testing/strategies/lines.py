"""Lines of a schedule, for whoever writes another reader of it and holds it to the reference."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from socialins.faults import Text
from socialins.model import Payer
from socialins.rules import Operand
from socialins.settlement import Line
from socialins.testing.strategies.values import rates
from socialins.values import Rate, Rounding

__all__ = ["lines"]


def lines(
    *,
    insurance: str = "pension",
    item: str = "basic",
    payer: Payer | None = None,
    max_fen: int = 10**9,
) -> st.SearchStrategy[Line]:
    """Any line that rules can make, with bounds in order.

    Arguments:
        insurance: what is owed.
        item: which part of it.
        payer: by whom; either if left out.
        max_fen: the largest bound.

    >>> from hypothesis import given
    >>> from socialins.settlement import derive, fast_function
    >>> from socialins.values import Money
    >>> @given(lines())
    ... def test_ours_is_the_reference(line):
    ...     expected = derive(line, Money(500_000), Rate("0.2%"))
    ...     assert fast_function((line,))(500_000, 1, 500)[1] == expected.amount.fen
    >>> test_ours_is_the_reference()
    """
    return _lines(insurance, item, tuple(Payer) if payer is None else (payer,), max_fen)


@st.composite
def _lines(
    draw: st.DrawFn, insurance: str, item: str, payers: Sequence[Payer], max_fen: int
) -> Line:
    fen = st.integers(0, max_fen)
    kinds = st.sampled_from(Rounding)
    every_rate = rates() | st.fractions(0, 1, max_denominator=9999).map(Rate)
    low, high = sorted((draw(fen), draw(fen)))
    by_operand = draw(st.booleans())
    title = Text(insurance, insurance)
    return Line(
        insurance=insurance,
        item=item,
        payer=draw(st.sampled_from(payers)),
        title=title,
        item_title=title,
        floor=draw(st.sampled_from([None, low])),
        cap=draw(st.sampled_from([None, high])),
        base_rounding=draw(kinds),
        rate=None if by_operand else draw(every_rate),
        operand=Operand.INJURY_RATE if by_operand else None,
        relief=draw(st.none() | every_rate),
        fixed=draw(st.just(0) | st.integers(0, 50_000)),
        amount_rounding=draw(kinds),
    )
