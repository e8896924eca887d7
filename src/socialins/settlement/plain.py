"""A settlement as plain data: the object that `settle --json` prints.

One entry per person, insurance and payer, its items inside. Money is text with two decimals, a rate
decimal text, so that nothing on the way turns them into binary floats.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from socialins.faults import Fault
from socialins.settlement.contribution import Contribution
from socialins.settlement.settlement import Settlement, Unsettled
from socialins.values import Money, Rate

__all__ = ["fault_to_plain", "settlement_to_plain"]


def settlement_to_plain(bill: Settlement, lang: str = "zh") -> dict[str, Any]:
    """The settlement as dicts, lists and text.

    Arguments:
        bill: the settlement.
        lang: language of reasons, messages and remedies.
    """
    groups = groupby(
        bill.contributions, key=lambda one: (id(one.person), one.insurance, one.payer, one.kind)
    )
    return {
        "region": bill.region.slug,
        "month": str(bill.month),
        "contributions": [_entry(list(group)) for _, group in groups],
        "total": str(bill.total),
        "unit_total": str(bill.unit_total),
        "person_total": str(bill.person_total),
        "unsettled": [_unsettled(one, lang) for one in bill.unsettled],
        "faults": [fault_to_plain(fault, lang) for fault in bill.faults],
    }


def fault_to_plain(fault: Fault, lang: str = "zh") -> dict[str, Any]:
    """A fault as plain data."""
    place = fault.place
    return {
        "code": fault.code,
        "severity": fault.severity.value,
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "field": place.field,
        "value": place.value,
        "message": fault.message(lang),
        "remedy": fault.remedy(lang),
    }


def _entry(items: list[Contribution]) -> dict[str, Any]:
    first = items[0]
    total = {
        "row": first.row,
        "id_number": first.person.document.number if first.person else None,
        "insurance": first.insurance,
        "payer": first.payer.value,
        "period": str(first.period),
        "kind": first.kind.value,
        "base": str(first.base),
        "rate": sum((one.rate for one in items), Rate(0)).decimal(),
        "fixed": str(Money.sum(one.fixed for one in items)),
        "amount": str(Money.sum(one.amount for one in items)),
    }
    return {**total, "items": [_item(one) for one in items]}


def _item(one: Contribution) -> dict[str, Any]:
    return {
        "item": one.item,
        "base": str(one.base),
        "rate": one.rate.decimal(),
        "fixed": str(one.fixed),
        "amount": str(one.amount),
        "provisional": one.provisional,
    }


def _unsettled(one: Unsettled, lang: str) -> dict[str, Any]:
    return {
        "row": one.row,
        "id_number": one.person.document.number if one.person else None,
        "insurance": one.insurance,
        "item": one.item,
        "payer": one.payer.value,
        "month": str(one.month),
        "reason": one.reason(lang),
    }
