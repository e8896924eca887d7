"""What the commands of paying have in common: the journal, the moment, how an outcome is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console

from socialins.cli.command import Argument, Command, Option
from socialins.cli.deciding import JSON, OVERLAY, WHEN, about, sending, tell
from socialins.cli.parameters import FILE
from socialins.cli.screen import Column, print_trimmed, say, shown, table
from socialins.collection import (
    Collection,
    CollectionPlan,
    CollectionRules,
    Decision,
    PaymentOrder,
    commands as co,
    decide,
    event_to_plain,
    events as ev,
    fold,
    totals,
)
from socialins.deciding import Event
from socialins.facade import Region, region
from socialins.faults import Fault, FaultError, Place, Text
from socialins.model.wire import to_plain
from socialins.store.collection_journal import CollectionFile

__all__ = [
    "BOOK",
    "JSON",
    "ORDER",
    "OVERLAY",
    "PLAN",
    "WHEN",
    "Kept",
    "about",
    "collection_to_plain",
    "head_of",
    "orders_table",
    "plans_table",
    "simple",
]

BOOK = Option(
    ["--book"],
    required=True,
    type=FILE,
    text=Text("征缴台账文件。", "The collection's journal file."),
)
PLAN = Argument(["plan"], text=Text("计划编号。", "The plan's id."))
ORDER = Argument(["order"], text=Text("缴款编号。", "The order's id."))

_PLANS = (
    Column(Text("计划", "Plan"), whole=True),
    Column(Text("方式", "Mode")),
    Column(Text("状态", "State")),
    Column(Text("核定", "Assessed"), number=True),
    Column(Text("待转金", "Credit"), number=True),
    Column(Text("滞纳金", "Late fee"), number=True),
    Column(Text("待缴", "Open"), number=True),
    Column(Text("缴费期限", "Due"), whole=True),
)
_ORDERS = (
    Column(Text("缴款", "Order"), whole=True),
    Column(Text("计划", "Plan"), whole=True),
    Column(Text("缴款方式", "By")),
    Column(Text("状态", "State")),
    Column(Text("金额", "Amount"), number=True),
    Column(Text("凭证", "Voucher"), whole=True),
    Column(Text("限缴日期", "Deadline"), whole=True),
    Column(Text("缴款日期", "Paid on"), whole=True),
    Column(Text("到账日期", "Credited on"), whole=True),
)
_HEAD = Text("{region} {account}，{month}", "{region} {account}, {month}")


@attrs.frozen
class Kept:
    """A collection that is kept in a file.

    Arguments:
        journal: the file.
        collection: the state.
        region: its region.
        rules: the region's rules.
        history: what happened.
    """

    journal: CollectionFile
    collection: Collection
    region: Region
    rules: CollectionRules
    history: tuple[ev.Event, ...] = ()

    @classmethod
    def read(cls, path: Path, overlay: Path | None) -> Kept:
        """Read a collection.

        Raises:
            FaultError: if the file can't be read, or has no collection.
        """
        journal = CollectionFile(path)
        history = journal.read()
        collection = fold(history)
        if not collection.is_opened:
            raise FaultError(Fault("collection.not-opened", {}, Place(file=str(path))))
        where = region(collection.division)
        return cls(journal, collection, where, where.collection(overlay), history)

    def do(self, command: co.Command, as_json: bool) -> None:
        """Carry out a command, keep what happens, and tell it; a refusal ends with status 1."""
        found = decide(self.collection, command, self.rules)
        self.journal.append(found.events, self.collection.version)
        self.tell(found, command, as_json)

    def do_all(self, commands: Iterable[co.Command], as_json: bool) -> None:
        """Carry out commands one after the other, all of them or none, and tell them as one."""
        collection, events, warnings = self.collection, list[ev.Event](), list[Fault]()
        last: co.Command | None = None
        for last in commands:
            found = decide(collection, last, self.rules)
            if found.refused:
                self.tell(found, last, as_json)
                return
            events += found.events
            warnings += found.faults
            collection = fold(found.events, collection)
        self.journal.append(events, self.collection.version)
        if last is not None:
            self.tell(Decision(tuple(events), tuple(warnings)), last, as_json)

    def tell(self, found: Decision, command: co.Command, as_json: bool) -> None:
        """Tell what came of a command."""
        collection = fold(found.events, self.collection)

        def show(console: Console, events: tuple[Event, ...], lang: str) -> None:
            _show_touched(console, events, collection, self.region, lang)

        plain = ("collection", collection_to_plain(collection)) if as_json else None
        tell(found, command, collection.keys, plain=event_to_plain, state=plain, show=show)


def simple(
    name: str, text: Text, make: Callable[..., co.Command], *params: click.Parameter
) -> Command:
    """A command of paying that does nothing but send one to `decide`.

    Arguments:
        name: its name.
        text: what it does.
        make: makes the command of its own parameters and what every command carries.
        params: its own parameters.
    """
    return sending(name, text, make, (*params, BOOK), Kept.read)


def head_of(collection: Collection, where: Region, lang: str) -> str:
    """A collection in a line: region, account, month."""
    return _HEAD.get(lang).format(
        region=where.name.get(lang), account=shown(collection.account), month=collection.month
    )


def plans_table(console: Console, plans: Sequence[CollectionPlan], lang: str) -> None:
    """Print plans, a line each."""
    rows = [
        [
            one.id,
            one.mode.title(lang),
            one.state.title(lang),
            f"{one.assessed:,}",
            f"{one.credited:,}" if one.credited else "",
            f"{one.late_fee:,}" if one.late_fee else "",
            f"{one.open:,}",
            one.due_on or "",
        ]
        for one in plans
    ]
    print_trimmed(console, table(_PLANS, rows, lang))


def orders_table(
    console: Console, orders: Sequence[PaymentOrder], collection: Collection, lang: str
) -> None:
    """Print orders, a line each."""
    rows = []
    for one in orders:
        voucher = collection.vouchers.get(one.voucher)
        rows.append(
            [
                one.id,
                one.plan,
                one.method.title(lang),
                one.state.title(lang),
                f"{one.amount:,}",
                one.voucher,
                voucher.deadline or "" if voucher else "",
                one.paid_on or "",
                one.credited_on or "",
            ]
        )
    print_trimmed(console, table(_ORDERS, rows, lang))


def collection_to_plain(collection: Collection) -> dict[str, Any]:
    """A collection for JSON."""
    sums = totals(collection)
    return {
        "account": collection.account,
        "division": collection.division,
        "month": str(collection.month) if collection.month else None,
        "agreement": collection.agreement,
        "credit": str(collection.credit),
        "plans": [_plan_to_plain(one) for one in collection.plans.values()],
        "orders": [
            {**to_plain(one), "amount": str(one.amount)} for one in collection.orders.values()
        ],
        "vouchers": [to_plain(one) for one in collection.vouchers.values()],
        "totals": {**to_plain(sums), "due": str(sums.due), "settled": sums.is_settled},
        "version": collection.version,
    }


def _plan_to_plain(one: CollectionPlan) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(one)
    plain["payable_from"] = one.payable_from.isoformat() if one.payable_from else None
    sums = {"assessed": one.assessed, "credited": one.credited, "due": one.due, "open": one.open}
    return {**plain, **{name: str(amount) for name, amount in sums.items()}}


def _show_touched(
    console: Console, events: Iterable[Event], collection: Collection, where: Region, lang: str
) -> None:
    """Print the plans and orders that something happened to; else the head."""
    orders = dict.fromkeys(id_ for one in events if (id_ := _order_of(one, collection)))
    plans = dict.fromkeys(id_ for one in events if (id_ := getattr(one, "plan", "")))
    plans.update({collection.orders[id_].plan: None for id_ in orders})
    if not plans:
        say(console, head_of(collection, where, lang))
    else:
        plans_table(console, [collection.plans[id_] for id_ in plans], lang)
    if orders:
        orders_table(console, [collection.orders[id_] for id_ in orders], collection, lang)


def _order_of(event: Event, collection: Collection) -> str:
    if isinstance(event, ev.VoucherCopied):
        return collection.vouchers[event.voucher].order
    return str(getattr(event, "order", ""))
