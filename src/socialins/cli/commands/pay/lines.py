"""Lines of a plan on the command line: from a roster, or one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from socialins.cli.command import Option
from socialins.cli.errors import Misuse
from socialins.cli.parameters import AMOUNT, MONTH, OneOf
from socialins.collection import CollectionMode, Owed, Role
from socialins.faults import Fault, Text
from socialins.model.codes import Kind, Payer, UnitSize
from socialins.rules import RuleClass
from socialins.values import Money, Month

__all__ = ["HOW", "LINES", "owed_of", "plan_choices"]

LINES: tuple[click.Parameter, ...] = (
    Option(
        ["--line", "lines"],
        multiple=True,
        nargs=3,
        type=(str, OneOf([one.value for one in Payer]), AMOUNT),
        metavar="INSURANCE PAYER AMOUNT",
        text=Text(
            "一行明细：险种、unit 或 person、金额；可多次。",
            "A line: insurance, unit or person, amount; may be repeated.",
        ),
    ),
    Option(
        ["--period"],
        type=MONTH,
        text=Text("明细的费款所属期；默认本月。", "The month the lines are for; this one."),
    ),
    Option(
        ["--kind"],
        default="regular",
        type=OneOf([one.value for one in Kind]),
        text=Text("明细的类型；默认正常应缴。", "Why they are owed; regular by default."),
    ),
)
HOW: tuple[click.Parameter, ...] = (
    Option(
        ["--mode"],
        type=OneOf([one.value for one in CollectionMode]),
        text=Text("征缴方式；默认按规则。", "The way of collecting; as the rules say."),
    ),
    Option(
        ["--role"],
        default="employer",
        type=OneOf([one.value for one in Role]),
        text=Text("用人单位，或代收单位。", "For its own staff, or for residents."),
    ),
    Option(
        ["--insurance", "insurances"],
        multiple=True,
        text=Text("只计划这些险种；可多次。", "Only this insurance; may be repeated."),
    ),
    Option(
        ["--deferred"],
        is_flag=True,
        text=Text("单位获准缓缴。", "The unit was granted a deferral."),
    ),
    Option(
        ["--unit-size"],
        type=OneOf([one.value for one in UnitSize]),
        text=Text("缓缴按单位规模的，其规模。", "The unit's size, where a deferral goes by it."),
    ),
    Option(
        ["--trade"],
        text=Text("缓缴按行业的，其行业代码。", "The unit's trade, where a deferral goes by it."),
    ),
)


def owed_of(
    lines: Iterable[tuple[str, str, Money]], period: Month | None, kind: str, month: Month
) -> list[Owed]:
    """The lines of the options `LINES`."""
    known: dict[str, Any] = {"period": period or month, "kind": Kind(kind)}
    return [
        Owed(insurance=insurance, payer=Payer(payer), amount=amount, **known)
        for insurance, payer, amount in lines
    ]


def plan_choices(
    *,
    mode: str | None,
    role: str,
    insurances: tuple[str, ...],
    deferred: bool,
    unit_size: str | None,
    trade: str | None,
) -> dict[str, Any]:
    """What `plan_of` is told by the options `HOW`."""
    if not deferred and (unit_size or trade):
        values = {"name": "--unit-size, --trade", "other": "--deferred"}
        raise Misuse(Fault("cli.only-with", values), click.get_current_context())
    size = UnitSize(unit_size) if unit_size else None
    return {
        "mode": mode,
        "role": role,
        "insurances": insurances or None,
        "deferral": RuleClass(unit_size=size, trade=trade) if deferred else None,
    }
