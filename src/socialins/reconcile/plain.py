"""A reconciliation as plain data: the object that `reconcile --json` prints, and rows of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socialins.reconcile.finding import Finding, Side
from socialins.settlement.plain import fault_to_plain

if TYPE_CHECKING:
    from socialins.reconcile.result import Compare, Reconciliation

__all__ = ["finding_rows", "reconciliation_to_plain"]

_FIELDS = ("wage", "base", "rate", "amount")


def reconciliation_to_plain(result: Reconciliation, lang: str) -> dict[str, Any]:
    """A reconciliation as dicts, lists and text: money with two decimals, rates as decimal text.

    Arguments:
        result: the reconciliation.
        lang: language of words.
    """
    return {
        "region": result.region.slug,
        "month": str(result.month),
        "files": [str(path) for path in result.files],
        "clean": result.clean,
        "equal": result.equal,
        **_compare(result.total),
        "aside": _compare(result.aside),
        "totals": [
            {"insurance": insurance, "payer": payer.value, **_compare(both)}
            for (insurance, payer), both in result.totals.items()
        ],
        "missing": [_finding(one, lang) for one in result.missing],
        "extra": [_finding(one, lang) for one in result.extra],
        "differing": [_finding(one, lang) for one in result.differing],
        "faults": [fault_to_plain(fault, lang) for fault in result.faults],
    }


def finding_rows(result: Reconciliation, lang: str) -> list[dict[str, str | None]]:
    """The findings as flat rows of text.

    Arguments:
        result: the reconciliation.
        lang: language of words.
    """
    rows = []
    for one in result.findings:
        row: dict[str, str | None] = {
            "finding": one.kind.value,
            "name": one.who.name,
            "id_number": one.who.number,
            "insurance": one.insurance,
            "item": one.item,
            "payer": one.payer.value,
            "fields": " ".join(one.fields),
        }
        for field in _FIELDS:
            row[f"{field}_ours"] = _value(one.ours, field)
            row[f"{field}_theirs"] = _value(one.theirs, field)
        row["difference"] = str(one.difference)
        row["cause"] = one.cause.value
        row["why"] = one.why.get(lang)
        rows.append(row)
    return rows


def _compare(both: Compare) -> dict[str, str]:
    return {
        "ours": str(both.ours),
        "theirs": str(both.theirs),
        "difference": str(both.difference),
    }


def _finding(one: Finding, lang: str) -> dict[str, Any]:
    place = one.place
    return {
        "name": one.who.name,
        "id_number": one.who.number,
        "person_number": one.who.staff or None,
        "insurance": one.insurance,
        "item": one.item,
        "payer": one.payer.value,
        "fields": list(one.fields),
        "ours": _side(one.ours),
        "theirs": _side(one.theirs),
        "difference": str(one.difference),
        "cause": one.cause.value,
        "likely": [
            {"cause": each.cause.value, "title": each.cause.title(lang), "why": each.why.get(lang)}
            for each in one.likely
        ],
        "file": place.file if place else None,
        "sheet": place.sheet if place else None,
        "row": place.row if place else None,
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    shown: dict[str, Any] = {field: _value(side, field) for field in _FIELDS}
    shown["relief"] = str(side.relief)
    shown["credit"] = str(side.credit)
    shown["rows"] = list(side.rows)
    return shown


def _value(side: Side | None, field: str) -> str | None:
    value = getattr(side, field) if side is not None else None
    if value is None:
        return None
    return str(value.decimal() if field == "rate" else value)
