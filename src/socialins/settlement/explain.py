"""Explanations as text: how an amount came about, in words, with the documents.

Written so that an employee who doubts a payslip can follow it: wage, bound, base, rate, rounding,
amount; then every figure with its months, its document and how well it is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator

from socialins.faults import Text
from socialins.model.codes import Payer
from socialins.settlement.cited import document_lines, figure_line
from socialins.settlement.contribution import Contribution
from socialins.settlement.derivation import Explanation, explain_steps
from socialins.settlement.settlement import Unsettled
from socialins.settlement.slip import Slip

__all__ = ["explain_contribution", "explain_slip", "slip_heading", "unsettled_title"]

_RESTS = Text("依据：", "Rests on:")
_UNSETTLED = Text("未能结算：", "Not settled:")
_KNOWN_ON = Text("按 {day} 已公布的规定", "by what was announced on {day}")
_TOTALS = Text(
    "单位应缴 {unit}，个人应缴 {person}，合计 {total}",
    "Unit owes {unit}, person owes {person}, {total} in all",
)


def explain_contribution(one: Contribution, lang: str = "zh") -> str:
    """The derivation of a contribution, one step a line, then what it rests on."""
    made = explain_steps(one)
    lines = [_headline(made, lang)]
    lines += [f"  {step.line.get(lang)}" for step in made.steps]
    lines.append(_RESTS.get(lang))
    for citation in made.citations:
        lines.append(f"  {figure_line(citation, lang)}")
        lines += [f"    {line}" for line in document_lines(citation, lang)]
    if made.given is not None:
        lines.append(f"  {made.given.get(lang)}")
    return "\n".join(lines)


def explain_slip(slip: Slip, lang: str = "zh") -> str:
    """All amounts of a person: totals, each derivation with numbers, the figures by number."""
    parts = [slip_heading(slip, lang)]
    parts += [list(_amount(slip, made, lang)) for made in slip.explanations]
    if slip.unsettled:
        reasons = (f"  {unsettled_title(one, lang)}{one.reason(lang)}" for one in slip.unsettled)
        parts.append([_UNSETTLED.get(lang), *reasons])
    rests = [_RESTS.get(lang)]
    for citation, number in slip.numbers.items():
        head = f"  [{number}] "
        rests.append(f"{head}{figure_line(citation, lang)}")
        rests += [f"{'':{len(head)}}{line}" for line in document_lines(citation, lang)]
    return "\n\n".join("\n".join(lines) for lines in [*parts, rests])


def slip_heading(slip: Slip, lang: str) -> list[str]:
    """Where, when and for whom a slip is; and its totals."""
    bill, person = slip.bill, slip.person
    comma = ", " if lang == "en" else "，"
    month = str(bill.month) if lang == "en" else f"{bill.month:zh}"
    where = [f"{bill.region.name.get(lang)} {bill.division}", month]
    if bill.known_on is not None:
        where.append(_KNOWN_ON.get(lang).format(day=bill.known_on))
    totals = _TOTALS.get(lang).format(
        unit=slip.total(Payer.UNIT).format(),
        person=slip.total(Payer.PERSON).format(),
        total=slip.total().format(),
    )
    return [comma.join(where), f"{person.name}{comma}{person.document.masked()}", totals]


def unsettled_title(one: Unsettled, lang: str) -> str:
    """What could not be settled: insurance and payer, up to the colon."""
    title = one.fault.words(lang).get("insurance", one.insurance)
    return f"{title} · {one.payer.title(lang)}{': ' if lang == 'en' else '：'}"


def _headline(made: Explanation, lang: str) -> str:
    return f"{made.title.get(lang)}{': ' if lang == 'en' else '：'}{made.amount.format()}"


def _amount(slip: Slip, made: Explanation, lang: str) -> Iterator[str]:
    yield _headline(made, lang)
    for step in made.steps:
        yield f"  {step.line.get(lang)}"
    numbers = " ".join(f"[{slip.numbers[citation]}]" for citation in made.citations)
    yield f"  {_RESTS.get(lang)}{' ' if lang == 'en' else ''}{numbers}"
    if made.given is not None:
        yield f"  {made.given.get(lang)}"
