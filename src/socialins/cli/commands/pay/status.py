"""`socialins pay status`: what was assessed, credited, paid, and is open."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socialins.calendar import SHANGHAI
from socialins.cli.command import Command
from socialins.cli.commands.pay.common import (
    BOOK,
    JSON,
    OVERLAY,
    Kept,
    collection_to_plain,
    head_of,
)
from socialins.cli.context import lang_of
from socialins.cli.deciding import NOW
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, a_list, make_console, print_trimmed, say, table
from socialins.collection import Collection, OrderState, PayMethod, PlanState, totals
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "查看本月缴到哪一步、下一步做什么。", "What of the month is paid, and what comes next."
)
_COLUMNS = (
    Column(Text("核定", "Assessed"), number=True),
    Column(Text("待转金冲抵", "Credit"), number=True),
    Column(Text("滞纳金", "Late fees"), number=True),
    Column(Text("已缴", "Paid"), number=True),
    Column(Text("多缴", "Overpaid"), number=True),
    Column(Text("待缴", "Open"), number=True),
)
_CREDIT = Text("待转金余额 {credit}", "Credit balance {credit}")
_AGREEMENT = {
    True: Text("已签订三方协议", "A tripartite agreement is signed"),
    False: Text("未签订三方协议", "No tripartite agreement is signed"),
}
_NEXT = {
    PlanState.PLANNED: Text("{id}：待传递，{from} 起可申报", "{id}: to be declared from {from}"),
    PlanState.HANDED_OVER: Text("{id}：可以申报", "{id}: can be declared"),
    PlanState.VOIDED: Text("{id}：可以重新申报", "{id}: can be declared again"),
    PlanState.DECLARED: Text("{id}：获取反馈", "{id}: fetch the feedback"),
    PlanState.AWAITING_PAYMENT: Text("{id}：可以缴款", "{id}: can be paid"),
    PlanState.LOCKED: Text("{id}：请税务局处理", "{id}: have the tax bureau clear it"),
}
_PRINT = Text("{id}：打印凭证", "{id}: print the voucher")
_BANK = Text(
    "{id}：凭证 {voucher} 到银行缴款，限 {deadline}",
    "{id}: pay voucher {voucher} at the bank by {deadline}",
)
_EXPIRED = Text(
    "{id}：凭证 {voucher} 已过限缴日期 {deadline}，从缴款模块重新打印",
    "{id}: voucher {voucher} ended on {deadline}; print it again from the payment module",
)
_DEDUCT = Text("{id}：可以扣款", "{id}: can be deducted")
_WAIT = Text("{id}：等扣款结果", "{id}: wait for the deduction")


def _run(*, book: Path, at: datetime | None, overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    found = kept.collection
    steps = _next(found, at or datetime.now(SHANGHAI), lang)
    if as_json:
        print_json({**collection_to_plain(found), "next": steps})
        return
    console = make_console()
    say(console, head_of(found, kept.region, lang), "bold")
    sums = totals(found)
    row = (sums.assessed, sums.credited, sums.late_fees, sums.paid, sums.overpaid, sums.open)
    cells = [f"{amount:,}" for amount in row]
    print_trimmed(console, table(_COLUMNS, [cells], lang))
    if found.credit:
        say(console, _CREDIT.get(lang).format(credit=f"{found.credit:,}"))
    if found.agreement is not None:
        say(console, _AGREEMENT[found.agreement].get(lang))
    a_list(console, steps)


def _next(found: Collection, now: datetime, lang: str) -> list[str]:
    """What comes next, of each plan and order."""
    steps = []
    for plan in found.live:
        if plan.state in _NEXT:
            text = _NEXT[plan.state]
            if plan.payable_from is None or now >= plan.payable_from:
                text = _NEXT[PlanState.HANDED_OVER] if plan.state is PlanState.PLANNED else text
            opens = plan.payable_from.astimezone(SHANGHAI) if plan.payable_from else None
            named = {"id": plan.id, "from": f"{opens:%Y-%m-%d %H:%M}" if opens else "?"}
            steps.append(text.get(lang).format(**named))
    for order in found.orders.values():
        if order.state is OrderState.DEDUCTING:
            steps.append(_WAIT.get(lang).format(id=order.id))
        elif order.state is OrderState.MADE:
            voucher = found.vouchers.get(order.voucher)
            text = _DEDUCT if order.method is PayMethod.AGREEMENT else _PRINT
            if voucher is not None:
                expired = voucher.is_expired(now.astimezone(SHANGHAI).date())
                text = _EXPIRED if expired else _BANK
            deadline = voucher.deadline if voucher else None
            named = {"id": order.id, "voucher": order.voucher, "deadline": str(deadline or "?")}
            steps.append(text.get(lang).format(**named))
    return steps


command = Command(
    "status",
    text=_TEXT,
    params=[
        BOOK,
        NOW,
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
