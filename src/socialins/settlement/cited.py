"""A citation in words and as plain data: the figure, its months, its documents, how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialins.faults import Text
from socialins.rules import Citation, Source, Status

__all__ = ["citation_to_plain", "document_lines", "figure_line", "kind_title", "mark_words"]

_KINDS = {
    "bounds": Text("基数上下限", "Floor and cap"),
    "rate": Text("费率", "Rate"),
    "fixed": Text("定额", "Fixed sum"),
    "base-rounding": Text("基数进位", "Rounding of the base"),
    "amount-rounding": Text("金额进位", "Rounding of the amount"),
    "unit-base": Text("单位基数", "Basis of the unit's share"),
    "injury-classes": Text("行业费率", "Rates of the risk classes"),
    "injury-bands": Text("浮动档次", "Floating bands"),
    "injury-multiplier": Text("费率调整系数", "Multiplier of the class rates"),
    "coverage": Text("参保范围", "Coverage"),
    "relief": Text("减免", "Relief"),
    "deferral": Text("缓缴", "Deferral"),
    "back-payment": Text("补缴规定", "Back payment"),
    "undeclared": Text("未申报核定", "Undeclared month"),
    "late-fee-rate": Text("滞纳金费率", "Late fee"),
    "late-fee-days": Text("滞纳金起止日", "Days of the late fee"),
    "late-fee-rounding": Text("滞纳金计算与进位", "Carrier and rounding of the late fee"),
    "credit-offset": Text("冲抵顺序", "Order of offsetting"),
}


def kind_title(kind: str) -> Text:
    """What a kind of figure is called."""
    return _KINDS.get(kind, Text(kind, kind))


def figure_line(citation: Citation, lang: str) -> str:
    """The figure in a line: what it is, its value, where and for which months it holds."""
    english = lang == "en"
    about = [f"{citation.level.get(lang)}", str(citation.span)]
    if citation.own:
        about.insert(0, "the unit's own figure" if english else "单位自有数值")
    if citation.who:
        about.append(citation.who.get(lang))
    if citation.status is not Status.CONFIRMED:
        about.append(citation.status.title(lang))
    if citation.announced is None and citation.kind in ("bounds", "rate"):
        about.append("announcement day not known" if english else "公布日期未知")
    elif citation.announced is not None:
        day = citation.announced.isoformat()
        about.append(f"announced {day}" if english else f"{day} 公布")
    details = (", " if english else "，").join(about)
    kind, value = kind_title(citation.kind).get(lang), citation.value.get(lang)
    return f"{kind}: {value} ({details})" if english else f"{kind}：{value}（{details}）"


def mark_words(citation: Citation, lang: str) -> str:
    """How well value and months are confirmed."""
    mark = f"{citation.mark.value} {citation.mark.title(lang)}"
    if citation.dates_mark is not citation.mark:
        dates = f"{citation.dates_mark.value} {citation.dates_mark.title(lang)}"
        mark += f"; months {dates}" if lang == "en" else f"；起止月份 {dates}"
    return mark


def document_lines(citation: Citation, lang: str) -> Iterator[str]:
    """The documents a figure rests on, a line each; then how it was computed, and its note."""
    english = lang == "en"
    mark, stop = mark_words(citation, lang), "." if english else "。"
    for source in citation.sources:
        yield f"[{mark}] {source.describe(lang)}{stop} {source.seen}"
    if citation.derived:
        yield f"Derived: {citation.derived}" if english else f"推算：{citation.derived}"
    if citation.note:
        yield citation.note.get(lang)


def citation_to_plain(citation: Citation, lang: str) -> dict[str, Any]:
    """A figure as plain data.

    Arguments:
        citation: the figure.
        lang: language of what is words.
    """
    span = citation.span
    return {
        "kind": citation.kind,
        "title": kind_title(citation.kind).get(lang),
        "value": citation.value.get(lang),
        "level": citation.level.get(lang),
        "own": citation.own,
        "who": citation.who.get(lang) if citation.who else None,
        "from": str(span.first),
        "to": str(span.last) if span.last else None,
        "status": citation.status.value,
        "mark": citation.mark.value,
        "dates_mark": citation.dates_mark.value,
        "announced": citation.announced.isoformat() if citation.announced else None,
        "derived": citation.derived or None,
        "note": citation.note.get(lang) if citation.note else None,
        "sources": [_source(source, lang) for source in citation.sources],
    }


def _source(source: Source, lang: str) -> dict[str, Any]:
    return {
        "title": source.title,
        "number": source.number or None,
        "issuer": source.issuer or None,
        "issued": source.issued.isoformat() if source.issued else None,
        "seen": source.seen,
        "note": source.note.get(lang) if source.note else None,
    }
