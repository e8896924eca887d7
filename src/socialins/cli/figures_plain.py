"""The figures of a month as plain data, each with its sources: what `rules --json` prints."""

from __future__ import annotations

from typing import Any

from socialins.cli.figures import MonthFigures, RuleRow
from socialins.faults import Fault, Text
from socialins.rules import Citation, Source
from socialins.rules.monthrules import RuleEntry
from socialins.values import Money, Month

__all__ = ["figures_to_plain"]


def figures_to_plain(figures: MonthFigures, lang: str = "zh") -> dict[str, Any]:
    """The figures as dicts, lists and text.

    Arguments:
        figures: the figures of a month.
        lang: language of what is told in sentences; titles and values are in both.

    Returns:
        ``rules`` has what is collected, as the table shows it; ``entries`` every single figure of
        all classes, windows left out, with its months, marks and sources; ``unknown`` what strict
        settling would stop at; ``caveats`` what the rule files don't express.
    """
    region, month, known_on = figures.region, figures.month, figures.known_on
    return {
        "region": region.slug,
        "division": region.code,
        "month": str(month),
        "known_on": known_on.isoformat() if known_on else None,
        "rules": [_row(row, month) for row in figures.rows],
        "entries": [_entry(one) for one in region.rules(month, known_on) if one.kind != "window"],
        "unknown": [_unknown(fault, lang) for fault in figures.unknown()],
        "caveats": [
            {"insurances": list(one.insurances), "text": one.text.get(lang)}
            for one in figures.caveats()
        ],
    }


def _row(row: RuleRow, month: Month) -> dict[str, Any]:
    rate, fixed, bounds = row.rate, row.fixed, row.bounds
    basis = row.figure("unit-base")
    return {
        "insurance": row.insurance,
        "item": row.item,
        "payer": row.payer.value,
        "title": _both(row.title),
        "who": _both(Text(row.who("zh"), row.who("en"))) if row.who("en") else None,
        "collected": row.collected,
        "floor": _bound(bounds.floor) if bounds else None,
        "cap": _bound(bounds.cap) if bounds else None,
        "rate": rate.rate.decimal() if rate is not None and rate.rate is not None else None,
        "operand": rate.operand.value if rate is not None and rate.operand is not None else None,
        "fixed": str(fixed.due_in(month)) if fixed else None,
        "base_rounding": _rounding(row, "base-rounding"),
        "amount_rounding": _rounding(row, "amount-rounding"),
        "unit_base": basis.basis.value if basis else None,
        "unknown": [fault.words("en")["what_id"] for fault in row.unknown],
    }


def _bound(amount: Money | str) -> str:
    return str(amount)


def _rounding(row: RuleRow, kind: str) -> str | None:
    figure = row.figure(kind)
    return figure.rounding.value if figure else None


def _entry(entry: RuleEntry) -> dict[str, Any]:
    plain = {
        "kind": entry.kind,
        "insurance": entry.insurance,
        "item": entry.item,
        "payer": entry.payer.value if entry.payer else None,
        "title": _both(entry.title),
        "who": _both(entry.who),
        "known": entry.citation is not None,
    }
    if entry.citation is None:
        return {**plain, "why": _both(entry.why), "last": _both(entry.last)}
    return {**plain, **_citation(entry.citation)}


def _citation(citation: Citation) -> dict[str, Any]:
    span = citation.span
    return {
        "value": _both(citation.value),
        "from": str(span.first),
        "to": str(span.last) if span.last else None,
        "status": citation.status.value,
        "mark": citation.mark.value,
        "dates_mark": citation.dates_mark.value,
        "announced": citation.announced.isoformat() if citation.announced else None,
        "derived": citation.derived or None,
        "level": _both(citation.level),
        "note": _both(citation.note),
        "sources": [_source(source) for source in citation.sources],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "number": source.number or None,
        "issuer": source.issuer or None,
        "issued": source.issued.isoformat() if source.issued else None,
        "seen": source.seen,
        "note": _both(source.note),
    }


def _unknown(fault: Fault, lang: str) -> dict[str, Any]:
    words = fault.words("en")
    return {
        "insurance": words["insurance_id"],
        "payer": words["payer_id"],
        "kind": words["what_id"],
        "message": fault.message(lang),
        "remedy": fault.remedy(lang),
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None
