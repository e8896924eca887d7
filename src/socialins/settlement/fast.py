"""The fast reader: a schedule turned into one Python function on whole fen.

A payroll run settles the same few schedules for many persons. The function has every floor, cap,
rate and rounding as a constant in its code, computes shared bases once, and returns plain ints.
The code is made of whole numbers from the schedule only; no text of a rule file gets into it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from socialins.settlement.schedule import Line
from socialins.values import Rounding

__all__ = ["FastFunction", "fast_function"]

FastFunction = Callable[[int, int, int], tuple[int, ...]]
"""(wage in fen, operand's numerator and denominator) → base and amount of each line, in fen."""


@lru_cache(maxsize=1024)
def fast_function(lines: tuple[Line, ...]) -> FastFunction:
    """Make the function for the lines of a schedule.

    Arguments:
        lines: the lines; a wage must not be negative.

    Returns:
        A function of the wage in fen and of numerator and denominator of the account's rate
        (0 and 1 where no line takes one). It returns 2 × len(lines) whole fen: base, amount, base,
        amount, …, the amount with its fixed sum.
    """
    code = _source(lines)
    namespace: dict[str, FastFunction] = {}
    allowed = {"__builtins__": {}, "half_even": _half_even}
    # What runs was put together above from whole numbers; it can reach nothing else.
    exec(compile(code, "<schedule>", "exec"), allowed, namespace)  # noqa: S102
    return namespace["settle"]


def _source(lines: tuple[Line, ...]) -> str:
    body: list[str] = []
    bases: dict[tuple[int | None, int | None, Rounding], str] = {}
    results: list[str] = []
    for index, line in enumerate(lines):
        wanted = (line.floor, line.cap, line.base_rounding)
        base = bases.get(wanted)
        if base is None:
            base = bases[wanted] = f"b{len(bases)}"
            body.append(f"{base} = {_rounded('w', '1', line.base_rounding)}")
            if line.floor is not None:
                body.append(f"if {base} < {line.floor:d}: {base} = {line.floor:d}")
            if line.cap is not None:
                body.append(f"if {base} > {line.cap:d}: {base} = {line.cap:d}")
        if line.operand is None:
            if line.rate is None:
                raise ValueError(f"line {line.key} has neither rate nor operand")
            rate = line.rate_with(None)
            top, bottom = f"{base}*{rate.numerator:d}", f"{rate.denominator:d}"
        elif line.relief is None:
            top, bottom = f"{base}*n", "d"
        else:
            top, bottom = f"{base}*n*{line.relief.numerator:d}", f"(d*{line.relief.denominator:d})"
        product = _rounded(top, bottom, line.amount_rounding)
        body.append(f"a{index} = {product}" + (f" + {line.fixed:d}" if line.fixed else ""))
        results += [base, f"a{index}"]
    returned = f"return ({', '.join(results)},)" if results else "return ()"
    return "def settle(w, n, d):\n" + "".join(f"    {line}\n" for line in [*body, returned])


def _rounded(top: str, bottom: str, rounding: Rounding) -> str:
    """An expression for top / bottom fen, rounded; top is not negative."""
    spec = rounding.spec
    if spec.cut:
        unit = bottom if spec.cut == 1 else f"({bottom}*{spec.cut:d})"
        top, bottom = f"({top})//{unit}*{spec.cut:d}", "1"
    unit = bottom if spec.step == 1 else f"({bottom}*{spec.step:d})"
    if bottom == "1" and spec.step == 1:
        return top
    counts = {
        "up": f"-(-({top})//{unit})",
        "down": f"({top})//{unit}",
        "half-up": f"(2*({top})+{unit})//(2*{unit})",
        "half-even": f"half_even({top}, {unit})",
    }
    count = counts[spec.direction]
    return count if spec.step == 1 else f"{count}*{spec.step:d}"


def _half_even(top: int, unit: int) -> int:
    count, rest = divmod(top, unit)
    return count + (2 * rest > unit or (2 * rest == unit and count % 2 == 1))
