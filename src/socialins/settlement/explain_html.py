"""Explanations as HTML for a notebook: escaped, in one piece, and nothing is fetched for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from socialins.faults import Text
from socialins.model.codes import Payer
from socialins.settlement.cited import document_lines, figure_line
from socialins.settlement.contribution import Contribution
from socialins.settlement.derivation import explain_steps
from socialins.settlement.explain import unsettled_title
from socialins.settlement.settlement import Settlement
from socialins.values import Money

__all__ = ["contribution_to_html", "settlement_to_html"]

SHOWN = 50
"""Persons, reasons and faults that a settlement shows; what is more is counted."""

_RESTS = Text("依据", "Rests on")
_INSURANCE = Text("险种", "Insurance")
_UNIT = Text("单位应缴", "Unit owes")
_PERSON = Text("个人应缴", "Person owes")
_TOTAL = Text("合计", "Total")
_NAME = Text("姓名", "Name")
_ROW = Text("行", "Row")
_WHOLE = Text("整户", "the account as a whole")
_PERSONS = Text("{count} 人", "{count} persons")
_UNSETTLED = Text("未能结算", "Not settled")
_FAULTS = Text("发现的问题", "What is wrong")
_MORE = Text("另有 {count} 条", "{count} more")
_RIGHT = ' style="text-align:right"'
_LEFT = ' style="text-align:left"'


def contribution_to_html(one: Contribution, lang: str = "zh") -> str:
    """A contribution with its derivation: a table of steps, then what it rests on."""
    made = explain_steps(one)
    rows = [[step.label.get(lang), step.line.get(lang)] for step in made.steps]
    cited = [
        f"<li>{escape(figure_line(citation, lang))}"
        + _list([escape(line) for line in document_lines(citation, lang)])
        + "</li>"
        for citation in made.citations
    ]
    if made.given is not None:
        cited.append(f"<li>{escape(made.given.get(lang))}</li>")
    whom = f"{escape(one.person.name)} · " if one.person else ""
    return _whole(
        lang,
        f"<p>{whom}<strong>{escape(made.title.get(lang))}"
        f" {escape(made.amount.format())}</strong></p>",
        _table([], rows, numbers=0),
        _details(_RESTS.get(lang), f"<ul>{''.join(cited)}</ul>"),
    )


def settlement_to_html(bill: Settlement, lang: str = "zh") -> str:
    """A settlement: totals by insurance, each person's totals, what is missing or wrong."""
    month = str(bill.month) if lang == "en" else f"{bill.month:zh}"
    persons = _PERSONS.get(lang).format(count=bill.persons)
    head = f"{bill.region.name.get(lang)} {bill.division} · {month} · {persons}"
    heads = [_UNIT.get(lang), _PERSON.get(lang), _TOTAL.get(lang)]
    whom = [_ROW.get(lang), _NAME.get(lang), *heads]
    people = _by_person(bill, lang)
    shown = _table(whom, people[:SHOWN], numbers=3) + _more(people, lang)
    parts = [
        f"<p><strong>{escape(head)}</strong></p>",
        _table([_INSURANCE.get(lang), *heads], _by_insurance(bill, lang), numbers=3),
        _details(persons, shown),
    ]
    colon = ": " if lang == "en" else "："
    unsettled = [f"{unsettled_title(one, lang)}{one.reason(lang)}" for one in bill.unsettled]
    faults = [
        colon.join(part for part in (fault.place.describe(lang), fault.message(lang)) if part)
        for fault in bill.faults
    ]
    for title, told in ((_UNSETTLED, unsettled), (_FAULTS, faults)):
        if told:
            once = list(dict.fromkeys(told))
            listed = _list([escape(text) for text in once[:SHOWN]]) + _more(once, lang)
            parts.append(_details(f"{title.get(lang)} ({len(told)})", listed))
    return _whole(lang, *parts)


def _by_insurance(bill: Settlement, lang: str) -> list[list[str]]:
    titles = {one.insurance: one.line.title for one in bill.contributions}
    rows = [
        [title.get(lang), *_sums([one for one in bill.contributions if one.insurance == id_])]
        for id_, title in titles.items()
    ]
    return [*rows, [_TOTAL.get(lang), *_sums(bill.contributions)]]


def _by_person(bill: Settlement, lang: str) -> list[list[str]]:
    groups: dict[int, list[Contribution]] = {}
    for one in bill.contributions:
        groups.setdefault(id(one.person), []).append(one)
    return [
        [
            str(group[0].row or ""),
            group[0].person.name if group[0].person else _WHOLE.get(lang),
            *_sums(group),
        ]
        for group in groups.values()
    ]


def _sums(group: Sequence[Contribution]) -> list[str]:
    unit = Money.sum(one.amount for one in group if one.payer is Payer.UNIT)
    person = Money.sum(one.amount for one in group if one.payer is Payer.PERSON)
    return [f"{amount:,}" for amount in (unit, person, unit + person)]


def _whole(lang: str, *parts: str) -> str:
    language = "en" if lang == "en" else "zh-CN"
    return f'<div class="socialins" lang="{language}">{"".join(parts)}</div>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table of texts; its last `numbers` columns are amounts."""

    def line(tag: str, cells: Sequence[str]) -> str:
        texts = len(cells) - numbers
        made = (
            f"<{tag}{_LEFT if index < texts else _RIGHT}>{escape(cell)}</{tag}>"
            for index, cell in enumerate(cells)
        )
        return f"<tr>{''.join(made)}</tr>"

    head = f"<thead>{line('th', heads)}</thead>" if heads else ""
    return f"<table>{head}<tbody>{''.join(line('td', row) for row in rows)}</tbody></table>"


def _details(summary: str, inner: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"


def _list(items: Sequence[str]) -> str:
    """A list of pieces that are HTML already."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _more(found: Sequence[object], lang: str) -> str:
    """How many are not shown."""
    left = len(found) - SHOWN
    return f"<p>{escape(_MORE.get(lang).format(count=left))}</p>" if left > 0 else ""
