"""`socialins pay list`: the plans of the month with their payments, or the lines of one."""

from __future__ import annotations

from pathlib import Path

from socialins.cli.command import Argument, Command
from socialins.cli.commands.pay.common import (
    BOOK,
    JSON,
    OVERLAY,
    Kept,
    collection_to_plain,
    orders_table,
    plans_table,
)
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, heading, make_console, print_trimmed, say, table
from socialins.collection import CollectionPlan
from socialins.faults import Fault, FaultError, Text
from socialins.rules import ALL

__all__ = ["command"]

_TEXT = Text(
    "列出本月的计划和缴款；指定一项计划时列出其明细。",
    "List the month's plans and payments; of one plan, its lines.",
)
_NOTHING = Text("还没有计划。", "There are no plans yet.")
_ORDERS = Text("缴款", "Payments")
_LINES = (
    Column(Text("险种", "Insurance")),
    Column(Text("缴费主体", "Payer")),
    Column(Text("所属期", "Period"), whole=True),
    Column(Text("类型", "Kind")),
    Column(Text("核定", "Assessed"), number=True),
    Column(Text("待转金", "Credit"), number=True),
    Column(Text("应缴", "Due"), number=True),
    Column(Text("已缴", "Paid"), number=True),
)
_SEVERAL = Text("多个险种", "several")


def _run(*, plan: str | None, book: Path, overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    found = kept.collection
    if plan is not None and plan not in found.plans:
        raise FaultError(Fault("collection.no-such-plan", {"plan": plan}))
    if as_json:
        plain = collection_to_plain(found)
        if plan is not None:
            plain = next(one for one in plain["plans"] if one["id"] == plan)
        print_json(plain)
        return
    console = make_console()
    plans = [found.plans[plan]] if plan is not None else list(found.plans.values())
    if not plans:
        say(console, _NOTHING.get(lang))
        return
    plans_table(console, plans, lang)
    if plan is not None:
        say(console)
        _lines(kept, found.plans[plan], lang)
    orders = [one for one in found.orders.values() if one.plan in {p.id for p in plans}]
    if orders:
        heading(console, _ORDERS.get(lang))
        orders_table(console, orders, found, lang)


def _lines(kept: Kept, plan: CollectionPlan, lang: str) -> None:
    rows: list[list[object]] = [
        [
            kept.rules.cascade.item_title(one.insurance, one.item).get(lang),
            one.payer.title(lang),
            one.period,
            one.kind.title(lang),
            f"{one.amount:,}",
            f"{one.credited:,}" if one.credited else "",
            f"{one.due:,}",
            f"{paid:,}" if paid else "",
        ]
        for one, paid in zip(plan.lines, plan.paid, strict=True)
    ]
    for fee in plan.late_fees:
        several = fee.insurance == ALL
        title = _SEVERAL if several else kept.rules.cascade.title(fee.insurance)
        amount = f"{fee.amount:,}"
        rows.append(
            [
                title.get(lang),
                fee.payer.title(lang),
                fee.period,
                fee.kind.title(lang),
                "",
                "",
                amount,
                amount,
            ]
        )
    print_trimmed(make_console(), table(_LINES, rows, lang))


command = Command(
    "list",
    text=_TEXT,
    params=[
        Argument(["plan"], required=False, text=Text("计划编号。", "A plan's id.")),
        BOOK,
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
