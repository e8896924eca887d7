"""Values: the numbers and months that every rule is made of.

Nothing here knows about insurance. Money is whole fen, a rate is an exact fraction, a month is a
type, and a rounding is a named step that belongs to a rule. The package imports nothing else of
the library.
"""

from socialins.values.capitals import in_capitals
from socialins.values.money import Money
from socialins.values.month import Month, MonthSpan, as_month
from socialins.values.rate import Rate
from socialins.values.rounding import Rounding

__all__ = ["Money", "Month", "MonthSpan", "Rate", "Rounding", "as_month", "in_capitals"]
