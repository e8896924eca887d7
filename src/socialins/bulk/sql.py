"""SQL: a schedule as expressions that DuckDB or Spark computes, in whole numbers only.

An engine's own expressions are several times faster than rows handed to Python, and run wherever
its data lies. The text is made of whole numbers from `bulk.limits`, which has proven that every
step fits 64 bits, and of quoted column names; no text of a rule file gets into it, and no fraction
is ever rounded by the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from socialins.bulk.limits import INT64_MAX, LineLimits, Scaling

__all__ = ["Dialect", "amount", "base_count", "case", "in_fen", "scaled", "summed"]


class Dialect(StrEnum):
    """An engine's SQL: how it divides whole numbers, and how it quotes names.

    >>> Dialect("duckdb").divided("a", "b"), Dialect("spark").divided("a", "b")
    ('(a // b)', '(a div b)')
    """

    DUCKDB = "duckdb"
    SPARK = "spark"

    def divided(self, top: str, bottom: str) -> str:
        """Whole quotient; top is not negative, bottom above zero.

        DuckDB's ``/`` and Spark's ``/`` both make floating-point numbers.
        """
        operator = "//" if self is Dialect.DUCKDB else "div"
        return f"({top} {operator} {bottom})"

    def quoted(self, name: str) -> str:
        """A column's name as an identifier, whatever it holds.

        Raises:
            ValueError: for a name that is empty or holds control characters.

        >>> print(Dialect.DUCKDB.quoted('wage"fen'), Dialect.SPARK.quoted("wage.fen"))
        "wage""fen" `wage.fen`
        """
        if not name or not name.isprintable():
            raise ValueError(f"{name!r} can't be the name of a column")
        mark = '"' if self is Dialect.DUCKDB else "`"
        return mark + name.replace(mark, mark * 2) + mark


def whole(number: int) -> str:
    """A literal; a whole number that no engine takes for anything wider than 64 bits."""
    if not 0 <= number <= INT64_MAX:
        raise ValueError(f"{number} is no number of a proven step")
    return f"{number:d}"


def scaled(dialect: Dialect, top: str, steps: Scaling) -> str:
    """The rounded amount that a scaling makes of ``top``, as `Scaling` itself computes it.

    >>> from socialins.bulk.limits import scaling
    >>> from socialins.values import Rounding
    >>> scaled(Dialect.DUCKDB, "b", scaling(Rounding.HALF_UP_FEN, 8, 100))
    '(((b * 2) + 12) // 25)'
    """
    found = _times(top, steps.factor)
    if steps.cut:
        found = _times(dialect.divided(found, whole(steps.cut)), steps.after_cut)
    if steps.offset:
        found = f"({found} + {whole(steps.offset)})"
    count = found if steps.divisor == 1 else dialect.divided(found, whole(steps.divisor))
    if steps.even:
        # Nothing is left over only where it was exactly half.
        odd = f"CASE WHEN {found} % {whole(steps.divisor)} = 0 THEN {count} % 2 ELSE 0 END"
        count = f"({count} - {odd})"
    return _times(count, steps.multiple)


def base_count(dialect: Dialect, rounded: str, limits: LineLimits) -> str:
    """The base in grains: a rounded wage in grains, held between floor and cap.

    Arguments:
        dialect: the engine.
        rounded: the wage after `limits.base`, as SQL; null where there is no wage.
        limits: the line's.
    """
    # CASE is computed several times faster than greatest() and least(), which look for nulls.
    bounds = []
    if limits.floor is not None:
        bounds.append(f"WHEN {rounded} < {whole(limits.floor)} THEN {whole(limits.floor)}")
    if limits.cap is not None:
        bounds.append(f"WHEN {rounded} > {whole(limits.cap)} THEN {whole(limits.cap)}")
    return f"CASE {' '.join(bounds)} ELSE {rounded} END" if bounds else rounded


def in_fen(count: str, limits: LineLimits) -> str:
    """A base of so many grains, in fen."""
    return _times(count, limits.grain)


def amount(dialect: Dialect, count: str, limits: LineLimits, numerator: str) -> str:
    """The amount of a line, its fixed sum included.

    Arguments:
        dialect: the engine.
        count: the base in grains, as SQL.
        limits: the line's.
        numerator: for a line that takes an operand: its numerator over the denominator that the
            limits were proven for, as SQL.
    """
    top = count
    if limits.line.operand is not None:
        top = f"({count} * {numerator})"
    found = scaled(dialect, top, limits.amount)
    return f"({found} + {whole(limits.line.fixed)})" if limits.line.fixed else found


def summed(terms: Iterable[str]) -> str:
    """A sum; that of nothing is 0."""
    listed = list(terms)
    return " + ".join(listed) if listed else "0"


def case(selector: str, by_class: Iterable[str]) -> str:
    """One expression from that of each class, classes 0, 1, 2, …; equal ones are one branch.

    >>> case("k", ["a", "b", "a"])
    'CASE WHEN k = 1 THEN b ELSE a END'
    >>> case("k", ["a", "a"])
    'a'
    """
    classes: dict[str, list[int]] = {}
    for number, sql in enumerate(by_class):
        classes.setdefault(sql, []).append(number)
    # The branch with the longest list is the one that needs none.
    branches = sorted(classes.items(), key=lambda branch: len(branch[1]))
    if len(branches) == 1:
        return branches[0][0]
    told = " ".join(
        f"WHEN {_among(selector, numbers)} THEN {sql}" for sql, numbers in branches[:-1]
    )
    return f"CASE {told} ELSE {branches[-1][0]} END"


def _among(selector: str, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"{selector} = {numbers[0]:d}"
    return f"{selector} IN ({', '.join(f'{number:d}' for number in numbers)})"


def _times(sql: str, factor: int) -> str:
    return sql if factor == 1 else f"({sql} * {whole(factor)})"
